"""Forms of what is watched: stops and limits, categories, warnings, insurance."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from loans.choices import StopMeasure
from loans.forms.fields import PlainTextField, ReferenceField
from organizations.models import Division
from risk.choices import BreakerLevel, CategoryChoice, WarningKind, WarningOutcome
from risk.forms.funds import DAYS_MAX, BlamingForm
from web.forms import DayField, MoneyField, OfficeForm, PercentField, WholeNumberField

ALL = ("", gettext_lazy("All"))
TEXT_LENGTH_MAX = 300
MONTHS_MAX = 36


class ReasonForm(BlamingForm):
    """A decision that only needs its reason."""

    reason = PlainTextField(
        label=gettext_lazy("Reason"), max_length=TEXT_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": 3})
    )


class StopForm(ReasonForm):
    """Stop new loans in a place by decision."""

    division = forms.ModelChoiceField(
        label=gettext_lazy("Place"), queryset=Division.objects.none(), empty_label=gettext_lazy("Please choose")
    )
    field_order = ["division", "reason"]

    def __init__(self, *args: Any, divisions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["division"].queryset = divisions  # type: ignore[attr-defined]  # a ModelChoiceField


class BreakerForm(BlamingForm):
    """The limit of a level and measure from a day on."""

    level = forms.ChoiceField(label=gettext_lazy("Level"), choices=BreakerLevel.choices)
    measure = forms.ChoiceField(
        label=gettext_lazy("Measure"),
        choices=[choice for choice in StopMeasure.choices if choice[0] != StopMeasure.BY_DECISION],
    )
    limit_percent = PercentField(
        label=gettext_lazy("Limit"), required=False, help_text=gettext_lazy("Left empty, the limit ends on this day.")
    )
    effective_from = DayField(label=gettext_lazy("In force from"))
    document_number = PlainTextField(label=gettext_lazy("Document number"), max_length=60)


class WatchForm(BlamingForm):
    """When the county is warned."""

    effective_from = DayField(label=gettext_lazy("In force from"))
    document_number = PlainTextField(label=gettext_lazy("Document number"), max_length=60)
    clean_months = WholeNumberField(
        label=gettext_lazy("Clean months before a bad loan is judged better"), min_value=1, max_value=MONTHS_MAX
    )
    maturity_days = WholeNumberField(label=gettext_lazy("Warn so many days before maturity"), max_value=DAYS_MAX)
    visit_days = WholeNumberField(label=gettext_lazy("Warn after so many days without a visit"), max_value=DAYS_MAX)
    ratio_days = WholeNumberField(
        label=gettext_lazy("Compare a village's overdue share with so many days before"), min_value=1,
        max_value=DAYS_MAX,
    )  # fmt: skip
    ratio_rise_percent = PercentField(label=gettext_lazy("Warn when it rose by more than"), max_value=Decimal(100))


class CategoryFilterForm(OfficeForm):
    """What the list of classified loans can be narrowed to."""

    category = forms.TypedChoiceField(
        label=gettext_lazy("Category"), choices=[ALL, *CategoryChoice.choices], coerce=int, empty_value=None,
        required=False,
    )  # fmt: skip


class JudgementForm(ReasonForm):
    """A person's judgement: as the days demand or worse."""

    category = forms.TypedChoiceField(label=gettext_lazy("Category"), choices=CategoryChoice.choices, coerce=int)
    field_order = ["category", "reason"]


class WarningFilterForm(OfficeForm):
    """What the list of warnings can be narrowed to."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=[ALL, *WarningKind.choices], required=False)
    closed = forms.BooleanField(label=gettext_lazy("Closed ones"), required=False)


class WarningForm(BlamingForm):
    """What came of a warning."""

    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), choices=WarningOutcome.choices)
    note = PlainTextField(
        label=gettext_lazy("What was done"), max_length=TEXT_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": 3})
    )


class InsuranceForm(BlamingForm):
    """A policy that the borrower took of his own will."""

    insurer = PlainTextField(label=gettext_lazy("Insurer"), max_length=60)
    policy_number = ReferenceField(label=gettext_lazy("Policy number"), max_length=60)
    cover = MoneyField(label=gettext_lazy("Sum insured"))
    valid_from = DayField(label=gettext_lazy("Insured from"))
    valid_to = DayField(label=gettext_lazy("Insured until"))
