"""Bulletins on the standing of the townships (通报): proposed by the program, written and issued by people."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dashboards.models.editions import PERIOD_LENGTH
from organizations.models import Division
from organizations.scope import Scope


class BulletinQuerySet(models.QuerySet["Bulletin"]):
    def for_scope(self, scope: Scope) -> "BulletinQuerySet":
        return self.filter(scope.divisions("division__path"))


class Bulletin(models.Model):
    """One bulletin for a period. `standing` keeps the ranking and the lists as they were counted, `as_of` until when.

    Its text lies in its versions; it is issued once, under a number, and does not change afterwards.
    """

    period = models.CharField(_("report period"), max_length=PERIOD_LENGTH, db_collation="C")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="bulletins")
    request_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    measure = models.CharField(_("ranked by"), max_length=30)
    as_of = models.DateField(_("figures up to"))
    standing = models.JSONField()
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(_("document number"), max_length=40, blank=True)
    issued_on = models.DateField(_("issued by the county on"), null=True, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = BulletinQuerySet.as_manager()

    class Meta:
        verbose_name = _("bulletin")
        constraints = [
            models.UniqueConstraint(
                fields=["division", "number"], condition=~Q(number=""), name="bulletin_number_is_given_once",
                violation_error_message=_("Another bulletin already has this number."),
            ),
            models.CheckConstraint(
                name="issued_bulletin_has_number_and_day",
                condition=Q(number="", issued_on=None, issued_by=None)
                | (~Q(number="") & Q(issued_on__isnull=False, issued_by__isnull=False)),
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["division", "-made_at"], name="bulletins_newest_first")]

    def __str__(self) -> str:
        return self.number or f"{self.period} {self.pk}"


class BulletinVersion(models.Model):
    """What somebody wrote. Written once; the last version is the one that is printed."""

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=80)
    body = models.TextField(_("text"), max_length=6000)
    written_at = models.DateTimeField()
    # Nobody wrote the first one: the program proposed it.
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["bulletin", "number"]
        constraints = [models.UniqueConstraint(fields=["bulletin", "number"], name="bulletin_version_is_kept_once")]

    def __str__(self) -> str:
        return f"{self.bulletin_id} {self.number}"
