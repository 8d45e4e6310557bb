"""Forms of a batch: its period, the decisions on it, the verdicts on its sample."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from loans.forms.fields import PlainTextField
from loans.forms.problems import ProblemsMixin
from loans.models import Programme
from subsidies.models import SampledLine
from subsidies.operations.samples import Verdict
from web.forms import DayField, OfficeForm, RevisionField

RIGHT, WRONG = "right", "wrong"


class BatchForm(ProblemsMixin, OfficeForm):
    """The period of a new batch; both days are included."""

    programme = forms.ModelChoiceField(label=_("Programme"), queryset=Programme.objects.none(), empty_label=None)
    first_day = DayField(label=_("From"))
    last_day = DayField(label=_("To"), help_text=_("The last day counts, as a rule the 20th: the day of settlement."))

    def __init__(self, *args: Any, programmes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = programmes  # type: ignore[attr-defined]  # a ModelChoiceField


class ReasonForm(ProblemsMixin, OfficeForm):
    """Why."""

    reason = PlainTextField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class DeedForm(ProblemsMixin, OfficeForm):
    """A decision on the batch that the page showed."""

    revision = RevisionField()
    reason = PlainTextField(
        label=_("Opinion"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class PublishForm(DeedForm):
    """Where the notice hangs and from which day."""

    place = PlainTextField(label=_("Place of the notice"), max_length=120)
    starts_on = DayField(label=_("Notice from"))

    field_order = ("place", "starts_on", "reason")

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        kwargs["initial"] = {"starts_on": on, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)


class SampleForm(DeedForm):
    """A verdict and a note for every sampled line, and the opinion on the whole."""

    def __init__(self, *args: Any, sample: Sequence[SampledLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sample = sample
        for line in sample:
            found = {True: RIGHT, False: WRONG, None: ""}[line.is_right]
            self.fields[f"verdict_{line.place}"] = forms.ChoiceField(
                label=_("Verdict"),
                choices=[("", _("Not looked at yet")), (RIGHT, _("In order")), (WRONG, _("Not in order"))],
                required=False,
                initial=found,
            )
            self.fields[f"note_{line.place}"] = PlainTextField(
                label=_("Note"), max_length=200, required=False, initial=line.note
            )

    @property
    def rows(self) -> list[tuple[SampledLine, Any, Any]]:
        return [(line, self[f"verdict_{line.place}"], self[f"note_{line.place}"]) for line in self.sample]

    def verdicts(self) -> dict[int, Verdict]:
        kept = self.cleaned_data
        return {
            line.place: Verdict(kept[f"verdict_{line.place}"] == RIGHT, kept[f"note_{line.place}"])
            for line in self.sample
            if kept[f"verdict_{line.place}"]
        }
