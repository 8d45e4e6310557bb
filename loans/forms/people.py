"""A person of the register, written as a name or an identity number."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from loans.queries.register import find_exactly
from organizations.models import Person
from organizations.scope import Scope

TEXT_LENGTH_MAX = 80


class RegisterField(forms.CharField):
    """Cleans to the Person of a register that a text stands for, or None. Errors never repeat an identity number."""

    default_error_messages = {
        "unknown": _("Nobody of this name or number is in the register of your area."),
        "several": _("Several people have this name. Write the identity number."),
        "homeless": _("This person is in no household of the register."),
    }

    def __init__(self, *, scope: Scope, needs_household: bool = False, **kwargs: Any) -> None:
        self.scope, self.needs_household = scope, needs_household
        super().__init__(required=False, max_length=TEXT_LENGTH_MAX, **kwargs)
        self.widget.attrs.setdefault("autocomplete", "off")

    def clean(self, value: Any) -> Person | None:
        text = super().clean(value)
        if not text:
            return None
        found = find_exactly(scope=self.scope, text=text)
        if len(found) != 1:
            code = "several" if found else "unknown"
            raise forms.ValidationError(self.error_messages[code], code)
        if self.needs_household and found[0].household_id is None:
            raise forms.ValidationError(self.error_messages["homeless"], "homeless")
        return found[0]
