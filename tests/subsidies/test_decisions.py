"""Who decides on a batch, in which order, and what the last approval does."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import Error, transaction

from accounts.choices import Role
from loans.models import PayoutAccount, SubsidyBudget
from organizations.scope import NotAllowed
from subsidies.choices import BatchOutcome, BatchState, BatchStep, PaymentState
from subsidies.models import ApprovalRule, Clawback, InputSegment, Payment, SampledLine, SubsidyBatch, SubsidyLine
from subsidies.operations import decisions, samples
from subsidies.operations.decisions import Deed
from subsidies.operations.errors import BatchMoved, Blocked
from tests.factories.accounts import PostFactory, UserFactory
from tests.factories.county import NOON
from tests.factories.lending import Order, lend
from tests.factories.subsidies import Journey, Line, computed_batch


@pytest.fixture
def loans(office):
    village = office.yangcen.village
    return lend(*(Order(village, "50000", date(2014, 3, 25)) for _ in range(3)))


@pytest.fixture
def journey(office, loans):
    batch = computed_batch(office, [Line(loan, "383.33") for loan in loans])
    return Journey(office, batch)


def budget_of(batch) -> SubsidyBudget:
    return SubsidyBudget.objects.get(pk=batch.lines.first().budget_id)


def second_above(batch, amount: str) -> None:
    ApprovalRule.objects.create(programme=batch.programme, effective_from=date(2013, 1, 1), second_above=amount)


# --- review ----------------------------------------------------------------------------------------------------------


def test_the_sample_is_drawn_once_and_follows_from_the_snapshot(office, journey):
    by = office.organisation_officer
    first = samples.draw_sample(batch_id=journey.batch.pk, drawn_by=by, drawn_at=NOON)
    again = samples.draw_sample(batch_id=journey.batch.pk, drawn_by=by, drawn_at=NOON + timedelta(days=1))
    assert [line.line_id for line in first] == [line.line_id for line in again]
    SampledLine.objects.all().delete()
    anew = samples.draw_sample(batch_id=journey.batch.pk, drawn_by=by, drawn_at=NOON)
    assert [line.line_id for line in anew] == [line.line_id for line in first]


@pytest.mark.parametrize(("lines", "size"), [(0, 0), (3, 3), (10, 10), (200, 10), (201, 11), (10_000, 500)])
def test_a_sample_is_five_percent_rounded_up_and_at_least_ten(lines, size):
    rule = ApprovalRule(sample_percent=Decimal(5), sample_min=10)
    assert samples.sample_size(rule, lines) == size


def test_a_batch_is_reviewed_when_every_sampled_line_is_in_order(journey):
    assert journey.reviewed().state == BatchState.REVIEWED
    decision = journey.batch.decisions.get()
    assert (decision.step, decision.outcome) == (BatchStep.REVIEW, BatchOutcome.PASS)
    assert decision.facts["seed"] == samples.seed_of(journey.batch)


def test_a_review_waits_until_the_sample_is_drawn_and_looked_at(office, journey):
    with pytest.raises(Blocked):
        decisions.review(journey.deed(office.organisation_officer))
    samples.draw_sample(batch_id=journey.batch.pk, drawn_by=office.organisation_officer, drawn_at=NOON)
    with pytest.raises(Blocked):
        decisions.review(journey.deed(office.organisation_officer))


def test_a_batch_with_a_wrong_line_can_only_be_sent_back(office, journey):
    by = office.organisation_officer
    drawn = samples.draw_sample(batch_id=journey.batch.pk, drawn_by=by, drawn_at=NOON)
    verdicts = {line.place: samples.Verdict(line.place != 2, "已还清。") for line in drawn}
    samples.record_verdicts(batch_id=journey.batch.pk, verdicts=verdicts, recorded_by=by, recorded_at=NOON)
    with pytest.raises(Blocked, match="2"):
        decisions.review(journey.deed(by))
    decisions.send_back(journey.deed(by, reason="第2号与台账不符。"))
    journey.batch.refresh_from_db()
    assert (journey.batch.state, journey.batch.sample.count()) == (BatchState.DRAFT, 0)


def test_a_wrong_line_needs_a_note(office, journey):
    by = office.organisation_officer
    samples.draw_sample(batch_id=journey.batch.pk, drawn_by=by, drawn_at=NOON)
    with pytest.raises(Blocked):
        samples.record_verdicts(
            batch_id=journey.batch.pk, verdicts={1: samples.Verdict(False)}, recorded_by=by, recorded_at=NOON
        )


def test_the_finance_officer_cannot_review_what_he_computed(office, journey):
    with pytest.raises(NotAllowed):
        samples.draw_sample(batch_id=journey.batch.pk, drawn_by=office.finance_officer, drawn_at=NOON)


def test_two_accounts_of_one_person_are_one_decider(office, journey):
    person = office.yangcen.village.farmer
    for user in (office.finance_officer, office.organisation_officer):
        user.person = person
        user.save()
    with pytest.raises(NotAllowed, match="其他环节|already"):
        samples.draw_sample(batch_id=journey.batch.pk, drawn_by=office.organisation_officer, drawn_at=NOON)


# --- notice ----------------------------------------------------------------------------------------------------------


def test_a_notice_hangs_seven_days_both_counted(journey):
    batch = journey.published()
    assert batch.state == BatchState.ON_NOTICE
    assert (batch.notice_to - batch.notice_from).days == 6


def test_a_notice_is_not_closed_on_its_last_day_but_on_the_next(office, journey):
    journey.published()
    with pytest.raises(Blocked):
        decisions.close_notice(journey.deed(office.finance_officer, days=6))
    decisions.close_notice(journey.deed(office.finance_officer, days=1))
    with pytest.raises(BatchMoved):
        decisions.close_notice(journey.deed(office.finance_officer))


def test_a_notice_needs_a_place_and_does_not_begin_in_the_past(office, journey):
    journey.reviewed()
    deed = journey.deed(office.finance_officer)
    with pytest.raises(Blocked):
        decisions.publish(deed, place=" ", starts_on=deed.on)
    with pytest.raises(Blocked):
        decisions.publish(deed, place="公示栏", starts_on=deed.on - timedelta(days=1))


def test_nothing_is_approved_before_the_notice_is_closed(office, journey):
    journey.published()
    with pytest.raises(Blocked):
        decisions.approve(journey.deed(office.finance_director, days=30))


# --- approval --------------------------------------------------------------------------------------------------------


def test_the_approval_orders_payments_and_takes_the_money_from_the_budget(journey):
    batch = journey.approved()
    assert batch.state == BatchState.APPROVED
    assert sorted(batch.payments.values_list("amount", "state")) == [(Decimal("383.33"), PaymentState.PLANNED)] * 3
    assert budget_of(batch).due == Decimal("1149.99")
    assert budget_of(batch).paid == 0


def test_only_the_head_of_the_finance_bureau_gives_the_first_approval(office, journey):
    journey.noticed()
    for by in (office.finance_officer, office.organisation_officer, office.leading_group_officer, office.leader):
        with pytest.raises(NotAllowed):
            decisions.approve(journey.deed(by))


def test_a_village_leading_group_approves_nothing(office, journey):
    second_above(journey.batch, "100.00")
    journey.approved()
    villager = UserFactory()
    PostFactory(user=villager, role=Role.LEADING_GROUP_OFFICER, organization=office.yangcen.village.leading_group)
    with pytest.raises(NotAllowed):
        decisions.approve(journey.deed(villager))


def test_above_the_amount_of_the_rule_the_leading_group_approves_too(office, journey):
    second_above(journey.batch, "1149.98")
    assert journey.approved().state == BatchState.ON_NOTICE
    assert not journey.batch.payments.exists()
    with pytest.raises(NotAllowed):
        decisions.approve(journey.deed(office.finance_director))
    decisions.approve(journey.deed(office.leading_group_officer))
    journey.batch.refresh_from_db()
    assert journey.batch.state == BatchState.APPROVED
    assert journey.batch.payments.count() == 3


def test_exactly_the_amount_of_the_rule_needs_no_second_approval(journey):
    second_above(journey.batch, "1149.99")
    assert journey.approved().state == BatchState.APPROVED


def test_the_leading_group_may_send_back_what_the_bureau_approved(office, journey):
    second_above(journey.batch, "100.00")
    journey.approved()
    decisions.send_back(journey.deed(office.leading_group_officer, reason="请核对羊岑乡名单。"))
    journey.batch.refresh_from_db()
    assert (journey.batch.state, journey.batch.notice_from) == (BatchState.DRAFT, None)


def test_the_approvals_of_an_earlier_round_do_not_count(office, journey):
    second_above(journey.batch, "100.00")
    journey.approved()
    decisions.send_back(journey.deed(office.leading_group_officer, reason="重新核算。"))
    SubsidyBatch.objects.update(state=BatchState.COMPUTED)
    journey.published()
    with pytest.raises(Blocked):
        decisions.approve(journey.deed(office.finance_director, days=9))
    assert journey.batch.decisions.order_by("sequence").last().round == 2


def test_an_estimate_is_never_approved(office, loans):
    batch = computed_batch(office, [Line(loans[0], "100")], is_estimate=True)
    journey = Journey(office, batch)
    journey.noticed()
    with pytest.raises(Blocked):
        decisions.approve(journey.deed(office.finance_director))


def test_a_budget_that_is_not_enough_blocks_the_whole_batch(office, loans, journey):
    SubsidyBudget.objects.update(appropriated=Decimal("1149.98"))
    journey.noticed()
    with pytest.raises(Blocked, match="1149.98"):
        decisions.approve(journey.deed(office.finance_director))
    journey.batch.refresh_from_db()
    assert journey.batch.state == BatchState.ON_NOTICE
    assert not Payment.objects.exists()


def test_a_budget_may_be_used_up_to_the_last_fen(journey):
    SubsidyBudget.objects.update(appropriated=Decimal("1149.99"))
    assert journey.approved().state == BatchState.APPROVED


def test_lines_of_one_loan_are_paid_as_one_sum_and_a_negative_sum_is_taken_back(office, loans):
    old = computed_batch(
        office, [Line(loan, "300") for loan in loans], first_day=date(2013, 12, 21), last_day=date(2014, 3, 20)
    )
    Journey(office, old).approved()
    lines = {line.loan_id: line for line in old.lines.all()}
    batch = computed_batch(
        office,
        [Line(loans[0], "100"), Line(loans[0], "-20", corrects=lines[loans[0].pk])]
        + [Line(loans[1], "50"), Line(loans[1], "-80.50", corrects=lines[loans[1].pk]), Line(loans[2], "0")],
    )
    Journey(office, batch).approved()
    assert list(batch.payments.values_list("loan", "amount")) == [(loans[0].pk, Decimal("80.00"))]
    assert list(Clawback.objects.values_list("loan", "amount")) == [(loans[1].pk, Decimal("30.50"))]
    assert budget_of(batch).due == Decimal("980.00")


def test_the_batch_of_an_earlier_period_goes_first(office, loans, journey):
    computed_batch(office, [], first_day=date(2013, 12, 21), last_day=date(2014, 3, 20))
    journey.noticed()
    with pytest.raises(Blocked):
        decisions.approve(journey.deed(office.finance_director))


def test_the_lines_of_an_approved_batch_never_change(journey):
    batch = journey.approved()
    with pytest.raises(Error), transaction.atomic():
        SubsidyLine.objects.filter(batch=batch).update(amount=1)
    with pytest.raises(Error), transaction.atomic():
        InputSegment.objects.filter(batch=batch).delete()


# --- races, giving up ------------------------------------------------------------------------------------------------


def test_whoever_saw_an_older_state_is_told_who_decided(office, journey):
    journey.noticed()
    stale = journey.deed(office.finance_director)
    decisions.approve(stale)
    with pytest.raises(BatchMoved) as moved:
        decisions.approve(stale)
    assert moved.value.last_decision.decided_by == office.finance_director


def test_a_decision_from_an_older_revision_is_refused(office, journey):
    deed = journey.deed(office.finance_officer, reason="期间有误。")
    SubsidyBatch.objects.update(revision=9)
    with pytest.raises(BatchMoved):
        decisions.void(deed)


def test_giving_a_batch_up_removes_its_lines_and_frees_its_period(office, loans, journey):
    decisions.void(journey.deed(office.finance_officer, reason="期间有误。"))
    journey.batch.refresh_from_db()
    assert journey.batch.state == BatchState.VOID
    assert not SubsidyLine.objects.exists()
    assert not InputSegment.objects.exists()
    assert journey.batch.decisions.get().reason == "期间有误。"
    computed_batch(office, [Line(loans[0], "1")])


def test_giving_up_needs_a_reason_and_is_impossible_after_the_approval(office, journey):
    with pytest.raises(Blocked):
        decisions.void(journey.deed(office.finance_officer, reason=" "))
    journey.approved()
    with pytest.raises(BatchMoved):
        decisions.void(journey.deed(office.finance_officer, reason="期间有误。"))


def test_a_batch_is_not_given_up_under_a_later_one(office, journey):
    computed_batch(office, [], first_day=date(2014, 6, 21), last_day=date(2014, 9, 20))
    with pytest.raises(Blocked):
        decisions.void(journey.deed(office.finance_officer, reason="期间有误。"))


def test_a_dismissed_director_does_not_approve_with_an_old_page(office, journey):
    journey.noticed()
    director = office.finance_director
    deed = journey.deed(director)
    director.posts_in_force(deed.on)
    director.posts.update(valid_to=date(2014, 1, 1))
    with pytest.raises(NotAllowed):
        decisions.approve(Deed(deed.batch_id, deed.revision, director, deed.at))
    assert not PayoutAccount.objects.exists()
