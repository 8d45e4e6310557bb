"""Pure rules of lending: meetings, limits, terms. No database, no clock; amounts are yuan."""

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from finance.daycount import add_months
from organizations.rules import age_on


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
    """What a programme version allows to be asked for."""

    amount_multiple: Decimal
    term_months_min: int
    term_months_max: int
    age_min: int
    purposes: Sequence[str]
    repayment_methods: Sequence[str]


@dataclass(frozen=True)
class Request:
    """What an applicant asks for."""

    borrower_kind: str
    amount: Decimal
    term_months: int
    purpose: str
    repayment_method: str
    birth_date: date
    is_party_member: bool
    helped: Counter[str]
    project_total: Decimal
    own_funds: Decimal


def check_request(request: Request, *, tier: TierRule, rules: RequestRules, on: date) -> list[Breach]:
    """Return every rule of the programme that a request breaks, in the order of the form."""
    return [
        *_check_borrower(request, tier=tier, rules=rules, on=on),
        *check_amount(request.amount, tier=tier, multiple=rules.amount_multiple),
        *_check_terms(request, rules=rules),
        *_check_funding(request),
    ]


def _check_borrower(request: Request, *, tier: TierRule, rules: RequestRules, on: date) -> list[Breach]:
    found = []
    if age_on(request.birth_date, on) < rules.age_min:
        found.append(Breach("too_young", "id_number", {"age_min": rules.age_min}))
    if request.borrower_kind not in tier.borrower_kinds:
        found.append(Breach("class_is_for_others", "tier"))
    if tier.members_only and not request.is_party_member:
        found.append(Breach("class_is_for_members", "tier"))
    if not tier.is_opened_by(request.helped):
        found.append(Breach("too_few_helped", "tier"))
    return found


def check_amount(amount: Decimal, *, tier: TierRule, multiple: Decimal) -> list[Breach]:
    """Return what is wrong with an amount: below or above its class, or not a multiple."""
    found = []
    if amount <= 0:
        return [Breach("amount_not_positive", "amount_asked")]
    if amount > tier.amount_max:
        found.append(Breach("above_class", "amount_asked", {"limit": tier.amount_max}))
    if amount < tier.amount_min:
        found.append(Breach("below_class", "amount_asked", {"limit": tier.amount_min}))
    if amount % multiple:
        found.append(Breach("not_a_multiple", "amount_asked", {"multiple": multiple}))
    return found


def _check_terms(request: Request, *, rules: RequestRules) -> list[Breach]:
    found = []
    if not rules.term_months_min <= request.term_months <= rules.term_months_max:
        values = {"shortest": rules.term_months_min, "longest": rules.term_months_max}
        found.append(Breach("term_outside", "term_months", values))
    if request.purpose not in rules.purposes:
        found.append(Breach("purpose_not_allowed", "purpose"))
    if request.repayment_method not in rules.repayment_methods:
        found.append(Breach("method_not_allowed", "repayment_method"))
    return found


def _check_funding(request: Request) -> list[Breach]:
    if request.project_total - request.own_funds < request.amount:
        return [Breach("more_than_the_project_needs", "amount_asked")]
    return []


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
