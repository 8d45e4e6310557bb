"""Bank statements: whatever is uploaded, however often and in whatever order, each payment is booked once."""

import itertools
import random
from datetime import date, timedelta
from decimal import Decimal

import pytest

from jobs.choices import JobState
from jobs.models import Job
from loans.choices import EntryKind, LineOutcome, LoanState, RepaymentMethod, StatementState
from loans.models import Loan, LoanEntry, StatementImport, StatementLine
from loans.operations import Blocked, NotAllowed, Repayment, record_repayment
from loans.operations.statements import (
    book_line,
    check_again,
    clarify_line,
    discard_statement,
    post_statement,
    refresh_late_differences,
)
from tests.factories.county import NOON
from tests.factories.lending import Order, lend
from tests.factories.statements import book, csv, excel, interest_of, outcomes_of, row_of, take_in, work_on
from web.spreadsheets import Unreadable

NEW, KNOWN, ALTERED, UNKNOWN, FAULTY, BOOKED, REFUSED = LineOutcome.values
START = date(2013, 9, 25)
# ACT/360 on 50,000 yuan at 7.2 %: ten yuan a day. From 2013-09-25 to 2013-12-21: 87 days.
FIRST_DUE, FIRST_INTEREST = date(2013, 12, 20), "870.00"
SECOND_DUE, SECOND_INTEREST = date(2014, 3, 20), "900.00"
QUESTIONS_EACH_MAX = 20


@pytest.fixture
def township(office):
    return office.yangcen


@pytest.fixture
def loan(township):
    return lend_quarterly(township)[0]


def lend_quarterly(township, count=1):
    loans = lend(*[Order(township.village, "50000", START) for _ in range(count)])
    Loan.objects.filter(pk__in=[one.pk for one in loans]).update(
        repayment_method=RepaymentMethod.QUARTERLY_INTEREST, day_count="act360"
    )
    return list(Loan.objects.filter(pk__in=[one.pk for one in loans]).order_by("pk"))


def payments(loan):
    """Return what the ledger holds besides the paying out: kind, amount, day, in order."""
    entries = loan.entries.exclude(kind=EntryKind.DISBURSEMENT).order_by("pk")
    return list(entries.values_list("kind", "amount", "value_date"))


def test_a_statement_is_read_first_and_booked_on_demand(township, loan):
    content = excel(row_of(loan, "LS1", FIRST_DUE, interest=870), row_of(loan, "LS2", SECOND_DUE, interest=900.0))
    statement = take_in(township, content)
    assert (outcomes_of(statement), payments(loan)) == ([NEW, NEW], [])
    book(statement, township)
    assert (outcomes_of(statement), statement.state) == ([BOOKED, BOOKED], StatementState.POSTED)
    assert payments(loan) == [("interest", Decimal("870.00"), FIRST_DUE), ("interest", Decimal("900.00"), SECOND_DUE)]


def test_amounts_are_booked_as_the_bank_split_them(township, loan):
    book(take_in(township, excel(row_of(loan, "LS1", FIRST_DUE, principal=1200.1, interest="33.33"))), township)
    assert payments(loan) == [("principal", Decimal("1200.10"), FIRST_DUE), ("interest", Decimal("33.33"), FIRST_DUE)]


def test_a_settlement_settles_the_loan(township, loan):
    book(take_in(township, csv(row_of(loan, "LS1", FIRST_DUE, kind="结清", principal=50000, interest=1010))), township)
    loan.refresh_from_db()
    assert (loan.state, loan.settled_on) == (LoanState.SETTLED, FIRST_DUE)


def test_the_same_file_five_times_is_one_statement(township, loan):
    content = csv(row_of(loan, "LS1", FIRST_DUE, interest=FIRST_INTEREST))
    statements = {take_in(township, content).pk for _ in range(5)}
    for _ in range(5):
        book(StatementImport.objects.get(), township)
    assert (len(statements), StatementImport.objects.count(), interest_of(loan)) == (1, 1, Decimal(FIRST_INTEREST))


def test_a_reordered_file_finds_everything_in_the_ledger(township, loan):
    rows = [row_of(loan, f"LS{n}", FIRST_DUE + timedelta(days=n), principal=100 + n) for n in range(6)]
    book(take_in(township, csv(*rows)), township)
    random.Random(6).shuffle(rows)
    again = take_in(township, csv(*rows))
    assert set(outcomes_of(again)) == {KNOWN}
    with pytest.raises(Blocked):
        post_statement(statement_id=again.pk, posted_by=township.credit_officer, posted_at=NOON)


