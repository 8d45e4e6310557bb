from django.apps import AppConfig

from redcredit.checks import register_checks


class RedCreditConfig(AppConfig):
    """The composition root: it imports everybody and nobody imports it."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "redcredit"
    verbose_name = "红色信贷"

    def ready(self) -> None:
        register_checks()
