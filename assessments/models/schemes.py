"""Schemes of assessment as data: groups, items, grades and what is paid for them."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.choices import (
    Direction,
    Formula,
    HolderRule,
    Measure,
    PeriodKind,
    PrizeLevel,
    RankRule,
    SchemeState,
    StackingRule,
    SubjectKind,
    TieRule,
    TownshipRule,
)
from organizations.models import Division

NOT_NEGATIVE = [MinValueValidator(Decimal(0))]


class Scheme(models.Model):
    """One version of the rules of an assessment. In force it does not change: a change is a copy with a new version.

    The rules on rewards (ranks, ties, stacking, the township's part) are parameters: the report prints none of them.
    """

    county = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(_("code"), max_length=40)
    version = models.PositiveSmallIntegerField(_("scheme version"), default=1)
    name = models.CharField(_("name"), max_length=80)
    period_kind = models.CharField(_("assessment period"), max_length=10, choices=PeriodKind.choices)
    subject_kind = models.CharField(_("assessed"), max_length=12, choices=SubjectKind.choices)
    state = models.CharField(max_length=10, choices=SchemeState.choices, default=SchemeState.DRAFT)
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    is_example = models.BooleanField(_("weights are examples"), default=False)
    notice_days = models.PositiveSmallIntegerField(_("days of notice"), default=7)
    excellent_from = models.DecimalField(_("excellent from"), max_digits=6, decimal_places=2, default=Decimal(95))
    good_from = models.DecimalField(_("good from"), max_digits=6, decimal_places=2, default=Decimal(85))
    pass_from = models.DecimalField(_("qualified from"), max_digits=6, decimal_places=2, default=Decimal(75))
    rank_rule = models.CharField(
        _("counting of ranks"), max_length=12, choices=RankRule.choices, default=RankRule.COMPETITION
    )
    tie_rule = models.CharField(_("ties"), max_length=10, choices=TieRule.choices, default=TieRule.SHARE)
    stacking_rule = models.CharField(
        _("awards of two levels"), max_length=10, choices=StackingRule.choices, default=StackingRule.ADD
    )
    township_rule = models.CharField(
        _("the township's award"), max_length=12, choices=TownshipRule.choices, default=TownshipRule.ONCE
    )
    holder_rule = models.CharField(
        _("holders of a post"), max_length=10, choices=HolderRule.choices, default=HolderRule.SPLIT
    )
    commended = models.PositiveSmallIntegerField(_("number commended"), default=10)
    copied_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="copies")
    revision = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("scheme of assessment")
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["county", "code", "version"], name="scheme_version_is_unique"),
            models.CheckConstraint(
                name="grades_follow_one_another",
                condition=Q(excellent_from__gte=models.F("good_from"), good_from__gte=models.F("pass_from")),
                violation_error_message=_("The grades must fall from excellent to qualified."),
            ),
            models.CheckConstraint(
                name="scheme_in_force_was_published",
                condition=Q(state="draft", published_at=None) | Q(state="published", published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} V{self.version}"

    @property
    def is_draft(self) -> bool:
        return self.state == SchemeState.DRAFT


class SchemeGroup(models.Model):
    """A heading of a scheme; its weight is the sum of its items' points."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="groups")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("group"), max_length=40)

    class Meta:
        ordering = ["scheme", "position"]
        constraints = [models.UniqueConstraint(fields=["scheme", "position"], name="group_has_its_place")]

    def __str__(self) -> str:
        return self.name


class SchemeItem(models.Model):
    """One item: what is looked at, what it is worth, and how its value becomes points."""

    group = models.ForeignKey(SchemeGroup, on_delete=models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("item"), max_length=80)
    points = models.DecimalField(_("points"), max_digits=6, decimal_places=2, validators=NOT_NEGATIVE)
    direction = models.CharField(_("direction"), max_length=8, choices=Direction.choices, default=Direction.HIGHER)
    # Empty: the value is entered with evidence.
    measure = models.CharField(_("computed from"), max_length=20, choices=Measure.choices, blank=True)
    # The value is so many of so many (47 of 50); else it is one number.
    is_share = models.BooleanField(_("so many of so many"), default=False)
    formula = models.CharField(_("formula"), max_length=12, choices=Formula.choices, default=Formula.PROPORTION)
    target = models.DecimalField(_("target"), max_digits=12, decimal_places=4)
    # In proportion: where the points are used up. Lower-is-better items need it above the target.
    zero_at = models.DecimalField(_("no points at"), max_digits=12, decimal_places=4, default=Decimal(0))
    deduction = models.DecimalField(
        _("points off for a unit"), max_digits=6, decimal_places=2, default=Decimal(0), validators=NOT_NEGATIVE
    )
    # Nothing fell due, nothing was lent: the points are given in full, or not at all.
    is_full_without_basis = models.BooleanField(_("full points when there is nothing to measure"), default=True)
    is_veto = models.BooleanField(_("veto: a miss makes the whole unqualified"), default=False)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        ordering = ["group__position", "position"]
        constraints = [
            models.UniqueConstraint(fields=["group", "position"], name="item_has_its_place"),
            models.CheckConstraint(name="item_points_are_not_negative", condition=Q(points__gte=0, deduction__gte=0)),
        ]

    def __str__(self) -> str:
        return self.name


class RewardTier(models.Model):
    """What a score brings by itself: the highest tier reached counts."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="tiers")
    score_min = models.DecimalField(_("score from"), max_digits=6, decimal_places=2)
    amount = models.DecimalField(_("amount (yuan)"), max_digits=14, decimal_places=2, validators=NOT_NEGATIVE)

    class Meta:
        ordering = ["scheme", "-score_min"]
        constraints = [models.UniqueConstraint(fields=["scheme", "score_min"], name="tier_begins_once")]

    def __str__(self) -> str:
        return f"{self.score_min} {self.amount}"


class RewardPrize(models.Model):
    """What the first places bring, to the assessed, to the holders of its posts and to its township."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="prizes")
    level = models.CharField(_("ranked in"), max_length=10, choices=PrizeLevel.choices)
    places = models.PositiveSmallIntegerField(_("places"))
    score_min = models.DecimalField(_("score from"), max_digits=6, decimal_places=2)
    amount = models.DecimalField(_("to the assessed (yuan)"), max_digits=14, decimal_places=2)
    person_amount = models.DecimalField(_("to each post (yuan)"), max_digits=14, decimal_places=2)
    township_amount = models.DecimalField(_("to the township (yuan)"), max_digits=14, decimal_places=2)

    class Meta:
        ordering = ["scheme", "-level"]
        constraints = [models.UniqueConstraint(fields=["scheme", "level"], name="level_has_one_prize")]

    def __str__(self) -> str:
        return f"{self.get_level_display()} {self.places}"
