"""Who of the second year's borrowers falls behind, what the lender does about it, and one claim on the risk fund."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import partial
from random import Random
from typing import Any

from accounts.choices import Role
from accounts.models import User
from loans.choices import CollectionKind, Reached
from loans.models import Loan
from loans.operations.care import CollectionReport, record_collection
from redcredit.demo.papers import sample_paper
from redcredit.demo.plan import SHORT_TERM, PlannedLoan
from redcredit.demo.stories import Dated, Desk, Story
from redcredit.demo.timeline import HERE
from risk.choices import ClaimOutcome, ClaimPaper, ContributorKind, TransferKind
from risk.models import Claim, RiskFund
from risk.operations.breakers import store_watch
from risk.operations.claims import Paper, decide_claim, file_claim, pay_claim, prepare_claim
from risk.operations.funds import book_transfer, store_scheme
from risk.operations.recoveries import record_recovery

SUMMER = date(2014, 6, 20)
MISSING_SUMMER, OWING_PRINCIPAL = 9, 4
LAST_SHORT_DUE = date(2014, 8, 6)
OPENED_AT = datetime(2013, 7, 1, 9, 30, tzinfo=HERE)
PAYMENTS_IN = (
    (datetime(2013, 7, 5, 15, 10, tzinfo=HERE), TransferKind.DEPOSIT, Decimal(700_000), "CZ20130705001"),
    (datetime(2014, 1, 10, 15, 20, tzinfo=HERE), TransferKind.TOP_UP, Decimal(300_000), "CZ20140110001"),
)
PAPERS = tuple(
    Paper(
        code,
        number=f"附件{place}",
        copies=3 if code == ClaimPaper.COLLECTION else 1,
        file=sample_paper(f"附件{place}.pdf", place),
    )
    for place, code in enumerate(ClaimPaper.values, start=1)
)


class Conduct(StrEnum):
    """How a borrower pays."""

    PAYS = "pays"
    NEVER = "never"
    MISSES_SUMMER = "misses_summer"
    OWES_PRINCIPAL = "owes_principal"

    def misses(self, day: date, *, is_last: bool) -> bool:
        """Whether what is due on a day is not paid."""
        match self:
            case Conduct.NEVER:
                return True
            case Conduct.MISSES_SUMMER:
                return day >= SUMMER
            case Conduct.OWES_PRINCIPAL:
                return is_last
            case _:
                return False


def conducts_of(loans: Sequence[PlannedLoan], *, own_village: str, due: Sequence[date], seed: str) -> list[Conduct]:
    """Return how each loan is paid. The first year's are paid to the day; so is everybody of the demo's own village.

    `due` are the days of maturity. The one that never pays is the largest of the winter in the demo's own township:
    its village is then above the limit of the breaker.
    """
    rng = Random(seed)  # noqa: S311  # the same county every time
    conducts = [Conduct.PAYS] * len(loans)
    second = [
        index
        for index, loan in enumerate(loans)
        if loan.day.year > loans[0].day.year and not loan.key and not loan.is_body and loan.village != own_village
    ]
    winter = [i for i in second if loans[i].day <= date(2014, 2, 28) and loans[i].term_months != SHORT_TERM]
    own = [i for i in winter if loans[i].township == own_village[:9] + "000"]
    if winter:
        conducts[max(own or winter, key=lambda i: (loans[i].thousands, -i))] = Conduct.NEVER
    ended = [i for i in second if due[i] <= LAST_SHORT_DUE and conducts[i] == Conduct.PAYS]
    for index in rng.sample(ended, min(OWING_PRINCIPAL, len(ended))):
        conducts[index] = Conduct.OWES_PRINCIPAL
    spring = [i for i in second if loans[i].day <= date(2014, 5, 31) and loans[i].term_months > SHORT_TERM]
    spring = [i for i in spring if conducts[i] == Conduct.PAYS]
    for index in rng.sample(spring, min(MISSING_SUMMER, len(spring))):
        conducts[index] = Conduct.MISSES_SUMMER
    return conducts


def fund_acts(desk: Desk, scheme: dict[str, Any]) -> Iterator[Dated]:
    """Set the county's fund up and pay into it."""
    finance = desk.staff.at(Role.FINANCE_OFFICER, desk.offices.by_name["县财政局"])[0]

    def open_it(at: datetime) -> None:
        store_scheme(data=scheme, stored_by=finance, at=at)
        store_watch(data=scheme, stored_by=finance, at=at)

    yield OPENED_AT, open_it
    for moment, kind, amount, reference in PAYMENTS_IN:
        yield moment, partial(_pay_in, kind=kind, amount=amount, reference=reference, finance=finance)


