"""The papers of a batch: what stands on them, what does not, and that they add up."""

import io
import re
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import pypdf
import pytest

from audit.models import AuditEvent
from jobs import operations as jobs
from jobs.choices import JobState
from jobs.models import Job
from subsidies import documents
from subsidies.models import SubsidyLine
from tests.factories.county import NOON, TODAY
from tests.factories.jobs import JobFactory
from tests.factories.lending import Order, lend
from tests.factories.subsidies import CARD, Journey, Line, computed_batch, give_account
from web import clock


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def loans(office):
    here, there = office.yangcen.village, office.shaxi.village
    return lend(
        Order(here, "50000", date(2014, 3, 25), households=[here.households[0]]),
        Order(here, "60000", date(2014, 3, 25), households=[here.households[1]]),
        Order(there, "70000", date(2014, 3, 25)),
    )


@pytest.fixture
def batch(office, loans):
    give_account(loans[0])
    return computed_batch(office, [Line(loans[0], "383.33"), Line(loans[1], "0"), Line(loans[2], "536.67")])


def printed(office, batch, paper="roster", place="", reader=None):
    return documents.print_paper(
        batch_id=batch.pk, paper=paper, place=place, reader=reader or office.finance_officer, on=TODAY
    )


def words(pdf: bytes) -> str:
    return "".join("".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_the_roster_of_a_township_shows_its_lines_totals_capitals_and_seals(office, batch, loans):
    paper = printed(office, batch, place="532931201")
    text = words(paper.content)
    assert loans[0].application.person.name in text
    assert "人民币叁佰捌拾叁元叁角叁分" in text
    for needed in ("贴息花名册", "本页小计", "累计", "县财政局（盖章）", "第1页共1页", "****0016"):
        assert needed in text, needed


def test_full_numbers_stand_on_no_roster(office, batch, loans):
    paper = printed(office, batch, place="532931201")
    text = words(paper.content)
    assert loans[0].application.person.read_id_number() not in text
    assert CARD not in text


def test_a_roster_carries_its_rows_as_csv_and_has_the_same_bytes_each_time(office, batch):
    paper = printed(office, batch, place="532931201")
    attached = pypdf.PdfReader(io.BytesIO(paper.content)).attachments
    lines = attached["花名册.csv"][0].decode("utf-8-sig").splitlines()
    assert lines[0].split(",")[:4] == ["序号", "乡镇", "村", "姓名"]
    assert len(lines) == 2
    assert printed(office, batch, place="532931201").content == paper.content


def test_all_townships_come_as_one_archive_and_an_office_prints_its_own(office, batch):
    with zipfile.ZipFile(io.BytesIO(printed(office, batch).content)) as archive:
        assert len(archive.namelist()) == 2
    own = printed(office, batch, reader=office.shaxi.committee_officer)
    assert "沙溪镇" in own.name
    with pytest.raises(documents.NothingToPrint):
        printed(office, batch, place="532931201", reader=office.shaxi.committee_officer)


def test_the_public_notice_masks_names_and_leaves_numbers_out(office, batch, loans):
    text = words(printed(office, batch, paper="notice", place="532931201").content)
    name = loans[0].application.person.name
    assert name not in text
    assert name[0] + "*" in text
    assert "****0016" not in text
    assert "383.33" in text


def test_the_summary_adds_up_the_townships(office, batch):
    text = words(printed(office, batch, paper="summary").content)
    assert "920.00" in text
    assert "人民币玖佰贰拾元整" in text


def test_no_text_of_a_workbook_becomes_a_formula(office, batch, loans):
    person = loans[0].application.person
    person.name = '=HYPERLINK("x")'
    person.save()
    content = printed(office, batch, paper="workbook").content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert any(cell.value == person.name for cell in cells)
    assert [row[14] for row in sheet.iter_rows(min_row=2, values_only=True)] == [536.67, 383.33]


def test_totals_run_on_from_page_to_page(office, batch):
    rows = list(documents.rows_of(SubsidyLine.objects.filter(batch=batch).order_by("pk")))
    many = [rows[0]] * (documents.ROWS_A_PAGE + 1)
    first, second = documents.sheets_of(many)
    assert (first.total, second.total) == (Decimal("383.33") * documents.ROWS_A_PAGE, Decimal("383.33"))
    assert second.running == Decimal("383.33") * (documents.ROWS_A_PAGE + 1)


def test_a_long_roster_is_one_paper_whose_pages_and_totals_run_on(office, monkeypatch):
    monkeypatch.setattr(documents, "PAGES_A_PART", 1)
    village = office.yangcen.village
    many = lend(*(Order(village, "50000", date(2014, 3, 25)) for _ in range(2 * documents.ROWS_A_PAGE + 3)))
    batch = computed_batch(office, [Line(loan, "10") for loan in many])
    paper = printed(office, batch)
    assert paper.content_type == documents.PDF
    reader = pypdf.PdfReader(io.BytesIO(paper.content))
    pages = [re.sub(r"\s", "", page.extract_text()) for page in reader.pages]
    assert [f"第{number}页共3页" in text for number, text in enumerate(pages, start=1)] == [True] * 3
    assert ["合计（大写）" in text for text in pages] == [False, False, True]
    assert "人民币肆佰柒拾元整" in pages[2]
    rows = reader.attachments["花名册.csv"][0].decode("utf-8-sig").splitlines()
    assert len(rows) == 1 + len(many)
    assert printed(office, batch).content == paper.content


def test_a_sum_below_zero_says_so_in_capitals():
    assert documents.uppercase_of(Decimal("-80.50")) == "负人民币捌拾元零伍角整"


def run(kind: str, owner, arguments: dict) -> Job:
    job = JobFactory(kind=kind, owner=owner, arguments=arguments)
    with clock.frozen(NOON):
        jobs.run_job(job_id=job.pk, now=clock.now)
    job.refresh_from_db()
    return job


def test_the_job_keeps_the_paper_and_leaves_a_trace(office, batch):
    arguments = {"batch_id": batch.pk, "paper": "summary", "place": ""}
    job = run("subsidy_paper", office.finance_officer, arguments)
    assert (job.state, job.content_type) == (JobState.DONE, documents.PDF)
    assert AuditEvent.objects.get(action="exported").detail == {"paper": job.file_name}
    assert run("subsidy_paper", office.leader, arguments).state == JobState.FAILED


def test_the_payment_file_is_made_once_with_full_numbers_and_traced(office, batch):
    Journey(office, batch).approved()
    first = run("payment_file", office.finance_officer, {"batch_id": batch.pk})
    assert first.state == JobState.DONE, first.error
    again = run("payment_file", office.finance_officer, {"batch_id": batch.pk})
    assert batch.files.count() == 1
    with first.file.open() as kept:
        content = kept.read()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        csv_name, xlsx_name = archive.namelist()
        assert CARD in archive.read(csv_name).decode("utf-8-sig")
        sheet = openpyxl.load_workbook(io.BytesIO(archive.read(xlsx_name))).active
    assert sheet["C2"].value == CARD
    assert AuditEvent.objects.filter(action="exported").count() == 2
    assert again.file_name == first.file_name
    assert run("payment_file", office.finance_director, {"batch_id": batch.pk}).state == JobState.FAILED
