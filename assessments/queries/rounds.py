"""Rounds, subjects and sheets as pages and operations read them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Prefetch, Q, QuerySet

from assessments.choices import CampaignState, Level
from assessments.flow import levels_of
from assessments.models import (
    Appeal,
    Campaign,
    CampaignDecision,
    Consequence,
    MeasuredValue,
    Result,
    Scheme,
    SchemeItem,
    ScoreRecord,
    ScoreSheet,
    Subject,
)
from assessments.rules import ItemRule, Value
from organizations.scope import Scope
from web.layout import Event, Step, StepState, Tone


def rule_of(item: SchemeItem) -> ItemRule:
    """Return what an item is worth as the pure rules want it."""
    return ItemRule(
        points=item.points,
        formula=item.formula,
        direction=item.direction,
        target=item.target,
        zero_at=item.zero_at,
        deduction=item.deduction,
        is_full_without_basis=item.is_full_without_basis,
        is_veto=item.is_veto,
    )


def items_of(scheme_id: int) -> list[SchemeItem]:
    """Return the items of a scheme with their groups, in order. One query."""
    return list(
        SchemeItem.objects.filter(group__scheme=scheme_id)
        .select_related("group")
        .order_by("group__position", "position")
    )


def campaign_rows(*, county: str) -> "QuerySet[Campaign]":
    """Return the rounds of a county with how many are assessed (`assessed`) and have a county sheet (`scored`)."""
    return (
        Campaign.objects.filter(county__path__startswith=county)
        .select_related("scheme")
        .annotate(
            assessed=Count("subjects", distinct=True),
            scored=Count("subjects", filter=Q(subjects__sheets__level=Level.COUNTY), distinct=True),
        )
        .order_by("-last_day", "-pk")
    )


def campaigns_in_full() -> "QuerySet[Campaign]":
    decisions = CampaignDecision.objects.select_related("decided_by", "organization").order_by("-sequence")
    return Campaign.objects.select_related("scheme", "county").prefetch_related(
        Prefetch("decisions", queryset=decisions)
    )


def subject_rows(campaign: Campaign, scope: Scope, *, township: str = "") -> "QuerySet[Subject]":
    """Return the subjects of a round inside a scope, in official order."""
    subjects = Subject.objects.for_scope(scope).filter(campaign=campaign)
    if township:
        subjects = subjects.filter(division_path__startswith=township)
    return subjects.select_related("township", "organization", "user", "result").order_by("division_path", "pk")


def subjects_in_full() -> "QuerySet[Subject]":
    """Return subjects with all that the page of one shows (eight queries)."""
    records = ScoreRecord.objects.select_related("evidence")
    sheets = (
        ScoreSheet.objects.select_related("scored_by", "organization")
        .prefetch_related(Prefetch("records", queryset=records))
        .order_by("pk")
    )
    appeals = Appeal.objects.select_related(
        "item", "filed_by", "evidence", "decision__decided_by", "decision__organization"
    )
    return Subject.objects.select_related(
        "campaign__scheme", "campaign__county", "organization", "user", "township", "result"
    ).prefetch_related(
        Prefetch("sheets", queryset=sheets),
        Prefetch("measured", queryset=MeasuredValue.objects.all()),
        Prefetch("appeals", queryset=appeals),
        Prefetch("consequences", queryset=Consequence.objects.select_related("recorded_by")),
    )


def latest_of(sheets: Iterable[ScoreSheet]) -> dict[str, ScoreSheet]:
    """Return the sheet that counts of each level: the one with the highest version."""
    found: dict[str, ScoreSheet] = {}
    for sheet in sorted(sheets, key=lambda sheet: sheet.version):
        found[sheet.level] = sheet
    return found


def sheets_by_subject(subjects: Iterable[Subject]) -> dict[int, dict[str, ScoreSheet]]:
    """Return the sheets that count of each subject by level. One query."""
    by_subject: dict[int, list[ScoreSheet]] = defaultdict(list)
    for sheet in ScoreSheet.objects.filter(subject__in=[subject.pk for subject in subjects]):
        by_subject[sheet.subject_id].append(sheet)
    return {pk: latest_of(sheets) for pk, sheets in by_subject.items()}


def results_of(campaign: Campaign) -> "QuerySet[Result]":
    """Return the final results of a round in the order of their ranks, who was vetoed last."""
    return (
        Result.objects.filter(subject__campaign=campaign)
        .select_related("subject__township", "subject__organization")
        .order_by("is_vetoed", "-score", "subject__division_path", "pk")
    )


def measured_of(subject: Subject) -> dict[int, Value]:
    """Return what was counted for a subject by item. Needs `subjects_in_full` to cost nothing."""
    return {one.item_id: Value(one.numerator, one.denominator) for one in subject.measured.all()}


def open_appeals(campaign: Campaign) -> "QuerySet[Appeal]":
    return Appeal.objects.filter(subject__campaign=campaign, decision=None)


def bar_of(campaign: Campaign, scheme: Scheme) -> list[Step]:
    """Return the steps of a round, without the levels its subjects are not scored at."""
    levels = [str(level) for level in levels_of(scheme.subject_kind)]
    left_out = {str(level) for level in Level} - set(levels)
    chain = [state for state in CampaignState if str(state) not in left_out]
    now = chain.index(CampaignState(campaign.state))
    is_over = campaign.state == CampaignState.ARCHIVED
    return [
        Step(
            state.label,
            StepState.DONE if place < now or is_over else StepState.NOW if place == now else StepState.TODO,
        )
        for place, state in enumerate(chain)
    ]


def history_of(campaign: Campaign) -> list[Event]:
    """Return the steps a round went, newest first. Needs `campaigns_in_full`."""
    return [
        Event(
            title=CampaignState(decision.outcome).label,
            by=f"{decision.decided_by.name} · {decision.organization.short_name if decision.organization else ''}",
            at=decision.decided_at,
            quote=decision.reason,
            tone=Tone.OK,
        )
        for decision in campaign.decisions.all()
    ]


@dataclass(frozen=True)
class Standing:
    """A subject on the ranking: while nothing is final the score of the highest level so far, without a rank."""

    subject: Subject
    score: Decimal | None
    is_vetoed: bool
    level: str


def standing_of(subject: Subject, sheets: dict[str, ScoreSheet]) -> Standing:
    for level in (Level.COUNTY, Level.FIRST, Level.SELF):
        if level in sheets:
            return Standing(subject, sheets[level].score, sheets[level].is_vetoed, level)
    return Standing(subject, None, False, "")
