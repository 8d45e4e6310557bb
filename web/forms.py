"""One look and one behaviour for every form of the project. The field classes are in `web.fields`."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.forms.renderers import TemplatesSetting
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from web.fields import (
    CodeField,
    DayField,
    IdNumberField,
    MoneyField,
    NameField,
    PercentField,
    RequestIdField,
    RevisionField,
    WholeNumberField,
)
from web.text import composed

__all__ = [
    "CodeField",
    "DayField",
    "IdNumberField",
    "MoneyField",
    "NameField",
    "OfficeForm",
    "OfficeFormMixin",
    "OfficeModelForm",
    "PercentField",
    "Problem",
    "Renderer",
    "RequestIdField",
    "RevisionField",
    "WholeNumberField",
]


class Renderer(TemplatesSetting):
    """settings.FORM_RENDERER. `{{ form }}` gives error summary and fields, `{{ field.as_field_group }}` one field."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"


@dataclass(frozen=True)
class Problem:
    """One line of the error summary. `target` is the id of the input to jump to, "" when no input is to blame."""

    label: str
    message: str
    target: str


class OfficeFormMixin(forms.BaseForm):
    """Unicode in one form on the way in, one list of problems on the way out.

    Show the list with `{% include "web/_error_summary.html" %}`; the script gives it the focus.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = _("Please fill this in.")
        if self.is_bound:
            self.data = self._composed_data()

    @property
    def problems(self) -> list[Problem]:
        """The form's own errors first, then the fields' in their order on the page."""
        own = [Problem(label="", message=str(message), target="") for message in self.non_field_errors()]
        return own + [
            Problem(
                label="" if bound.is_hidden else str(bound.label), message=str(message), target=focus_target(bound)
            )
            for bound in self
            for message in bound.errors
        ]

    def _composed_data(self) -> Any:
        """The posted text in NFC. A password stays as it was typed: its bytes are what was hashed."""
        secret = {self.add_prefix(k) for k, f in self.fields.items() if isinstance(f.widget, forms.PasswordInput)}
        if isinstance(self.data, QueryDict):
            data = self.data.copy()
            for key in data.keys() - secret:
                data.setlist(key, [composed_if_text(value) for value in data.getlist(key)])
            return data
        return {k: v if k in secret else composed_if_text(v) for k, v in dict(self.data).items()}


class OfficeForm(OfficeFormMixin, forms.Form):
    """A plain form of the project: input into Python values; the operation does the rest."""


class OfficeModelForm(OfficeFormMixin, forms.ModelForm):
    """For master data without process. Cases are never changed by a model form."""


def composed_if_text(value: Any) -> Any:
    return composed(value) if isinstance(value, str) else value


def focus_target(bound: BoundField) -> str:
    """Return the id a link must jump to: of a group of radio buttons it is the first button."""
    if bound.is_hidden or not bound.auto_id:
        return ""
    return bound.id_for_label or f"{bound.auto_id}_0"
