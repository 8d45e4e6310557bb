"""A loan's account: dues, arrears, penalty and compound interest on any day, from terms and events alone."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from finance.accounts import Event, EventKind, Ledger, Spell, Terms
from finance.daycount import DayCount
from finance.money import ZERO
from finance.penalties import CompoundRule
from finance.periods import HolidayRule
from finance.schedules import RepaymentMethod, Settlement, schedule

START = date(2013, 9, 21)
YEAR = date(2014, 9, 21)
K = EventKind
METHODS = [
    (RepaymentMethod.INTEREST_ONLY, Settlement.QUARTERLY_20),
    (RepaymentMethod.INTEREST_ONLY, Settlement.MONTHLY_20),
    (RepaymentMethod.LUMP_SUM, Settlement.AT_END),
    (RepaymentMethod.EQUAL_INSTALMENT, Settlement.MONTHLY_START_DAY),
    (RepaymentMethod.EQUAL_PRINCIPAL, Settlement.MONTHLY_START_DAY),
]


def terms(**changes):
    values = {
        "principal": Decimal(50000),
        "rate_percent": Decimal("7.2"),
        "start": START,
        "due_date": YEAR,
        "convention": DayCount.ACT_360,
        "method": RepaymentMethod.INTEREST_ONLY,
        "settlement": Settlement.QUARTERLY_20,
        "overdue_markup_percent": Decimal(50),
        "misuse_markup_percent": Decimal(100),
        "compound_rule": CompoundRule.PENALTY_RATE,
        "holiday_rule": HolidayRule.UNCHANGED,
    }
    return Terms(**(values | changes))


def paid(on, principal=0, interest=0):
    return [Event(on, K.PRINCIPAL, Decimal(principal)), Event(on, K.INTEREST, Decimal(interest))]


def ledger(*events, is_working_day=lambda day: True, **changes):
    out = Event(START, K.PAID_OUT, Decimal(50000))
    return Ledger(terms(**changes), [out, *events], is_working_day=is_working_day)


def on_time(one_terms):
    """Every instalment of the schedule, paid on its day."""
    plan = schedule(
        principal=one_terms.principal,
        rate_percent=one_terms.rate_percent,
        start=one_terms.start,
        end=one_terms.due_date,
        method=one_terms.method,
        settlement=one_terms.settlement,
        convention=one_terms.convention,
    )
    return plan, [event for one in plan for event in paid(one.due_date, one.principal, one.interest)]


def test_an_unpaid_loan_owes_the_golden_penalty_thirty_days_after_its_last_day():
    account = ledger(method=RepaymentMethod.LUMP_SUM, settlement=Settlement.AT_END).account(YEAR + timedelta(days=30))
    assert (account.penalty, account.overdue_principal, account.overdue_days) == (Decimal("450.00"), 50000, 30)


@pytest.mark.parametrize(("markup", "penalty"), [(30, "390.00"), (50, "450.00")])
def test_the_penalty_is_that_of_the_contracts_markup(markup, penalty):
    late = ledger(*paid(YEAR, interest=3650), overdue_markup_percent=Decimal(markup), method=RepaymentMethod.LUMP_SUM,
                  settlement=Settlement.AT_END)  # fmt: skip
    account = late.account(YEAR + timedelta(days=30))
    assert (account.penalty, account.compound) == (Decimal(penalty), ZERO)


@pytest.mark.parametrize(("markup", "above_the_rate"), [(50, "150.00"), (100, "300.00")])
def test_misused_money_bears_what_is_above_the_contract_rate_beside_the_interest(markup, above_the_rate):
    """600.00 and 450.00 of the golden values hold 300.00 of contract interest of the same 30 days."""
    found = ledger(Event(START, K.MISUSED), misuse_markup_percent=Decimal(markup))
    account = found.account(START + timedelta(days=30))
    assert (account.penalty, account.accrued) == (Decimal(above_the_rate), Decimal("300.00"))


def test_misuse_counts_from_its_finding_until_it_is_mended():
    events = [Event(date(2013, 10, 1), K.MISUSED), Event(date(2013, 10, 11), K.MISUSE_ENDED)]
    account = ledger(*events).account(date(2013, 11, 1))
    assert (account.penalty, account.is_misused) == (Decimal("100.00"), False)


def test_of_two_markups_only_the_heavier_counts():
    late = ledger(Event(YEAR, K.MISUSED), *paid(YEAR, interest=3650), method=RepaymentMethod.LUMP_SUM,
                  settlement=Settlement.AT_END)  # fmt: skip
    assert late.account(YEAR + timedelta(days=30)).penalty == Decimal("600.00")


@pytest.mark.parametrize(
    ("rule", "compound"),
    [(CompoundRule.CONTRACT_RATE_WITHIN_TERM, "16.38"), (CompoundRule.PENALTY_RATE, "24.57")],
)
def test_unpaid_interest_bears_the_golden_interest(rule, compound):
    account = ledger(compound_rule=rule).account(date(2014, 3, 21))
    # The second quarter is unpaid from that day on: it has borne nothing yet.
    assert account.compound == Decimal(compound)
    assert account.dues[0].interest == Decimal("910.00")


def test_after_maturity_the_contract_interest_no_longer_runs():
    unpaid = ledger()
    assert [segment.end for segment in unpaid.segments(to=date(2015, 9, 21))] == [YEAR]
    assert unpaid.account(date(2015, 9, 21)).accrued == ZERO


def test_arrears_count_from_the_day_by_which_the_oldest_sum_had_to_be_paid():
    unpaid = ledger()
    assert [unpaid.account(day).overdue_days for day in (date(2013, 12, 20), date(2013, 12, 21))] == [0, 1]
    assert unpaid.account(date(2014, 3, 30)).overdue_since == date(2013, 12, 20)


@pytest.mark.parametrize(("days", "is_non_accrual"), [(90, False), (91, True)])
def test_more_than_ninety_days_late_a_loan_leaves_the_income_account(days, is_non_accrual):
    account = ledger().account(date(2013, 12, 20) + timedelta(days=days))
    assert account.is_non_accrual is is_non_accrual


def test_arrears_within_the_tolerance_are_none():
    short = paid(date(2013, 12, 20), interest="909.50")
    assert ledger(*short, tolerance=Decimal(1)).account(date(2014, 1, 10)).overdue_since is None
    assert ledger(*short).account(date(2014, 1, 10)).overdue_since == date(2013, 12, 20)


def test_a_spell_lasts_from_the_first_late_day_to_the_payment():
    late = ledger(*paid(date(2014, 1, 5), interest=910))
    assert late.account(date(2014, 2, 1)).spells == (Spell(date(2013, 12, 21), date(2014, 1, 5)),)
    assert ledger().account(date(2014, 2, 1)).spells == (Spell(date(2013, 12, 21), None),)


def test_what_is_due_today_is_no_spell_yet():
    unpaid = ledger(method=RepaymentMethod.LUMP_SUM, settlement=Settlement.AT_END)
    assert unpaid.account(YEAR).spells == ()
    assert unpaid.account(YEAR + timedelta(days=1)).spells == (Spell(YEAR, None),)


def test_a_due_day_on_a_holiday_moves_with_the_interest_of_the_days_between():
    """2014-09-21 is a Sunday: the principal bears the contract's rate to Monday and nothing is late before."""

    def is_working_day(day):
        return day.weekday() < 5

    moved = ledger(holiday_rule=HolidayRule.WORKING_DAY_AFTER, is_working_day=is_working_day)
    monday = YEAR + timedelta(days=1)
    last = moved.account(monday).dues[-1]
    assert (last.due_date, last.pay_by, last.late_from) == (YEAR, monday, monday)
    assert last.interest == ledger().account(YEAR).dues[-1].interest + Decimal("10.00")
    fully = ledger(*paid(monday, 50000, 3660), holiday_rule=HolidayRule.WORKING_DAY_AFTER,
                   is_working_day=is_working_day)  # fmt: skip
    assert fully.account(monday + timedelta(days=5)).owed == fully.account(monday + timedelta(days=5)).compound


