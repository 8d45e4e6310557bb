"""The register of problems: category, owner, deadline, and what became of each."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.choices_inspections import HigherLevel, ProblemOutcome, ProblemState
from assessments.models.inspections import InspectionItem
from organizations.models import Division, Organization
from organizations.scope import Scope
from workflow.models import Decision


class ProblemCategory(models.Model):
    """A kind of problem. The five of the report are shipped; an office adds its own."""

    code = models.SlugField(max_length=30, unique=True)
    name = models.CharField(_("category"), max_length=60, unique=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class ReportedProblemQuerySet(models.QuerySet["ReportedProblem"]):
    def for_scope(self, scope: Scope) -> "ReportedProblemQuerySet":
        return self.filter(scope.divisions("division_path"))

    def late(self, on: date) -> "ReportedProblemQuerySet":
        """What is past its deadline and not solved; the deadline itself is not late."""
        return self.exclude(state=ProblemState.SOLVED).filter(due_date__lt=on)


class ReportedProblem(models.Model):
    """A problem and where it stands: with its owner, reported upwards, or solved."""

    number = models.CharField(_("number"), max_length=40, unique=True, db_collation="C")
    request_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    category = models.ForeignKey(ProblemCategory, on_delete=models.PROTECT, related_name="problems")
    text = models.TextField(_("problem"), max_length=1000)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+", verbose_name=_("place"))
    division_path = models.CharField(max_length=12, db_collation="C")
    item = models.ForeignKey(
        InspectionItem, on_delete=models.PROTECT, null=True, blank=True, related_name="problems"
    )  # fmt: skip
    owner = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("owner"))
    due_date = models.DateField(_("deadline"))
    state = models.CharField(max_length=10, choices=ProblemState.choices, default=ProblemState.OPEN)
    escalated_to = models.CharField(_("reported to"), max_length=10, choices=HigherLevel.choices, blank=True)
    has_reply = models.BooleanField(_("answered from above"), default=False)
    solved_on = models.DateField(_("solved on"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)
    sequence = models.PositiveSmallIntegerField(default=0)
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()

    objects = ReportedProblemQuerySet.as_manager()

    class Meta:
        verbose_name = _("problem")
        constraints = [
            models.CheckConstraint(
                name="solved_problem_has_its_day",
                condition=Q(state="solved", solved_on__isnull=False) | (~Q(state="solved") & Q(solved_on=None)),
            ),
            models.CheckConstraint(
                name="escalated_problem_says_to_whom", condition=~Q(state="escalated") | ~Q(escalated_to="")
            ),
        ]
        indexes = [models.Index(fields=["state", "due_date", "id"], name="problems_by_deadline")]

    def __str__(self) -> str:
        return self.number


class ProblemStep(Decision):
    """One thing that happened to a problem, with its words. Append-only."""

    problem = models.ForeignKey(ReportedProblem, on_delete=models.PROTECT, related_name="steps")

    class Meta(Decision.Meta):
        constraints = [
            *Decision.Meta.constraints,
            models.UniqueConstraint(fields=["problem", "sequence"], name="problem_steps_follow_one_another"),
        ]

    def get_outcome_display(self) -> str:
        return str(ProblemOutcome(self.outcome).label)
