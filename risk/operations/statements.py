"""The bank's statement of the special account: read in once, compared with the books for ever."""

import csv
import io
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.choices import Action
from audit.operations import record
from finance.money import NotAnAmount, parse_amount
from risk.models import FundStatementLine, RiskFund
from risk.operations.errors import UnableToBook
from risk.operations.funds import require_fund_manager

COLUMNS = 4
LINES_MAX = 2000
REFERENCE_LENGTH_MAX = 60


@transaction.atomic
def read_statement(*, fund: RiskFund, text: str, read_by: User, at: datetime) -> int:
    """Keep the lines of a pasted statement: date, reference, in, out (comma or tab between them).

    A line that is known already is passed over; one whose reference is known with another day or amount is refused,
    as is the whole text with any line that cannot be read. Returns how many lines are new. Raises NotAllowed,
    UnableToBook with the number of the line.
    """
    require_fund_manager(read_by, fund.division, at)
    RiskFund.objects.select_for_update().get(pk=fund.pk)
    known = {line.bank_reference: line for line in FundStatementLine.objects.filter(fund=fund)}
    fresh: list[FundStatementLine] = []
    for number, cells in enumerate(_cells(text), start=1):
        line = _line(fund, cells, number, read_by, at)
        old = known.get(line.bank_reference)
        if old is None:
            known[line.bank_reference] = line
            fresh.append(line)
        elif (old.value_date, old.paid_in, old.paid_out) != (line.value_date, line.paid_in, line.paid_out):
            raise UnableToBook(
                _("Line %(number)s: reference %(reference)s is known with another day or amount.")
                % {"number": number, "reference": line.bank_reference},
                "text",
            )
    FundStatementLine.objects.bulk_create(fresh)
    record(action=Action.CREATED, actor=read_by, at=at, subject=fund, detail={"lines": ["", str(len(fresh))]})
    return len(fresh)


def _cells(text: str) -> list[list[str]]:
    separator = "\t" if "\t" in text else ","
    rows = [
        [cell.strip() for cell in row]
        for row in csv.reader(io.StringIO(text), delimiter=separator)
        if any(cell.strip() for cell in row)
    ]
    if rows and not rows[0][0][:1].isdigit():
        rows = rows[1:]  # the heading
    if not rows or len(rows) > LINES_MAX:
        raise UnableToBook(_("Paste 1 to %(limit)s lines.") % {"limit": LINES_MAX}, "text")
    return rows


def _line(fund: RiskFund, cells: list[str], number: int, read_by: User, at: datetime) -> FundStatementLine:
    try:
        day, reference, paid_in, paid_out = [*cells, "", "", "", ""][:COLUMNS]
        line = FundStatementLine(
            fund=fund,
            value_date=date.fromisoformat(day),
            bank_reference=reference,
            paid_in=_amount(paid_in),
            paid_out=_amount(paid_out),
            recorded_by=read_by,
            recorded_at=at,
        )
    except (ValueError, NotAnAmount) as error:
        raise _unreadable(number) from error
    if not 0 < len(reference) <= REFERENCE_LENGTH_MAX or (line.paid_in > 0) == (line.paid_out > 0):
        raise _unreadable(number)
    return line


def _amount(text: str) -> Decimal:
    return parse_amount(text.replace(",", "") or "0")


def _unreadable(number: int) -> UnableToBook:
    return UnableToBook(
        _("Line %(number)s cannot be read: date, reference, in, out; one of the two amounts.") % {"number": number},
        "text",
    )
