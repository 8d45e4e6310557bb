from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts.messages import KINDS
from inbox.registry import register


class AccountsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        register(KINDS)
