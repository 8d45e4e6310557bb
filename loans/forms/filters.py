"""Filter bars. What the URL says and the form does not know narrows nothing."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from loans.choices import BorrowerKind, LoanState, Purpose, StepCode
from loans.queries.arrears import BUCKETS, SOON
from loans.queries.cases import CaseFilter
from loans.queries.places import PlaceName
from web.forms import OfficeForm
from web.text import half_width
from workflow.choices import CaseState

ANY = ("", gettext_lazy("All"))
PURPOSES = [choice for choice in Purpose.choices if choice[0] != Purpose.CONSUMPTION]


def due_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=gettext_lazy("Deadline"),
        choices=[ANY, ("overdue", gettext_lazy("Overdue")), ("today", gettext_lazy("Due today"))],
        required=False,
    )


class FilterForm(OfficeForm):
    """Text and place: what every list can be narrowed to."""

    text = forms.CharField(label=gettext_lazy("Name, number or initials"), max_length=60, required=False)
    place = forms.ChoiceField(label=gettext_lazy("Township or village"), required=False)

    def __init__(self, *args: Any, places: Sequence[PlaceName], **kwargs: Any) -> None:
        # A queue shows its filters beside a form that asks for a place, too: two inputs must not share an id.
        kwargs.setdefault("auto_id", "filter_%s")
        super().__init__(*args, **kwargs)
        names = [(place.path, place.name if place.is_township else f"　{place.name}") for place in places]
        self.fields["place"].choices = [ANY, *names]  # type: ignore[attr-defined]  # a ChoiceField

    def clean_text(self) -> str:
        # A NUL would be an error of the database; nobody is called so.
        return half_width(self.cleaned_data["text"]).replace("\x00", "")

    @property
    def chosen(self) -> dict[str, Any]:
        """What was understood; the rest of a tampered URL is as if it were not there."""
        if not self.is_bound:
            return {}
        self.full_clean()
        return self.cleaned_data


class QueueFilterForm(FilterForm):
    """What the queue of a step can be narrowed to."""

    due = due_field()
    purpose = forms.ChoiceField(label=gettext_lazy("Purpose"), choices=[ANY, *PURPOSES], required=False)

    def filters(self) -> CaseFilter:
        return CaseFilter(**self.chosen)


class CaseFilterForm(FilterForm):
    """What the list of all cases can be narrowed to."""

    due = due_field()
    state = forms.ChoiceField(label=gettext_lazy("State"), choices=[ANY, *CaseState.choices], required=False)
    step = forms.ChoiceField(label=gettext_lazy("Step"), choices=[ANY, *StepCode.choices], required=False)
    year = forms.TypedChoiceField(label=gettext_lazy("Year"), coerce=int, empty_value=None, required=False)
    purpose = forms.ChoiceField(label=gettext_lazy("Purpose"), choices=[ANY, *PURPOSES], required=False)
    borrower_kind = forms.ChoiceField(
        label=gettext_lazy("Borrower"), choices=[ANY, *BorrowerKind.choices], required=False
    )
    mine = forms.BooleanField(label=gettext_lazy("Registered by me"), required=False)
    handled = forms.BooleanField(label=gettext_lazy("Cases I handled"), required=False)

    def __init__(self, *args: Any, years: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [ANY, *((year, str(year)) for year in years)]  # type: ignore[attr-defined]

    def filters(self) -> CaseFilter:
        return CaseFilter(**self.chosen)


class LoanFilterForm(FilterForm):
    """What the list of loans can be narrowed to."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        choices=[ANY, *LoanState.choices, ("overdue", pgettext_lazy("loan", "Overdue"))],
        required=False,
    )


class ArrearsFilterForm(FilterForm):
    """What the list of loans in arrears can be narrowed to; `soon` shows those that fall due next instead."""

    bucket = forms.ChoiceField(
        label=gettext_lazy("Days overdue"),
        choices=[
            ANY,
            *((bucket.code, bucket.label) for bucket in BUCKETS),
            (SOON, gettext_lazy("Due within 30 days")),
        ],
        required=False,
    )


def years_until(last: int, *, count: int = 6) -> list[int]:
    """Return the years a filter offers, newest first."""
    return [last - back for back in range(count)]
