from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from inbox.registry import register
from jobs.messages import KINDS


class JobsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "jobs"
    verbose_name = _("Jobs")

    def ready(self) -> None:
        # Every app's tasks.py registers its kinds of job and its Celery tasks: web and worker must know the same ones.
        autodiscover_modules("tasks")
        register(KINDS)
