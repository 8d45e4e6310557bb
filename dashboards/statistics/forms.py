"""Choosing a period and an edition, and entering what no figure gives."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from dashboards.figures.periods import Period, periods_until
from dashboards.statistics.definitions import Column, Report, reports
from dashboards.statistics.sheet import Signers
from web.forms import OfficeForm, RequestIdField, WholeNumberField

PERIODS_OFFERED = {"month": 24, "quarter": 12, "year": 6}
ALL = ("", pgettext_lazy("every value of a filter", "All"))
TEXT_LENGTH_MAX = 200
HIDDEN_LABEL = {"class": "input-cell"}


class PeriodForm(OfficeForm):
    """Which period of a report. Anything that is none becomes the newest one that is over."""

    period = forms.ChoiceField(label=pgettext_lazy("report", "Period"), required=False)

    def __init__(self, *args: Any, report: Report, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.report = report
        self.offered = periods_until(report.kind, today=today, number=PERIODS_OFFERED[report.kind])
        newest = self.offered[1]
        field = self.fields["period"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.code, one.label) for one in self.offered]
        field.initial = newest.code
        self.newest = newest

    @property
    def chosen(self) -> Period:
        """The period asked for, also an older one than is offered."""
        period = Period.parse(str(self.data.get("period", ""))) if self.is_bound else None
        if period is None or period.kind != self.report.kind or period.first > self.offered[0].first:
            return self.newest
        return period


class EditionFilter(OfficeForm):
    """Which editions are listed."""

    report = forms.ChoiceField(label=_("Report"), required=False)
    period = forms.CharField(
        label=pgettext_lazy("report", "Period"), required=False, max_length=7,
        widget=forms.TextInput(attrs={"placeholder": _("e.g. 2014-07 or 2014-Q2")}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["report"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [ALL, *((report.code, report.title) for report in reports().values())]

    @property
    def values(self) -> dict[str, str]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class EntryForm(OfficeForm):
    """What an officer enters: a field for every row and column that no figure gives, and who answers for the paper."""

    unit = forms.CharField(label=_("Unit that hands in"), max_length=60)
    head = forms.CharField(label=_("Head of the unit"), max_length=30, required=False)
    telephone = forms.CharField(label=pgettext_lazy("report", "Telephone"), max_length=30, required=False)
    reason = forms.CharField(
        label=_("Reason of the correction"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    request_id = RequestIdField()

    def __init__(
        self,
        *args: Any,
        rows: Sequence[tuple[str, str]],
        columns: Sequence[Column],
        is_correction: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if not is_correction:
            del self.fields["reason"]
        self.rows, self.columns = rows, columns
        for key, label in rows:
            for column in columns:
                self.fields[cell_name(key, column.code)] = _field(column, f"{label} {column.title}")

    @property
    def grid(self) -> list[tuple[str, list[Any]]]:
        """The rows of the table of entered columns: the place and its bound fields."""
        return [
            (label, [self[cell_name(key, column.code)] for column in self.columns]) for key, label in self.rows
        ]  # fmt: skip

    @property
    def plain_fields(self) -> list[Any]:
        return [self[name] for name in ("unit", "head", "telephone", "reason") if name in self.fields]

    @property
    def entered(self) -> dict[str, str]:
        """What was entered, by "row:column"."""
        return {
            name.removeprefix("cell-"): str(value)
            for name, value in self.cleaned_data.items()
            if name.startswith("cell-") and value not in (None, "")
        }

    def signers(self, filled_by: str) -> Signers:
        data = self.cleaned_data
        return Signers(unit=data["unit"], head=data["head"], filled_by=filled_by, telephone=data["telephone"])


def cell_name(row: str, column: str) -> str:
    return f"cell-{row}:{column}"


def initial_of(entered: Mapping[str, str]) -> dict[str, str]:
    return {f"cell-{key}": value for key, value in entered.items()}


def _field(column: Column, label: str) -> forms.Field:
    attributes = {"aria-label": label}
    if column.form == "number":
        widget = forms.TextInput(attrs={**attributes, "inputmode": "numeric"})
        return WholeNumberField(label=label, required=False, max_value=1_000_000, widget=widget)
    if column.form == "money":
        widget = forms.TextInput(attrs={**attributes, "inputmode": "decimal"})
        return forms.DecimalField(
            label=label, required=False, min_value=Decimal(0), max_digits=12, decimal_places=2, widget=widget
        )
    return forms.CharField(
        label=label, required=False, max_length=TEXT_LENGTH_MAX, widget=forms.TextInput(attrs=attributes)
    )
