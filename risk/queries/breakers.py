"""What breakers measure: one grouped question for each level and measure, however many loans there are."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, Left

from finance.money import ZERO
from loans.choices import PAID_OUT_KINDS, StopMeasure
from loans.models import ArrearsSpell, LendingStop, LoanEntry
from loans.queries.lending import SIGNED_PRINCIPAL
from organizations.models import Division
from risk.choices import BreakerLevel
from risk.models import BreakerRule, Claim
from risk.queries.funds import NOTHING
from risk.rules import Category, is_tripped, ratio_percent

# How many digits of a village's path name the division of a level.
PATH_LENGTH = {BreakerLevel.COUNTY: 6, BreakerLevel.TOWNSHIP: 9, BreakerLevel.VILLAGE: 12}


@dataclass(frozen=True)
class Measured:
    """One place: `part` of `whole` in yuan. `key` is a division's path, or the number of an outlet's row."""

    key: str | int
    part: Decimal
    whole: Decimal

    @property
    def ratio_percent(self) -> Decimal | None:
        return ratio_percent(self.part, self.whole)

    def is_above(self, limit_percent: Decimal) -> bool:
        return is_tripped(self.part, self.whole, limit_percent=limit_percent)


def measure(*, county: Division, level: str, measure: str) -> list[Measured]:
    """Return part and whole of a measure for every place of a level that ever lent.

    Bad loans and overdue loans are shares of the balance outstanding, by the loans' categories and standings. The
    compensation rate is what funds paid so far over all that was ever paid out.
    """
    if measure == StopMeasure.COMPENSATION_RATE:
        return _compensation(county, level)
    bad = (
        Q(loan__category__category__gte=Category.SUBSTANDARD)
        if measure == StopMeasure.NPL_RATIO
        else Q(loan__standing__overdue_since__isnull=False)
    )
    rows = (
        _grouped(LoanEntry.objects.effective().filter(loan__division_path__startswith=county.path), level, "loan__")
        .annotate(
            whole=Coalesce(Sum(SIGNED_PRINCIPAL), NOTHING),
            part=Coalesce(Sum(SIGNED_PRINCIPAL, filter=bad), NOTHING),
        )
        .values_list("key", "part", "whole")
    )
    return [Measured(*row) for row in rows]


def _compensation(county: Division, level: str) -> list[Measured]:
    """Two grouped questions: payouts and lending."""
    lent = (
        _grouped(
            LoanEntry.objects.effective().filter(
                kind__in=PAID_OUT_KINDS, loan__division_path__startswith=county.path
            ),
            level,
            "loan__",
        )
        .annotate(total=Sum("amount"))
        .values_list("key", "total")
    )  # fmt: skip
    paid = dict(
        _grouped(
            Claim.objects.filter(paid_on__isnull=False, loan__division_path__startswith=county.path), level, "loan__"
        )
        .annotate(total=Sum("fund_part"))
        .values_list("key", "total")
    )
    return [Measured(key, paid.get(key, ZERO), total) for key, total in lent]


def _grouped(rows: "QuerySet[LoanEntry] | QuerySet[Claim]", level: str, prefix: str) -> "QuerySet[LoanEntry]":
    key = (
        F(f"{prefix}outlet_id")
        if level == BreakerLevel.OUTLET
        else Left(f"{prefix}division_path", PATH_LENGTH[BreakerLevel(level)])
    )
    return rows.order_by().annotate(key=key).values("key")  # type: ignore[return-value]  # values() keeps the shape


def rules_in_force(county: Division, on: date) -> list[BreakerRule]:
    """Return the newest rule of each level and measure that is in force on a day and sets a limit."""
    rules = BreakerRule.objects.filter(division=county, effective_from__lte=on)
    newest = rules.order_by("level", "measure", "-effective_from").distinct("level", "measure")
    return [rule for rule in newest if rule.limit_percent is not None]


def measured_now(stop: LendingStop) -> Measured | None:
    """Return a stopped place's measure as it is now; None for a stop by decision."""
    if stop.measure == StopMeasure.BY_DECISION:
        return None
    place = stop.division or (stop.outlet.division if stop.outlet else None)
    assert place is not None  # a constraint of the table
    county = Division.objects.get(path=place.path[: PATH_LENGTH[BreakerLevel.COUNTY]])
    key = stop.division.path if stop.division else stop.outlet_id
    found = measure(county=county, level=level_of(stop), measure=stop.measure)
    return next((one for one in found if one.key == key), None)


def level_of(stop: LendingStop) -> BreakerLevel:
    """Return the level a stop stands at."""
    if stop.division is None:
        return BreakerLevel.OUTLET
    lengths = {length: level for level, length in PATH_LENGTH.items()}
    return lengths[len(stop.division.path)]


def overdue_by_village(county: Division, on: date) -> dict[str, Decimal]:
    """Return each village's overdue share (percent) on a day, by its spells in arrears; none where nothing is owed."""
    late = ArrearsSpell.objects.filter(Q(until=None) | Q(until__gt=on), loan=OuterRef("loan"), since__lte=on)
    rows = (
        LoanEntry.objects.effective()
        .filter(value_date__lte=on, loan__division_path__startswith=county.path)
        .order_by()
        .annotate(is_late=Exists(late))
        .values("loan__division_path")
        .annotate(
            whole=Coalesce(Sum(SIGNED_PRINCIPAL), NOTHING),
            part=Coalesce(Sum(SIGNED_PRINCIPAL, filter=Q(is_late=Value(True))), NOTHING),
        )
        .values_list("loan__division_path", "part", "whole")
    )
    return {path: ratio for path, part, whole in rows if (ratio := ratio_percent(part, whole)) is not None}


def rising_villages(county: Division, on: date, *, days: int, points: Decimal) -> dict[str, tuple[Decimal, Decimal]]:
    """Return the villages whose overdue share rose by more than `points` within `days`: path to (then, now)."""
    then, now = overdue_by_village(county, on - timedelta(days=days)), overdue_by_village(county, on)
    return {
        path: (then.get(path, ZERO), ratio) for path, ratio in now.items() if ratio - then.get(path, ZERO) > points
    }


def counties_with_rules() -> list[Division]:
    """Return the counties that set limits or warnings."""
    rules = Q(breaker_rules__isnull=False) | Q(watch_rules__isnull=False)
    return list(Division.objects.filter(rules).distinct().order_by("code"))
