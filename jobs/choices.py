from django.db import models
from django.utils.translation import pgettext_lazy


class JobState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("state of a job", "Waiting")
    RUNNING = "running", pgettext_lazy("state of a job", "In progress")
    DONE = "done", pgettext_lazy("state of a job", "Done")
    FAILED = "failed", pgettext_lazy("state of a job", "Failed")


OPEN_STATES = (JobState.WAITING, JobState.RUNNING)
