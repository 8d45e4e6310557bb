"""Visits and collection steps, written down by the operations themselves."""

from datetime import date, datetime
from decimal import Decimal
from uuid import uuid4

from accounts.models import User
from files.operations import Prepared, prepare
from loans.choices import BusinessCondition, CollectionKind, Reached, RepaymentOutlook, UseOfFunds
from loans.models import CollectionAct, Loan, Visit
from loans.operations.care import CollectionReport, VisitReport, record_collection, record_visit
from tests.factories.county import NOON, TODAY
from tests.factories.files import jpeg, upload


def photo(number: int = 1) -> Prepared:
    """Return a photo; another number is another photo."""
    return prepare(upload=upload(jpeg((80 + number, 60)), f"现场{number}.jpg"))


def report(**fields: object) -> VisitReport:
    values = {
        "visited_on": TODAY,
        "use_of_funds": UseOfFunds.AS_AGREED,
        "business": BusinessCondition.GOOD,
        "outlook": RepaymentOutlook.SURE,
    }
    return VisitReport(**(values | fields))


def visit(loan: Loan, by: User, *, at: datetime = NOON, **fields: object) -> Visit:
    """Write a visit down; `corrects` names the one whose place it takes."""
    corrects, keep = fields.pop("corrects", None), fields.pop("keep_photos", True)
    return record_visit(
        loan_id=loan.pk, report=report(**fields), request_id=uuid4(), visitor=by,
        recorded_at=at, corrects_id=corrects.pk if corrects else None, keep_photos=keep,
    )  # fmt: skip


def promise(by: date, amount: str) -> dict[str, object]:
    return {"promise_date": by, "promise_amount": Decimal(amount)}


def collect(loan: Loan, by: User, *, at: datetime = NOON, **fields: object) -> CollectionAct:
    values = {"kind": CollectionKind.PHONE, "done_on": TODAY, "reached": Reached.BORROWER}
    return record_collection(
        loan_id=loan.pk, report=CollectionReport(**(values | fields)), request_id=uuid4(), recorded_by=by,
        recorded_at=at,
    )  # fmt: skip