def test_an_extension_puts_off_what_is_due_and_changes_the_rate_from_its_day():
    event = Event(date(2014, 9, 1), K.EXTENDED, due_date=date(2015, 3, 21), rate_percent=Decimal("7.38"))
    longer = ledger(event)
    assert longer.account(date(2014, 8, 31)).maturity == YEAR
    account = longer.account(date(2014, 10, 1))
    assert (account.maturity, account.rate_percent, account.overdue_principal) == (
        date(2015, 3, 21), Decimal("7.38"), ZERO,
    )  # fmt: skip
    assert account.dues[-1].due_date == date(2015, 3, 21)


def test_instalments_after_an_extension_wait_for_the_new_last_day():
    event = Event(date(2014, 3, 1), K.EXTENDED, due_date=date(2015, 3, 21))
    longer = ledger(event, method=RepaymentMethod.EQUAL_PRINCIPAL, settlement=Settlement.MONTHLY_START_DAY)
    asked = {due.due_date: due.principal for due in longer.account(date(2014, 3, 1)).dues if due.principal}
    assert [*asked][-1] == date(2015, 3, 21)
    assert max(day for day in asked if day < date(2015, 3, 21)) == date(2014, 2, 21)
    assert sum(asked.values()) == 50000


def test_a_prepayment_in_part_lowers_the_interest_from_its_day():
    half = ledger(*paid(date(2013, 10, 21), principal=25000))
    assert half.account(date(2013, 12, 20)).dues[0].interest == Decimal("605.00")


def test_paid_off_early_a_loan_owes_interest_to_the_day():
    early = ledger(*paid(date(2013, 10, 21), principal=50000))
    account = early.account(date(2013, 10, 21))
    assert (account.outstanding, account.interest_due, account.next_due) == (
        ZERO,
        Decimal("300.00"),
        date(2013, 10, 21),
    )
    assert early.account(date(2013, 10, 25)).overdue_since == date(2013, 10, 21)


def test_interest_paid_in_advance_is_not_asked_for_again():
    early = ledger(*paid(date(2013, 10, 21), interest=300))
    assert early.account(date(2013, 10, 21)).accrued == ZERO
    assert early.account(date(2013, 12, 20)).interest_due == Decimal("610.00")