def test_overlapping_files_read_side_by_side_book_each_line_once(township, loan):
    rows = [row_of(loan, f"LS{n}", FIRST_DUE + timedelta(days=n), principal=100 + n) for n in range(6)]
    first, second = take_in(township, csv(*rows[:4])), take_in(township, csv(*rows[2:]))
    assert outcomes_of(second) == [NEW] * 4
    book(first, township)
    book(second, township)
    assert outcomes_of(second) == [KNOWN, KNOWN, BOOKED, BOOKED]
    assert sum(amount for _kind, amount, _day in payments(loan)) == sum(100 + n for n in range(6))


def test_a_line_standing_twice_in_a_file_is_booked_once(township, loan):
    row = row_of(loan, "LS1", FIRST_DUE, interest=FIRST_INTEREST)
    statement = book(take_in(township, csv(row, row)), township)
    assert (outcomes_of(statement), len(payments(loan))) == ([BOOKED, KNOWN], 1)


def test_a_payment_booked_by_hand_is_known(township, loan):
    record_repayment(
        loan_id=loan.pk,
        repayment=Repayment(
            principal=Decimal(0), interest=Decimal(870), value_date=FIRST_DUE, bank_reference="LS1"
        ),
        recorded_by=township.credit_officer,
        recorded_at=NOON,
    )  # fmt: skip
    assert outcomes_of(take_in(township, csv(row_of(loan, "LS1", FIRST_DUE, interest=FIRST_INTEREST)))) == [KNOWN]


@pytest.mark.parametrize(
    "change",
    [
        {"interest": "870.01"},
        {"principal": "1"},
        {"day": FIRST_DUE + timedelta(days=1)},
        {"penalty": "0.01"},
    ],
    ids=str,
)
def test_an_altered_line_is_flagged_and_never_booked(township, loan, change):
    original = {"interest": FIRST_INTEREST, "day": FIRST_DUE}
    book(take_in(township, csv(row_of(loan, "LS1", **original))), township)
    before = payments(loan)
    statement = take_in(township, csv(row_of(loan, "LS1", **(original | change))))
    assert outcomes_of(statement) == [ALTERED]
    line = statement.lines.get()
    assert line.sentences
    assert line.is_stray
    book_line(line_id=line.pk, booked_by=township.credit_officer, booked_at=NOON)
    assert payments(loan) == before


def test_a_reference_of_another_contract_is_flagged(township):
    one, other = lend_quarterly(township, 2)
    book(take_in(township, csv(row_of(one, "LS1", FIRST_DUE, interest=10))), township)
    assert outcomes_of(take_in(township, csv(row_of(other, "LS1", FIRST_DUE, interest=10)))) == [ALTERED]


def test_two_rows_with_one_reference_and_different_amounts_are_flagged(township, loan):
    rows = row_of(loan, "LS1", FIRST_DUE, interest=10), row_of(loan, "LS1", FIRST_DUE, interest=11)
    statement = take_in(township, csv(*rows))
    assert outcomes_of(statement) == [NEW, ALTERED]
    assert "2" in statement.lines.get(row_number=3).sentences[0]


def test_a_contract_of_another_counter_is_as_unknown_as_none(office, township, loan):
    rows = row_of(loan, "LS1", FIRST_DUE, interest=10), row_of("没有此合同", "LS2", FIRST_DUE, interest=10)
    statement = take_in(office.shaxi, csv(*rows))
    assert outcomes_of(statement) == [UNKNOWN, UNKNOWN]
    assert [line.loan for line in statement.lines.all()] == [None, None]


def test_somebody_of_another_counter_may_not_upload_book_or_discard(office, township, loan):
    content = csv(row_of(loan, "LS1", FIRST_DUE, interest=10))
    statement, stranger = take_in(township, content), office.shaxi.credit_officer
    with pytest.raises(NotAllowed):
        take_in(township, content, by=stranger)
    with pytest.raises(NotAllowed):
        post_statement(statement_id=statement.pk, posted_by=stranger, posted_at=NOON)
    with pytest.raises(NotAllowed):
        discard_statement(statement_id=statement.pk, discarded_by=stranger, discarded_at=NOON)


@pytest.mark.parametrize(
    ("column", "value", "address"),
    [
        (0, "", "A2"),
        (0, "合同 一" * 20, "A2"),
        (1, "", "B2"),
        (1, "流水?1", "B2"),
        (2, "2014-02-30", "C2"),
        (2, "2099-01-01", "C2"),
        (3, "付款", "D2"),
        (4, "1200.125", "E2"),
        (4, "-5", "E2"),
        (5, "一百", "F2"),
        (6, "1e5", "G2"),
    ],
)
def test_each_error_names_its_cell(township, loan, column, value, address):
    row = row_of(loan, "LS1", FIRST_DUE, interest=10)
    row[column] = value
    statement = take_in(township, csv(row))
    assert outcomes_of(statement) == [FAULTY]
    assert statement.lines.get().sentences[0].startswith(address)


