"""The filters of figures. Their state is the URL, the same on the page of figures and on the list behind them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from dashboards.choices import Band, Party, Use
from dashboards.figures import Selection
from finance.daycount import add_months
from loans.choices import BorrowerKind
from loans.models import ProgrammeVersion
from organizations.models import Division
from organizations.scope import Scope
from web.filters import Chip, chosen_text, url_without
from web.forms import DayField, OfficeForm

YEAR_MIN, YEAR_MAX = 2000, 2099
ALL = ("", pgettext_lazy("every value of a filter", "All"))


class DayFilter(OfficeForm):
    """Up to which day is counted; today when nothing is said."""

    as_of = DayField(label=pgettext_lazy("filter", "Up to"), required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        day = self.fields["as_of"]
        assert isinstance(day, DayField)
        day.max_value = today

    @property
    def values(self) -> dict[str, Any]:
        """The filters in use that can be understood."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}

    def chips(self, words: Mapping[str, str]) -> list[Chip]:
        """Return a chip for every filter in use; `words` says what the form itself cannot (names for codes)."""
        query = QueryDict(mutable=True)
        query.update(self.texts)
        return [
            Chip(str(self[name].label), words.get(name) or chosen_text(self[name], value), url_without(query, name))
            for name, value in self.values.items()
        ]

    @property
    def texts(self) -> dict[str, str]:
        """The filters in use as they stand in an address."""
        return {name: str(value) for name, value in self.values.items()}

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The filters in use that have no field on the page: they survive a new search."""
        return [(name, text) for name, text in self.texts.items() if self[name].is_hidden]

    def selection(self, *, scope: Scope, registers: Scope) -> Selection:
        """Return what is to be counted. Without a day it is counted up to today."""
        return Selection(scope=scope, registers=registers, as_of=self.values.get("as_of", self.today))


class FigureFilter(DayFilter):
    """Which loans are counted. Everything is optional; what cannot be understood is left out and said so."""

    field_order = ["year", "version", "township", "as_of"]
    year = forms.IntegerField(label=_("Year of paying out"), required=False, min_value=YEAR_MIN, max_value=YEAR_MAX)
    version = forms.CharField(
        label=_("Programme version"), required=False, validators=[RegexValidator(r"^[-\w]+:[-\w]+$")]
    )
    township = forms.CharField(label=_("Township"), required=False, validators=[RegexValidator(r"^\d{9}$")])
    month = forms.CharField(
        label=_("Month"), required=False, widget=forms.HiddenInput,
        validators=[RegexValidator(re.compile(r"^20\d\d-(0[1-9]|1[0-2])$"))],
    )  # fmt: skip
    outlet = forms.IntegerField(label=_("Outlet"), required=False, min_value=1, widget=forms.HiddenInput)
    use = forms.ChoiceField(
        label=_("Use of the loan"), required=False, choices=[ALL, *Use.choices], widget=forms.HiddenInput
    )
    band = forms.ChoiceField(
        label=_("Size of the loan"), required=False, choices=[ALL, *Band.choices], widget=forms.HiddenInput
    )
    borrower = forms.ChoiceField(
        label=_("Kind of borrower"), required=False, choices=[ALL, *BorrowerKind.choices], widget=forms.HiddenInput
    )
    party = forms.ChoiceField(
        label=_("Party-member household"), required=False, choices=[ALL, *Party.choices], widget=forms.HiddenInput
    )

    def offer(self, *, versions: Sequence[ProgrammeVersion], townships: Iterable[Division]) -> None:
        """Give the visible filters their lists to choose from; years begin with the first version."""
        since_year = min((version.effective_from.year for version in versions), default=self.today.year)
        choices: dict[str, list[tuple[Any, Any]]] = {
            "year": [ALL, *((year, str(year)) for year in range(self.today.year, since_year - 1, -1))],
            "version": [ALL, *((version_key(version), version.name) for version in versions)],
            "township": [ALL, *((township.path, township.name) for township in townships)],
        }
        for name, offered in choices.items():
            self.fields[name].widget = forms.Select(choices=offered)

    def selection(self, *, scope: Scope, registers: Scope) -> Selection:
        """Return what is to be counted. Without a day it is counted up to today."""
        wanted = self.values
        since, until = period(wanted.get("year"), wanted.get("month", ""))
        programme, _colon, version = wanted.get("version", "").partition(":")
        as_of = wanted.get("as_of", self.today)
        return Selection(
            scope=scope,
            registers=registers,
            as_of=min(as_of, until) if until else as_of,
            since=since,
            division=wanted.get("township", ""),
            programme=programme,
            versions=(version,) if version else (),
            use=wanted.get("use", ""),
            band=wanted.get("band", ""),
            borrowers=(wanted["borrower"],) if "borrower" in wanted else (),
            party=wanted.get("party", ""),
            outlet=wanted.get("outlet"),
        )


def version_key(version: ProgrammeVersion) -> str:
    """Return what the URL calls a version: codes that mean the same in every database."""
    return f"{version.programme.code}:{version.code}"


def period(year: int | None, month: str) -> tuple[date | None, date | None]:
    """Return the first and the last day of the month or else of the year; nothing when neither is given."""
    if month:
        first = date.fromisoformat(f"{month}-01")
        return first, add_months(first, 1) - timedelta(days=1)
    if year:
        return date(year, 1, 1), date(year, 12, 31)
    return None, None
