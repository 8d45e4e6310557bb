from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given, strategies as st

from finance.daycount import DayCount, PeriodReversed
from finance.interest import (
    BalanceSegment,
    SegmentsOverlap,
    exact_interest,
    exact_interest_of_segments,
    interest,
    interest_of_segments,
)
from finance.money import exact, round_to_cent, to_fen
from tests.finance.cases import case_id, conventions, loan_amounts, rates, read_cases

starts = st.dates(min_value=date(2008, 1, 1), max_value=date(2030, 12, 31))
spans = st.integers(min_value=0, max_value=1900)
by_days = st.sampled_from([DayCount.ACT_360, DayCount.ACT_365])


def segments_of(start: date, pieces: list[tuple[int, Decimal, Decimal]]) -> list[BalanceSegment]:
    segments = []
    for days, balance, rate_percent in pieces:
        end = start + timedelta(days=days)
        segments.append(BalanceSegment(start=start, end=end, balance=balance, rate_percent=rate_percent))
        start = end
    return segments


@pytest.mark.parametrize("case", read_cases("interest.csv"), ids=case_id)
def test_the_worked_examples_come_out_to_the_fen(case):
    result = interest(
        principal=Decimal(case["principal"]),
        rate_percent=Decimal(case["rate_percent"]),
        start=date.fromisoformat(case["start"]),
        end=date.fromisoformat(case["end"]),
        convention=DayCount(case["convention"]),
    )

    assert str(result) == case["interest"]


@given(principal=loan_amounts, rate=rates, start=starts, first=spans, second=spans, convention=by_days)
def test_interest_by_days_adds_up_over_a_cut(principal, rate, start, first, second, convention):
    cut, end = start + timedelta(days=first), start + timedelta(days=first + second)
    terms = {"principal": principal, "rate_percent": rate, "convention": convention}

    assert exact_interest(**terms, start=start, end=end) == exact_interest(
        **terms, start=start, end=cut
    ) + exact_interest(**terms, start=cut, end=end)


@given(principal=loan_amounts, rate=rates, start=starts, first=spans, second=spans, convention=conventions)
def test_the_periods_of_one_loan_add_up_by_every_day_count(principal, rate, start, first, second, convention):
    cut, end = start + timedelta(days=first), start + timedelta(days=first + second)
    terms = {"principal": principal, "rate_percent": rate, "convention": convention, "anchor": start}

    assert exact_interest(**terms, start=start, end=end) == exact_interest(
        **terms, start=start, end=cut
    ) + exact_interest(**terms, start=cut, end=end)


def test_months_counted_afresh_after_a_cut_do_not_add_up_and_so_need_the_anchor():
    terms = {"principal": Decimal("50000"), "rate_percent": Decimal("7.20"), "convention": DayCount.PER_LOAN}
    whole = interest(**terms, start=date(2013, 9, 10), end=date(2014, 9, 10))
    cut = date(2014, 6, 21)

    afresh = interest(**terms, start=date(2013, 9, 10), end=cut) + interest(**terms, start=cut, end=date(2014, 9, 10))
    assert (whole, afresh) == (Decimal("3600.00"), Decimal("3610.00"))


@given(principal=loan_amounts, rate=rates, start=starts, first=spans, second=spans, convention=conventions)
def test_interest_never_falls_with_time(principal, rate, start, first, second, convention):
    shorter, longer = sorted((first, second))
    terms = {"principal": principal, "rate_percent": rate, "start": start, "convention": convention}

    assert interest(**terms, end=start + timedelta(days=shorter)) <= interest(
        **terms, end=start + timedelta(days=longer)
    )


@given(
    smaller=loan_amounts,
    more=loan_amounts,
    rate=rates,
    extra=rates,
    start=starts,
    length=spans,
    convention=conventions,
)
def test_interest_never_falls_with_the_principal_or_the_rate(smaller, more, rate, extra, start, length, convention):
    period = {"start": start, "end": start + timedelta(days=length), "convention": convention}
    least = interest(principal=smaller, rate_percent=rate, **period)

    assert least <= interest(principal=smaller + more, rate_percent=rate, **period)
    assert least <= interest(principal=smaller, rate_percent=rate + extra, **period)


@given(principal=loan_amounts, rate=rates, start=starts, lengths=st.lists(spans, min_size=1, max_size=6))
def test_settled_in_parts_a_loan_costs_what_it_costs_whole_but_for_half_a_fen_a_part(principal, rate, start, lengths):
    terms = {"principal": principal, "rate_percent": rate, "convention": DayCount.PER_LOAN, "anchor": start}
    end, settled = start, Decimal(0)
    for length in lengths:
        settled += interest(**terms, start=end, end=end + timedelta(days=length))
        end += timedelta(days=length)

    gap = exact(settled) - exact_interest(**terms, start=start, end=end)
    assert abs(gap) <= Fraction(len(lengths), 200)


@given(principal=loan_amounts, rate=rates, start=starts, length=spans, convention=by_days)
def test_the_form_in_whole_numbers_gives_the_same_fen(principal, rate, start, length, convention):
    basis = {DayCount.ACT_360: 360, DayCount.ACT_365: 365}[convention] * 10**6
    doubled = 2 * to_fen(principal) * length * int(rate * 10**4)

    result = interest(
        principal=principal,
        rate_percent=rate,
        start=start,
        end=start + timedelta(days=length),
        convention=convention,
    )
    assert to_fen(result) == (doubled + basis) // (2 * basis)


