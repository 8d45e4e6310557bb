"""The bank's statement of the special account: uploaded, looked at, kept once, compared with the books for ever."""

import hashlib
import io
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.choices import Action
from audit.operations import record
from risk.choices import StatementOutcome, StatementState
from risk.models import FundStatement, FundStatementLine, RiskFund
from risk.operations.errors import UnableToBook
from risk.operations.funds import require_fund_manager
from risk.queries.statements import COLUMNS, Row, judge, row_of, rows_of
from web.clock import day_of
from web.spreadsheets import read_rows

NAME_LENGTH_MAX = 200
ROWS_AT_ONCE = 1000


def take_in_statement(
    *, fund: RiskFund, content: bytes, file_name: str, uploaded_by: User, at: datetime
) -> FundStatement:
    """Read the bank's workbook or CSV and compare its rows with what we hold. Nothing is kept of it yet.

    A file that was kept before is found again; one that was only read is read anew. Raises NotAllowed, and
    web.spreadsheets.Unreadable with a sentence for every file that is no table.
    """
    require_fund_manager(uploaded_by, fund.division, at)
    # Before the lock: the program that opens the file may take half a minute.
    rows = [row_of(row, on=day_of(at)) for row in read_rows(io.BytesIO(content), COLUMNS)]
    return _store(fund, rows, content, file_name, uploaded_by, at)


@transaction.atomic
def _store(
    fund: RiskFund, rows: Sequence[Row], content: bytes, file_name: str, user: User, at: datetime
) -> FundStatement:
    RiskFund.objects.select_for_update().get(pk=fund.pk)
    require_fund_manager(user, fund.division, at)
    sha256 = hashlib.sha256(content).hexdigest()
    same = FundStatement.objects.filter(fund=fund, sha256=sha256).exclude(state=StatementState.REPLACED)
    found = same.first()
    if found is not None and found.state == StatementState.KEPT:
        return found
    same.update(state=StatementState.REPLACED)
    judge(fund, rows)
    statement = FundStatement.objects.create(
        fund=fund,
        file_name=file_name[-NAME_LENGTH_MAX:],
        sha256=sha256,
        rows=[row.as_json() for row in rows],
        uploaded_by=user,
        uploaded_at=at,
    )
    record(action=Action.CREATED, actor=user, at=at, subject=statement, detail={"lines": len(rows)})
    return statement


@transaction.atomic
def keep_statement(*, statement_id: int, kept_by: User, at: datetime) -> int:
    """Keep the new rows of a file that was read, all or none; returns how many. Kept again, nothing more happens.

    Raises NotAllowed, UnableToBook when a row is not in order.
    """
    statement = FundStatement.objects.select_related("fund__division").get(pk=statement_id)
    fund = statement.fund
    RiskFund.objects.select_for_update().get(pk=fund.pk)
    require_fund_manager(kept_by, fund.division, at)
    statement.refresh_from_db(fields=["state"])
    if statement.state == StatementState.KEPT:
        return 0
    if statement.state == StatementState.REPLACED:
        raise UnableToBook(_("The same file was uploaded once more: look at that one."))
    rows = rows_of(statement)
    # Another file may have been kept since this one was read.
    fresh = [row for row in rows if not row.problems]
    judge(fund, fresh)
    if len(fresh) < len(rows) or any(row.problems for row in fresh):
        raise UnableToBook(_("Rows of this statement are not in order: nothing is kept. Please upload a mended file."))
    lines = [_line(fund, row, kept_by, at) for row in fresh if row.outcome == StatementOutcome.NEW]
    FundStatementLine.objects.bulk_create(lines, batch_size=ROWS_AT_ONCE)
    statement.state, statement.kept_by, statement.kept_at = StatementState.KEPT, kept_by, at
    statement.save(update_fields=["state", "kept_by", "kept_at"])
    record(action=Action.CHANGED, actor=kept_by, at=at, subject=statement, detail={"lines": ["", str(len(lines))]})
    return len(lines)


def _line(fund: RiskFund, row: Row, user: User, at: datetime) -> FundStatementLine:
    assert row.day is not None  # a row in order has its day
    return FundStatementLine(
        fund=fund,
        value_date=row.day,
        bank_reference=row.bank_reference,
        paid_in=row.paid_in,
        paid_out=row.paid_out,
        recorded_by=user,
        recorded_at=at,
    )
