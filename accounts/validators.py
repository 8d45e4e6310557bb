from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class NameIsNoPasswordValidator:
    """Refuse a password that holds the account name or the person's name: the first thing anybody tries."""

    def validate(self, password: str, user: Any = None) -> None:
        names = [getattr(user, attribute, "") or "" for attribute in ("username", "name")]
        if any(len(name) > 1 and name.lower() in password.lower() for name in names):
            raise ValidationError(_("The password must not hold your account name or your name."), code="holds_name")

    def get_help_text(self) -> str:
        return _("The password must not hold your account name or your name.")
