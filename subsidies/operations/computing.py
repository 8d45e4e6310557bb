"""Computing a batch range by range, each in one transaction: a kill at any moment loses and doubles nothing."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet, Sum

from loans.operations.standings import refresh_due_standings
from subsidies.choices import CLOSED_STATES, BatchState
from subsidies.models import BatchChunk, SubsidyBatch
from subsidies.operations.households import cap_households
from subsidies.queries import snapshot_sql
from web.clock import day_of

Progress = Callable[[int, int], None]


def compute_batch(
    *, batch_id: int, now: Callable[[], datetime], progress: Progress, workers: int = 1
) -> SubsidyBatch:  # fmt: skip
    """Compute what is not computed yet of a prepared batch, and close its computation.

    Run it twice, at once or after a kill: each range is done by one transaction, whoever gets it. `progress` is told
    loans done and loans in all. With more than one worker others do ranges beside this thread, over connections of
    their own: what the caller's transaction has not committed they do not see.
    """
    batch = SubsidyBatch.objects.get(pk=batch_id)
    refresh_due_standings(on=day_of(now()))
    total, periods = _loans_in(batch.chunks.all()), _periods(batch)

    def tell() -> None:
        progress(_loans_in(batch.chunks.filter(done_at__isnull=False)), total)

    tell()
    with _others(workers - 1, batch, periods, now):
        while _compute_next(batch, periods, now()):
            tell()
    tell()
    return _close(batch_id, now())


@contextmanager
def _others(
    number: int, batch: SubsidyBatch, periods: Sequence[SubsidyBatch], now: Callable[[], datetime]
) -> Iterator[None]:
    """So many threads compute ranges while the block does; it ends when all ranges they took are done."""
    if not number:
        yield
        return
    with ThreadPoolExecutor(number) as pool:
        others = [pool.submit(_compute_beside, batch, periods, now) for _ in range(number)]
        yield
        for other in others:
            other.result()


def _compute_beside(batch: SubsidyBatch, periods: Sequence[SubsidyBatch], now: Callable[[], datetime]) -> None:
    try:
        while _compute_next(batch, periods, now()):
            pass
    finally:
        connection.close()


def _loans_in(chunks: "QuerySet[BatchChunk]") -> int:
    loans: int = chunks.aggregate(loans=Sum("loans", default=0))["loans"]
    return loans


def _periods(batch: SubsidyBatch) -> list[SubsidyBatch]:
    """Return the periods that a loan is asked about: every closed one before, and this one. Read once a run."""
    closed = SubsidyBatch.objects.filter(
        programme=batch.programme, state__in=CLOSED_STATES, last_day__lt=batch.first_day
    ).order_by("last_day")
    return [*closed, batch]


@transaction.atomic
def _compute_next(batch: SubsidyBatch, periods: Sequence[SubsidyBatch], at: datetime) -> bool:
    """Do the next range that nobody else is doing. False when there is none."""
    chunk = (
        BatchChunk.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(batch=batch, done_at=None, batch__state=BatchState.COMPUTING)
        .order_by("first_loan_id")
        .first()
    )
    if chunk is None:
        return False
    values = _values(batch, periods, chunk)
    with connection.cursor() as cursor:
        # The planner takes such a range for one row and would loop over all rows for each: hash and merge instead.
        cursor.execute("SET LOCAL jit = off")
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(snapshot_sql.TAKE_SNAPSHOT, values)
        cap_households(batch=batch, chunk=chunk)
        cursor.execute(snapshot_sql.WRITE_ORDINARY, values)
        if len(values["batches"]) > 1:
            cursor.execute(snapshot_sql.WRITE_DIFFERENCES, values)
        cursor.execute(snapshot_sql.HASH_SNAPSHOT, values)
        chunk.sha256 = cursor.fetchone()[0]
    chunk.done_at = at
    chunk.save(update_fields=["sha256", "done_at"])
    return True


def _values(batch: SubsidyBatch, periods: Sequence[SubsidyBatch], chunk: BatchChunk) -> dict[str, Any]:
    """What the statements are told: the range, the snapshot's moment, the periods."""
    return {
        "batch": batch.pk,
        "programme": batch.programme_id,
        "known_at": batch.known_at,
        "expected_after": batch.expected_after or date.max,
        "stop": batch.stop,
        "first_loan": chunk.first_loan_id,
        "last_loan": chunk.last_loan_id,
        "batches": [period.pk for period in periods],
        "starts": [period.first_day for period in periods],
        "stops": [period.stop for period in periods],
    }


@transaction.atomic
def _close(batch_id: int, at: datetime) -> SubsidyBatch:
    """Close the computation when every range is done; another worker may still hold one, then he closes it."""
    batch = SubsidyBatch.objects.select_for_update().get(pk=batch_id)
    chunks = list(batch.chunks.order_by("first_loan_id"))
    if batch.state == BatchState.COMPUTING and all(chunk.done_at for chunk in chunks):
        batch.inputs_sha256 = hashlib.sha256("\n".join(chunk.sha256 for chunk in chunks).encode()).hexdigest()
        batch.state, batch.computed_at = BatchState.COMPUTED, at
        batch.revision += 1
        batch.save()
    return batch
