"""A round of assessment: who is assessed, what each level scored, appeals, results. Scores are written once."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessments.choices import AppealOutcome, CampaignState, ConsequenceKind, Grade, Level
from assessments.models.schemes import Scheme, SchemeItem
from files.models import Attachment
from organizations.models import Division, Organization
from organizations.scope import Place, Scope
from workflow.models import Decision

TEXT_LENGTH_MAX = 1000


class Campaign(models.Model):
    """One round: a scheme, a period, and the days until which each level scores."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="campaigns")
    county = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=80)
    first_day = models.DateField(_("period from"))
    last_day = models.DateField(_("period to"))
    self_until = models.DateField(_("self-assessment until"))
    first_until = models.DateField(_("first assessment until"))
    county_until = models.DateField(_("county assessment until"))
    notice_from = models.DateField(_("notice from"), null=True, blank=True)
    notice_until = models.DateField(_("notice until"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=CampaignState.choices, default=CampaignState.SELF)
    measured_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)
    sequence = models.PositiveSmallIntegerField(default=0)
    request_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("round of assessment")
        ordering = ["-last_day", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "first_day", "last_day"], name="scheme_is_used_once_a_period"),
            models.CheckConstraint(name="round_has_a_period", condition=Q(last_day__gte=F("first_day"))),
            models.CheckConstraint(
                name="levels_follow_one_another",
                condition=Q(first_until__gte=F("self_until"), county_until__gte=F("first_until")),
                violation_error_message=_("The days of the levels must follow one another."),
            ),
            models.CheckConstraint(
                name="published_round_has_its_notice",
                condition=Q(state__in=["self", "first", "county"], notice_from=None)
                | Q(notice_from__isnull=False, notice_until__gte=F("notice_from")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_published(self) -> bool:
        """Whether everybody may see the ranking."""
        return self.notice_from is not None

    @property
    def is_final(self) -> bool:
        return self.state in (CampaignState.FINAL, CampaignState.ARCHIVED)


class CampaignDecision(Decision):
    """One step of a round forward."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="decisions")

    class Meta(Decision.Meta):
        constraints = [
            *Decision.Meta.constraints,
            models.UniqueConstraint(fields=["campaign", "sequence"], name="round_decisions_follow_one_another"),
        ]

    def get_step_display(self) -> str:
        return str(CampaignState(self.step).label)


class SubjectQuerySet(models.QuerySet["Subject"]):
    def for_scope(self, scope: Scope) -> "SubjectQuerySet":
        return self.filter(scope.rows())


class Subject(models.Model):
    """Who is assessed in a round. Its paths are those of the day on which the round began."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="subjects")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    # An account manager; everybody else is assessed as an organization.
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(_("assessed"), max_length=100)
    township = models.ForeignKey(Division, on_delete=models.PROTECT, null=True, related_name="+")
    branch_path = models.CharField(max_length=255, db_collation="C", blank=True)
    division_path = models.CharField(max_length=12, db_collation="C")
    outlet_path = models.CharField(max_length=255, db_collation="C", blank=True)
    revision = models.PositiveIntegerField(default=1)

    objects = SubjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessed organization or person")
        ordering = ["campaign", "division_path", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "organization", "user"], nulls_distinct=False, name="subject_is_assessed_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> Place:
        return Place(branch_path=self.branch_path, division_path=self.division_path, outlet_path=self.outlet_path)


class MeasuredValue(models.Model):
    """What the house counted for a subject as of the end of the period. Written once."""

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="measured")
    item = models.ForeignKey(SchemeItem, on_delete=models.PROTECT, related_name="+")
    numerator = models.DecimalField(_("value"), max_digits=16, decimal_places=2)
    denominator = models.DecimalField(_("of"), max_digits=16, decimal_places=2)
    as_of = models.DateField()
    measured_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "item"], name="value_is_measured_once")]

    def __str__(self) -> str:
        return f"{self.subject} {self.item}"


