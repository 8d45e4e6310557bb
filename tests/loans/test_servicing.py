"""What happens to a loan after it was paid out: payments, agreements, findings, and taking them back."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from audit.models import AuditEvent
from finance.daycount import add_months
from finance.money import ZERO
from loans import operations
from loans.choices import EntryKind, LoanState, RepaymentMethod, StepCode
from loans.models import ArrearsSpell, LoanEntry, LoanStanding
from loans.operations.daily import run_daily_work
from loans.operations.standings import refresh_due_standings, refresh_standings
from loans.queries.ledger import account_of, propose_allocation
from loans.rules import extension_months_max, months_until
from tests.loans.servicing import LoanStory

pytestmark = pytest.mark.usefixtures("invariants_hold")

ONE_DAY = timedelta(days=1)


@pytest.fixture
def story(office):
    return LoanStory(office)


def parts(allocation):
    return (allocation.costs, allocation.penalty, allocation.interest, allocation.principal, allocation.rest)


def blocked(act, *args, **kwargs):
    """Do something that is refused; return the fields to blame."""
    with pytest.raises(operations.Blocked) as refusal:
        act(*args, **kwargs)
    return {problem.field for problem in refusal.value.problems}


# payments


def test_paying_out_begins_the_standing(story):
    standing = story.fresh().standing
    assert (standing.maturity, standing.next_due, standing.overdue_since) == (story.due, story.due, None)


def test_a_payment_keeps_all_its_parts(story):
    on = story.days(30)
    story.repay(1000, on=on, interest=50, penalty=Decimal(3), compound=Decimal(2), costs=Decimal(1))
    booked = dict(story.loan.entries.exclude(kind=EntryKind.DISBURSEMENT).values_list("kind", "amount"))
    assert booked == {"principal": 1000, "interest": 50, "penalty": 3, "compound": 2, "costs": 1}


@pytest.mark.parametrize("part", ["penalty", "compound", "costs"])
def test_no_part_of_a_payment_is_negative(story, part):
    assert blocked(story.repay, 10, on=story.days(3), **{part: Decimal(-1)}) == {part}


def test_a_payment_dated_before_the_money_was_there_is_refused(story):
    """On no day was more repaid than had been paid out by then."""
    story.repay(30000, on=story.days(30))
    assert blocked(story.repay, 20001, on=story.days(10), recorded_on=story.days(40)) == {"principal"}


def test_what_is_left_of_the_interest_can_be_paid_on_a_settled_loan(story):
    on = story.days(100)
    assert story.repay(50000, on=on).state == LoanState.SETTLED
    owed = story.account(on).interest_due
    assert owed > 0
    story.repay(on=on, interest=owed)
    assert story.account(on + ONE_DAY).owed == ZERO
    with pytest.raises(operations.Blocked):
        story.repay(on=on + ONE_DAY, interest=1)


def test_a_backdated_payment_gives_the_state_of_a_timely_one(office):
    late, timely = (LoanStory(office, person=office.yangcen.village.people[number]) for number in (0, 2))
    end = late.due + timedelta(days=40)
    timely.repay(50000, on=timely.due, interest=3000)
    run_daily_work(at=late.at(end))
    assert ArrearsSpell.objects.filter(loan=late.loan).exists()
    late.repay(50000, on=late.due, interest=3000, recorded_on=end)
    refresh_standings([timely.fresh()], on=end)
    fields = [f.name for f in LoanStanding._meta.fields if f.name != "loan"]
    found = [LoanStanding.objects.filter(loan=one.loan).values(*fields).get() for one in (late, timely)]
    assert found[0] == found[1]
    assert late.fresh().settled_on == timely.fresh().settled_on == late.due


def test_the_split_of_a_payment_follows_the_law(story):
    """The golden allocation of HANDBOOK 7: thirty days late, 450.00 of penalty, of 1,200.00 brought."""
    on = story.due + timedelta(days=30)
    account = story.account(on)
    found = propose_allocation(story.loan, amount=Decimal(1200), on=on, costs=Decimal(100))
    assert account.penalty > 0
    left = Decimal(1200) - 100 - account.penalty - account.compound
    assert parts(found) == (100, account.penalty, left, 0, 0)


@pytest.mark.parametrize(("costs_first", "principal", "costs"), [(False, 1200, 0), (True, 1100, 100)])
def test_on_a_non_accrual_loan_principal_is_paid_first(story, costs_first, principal, costs):
    on = story.due + timedelta(days=95)
    found = propose_allocation(story.loan, amount=Decimal(1200), on=on, costs=Decimal(100), costs_first=costs_first)
    assert (found.principal, found.costs, found.interest) == (principal, costs, 0)


def test_what_is_proposed_for_the_whole_debt_settles_the_loan(story):
    on = story.days(100)
    owed = story.account(on).owed
    found = propose_allocation(story.loan, amount=owed + 5, on=on)
    assert (found.principal, found.interest, found.rest) == (50000, owed - 50000, 5)
    loan = story.repay(found.principal, on=on, interest=found.interest)
    assert loan.state == LoanState.SETTLED
    assert story.account(on + timedelta(days=9)).owed == ZERO


# further parts


@pytest.fixture
def half(office):
    """A loan of which 20,000 of 50,000 yuan were paid out."""
    story = LoanStory.__new__(LoanStory)
    story.county, story.case_story = office, LoanStory.draft(office)
    story.case_story.at(StepCode.DISBURSEMENT)
    facts = story.case_story.payout(Decimal(50000), first_part=Decimal(20000))
    story.case_story.decide("disburse", office.yangcen.credit_officer, facts)
    story.loan = story.case_story.case.loan
    return story


def pay_tranche(story, amount, *, on, reference="FK-2"):
    return story.do(operations.pay_tranche, on=on, amount=Decimal(amount), bank_reference=reference)


def test_a_loan_paid_out_in_parts_bears_interest_on_what_is_out(half):
    one, two = add_months(half.start, 1), add_months(half.start, 2)
    assert (half.account(one).outstanding, half.account(one).accrued) == (20000, Decimal("110.00"))
    pay_tranche(half, 30000, on=one)
    pay_tranche(half, 30000, on=one)
    assert (half.account(two).outstanding, half.account(two).accrued) == (50000, Decimal("385.00"))


@pytest.mark.parametrize("amount", ["30000.01", "0", "-1"])
def test_the_parts_never_exceed_the_contract(half, amount):
    assert "amount" in blocked(pay_tranche, half, amount, on=half.days(9))


@pytest.mark.parametrize("first", ["0", "50000.01"])
def test_the_first_part_lies_within_the_amount_granted(office, first):
    story = LoanStory.draft(office)
    story.at(StepCode.DISBURSEMENT)
    facts = story.payout(Decimal(50000), first_part=Decimal(first))
    assert "first_part" in blocked(story.decide, "disburse", office.yangcen.credit_officer, facts)


# extension and renewal


@pytest.mark.parametrize(("term", "longest"), [(6, 6), (12, 12), (24, 12), (25, 12), (60, 30), (72, 36), (120, 36)])
def test_extensions_come_to_what_the_general_rules_allow(term, longest):
    assert extension_months_max(term) == longest


@pytest.mark.parametrize(("term", "most"), [(12, 12), (24, 12)])
def test_an_extension_of_exactly_the_longest_is_agreed_and_a_day_more_is_not(office, term, most):
    story = LoanStory(office, term_months=term)
    longest = add_months(story.due, most)
    assert blocked(story.extend, longest + ONE_DAY, on=story.due) == {"new_due_date"}
    story.extend(longest, on=story.due)
    assert story.fresh().standing.maturity == longest
    assert story.account(story.due + timedelta(days=30)).overdue_since is None


def test_an_extended_loan_has_the_rate_of_the_row_that_both_terms_reach(story):
    """A year and six months reach the row up to three years: 5.25 % of July 2015 × 1.1, not the 6.60 % of 2014."""
    story.extend(add_months(story.due, 6), on=story.due)
    assert story.entry(EntryKind.EXTENSION).rate_percent == Decimal("5.7750")
    assert [story.account(story.due + days).rate_percent for days in (-ONE_DAY, ONE_DAY)] == [
        Decimal("6.6000"), Decimal("5.7750"),
    ]  # fmt: skip


def test_a_loan_is_extended_as_often_as_the_programme_allows(story):
    story.extend(add_months(story.due, 1), on=story.due)
    story.extend(add_months(story.due, 1), on=story.due)
    assert story.loan.entries.filter(kind=EntryKind.EXTENSION).count() == 1
    with pytest.raises(operations.Blocked):
        story.extend(add_months(story.due, 2), on=story.due, document_number="展-2")


def test_months_to_a_day_count_a_part_as_one(story):
    assert months_until(story.due, add_months(story.due, 6)) == 6
    assert months_until(story.due, add_months(story.due, 6) + ONE_DAY) == 7


@pytest.mark.parametrize("operation", [operations.extend, operations.renew])
def test_after_its_last_day_a_loan_gets_no_new_one_however_it_is_dated(story, operation):
    later = story.due + ONE_DAY
    facts = {"new_due_date": add_months(story.due, 3), "document_number": "展-1"}
    assert "value_date" in blocked(story.do, operation, on=later, **facts)
    assert "value_date" in blocked(story.do, operation, on=story.due, recorded_on=later, **facts)


def test_an_extension_names_its_paper_and_a_later_day(story):
    found = blocked(story.extend, story.due, on=story.due, document_number=" ")
    assert found == {"new_due_date", "document_number"}


def renew(story, *, on, months=12):
    facts = {"new_due_date": add_months(on, months), "document_number": "续-1"}
    return story.do(operations.renew, on=on, **facts)


def test_a_renewal_needs_the_interest_to_the_day_and_puts_the_principal_off(story):
    with pytest.raises(operations.Blocked):
        renew(story, on=story.due)
    story.repay(on=story.due, interest=story.account(story.due).interest_due)
    renew(story, on=story.due)
    renew(story, on=story.due)
    account = story.account(story.due + timedelta(days=20))
    assert (account.outstanding, account.overdue_since) == (50000, None)
    assert account.maturity == add_months(story.due, 12)
    assert account.accrued > 0
    with pytest.raises(operations.Blocked):
        story.extend(add_months(story.due, 13), on=story.due)


def test_a_renewal_lasts_no_longer_than_the_programme_lends(story):
    story.repay(on=story.due, interest=story.account(story.due).interest_due)
    months = story.case_story.version.term_months_max
    assert blocked(renew, story, on=story.due, months=months + 1) == {"new_due_date"}
    renew(story, on=story.due, months=months)


def test_another_rate_holds_from_its_day(story):
    facts = {"rate_percent": Decimal("4.9"), "document_number": "调-1"}
    for _click in range(2):
        story.do(operations.change_rate, on=add_months(story.start, 1), **facts)
    assert story.account(add_months(story.start, 2)).accrued == Decimal("275.00") + Decimal("204.17")
    assert story.loan.entries.filter(kind=EntryKind.RATE_CHANGE).count() == 1


# findings


def test_misuse_bears_the_penalty_rate_until_it_is_mended(story):
    facts = {"reason": "转借他人。"}
    story.do(operations.find_misuse, on=story.days(10), **facts)
    assert story.fresh().standing.is_misused
    assert blocked(story.do, operations.find_misuse, on=story.days(11), **facts) == {""}
    assert blocked(story.do, operations.end_misuse, on=story.days(9), recorded_on=story.days(20), reason="已收回") == {
        "value_date"
    }
    story.do(operations.end_misuse, on=story.days(20), reason="已收回。")
    expected = (50000 * story.loan.rate_percent / 100 * 10 / 360).quantize(Decimal("0.01"))
    assert story.account(story.days(60)).penalty == expected
    with pytest.raises(operations.Blocked):
        story.do(operations.end_misuse, on=story.days(21), reason="又一次")


# taking back


def test_a_reversed_payment_was_never_made(story):
    on = story.days(100)
    before = story.account(on + ONE_DAY)
    story.repay(1000, on=on, interest=500, reference="HK-wrong")
    story.reverse(story.entry(EntryKind.PRINCIPAL), on=on + ONE_DAY)
    story.reverse(story.entry(EntryKind.INTEREST), on=on + ONE_DAY)
    assert story.account(on + ONE_DAY) == before
    assert story.loan.entries.filter(kind=EntryKind.REVERSAL).count() == 2
    assert [entry.kind for entry in LoanEntry.objects.effective()] == [EntryKind.DISBURSEMENT]


def test_a_reversed_payment_is_not_booked_again_under_its_reference(story):
    story.repay(1000, on=story.days(9), reference="HK-wrong")
    story.reverse(story.entry(EntryKind.PRINCIPAL), on=story.days(9))
    assert blocked(story.repay, 1000, on=story.days(9), reference="HK-wrong") == {"bank_reference"}
    story.repay(1000, on=story.days(9), reference="HK-right")


def test_the_reversal_of_the_last_payment_opens_the_loan_again(story):
    story.repay(50000, on=story.days(100))
    loan = story.reverse(story.entry(EntryKind.PRINCIPAL), on=story.days(110))
    loan.refresh_from_db()
    assert (loan.state, loan.settled_on) == (LoanState.LIVE, None)
    story.case_story.case.refresh_from_db()
    assert story.case_story.case.step == StepCode.ASSESSMENT
    assert story.repay(50000, on=story.days(120)).state == LoanState.SETTLED


def test_the_reversal_of_an_extension_makes_the_loan_late_from_its_old_day(story):
    story.extend(add_months(story.due, 6), on=story.due)
    story.reverse(story.entry(EntryKind.EXTENSION), on=story.due + timedelta(days=50))
    assert story.fresh().standing.overdue_since == story.due


def test_a_disbursement_and_a_reversal_are_never_reversed(story):
    with pytest.raises(operations.Blocked):
        story.reverse(story.entry(EntryKind.DISBURSEMENT), on=story.days(9))
    story.repay(1000, on=story.days(9))
    story.reverse(story.entry(EntryKind.PRINCIPAL), on=story.days(9))
    with pytest.raises(operations.Blocked):
        story.reverse(story.entry(EntryKind.REVERSAL), on=story.days(9))


def test_a_further_part_is_not_taken_back_when_more_was_repaid_since(half):
    pay_tranche(half, 30000, on=half.days(5))
    half.repay(40000, on=half.days(9))
    with pytest.raises(operations.Blocked):
        half.reverse(half.entry(EntryKind.TRANCHE), on=half.days(10))
    assert half.account(half.days(10)).outstanding == 10000


def test_the_database_lets_an_entry_be_reversed_once(story):
    story.repay(1000, on=story.days(9))
    paid = story.entry(EntryKind.PRINCIPAL)
    story.reverse(paid, on=story.days(9))
    twin = story.entry(EntryKind.REVERSAL)
    twin.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


# who, and what is noted


def acts(story):
    """Every act on a loan, as (name, call)."""
    on, later = story.days(9), add_months(story.due, 3)
    paper = {"new_due_date": later, "document_number": "号-1"}
    return {
        "extend": lambda by: story.do(operations.extend, on=on, by=by, **paper),
        "renew": lambda by: story.do(operations.renew, on=on, by=by, **paper),
        "change_rate": lambda by: story.do(
            operations.change_rate, on=on, by=by, rate_percent=Decimal(4), document_number="号-1"
        ),
        "find_misuse": lambda by: story.do(operations.find_misuse, on=on, by=by, reason="挪用"),
        "pay_tranche": lambda by: story.do(
            operations.pay_tranche, on=on, by=by, amount=Decimal(1), bank_reference="FK-9"
        ),
    }


@pytest.mark.parametrize("name", ["extend", "renew", "change_rate", "find_misuse", "pay_tranche"])
def test_only_the_officer_of_the_outlet_acts_on_a_loan(office, story, name):
    for user in (office.shaxi.credit_officer, office.yangcen.clerk, office.finance_officer, office.leader):
        with pytest.raises(operations.NotAllowed):
            acts(story)[name](user)
    assert story.loan.entries.count() == 1


def test_what_is_no_payment_is_noted_in_the_trail(story):
    story.do(operations.find_misuse, on=story.days(10), reason="转借他人。")
    event = AuditEvent.objects.filter(subject_type="loans.loan").latest("pk")
    assert (event.reason, event.detail, event.actor) == ("转借他人。", {"kinds": ["misuse"]}, story.officer)


# standings


def quarterly(office, number=0):
    return LoanStory(
        office, person=office.yangcen.village.people[number], repayment_method=RepaymentMethod.QUARTERLY_INTEREST
    )


def stand(loans):
    """Everything that is kept of how the loans stand, but for the day it was looked at."""
    standings = LoanStanding.objects.filter(loan__in=loans).order_by("loan")
    spells = ArrearsSpell.objects.filter(loan__in=loans)
    return (
        list(standings.values_list("loan", "maturity", "next_due", "overdue_since", "overdue_principal",
                                   "overdue_interest", "is_misused")),
        list(spells.values_list("loan", "since", "until")),
    )  # fmt: skip


def test_run_twice_or_after_a_week_off_the_nightly_work_leads_to_the_same_state(office):
    stories = [quarterly(office, 0), LoanStory(office, person=office.yangcen.village.people[2])]
    loans = [one.loan for one in stories]
    first, last = stories[0].start, stories[0].due + timedelta(days=200)
    for number in range(0, (last - first).days + 1, 1):
        refresh_due_standings(on=first + timedelta(days=number))
    daily = stand(loans)
    assert refresh_due_standings(on=last) == 0
    LoanStanding.objects.all().delete()
    ArrearsSpell.objects.all().delete()
    assert refresh_due_standings(on=last) == 2
    assert stand(loans) == daily
    for loan in loans:
        account = account_of(loan, on=last)
        assert account.overdue_since == LoanStanding.objects.get(loan=loan).overdue_since


def test_a_standing_is_looked_at_again_only_when_something_fell_due(office):
    story = quarterly(office)
    due = story.fresh().standing.next_due
    assert refresh_due_standings(on=due) == 0
    assert refresh_due_standings(on=due + ONE_DAY) == 1
    assert story.fresh().standing.overdue_days(due + ONE_DAY) == 1
    assert refresh_due_standings(on=due + ONE_DAY) == 0
