"""What a county may set without code: quotas of townships, subsidy budgets."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from loans.forms.fields import PlainTextField
from organizations.models import Division
from web.forms import MoneyField, OfficeForm, WholeNumberField

YEAR_MIN, YEAR_MAX = 2000, 2100


class QuotaForm(OfficeForm):
    """How much a township may file in a year."""

    township = forms.ModelChoiceField(
        label=_("Township"), queryset=Division.objects.none(), empty_label=_("Please choose")
    )
    year = WholeNumberField(label=_("Year"), min_value=YEAR_MIN, max_value=YEAR_MAX)
    total = MoneyField(label=_("Quota"), allow_zero=True)

    def __init__(self, *args: Any, townships: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["township"].queryset = townships  # type: ignore[attr-defined]  # a ModelChoiceField


class BudgetForm(OfficeForm):
    """How much the county pays for the subsidies of a year."""

    year = WholeNumberField(label=_("Year"), min_value=YEAR_MIN, max_value=YEAR_MAX)
    appropriated = MoneyField(label=_("Appropriated"), allow_zero=True)
    document_number = PlainTextField(label=_("Document number"), max_length=60, required=False)
