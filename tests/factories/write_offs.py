"""Proposals to write a loan off."""

from datetime import date

from accounts.models import User
from files.operations import Prepared, prepare
from loans.models import Loan, WriteOffRequest
from loans.operations.write_offs import propose_write_off
from tests.factories.county import NOON, TODAY
from tests.factories.files import pdf, upload


def finding(name: str = "损失认定书.pdf") -> Prepared:
    """Return the signed finding of a loss."""
    return prepare(upload=upload(pdf(), name))


def write_off_proposed(loan: Loan, officer: User, *, on: date = TODAY) -> WriteOffRequest:
    """Propose to write a loan in arrears off, at noon of the demo's day."""
    return propose_write_off(
        loan_id=loan.pk, value_date=on, document_number="核-1", reason="借款人死亡，无遗产。", paper=finding(),
        recorded_by=officer, recorded_at=NOON,
    )  # fmt: skip
