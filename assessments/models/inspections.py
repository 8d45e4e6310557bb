"""Random inspections (随机调研): a draw that anyone can repeat, and what was found at each loan drawn."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.choices_inspections import SheetKind
from files.models import Attachment
from loans.models import Loan
from organizations.models import Division, Organization
from organizations.scope import Scope


class QuestionSheet(models.Model):
    """The questions of one form as data: `[{"code", "text", "kind", "options"}]`. Written once; a change is a version.

    Kinds of question: `yes_no`, `choice` (one of `options`), `number`, `text`.
    """

    code = models.SlugField(max_length=30)
    version = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(_("form"), max_length=14, choices=SheetKind.choices)
    title = models.CharField(_("title"), max_length=80)
    questions = models.JSONField()

    class Meta:
        ordering = ["code", "version"]
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="sheet_version_is_used_once")]

    def __str__(self) -> str:
        return self.title


class InspectionQuerySet(models.QuerySet["Inspection"]):
    def for_scope(self, scope: Scope) -> "InspectionQuerySet":
        return self.filter(scope.divisions("division__path"))


class Inspection(models.Model):
    """A draw of loans. Seed, population and its hash are frozen: whoever has them draws the same loans again.

    `population` holds a line per loan, `contract number<TAB>township code`, in the order of the contract numbers.
    Only the closing is written afterwards.
    """

    number = models.CharField(_("number"), max_length=40, unique=True, db_collation="C")
    request_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="inspections")
    title = models.CharField(_("title"), max_length=80)
    seed = models.CharField(_("seed number"), max_length=40)
    method = models.CharField(_("method"), max_length=20)
    population = models.TextField()
    population_count = models.PositiveIntegerField(_("loans to draw from"))
    population_hash = models.CharField(_("hash of the list"), max_length=64, db_collation="C")
    sample_size = models.PositiveSmallIntegerField(_("loans drawn"))
    # What stood to choose from: live loans as of this day.
    as_of = models.DateField(_("loans as of"))
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField()
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    conclusion = models.TextField(_("conclusion"), max_length=2000, blank=True)

    objects = InspectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("random inspection")
        constraints = [
            models.CheckConstraint(
                name="closed_inspection_says_who_and_what",
                condition=Q(closed_at=None, closed_by=None, conclusion="")
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(conclusion="")),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class InspectionItemQuerySet(models.QuerySet["InspectionItem"]):
    def for_scope(self, scope: Scope) -> "InspectionItemQuerySet":
        return self.filter(scope.rows("loan__"))


class InspectionItem(models.Model):
    """One loan that was drawn, in the order of the draw. Append-only."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="items")
    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="inspection_items")
    township = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64, db_collation="C")

    objects = InspectionItemQuerySet.as_manager()

    class Meta:
        ordering = ["inspection", "position"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "loan"], name="loan_is_drawn_once"),
            models.UniqueConstraint(fields=["inspection", "position"], name="drawn_loans_follow_one_another"),
        ]

    def __str__(self) -> str:
        return f"{self.inspection} {self.position}"


class InspectionAnswer(models.Model):
    """A filled-in form. Append-only; of a form the newest one of a loan counts."""

    item = models.ForeignKey(InspectionItem, on_delete=models.PROTECT, related_name="answers")
    request_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sheet = models.ForeignKey(QuestionSheet, on_delete=models.PROTECT, related_name="answers")
    visited_on = models.DateField(_("day of the visit"))
    answers = models.JSONField()
    findings = models.TextField(_("findings"), max_length=1000, blank=True)
    photos = models.ManyToManyField(Attachment, through="InspectionPhoto", related_name="+")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["item", "pk"]

    def __str__(self) -> str:
        return f"{self.item} {self.visited_on}"


class InspectionPhoto(models.Model):
    """A photo of a filled-in form, in the order of the page. Append-only."""

    answer = models.ForeignKey(InspectionAnswer, on_delete=models.PROTECT, related_name="shots")
    attachment = models.OneToOneField(Attachment, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["answer", "position"]

    def __str__(self) -> str:
        return f"{self.answer} {self.position}"
