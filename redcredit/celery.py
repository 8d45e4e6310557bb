"""The Celery application. PostgreSQL holds the truth about a job; Celery only wakes it."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "redcredit.settings.dev")

app = Celery("redcredit")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
