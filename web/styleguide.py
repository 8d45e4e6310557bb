"""What the style guide shows: every component with invented values. Nothing else may import this module."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import django_tables2
from django import forms
from django.core.paginator import Paginator
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy as _, pgettext

from web import charts
from web.forms import DayField, IdNumberField, MoneyField, NameField, OfficeForm
from web.layout import Check, Event, Fact, Figure, Step, StepState, Tone
from web.tables import DayColumn, MoneyColumn, OfficeTable
from web.templatetags.web import status

TOWNSHIPS = (("甲镇", 1770), ("乙镇", 750), ("丙乡", 584), ("丁乡", 315))
PURPOSES = (("养殖业", 736), ("种植业", 688), ("其他", 328))
PEOPLE = ("李*兰", "张*杰", "和*芳", "杨*生", "阿*仁", "赵*明")


class SampleForm(OfficeForm):
    name = NameField(label=_("Name"), help_text=_("As on the identity card; rare characters are welcome."))
    id_number = IdNumberField(label=_("Identity number"))
    amount = MoneyField(label=_("Amount"), max_value=Decimal(50000))
    begin = DayField(label=_("Start date"), required=False)
    outcome = forms.ChoiceField(
        label=_("Conclusion"),
        choices=[("pass", _("Agree")), ("return", _("Return for correction"))],
        widget=forms.RadioSelect,
    )
    declared = forms.BooleanField(label=_("I have checked the papers"))
    reason = forms.CharField(label=_("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 3}))


class SampleFilter(OfficeForm):
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), ("late", _("Overdue")), ("due", _("Due today"))]
    )
    name_part = forms.CharField(label=_("Name"), required=False)


class SampleTable(OfficeTable):
    caption = _("Sample list")
    name = django_tables2.Column(_("Name"))
    amount = MoneyColumn(_("Amount"), total=True)
    due = DayColumn(_("Deadline"))
    state = django_tables2.Column(_("State"), orderable=False)

    def render_name(self, value: str) -> str:
        return format_html('<a href="#tables">{}</a>', value)


class EmptyTable(SampleTable):
    caption = _("Empty list")


def context(query: QueryDict) -> dict[str, Any]:
    """Return the template's values. `?sort=` and `?page=` work, so that sorting and paging can be seen."""
    return {
        "form": SampleForm({"name": "张伟1", "amount": "50,000.001"}),
        "fresh_form": SampleForm(auto_id="fresh_%s"),
        "filter_form": SampleFilter(query or {"state": "late"}),
        "table": _table(query),
        "empty_table": EmptyTable([]),
        "steps": _steps(),
        "events": _events(),
        "facts": _facts(),
        "checks": _checks(),
        "figures": _figures(),
        "charts": _charts(),
        "tones": _tones(),
    }


def _tones() -> list[tuple[str, Tone]]:
    return [
        (gettext("Draft"), Tone.NEUTRAL),
        (gettext("In notice"), Tone.INFO),
        (gettext("Filed"), Tone.OK),
        (gettext("Due today"), Tone.WARN),
        (gettext("Returned"), Tone.BAD),
        (gettext("Party member"), Tone.PARTY),
    ]


def _table(query: QueryDict) -> SampleTable:
    tags = (
        status(gettext("Overdue"), Tone.BAD),
        status(gettext("Due today"), Tone.WARN),
        status(gettext("In time"), "info"),
    )
    rows = [
        {"name": name, "amount": Decimal(at + 1) * 10000, "due": date(2014, 8, 15 + at), "state": tags[min(at, 2)]}
        for at, name in enumerate(PEOPLE)
    ]
    order = query.get("sort", "")
    table = SampleTable(rows, order_by=order if order.lstrip("-") in SampleTable.base_columns else ())
    number = Paginator(rows, 4).get_page(query.get("page")).number
    return table.paginate(page=number, per_page=4)


