"""What the calendar does in this room."""

from celery import shared_task

from risk.operations import daily
from web import clock


@shared_task
def run_daily_risk() -> None:
    daily.run_daily_risk(at=clock.now())
