from celery import shared_task

from accounts import operations
from web import clock


@shared_task
def sync_posts() -> None:
    operations.sync_posts(on=clock.today())
