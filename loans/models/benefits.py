"""What an honour brings its household at the next loan, and what of it a case took along when it was submitted."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Least
from django.utils.translation import gettext_lazy as _

from finance.money import ZERO
from loans.choices import BenefitKind
from organizations.models import Entity, Household


@dataclass(frozen=True)
class Concession:
    """So many percentage points off the programme's rate, but never below so many times the benchmark."""

    points: Decimal
    floor_multiplier: Decimal


class BenefitQuerySet(models.QuerySet["BorrowerBenefit"]):
    def in_force(self, on: date) -> "BenefitQuerySet":
        """The benefits of a day: the first and the last day count, the day of ending does not."""
        ended = Q(ended_on=None) | Q(ended_on__gt=on)
        return self.filter(ended, Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)

    def of_borrower(self, *, household_id: int | None, entity_id: int | None) -> "BenefitQuerySet":
        """A body's loan has the benefits of the body, any other one those of the household."""
        return self.filter(entity=entity_id) if entity_id else self.filter(household=household_id, entity=None)


class BorrowerBenefit(models.Model):
    """A benefit for one household or one body: dated, with its source. Only its ending is ever written afterwards.

    It acts on applications that are submitted while it is in force, and on nothing that was submitted before.
    """

    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, null=True, blank=True, related_name="benefits"
    )  # fmt: skip
    entity = models.ForeignKey(Entity, on_delete=models.PROTECT, null=True, blank=True, related_name="benefits")
    kind = models.CharField(_("benefit"), max_length=14, choices=BenefitKind.choices)
    # An uplift: yuan above the class's ceiling. A reduction: percentage points a year, and where it stops.
    amount = models.DecimalField(_("above the class (yuan)"), max_digits=14, decimal_places=2, null=True, blank=True)
    points = models.DecimalField(_("percentage points off"), max_digits=7, decimal_places=4, null=True, blank=True)
    floor_multiplier = models.DecimalField(
        _("never below (times the benchmark)"), max_digits=6, decimal_places=4, null=True, blank=True
    )
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=120)
    document_number = models.CharField(_("document number"), max_length=60)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    end_reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = BenefitQuerySet.as_manager()

    class Meta:
        verbose_name = _("benefit of a borrower")
        constraints = [
            models.CheckConstraint(
                name="benefit_has_one_owner",
                condition=Q(household__isnull=False, entity=None) | Q(household=None, entity__isnull=False),
            ),
            models.CheckConstraint(
                name="benefit_says_how_much",
                condition=Q(kind="priority", amount=None, points=None, floor_multiplier=None)
                | Q(kind="limit_uplift", amount__gt=0, points=None, floor_multiplier=None)
                | Q(kind="rate_reduction", amount=None, points__gt=0, floor_multiplier__gt=0),
            ),
            models.CheckConstraint(
                name="benefit_ends_after_it_begins", condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from"))
            ),
            models.CheckConstraint(
                name="ended_benefit_says_who_and_why",
                condition=Q(ended_on=None, ended_by=None, end_reason="")
                | (Q(ended_on__isnull=False, ended_by__isnull=False) & ~Q(end_reason="")),
            ),
            models.UniqueConstraint(
                fields=["household", "kind", "valid_from"],
                condition=Q(ended_on=None, entity=None),
                name="household_has_a_benefit_once",
            ),
            models.UniqueConstraint(
                fields=["entity", "kind", "valid_from"],
                condition=Q(ended_on=None, household=None),
                name="body_has_a_benefit_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.valid_from}"


class PinnedBenefits(models.Model):
    """The benefits a case took along: columns, so that no step needs a question for the many without any.

    `queue_date` orders the queues. A case with priority stands there as if it were due on the day it arrived: before
    whatever is not due yet, after what was due before that day. Its deadline stays what it is.
    """

    is_priority = models.BooleanField(_("handled first"), default=False)
    limit_uplift = models.DecimalField(_("above the class (yuan)"), max_digits=14, decimal_places=2, default=0)
    rate_points_off = models.DecimalField(_("percentage points off"), max_digits=7, decimal_places=4, default=0)
    rate_floor_multiplier = models.DecimalField(
        _("never below (times the benchmark)"), max_digits=6, decimal_places=4, null=True, blank=True
    )
    queue_date = models.GeneratedField(
        expression=Case(When(is_priority=True, then=Least("due_date", "state_since")), default=F("due_date")),
        output_field=models.DateField(null=True),
        db_persist=True,
    )

    class Meta:
        abstract = True

    @property
    def has_benefits(self) -> bool:
        return self.is_priority or self.limit_uplift > ZERO or self.rate_points_off > ZERO

    @property
    def concession(self) -> Concession | None:
        """What the case's contract has off the programme's rate."""
        if self.rate_points_off <= ZERO or self.rate_floor_multiplier is None:
            return None
        return Concession(self.rate_points_off, self.rate_floor_multiplier)


class UsedBenefit(models.Model):
    """A benefit that a case took along at its submission. Append-only: what ends later changes no case."""

    application = models.ForeignKey(
        "loans.Application", on_delete=models.PROTECT, related_name="used_benefits"
    )  # fmt: skip
    benefit = models.ForeignKey(BorrowerBenefit, on_delete=models.PROTECT, related_name="uses")
    used_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "benefit"], name="benefit_is_used_once_by_a_case")
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.benefit}"
