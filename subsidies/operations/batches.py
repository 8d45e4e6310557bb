"""Opening a batch and letting it be computed."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import User
from audit.choices import Action
from audit.operations import record
from jobs.models import Job
from jobs.operations import start_job
from loans.models import Loan, Programme
from subsidies.choices import BatchState
from subsidies.models import BatchChunk, InputSegment, SubsidyBatch, SubsidyLine
from subsidies.operations.entitled import require_county_post
from web.clock import day_of

JOB_KIND = "subsidy_batch"
LOANS_A_CHUNK = 2_000
ONE_DAY = timedelta(days=1)


class UnableToCompute(Exception):
    """The batch cannot be opened or computed as things stand; the message is for the person at the screen."""


@transaction.atomic
def create_batch(
    *, programme: Programme, first_day: date, last_day: date, created_by: User, created_at: datetime
) -> SubsidyBatch:
    """Open the batch of a period (both days included); the same period again is the same batch.

    Periods of a programme follow one another without gap or overlap. A period that is not over yet gives an estimate.
    Raises UnableToCompute with a sentence, NotAllowed.
    """
    require_county_post(created_by, Verb.CONFIRM_SUBSIDY, programme, on=day_of(created_at))
    # The programme's row is the lock under which periods follow one another.
    Programme.objects.select_for_update().get(pk=programme.pk)
    batches = SubsidyBatch.objects.counting().filter(programme=programme)
    same = batches.filter(first_day=first_day, last_day=last_day).first()
    if same is not None:
        return same
    _refuse_period(batches.order_by("-last_day").first(), first_day=first_day, last_day=last_day)
    batch = SubsidyBatch.objects.create(
        programme=programme,
        first_day=first_day,
        last_day=last_day,
        is_estimate=last_day >= day_of(created_at),
        created_by=created_by,
        created_at=created_at,
    )
    record(action=Action.CREATED, actor=created_by, at=created_at, subject=batch)
    return batch


def _refuse_period(newest: SubsidyBatch | None, *, first_day: date, last_day: date) -> None:
    if last_day < first_day:
        raise UnableToCompute(_("The last day lies before the first."))
    if newest is not None and first_day != newest.stop:
        raise UnableToCompute(
            _("The next period begins on %(day)s, the day after the last batch.") % {"day": newest.stop.isoformat()}
        )


@transaction.atomic
def prepare_batch(*, batch_id: int, by: User, at: datetime) -> SubsidyBatch:
    """Take a batch to be computed (again): fix the moment of its snapshot and cut its loans into ranges.

    A batch that is being computed is left as it is, so a killed worker goes on where it was. Lines of an earlier
    computation go. Raises UnableToCompute once the batch is reviewed, NotAllowed.
    """
    batch = SubsidyBatch.objects.select_for_update(of=("self",)).select_related("programme__division").get(pk=batch_id)
    require_county_post(by, Verb.CONFIRM_SUBSIDY, batch.programme, on=day_of(at))
    if batch.state == BatchState.COMPUTING:
        return batch
    if batch.state not in (BatchState.DRAFT, BatchState.COMPUTED):
        raise UnableToCompute(_("This batch is past its computation: it can only be sent back."))
    _forget(batch)
    batch.state, batch.known_at, batch.computed_at, batch.inputs_sha256 = BatchState.COMPUTING, at, None, ""
    batch.is_estimate = batch.last_day >= day_of(at)
    batch.revision += 1
    batch.save()
    BatchChunk.objects.bulk_create(_chunks(batch))
    return batch


def _forget(batch: SubsidyBatch) -> None:
    batch.sample.all().delete()
    SubsidyLine.objects.filter(batch=batch, kind="difference").delete()
    SubsidyLine.objects.filter(batch=batch).delete()
    InputSegment.objects.filter(batch=batch).delete()
    batch.chunks.all().delete()


def _chunks(batch: SubsidyBatch) -> list[BatchChunk]:
    loans = Loan.objects.filter(
        version__programme=batch.programme, application__budget__isnull=False, start_date__lte=batch.last_day
    ).order_by("pk")
    chunks: list[BatchChunk] = []
    ids: list[int] = []
    for loan_id in loans.values_list("pk", flat=True).iterator(chunk_size=10_000):
        ids.append(loan_id)
        if len(ids) == LOANS_A_CHUNK:
            chunks.append(_chunk(batch, ids))
            ids = []
    return [*chunks, _chunk(batch, ids)] if ids else chunks


def _chunk(batch: SubsidyBatch, ids: Sequence[int]) -> BatchChunk:
    return BatchChunk(batch=batch, first_loan_id=ids[0], last_loan_id=ids[-1], loans=len(ids))


@transaction.atomic
def start_computing(*, batch: SubsidyBatch, by: User, at: datetime, request_id: UUID | None = None) -> Job:
    """Let a worker compute the batch; the job shows how far it is. Raises UnableToCompute, NotAllowed."""
    prepare_batch(batch_id=batch.pk, by=by, at=at)
    return start_job(
        kind=JOB_KIND,
        title=_("Interest subsidy %(batch)s") % {"batch": batch},
        owner=by,
        arguments={"batch_id": batch.pk},
        at=at,
        request_id=request_id,
    )
