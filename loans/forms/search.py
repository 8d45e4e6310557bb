from django import forms
from django.utils.translation import gettext_lazy as _

from web.forms import OfficeForm


class ApplicantSearchForm(OfficeForm):
    """Whom the register is asked for."""

    text = forms.CharField(
        label=_("Identity number, name or initials"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autofocus": True}),
        help_text=_("Type or paste the identity number; a name or its initials also work."),
    )
