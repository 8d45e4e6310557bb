"""A risk fund with its rules, loans in arrears and claims: what tests of the fund start from.

fund = RiskFactory(office).fund                         7:3, claims from day 60 on, one million paid in
story = RiskFactory(office); claim = story.filed(loan)   moved there by the operations themselves
"""

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from accounts.models import User
from files.operations import prepare
from loans.models import Loan
from loans.operations.standings import refresh_standings
from risk.choices import ClaimOutcome, ClaimPaper, ContributorKind, TransferKind
from risk.models import Claim, FundStatement, FundTransfer, RiskFund
from risk.operations.breakers import store_watch
from risk.operations.claims import Paper, decide_claim, file_claim, pay_claim, prepare_claim
from risk.operations.funds import Party, book_transfer, set_shares, store_scheme
from risk.operations.recoveries import decide_write_off, propose_write_off, record_recovery
from risk.operations.statements import keep_statement, take_in_statement
from tests.factories.county import NOON, TODAY, County, Village
from tests.factories.files import pdf, upload
from tests.factories.lending import Order, lend
from tests.factories.spreadsheets import csv_file
from tests.factories.write_offs import finding

EXAMPLE = Path(__file__).parents[2] / "fixtures" / "risk" / "example.json"
PAPERS = tuple(
    Paper(
        code,
        number=f"附{place}",
        copies=3 if code == ClaimPaper.COLLECTION else 1,
        file=prepare(upload=upload(pdf(), f"附{place}.pdf")),
    )  # fmt: skip
    for place, code in enumerate(ClaimPaper.values, start=1)
)
STATEMENT_HEADER = ["日期", "流水号", "收入", "支出"]
# Paid out 2013-05-10 for twelve months: on 2014-08-15 it is 97 days past maturity.
LATE_START = date(2013, 5, 10)


class RiskFactory:
    """The county's fund, and claims moved along by the people whose turn it is."""

    def __init__(self, county: County, *, paid_in: str = "1000000", at: datetime = NOON, **rule: Any) -> None:
        self.county, self.at = county, at
        self.officer: User = county.yangcen.credit_officer  # of the outlet that files
        data = json.loads(EXAMPLE.read_text(encoding="utf-8"))
        data["rules"][0] |= rule
        self.fund: RiskFund = store_scheme(data=data, stored_by=None, at=at)
        store_watch(data=data, stored_by=None, at=at)
        if Decimal(paid_in):
            self.deposit(paid_in)

    def deposit(self, amount: str, *, reference: str = "CZ-0001", day: date = date(2013, 8, 1)) -> FundTransfer:
        return book_transfer(
            fund=self.fund, kind=TransferKind.DEPOSIT, amount=Decimal(amount), value_date=day,
            bank_reference=reference, booked_by=self.finance, at=self.at,
            contributor=self.fund.contributors.get(kind=ContributorKind.GOVERNMENT),
        )  # fmt: skip

    def share(self, *weights: tuple[str, str, str], day: date = date(2014, 1, 1)) -> None:
        """Agree on other shares from a day on: (name, kind, weight) each."""
        parties = [Party(name, kind, Decimal(weight)) for name, kind, weight in weights]
        set_shares(fund=self.fund, effective_from=day, parties=parties, set_by=self.finance, at=self.at)

    @property
    def finance(self) -> User:
        return self.county.finance_officer

    @property
    def group(self) -> User:
        return self.county.leading_group_officer

    def prepared(self, loan: Loan) -> Claim:
        return prepare_claim(loan=loan, prepared_by=self.officer, at=self.at)

    def filed(self, loan: Loan) -> Claim:
        claim = self.prepared(loan)
        file_claim(claim_id=claim.pk, revision=claim.revision, papers=PAPERS, filed_by=self.officer, at=self.at)
        claim.refresh_from_db()
        return claim

    def decide(self, claim: Claim, by: User, outcome: str = ClaimOutcome.PASS, reason: str = "") -> Claim:
        decide_claim(
            claim_id=claim.pk, outcome=outcome, revision=claim.revision, decided_by=by, at=self.at, reason=reason
        )
        claim.refresh_from_db()
        return claim

    def approved(self, loan: Loan) -> Claim:
        claim = self.filed(loan)
        for user in (self.county.organisation_officer, self.finance, self.group):
            self.decide(claim, user)
        return claim

    def pay(self, claim: Claim, *, reference: str = "") -> Claim:
        pay_claim(
            claim_id=claim.pk, revision=claim.revision, bank_reference=reference or f"DC-{claim.pk}",
            value_date=TODAY, paid_by=self.finance, at=self.at,
        )  # fmt: skip
        claim.refresh_from_db()
        return claim

    def recover(self, claim: Claim, amount: str, costs: str = "0", *, reference: str = "") -> Claim:
        record_recovery(
            claim_id=claim.pk, revision=claim.revision, amount=Decimal(amount), costs=Decimal(costs), value_date=TODAY,
            bank_reference=reference or f"ZC-{claim.pk}", recorded_by=self.finance, at=self.at,
        )  # fmt: skip
        claim.refresh_from_db()
        return claim

    def write_off_proposed(self, claim: Claim) -> Claim:
        propose_write_off(
            claim_id=claim.pk, revision=claim.revision, reason="借款人死亡且无遗产。", document_number="剑财9号",
            paper=finding(), proposed_by=self.finance, at=self.at,
        )  # fmt: skip
        claim.refresh_from_db()
        return claim

    def write_off(self, claim: Claim) -> Claim:
        self.write_off_proposed(claim)
        decide_write_off(
            claim_id=claim.pk, revision=claim.revision, outcome=ClaimOutcome.WRITE_OFF, decided_by=self.group,
            at=self.at,
        )  # fmt: skip
        claim.refresh_from_db()
        return claim

    def paid(self, loan: Loan) -> Claim:
        return self.pay(self.approved(loan))


def stated(story: RiskFactory, *rows: list[str]) -> FundStatement:
    """Keep rows of the bank's statement: date, reference, in, out."""
    statement = take_in_statement(
        fund=story.fund, content=csv_file([STATEMENT_HEADER, *rows]), file_name="专户对账单.csv",
        uploaded_by=story.finance, at=story.at,
    )  # fmt: skip
    keep_statement(statement_id=statement.pk, kept_by=story.finance, at=story.at)
    return statement


def late_loan(village: Village, amount: str = "50000", *, start: date = LATE_START, **order: Any) -> Loan:
    """A loan whose principal is past maturity, with its standing."""
    return late_loans(village, [amount], start=start, **order)[0]


def late_loans(village: Village, amounts: list[str], *, start: date = LATE_START, **order: Any) -> list[Loan]:
    version = str(max(start.year, 2013))
    loans = lend(*[Order(village, amount, start, version=version, **order) for amount in amounts])
    refresh_standings(loans, on=TODAY)
    return [Loan.objects.select_related("application", "version", "standing").get(pk=loan.pk) for loan in loans]


def loan_overdue_by(village: Village, days: int, amount: str = "50000") -> Loan:
    """A loan that fell due so many days before 2014-08-15."""
    due = TODAY - timedelta(days=days)
    return late_loan(village, amount, start=due.replace(year=due.year - 1))