def test_what_a_bank_must_have_today_holds_todays_own_due():
    account = ledger().account(date(2013, 12, 20))
    assert (account.overdue_interest, account.interest_due, account.accrued) == (ZERO, Decimal("910.00"), ZERO)


def test_a_loan_paid_out_in_parts_owes_no_more_than_was_paid_out():
    parts = Ledger(
        terms(method=RepaymentMethod.EQUAL_PRINCIPAL, settlement=Settlement.MONTHLY_START_DAY),
        [Event(START, K.PAID_OUT, Decimal(3000)), Event(date(2013, 12, 1), K.PAID_OUT, Decimal(2000))],
    )
    account = parts.account(date(2014, 8, 1))
    assert (account.outstanding, account.overdue_principal) == (5000, 5000)


def test_written_off_nothing_is_outstanding_but_the_interest_stays_owed():
    gone = ledger(Event(date(2015, 9, 1), K.WRITTEN_OFF, Decimal(50000)))
    account = gone.account(date(2015, 10, 1))
    assert (account.outstanding, account.overdue_principal) == (ZERO, ZERO)
    assert account.interest_due == Decimal("3650.00")


def test_each_due_shows_what_payments_have_left_of_it_the_oldest_paid_first():
    part = ledger(*paid(date(2014, 4, 1), interest=1000))
    left = [open_.interest_left for open_ in part.account(date(2014, 4, 1)).open_dues]
    assert left[:2] == [ZERO, Decimal("810.00")]


amounts = st.integers(min_value=1, max_value=30_000).map(Decimal)
days = st.integers(min_value=0, max_value=500).map(lambda count: START + timedelta(days=count))
payments = st.lists(st.tuples(days, amounts, st.integers(0, 2000).map(Decimal)), max_size=6)


def events_of(found):
    """Payments that never repay more than is owed."""
    events, left = [], Decimal(50000)
    for day, principal, interest in sorted(found):
        part = min(principal, left)
        left -= part
        events += paid(day, part, interest)
    return events


@pytest.mark.parametrize(("method", "settlement"), METHODS)
@given(found=payments, day=days, convention=st.sampled_from(DayCount))
def test_whatever_is_paid_nothing_owed_is_below_zero(method, settlement, found, day, convention):
    one = ledger(*events_of(found), method=method, settlement=settlement, convention=convention)
    account = one.account(day)
    owed = (account.outstanding, account.overdue_principal, account.overdue_interest, account.penalty,
            account.compound, account.accrued, account.principal_due, account.interest_due)  # fmt: skip
    assert min(owed) >= 0
    assert account.overdue_principal <= account.principal_due <= account.outstanding
    assert sum((due.principal for due in account.dues), start=ZERO) == 50000
    assert all(
        earlier.until and earlier.until < later.since
        for earlier, later in zip(account.spells, account.spells[1:], strict=False)
    )


@pytest.mark.parametrize(("method", "settlement"), METHODS)
@given(
    convention=st.sampled_from(DayCount),
    months=st.integers(min_value=1, max_value=36),
    begin=st.dates(date(2012, 1, 1), date(2016, 12, 31)),
)
def test_paid_on_time_a_loan_asks_for_what_its_schedule_says_and_is_never_late(
    method, settlement, convention, months, begin
):
    end = begin + timedelta(days=30 * months)
    one = terms(method=method, settlement=settlement, convention=convention, start=begin, due_date=end)
    plan, events = on_time(one)
    account = Ledger(one, [Event(begin, K.PAID_OUT, Decimal(50000)), *events]).account(end + timedelta(days=1))
    assert [(due.due_date, due.principal, due.interest) for due in account.dues] == [
        (instalment.due_date, instalment.principal, instalment.interest) for instalment in plan
    ]
    assert (account.owed, account.overdue_since, account.spells) == (ZERO, None, ())


@given(found=payments, day=days, turned=st.randoms(use_true_random=False))
def test_in_whatever_order_payments_are_booked_the_account_is_the_same(found, day, turned):
    events = events_of(found)
    shuffled = list(events)
    turned.shuffle(shuffled)
    assert ledger(*shuffled).account(day) == ledger(*events).account(day)


@given(found=payments, later=st.integers(min_value=1, max_value=60), day=days)
def test_what_happens_later_does_not_change_how_a_loan_stood(found, later, day):
    events = [event for event in events_of(found) if event.on <= day]
    after = paid(day + timedelta(days=later), principal=1)
    then = ledger(*events).account(day)
    now = ledger(*events, *after).account(day)
    assert (now.owed, now.spells, now.overdue_since) == (then.owed, then.spells, then.overdue_since)


@given(found=payments, first=days, later=st.integers(min_value=1, max_value=60))
def test_without_a_payment_penalty_and_compound_never_shrink(found, first, later):
    events = [event for event in events_of(found) if event.on <= first]
    one = ledger(*events)
    before, after = one.account(first), one.account(first + timedelta(days=later))
    assert after.penalty >= before.penalty
    assert after.compound >= before.compound
