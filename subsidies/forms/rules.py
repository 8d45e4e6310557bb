"""The form of an approval rule."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from loans.forms.fields import PlainTextField
from loans.forms.problems import ProblemsMixin
from loans.models import Programme
from subsidies.operations.rules import RuleData
from web.forms import DayField, MoneyField, OfficeForm, PercentField, WholeNumberField


class ApprovalRuleForm(ProblemsMixin, OfficeForm):
    """From which day on a batch needs what."""

    programme = forms.ModelChoiceField(label=_("Programme"), queryset=Programme.objects.none(), empty_label=None)
    effective_from = DayField(label=_("In force from"), help_text=_("Tomorrow at the earliest."))
    second_above = MoneyField(
        label=_("Second approval above"),
        allow_zero=True,
        help_text=_("Above this amount the leading group approves too. Equal is not above."),
    )
    sample_percent = PercentField(label=_("Sample, of the lines"))
    sample_min = WholeNumberField(label=_("Sample, lines at least"), min_value=1, max_value=1000)
    notice_days = WholeNumberField(label=_("Days of notice"), min_value=1, max_value=30)
    document_number = PlainTextField(label=_("Document number"), max_length=60)

    def __init__(self, *args: Any, programmes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = programmes  # type: ignore[attr-defined]  # a ModelChoiceField

    def rule(self) -> RuleData:
        kept = {name: value for name, value in self.cleaned_data.items() if name != "programme"}
        return RuleData(**kept)