def test_all_errors_of_a_row_are_named_at_once(township):
    statement = take_in(township, csv(["", "", "x", "y", "a", "b", "c"]))
    assert [sentence.split(" ")[0] for sentence in statement.lines.get().sentences] == [
        "A2", "B2", "C2", "D2", "E2", "F2", "G2",
    ]  # fmt: skip


def test_a_row_that_moves_nothing_is_an_error(township, loan):
    assert outcomes_of(take_in(township, csv(row_of(loan, "LS1", FIRST_DUE)))) == [FAULTY]


def test_garbage_is_refused_and_keeps_nothing(township):
    with pytest.raises(Unreadable):
        take_in(township, b"\x00\x01garbage")
    assert StatementImport.objects.count() == 0


def test_what_the_ledger_refuses_keeps_its_reason_and_the_rest_is_booked(township):
    small, good = lend_quarterly(township, 2)
    rows = row_of(small, "LS1", FIRST_DUE, principal="50000.01"), row_of(good, "LS2", FIRST_DUE, interest=870)
    statement = book(take_in(township, csv(*rows)), township)
    assert (outcomes_of(statement), statement.lines.get(row_number=2).refusal != "") == ([REFUSED, BOOKED], True)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
def test_late_and_back_dated_lines_lead_to_the_same_standing(township, loan, order):
    rows = [
        row_of(loan, "LS1", FIRST_DUE, interest=FIRST_INTEREST),
        row_of(loan, "LS2", date(2014, 2, 1), kind="提前还款", principal=10000),
        row_of(loan, "LS3", SECOND_DUE, interest="806.00"),
    ]
    for index in order:
        book(take_in(township, csv(rows[index])), township)
    loan.refresh_from_db()
    standing = loan.standing
    # 48 days at 8 instead of 10 yuan, 42 before it at 10: 804. Two yuan too much were paid.
    assert standing.overdue_since == date(2014, 6, 20)
    differences = dict(StatementLine.objects.values_list("bank_reference", "interest_difference"))
    assert differences == {"LS1": 0, "LS2": 0, "LS3": Decimal("2.00")}


def test_a_difference_is_in_yuan_and_follows_what_is_booked_later(township, loan):
    late = book(take_in(township, csv(row_of(loan, "LS2", SECOND_DUE, interest=SECOND_INTEREST))), township)
    line = late.lines.get()
    assert (line.interest_difference, line.is_different) == (Decimal("-870.00"), True)
    book(take_in(township, csv(row_of(loan, "LS1", FIRST_DUE, interest=FIRST_INTEREST))), township)
    line.refresh_from_db()
    assert (line.interest_difference, line.is_different) == (Decimal("0.00"), False)


def test_what_is_booked_by_hand_afterwards_is_compared_by_night(township, loan):
    statement = book(take_in(township, csv(row_of(loan, "LS2", SECOND_DUE, interest=SECOND_INTEREST))), township)
    record_repayment(
        loan_id=loan.pk,
        repayment=Repayment(
            principal=Decimal(0), interest=Decimal(FIRST_INTEREST), value_date=FIRST_DUE, bank_reference="H1"
        ),
        recorded_by=township.credit_officer,
        recorded_at=NOON + timedelta(minutes=5),
    )  # fmt: skip
    refresh_late_differences()
    assert statement.lines.get().interest_difference == 0


def test_a_settlement_that_leaves_principal_differs(township, loan):
    row = row_of(loan, "LS1", FIRST_DUE, kind="结清", principal=49000, interest=FIRST_INTEREST)
    line = book(take_in(township, csv(row)), township).lines.get()
    assert (line.outcome, line.principal_difference) == (BOOKED, Decimal("-1000.00"))


def test_a_difference_is_clarified_once_with_person_and_time(township, loan):
    line = book(take_in(township, csv(row_of(loan, "LS1", FIRST_DUE, interest=850))), township).lines.get()
    officer = township.credit_officer
    clarify_line(line_id=line.pk, note="银行少扣，下季补收。", clarified_by=officer, clarified_at=NOON)
    line.refresh_from_db()
    assert (line.clarified_by, line.clarified_at, line.note) == (officer, NOON, "银行少扣，下季补收。")
    with pytest.raises(Blocked):
        clarify_line(line_id=line.pk, note="再次", clarified_by=officer, clarified_at=NOON)


