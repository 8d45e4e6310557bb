"""Breakers: measured by place, tripped above the limit, lifted by a decision; what goes on in the meantime."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from loans import operations
from loans.choices import StepCode, StopMeasure
from loans.models import LendingStop, LoanEntry
from loans.operations import Blocked, NotAllowed
from loans.operations.servicing.agreements import extend
from loans.operations.stops import impose_stop, lift_stop
from loans.queries.stops import stop_covering
from risk.choices import BreakerLevel
from risk.operations.breakers import lift, run_breakers, set_breaker
from risk.operations.daily import run_daily_risk
from risk.queries.breakers import measure
from tests.factories.county import NOON
from tests.factories.lending import Order, lend
from tests.factories.loans import CaseFactory
from tests.factories.risk import late_loan, late_loans

GOOD_DAY = date(2014, 6, 1)


def bad_village(office, bad="45000", whole="800000"):
    """A village with so much bad of so much lent, and its standings."""
    village = office.yangcen.village
    loan = late_loan(village, bad)
    lend(Order(village, str(Decimal(whole) - Decimal(bad)), GOOD_DAY))
    return loan


def stop_by_decision(office, **place):
    values = {"measure": StopMeasure.BY_DECISION, "reason": "清收期间暂停。", "at": NOON}
    return impose_stop(imposed_by=office.leading_group_officer, **values, **place)[0]


def test_a_village_above_five_percent_is_stopped_with_its_share_and_limit(story, office):
    bad_village(office)
    assert run_daily_risk(at=NOON)["stops_imposed"] == 1
    stop = LendingStop.objects.get()
    assert (stop.division, stop.ratio_percent, stop.limit_percent) == (
        office.yangcen.village.division,
        Decimal("5.6250"),
        5,
    )
    assert "5.625%" in stop.reason


def test_five_percent_is_not_above_five_percent(story, office):
    bad_village(office, "40000")
    assert run_daily_risk(at=NOON)["stops_imposed"] == 0


def test_a_place_without_balance_has_no_share(story, office):
    loan = late_loan(office.yangcen.village, "45000")
    LoanEntry.objects.create(
        loan=loan, kind="principal", amount=45000, value_date=GOOD_DAY, recorded_by=story.officer, recorded_at=NOON
    )
    (found,) = measure(county=office.division, level=BreakerLevel.VILLAGE, measure=StopMeasure.NPL_RATIO)
    assert (found.whole, found.ratio_percent, found.is_above(Decimal(0))) == (0, None, False)


def test_run_twice_and_a_week_later_there_is_one_stop(story, office):
    bad_village(office)
    run_daily_risk(at=NOON)
    run_daily_risk(at=NOON)
    assert run_daily_risk(at=NOON + timedelta(days=7))["stops_imposed"] == 0
    assert LendingStop.objects.count() == 1


@pytest.mark.parametrize(
    ("level", "place"),
    [("village", "中羊村"), ("township", "羊岑乡"), ("county", "剑川县"), ("outlet", "羊岑信用社")],
)
def test_every_level_is_measured_by_one_question(story, office, level, place, django_assert_num_queries):
    bad_village(office)
    lend(Order(office.shaxi.village, "10000000", GOOD_DAY))
    run_daily_risk(at=NOON)
    with django_assert_num_queries(1):
        found = measure(county=office.division, level=level, measure=StopMeasure.NPL_RATIO)
    tripped = [one for one in found if one.part]
    assert len(tripped) == 1
    LendingStop.objects.all().delete()
    set_breaker(
        division=office.division, level=level, measure=StopMeasure.OVERDUE_RATIO, limit_percent=Decimal("0.1"),
        effective_from=NOON.date(), set_by=story.group, at=NOON,
    )  # fmt: skip
    run_breakers(at=NOON)
    assert place in {stop.place_name for stop in LendingStop.objects.filter(measure=StopMeasure.OVERDUE_RATIO)}


def test_the_compensation_rate_is_what_was_paid_over_all_that_was_lent(story, office):
    claim = story.paid(late_loan(office.yangcen.village))
    lend(Order(office.shaxi.village, "450000", GOOD_DAY))
    (found,) = measure(county=office.division, level="county", measure=StopMeasure.COMPENSATION_RATE)
    assert (found.part, found.whole) == (claim.fund_part, 500000)
    run_breakers(at=NOON)
    assert LendingStop.objects.filter(measure=StopMeasure.COMPENSATION_RATE, division=office.division).exists()


def test_a_limit_that_ends_stops_nobody(story, office):
    set_breaker(
        division=office.division, level="village", measure=StopMeasure.NPL_RATIO, limit_percent=None,
        effective_from=date(2014, 8, 1), set_by=story.group, at=NOON,
    )  # fmt: skip
    bad_village(office)
    assert run_daily_risk(at=NOON)["stops_imposed"] == 0


def test_no_new_loan_is_paid_out_in_a_stopped_village_and_the_sentence_says_why(story, office):
    bad_village(office)
    run_daily_risk(at=NOON)
    case = CaseFactory(office)
    case.at(StepCode.DISBURSEMENT)
    case.moment = NOON
    with pytest.raises(Blocked) as refused:
        case.disburse()
    sentence = refused.value.problems[0].message
    assert all(words in sentence for words in ("中羊村", "2014-08-15", "5.625%", "领导小组"))


@pytest.mark.parametrize("where", ["village", "township", "county", "outlet"])
def test_a_stop_holds_for_every_place_below_it_and_for_no_other(office, where):
    places = {
        "village": {"division": office.yangcen.village.division},
        "township": {"division": office.yangcen.division},
        "county": {"division": office.division},
        "outlet": {"outlet": office.yangcen.outlet},
    }
    here, there = lend(Order(office.yangcen.village, "1000", GOOD_DAY), Order(office.shaxi.village, "1000", GOOD_DAY))
    stop = stop_by_decision(office, **places[where])
    assert stop_covering(here.place) == stop
    assert stop_covering(there.place) == (stop if where == "county" else None)


def test_in_a_stopped_village_loans_are_repaid_and_extended_and_subsidies_confirmed(office):
    lent = CaseFactory(office)
    lent.lent()
    other = CaseFactory(office, person=office.yangcen.village.people[0])
    other.at(StepCode.SUBSIDY_CONFIRMATION)
    stop_by_decision(office, division=office.yangcen.village.division)
    lent.repay(Decimal(1000), Decimal(10))
    other.confirm()
    loan = lent.case.loan
    extend(
        loan_id=loan.pk, new_due_date=loan.due_date + timedelta(days=90), document_number="展期1号",
        value_date=lent.day, recorded_by=office.yangcen.credit_officer, recorded_at=lent.moment,
    )  # fmt: skip
    assert set(loan.entries.values_list("kind", flat=True)) >= {"principal", "extension"}
    assert other.case.step == StepCode.DISBURSEMENT


def test_after_lifting_the_loan_is_paid_out(office):
    stop = stop_by_decision(office, division=office.yangcen.village.division)
    lift_stop(stop_id=stop.pk, reason="清收完成。", lifted_by=office.leading_group_officer, at=NOON)
    assert CaseFactory(office).lent().state == "lent"


def test_a_stop_is_lifted_by_the_leading_group_once_and_with_a_reason(office):
    stop = stop_by_decision(office, division=office.yangcen.village.division)
    with pytest.raises(NotAllowed):
        lift_stop(stop_id=stop.pk, reason="可以。", lifted_by=office.finance_officer, at=NOON)
    with pytest.raises(Blocked):
        lift_stop(stop_id=stop.pk, reason=" ", lifted_by=office.leading_group_officer, at=NOON)
    lift_stop(stop_id=stop.pk, reason="清收完成。", lifted_by=office.leading_group_officer, at=NOON)
    with pytest.raises(Blocked):
        lift_stop(stop_id=stop.pk, reason="清收完成。", lifted_by=office.leading_group_officer, at=NOON)


def test_above_its_limit_a_stop_cannot_be_lifted_and_below_it_it_does_not_lift_itself(story, office):
    loan = bad_village(office)
    run_daily_risk(at=NOON)
    stop = LendingStop.objects.get()
    with pytest.raises(Blocked):
        lift(stop_id=stop.pk, reason="请恢复。", lifted_by=story.group, at=NOON)
    operations.record_repayment(
        loan_id=loan.pk, recorded_by=story.officer, recorded_at=NOON,
        repayment=operations.Repayment(Decimal(20000), Decimal(0), NOON.date(), "HK-1"),
    )  # fmt: skip
    run_daily_risk(at=NOON)
    assert LendingStop.objects.get().lifted_at is None
    lift(stop_id=stop.pk, reason="占比已降至限额以下。", lifted_by=story.group, at=NOON)
    assert run_daily_risk(at=NOON)["stops_imposed"] == 0


def test_a_stranger_imposes_nothing(office):
    with pytest.raises(NotAllowed):
        impose_stop(
            measure=StopMeasure.BY_DECISION, reason="停", imposed_by=office.yangcen.credit_officer, at=NOON,
            division=office.yangcen.village.division,
        )  # fmt: skip


def test_the_night_asks_as_many_questions_for_forty_loans_as_for_four(story, office, django_assert_max_num_queries):
    late_loans(office.yangcen.village, ["1000"] * 4)
    run_daily_risk(at=NOON)
    late_loans(office.yangcen.villages[1], ["1000"] * 40)
    with django_assert_max_num_queries(60):
        run_daily_risk(at=NOON + timedelta(days=1))
