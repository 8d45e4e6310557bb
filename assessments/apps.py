from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from assessments.messages_problems import KINDS
from inbox.registry import register


class AssessmentsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "assessments"
    verbose_name = _("Organisational assessment")

    def ready(self) -> None:
        register(KINDS)
