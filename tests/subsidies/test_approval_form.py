"""The approval form of a batch: its sums, its budgets, who got nothing and why, and whose it is."""

import io
from datetime import date

import pypdf
import pytest

from jobs import operations as jobs
from jobs.choices import JobState
from loans.models import IssuedPaper, SubsidyBudget
from subsidies import documents_approval
from subsidies.documents import NothingToPrint
from subsidies.models import SubsidyLine
from tests.factories.county import NOON
from tests.factories.jobs import JobFactory
from tests.factories.lending import Order, lend
from tests.factories.subsidies import Journey, Line, computed_batch
from web import clock


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def batch(office):
    here, there = office.yangcen.village, office.shaxi.village
    loans = lend(
        Order(here, "50000", date(2014, 3, 25), households=[here.households[0]]),
        Order(there, "70000", date(2014, 3, 25)),
    )
    SubsidyBudget.objects.update(document_number="剑财预〔2014〕7号")
    return computed_batch(office, [Line(loans[0], "383.33"), Line(loans[1], "536.67")])


def printed(office, batch, reader=None):
    return documents_approval.print_approval(batch_id=batch.pk, reader=reader or office.finance_officer, at=NOON)


def words(paper):
    pages = pypdf.PdfReader(io.BytesIO(paper.content)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def test_the_form_has_period_sum_capitals_document_of_the_budget_lines_and_boxes(office, batch):
    said = words(printed(office, batch))
    for expected in [
        "贴息审批表",
        "920.00元",
        "人民币玖佰贰拾元整",
        "指标文号剑财预〔2014〕7号",
        "383.33",
        "制表（签字）",
        "复核（签字）",
        "审批（签字）",
        "扫码核验真伪",
    ]:
        assert expected in said


def test_who_got_nothing_is_listed_with_the_reason(office, batch):
    line = SubsidyLine.objects.filter(batch=batch).order_by("pk").first()
    SubsidyLine.objects.filter(pk=line.pk).update(amount=0, status="excluded", reason="misuse")
    said = words(printed(office, batch))
    assert "不予贴息挪用" in said
    assert "1笔" in said
    assert "536.67元" in said


def test_a_long_batch_leaves_the_lines_to_the_rosters(office, batch, monkeypatch):
    monkeypatch.setattr(documents_approval, "LINES_MAX", 1)
    said = words(printed(office, batch))
    assert "逐笔计息明细见各乡镇贴息花名册" in said
    assert "383.33" not in said


def test_the_same_batch_gives_the_same_bytes_and_an_approved_one_another_paper(office, batch):
    assert printed(office, batch).content == printed(office, batch).content
    Journey(office, batch).approved()
    said = words(printed(office, batch))
    assert office.finance_director.name in said
    assert [paper.sequence for paper in IssuedPaper.objects.order_by("sequence")] == [1, 2]


def test_an_office_that_does_not_reach_every_line_gets_no_form(office, batch):
    for reader in (office.yangcen.committee_officer, office.leader):
        with pytest.raises(NothingToPrint):
            printed(office, batch, reader)


def test_the_job_makes_the_form(office, batch):
    job = JobFactory(
        kind="subsidy_paper", owner=office.finance_officer,
        arguments={"batch_id": batch.pk, "paper": "approval", "place": ""},
    )  # fmt: skip
    with clock.frozen(NOON):
        jobs.run_job(job_id=job.pk, now=clock.now)
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.DONE, "")
    assert job.file_name.startswith("贴息审批表 ")
