"""Pure rules of lending: meetings, limits, terms. No database, no clock; amounts are yuan."""

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from finance.daycount import add_months
from organizations.rules import age_on

TOWNSHIP_DIGITS = 9


@dataclass(frozen=True)
class Breach:
    """A rule that is not kept: its code (see choices.BreachText), the field to blame and the figures to quote."""

    code: str
    field: str = ""
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class Votes:
    """The count of a meeting. `entitled` are all with a vote; the recused leave the room and do not count."""

    entitled: int
    present: int
    in_favour: int
    against: int
    abstained: int
    recused: int = 0

    @property
    def base(self) -> int:
        """Those who should attend: the entitled without the recused."""
        return self.entitled - self.recused

    @property
    def has_quorum(self) -> bool:
        """More than half of those who should attend are present."""
        return 2 * self.present > self.base

    @property
    def is_carried(self) -> bool:
        """More than half of those who should attend are in favour (half is not enough)."""
        return self.has_quorum and 2 * self.in_favour > self.base

    def breaches(self) -> list[Breach]:
        """Return what cannot be true about this count."""
        found = []
        if min(self.entitled, self.present, self.in_favour, self.against, self.abstained, self.recused) < 0:
            found.append(Breach("count_negative", "present"))
        if self.base < 1:
            found.append(Breach("nobody_entitled", "entitled"))
        if self.present > self.base:
            found.append(Breach("more_present_than_entitled", "present", {"base": self.base}))
        if self.in_favour + self.against + self.abstained != self.present:
            found.append(Breach("votes_do_not_add_up", "in_favour", {"present": self.present}))
        return found


@dataclass(frozen=True)
class TierRule:
    """A class of borrowers: who may be in it, between which amounts, helping whom."""

    borrower_kinds: Sequence[str]
    amount_min: Decimal
    amount_max: Decimal
    members_only: bool
    helped: Sequence[Mapping[str, object]]

    def is_opened_by(self, helped: Counter[str]) -> bool:
        """Whether the named helped people open the class: one alternative is enough, an empty list asks for nobody."""
        return not self.helped or any(helped[str(rule["kind"])] >= int(str(rule["min"])) for rule in self.helped)


@dataclass(frozen=True)
class RequestRules:
    """What a programme version allows to be asked for. None: that is not looked at."""

    amount_multiple: Decimal
    term_months_min: int
    term_months_max: int
    age_min: int
    purposes: Sequence[str]
    repayment_methods: Sequence[str]
    age_max: int | None = None
    debts_to_income_max: Decimal | None = None


@dataclass(frozen=True)
class Request:
    """What an applicant asks for. None and "" are not written down yet: no rule speaks about them."""

    borrower_kind: str
    amount: Decimal | None
    term_months: int | None
    purpose: str
    repayment_method: str
    birth_date: date
    is_party_member: bool
    helped: Counter[str]
    project_total: Decimal | None
    own_funds: Decimal | None
    # How many people of each kind the household promised to help before and did not.
    lapsed: Counter[str] = dataclasses.field(default_factory=Counter)
    annual_income: Decimal | None = None
    existing_loans: Decimal | None = None


# A soft rule asks for a written reason; what is only worth knowing stops nobody. All the others are hard.
SOFT = frozenset(
    ("above_usual_age", "debts_above_income", "household_in_arrears", "household_written_off", "nominal_is_no_member")
)
WORTH_KNOWING = frozenset(("lending_stopped", "no_quota", "quota_short", "no_budget", "budget_short", "others_apply"))


def check_request(request: Request, *, tier: TierRule, rules: RequestRules, on: date) -> list[Breach]:
    """Return every hard rule of the programme that a request breaks, in the order of the form."""
    return [
        *check_age(request.birth_date, rules=rules, on=on),
        *check_class(request, tier=tier),
        *check_amount(request.amount, tier=tier, multiple=rules.amount_multiple),
        *check_term(request.term_months, rules=rules),
        *check_use(request, rules=rules),
        *check_funding(request),
    ]


def check_age(birth_date: date, *, rules: RequestRules, on: date) -> list[Breach]:
    if age_on(birth_date, on) >= rules.age_min:
        return []
    return [Breach("too_young", "id_number", {"age_min": rules.age_min})]


def check_place(*, division_path: str, county_path: str, branch_division_path: str) -> list[Breach]:
    """Return whether an applicant lives outside the programme's county, or in another township than his branch."""
    found = []
    if not division_path.startswith(county_path):
        found.append(Breach("outside_county", "person"))
    if branch_division_path[:TOWNSHIP_DIGITS] != division_path[:TOWNSHIP_DIGITS]:
        found.append(Breach("other_township", "branch"))
    return found