def _pay_in(at: datetime, *, kind: str, amount: Decimal, reference: str, finance: User) -> None:
    fund = RiskFund.objects.get()
    book_transfer(
        fund=fund, kind=kind, amount=amount, value_date=at.date(), bank_reference=reference, booked_by=finance, at=at,
        contributor=fund.contributors.get(kind=ContributorKind.GOVERNMENT),
    )  # fmt: skip


class Arrears:
    """What is done about a loan that is not paid."""

    def __init__(self, story: Story, conduct: Conduct) -> None:
        self.story, self.conduct = story, conduct

    def acts(self) -> Iterator[Dated]:
        if self.conduct == Conduct.MISSES_SUMMER:
            yield _moment(7, 3), lambda at: self._collect(at, CollectionKind.PHONE, Reached.BORROWER)
            yield (
                _moment(7, 24),
                lambda at: self._collect(at, CollectionKind.NOTICE, Reached.FAMILY, promised=date(2014, 8, 25)),
            )
        elif self.conduct == Conduct.OWES_PRINCIPAL:
            yield _moment(8, 11), lambda at: self._collect(at, CollectionKind.PHONE, Reached.BORROWER)
        elif self.conduct == Conduct.NEVER:
            yield from self._claim_acts()

    def _claim_acts(self) -> Iterator[Dated]:
        desk, name = self.story.desk, self.story.desk.offices.by_name
        finance = desk.staff.at(Role.FINANCE_OFFICER, name["县财政局"])[0]
        department = desk.staff.at(Role.ORGANISATION_OFFICER, name["县委组织部"])[0]
        group = desk.staff.at(Role.LEADING_GROUP_OFFICER, name["红色信贷办"])[0]
        yield _moment(4, 3), lambda at: self._collect(at, CollectionKind.PHONE, Reached.BORROWER)
        yield _moment(4, 24), lambda at: self._collect(at, CollectionKind.NOTICE, Reached.FAMILY)
        yield _moment(5, 22), lambda at: self._collect(at, CollectionKind.NOTICE, Reached.NOBODY)
        yield _moment(6, 5), self._file
        yield _moment(6, 9), lambda at: self._decide(at, department)
        yield _moment(6, 11), lambda at: self._decide(at, finance)
        yield _moment(6, 13), lambda at: self._decide(at, group)
        yield _moment(6, 17), lambda at: self._pay(at, finance)
        yield _moment(7, 22), lambda at: self._recover(at, finance)

    def _collect(self, at: datetime, kind: CollectionKind, reached: Reached, *, promised: date | None = None) -> None:
        report = CollectionReport(
            kind=kind,
            done_on=at.date(),
            reached=reached,
            promise_date=promised,
            promise_amount=Decimal(500) if promised else None,
            note="外出务工未归，家中无人。" if reached == Reached.NOBODY else "已告知逾期金额和后果，要求尽快归还。",
        )
        record_collection(
            loan_id=self.story.loan_id,
            report=report,
            request_id=self.story.desk.uuid(),
            recorded_by=self.story.officer,
            recorded_at=at,
        )

    @property
    def _claim(self) -> Claim:
        return Claim.objects.get(loan=self.story.loan_id)

    def _file(self, at: datetime) -> None:
        loan = Loan.objects.select_related("version").get(pk=self.story.loan_id)
        claim = prepare_claim(loan=loan, prepared_by=self.story.officer, at=at)
        file_claim(
            claim_id=claim.pk, revision=claim.revision, papers=PAPERS, filed_by=self.story.officer, at=at,
            opinion="经多次催收无果，借款人外出失联，申请代偿。",
        )  # fmt: skip

    def _decide(self, at: datetime, user: User) -> None:
        claim = self._claim
        decide_claim(
            claim_id=claim.pk, outcome=ClaimOutcome.PASS, revision=claim.revision, decided_by=user, at=at,
            reason="材料齐全，情况属实，同意。",
        )  # fmt: skip

    def _pay(self, at: datetime, user: User) -> None:
        claim = self._claim
        pay_claim(
            claim_id=claim.pk, revision=claim.revision, bank_reference=f"DC{at:%Y%m%d}001", value_date=at.date(),
            paid_by=user, at=at,
        )  # fmt: skip

    def _recover(self, at: datetime, user: User) -> None:
        claim = self._claim
        record_recovery(
            claim_id=claim.pk, revision=claim.revision, amount=Decimal("6000.00"), costs=Decimal("200.00"),
            value_date=at.date(), bank_reference=f"ZH{at:%Y%m%d}001", recorded_by=user, at=at,
        )  # fmt: skip


def _moment(month: int, day: int) -> datetime:
    return datetime(2014, month, day, 10, 15, tzinfo=HERE)
