"""Making, writing and issuing a bulletin."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from dashboards.figures.periods import Period, PeriodKind, periods_until
from dashboards.statistics.bulletin_text import MEASURES
from web.forms import DayField, OfficeForm, RequestIdField, RevisionField

MONTHS, QUARTERS = 13, 5


class NewBulletinForm(OfficeForm):
    """For which month or quarter, and by which figure the townships are ranked."""

    period = forms.ChoiceField(label=pgettext_lazy("report", "Period"))
    measure = forms.ChoiceField(label=_("Ranked by"), choices=[(code, row[0]) for code, row in MEASURES.items()])
    request_id = RequestIdField()

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        months = periods_until(PeriodKind.MONTH, today=today, number=MONTHS)[1:]
        quarters = periods_until(PeriodKind.QUARTER, today=today, number=QUARTERS)[1:]
        field = self.fields["period"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.code, one.label) for one in (*months, *quarters)]

    @property
    def chosen(self) -> Period:
        period = Period.parse(self.cleaned_data["period"])
        assert period is not None  # it is one of those offered
        return period


class BulletinTextForm(OfficeForm):
    """The text. Every line is a paragraph."""

    title = forms.CharField(label=_("Title"), max_length=80)
    body = forms.CharField(
        label=_("Text"), max_length=6000, widget=forms.Textarea(attrs={"rows": 16}),
        help_text=_("Every line is a paragraph. The ranking and the lists are printed behind the text."),
    )  # fmt: skip
    seen = RevisionField()


class IssueForm(OfficeForm):
    """Number and day of the paper."""

    number = forms.CharField(
        label=_("Document number"), max_length=40,
        widget=forms.TextInput(attrs={"placeholder": "剑组通〔2014〕15号", "lang": "zh-CN"}),
    )  # fmt: skip
    issued_on = DayField(label=_("Issued on"))
    seen = RevisionField()