def check_usual_age(birth_date: date, *, rules: RequestRules, on: date) -> list[Breach]:
    """Soft: who is older than usual (the limit itself is usual)."""
    if rules.age_max is None or age_on(birth_date, on) <= rules.age_max:
        return []
    return [Breach("above_usual_age", "id_number", {"age_max": rules.age_max})]


def check_class(request: Request, *, tier: TierRule) -> list[Breach]:
    """Return why a borrower does not belong to a class: its kind, the Party, the people helped."""
    found = []
    if request.borrower_kind not in tier.borrower_kinds:
        found.append(Breach("class_is_for_others", "tier"))
    if tier.members_only and not request.is_party_member:
        found.append(Breach("class_is_for_members", "tier"))
    return [*found, *check_help(request, tier=tier)]


def check_help(request: Request, *, tier: TierRule) -> list[Breach]:
    """Return why the people named do not open a class. Promises that lapsed count against as many new ones."""
    # Subtracting Counters keeps what is above zero.
    if tier.is_opened_by(request.helped - request.lapsed):
        return []
    if tier.is_opened_by(request.helped):
        return [Breach("help_lapsed", "tier", {"number": request.lapsed.total()})]
    return [Breach("too_few_helped", "tier")]


def check_amount(amount: Decimal | None, *, tier: TierRule, multiple: Decimal) -> list[Breach]:
    """Return what is wrong with an amount: below or above its class, or not a multiple."""
    found: list[Breach] = []
    if amount is None:
        return found
    if amount <= 0:
        return [Breach("amount_not_positive", "amount_asked")]
    if amount > tier.amount_max:
        found.append(Breach("above_class", "amount_asked", {"limit": tier.amount_max}))
    if amount < tier.amount_min:
        found.append(Breach("below_class", "amount_asked", {"limit": tier.amount_min}))
    if amount % multiple:
        found.append(Breach("not_a_multiple", "amount_asked", {"multiple": multiple}))
    return found


def check_term(term_months: int | None, *, rules: RequestRules) -> list[Breach]:
    if term_months is None or rules.term_months_min <= term_months <= rules.term_months_max:
        return []
    return [
        Breach("term_outside", "term_months", {"shortest": rules.term_months_min, "longest": rules.term_months_max})
    ]


def check_use(request: Request, *, rules: RequestRules) -> list[Breach]:
    """Return what is wrong with the purpose and the way of repayment."""
    found = []
    if request.purpose and request.purpose not in rules.purposes:
        found.append(Breach("purpose_not_allowed", "purpose"))
    if request.repayment_method and request.repayment_method not in rules.repayment_methods:
        found.append(Breach("method_not_allowed", "repayment_method"))
    return found


def check_funding(request: Request) -> list[Breach]:
    if request.project_total is None or request.own_funds is None or request.amount is None:
        return []
    if request.project_total - request.own_funds < request.amount:
        return [Breach("more_than_the_project_needs", "amount_asked")]
    return []


def check_debts(request: Request, *, rules: RequestRules) -> list[Breach]:
    """Soft: debts with the loan asked for, against so many times the income of a year. Equal is not above."""
    limit, income = rules.debts_to_income_max, request.annual_income
    if limit is None or income is None or request.amount is None or request.existing_loans is None:
        return []
    debts = request.existing_loans + request.amount
    if debts <= limit * income:
        return []
    return [Breach("debts_above_income", "existing_loans", {"debts": debts, "income": income, "limit": limit})]


def check_exposure(amount: Decimal, *, exposed: Decimal, limit: Decimal | None, code: str) -> list[Breach]:
    """Return whether an amount and what a household (or body) is exposed to already come to more than its limit."""
    total = exposed + amount
    if limit is None or total <= limit:
        return []
    return [Breach(code, "amount_asked", {"total": total, "limit": limit})]


def reduced_rate(rate: Decimal, *, points: Decimal, floor: Decimal) -> Decimal:
    """Return a rate less so many percentage points, not below the floor; a rate below the floor stays what it is."""
    return max(rate - points, min(rate, floor))


SHORT_TERM_MONTHS, MEDIUM_TERM_MONTHS, LONG_EXTENSION_MONTHS = 12, 60, 36


def extension_months_max(term_months: int) -> int:
    """Return how many months all extensions of a loan may come to (贷款通则 art. 12).

    A short loan (up to a year) may run once more as long, a medium one (up to five years) half as long, a long one
    three years.
    """
    if term_months <= SHORT_TERM_MONTHS:
        return term_months
    if term_months <= MEDIUM_TERM_MONTHS:
        return term_months // 2
    return LONG_EXTENSION_MONTHS


def months_until(start: date, end: date) -> int:
    """Return the months from one day to a later one, a part of a month counted as one."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if add_months(start, months) >= end else months + 1
