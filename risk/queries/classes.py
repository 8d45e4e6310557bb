"""The five categories: what days overdue demand today, and how each loan is classified."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum

from finance.money import ZERO
from loans.choices import LoanState
from loans.models import ArrearsSpell, Loan, LoanEntry
from loans.queries.lending import SIGNED_PRINCIPAL
from organizations.scope import Scope
from risk.choices import CategoryChoice
from risk.models import LoanCategory, LoanClassification, TechnicalDelay, WatchRule
from risk.queries.funds import MONEY
from risk.rules import Category, Spell, system_minimum


def watch_rule_for(path: str, on: date) -> WatchRule | None:
    """Return the rule in force on a day for a place (the county's)."""
    rules = WatchRule.objects.filter(division__path=path[:6], effective_from__lte=on)
    return rules.order_by("-effective_from").first()


def minimums(loans: Sequence[Loan], *, on: date, clean_months: int) -> dict[int, Category]:
    """Return the least category of each loan on a day. Loans with `standing` selected; two queries."""
    spells: dict[int, list[Spell]] = defaultdict(list)
    technical = set(TechnicalDelay.objects.filter(loan__in=loans).values_list("loan_id", "since"))
    closed = ArrearsSpell.objects.filter(loan__in=loans, until__isnull=False)
    for loan_id, since, until in closed.values_list("loan_id", "since", "until"):
        spells[loan_id].append(Spell(since, until, (loan_id, since) in technical))
    for loan in loans:
        late_since = loan.standing.overdue_since if hasattr(loan, "standing") else None
        if late_since is not None:
            spells[loan.pk].append(Spell(late_since, None, (loan.pk, late_since) in technical))
    return {loan.pk: system_minimum(spells[loan.pk], on=on, clean_months=clean_months) for loan in loans}


def loans_to_classify(county_path: str) -> "QuerySet[Loan]":
    """Return the live loans whose category may differ from normal: late now or once, or classified before."""
    may_differ = Q(standing__overdue_since__isnull=False) | Q(spells__isnull=False) | Q(category__isnull=False)
    loans = Loan.objects.filter(may_differ, state=LoanState.LIVE, division_path__startswith=county_path)
    return loans.select_related("standing", "category").distinct()


def category_of(loan: Loan) -> int:
    """Return how a loan is classified now; a loan without a row is normal."""
    row = LoanCategory.objects.filter(loan=loan).first()
    return row.category if row else CategoryChoice.NORMAL


def history_of(loan: Loan) -> "QuerySet[LoanClassification]":
    """Return the changes of a loan's category, newest first."""
    return LoanClassification.objects.filter(loan=loan).select_related("decided_by").order_by("-pk")


@dataclass(frozen=True)
class CategoryRow:
    """How many loans and how much principal (yuan) stand in one category."""

    category: int
    label: str
    loans: int
    amount: Decimal


def category_rows(*, scope: Scope, category: int | None) -> "QuerySet[LoanCategory]":
    """Return the classified loans of a scope, the worst first, with `owed`. Loans that are normal have no row."""
    owed = LoanEntry.objects.effective().filter(loan=OuterRef("loan")).order_by().values("loan")
    rows = LoanCategory.objects.for_scope(scope).filter(loan__state=LoanState.LIVE)
    if category is not None:
        rows = rows.filter(category=category)
    return (
        rows.select_related("loan__application__person", "loan__application__entity", "loan__division__parent")
        .select_related("loan__standing")
        .annotate(owed=Subquery(owed.annotate(owed=Sum(SIGNED_PRINCIPAL)).values("owed"), output_field=MONEY))
        .order_by("-category", "loan__due_date", "pk")
    )


def category_totals(*, scope: Scope) -> list[CategoryRow]:
    """Return loans and principal outstanding in each category, in one query."""
    entries = LoanEntry.objects.effective().filter(scope.rows("loan__"), loan__state=LoanState.LIVE).order_by()
    found: dict[int, tuple[int, Decimal]] = {}
    for category, loans, amount in entries.values_list("loan__category__category").annotate(
        loans=Count("loan", distinct=True), amount=Sum(SIGNED_PRINCIPAL)
    ):
        number, sums = found.get(category or CategoryChoice.NORMAL, (0, ZERO))
        found[category or CategoryChoice.NORMAL] = (number + loans, sums + amount)
    return [
        CategoryRow(choice.value, str(choice.label), *found.get(choice.value, (0, ZERO))) for choice in CategoryChoice
    ]


def bad_loans(*, on: date, known_at: datetime | None = None) -> "QuerySet[LoanClassification, Any]":
    """Return the loans in one of the three bad categories at the end of a day, as rows with `loan_id`.

    By the last change of each loan as of the day or before (and recorded by `known_at`): a query to put into another.
    """
    changes = LoanClassification.objects.filter(as_of__lte=on)
    if known_at is not None:
        changes = changes.filter(decided_at__lte=known_at)
    newest = changes.order_by("loan", "-as_of", "-pk").distinct("loan")
    bad = LoanClassification.objects.filter(pk__in=newest.values("pk"), category__gte=CategoryChoice.SUBSTANDARD)
    return bad.values("loan_id")
