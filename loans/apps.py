from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from inbox.registry import register
from loans.messages import KINDS
from loans.saved_views import BUILT_IN
from web import built_in_views


class LoansConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "loans"
    verbose_name = _("Loans")

    def ready(self) -> None:
        register(KINDS)
        built_in_views.register(BUILT_IN)
