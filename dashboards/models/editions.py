"""Printed statistics as they were handed in. An edition is frozen; a correction is the next one, with its reason."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organizations.models import Division
from organizations.scope import Scope

REPORT_LENGTH, PERIOD_LENGTH = 30, 7


class ReportDraftQuerySet(models.QuerySet["ReportDraft"]):
    def for_scope(self, scope: Scope) -> "ReportDraftQuerySet":
        return self.filter(scope.divisions("division__path"))


class ReportDraft(models.Model):
    """A report that a county owes for a period that is over. `entered` holds the columns that nobody can count.

    The calendar writes it, the officer who is responsible fills it in. It is owed until an edition of it is there.
    """

    report = models.CharField(_("report"), max_length=REPORT_LENGTH, db_collation="C")
    period = models.CharField(_("report period"), max_length=PERIOD_LENGTH, db_collation="C")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="report_drafts")
    due_on = models.DateField(_("due by"))
    entered = models.JSONField(default=dict, blank=True)
    prepared_at = models.DateTimeField(_("prepared at"))

    objects = ReportDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("report owed")
        constraints = [
            models.UniqueConstraint(fields=["report", "period", "division"], name="report_is_owed_once_a_period")
        ]
        indexes = [models.Index(fields=["division", "-due_on"], name="reports_owed_by_day")]

    def __str__(self) -> str:
        return f"{self.report} {self.period}"


class ReportEditionQuerySet(models.QuerySet["ReportEdition"]):
    def for_scope(self, scope: Scope) -> "ReportEditionQuerySet":
        return self.filter(scope.divisions("division__path"))


class ReportEdition(models.Model):
    """One edition of one report of one period, written once. `sheet` is everything that its papers print."""

    report = models.CharField(_("report"), max_length=REPORT_LENGTH, db_collation="C")
    period = models.CharField(_("report period"), max_length=PERIOD_LENGTH, db_collation="C")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="report_editions")
    number = models.PositiveSmallIntegerField(_("edition"))
    request_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # The last day that is counted, and the last day of the period: the list is ordered by the latter.
    as_of = models.DateField(_("figures up to"))
    sheet = models.JSONField()
    sha256 = models.CharField(max_length=64, db_collation="C")
    reason = models.CharField(_("reason of the correction"), max_length=300, blank=True)
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, related_name="+")

    objects = ReportEditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition of a report")
        constraints = [
            models.UniqueConstraint(fields=["report", "period", "division", "number"], name="edition_is_made_once"),
            models.CheckConstraint(name="editions_begin_at_one", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="corrected_edition_has_a_reason",
                condition=Q(number=1) | ~Q(reason=""),
                violation_error_message=_("Please say why the report is corrected."),
            ),
        ]
        indexes = [models.Index(fields=["division", "-as_of", "report", "-number"], name="editions_newest_first")]

    def __str__(self) -> str:
        return f"{self.report} {self.period} {self.number}"