class ScoreSheet(models.Model):
    """What one level found on a subject. Written once: a correction is a sheet with the next version."""

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="sheets")
    level = models.CharField(_("level"), max_length=8, choices=Level.choices)
    version = models.PositiveSmallIntegerField(default=1)
    score = models.DecimalField(_("score"), max_digits=6, decimal_places=2)
    is_vetoed = models.BooleanField(_("vetoed"), default=False)
    opinion = models.TextField(_("opinion"), max_length=TEXT_LENGTH_MAX, blank=True)
    request_id = models.UUIDField(unique=True, editable=False)
    scored_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    person_key = models.CharField(max_length=30)
    role = models.CharField(max_length=24, blank=True)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    scored_at = models.DateTimeField()

    class Meta:
        ordering = ["subject", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["subject", "level", "version"], name="sheet_versions_follow_one_another"),
            models.CheckConstraint(name="score_is_not_negative", condition=Q(score__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.get_level_display()} {self.score}"


class ScoreRecord(models.Model):
    """The value of one item on a sheet and the points it brought. Written once."""

    sheet = models.ForeignKey(ScoreSheet, on_delete=models.PROTECT, related_name="records")
    item = models.ForeignKey(SchemeItem, on_delete=models.PROTECT, related_name="+")
    numerator = models.DecimalField(_("value"), max_digits=16, decimal_places=2)
    denominator = models.DecimalField(_("of"), max_digits=16, decimal_places=2)
    points = models.DecimalField(_("points"), max_digits=6, decimal_places=2)
    is_missed = models.BooleanField(_("veto item missed"), default=False)
    reason = models.CharField(_("reason for a different value"), max_length=200, blank=True)
    evidence = models.ForeignKey(Attachment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["sheet", "item__group__position", "item__position"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "item"], name="item_is_scored_once_on_a_sheet"),
            models.CheckConstraint(name="record_points_are_not_negative", condition=Q(points__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.points}"


class Appeal(models.Model):
    """What the assessed says against one item while the results are on notice. Written once."""

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="appeals")
    item = models.ForeignKey(SchemeItem, on_delete=models.PROTECT, related_name="+")
    request_id = models.UUIDField(unique=True, editable=False)
    reason = models.TextField(_("reason"), max_length=TEXT_LENGTH_MAX)
    evidence = models.ForeignKey(Attachment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    person_key = models.CharField(max_length=30)
    filed_at = models.DateTimeField()

    class Meta:
        ordering = ["filed_at", "pk"]
        constraints = [models.CheckConstraint(name="appeal_has_a_reason", condition=~Q(reason=""))]

    def __str__(self) -> str:
        return f"{self.subject} {self.item}"

    @property
    def answer(self) -> "AppealDecision | None":
        """Select `decision` along."""
        found: Any = getattr(self, "decision", None)
        return found


class AppealDecision(models.Model):
    """The county's answer to an appeal, with the sheet that sets the score right when it was upheld. Written once."""

    appeal = models.OneToOneField(Appeal, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(_("decision"), max_length=10, choices=AppealOutcome.choices)
    reason = models.TextField(_("reason"), max_length=TEXT_LENGTH_MAX)
    sheet = models.ForeignKey(ScoreSheet, on_delete=models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="upheld_appeal_has_its_sheet",
                condition=Q(outcome="upheld", sheet__isnull=False) | Q(outcome="rejected", sheet=None),
            ),
            models.CheckConstraint(name="appeal_is_answered_with_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.appeal} {self.outcome}"


class Result(models.Model):
    """The final result of a subject. Without a rank: vetoed. Written once."""

    subject = models.OneToOneField(Subject, on_delete=models.PROTECT, related_name="result")
    score = models.DecimalField(_("score"), max_digits=6, decimal_places=2)
    grade = models.CharField(_("grade"), max_length=10, choices=Grade.choices)
    is_vetoed = models.BooleanField(_("vetoed"), default=False)
    rank_in_county = models.PositiveIntegerField(_("rank in the county"), null=True)
    rank_in_township = models.PositiveIntegerField(_("rank in the township"), null=True)
    is_commended = models.BooleanField(_("commended"), default=False)

    class Meta:
        constraints = [models.CheckConstraint(name="result_is_not_negative", condition=Q(score__gte=0))]

    def __str__(self) -> str:
        return f"{self.subject} {self.score}"


class Consequence(models.Model):
    """What followed poor work: criticism by notice, adjustment, handling. Written once."""

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="consequences")
    kind = models.CharField(_("kind"), max_length=12, choices=ConsequenceKind.choices)
    person_name = models.CharField(_("person concerned"), max_length=40, blank=True)
    document_number = models.CharField(_("document number"), max_length=60)
    decided_on = models.DateField(_("decided on"))
    reason = models.TextField(_("reason"), max_length=TEXT_LENGTH_MAX)
    request_id = models.UUIDField(unique=True, editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["decided_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "document_number", "kind", "person_name"], name="consequence_is_recorded_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.get_kind_display()}"
