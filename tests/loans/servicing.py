"""A loan that runs, and the officer's acts on it, for the tests of servicing."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import count

from loans import operations
from loans.choices import RepaymentMethod
from loans.models import Loan, LoanEntry, WriteOffRequest
from loans.operations.write_offs import decide_write_off, propose_write_off
from loans.queries.ledger import account_of
from tests.factories.county import NOON, County
from tests.factories.loans import CaseFactory
from tests.factories.write_offs import finding

_references = count(1)


class LoanStory:
    """A loan of 50,000 yuan for a year, at the counter of the first township."""

    def __init__(self, county: County, **data: object) -> None:
        self.county = county
        self.case_story = self.draft(county, **data)
        self.loan: Loan = self.case_story.lent().loan

    @staticmethod
    def draft(county: County, **data: object) -> CaseFactory:
        """Return its case, not yet begun."""
        return CaseFactory(county, **({"repayment_method": RepaymentMethod.LUMP_SUM} | data))

    @property
    def officer(self) -> object:
        return self.county.yangcen.credit_officer

    @property
    def start(self) -> date:
        return self.loan.start_date

    @property
    def due(self) -> date:
        return self.loan.due_date

    def at(self, day: date) -> datetime:
        return datetime.combine(day, time(12), NOON.tzinfo)

    def do(self, operation: object, *, on: date, **fields: object) -> Loan:
        """Do something on the day it is dated, or on `recorded_on`."""
        recorded_on = fields.pop("recorded_on", on)
        return operation(
            loan_id=self.loan.pk, value_date=on, recorded_by=fields.pop("by", self.officer),
            recorded_at=self.at(recorded_on), **fields,
        )  # fmt: skip

    def repay(self, principal: object = 0, *, on: date, interest: object = 0, recorded_on: date | None = None,
              reference: str = "", **parts: Decimal) -> Loan:  # fmt: skip
        repayment = operations.Repayment(
            Decimal(principal), Decimal(interest), on, reference or f"HK-S{next(_references)}", **parts
        )
        return operations.record_repayment(
            loan_id=self.loan.pk, repayment=repayment, recorded_by=self.officer,
            recorded_at=self.at(recorded_on or on),
        )  # fmt: skip

    def extend(self, months_end: date, *, on: date, **fields: object) -> Loan:
        values = {"new_due_date": months_end, "document_number": "展-1"} | fields
        return self.do(operations.extend, on=on, **values)

    def do_misuse(self, *, on: date) -> Loan:
        return self.do(operations.find_misuse, on=on, reason="转借他人。")

    def propose_write_off(self, *, on: date, by: object = None, **fields: object) -> WriteOffRequest:
        values = {"document_number": "核-1", "reason": "借款人死亡，无遗产。", "paper": finding()} | fields
        return propose_write_off(
            loan_id=self.loan.pk, value_date=on, recorded_by=by or self.officer, recorded_at=self.at(on), **values
        )  # fmt: skip

    def decide_write_off(self, proposal: WriteOffRequest, *, on: date, by: object = None, **fields: object) -> object:
        values = {"is_approved": True, "opinion": "同意核销。"} | fields
        return decide_write_off(
            request_id=proposal.pk, decided_by=by or self.county.union_manager, decided_at=self.at(on), **values
        )

    def do_write_off(self, *, on: date) -> Loan:
        self.decide_write_off(self.propose_write_off(on=on), on=on)
        return self.fresh()

    def reverse(self, entry: LoanEntry, *, on: date, reason: str = "重复入账。") -> Loan:
        return operations.reverse(
            entry_id=entry.pk, reason=reason, reversed_by=self.officer, reversed_at=self.at(on)
        )  # fmt: skip

    def account(self, on: date) -> object:
        return account_of(self.fresh(), on=on)

    def fresh(self) -> Loan:
        return Loan.objects.select_related("standing").get(pk=self.loan.pk)

    def entry(self, kind: str) -> LoanEntry:
        return self.loan.entries.filter(kind=kind).latest("pk")

    def days(self, number: int) -> date:
        return self.start + timedelta(days=number)