def test_a_clarified_difference_that_changes_is_to_be_clarified_again(township, loan):
    line = book(take_in(township, csv(row_of(loan, "LS2", SECOND_DUE, interest=900))), township).lines.get()
    clarify_line(line_id=line.pk, note="已核实。", clarified_by=township.credit_officer, clarified_at=NOON)
    book(take_in(township, csv(row_of(loan, "LS1", FIRST_DUE, interest=850))), township)
    line.refresh_from_db()
    assert (line.interest_difference, line.clarified_at, line.note) == (Decimal("-20.00"), None, "")


def test_a_line_without_difference_is_not_clarified(township, loan):
    line = book(take_in(township, csv(row_of(loan, "LS1", FIRST_DUE, interest=870))), township).lines.get()
    with pytest.raises(Blocked):
        clarify_line(line_id=line.pk, note="x", clarified_by=township.credit_officer, clarified_at=NOON)


def test_a_discarded_statement_books_nothing_and_its_file_may_come_again(township, loan):
    content = csv(row_of(loan, "LS1", FIRST_DUE, interest=10))
    statement = take_in(township, content)
    for _ in range(2):
        discard_statement(statement_id=statement.pk, discarded_by=township.credit_officer, discarded_at=NOON)
    with pytest.raises(Blocked):
        post_statement(statement_id=statement.pk, posted_by=township.credit_officer, posted_at=NOON)
    assert take_in(township, content).pk != statement.pk
    assert payments(loan) == []


def test_a_booked_statement_is_not_discarded(township, loan):
    statement = book(take_in(township, csv(row_of(loan, "LS1", FIRST_DUE, interest=10))), township)
    with pytest.raises(Blocked):
        discard_statement(statement_id=statement.pk, discarded_by=township.credit_officer, discarded_at=NOON)


def test_a_second_click_starts_no_second_job(township, loan):
    statement = take_in(township, csv(row_of(loan, "LS1", FIRST_DUE, interest=10)))
    jobs = {
        post_statement(statement_id=statement.pk, posted_by=township.credit_officer, posted_at=NOON).pk
        for _ in range(3)
    }
    assert len(jobs) == 1


def test_a_contract_paid_out_later_is_booked_after_comparing_again(township, loan):
    contract = loan.contract_number
    Loan.objects.filter(pk=loan.pk).update(contract_number="另一合同")
    statement = take_in(township, csv(row_of(contract, "LS1", FIRST_DUE, interest=10)))
    assert outcomes_of(statement) == [UNKNOWN]
    Loan.objects.filter(pk=loan.pk).update(contract_number=contract)
    check_again(statement_id=statement.pk, checked_by=township.credit_officer, checked_at=NOON)
    assert outcomes_of(book(statement, township)) == [BOOKED]


def test_a_job_that_died_anywhere_goes_on_and_books_nothing_twice(township, loan, monkeypatch):
    rows = [row_of(loan, f"LS{n}", FIRST_DUE + timedelta(days=n), principal=100) for n in range(5)]
    statement = take_in(township, csv(*rows))
    post_statement(statement_id=statement.pk, posted_by=township.credit_officer, posted_at=NOON)
    lines = list(statement.lines.order_by("row_number"))
    for line in lines[:2]:
        book_line(line_id=line.pk, booked_by=township.credit_officer, booked_at=NOON)
    for _ in range(3):
        work_on(statement, township)
    assert (outcomes_of(statement), len(payments(loan))) == ([BOOKED] * 5, 5)


def test_each_line_costs_the_same_number_of_questions(township, questions):
    """The naive way, one look at the whole file for each line, would show here."""
    counts = []
    for number in (2, 4, 12):
        loans = lend_quarterly(township, number)
        rows = [row_of(loan, f"Q{number}-{n}", FIRST_DUE, interest=870) for n, loan in enumerate(loans)]
        statement = take_in(township, csv(*rows))
        post_statement(statement_id=statement.pk, posted_by=township.credit_officer, posted_at=NOON)
        with questions() as asked:
            work_on(statement, township)
        counts.append(len(asked))
    _warm, four, twelve = counts  # the first pays for what is read once in a process
    each = (twelve - four) / 8
    assert (each == int(each), each <= QUESTIONS_EACH_MAX) == (True, True), counts
    assert LoanEntry.objects.filter(kind=EntryKind.INTEREST).count() == 18


