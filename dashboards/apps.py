from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from dashboards.messages import KINDS
from inbox.registry import register


class DashboardsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "dashboards"
    verbose_name = _("Dashboards")

    def ready(self) -> None:
        register(KINDS)
