"""The six reports, their editions and the bulletin of a small county."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dashboards.figures.periods import Period
from dashboards.models import ReportDraft, ReportEdition
from dashboards.statistics.annual import print_annual
from dashboards.statistics.bulletin_documents import print_bulletin
from dashboards.statistics.bulletin_operations import issue_bulletin, last_version, write_bulletin
from dashboards.statistics.definitions import reports
from dashboards.statistics.documents import PDF, XLSX, print_edition, print_report
from dashboards.statistics.errors import UnableToIssue
from dashboards.statistics.operations import prepare_reports, selection_of
from dashboards.statistics.queries import filled, marks_of, owed_rows
from dashboards.statistics.sheet import Sheet
from inbox.models import Message
from organizations.scope import NotAllowed
from tests.factories.county import NOON, TODAY, County
from tests.factories.lending import Order, lend
from tests.factories.loans import store_jianchuan
from tests.factories.statistics import bulletin, edition

OF_THE_HOUSE = 4  # session, account, posts, work waiting
PERIODS = {"month": "2014-07", "quarter": "2014-Q2", "year": "2013"}


@pytest.fixture
def lent(county: County) -> County:
    """羊岑乡: 30,000 in August 2013 (a Party household) and 60,000 in July 2014; 沙溪镇: 80,000 in March 2014."""
    store_jianchuan()
    village = county.yangcen.village
    member = village.households[0]
    lend(
        Order(village, "30000", date(2013, 8, 1), purpose="crops", households=[member], party=[member]),
        Order(county.shaxi.village, "80000", date(2014, 3, 5)),
        Order(village, "60000", date(2014, 7, 10), purpose="tourism", households=[village.households[1]]),
    )
    return county


def sheet_of(county: County, report: str, period: str) -> Sheet:
    selection = selection_of(county.division, TODAY)
    return filled(reports()[report], Period.parse(period), selection=selection, county=county.division, today=TODAY)


def row_of(sheet: Sheet, township: str) -> dict:
    return next(row.cells for row in sheet.rows if row.key == township)


def test_the_month_the_year_and_all_years_stand_side_by_side(lent):
    cells = row_of(sheet_of(lent, "monthly_progress", "2014-07"), lent.yangcen.division.path)
    assert [cells[code] for code in ("amount", "year_amount", "all_amount")] == [60_000, 60_000, 90_000]
    assert cells["outstanding"] == 90_000
    assert (cells["households"], cells["party_households"]) == (1, 0)


def test_the_total_is_the_sum_of_the_townships(lent):
    sheet = sheet_of(lent, "monthly_progress", "2014-07")
    for code in ("households", "loans", "amount", "year_amount", "all_amount", "outstanding"):
        assert sheet.total.cells[code] == sum(row.cells[code] for row in sheet.rows)
    assert sheet.total.cells["all_amount"] == 170_000


def test_uses_are_told_apart_and_add_up(lent):
    cells = row_of(sheet_of(lent, "use_structure", "2014-Q3"), lent.yangcen.division.path)
    assert (cells["tourism_amount"], cells["crops_amount"], cells["amount"]) == (60_000, 0, 60_000)
    assert (cells["up_to_50000"], cells["above_50000"]) == (0, 60_000)


def test_a_change_needs_a_base(lent):
    before, year_before = sheet_of(lent, "monthly_progress", "2014-07").changes
    assert (before.cells["year_amount"], before.cells["amount"]) == (Decimal("75.00"), None)
    assert year_before.cells["year_amount"] is None


@pytest.mark.parametrize("report", list(reports()))
def test_a_county_without_a_loan_has_every_report_and_no_rate(county, report):
    sheet = sheet_of(county, report, PERIODS[reports()[report].kind])
    shares = [column.code for column in reports()[report].columns if column.share]
    rates = [code for code in shares if code != "member_share"]
    assert [sheet.total.cells[code] for code in rates] == [None] * len(rates)


def test_a_township_sees_its_own_row_only(lent, client, noon):
    client.force_login(lent.yangcen.committee_officer)
    answer = client.get(reverse("dashboards:report", args=["monthly_progress"]), {"period": "2014-07"})
    text = answer.content.decode()
    assert lent.yangcen.division.name in text
    assert lent.shaxi.division.name not in text


def test_a_figure_of_lending_leads_to_its_loans(lent, client, noon):
    client.force_login(lent.leader)
    answer = client.get(reverse("dashboards:report", args=["monthly_progress"]), {"period": "2014-07"})
    link = f"/figures/loans/?as_of=2014-07-31&amp;month=2014-07&amp;township={lent.yangcen.division.path}"
    assert link in answer.content.decode()
    assert "1" in client.get(link.replace("&amp;", "&")).content.decode()


def test_an_edition_keeps_its_figures_when_the_books_go_on(lent):
    made = edition(lent.division, by=lent.organisation_officer)
    before = print_edition(made, form=PDF).content
    lend(Order(lent.shaxi.village, "50000", date(2014, 7, 20), households=[lent.shaxi.village.households[1]]))
    again = ReportEdition.objects.get(pk=made.pk)
    assert print_edition(again, form=PDF).content == before
    assert print_edition(again, form=XLSX).content == print_edition(made, form=XLSX).content


def test_a_correction_is_a_second_edition_with_the_differences_marked(lent):
    edition(lent.division, by=lent.organisation_officer)
    lend(Order(lent.shaxi.village, "50000", date(2014, 7, 20), households=[lent.shaxi.village.households[1]]))
    second = edition(lent.division, by=lent.organisation_officer, reason="漏报一笔。")
    marks = marks_of(second)
    assert second.number == 2
    assert marks[lent.shaxi.division.path, "amount"] == "0.00"
    assert (lent.yangcen.division.path, "amount") not in marks


def test_a_correction_without_a_reason_is_refused(lent):
    edition(lent.division, by=lent.organisation_officer)
    with pytest.raises(UnableToIssue):
        edition(lent.division, by=lent.organisation_officer)


def test_the_same_request_makes_one_edition(lent):
    request_id = uuid4()
    made = [edition(lent.division, by=lent.organisation_officer, request_id=request_id) for _ in range(2)]
    assert made[0] == made[1]


def test_a_period_that_is_not_over_is_not_frozen(lent):
    with pytest.raises(UnableToIssue):
        edition(lent.division, by=lent.organisation_officer, period="2014-08")


def test_finance_hands_in_the_subsidies_and_nobody_else(lent):
    made = edition(lent.division, by=lent.finance_officer, report="subsidy_quarter", period="2014-Q2")
    assert made.organization.kind == "finance_bureau"
    for stranger in (lent.organisation_officer, lent.leader, lent.yangcen.committee_officer):
        with pytest.raises(NotAllowed):
            edition(lent.division, by=stranger, report="subsidy_quarter", period="2014-Q2")


def test_the_calendar_notes_what_is_owed_once_and_reminds_twice(lent):
    assert prepare_reports(at=NOON) == len(reports())
    assert prepare_reports(at=NOON + timedelta(hours=1)) == 0
    late = {
        row.report.code
        for row in owed_rows(scope=selection_of(lent.division, TODAY).scope, today=TODAY)
        if row.is_late
    }
    assert late == set(reports())
    told = Message.objects.filter(recipient=lent.finance_officer, kind="report_late")
    assert [message.facts["period"] for message in told] == ["2014-Q2"]


def test_an_edition_settles_what_was_owed(lent):
    prepare_reports(at=NOON)
    edition(lent.division, by=lent.organisation_officer)
    scope = selection_of(lent.division, TODAY).scope
    assert "monthly_progress" not in {row.report.code for row in owed_rows(scope=scope, today=TODAY)}


def test_an_officer_keeps_what_he_entered_and_issues_it(lent, client, noon):
    client.force_login(lent.organisation_officer)
    url = f"{reverse('dashboards:report-fill', args=['monthly_progress'])}?period=2014-07"
    cell = f"cell-{lent.shaxi.division.path}:note"
    values = {"unit": "县委组织部", "head": "杨", "telephone": "1", "request_id": str(uuid4()), cell: "已核"}
    client.post(url, {**values, "action": "keep"})
    assert ReportDraft.objects.get().entered == {f"{lent.shaxi.division.path}:note": "已核"}
    assert "已核" in client.get(url).content.decode()
    answer = client.post(url, {**values, "action": "issue"}, follow=True)
    made = ReportEdition.objects.get()
    assert made.sheet["signers"]["filled_by"] == lent.organisation_officer.name
    assert "已核" in answer.content.decode()


def test_a_report_of_a_running_period_is_printed_as_not_final(lent):
    paper = print_report(
        reports()["monthly_progress"], Period.parse("2014-08"), reader=lent.leader, on=TODAY, form=XLSX
    )  # fmt: skip
    assert "未定稿" in paper.name


def test_a_bulletin_is_written_by_people_and_issued_once(lent):
    officer = lent.organisation_officer
    draft = bulletin(lent.division, by=officer, measure="year_amount")
    assert "第一梯队为沙溪镇" in last_version(draft).body
    write_bulletin(
        bulletin_id=draft.pk, title="关于进展的通报", body="一、情况。", seen=1, written_by=officer, written_at=NOON
    )
    with pytest.raises(UnableToIssue):  # his page shows the first version still
        issue_bulletin(
            bulletin_id=draft.pk, number="甲〔2014〕1号", issued_on=TODAY, seen=1, issued_by=officer, issued_at=NOON
        )  # fmt: skip
    issued = issue_bulletin(
        bulletin_id=draft.pk, number="甲〔2014〕1号", issued_on=TODAY, seen=2, issued_by=officer, issued_at=NOON
    )  # fmt: skip
    assert print_bulletin(issued).content.startswith(b"%PDF")
    with pytest.raises(UnableToIssue):
        write_bulletin(bulletin_id=draft.pk, title="改", body="改", seen=2, written_by=officer, written_at=NOON)


def test_a_township_reads_a_bulletin_when_it_is_issued(lent, client, noon):
    draft = bulletin(lent.division, by=lent.organisation_officer)
    client.force_login(lent.yangcen.committee_officer)
    url = reverse("dashboards:bulletin", args=[draft.pk])
    assert client.get(url).status_code == 404
    issue_bulletin(
        bulletin_id=draft.pk, number="甲〔2014〕1号", issued_on=TODAY, seen=1, issued_by=lent.organisation_officer,
        issued_at=NOON,
    )  # fmt: skip
    assert client.get(url).status_code == 200


def test_the_annual_report_of_a_year_without_data_is_printed(county):
    paper = print_annual(
        Period.parse("2010"), selection=selection_of(county.division, TODAY), county=county.division, today=TODAY
    )  # fmt: skip
    assert paper.content.startswith(b"%PDF")


def test_the_list_of_editions_costs_the_same_for_one_and_for_many(lent, client, noon):
    client.force_login(lent.leader)
    counts = []
    for number in range(3):
        edition(lent.division, by=lent.organisation_officer, reason="更正。" if number else "")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("dashboards:editions"), {"report": "monthly_progress"}).status_code == 200
        counts.append(len(queries))
    assert counts[1] == counts[2]
    assert counts[2] <= OF_THE_HOUSE + 5
