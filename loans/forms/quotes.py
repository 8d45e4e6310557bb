"""The terms of a loan whose interest is to be split between lender, government and borrower."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from loans.models import ProgrammeVersion
from loans.queries.quotes import Quotation, UnableToQuote, published_versions, quotation
from web.forms import DayField, MoneyField, OfficeForm


class QuoteForm(OfficeForm):
    """Rules, amount and days. `found` is the split once the form is valid; its state is the address of the page."""

    version = forms.ModelChoiceField(
        label=gettext_lazy("Programme rules"), queryset=ProgrammeVersion.objects.none(), empty_label=None
    )
    amount = MoneyField(label=gettext_lazy("Amount"))
    start = DayField(label=gettext_lazy("Paid out on"))
    end = DayField(label=gettext_lazy("Repaid on"))

    found: Quotation | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].queryset = published_versions()  # type: ignore[attr-defined]  # a ModelChoiceField

    def clean(self) -> dict[str, Any]:
        kept = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                self.found = quotation(**kept)
            except UnableToQuote as error:
                self.add_error("end", str(error))
        return kept
