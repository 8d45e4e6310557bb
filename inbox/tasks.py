from celery import shared_task

from inbox.operations import forget_old
from web import clock


@shared_task
def forget_old_notices() -> None:
    forget_old(at=clock.now())
