"""Which loans the demo county gave: a synthetic set that meets every published total at once. Pure, seeded.

Amounts are whole thousands of yuan while the set is built. Every cell (township and size) is split into equal parts
and then varied in pairs, so that its sum cannot move: nothing is fitted afterwards.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from loans.choices import BorrowerKind, Purpose
from workflow.deadlines import WorkCalendar

SMALL_MAX, SELF_MAX, HELPING_MAX, AMOUNT_MAX = 50, 100, 200, 300
SMALL_MIN = 5
BODIES = (BorrowerKind.COOPERATIVE, BorrowerKind.COLLECTIVE)
OTHER_USES = (Purpose.PROCESSING, Purpose.TOURISM, Purpose.OTHER_BUSINESS)
SECOND_YEAR_TERMS = (12, 12, 12, 12, 12, 24, 24, 36)
SHORT_TERM, LAST_SHORT_START = 6, date(2014, 2, 28)


@dataclass(frozen=True)
class PlannedLoan:
    """One loan to be given: to whom, where, when, how much. `units` are the households or bodies (户) it serves."""

    day: date
    township: str
    thousands: int
    borrower: str = BorrowerKind.HOUSEHOLD
    units: tuple[int, ...] = ()
    use: str = ""
    is_party: bool = False
    is_secretary: bool = False
    tier: str = "self"
    term_months: int = 12
    village: str = ""
    project: str = ""
    key: str = ""

    @property
    def is_body(self) -> bool:
        return self.borrower in BODIES

    @property
    def is_small(self) -> bool:
        return self.thousands <= SMALL_MAX


@dataclass
class _Draft:
    """The plan while it is made."""

    recipe: Mapping[str, Any]
    calendar: WorkCalendar
    villages: Mapping[str, Sequence[str]]
    loans: list[PlannedLoan] = field(default_factory=list)

    def __post_init__(self) -> None:
        # One stream per question: a change of one answer does not shake the others.
        seed = self.recipe["seed"]
        self.amounts, self.days, self.places, self.terms = (Random(f"{seed} {name}") for name in "adpt")  # noqa: S311


def plan_lending(
    recipe: Mapping[str, Any], *, calendar: WorkCalendar, villages: Mapping[str, Sequence[str]]
) -> list[PlannedLoan]:
    """Return the loans of the recipe in the order of their days. `villages` gives each township's village codes."""
    draft = _Draft(recipe=recipe, calendar=calendar, villages=villages)
    _add_cases(draft)
    _add_first_year(draft)
    _add_second_year(draft)
    _give_units(draft)
    _give_uses(draft)
    _give_party(draft)
    _give_tiers_and_terms(draft)
    _give_villages(draft)
    return sorted(draft.loans, key=lambda loan: (loan.day, loan.township, loan.units))


def split(total: int, parts: int, *, low: int, high: int, rng: Random, step: int = 5) -> list[int]:
    """Return `parts` amounts within [low, high] that add up to `total`, varied by opposite pairs."""
    if not parts * low <= total <= parts * high:
        raise ValueError(f"{total} cannot be split into {parts} parts of {low} to {high}")
    base, rest = divmod(total, parts)
    amounts = [base + 1] * rest + [base] * (parts - rest)
    for _ in range(6 * parts):
        up, down, change = rng.randrange(parts), rng.randrange(parts), rng.choice((step, 2 * step, 4 * step))
        if up != down and amounts[up] + change <= high and amounts[down] - change >= low:
            amounts[up] += change
            amounts[down] -= change
    return amounts


