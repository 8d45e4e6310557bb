"""The papers of a case as they were handed in, who has seen them, and why one is missing."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from files.models import Attachment
from loans.choices import Side, StepCode
from loans.models.applications import Application
from loans.models.programmes import RequiredDocument
from organizations.models import Organization

NAME_LENGTH_MAX = 60
REASON_LENGTH_MAX = 200


class CasePaperQuerySet(models.QuerySet["CasePaper"]):
    def standing(self) -> "CasePaperQuerySet":
        """The papers that count: neither replaced by another nor withdrawn."""
        return self.filter(replaced_by=None, withdrawal=None)

    def in_order(self) -> "CasePaperQuerySet":
        """The papers the rules ask for in their order, then what else was handed in."""
        return self.order_by(models.F("document__position").asc(nulls_last=True), "position", "pk")


class CasePaper(models.Model):
    """One file of a case: a photo, a scan, a PDF. Only its place among the others can change (see the migration).

    Several files may stand for one paper of the rules (both sides of an identity card). `side` is on whose behalf it
    was added: to add a paper is an act of that side, so the same person cannot decide on another one.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="papers")
    document = models.ForeignKey(
        RequiredDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="papers"
    )
    name = models.CharField(_("paper"), max_length=NAME_LENGTH_MAX)
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="case_papers")
    position = models.PositiveSmallIntegerField(default=0)
    # One sending may bring several files: the same sending again brings none.
    request_id = models.UUIDField(default=uuid.uuid4, editable=False)
    part = models.PositiveSmallIntegerField(default=1)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    step = models.CharField(_("step"), max_length=30, choices=StepCode.choices)
    side = models.CharField(max_length=12, choices=Side.choices)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    objects = CasePaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper of a case")
        constraints = [
            models.UniqueConstraint(fields=["request_id", "part"], name="paper_is_sent_once"),
            models.CheckConstraint(name="paper_has_a_name", condition=~Q(name="")),
        ]
        indexes = [models.Index(fields=["application", "position"], name="papers_of_case")]

    def __str__(self) -> str:
        return f"{self.application} {self.name}"


class PaperWithdrawal(models.Model):
    """A paper that was taken back. The row of the paper and its file stay. Written once."""

    paper = models.OneToOneField(CasePaper, on_delete=models.PROTECT, related_name="withdrawal")
    reason = models.CharField(_("reason"), max_length=REASON_LENGTH_MAX, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.paper)


class CasePaperSeen(models.Model):
    """Somebody has looked at a paper and says so. Written once."""

    paper = models.ForeignKey(CasePaper, on_delete=models.PROTECT, related_name="seen")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["paper", "account"], name="paper_is_seen_once_by_an_account")]

    def __str__(self) -> str:
        return f"{self.paper} {self.account}"


class MissingPaper(models.Model):
    """Why a paper that the rules ask for is not there. Written once; the newest row counts."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="missing_papers")
    document = models.ForeignKey(RequiredDocument, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=REASON_LENGTH_MAX)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="missing_paper_has_a_reason", condition=~Q(reason=""))]
        indexes = [models.Index(fields=["application", "-written_at"], name="missing_papers_of_case")]

    def __str__(self) -> str:
        return f"{self.application} {self.document}"
