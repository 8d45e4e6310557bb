"""What a decider states at each step. A form fills it, the demo loader fills it, the decision keeps it."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from finance.money import to_fen
from loans.choices import LeadingRole, MeetingKind, NoticeLevel, RepaymentConduct, UseOfFunds
from loans.rules import Votes


@dataclass(frozen=True)
class Facts:
    """Nothing beyond the outcome and the reason."""

    def as_json(self) -> dict[str, Any]:
        return {key: _plain(value) for key, value in asdict(self).items()}


def _plain(value: Any) -> Any:
    match value:
        case Decimal():
            return str(value)
        case date():
            return value.isoformat()
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case _:
            return value


@dataclass(frozen=True)
class IntakeFacts(Facts):
    """The application: what the applicant declared and consented to when it was submitted."""

    declarations: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReturnFacts(Facts):
    """A return to the clerk: the pages of the application that must be corrected; empty where none is named."""

    pages: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReferralFacts(Facts):
    """Step 1: who introduces the applicant, and what he says. He declares that he is no relative."""

    introducer_id: int
    visited_on: date
    is_no_relative: bool


@dataclass(frozen=True)
class ReviewFacts(Facts):
    """Step 2: the meeting, its count and the four checks that the programme prints."""

    held_on: date
    place: str
    kind: MeetingKind
    votes: Votes
    chair: str
    recorder: str
    recused_names: tuple[str, ...] = ()
    plan_is_sound: bool = True
    prospects_are_good: bool = True
    credit_is_good: bool = True
    can_repay: bool = True
    # The number of the recorded meeting; empty where only its count was written down with the case.
    meeting: str = ""

    @property
    def all_checks_passed(self) -> bool:
        return self.plan_is_sound and self.prospects_are_good and self.credit_is_good and self.can_repay


@dataclass(frozen=True)
class SheetFacts:
    """The sheet on which several cases of one request are published together. `request_id` is a UUID as text."""

    request_id: str
    title: str
    level: NoticeLevel
    organization_id: int
    division_code: str
    notice_days: int


@dataclass(frozen=True)
class NoticeFacts(Facts):
    """Publishing: where the paper hangs, from which day, whom to call. Without a sheet the case gets its own."""

    place: str
    phone: str
    starts_on: date
    address: str = ""
    sheet: SheetFacts | None = None

    def last_day(self, days: int) -> date:
        """Both days count: a notice of seven days from the 3rd ends on the 9th."""
        return self.starts_on + timedelta(days=days - 1)


@dataclass(frozen=True)
class FilingFacts(Facts):
    """Step 3: when the papers came in, and which of them the committee saw.

    Cases with the same `request_id` (a UUID as text) go into one filing; without it a case gets its own.
    """

    received_on: date
    has_resolution: bool = False
    has_notice: bool = False
    has_letter: bool = False
    has_photos: bool = False
    request_id: str = ""


@dataclass(frozen=True)
class CreditFacts(Facts):
    """Step 5, the credit decision: the lender's own amount (yuan) and term, neither above what was asked.

    Raises finance.money.NotAnAmount for what no ledger can hold (three decimals).
    """

    amount: Decimal
    term_months: int

    def __post_init__(self) -> None:
        to_fen(self.amount)


@dataclass(frozen=True)
class DisbursementFacts(CreditFacts):
    """Step 5, paying out: contract, day and the bank's reference.

    `first_part` where the contract's amount is paid out in parts (yuan); None: all of it now.
    """

    contract_number: str
    start_date: date
    bank_reference: str
    first_part: Decimal | None = None

    def __post_init__(self) -> None:
        CreditFacts.__post_init__(self)
        if self.first_part is not None:
            to_fen(self.first_part)

    @property
    def paid_now(self) -> Decimal:
        return self.amount if self.first_part is None else self.first_part


@dataclass(frozen=True)
class SettlementFacts(Facts):
    """The loan was repaid in full on a day."""

    settled_on: date


@dataclass(frozen=True)
class AssessmentFacts(Facts):
    """Step 6: how the money was used, how it came back, whom it helped."""

    use: UseOfFunds
    conduct: RepaymentConduct
    leading_role: LeadingRole
    households_led: int = 0


NO_FACTS = Facts()


@dataclass(frozen=True)
class Problem:
    """Why something cannot be done, for the person at the screen. `field` names the input to blame."""

    message: str
    field: str = ""