def test_taking_in_asks_a_constant_number_of_questions(township, questions):
    counts = []
    for number in (3, 30):
        loans = lend_quarterly(township, number)
        content = csv(*[row_of(loan, f"Q{number}-{n}", FIRST_DUE, interest=870) for n, loan in enumerate(loans)])
        with questions() as asked:
            take_in(township, content)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_penalty_interest_is_booked_and_compared(township, loan):
    """870 yuan of interest paid ten days late: 870 × 10.8 % × 10 / 360 = 2.61 on it, as the contract says."""
    day = FIRST_DUE + timedelta(days=11)
    statement = take_in(township, csv(row_of(loan, "LS1", day, interest="870.00", penalty="2.61")))
    line = book(statement, township).lines.get()
    assert payments(loan)[-1] == ("penalty", Decimal("2.61"), day)
    assert (line.interest_difference, line.penalty_difference) == (0, 0)


def test_a_reversal_takes_the_payment_back_once(township, loan):
    book(take_in(township, csv(row_of(loan, "LS1", FIRST_DUE, principal=50000, interest=1010))), township)
    row = row_of(loan, "LS1", date(2013, 12, 24), kind="冲正")
    first = book(take_in(township, csv(row)), township)
    again = take_in(township, csv(row, row_of(loan, "LS9", SECOND_DUE, interest=1)))
    loan.refresh_from_db()
    assert (outcomes_of(first), outcomes_of(again), loan.state) == ([BOOKED], [KNOWN, NEW], LoanState.LIVE)
    assert list(loan.entries.effective().values_list("kind", flat=True)) == [EntryKind.DISBURSEMENT]


def test_a_reversal_standing_above_its_payment_is_booked_after_it(township, loan):
    rows = row_of(loan, "LS1", SECOND_DUE, kind="冲正"), row_of(loan, "LS1", FIRST_DUE, interest=870)
    statement = book(take_in(township, csv(*rows)), township)
    assert (outcomes_of(statement), interest_of(loan)) == ([BOOKED, BOOKED], 0)


def test_the_payment_of_a_reversed_reference_is_not_booked_again(township, loan):
    payment, reversal = row_of(loan, "LS1", FIRST_DUE, interest=10), row_of(loan, "LS1", SECOND_DUE, kind="冲正")
    book(take_in(township, csv(payment, reversal)), township)
    assert outcomes_of(take_in(township, csv(payment, [*payment[:6], "0.00"], reversal))) == [KNOWN, KNOWN, KNOWN]


@pytest.mark.parametrize("reference", ["没有", "核发"])
def test_a_reversal_of_nothing_or_of_the_paying_out_is_an_error(township, loan, reference):
    reference = f"核发{loan.contract_number}" if reference == "核发" else reference
    statement = take_in(township, csv(row_of(loan, reference, SECOND_DUE, kind="冲正")))
    assert outcomes_of(statement) == [FAULTY]


def test_a_reversal_with_another_amount_is_flagged(township, loan):
    book(take_in(township, csv(row_of(loan, "LS1", FIRST_DUE, interest=10))), township)
    row = row_of(loan, "LS1", SECOND_DUE, kind="冲正", interest=11)
    assert outcomes_of(take_in(township, csv(row))) == [ALTERED]


def test_a_booking_whose_job_failed_is_gone_on_with_by_a_colleague(township, loan):
    rows = [row_of(loan, f"LS{n}", FIRST_DUE + timedelta(days=n), principal=100) for n in range(3)]
    statement = take_in(township, csv(*rows))
    failed = post_statement(statement_id=statement.pk, posted_by=township.credit_officer, posted_at=NOON)
    book_line(line_id=statement.lines.first().pk, booked_by=township.credit_officer, booked_at=NOON)
    Job.objects.filter(pk=failed.pk).update(state=JobState.FAILED, error="停电", finished_at=NOON)
    assert book(statement, township).job != failed
    assert (outcomes_of(statement), len(payments(loan))) == ([BOOKED] * 3, 3)


def test_a_reversal_that_came_before_its_payment_is_booked_after_comparing_again(township, loan):
    early = take_in(township, csv(row_of(loan, "LS1", SECOND_DUE, kind="冲正")))
    book(take_in(township, csv(row_of(loan, "LS1", FIRST_DUE, interest=870))), township)
    check_again(statement_id=early.pk, checked_by=township.credit_officer, checked_at=NOON)
    assert (outcomes_of(book(early, township)), interest_of(loan)) == ([BOOKED], 0)


def test_comparing_again_leaves_faulty_cells_faulty(township, loan):
    statement = take_in(township, csv(row_of(loan, "LS1", "昨天", interest=870)))
    check_again(statement_id=statement.pk, checked_by=township.credit_officer, checked_at=NOON)
    assert outcomes_of(statement) == [FAULTY]
