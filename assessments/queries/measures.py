"""What the house counts itself for an assessment: one pass over the county's loans, as of the end of the period."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from assessments.choices import Measure, SubjectKind
from assessments.models import Subject
from assessments.rules import Value
from finance.money import ZERO
from loans.choices import EntryKind, LeadingRole, Outcome, StepCode
from loans.models import ApplicationDecision, Loan, LoanEntry, LoanUnit, Visit
from loans.queries.quality import Quality, QualityBy, read_quality

TEN_THOUSAND = Decimal(10_000)
NO_QUALITY = Quality()
# Who decided on the loan at the lender's desk is its account manager.
LENDING = (Outcome.DISBURSE, Outcome.PROPOSE)

Pair: TypeAlias = tuple[Decimal, Decimal]


@dataclass(frozen=True)
class LoanFacts:
    """What one loan says on the last day of a period."""

    branch_path: str
    division_path: str
    outlet_path: str
    manager: int | None
    is_new: bool  # paid out in the period
    principal: Decimal
    has_party_member: bool
    is_live: bool
    is_visited: bool  # in the period
    is_misused: bool
    leading_role: str  # of the assessment in the period, "" without one
    due: Decimal
    collected: Decimal


def measure(
    subjects: Sequence[Subject], measures: Iterable[str], *, kind: str, county: str, first_day: date, last_day: date
) -> dict[tuple[int, str], Value]:
    """Return the value of each measure for each subject, by (subject's key, measure). Two queries.

    `county` is the path of the county's division; `kind` tells what the subjects are.
    """
    belonging = _belonging(subjects, kind, loan_facts(county=county, first_day=first_day, last_day=last_day))
    return {
        (subject.pk, code): Value(*COUNTERS[Measure(code)](belonging.get(subject.pk, [])))
        for code in measures
        for subject in subjects
    }


def loan_facts(*, county: str, first_day: date, last_day: date) -> list[LoanFacts]:
    """Return the facts of every loan of a county paid out by the last day."""
    loans = Loan.objects.filter(division_path__startswith=county, start_date__lte=last_day)
    quality = read_quality(loans, last_day, QualityBy.LOAN)
    rows = _annotated(loans, first_day, last_day).values(
        "pk", "branch_path", "division_path", "outlet_path", "start_date", "principal", "has_party_member", "manager",
        "is_visited", "last_conduct", "leading_role",
    )  # fmt: skip
    return [_facts_of(row, quality.get(row["pk"], NO_QUALITY), first_day) for row in rows.order_by("pk")]


def _annotated(loans: "QuerySet[Loan]", first_day: date, last_day: date) -> Any:
    visits = Visit.objects.effective().filter(loan=OuterRef("pk"), visited_on__range=(first_day, last_day))
    conduct = LoanEntry.objects.effective().filter(
        loan=OuterRef("pk"), kind__in=(EntryKind.MISUSE, EntryKind.MISUSE_ENDED), value_date__lte=last_day
    )
    decisions = ApplicationDecision.objects.filter(application=OuterRef("application"), recalled_by=None)
    assessed = decisions.filter(
        step=StepCode.ASSESSMENT, outcome=Outcome.PASS, decided_at__date__range=(first_day, last_day)
    )
    lent = decisions.filter(step=StepCode.DISBURSEMENT, outcome__in=LENDING)
    return loans.annotate(
        has_party_member=Exists(LoanUnit.objects.filter(loan=OuterRef("pk"), has_party_member=True)),
        is_visited=Exists(visits),
        last_conduct=Subquery(conduct.order_by("-value_date", "-pk").values("kind")[:1]),
        leading_role=Subquery(assessed.order_by("-sequence").values("facts__leading_role")[:1]),
        manager=Subquery(lent.order_by("sequence").values("decided_by")[:1]),
    )


def _facts_of(row: Mapping[str, object], quality: Quality, first_day: date) -> LoanFacts:
    start, principal, manager = row["start_date"], row["principal"], row["manager"]
    assert isinstance(start, date)
    assert isinstance(principal, Decimal)
    return LoanFacts(
        branch_path=str(row["branch_path"]),
        division_path=str(row["division_path"]),
        outlet_path=str(row["outlet_path"]),
        manager=manager if isinstance(manager, int) else None,
        is_new=start >= first_day,
        principal=principal,
        has_party_member=bool(row["has_party_member"]),
        is_live=quality.live > 0,
        is_visited=bool(row["is_visited"]),
        is_misused=row["last_conduct"] == EntryKind.MISUSE,
        leading_role=str(row["leading_role"] or ""),
        due=quality.fallen_due,
        collected=quality.collected,
    )


def _belonging(subjects: Sequence[Subject], kind: str, loans: list[LoanFacts]) -> dict[int, list[LoanFacts]]:
    """Return the loans of each subject: by branch, township, outlet or account manager; a department has all."""
    key_of = {
        SubjectKind.BRANCH: lambda subject: subject.branch_path,
        SubjectKind.TOWNSHIP: lambda subject: subject.division_path,
        SubjectKind.OUTLET: lambda subject: subject.outlet_path,
    }.get(SubjectKind(kind))
    by_key: dict[object, list[LoanFacts]] = defaultdict(list)
    if key_of is None:
        for loan in loans:
            by_key[loan.manager].append(loan)
        return {
            subject.pk: by_key[subject.user_id] if kind == SubjectKind.MANAGER else loans for subject in subjects
        }  # fmt: skip
    known = {key_of(subject): subject.pk for subject in subjects}
    lengths = sorted({len(key) for key in known})
    for loan in loans:
        path = {
            SubjectKind.BRANCH: loan.branch_path,
            SubjectKind.TOWNSHIP: loan.division_path,
            SubjectKind.OUTLET: loan.outlet_path,
        }[SubjectKind(kind)]
        for length in lengths:
            if path[:length] in known:
                by_key[known[path[:length]]].append(loan)
    return {subject.pk: by_key[subject.pk] for subject in subjects}


def _count(found: Iterable[LoanFacts]) -> Decimal:
    return Decimal(sum(1 for _loan in found))


def _share(loans: Sequence[LoanFacts], is_one: Callable[[LoanFacts], bool]) -> Pair:
    return _count(loan for loan in loans if is_one(loan)), _count(loans)


def _new(loans: list[LoanFacts]) -> list[LoanFacts]:
    return [loan for loan in loans if loan.is_new]


ONE = Decimal(1)
COUNTERS: dict[Measure, Callable[[list[LoanFacts]], Pair]] = {
    Measure.LENT_AMOUNT: lambda loans: (sum((x.principal for x in _new(loans)), start=ZERO) / TEN_THOUSAND, ONE),
    Measure.LOANS_MADE: lambda loans: (_count(_new(loans)), ONE),
    Measure.RECOVERY_RATE: lambda loans: (
        sum((loan.collected for loan in loans), start=ZERO),
        sum((loan.due for loan in loans), start=ZERO),
    ),
    Measure.VISITED_SHARE: lambda loans: _share([loan for loan in loans if loan.is_live], lambda x: x.is_visited),
    Measure.PARTY_SHARE: lambda loans: _share(_new(loans), lambda loan: loan.has_party_member),
    Measure.LEADING_SHARE: lambda loans: _share(
        [loan for loan in loans if loan.leading_role], lambda loan: loan.leading_role != LeadingRole.NONE
    ),
    Measure.MISUSE_OPEN: lambda loans: (_count(loan for loan in loans if loan.is_misused), ONE),
}
