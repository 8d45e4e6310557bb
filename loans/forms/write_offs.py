"""Forms of a write-off: the proposal with its paper, and the decision on it."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from files.forms import PaperField
from loans.forms.fields import PlainTextField, ReferenceField
from loans.forms.problems import ProblemsMixin
from loans.models.write_offs import REASON_LENGTH_MAX
from web.forms import DayField, OfficeForm

APPROVE, REFUSE = "approve", "refuse"


class WriteOffForm(ProblemsMixin, OfficeForm):
    """Why a loan is to leave the books, from which day, and by which paper."""

    value_date = DayField(label=_("Day"))
    document_number = ReferenceField(label=_("Number of the paper"), max_length=60)
    paper = PaperField(label=_("Paper"), help_text=_("The finding of the loss as signed and sealed: PDF or photo."))
    reason = PlainTextField(
        label=_("Why it will not come back"), max_length=REASON_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"value_date": on}, **kwargs)


class WriteOffDecisionForm(ProblemsMixin, OfficeForm):
    """What the second person decides."""

    decision = forms.ChoiceField(
        label=pgettext_lazy("write-off", "Decision"),
        choices=[(APPROVE, _("Write the loan off")), (REFUSE, _("Do not write it off"))],
        widget=forms.RadioSelect,
    )
    opinion = PlainTextField(
        label=_("Opinion"),
        max_length=REASON_LENGTH_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed when you refuse."),
    )

    @property
    def is_approved(self) -> bool:
        return bool(self.cleaned_data["decision"] == APPROVE)
