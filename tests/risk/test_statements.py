"""The bank's statement of the special account: read in a program of its own, looked at, kept once."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from organizations.scope import NotAllowed
from risk.choices import StatementFault, StatementOutcome, StatementState, TransferKind
from risk.models import FundStatement
from risk.operations.errors import UnableToBook
from risk.operations.funds import book_transfer
from risk.operations.statements import keep_statement, take_in_statement
from risk.queries.funds import reconcile
from risk.queries.statements import rows_of
from tests.factories.county import NOON, TODAY
from tests.factories.risk import STATEMENT_HEADER, stated
from tests.factories.spreadsheets import OLE, csv_file, workbook
from web.spreadsheets import Unreadable

pytestmark = pytest.mark.usefixtures("invariants_hold", "noon")
DEPOSIT = ["2013-08-01", "CZ-0001", "1000000.00", ""]


def take_in(story, *rows, content=None, by=None) -> FundStatement:
    return take_in_statement(
        fund=story.fund, content=content or workbook([STATEMENT_HEADER, *rows]), file_name="专户对账单.xlsx",
        uploaded_by=by or story.finance, at=NOON,
    )  # fmt: skip


def keep(story, statement, by=None) -> int:
    return keep_statement(statement_id=statement.pk, kept_by=by or story.finance, at=NOON)


def faults(statement) -> list[tuple[str, str]]:
    return [problem for row in rows_of(statement) for problem in row.problems]


def test_nothing_is_kept_before_somebody_says_so(story):
    statement = take_in(story, DEPOSIT)
    assert statement.state == StatementState.READ
    assert story.fund.statement_lines.count() == 0
    assert keep(story, statement) == 1
    line = story.fund.statement_lines.get()
    assert (line.bank_reference, line.paid_in, line.paid_out) == ("CZ-0001", Decimal("1000000.00"), 0)


def test_differences_from_the_bank_come_first(story):
    for kind, amount, reference in ((TransferKind.INTEREST, "100.50", "LX-1"), (TransferKind.CHARGE, "20", "SX-1")):
        book_transfer(
            fund=story.fund, kind=kind, amount=Decimal(amount), value_date=TODAY, bank_reference=reference,
            booked_by=story.finance, at=NOON,
        )  # fmt: skip
    stated(story, DEPOSIT, ["2014-08-15", "LX-1", "100.05", ""], ["2014-08-14", "QT-9", "", "7"])
    rows = {row.bank_reference: (row.stated, row.booked, row.is_matched) for row in reconcile(story.fund)}
    assert rows["CZ-0001"] == (1000000, 1000000, True)
    assert rows["LX-1"] == (Decimal("100.05"), Decimal("100.50"), False)
    assert rows["QT-9"] == (-7, None, False)
    assert rows["SX-1"] == (None, -20, False)
    assert [row.is_matched for row in reconcile(story.fund)] == [False, False, False, True]


def test_the_same_file_and_the_same_rows_in_another_file_are_kept_once(story):
    content = workbook([STATEMENT_HEADER, DEPOSIT])
    first = take_in(story, content=content)
    assert [keep(story, first), keep(story, first)] == [1, 0]
    assert take_in(story, content=content) == first
    other = take_in(story, content=csv_file([STATEMENT_HEADER, DEPOSIT, ["2014-08-01", "QT-1", "", "5"]]))
    assert [row.outcome for row in rows_of(other)] == [StatementOutcome.KNOWN, StatementOutcome.NEW]
    assert keep(story, other) == 1
    assert story.fund.statement_lines.count() == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_its_encodings(story, encoding):
    assert keep(story, take_in(story, content=csv_file([STATEMENT_HEADER, DEPOSIT], encoding))) == 1


def test_an_altered_row_is_named_and_keeps_the_whole_file_out(story):
    stated(story, DEPOSIT)
    altered = take_in(story, ["2013-08-01", "CZ-0001", "999999", ""], ["2014-08-01", "QT-1", "", "5"])
    assert faults(altered) == [("", StatementFault.ALTERED)]
    with pytest.raises(UnableToBook):
        keep(story, altered)
    assert story.fund.statement_lines.count() == 1


def test_a_file_read_before_another_was_kept_is_looked_at_again(story):
    waiting = take_in(story, ["2013-08-01", "CZ-0001", "999999", ""])
    stated(story, DEPOSIT)
    with pytest.raises(UnableToBook):
        keep(story, waiting)


@pytest.mark.parametrize(
    ("cells", "cell", "fault"),
    [
        (["2014-13-01", "A", "1", ""], "A2", "not_a_day"),
        (["2014-08-16", "A", "1", ""], "A2", StatementFault.IN_THE_FUTURE),
        (["2014-08-01", "", "1", ""], "B2", "empty"),
        (["2014-08-01", "号" * 61, "1", ""], "B2", StatementFault.NOT_A_REFERENCE),
        (["2014-08-01", "A", "1", "1"], "C2", StatementFault.IN_OR_OUT),
        (["2014-08-01", "A", "", ""], "C2", StatementFault.IN_OR_OUT),
        (["2014-08-01", "A", "1.234", ""], "C2", "not_an_amount"),
        (["2014-08-01", "A", "", "-5"], "D2", "negative"),
    ],
)
def test_each_wrong_cell_gets_its_sentence(story, cells, cell, fault):
    statement = take_in(story, cells)
    assert faults(statement) == [(cell, str(fault))]
    assert all(row.sentences for row in rows_of(statement))


def test_a_reference_that_stands_there_twice_is_refused_in_both_rows(story):
    row = ["2014-08-01", "A", "1", ""]
    assert faults(take_in(story, row, row)) == [("", StatementFault.TWICE)] * 2


def test_a_file_that_was_only_read_is_read_anew(story):
    content = workbook([STATEMENT_HEADER, DEPOSIT])
    old, new = take_in(story, content=content), take_in(story, content=content)
    old.refresh_from_db()
    assert (old.state, new.state) == (StatementState.REPLACED, StatementState.READ)
    with pytest.raises(UnableToBook):
        keep(story, old)


@pytest.mark.parametrize("content", [b"x", OLE, b"\x00\x01", b"PK\x03\x04" + bytes(50)])
def test_what_is_no_table_gets_a_sentence(story, content):
    with pytest.raises(Unreadable, match="."):
        take_in(story, content=content)


def test_only_who_keeps_the_fund_reads_a_statement_in(story, office):
    statement = take_in(story, DEPOSIT)
    for user in (office.finance_director, story.group, story.officer):
        with pytest.raises(NotAllowed):
            take_in(story, DEPOSIT, by=user)
        with pytest.raises(NotAllowed):
            keep(story, statement, by=user)


# pages


def upload(client, story, content, name="专户对账单.xlsx"):
    url = reverse("risk:fund-statement", args=[story.fund.pk])
    return client.post(url, {"file": SimpleUploadedFile(name, content)})


def test_the_statement_is_looked_at_kept_and_compared_on_its_pages(story, sign_in):
    client = sign_in(story.finance)
    rows = [STATEMENT_HEADER, DEPOSIT, ["2014-08-01", "QT-1", "", "5"]]
    answer = upload(client, story, workbook(rows))
    page = client.get(answer.url)
    assert page.context["may_keep"]
    assert client.get(reverse("risk:fund-statement", args=[story.fund.pk])).context["waiting"]
    statement = FundStatement.objects.get()
    assert client.post(reverse("risk:statement-keep", args=[statement.pk])).status_code == 302
    compared = client.get(reverse("risk:fund-statement", args=[story.fund.pk]))
    assert compared.context["differences"] == 1
    assert not compared.context["waiting"]


def test_a_wrong_row_stands_on_the_page_and_nothing_can_be_kept(story, sign_in):
    client = sign_in(story.finance)
    page = client.get(upload(client, story, workbook([STATEMENT_HEADER, ["昨天", "A", "1", ""]])).url)
    assert not page.context["may_keep"]
    assert "A2 " in page.content.decode()


@pytest.mark.parametrize(("content", "name"), [(b"x", "a.pdf"), (OLE, "a.xlsx"), (b"a,b\n1,2", "a.csv")])
def test_a_file_that_is_no_statement_stays_on_the_form(story, sign_in, content, name):
    page = upload(sign_in(story.finance), story, content, name)
    assert page.status_code == 200
    assert "file" in page.context["form"].errors


def test_who_only_reads_the_fund_sees_no_form_and_no_file(story, sign_in):
    statement = take_in(story, DEPOSIT)
    client = sign_in(story.group)
    assert client.get(reverse("risk:fund-statement", args=[story.fund.pk])).context["form"] is None
    assert client.get(reverse("risk:statement", args=[statement.pk])).status_code == 404
