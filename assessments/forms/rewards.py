"""Forms of rewards: budget, plan, approval, payout; and of the village posts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from assessments.choices import PayoutKind, VillageRole
from assessments.forms.rounds import ROWS, TEXT_LENGTH_MAX, ActionForm, AssessmentForm
from loans.forms.fields import PlainTextField, ReferenceField
from organizations.models import Organization
from web.forms import DayField, MoneyField, OfficeForm, RequestIdField, WholeNumberField


class BudgetForm(AssessmentForm):
    """A year's budget for rewards."""

    year = WholeNumberField(label=gettext_lazy("Year"), min_value=2010, max_value=2100)
    amount = MoneyField(label=gettext_lazy("Budget"), allow_zero=True)
    document_number = PlainTextField(label=gettext_lazy("Document number"), max_length=60)
    request_id = RequestIdField()


class PlanForm(ActionForm):
    """Compute the rewards of a round out of a year's budget."""

    code = "plan"
    title, button = gettext_lazy("Compute the rewards"), gettext_lazy("Compute and send for approval")

    year = WholeNumberField(label=gettext_lazy("Budget year"), min_value=2010, max_value=2100)


class ApprovalForm(ActionForm):
    """The leading group's decision on the rewards."""

    code = "approval"
    title, button = gettext_lazy("Approve the rewards"), gettext_lazy("Confirm the decision")

    plan = forms.IntegerField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[
            ("approve", pgettext_lazy("reward plan", "Approve")),
            ("return", pgettext_lazy("reward plan", "Return to be computed anew")),
        ],
        widget=forms.RadioSelect,
    )
    document_number = PlainTextField(label=gettext_lazy("Document number"), max_length=60, required=False)
    reason = PlainTextField(
        label=gettext_lazy("Opinion or reason"), max_length=TEXT_LENGTH_MAX, required=False, widget=ROWS
    )


class PayoutForm(AssessmentForm):
    """What the bank did with a payee's money."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=PayoutKind.choices, widget=forms.RadioSelect)
    value_date = DayField(label=gettext_lazy("Day"))
    bank_reference = ReferenceField(label=gettext_lazy("Bank reference"), max_length=60)
    note = PlainTextField(label=gettext_lazy("Note"), max_length=200, required=False)


class VillagePostFilterForm(OfficeForm):
    """What the register of village posts can be narrowed to."""

    text = forms.CharField(label=gettext_lazy("Name or organization"), max_length=40, required=False)


class TakeOfficeForm(AssessmentForm):
    """Who takes a post of a village."""

    organization = forms.ModelChoiceField(
        label=gettext_lazy("Village organization"), queryset=Organization.objects.none(),
        empty_label=gettext_lazy("Please choose"),
    )  # fmt: skip
    role = forms.ChoiceField(label=gettext_lazy("Village post"), choices=VillageRole.choices)
    member = PlainTextField(
        label=gettext_lazy("Name"), max_length=40, help_text=gettext_lazy("As it stands in the register of people.")
    )
    last_four = PlainTextField(
        label=gettext_lazy("Last four of the ID number"), max_length=4, required=False,
        help_text=gettext_lazy("Only when several people of the village bear the name."),
    )  # fmt: skip
    valid_from = DayField(label=gettext_lazy("In the post from"))

    def __init__(self, *args: Any, organizations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = organizations  # type: ignore[attr-defined]  # a ModelChoiceField


class LeaveOfficeForm(AssessmentForm):
    """The last day of a holder."""

    last_day = DayField(label=gettext_lazy("Last day in the post"))
