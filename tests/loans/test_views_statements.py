"""Bank statements in the browser: upload, look, book, reconcile."""

import io
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from jobs.choices import JobState
from jobs.models import Job
from jobs.operations import run_job
from loans.choices import LineOutcome, RepaymentMethod, StatementState
from loans.models import Loan, StatementImport, StatementLine
from tests.factories.county import NOON
from tests.factories.lending import Order, lend
from tests.factories.statements import HEADER, book, csv, excel, outcomes_of, row_of, take_in
from tests.loans.pages import text_of

LIST, DIFFERENCES = reverse("loans:statements"), reverse("loans:statement-differences")
DAY = date(2014, 3, 20)


@pytest.fixture
def loans(office):
    village = office.yangcen.village
    made = lend(*[Order(village, "50000", date(2013, 9, 25)) for _ in range(3)])
    keys = [loan.pk for loan in made]
    Loan.objects.filter(pk__in=keys).update(repayment_method=RepaymentMethod.QUARTERLY_INTEREST, day_count="act360")
    return list(Loan.objects.filter(pk__in=keys).order_by("pk"))  # fmt: skip


@pytest.fixture
def officer(office, sign_in, noon):
    return sign_in(office.yangcen.credit_officer)


def upload(client, content, name="回单.xlsx"):
    return client.post(LIST, {"file": SimpleUploadedFile(name, content)})


def url_of(name, statement):
    return reverse(f"loans:statement{name}", args=[statement.pk])


def test_a_file_goes_from_the_upload_to_the_ledger(officer, loans):
    content = excel(row_of(loans[0], "LS1", DAY, interest=1770), row_of(loans[1], "LS2", DAY, interest=1769.5))
    answer = upload(officer, content)
    statement = StatementImport.objects.get()
    assert answer.url == url_of("", statement)
    assert "LS1" in text_of(officer.get(answer.url))
    started = officer.post(url_of("-post", statement))
    job = Job.objects.get()
    assert started.url == reverse("jobs:detail", args=[job.pk])
    run_job(job_id=job.pk, now=lambda: NOON)
    job.refresh_from_db()
    statement.refresh_from_db()
    assert (job.state, job.done, job.total) == (JobState.DONE, 2, 2)
    assert (statement.state, outcomes_of(statement)) == (StatementState.POSTED, [LineOutcome.BOOKED] * 2)


def test_the_same_file_again_leads_to_what_became_of_the_first(officer, loans):
    content = excel(row_of(loans[0], "LS1", DAY, interest=1770))
    assert upload(officer, content).url == upload(officer, content, name="另名.xlsx").url
    assert StatementImport.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("回单.xlsx", b"PK\x03\x04 broken"),
        ("回单.xlsx", b""),
        ("回单.csv", b"\xff\xfe\x00"),
        ("回单.exe", b"MZ"),
        ("回单.csv", "甲,乙\n1,2\n".encode()),
        ("a" * 240 + ".csv", b"1"),
    ],
)
def test_a_file_that_cannot_be_used_is_answered_with_a_sentence(officer, name, content):
    page = upload(officer, content, name)
    assert page.status_code == 200
    assert page.context["form"].errors["file"]


def test_without_a_file_the_form_says_so(officer, loans):
    assert officer.post(LIST, {}).context["form"].errors["file"]


def test_errors_stand_with_their_cells_in_the_words_of_the_office(officer, loans):
    upload(officer, csv(row_of(loans[0], "LS1", "2014-02-30", principal="1200.125")), "回单.csv")
    page = text_of(officer.get(url_of("", StatementImport.objects.get())))
    assert "C2 不是日期" in page
    assert "E2 不是金额" in page


def test_lines_are_narrowed_by_the_address(office, officer, loans):
    rows = row_of(loans[0], "LS1", DAY, interest=1), row_of("无", "LS2", DAY, interest=1)
    statement = take_in(office.yangcen, csv(*rows))
    page = officer.get(url_of("", statement), {"outcome": "unknown"})
    assert [row.record.bank_reference for row in page.context["table"].paginated_rows] == ["LS2"]
    assert officer.get(url_of("", statement), {"outcome": "no-such", "look": "x"}).status_code == 200


