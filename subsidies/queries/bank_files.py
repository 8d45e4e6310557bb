"""What the bank is handed: one row for each payment, the full account numbers only here."""

import csv
import io
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from decimal import Decimal

from subsidies.models import PaymentFile
from web.text import harmless

CSV_ENCODING = "utf-8-sig"


@dataclass(frozen=True)
class BankRow:
    """One payment as the bank reads it. `account` is a text of digits."""

    number: int
    holder: str
    account: str
    amount: Decimal
    purpose: str
    contract_number: str
    payment_number: int


# The bank's own words: its program finds the columns by them.
HEADINGS = ("序号", "户名", "账号", "金额", "用途", "合同编号", "支付编号")


def bank_rows(file: PaymentFile) -> Iterator[BankRow]:
    """Yield the rows of a file in its order. Opens the sealed account numbers: never for a page."""
    payments = file.payments.select_related("account", "loan", "batch").order_by("loan_id", "pk").iterator(1000)
    for number, payment in enumerate(payments, start=1):
        assert payment.account is not None  # a payment comes into a file with its account
        holder, account_number = payment.account.holder_name, payment.account.number()
        yield BankRow(
            number=number,
            holder=holder,
            account=account_number,
            amount=payment.amount,
            purpose=f"贴息{payment.batch.first_day:%Y%m%d}-{payment.batch.last_day:%Y%m%d}",
            contract_number=payment.loan.contract_number,
            payment_number=payment.pk,
        )


def bank_csv(rows: Iterator[BankRow]) -> bytes:
    """Return the fixed CSV: UTF-8 with BOM, CRLF, the columns of HEADINGS."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    writer.writerows([harmless(value) for value in astuple(row)] for row in rows)
    return text.getvalue().encode(CSV_ENCODING)
