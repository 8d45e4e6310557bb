"""The credit union takes in its bank's statement: looks at it, books it, clarifies what differs, settles the loan."""

from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from jobs.operations import run_job
from tests.factories.statements import excel, row_of
from tests.journeys import deeds
from tests.journeys.browser import Browser, Page
from web import clock

pytestmark = pytest.mark.usefixtures("invariants_hold")

FOUND_OUT = "银行已确认，利息少扣，下季补收。"


def upload(officer: Browser, *rows: list[object], name: str) -> Page:
    form = officer.home().menu("银行回单").form(having="file")
    return form.fill(file=SimpleUploadedFile(name, excel(*rows))).submit("上传并核对")


def book(statement: Page) -> Page:
    """Press the button and let a worker do what it asked for; return the statement's page as it is then."""
    progress = statement.form(button="新增明细入账").submit()
    assert "银行回单入账" in progress.text
    run_job(job_id=UUID(progress.url.strip("/").split("/")[-1]), now=clock.now)
    return statement.browser.open(statement.url)


def test_a_statement_is_booked_and_reconciled_until_the_loan_is_settled(office, days):
    farmer = deeds.bring_to_lender(office, days)
    officer = Browser.of(office.yangcen.credit_officer)
    deeds.disburse(officer, farmer.name, contract="HT-1")
    days.go_by(100)

    paid = row_of("HT-1", "LS-1", "2014-09-20", interest="1.00")
    read = upload(officer, paid, row_of("HT-9", "LS-2", "2014-09-20", interest="1.00"), name="九月回单.xlsx")
    assert "新增" in read.row("LS-1").text
    assert "合同不存在" in read.row("LS-2").text
    booked = book(read)
    assert "已入账" in booked.row("LS-1").text

    assert "有差异" in booked.follow("对账").row("应付利息").text
    line = booked.follow_in_row("LS-1", "核实")
    line.form(having="note").fill(note=FOUND_OUT).submit()
    assert FOUND_OUT in booked.browser.open(booked.url).follow_in_row("LS-1", "查看核实情况").text

    again = upload(officer, paid, name="九月回单重发.xlsx")
    assert "台账已有" in again.row("LS-1").text
    assert "没有待入账的明细" in again.text

    settled = upload(officer, row_of("HT-1", "LS-3", str(days.today), kind="结清", principal=50000), name="结清.xlsx")
    loan = book(settled).follow("HT-1")
    assert "已结清" in loan.text
    assert farmer.name in Browser.of(office.organisation_officer).home().menu("组织考核").text
