"""Categories, warnings, insurance, and the file that frees staff of blame."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from loans.models import CollectionAct, Visit
from loans.operations.standings import refresh_standings
from organizations.scope import NotAllowed
from risk.choices import ExemptionOutcome, WarningKind, WarningOutcome
from risk.models import EarlyWarning, LoanCategory, LoanClassification
from risk.operations.classes import classify_loans, judge_category, mark_technical
from risk.operations.daily import run_daily_risk
from risk.operations.diligence import decide_exemption
from risk.operations.errors import UnableToBook
from risk.operations.insurance import record_insurance
from risk.operations.warnings import close_warning
from risk.queries.diligence import diligence_file
from tests.factories.county import NOON, TODAY
from tests.factories.lending import Order, lend
from tests.factories.loans import CaseFactory
from tests.factories.risk import late_loan, loan_overdue_by


def judge(story, loan, category, *, by=None, at=NOON, reason="借款人丧失劳动能力。"):
    return judge_category(
        loan=loan, category=category, reason=reason, judged_by=by or story.county.yangcen.credit_manager, at=at
    )


@pytest.mark.parametrize(("days", "category"), [(7, 2), (90, 2), (91, 3), (270, 3), (271, 4), (360, 4), (361, 5)])
def test_the_night_classifies_by_days_overdue(story, office, days, category):
    loan = loan_overdue_by(office.yangcen.village, days)
    classify_loans(at=NOON)
    assert LoanCategory.objects.get(loan=loan).category == category


def test_a_change_is_written_down_once_and_a_week_left_out_is_the_same(story, office):
    loan = loan_overdue_by(office.yangcen.village, 85)
    for days in (0, 0, 10):
        refresh_standings([loan], on=TODAY + timedelta(days=days))
        classify_loans(at=NOON + timedelta(days=days))
    log = LoanClassification.objects.filter(loan=loan).order_by("pk")
    assert [row.category for row in log] == [2, 3]
    assert LoanCategory.objects.get().category == 3


def test_a_normal_loan_has_no_row(story, office):
    lend(Order(office.yangcen.village, "1000", date(2014, 6, 1)))
    classify_loans(at=NOON)
    assert not LoanCategory.objects.exists()


def test_a_person_judges_worse_but_never_better_than_the_days_demand(story, office):
    loan = loan_overdue_by(office.yangcen.village, 100)
    classify_loans(at=NOON)
    with pytest.raises(UnableToBook):
        judge(story, loan, 2)
    judge(story, loan, 5)
    classify_loans(at=NOON + timedelta(days=1))
    assert (LoanCategory.objects.get().minimum, LoanCategory.objects.get().category) == (3, 5)


def test_what_was_judged_bad_is_judged_better_after_six_clean_months_only(story, office):
    loan = lend(Order(office.yangcen.village, "1000", date(2014, 6, 1)))[0]
    judge(story, loan, 3)
    with pytest.raises(UnableToBook):
        judge(story, loan, 1, at=NOON + timedelta(days=100), reason="已好转。")
    judge(story, loan, 1, at=NOON + timedelta(days=200), reason="已好转。")
    assert LoanCategory.objects.get().category == 1


def test_an_officer_of_the_loans_outlet_does_not_judge_alone_nor_without_a_reason(story, office):
    loan = loan_overdue_by(office.yangcen.village, 100)
    with pytest.raises(NotAllowed):
        judge(story, loan, 5, by=story.officer)
    with pytest.raises(UnableToBook):
        judge(story, loan, 5, reason=" ")


def test_a_technical_delay_of_up_to_seven_days_leaves_the_loan_normal(story, office):
    loan = loan_overdue_by(office.yangcen.village, 7)
    mark_technical(loan=loan, reason="系统扣款失败。", marked_by=office.yangcen.credit_manager, at=NOON)
    classify_loans(at=NOON)
    assert not LoanCategory.objects.exists()
    with pytest.raises(UnableToBook):
        mark_technical(
            loan=loan_overdue_by(office.yangcen.village, 8), reason="同上。", marked_by=office.yangcen.credit_manager,
            at=NOON,
        )  # fmt: skip


def test_the_night_warns_once_of_each_cause(story, office):
    late_loan(office.yangcen.village)
    soon = lend(Order(office.yangcen.village, "1000", date(2013, 9, 10)))[0]
    run_daily_risk(at=NOON)
    run_daily_risk(at=NOON + timedelta(days=1))
    kinds = sorted(EarlyWarning.objects.exclude(kind=WarningKind.RATIO_RISING).values_list("kind", flat=True))
    assert kinds == [WarningKind.MATURITY, WarningKind.NO_VISIT, WarningKind.NO_VISIT, WarningKind.OVERDUE]
    warning = EarlyWarning.objects.get(kind=WarningKind.MATURITY)
    assert (warning.loan, warning.cause, warning.owner) == (soon, date(2014, 9, 10), office.yangcen.outlet)


def test_a_village_whose_overdue_share_rises_is_warned_of_once_a_month(story, office):
    late_loan(office.yangcen.village, start=date(2013, 8, 1))
    for days in (0, 1):
        run_daily_risk(at=NOON + timedelta(days=days))
    warning = EarlyWarning.objects.get(kind=WarningKind.RATIO_RISING)
    assert (warning.division, warning.figures) == (
        office.yangcen.village.division,
        {"then": "0.0000", "now": "100.0000"},
    )


def test_a_warning_is_closed_once_with_what_came_of_it(story, office):
    late_loan(office.yangcen.village)
    run_daily_risk(at=NOON)
    warning = EarlyWarning.objects.get(kind=WarningKind.OVERDUE)
    values = {"warning_id": warning.pk, "outcome": WarningOutcome.REMINDED, "at": NOON}
    with pytest.raises(NotAllowed):
        close_warning(note="已电话催收。", closed_by=office.shaxi.credit_officer, **values)
    with pytest.raises(UnableToBook):
        close_warning(note="", closed_by=story.officer, **values)
    close_warning(note="已电话催收。", closed_by=story.officer, **values)
    with pytest.raises(UnableToBook):
        close_warning(note="已电话催收。", closed_by=story.officer, **values)
    run_daily_risk(at=NOON)
    assert EarlyWarning.objects.filter(kind=WarningKind.OVERDUE).count() == 1


def insure(story, loan, number="RS-1", *, by=None, to=date(2015, 8, 14)):
    return record_insurance(
        loan=loan, insurer="某寿险公司", policy_number=number, cover=Decimal(100000), valid_from=TODAY, valid_to=to,
        recorded_by=by or story.officer, at=NOON,
    )  # fmt: skip


def test_an_insurance_is_written_down_by_the_lender_once(story, office):
    loan = lend(Order(office.yangcen.village, "1000", date(2014, 6, 1)))[0]
    assert insure(story, loan).person == loan.application.person
    with pytest.raises(UnableToBook):
        insure(story, loan)
    with pytest.raises(UnableToBook):
        insure(story, loan, "RS-2", to=TODAY)
    with pytest.raises(NotAllowed):
        insure(story, loan, "RS-3", by=story.finance)


def test_no_insurance_keeps_nobody_from_his_loan(office):
    assert CaseFactory(office).lent().loan.insurances.count() == 0


@pytest.fixture
def lost(story, office):
    """A loan lent by the six steps that is 32 days past maturity on 2015-09-15."""
    loan = CaseFactory(office).lent().loan
    at = NOON + timedelta(days=396)
    refresh_standings([loan], on=at.date())
    return loan, at


def follow(loan, office, at):
    """A visit and a written demand after paying out."""
    Visit.objects.create(
        loan=loan, side="lender", visited_on=at.date() - timedelta(days=90), visitor=office.yangcen.credit_officer,
        person_key="x", organization=office.yangcen.outlet, use_of_funds="as_agreed", business="good", outlook="sure",
        recorded_at=at,
    )  # fmt: skip
    CollectionAct.objects.create(
        loan=loan, kind="notice", done_on=at.date() - timedelta(days=5), reached="borrower",
        recorded_by=office.yangcen.credit_officer, organization=office.yangcen.outlet, recorded_at=at,
    )  # fmt: skip


def exempt(office, loan, at, outcome=ExemptionOutcome.GRANT, *, by=None):
    return decide_exemption(
        loan=loan, outcome=outcome, staff="信贷员张某", reason="程序合规，损失出于自然灾害。",
        decided_by=by or office.leading_group_officer, at=at,
    )  # fmt: skip


def test_the_file_gathers_what_the_case_knows_and_names_what_is_missing(lost, office):
    loan, at = lost
    file = diligence_file(loan, on=at.date())
    found = {item.code: item.text for item in file.items}
    assert loan.application.introducer.person.name in found["referral"]
    assert "7" in found["review"]
    assert all(found[code] for code in ("notice", "filing", "credit", "repayments"))
    assert [item.code for item in file.missing] == ["visits", "collection"]


def test_no_exemption_while_an_item_is_missing(lost, office):
    loan, at = lost
    with pytest.raises(UnableToBook, match="走访"):
        exempt(office, loan, at)
    assert exempt(office, loan, at, ExemptionOutcome.REJECT).outcome == "reject"


def test_with_everything_there_the_exemption_keeps_its_evidence(lost, office):
    loan, at = lost
    follow(loan, office, at)
    decision = exempt(office, loan, at)
    assert {item["code"] for item in decision.facts["evidence"] if item["text"]} >= {"visits", "collection", "notice"}
    assert exempt(office, loan, at, ExemptionOutcome.REJECT).sequence == 2


def test_without_a_loss_there_is_nothing_to_exempt_from(office):
    loan = CaseFactory(office).lent().loan
    follow(loan, office, NOON)
    with pytest.raises(UnableToBook):
        exempt(office, loan, NOON)


def test_only_the_leading_group_decides_on_blame(lost, office):
    loan, at = lost
    for user in (office.finance_officer, office.yangcen.credit_officer, office.organisation_officer):
        with pytest.raises(NotAllowed):
            exempt(office, loan, at, by=user)