def _steps() -> list[Step]:
    return [
        Step(gettext("Introduction"), StepState.DONE, ("何*花", "07-12"), url="#process"),
        Step(gettext("Branch review"), StepState.DONE, ("和*兰", "07-15")),
        Step(gettext("Filing"), StepState.DONE, ("07-18",)),
        Step(gettext("Subsidy"), StepState.SKIPPED, (gettext("none in this programme"),)),
        Step(gettext("Disbursement"), StepState.NOW, (gettext("2 working days left"),)),
        Step(gettext("Assessment"), StepState.TODO),
    ]


def _events() -> list[Event]:
    return [
        Event(gettext("Waiting for disbursement"), gettext("Credit union"), date(2014, 8, 15)),
        Event(
            gettext("Branch review passed"),
            "和*兰",
            datetime(2014, 7, 15, 1, 41, tzinfo=UTC),
            Tone.OK,
            "情况属实，同意推荐。",
        ),
        Event(
            gettext("Returned for correction"),
            "和*兰",
            datetime(2014, 7, 13, 7, 2, tzinfo=UTC),
            Tone.BAD,
            "照片看不清，请重拍。",
        ),
        Event(gettext("Notice closed"), gettext("System"), datetime(2014, 7, 10, tzinfo=UTC), Tone.SYSTEM),
    ]


def _facts() -> list[Fact]:
    return [
        Fact(gettext("Applicant"), "李*兰"),
        Fact(gettext("Identity number"), "532931********0006", mono=True),
        Fact(gettext("Amount"), "50,000.00", note="人民币伍万元整"),
        Fact(gettext("Term"), None),
        Fact(gettext("Plan"), "扩建猪舍 300 平方米，存栏由 40 头增至 120 头，带动 3 户。", wide=True),
    ]


def _checks() -> list[Check]:
    return [
        Check(gettext("The check digit of the identity number is right"), Tone.OK),
        Check(gettext("One loan is still open"), Tone.WARN, gettext("20,000.00 yuan outstanding, no delay")),
        Check(gettext("The amount is above the limit"), Tone.BAD, gettext("5,000.00 yuan too much")),
    ]


def _figures() -> list[Figure]:
    return [
        Figure(gettext("Overdue"), "1", note=gettext("one working day at most"), url="#figures", tone=Tone.BAD),
        Figure(gettext("Due today"), "1", url="#figures"),
        Figure(gettext("Lent so far"), "8,707.2", gettext("10,000 yuan"), gettext("target met")),
        Figure(pgettext("number of", "Households"), "1,752", gettext("households")),
        Figure(gettext("Done this month"), "38"),
    ]


def _charts() -> dict[str, Any]:
    months = [gettext("month %(number)s") % {"number": number} for number in range(1, 7)]
    series = [charts.Series("甲", [60, 40, 90, 110, 95, 70]), charts.Series("乙", [180, 130, 260, 340, 310, 240])]
    wan = gettext("10,000 yuan")
    return {
        "bars": charts.bars(
            [charts.Bar(name, value, url="#charts", note="32%") for name, value in TOWNSHIPS], unit=wan
        ),
        "stacked": charts.stacked(months, series, unit=wan, title=gettext("Lent by month"), urls=["#charts"] * 6),
        "stacked_legend": charts.legend([(one.name, sum(one.values)) for one in series]),
        "donut": charts.donut(
            [charts.Part(name, value, "#charts") for name, value in PURPOSES],
            title=gettext("Purposes"),
            unit=gettext("households"),
        ),
        "donut_legend": charts.legend(PURPOSES, column=True),
        "funnel": charts.funnel(
            [
                charts.Part(name, value, "#charts")
                for name, value in zip("甲乙丙丁", (2104, 1896, 1736, 21), strict=True)
            ],
            title=gettext("From step to step"),
        ),
        "gauge": charts.gauge(
            Decimal("87.1"), top=120, limit=100, unit=gettext("times"), title=gettext("Leverage of the fund")
        ),
        "nothing": charts.bars([]),
    }