def share_out(total: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Return whole shares in proportion to the weights that add up to `total` (largest remainder)."""
    whole = sum(weights.values())
    shares = {key: total * weight // whole for key, weight in weights.items()}
    by_remainder = sorted(weights, key=lambda key: (-(total * weights[key] % whole), key))
    for key in by_remainder[: total - sum(shares.values())]:
        shares[key] += 1
    return shares


def _workday(draft: _Draft, period: Mapping[str, Any]) -> date:
    first, last = date.fromisoformat(period["first_day"]), date.fromisoformat(period["last_day"])
    while True:
        day = first + timedelta(days=draft.days.randrange((last - first).days + 1))
        if draft.calendar.is_workday(day):
            return day


def _add_cases(draft: _Draft) -> None:
    for case in draft.recipe["cases"]:
        draft.loans.append(
            PlannedLoan(
                day=date.fromisoformat(case["day"]),
                township=case["village"][:9] + "000",
                thousands=case["amount"],
                borrower=case["borrower"],
                use=case["use"],
                is_party=case.get("party", False),
                is_secretary=case.get("secretary", False),
                tier=case["tier"],
                village=case["village"],
                project=case["project"],
                key=case["key"],
            )
        )


def _add_first_year(draft: _Draft) -> None:
    """The first year is printed by township and by size, so each cell is filled by itself."""
    year = draft.recipe["first_year"]
    big = share_out(year["above_50"], year["by_township"])
    for township, total in year["by_township"].items():
        cases = sum(
            loan.thousands for loan in draft.loans if loan.township == township and loan.day.year == year["year"]
        )
        rest, small = big[township] - cases, total - big[township]
        amounts = split(
            rest, _parts(rest, year["usual_big"]), low=SMALL_MAX + 1, high=AMOUNT_MAX, rng=draft.amounts, step=10
        )
        amounts += split(small, _parts(small, year["usual_small"]), low=SMALL_MIN, high=SMALL_MAX, rng=draft.amounts)
        draft.loans += [
            PlannedLoan(day=_workday(draft, year), township=township, thousands=amount) for amount in amounts
        ]


def _parts(total: int, usual: int) -> int:
    return max(1, (2 * total + usual) // (2 * usual))


def _add_second_year(draft: _Draft) -> None:
    """Of the second year only the total is known; its townships lend in proportion to the first year."""
    year = draft.recipe["second_year"]
    cases = sum(loan.thousands for loan in draft.loans if loan.day.year == year["year"])
    parts = draft.recipe["loans"] - len(draft.loans)
    townships = draft.recipe["first_year"]["by_township"]
    places = [place for place, count in share_out(parts, townships).items() for _ in range(count)]
    amounts = split(year["total"] - cases, parts, low=SMALL_MIN, high=AMOUNT_MAX, rng=draft.amounts)
    draft.loans += [
        PlannedLoan(day=_workday(draft, year), township=place, thousands=amount)
        for place, amount in zip(places, amounts, strict=True)
    ]


def _give_units(draft: _Draft) -> None:
    """Number the households. A few cooperatives' loans serve several; the second loan of a case serves the same."""
    extra = (
        draft.recipe["households"] - draft.recipe["loans"] + sum("household_of" in c for c in draft.recipe["cases"])
    )
    joint = [
        index
        for index, loan in enumerate(draft.loans)
        if not loan.key and loan.day.year == draft.recipe["first_year"]["year"] and loan.thousands > SELF_MAX
    ][: draft.recipe["joint_loans"]]
    sizes = share_out(extra, {str(index): 1 for index in joint})
    same = {case["key"]: case["household_of"] for case in draft.recipe["cases"] if "household_of" in case}
    units_of: dict[str, tuple[int, ...]] = {}
    following = 0
    for index, loan in enumerate(draft.loans):
        if loan.key in same:
            continue
        count = 1 + sizes.get(str(index), 0)
        units, following = tuple(range(following, following + count)), following + count
        borrower = BorrowerKind.COOPERATIVE if index in joint else loan.borrower
        draft.loans[index] = replace(loan, units=units, borrower=borrower)
        units_of[loan.key] = units
    draft.loans = [replace(loan, units=units_of[same[loan.key]]) if loan.key in same else loan for loan in draft.loans]


def _give_uses(draft: _Draft) -> None:
    """A household keeps one use over all its loans; the biggest groups choose first, so that the counts come out."""
    room = Counter(draft.recipe["uses"])
    use_of: dict[int, str] = {}
    for loan in sorted(draft.loans, key=lambda loan: (not loan.key, -len(loan.units))):
        if loan.units[0] in use_of:
            continue
        use = loan.use or max(room, key=lambda name: (room[name], name))
        room[use] -= len(loan.units)
        use_of |= dict.fromkeys(loan.units, use)
    others = {units: draft.terms.choice(OTHER_USES) for units in sorted({loan.units for loan in draft.loans})}
    draft.loans = [
        replace(loan, use=others[loan.units] if use_of[loan.units[0]] == "other" else use_of[loan.units[0]])
        for loan in draft.loans
    ]


def _give_party(draft: _Draft) -> None:
    """Above the first class only members borrow; more members follow until the printed number is reached."""
    wanted = draft.recipe["party_households"]
    party = {loan.units[0] for loan in draft.loans if loan.is_party}
    party |= {loan.units[0] for loan in draft.loans if not loan.is_body and loan.thousands > SELF_MAX}
    if len(party) > wanted:
        raise ValueError(f"{len(party)} households must be of Party members, {wanted} are printed")
    others = [loan.units[0] for loan in draft.loans if not loan.is_body and loan.units[0] not in party]
    party |= set(draft.terms.sample(sorted(set(others)), wanted - len(party)))
    draft.loans = [replace(loan, is_party=not loan.is_body and loan.units[0] in party) for loan in draft.loans]


def _give_tiers_and_terms(draft: _Draft) -> None:
    draft.loans = [replace(loan, tier=_tier(loan), term_months=_term(loan, draft.terms)) for loan in draft.loans]


def _tier(loan: PlannedLoan) -> str:
    if loan.key:
        return loan.tier
    if loan.is_body:
        return "collective"
    if loan.thousands <= SELF_MAX:
        return "self"
    return "helping" if loan.thousands <= HELPING_MAX else "leading"


def _term(loan: PlannedLoan, rng: Random) -> int:
    """A year in the first year; later also longer ones, and early in the year some of half a year."""
    term = rng.choice(SECOND_YEAR_TERMS)
    is_short = rng.random() < 1 / 4
    if loan.day.year == date(2013, 1, 1).year or loan.key:
        return 12
    return SHORT_TERM if is_short and loan.day <= LAST_SHORT_START else term


def _give_villages(draft: _Draft) -> None:
    """Any village of the township; but on a case's day nobody else of its village is paid."""
    taken = {(loan.village, loan.day) for loan in draft.loans if loan.key}
    for index, loan in enumerate(draft.loans):
        if loan.village:
            continue
        village = draft.places.choice(draft.villages[loan.township])
        while (village, loan.day) in taken:
            village = draft.places.choice(draft.villages[loan.township])
        draft.loans[index] = replace(loan, village=village)
