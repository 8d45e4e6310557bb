"""The rule of approval: set by the county's office for days to come, written once, read by who works on batches."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import Error, transaction
from django.urls import reverse

from loans.models import Programme
from organizations.scope import NotAllowed
from subsidies.choices import BatchState
from subsidies.models import ApprovalRule
from subsidies.operations import decisions
from subsidies.operations.errors import Blocked
from subsidies.operations.rules import RuleData, set_approval_rule
from subsidies.queries.rules import approval_rule
from tests.factories.county import NOON, TODAY
from tests.factories.lending import Order, lend
from tests.factories.subsidies import Journey, Line, computed_batch

pytestmark = pytest.mark.usefixtures("noon")
TOMORROW = TODAY + timedelta(days=1)
RULE = RuleData(
    effective_from=TOMORROW, second_above=Decimal("500000.00"), sample_percent=Decimal("5.0000"), sample_min=10,
    notice_days=7, document_number="剑贷办〔2014〕6号",
)  # fmt: skip


@pytest.fixture
def programme(office):
    return Programme.objects.get(code="jianchuan")


def set_rule(office, programme, rule=RULE, *, by=None, at=NOON) -> ApprovalRule:
    return set_approval_rule(programme=programme, rule=rule, set_by=by or office.leading_group_officer, set_at=at)


def test_a_rule_holds_from_its_day_on_and_says_who_set_it(office, programme):
    rule = set_rule(office, programme)
    assert approval_rule(programme=programme, on=TODAY).pk is None
    assert approval_rule(programme=programme, on=TOMORROW) == rule
    assert (rule.set_by, rule.set_at) == (office.leading_group_officer, NOON)


def test_the_first_rule_may_begin_today_and_no_other(office, programme):
    set_rule(office, programme, replace(RULE, effective_from=TODAY))
    with pytest.raises(Blocked):
        set_rule(office, programme, replace(RULE, effective_from=TODAY, notice_days=3))


def test_no_rule_begins_in_the_past(office, programme):
    with pytest.raises(Blocked):
        set_rule(office, programme, replace(RULE, effective_from=TODAY - timedelta(days=1)))


def test_of_two_rules_from_the_same_day_the_later_one_holds_and_both_stay(office, programme):
    set_rule(office, programme)
    second = set_rule(office, programme, replace(RULE, second_above=Decimal("200000.00")))
    assert approval_rule(programme=programme, on=TOMORROW) == second
    assert ApprovalRule.objects.count() == 2


def test_the_same_rule_again_changes_nothing(office, programme):
    assert set_rule(office, programme) == set_rule(office, programme)
    assert ApprovalRule.objects.count() == 1


@pytest.mark.parametrize(
    "changed",
    [{"document_number": " "}, {"sample_percent": Decimal(101)}, {"notice_days": 0}, {"notice_days": 31}],
)
def test_nonsense_is_refused(office, programme, changed):
    with pytest.raises(Blocked):
        set_rule(office, programme, replace(RULE, **changed))


def test_the_bureau_whose_batches_it_binds_does_not_set_it(office, programme):
    for user in (office.finance_officer, office.finance_director, office.organisation_officer, office.leader):
        with pytest.raises(NotAllowed):
            set_rule(office, programme, by=user)


def test_a_rule_is_written_once(office, programme):
    rule = set_rule(office, programme)
    with pytest.raises(Error, match="written once"), transaction.atomic():
        ApprovalRule.objects.filter(pk=rule.pk).update(second_above=1)


def test_a_batch_above_the_amount_waits_for_the_leading_group_and_one_of_the_amount_does_not(office, programme):
    set_rule(office, programme, replace(RULE, effective_from=TODAY, second_above=Decimal("200.00")))
    loans = lend(*(Order(office.yangcen.village, "50000", date(2014, 3, 25)) for _ in range(2)))
    journey = Journey(office, computed_batch(office, [Line(loans[0], "100"), Line(loans[1], "100.01")]))
    assert journey.approved().state == BatchState.ON_NOTICE
    decisions.approve(journey.deed(office.leading_group_officer))
    journey.batch.refresh_from_db()
    assert journey.batch.state == BatchState.APPROVED
    equal = computed_batch(
        office, [Line(loans[0], "200")], first_day=date(2013, 12, 21), last_day=date(2014, 3, 20)
    )  # fmt: skip
    assert Journey(office, equal).approved().state == BatchState.APPROVED


# pages


def test_the_office_sets_a_rule_on_its_page_and_finance_reads_it(office, programme, sign_in):
    group, finance = sign_in(office.leading_group_officer), sign_in(office.finance_officer)
    page = group.get(reverse("subsidies:rule-new"))
    posted = {
        "programme": programme.pk, "effective_from": TOMORROW.isoformat(), "second_above": "500000",
        "sample_percent": "5", "sample_min": "10", "notice_days": "7", "document_number": "剑贷办〔2014〕6号",
    }  # fmt: skip
    assert page.status_code == 200
    assert group.post(reverse("subsidies:rule-new"), posted).url == reverse("subsidies:rules")
    shown = finance.get(reverse("subsidies:rules"))
    assert "500,000.00" in shown.content.decode()
    assert not shown.context["may_set"]
    assert [row.is_to_come for row in shown.context["rows"]] == [True]


def test_a_rule_from_yesterday_stays_on_the_form(office, programme, sign_in):
    posted = {
        "programme": programme.pk, "effective_from": "2014-08-14", "second_above": "1", "sample_percent": "5",
        "sample_min": "10", "notice_days": "7", "document_number": "6号",
    }  # fmt: skip
    page = sign_in(office.leading_group_officer).post(reverse("subsidies:rule-new"), posted)
    assert set(page.context["form"].errors) == {"effective_from"}


def test_the_finance_bureau_has_no_page_to_set_a_rule(office, programme, sign_in):
    for user in (office.finance_officer, office.finance_director):
        assert sign_in(user).get(reverse("subsidies:rule-new")).status_code == 404
