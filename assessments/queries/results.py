"""Results of a year for those who print them: the annual report reads them by township."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import Sum

from assessments.choices import CampaignState, Grade, PeriodKind, PlanState, SubjectKind
from assessments.models import Result, RewardLine
from finance.money import ZERO, exact, round_to_cent
from organizations.models import Division

FINISHED = (CampaignState.FINAL, CampaignState.ARCHIVED)


@dataclass(frozen=True)
class TownshipYear:
    """A township's year: its villages assessed, their mean score, how many reached each grade, rewards approved.

    `score` has two decimals; `grade` is that of the township itself where townships were assessed, else "".
    """

    township: Division
    assessed: int
    score: Decimal
    grade: str
    excellent: int
    failed: int
    reward: Decimal


def results_of_year(division: Division, year: int) -> list[TownshipYear]:
    """Return the annual assessments of a year below a division, by township in official order. Two queries.

    Villages' results are averaged; nothing final in the year gives an empty list. Rewards are those approved.
    """
    results = Result.objects.filter(
        subject__campaign__scheme__period_kind=PeriodKind.YEAR,
        subject__campaign__state__in=FINISHED,
        subject__campaign__last_day__year=year,
        subject__division_path__startswith=division.path,
        subject__township__isnull=False,
    ).select_related("subject__township", "subject__campaign__scheme")
    rewards = _rewards(division, year)
    by_township: dict[Division, list[Result]] = {}
    for result in results.order_by("subject__township__code"):
        assert result.subject.township is not None
        by_township.setdefault(result.subject.township, []).append(result)
    return [_year_of(township, found, rewards.get(township.pk, ZERO)) for township, found in by_township.items()]


def _year_of(township: Division, found: list[Result], reward: Decimal) -> TownshipYear:
    kind_of = {result: result.subject.campaign.scheme.subject_kind for result in found}
    villages = [result for result in found if kind_of[result] == SubjectKind.BRANCH]
    own = [result for result in found if kind_of[result] == SubjectKind.TOWNSHIP]
    counted = villages or own
    return TownshipYear(
        township=township,
        assessed=len(counted),
        score=mean_of([result.score for result in counted]),
        grade=own[0].grade if own else "",
        excellent=sum(result.grade == Grade.EXCELLENT for result in counted),
        failed=sum(result.grade == Grade.FAIL for result in counted),
        reward=reward,
    )


def _rewards(division: Division, year: int) -> dict[int, Decimal]:
    lines = RewardLine.objects.filter(
        payee__plan__state=PlanState.APPROVED,
        subject__campaign__scheme__period_kind=PeriodKind.YEAR,
        subject__campaign__last_day__year=year,
        subject__division_path__startswith=division.path,
    )
    return dict(lines.values_list("subject__township").annotate(paid=Sum("amount")))


def mean_of(scores: list[Decimal]) -> Decimal:
    """Return the mean with two decimals, half up; zero of nothing."""
    return round_to_cent(sum((exact(score) for score in scores), start=Fraction(0)) / len(scores)) if scores else ZERO
