"""What the officer of the outlet writes down about a loan that runs: one form per act."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from finance.money import ZERO
from loans.forms.fields import PlainTextField, ReferenceField
from loans.forms.problems import ProblemsMixin
from web.forms import DayField, MoneyField, OfficeForm, PercentField

REASON_MAX = 300


class ActForm(ProblemsMixin, OfficeForm):
    """An act of servicing: `cleaned_data` is what its operation takes. The day is today unless told otherwise."""

    value_date = DayField(label=gettext_lazy("Day"))

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"value_date": on}, **kwargs)


class TrancheForm(ActForm):
    amount = MoneyField(label=gettext_lazy("Amount paid out"))
    bank_reference = ReferenceField(label=gettext_lazy("Bank reference"), max_length=60)

    field_order = ("amount", "value_date", "bank_reference")


class ExtensionForm(ActForm):
    value_date = DayField(label=gettext_lazy("Agreed on"))
    new_due_date = DayField(label=gettext_lazy("New last day"))
    document_number = ReferenceField(label=gettext_lazy("Number of the agreement"), max_length=60)


class RenewalForm(ExtensionForm):
    document_number = ReferenceField(label=gettext_lazy("Number of the new contract"), max_length=60)


class RateForm(ActForm):
    value_date = DayField(label=gettext_lazy("Holds from"))
    rate_percent = PercentField(label=gettext_lazy("New rate (% a year)"))
    document_number = ReferenceField(label=gettext_lazy("Number of the agreement"), max_length=60)


class MisuseForm(ActForm):
    value_date = DayField(label=gettext_lazy("Found on"))
    reason = PlainTextField(
        label=gettext_lazy("What was found"), max_length=REASON_MAX, widget=forms.Textarea(attrs={"rows": 3})
    )


class MisuseEndedForm(MisuseForm):
    value_date = DayField(label=gettext_lazy("Mended on"))
    reason = PlainTextField(
        label=gettext_lazy("How it was mended"), max_length=REASON_MAX, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReversalForm(ProblemsMixin, OfficeForm):
    reason = PlainTextField(
        label=gettext_lazy("Why the entry is wrong"), max_length=REASON_MAX, widget=forms.Textarea(attrs={"rows": 3})
    )


class AllocationForm(OfficeForm):
    """The sum a borrower brings: how it would be split."""

    amount = MoneyField()
    value_date = DayField()
    costs = MoneyField(required=False, allow_zero=True)
    costs_first = forms.BooleanField(required=False)

    @property
    def asked(self) -> dict[str, Any]:
        """The arguments of queries.ledger.propose_allocation. Needs a valid form."""
        kept = self.cleaned_data
        return {
            "amount": kept["amount"],
            "on": kept["value_date"],
            "costs": kept["costs"] or ZERO,
            "costs_first": kept["costs_first"],
        }