def test_a_statement_is_discarded_and_compared_again(office, officer, loans):
    statement = take_in(office.yangcen, csv(row_of("无", "LS2", DAY, interest=1)))
    assert officer.post(url_of("-check", statement)).status_code == 302
    assert officer.post(url_of("-discard", statement)).url == LIST
    assert officer.post(url_of("-check", statement)).status_code == 302
    assert officer.post(url_of("-post", statement)).status_code == 302
    statement.refresh_from_db()
    assert (statement.state, statement.job) == (StatementState.DISCARDED, None)


def test_the_template_is_read_back_by_the_reader(officer):
    response = officer.get(reverse("loans:statement-template"))
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    assert [cell.value for cell in book.worksheets[0][1]] == HEADER
    assert "UTF-8" in response.headers["Content-Disposition"].upper()


def test_the_reconciliation_shows_what_differs_with_the_loans_dues(office, officer, loans):
    rows = [row_of(loans[0], "LS1", DAY, interest=1700), row_of(loans[1], "LS2", DAY, interest=1770)]
    book(take_in(office.yangcen, csv(*rows)), office.yangcen)
    line = StatementLine.objects.get(bank_reference="LS1")
    page = officer.get(DIFFERENCES)
    shown = [row.record.bank_reference for row in page.context["table"].paginated_rows]
    # 87 + 90 days at ten yuan make 1770; the interest upon interest of 90 days on 870 yuan comes on top.
    assert (shown, line.interest_difference) == (["LS1", "LS2"], -70)
    assert "-70.00" in text_of(page).replace("−", "-")
    assert "已入账 1,700.00" in text_of(page)


def test_a_difference_is_clarified_on_its_page_and_leaves_the_list(office, officer, loans):
    book(take_in(office.yangcen, csv(row_of(loans[0], "LS1", DAY, interest=1700))), office.yangcen)
    line = StatementLine.objects.get()
    url = reverse("loans:statement-line", args=[line.pk])
    assert officer.post(url, {"note": ""}).context["form"].errors["note"]
    assert officer.post(url, {"note": "银行少扣，下季补收。"}).url == DIFFERENCES
    assert "银行少扣，下季补收。" in text_of(officer.get(url))
    assert not officer.get(DIFFERENCES).context["table"].rows
    assert len(officer.get(DIFFERENCES, {"look": "clarified"}).context["table"].rows) == 1
    assert officer.post(url, {"note": "再次"}).context["form"] is None


def test_what_belongs_to_another_counter_does_not_exist(office, sign_in, noon, loans):
    rows = row_of(loans[0], "LS1", DAY, interest=1), row_of("无", "LS2", DAY, interest=1)
    statement = take_in(office.yangcen, csv(*rows))
    stranger = sign_in(office.shaxi.credit_officer)
    line = statement.lines.get(outcome=LineOutcome.UNKNOWN)
    urls = [url_of("", statement), reverse("loans:statement-line", args=[line.pk])]
    assert [stranger.get(url).status_code for url in urls] == [404, 404]
    assert [stranger.post(url_of(name, statement)).status_code for name in ("-post", "-check", "-discard")] == [
        404
    ] * 3
    assert not stranger.get(LIST).context["table"].rows
    assert not stranger.get(DIFFERENCES).context["table"].rows


@pytest.mark.parametrize("page", [LIST, DIFFERENCES])
def test_the_lists_ask_as_much_for_one_row_as_for_many(office, officer, loans, questions, page):
    counts = []
    for number in range(3):
        rows = [row_of(loan, f"LS{number}-{loan.pk}", DAY, interest=1 + number) for loan in loans]
        book(take_in(office.yangcen, csv(*rows)), office.yangcen)
        with questions() as asked:
            officer.get(page)
        counts.append(len(asked))
    assert counts[1] == counts[2]
    assert counts[2] <= FRAME_QUESTIONS + 5


FRAME_QUESTIONS = 14
