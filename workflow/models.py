"""The working-day calendar and the shape of a decision."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, gettext_lazy as _


class Holiday(models.Model):
    """A day that differs from the week: a weekday without work, or a weekend day with work (调休)."""

    day = models.DateField(_("day"), unique=True)
    is_workday = models.BooleanField(_("work is done"))
    name = models.CharField(_("name"), max_length=40)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class DecisionIsFinal(Exception):
    """A decision is a row that is written once. A mistake is corrected by another decision."""


class DecisionQuerySet(models.QuerySet[Any]):
    def update(self, **kwargs: object) -> NoReturn:
        raise DecisionIsFinal

    def delete(self) -> NoReturn:
        raise DecisionIsFinal

    def bulk_update(self, *args: object, **kwargs: object) -> NoReturn:
        raise DecisionIsFinal


class Decision(models.Model):
    """Who decided what, for which office, when, on what facts. Append-only; the table's trigger refuses SQL too."""

    step = models.CharField(_("step"), max_length=30)
    outcome = models.CharField(_("outcome"), max_length=30)
    round = models.PositiveSmallIntegerField(_("round"))
    sequence = models.PositiveSmallIntegerField()
    target = models.CharField(max_length=30, blank=True)
    reason = models.TextField(_("opinion"), blank=True)
    facts = models.JSONField(default=dict)
    decided_at = models.DateTimeField(_("decided at"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    person_key = models.CharField(max_length=30)
    role = models.CharField(_("role"), max_length=24, blank=True)
    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = DecisionQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_against_needs_a_reason",
                condition=~Q(outcome__in=["return", "reject", "decline"]) | ~Q(reason=""),
                violation_error_message=_("Please give the reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.outcome} {self.decided_at:%Y-%m-%d}"

    @property
    def decider_name(self) -> str:
        """Who decided, and in whose place: the latter where the query asked `accounts.queries.principals_of`."""
        name: str = self.decided_by.name
        principal = getattr(self, "principal_name", None)
        return gettext("%(name)s (for %(principal)s)") % {"name": name, "principal": principal} if principal else name

    def save(self, *args: object, **kwargs: object) -> None:
        if self.pk is not None:
            raise DecisionIsFinal
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def delete(self, *args: object, **kwargs: object) -> NoReturn:
        raise DecisionIsFinal