@pytest.mark.parametrize("fen", range(1, 80, 2))
def test_an_exact_half_fen_is_rounded_up(fen):
    # At 1.8% ten days are exactly 1/2000: every odd number of ten-yuan notes ends on half a fen.
    principal = Decimal(10 * fen)
    period = {"start": date(2014, 1, 1), "end": date(2014, 1, 11), "convention": DayCount.ACT_360}

    value = exact_interest(principal=principal, rate_percent=Decimal("1.8"), **period)
    assert (value * 100).denominator == 2
    assert exact(interest(principal=principal, rate_percent=Decimal("1.8"), **period)) == value + Fraction(1, 200)


@given(start=starts, convention=conventions)
def test_nothing_borrowed_or_no_time_bears_nothing(start, convention):
    terms = {"rate_percent": Decimal("7.20"), "start": start, "convention": convention}

    assert interest(principal=Decimal("50000"), end=start, **terms) == 0
    assert interest(principal=Decimal(0), end=start + timedelta(days=400), **terms) == 0


def test_a_period_that_ends_before_it_starts_is_refused():
    with pytest.raises(PeriodReversed):
        interest(
            principal=Decimal("1"),
            rate_percent=Decimal("1"),
            start=date(2014, 1, 2),
            end=date(2014, 1, 1),
            convention=DayCount.ACT_360,
        )
    with pytest.raises(PeriodReversed):
        BalanceSegment(start=date(2014, 1, 2), end=date(2014, 1, 1), balance=Decimal("1"), rate_percent=Decimal("1"))


@pytest.mark.parametrize("name", ["principal", "rate_percent"])
def test_an_inexact_number_never_enters_a_calculation(name):
    arguments = {"principal": Decimal("1"), "rate_percent": Decimal("1"), name: float("0.1")}

    with pytest.raises(TypeError):
        interest(**arguments, start=date(2014, 1, 1), end=date(2014, 1, 2), convention=DayCount.ACT_360)


def test_a_day_count_has_no_default():
    with pytest.raises(TypeError, match="convention"):
        interest(principal=Decimal("1"), rate_percent=Decimal("1"), start=date(2014, 1, 1), end=date(2014, 1, 2))


def test_a_repaid_part_bears_interest_by_the_months_until_its_own_day():
    # 20,000 of 50,000 are paid back after exactly six months: 6 months on 20,000 and 12 months on 30,000.
    start, middle, end = date(2014, 3, 31), date(2014, 9, 30), date(2015, 3, 31)
    segments = [
        BalanceSegment(start=start, end=middle, balance=Decimal("50000"), rate_percent=Decimal("6.60")),
        BalanceSegment(start=middle, end=end, balance=Decimal("30000"), rate_percent=Decimal("6.60")),
    ]

    assert interest_of_segments(segments=segments, anchor=start, convention=DayCount.PER_LOAN) == Decimal("2640.00")
    assert interest_of_segments(segments=segments, anchor=start, convention=DayCount.ACT_360) == Decimal("2678.50")


def test_a_rate_that_changes_counts_from_its_day():
    start, extended, end = date(2013, 9, 10), date(2014, 9, 10), date(2015, 3, 10)
    segments = [
        BalanceSegment(start=start, end=extended, balance=Decimal("50000"), rate_percent=Decimal("7.20")),
        BalanceSegment(start=extended, end=end, balance=Decimal("50000"), rate_percent=Decimal("7.38")),
    ]

    assert interest_of_segments(segments=segments, anchor=start, convention=DayCount.PER_LOAN) == Decimal("5445.00")


@given(
    start=starts,
    pieces=st.lists(st.tuples(st.integers(0, 400), loan_amounts, rates), min_size=1, max_size=6),
    convention=conventions,
)
def test_segments_are_rounded_once_for_the_whole(start, pieces, convention):
    segments = segments_of(start, pieces)
    whole = exact_interest_of_segments(segments=segments, anchor=start, convention=convention)

    assert interest_of_segments(segments=segments, anchor=start, convention=convention) == round_to_cent(whole)


@given(start=starts, balance=loan_amounts, rate=rates, cuts=st.lists(st.integers(0, 400), min_size=1, max_size=6))
def test_cutting_a_segment_in_pieces_changes_nothing(start, balance, rate, cuts):
    pieces = segments_of(start, [(days, balance, rate) for days in cuts])
    whole = segments_of(start, [(sum(cuts), balance, rate)])

    for convention in DayCount:
        assert exact_interest_of_segments(
            segments=pieces, anchor=start, convention=convention
        ) == exact_interest_of_segments(segments=whole, anchor=start, convention=convention)


@given(start=starts, first=st.integers(1, 300), overlap=st.integers(1, 300))
def test_two_segments_may_not_claim_the_same_day(start, first, overlap):
    assume(overlap <= first)
    earlier, later = segments_of(start, [(first, Decimal("1"), Decimal("1")), (300, Decimal("1"), Decimal("1"))])
    moved = BalanceSegment(
        start=later.start - timedelta(days=overlap),
        end=later.end,
        balance=later.balance,
        rate_percent=later.rate_percent,
    )

    with pytest.raises(SegmentsOverlap):
        interest_of_segments(segments=[earlier, moved], anchor=start, convention=DayCount.ACT_360)


def test_no_segments_bear_nothing():
    assert interest_of_segments(segments=[], anchor=date(2014, 1, 1), convention=DayCount.ACT_360) == 0
