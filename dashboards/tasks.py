"""What the calendar does in this room, and its papers. Read at start by jobs.apps, which registers kinds of job."""

from celery import shared_task

from dashboards.board.snapshots import refresh_boards
from dashboards.statistics import tasks as statistics
from dashboards.statistics.operations import prepare_reports
from jobs.registry import register
from web import clock

register(statistics.STATISTICS_PAPER)(statistics.statistics_paper)


@shared_task
def prepare_printed_reports() -> None:
    """Note which reports fell due and remind those who answer for them."""
    prepare_reports(at=clock.now())


@shared_task
def refresh_leader_boards() -> None:
    """Count the boards anew whose books have changed."""
    at = clock.now()
    refresh_boards(at=at, today=clock.day_of(at))
