"""Two workers, two officers at once, on real transactions: one batch, each range once, the same lines."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from threading import Event

import pytest
from django.db import DataError

from loans.models import LoanStanding, Programme, SubsidyBudget
from subsidies.models import BatchChunk, InputSegment, Payment, PaymentFile, PaymentResult, SubsidyBatch, SubsidyLine
from subsidies.operations import batches
from subsidies.operations.batches import UnableToCompute, create_batch, prepare_batch
from subsidies.operations.computing import compute_batch
from subsidies.operations.payments import make_payment_file, pay_again
from subsidies.queries import snapshot_sql
from tests.factories.county import NOON, County, build_county
from tests.factories.lending import Order, lend
from tests.factories.loans import store_jianchuan
from tests.factories.subsidies import Journey, Line, computed_batch, give_account
from tests.races import race
from tests.subsidies.world import AUTUMN, WINTER, close, compute, pay_interest

pytestmark = pytest.mark.django_db(transaction=True)
LOANS = 12
LOANS_A_CHUNK = 3


@pytest.fixture
def office(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> County:
    """A county with twelve subsidised loans, computed in four ranges."""
    monkeypatch.setattr(batches, "LOANS_A_CHUNK", LOANS_A_CHUNK)
    county = build_county()
    store_jianchuan()
    days = [date(2013, 8, 1 + number) for number in range(LOANS)]
    for loan in lend(*[Order(county.yangcen.village, "30000", day, reserved="1") for day in days]):
        pay_interest(loan, ("300.00", date(2013, 9, 20)))
    return county


at_once = partial(race, (UnableToCompute,))


def opening(office: County, period: tuple[date, date] = AUTUMN) -> Callable[[], SubsidyBatch]:
    programme = Programme.objects.get(code="jianchuan")
    return lambda: create_batch(
        programme=programme,
        first_day=period[0],
        last_day=period[1],
        created_by=office.finance_officer,
        created_at=NOON,
    )


def preparing(office: County, batch: SubsidyBatch) -> Callable[[], SubsidyBatch]:
    return lambda: prepare_batch(batch_id=batch.pk, by=office.finance_officer, at=NOON)


def computing(batch: SubsidyBatch, progress: Callable[[int, int], None] = lambda done, total: None):
    return lambda: compute_batch(batch_id=batch.pk, now=lambda: NOON, progress=progress)


def results_of(batch: SubsidyBatch) -> tuple[object, ...]:
    """What the batch says, without the numbers of its rows."""
    batch.refresh_from_db()
    lines = SubsidyLine.objects.filter(batch=batch).order_by("loan", "last_day", "kind")
    segments = InputSegment.objects.filter(batch=batch).order_by("loan", "start")
    return (
        batch.state,
        batch.inputs_sha256,
        list(lines.values_list("loan", "last_day", "kind", "days", "base", "interest_paid", "amount", "reason")),
        list(segments.values_list("loan", "start", "end", "balance_fen", "base_fen", "exclusion")),
    )


@pytest.mark.parametrize("turn", range(4))
def test_two_workers_on_one_batch_compute_each_range_once_and_the_same_lines(office, turn):
    alone = results_of(compute(office, AUTUMN))
    batch = preparing(office, SubsidyBatch.objects.get())()
    at_once(computing(batch), computing(batch))
    assert results_of(batch) == alone
    assert SubsidyLine.objects.filter(batch=batch).count() == LOANS
    assert BatchChunk.objects.filter(batch=batch, done_at__isnull=False).count() == LOANS // LOANS_A_CHUNK


def test_one_call_with_two_workers_computes_the_same_as_one_alone_and_tells_its_end(office):
    alone = results_of(compute(office, AUTUMN))
    batch = preparing(office, SubsidyBatch.objects.get())()
    told: list[tuple[int, int]] = []
    compute_batch(batch_id=batch.pk, now=lambda: NOON, progress=lambda *loans: told.append(loans), workers=2)
    assert results_of(batch) == alone
    assert (told[0], told[-1]) == ((0, LOANS), (LOANS, LOANS))


def test_a_worker_beside_that_fails_fails_the_computation_and_the_next_run_does_the_rest(office, monkeypatch):
    batch = preparing(office, opening(office)())()
    with monkeypatch.context() as broken:
        broken.setattr(snapshot_sql, "HASH_SNAPSHOT", "SELECT 1 / 0")
        with pytest.raises(DataError):
            compute_batch(batch_id=batch.pk, now=lambda: NOON, progress=lambda done, total: None, workers=2)
    assert not SubsidyLine.objects.exists()
    computing(batch)()
    batch.refresh_from_db()
    assert (batch.state, batch.lines.count()) == ("computed", LOANS)


def test_four_workers_share_the_ranges_and_the_last_one_closes_the_computation(office):
    batch = preparing(office, opening(office)())()
    at_once(*[computing(batch)] * 4)
    batch.refresh_from_db()
    assert (batch.state, batch.lines.count()) == ("computed", LOANS)


@pytest.mark.parametrize("turn", range(4))
def test_two_officers_who_open_one_period_at_once_open_one_batch(office, turn):
    first, second = at_once(opening(office), opening(office))
    assert first == second
    assert SubsidyBatch.objects.count() == 1


def test_of_two_periods_opened_at_once_only_those_that_follow_one_another_come_to_be(office):
    close(compute(office, AUTUMN))
    results = at_once(opening(office, WINTER), opening(office, (WINTER[0], date(2014, 3, 20))))
    assert sorted(type(result).__name__ for result in results) == ["SubsidyBatch", "UnableToCompute"]
    assert SubsidyBatch.objects.count() == 2


def test_preparing_a_batch_that_is_being_computed_leaves_it_as_it_is(office):
    alone = results_of(compute(office, AUTUMN))
    batch = preparing(office, SubsidyBatch.objects.get())()
    halfway, prepared = Event(), Event()

    def pause(done: int, total: int) -> None:
        if done == LOANS // 2:
            halfway.set()
            assert prepared.wait(20)

    def prepare() -> str:
        assert halfway.wait(20)
        state = preparing(office, batch)().state
        prepared.set()
        return state

    results = at_once(computing(batch, pause), prepare)
    assert results[1] == "computing"
    assert results_of(batch) == alone


@pytest.mark.parametrize("turn", range(4))
def test_preparing_twice_at_once_cuts_the_ranges_once(office, turn):
    batch = opening(office)()
    at_once(preparing(office, batch), preparing(office, batch))
    assert sum(batch.chunks.values_list("loans", flat=True)) == LOANS
    assert batch.chunks.count() == LOANS // LOANS_A_CHUNK


def test_workers_who_both_find_the_standings_stale_write_each_once(office):
    LoanStanding.objects.all().delete()
    batch = preparing(office, opening(office)())()
    at_once(computing(batch), computing(batch))
    assert LoanStanding.objects.count() == LOANS
    assert batch.lines.count() == LOANS


def test_a_repayment_booked_while_the_batch_is_computed_waits_for_the_next_batch(office):
    alone = results_of(compute(office, AUTUMN))
    batch = preparing(office, SubsidyBatch.objects.get())()
    loan = batch.programme.versions.get(code="2013").loans.order_by("-pk")[0]

    def book_halfway(done: int, total: int) -> None:
        if done == LOANS // 2:
            pay_interest(loan, ("500.00", date(2013, 9, 19)), known=date(2014, 8, 16))

    assert at_once(computing(batch, book_halfway))
    assert results_of(batch) == alone
    assert Decimal("500.00") in loan.entries.values_list("amount", flat=True)


@pytest.fixture
def journey(office: County) -> Journey:
    """A batch of one loan, about to be reviewed and paid."""
    home = office.yangcen.village.households[0]
    (loan,) = lend(Order(office.yangcen.village, "50000", date(2014, 3, 25), households=[home]))
    give_account(loan)
    return Journey(office, computed_batch(office, [Line(loan, "100.10")]))


def test_two_officers_who_make_the_payment_file_at_once_make_one(office, journey):
    batch = journey.approved()

    def make() -> PaymentFile:
        return make_payment_file(batch_id=batch.pk, made_by=office.finance_officer, made_at=journey.moment)

    first, second = at_once(make, make)
    assert first == second
    assert PaymentFile.objects.get().payments_count == 1


def test_one_answer_of_the_bank_booked_by_two_at_once_pays_one_loan_once(office, journey):
    journey.sent()
    answer = journey.answer(journey.batch.payments.get())
    results = at_once(*[lambda: journey.book(answer)] * 2)
    assert sorted(result.new for result in results) == [0, 1]
    assert PaymentResult.objects.count() == 1
    assert SubsidyBudget.objects.get(pk=journey.batch.payments.get().budget_id).paid == Decimal("100.10")


def test_a_second_payment_ordered_by_two_at_once_is_ordered_once(office, journey):
    journey.sent()
    returned = journey.batch.payments.get()
    journey.book(journey.answer(returned, code="frozen"))

    def order() -> Payment:
        return pay_again(payment_id=returned.pk, ordered_by=office.finance_officer, ordered_at=journey.moment)

    first, second = at_once(order, order)
    assert first == second
    assert Payment.objects.filter(reissues=returned).count() == 1
