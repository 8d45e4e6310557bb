"""What the bank is handed: one row for each payment, the full account numbers only here."""

import csv
import io
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields
from decimal import Decimal

from django.utils.translation import gettext_lazy, override

from loans.choices import Payee
from subsidies.models import PaymentFile

# A spreadsheet takes a text that begins so for a formula.
FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r")
CSV_ENCODING = "utf-8-sig"
PAPER_LANGUAGE = "zh-hans"


@dataclass(frozen=True)
class BankRow:
    """One payment as the bank reads it. `account` is a text of digits; a lender is paid without one."""

    number: int
    holder: str
    account: str
    amount: Decimal
    purpose: str
    contract_number: str
    payment_number: int


HEADINGS = dict(
    zip(
        [field.name for field in fields(BankRow)],
        (
            gettext_lazy("No."),
            gettext_lazy("Account holder"),
            gettext_lazy("Account number"),
            gettext_lazy("Amount"),
            gettext_lazy("Purpose of payment"),
            gettext_lazy("Contract number"),
            gettext_lazy("Payment number"),
        ),
        strict=True,
    )
)


def headings() -> list[str]:
    """Return the heads of the columns as the bank knows them: always Chinese."""
    with override(PAPER_LANGUAGE):
        return [str(heading) for heading in HEADINGS.values()]


def bank_rows(file: PaymentFile) -> Iterator[BankRow]:
    """Yield the rows of a file in its order. Opens the sealed account numbers: never for a page."""
    payments = (
        file.payments.select_related("account", "loan__outlet", "batch").order_by("loan_id", "pk").iterator(1000)
    )
    for number, payment in enumerate(payments, start=1):
        is_direct = payment.payee == Payee.LENDER
        yield BankRow(
            number=number,
            holder=payment.loan.outlet.name if is_direct else payment.account.holder_name,
            account="" if is_direct else payment.account.number(),
            amount=payment.amount,
            purpose=f"贴息{payment.batch.first_day:%Y%m%d}-{payment.batch.last_day:%Y%m%d}",
            contract_number=payment.loan.contract_number,
            payment_number=payment.pk,
        )


def bank_csv(rows: Iterator[BankRow]) -> bytes:
    """Return the fixed CSV: UTF-8 with BOM, CRLF, the columns of `headings`."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(headings())
    writer.writerows([harmless(value) for value in astuple(row)] for row in rows)
    return text.getvalue().encode(CSV_ENCODING)


def harmless(value: object) -> object:
    """Return a cell that no spreadsheet takes for a formula."""
    if isinstance(value, str) and value.startswith(FORMULA_BEGINS):
        return f"'{value}"
    return value
