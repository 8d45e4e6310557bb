"""Forms of the ledger of printed figures."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from dashboards.choices import Band, Unit, Use
from dashboards.figures import FIGURES
from dashboards.ledger.operations import Unfit
from loans.forms.fields import PlainTextField
from organizations.models import Division
from web.forms import DayField, OfficeForm, RequestIdField

NOT_COMPARED = ("", pgettext_lazy("figure", "none: it cannot be compared"))
EVERY = ("", pgettext_lazy("every value of a filter", "All"))
COMPARED_UNITS = [choice for choice in Unit.choices if choice[0] not in (Unit.TEXT, Unit.DATE)]


class LedgerForm(OfficeForm):
    """A form of one operation of the ledger: what it refused is shown at the input to blame."""

    request_id = RequestIdField()

    def blame(self, error: Unfit) -> None:
        for name, sentences in error.errors.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)


class PublicationForm(LedgerForm):
    """What printed the figures."""

    title = PlainTextField(label=_("Title"), max_length=120)
    publisher = PlainTextField(label=_("Publisher"), max_length=80)
    published_on = DayField(label=_("Published on"))
    data_as_of = DayField(
        label=_("Figures up to"), help_text=_("The day that the printed figures speak of; not the day of printing.")
    )
    source = PlainTextField(
        label=_("Where it can be read"), max_length=300, required=False,
        help_text=_("Page of a newspaper, number of a document or address in the network."),
    )  # fmt: skip


class PrintedFigureForm(LedgerForm):
    """A figure as it is printed, and what it is to be compared with."""

    label = PlainTextField(label=_("Name in print"), max_length=120)
    printed = forms.DecimalField(
        label=_("Printed figure"), max_digits=20, decimal_places=4,
        help_text=_("As a whole number of the unit: 8,707.2 ten-thousands of yuan are 87072000 yuan."),
    )  # fmt: skip
    unit = forms.ChoiceField(label=_("Unit"), choices=COMPARED_UNITS)
    is_at_least = forms.BooleanField(label=_("Printed as “more than”"), required=False)
    code = forms.ChoiceField(label=_("Compare with"), required=False)
    since = DayField(label=pgettext_lazy("period", "From"), required=False)
    until = DayField(
        label=pgettext_lazy("period", "To"), required=False, help_text=_("Left empty: up to the day of the figures.")
    )
    division = forms.ModelChoiceField(
        label=_("Township"), queryset=Division.objects.none(), required=False, empty_label=_("The whole county")
    )
    use = forms.ChoiceField(label=_("Use of the loan"), choices=[EVERY, *Use.choices], required=False)
    band = forms.ChoiceField(label=_("Size of the loan"), choices=[EVERY, *Band.choices], required=False)
    reason = PlainTextField(
        label=_("Why it cannot be compared"), max_length=300, required=False,
        help_text=_("Only where no figure was chosen above."),
    )  # fmt: skip

    def __init__(self, *args: Any, townships: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["division"].queryset = townships  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["code"].choices = [NOT_COMPARED, *_figures()]  # type: ignore[attr-defined]  # a ChoiceField


class ExplanationForm(LedgerForm):
    """Why print and books differ."""

    text = PlainTextField(label=_("Explanation"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


def _figures() -> Iterable[tuple[str, str]]:
    return [(code, f"{figure.name}（{figure.unit.label}）") for code, figure in FIGURES.items()]
