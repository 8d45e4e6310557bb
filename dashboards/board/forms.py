"""The filters of the lists behind the board: those of the board, and which of its marks was opened."""

from django import forms
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from dashboards.figures.process import FUNNEL
from dashboards.forms import ALL, FigureFilter
from loans.choices import StepCode
from loans.queries.arrears import BUCKETS

LATE = "late"


class CaseFilter(FigureFilter):
    """Which cases: all handed in, those past a step, or those late now. A case has no size and no Party household."""

    show = forms.ChoiceField(
        label=pgettext_lazy("filter", "Cases"), required=False, choices=[ALL, (LATE, _("Late now"))]
    )
    passed = forms.ChoiceField(
        label=_("Past the step"), required=False,
        choices=[ALL, *((step.value, StepCode(step).label) for step in FUNNEL)],
    )  # fmt: skip


class OverdueFilter(FigureFilter):
    """Which loans in arrears: by days late, or the bad ones only."""

    bucket = forms.ChoiceField(
        label=_("Days in arrears"), required=False, choices=[ALL, *((one.code, one.label) for one in BUCKETS)]
    )
    bad = forms.ChoiceField(
        label=_("Bad loans"), required=False, choices=[ALL, ("1", _("Bad loans only"))]
    )  # fmt: skip
