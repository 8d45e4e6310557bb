"""The lists of those who are late and of those who will be asked soon."""

from datetime import date
from typing import Any

import django_tables2
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from loans.models import Loan
from web.layout import Tone
from web.tables import DayColumn, MoneyColumn, OfficeTable
from web.templatetags.web import status

ATTENTION_DAYS = 30


class LateTable(OfficeTable):
    """What both lists show of a loan."""

    borrower = django_tables2.Column(gettext_lazy("Name of the borrower"), empty_values=())
    place = django_tables2.Column(gettext_lazy("Village"), empty_values=())
    contract_number = django_tables2.Column(gettext_lazy("Contract number"), attrs={"td": {"class": "mono"}})
    owed = MoneyColumn(gettext_lazy("Still owed"))

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        self.on = on
        super().__init__(*args, **kwargs)

    def render_borrower(self, record: Loan) -> SafeString:
        url = reverse("loans:loan", args=[record.pk])
        return format_html('<a href="{}">{}</a>', url, record.application.borrower_name)

    def render_place(self, record: Loan) -> str:
        return record.division.place_name


class ArrearsTable(LateTable):
    """Loans in arrears as rows. Needs `queries.arrears.arrears_rows`."""

    caption = gettext_lazy("Loans in arrears")

    overdue_principal = MoneyColumn(gettext_lazy("Overdue principal"), accessor="standing__overdue_principal")
    overdue_interest = MoneyColumn(gettext_lazy("Unpaid interest"), accessor="standing__overdue_interest")
    overdue_since = DayColumn(gettext_lazy("Overdue since"))
    days = django_tables2.Column(gettext_lazy("Days overdue"), empty_values=(), attrs={"td": {"class": "nowrap"}})
    action = django_tables2.Column(gettext_lazy("Action"), empty_values=())

    class Meta:
        orderable = False

    def __init__(self, *args: Any, may_collect: bool, **kwargs: Any) -> None:
        super().__init__(*args, exclude=() if may_collect else ("action",), **kwargs)

    def render_days(self, record: Loan) -> SafeString:
        days = record.standing.overdue_days(self.on)
        label = ngettext("%(days)s day", "%(days)s days", days) % {"days": days}
        return status(label, Tone.WARN if days <= ATTENTION_DAYS else Tone.BAD)

    def render_action(self, record: Loan) -> SafeString:
        url = reverse("loans:collection-new", args=[record.pk])
        return format_html(
            '<a class="btn btn-sm" href="{}">{}<span class="sr-only"> {}</span></a>',
            url,
            _("Collect"),
            record.application.borrower_name,
        )


class MaturingTable(LateTable):
    """Loans whose last day comes soon as rows. Needs `queries.arrears.maturing_rows`."""

    caption = gettext_lazy("Loans that fall due soon")

    maturity = DayColumn(gettext_lazy("Due on"))
    days = django_tables2.Column(gettext_lazy("Days left"), empty_values=(), attrs={"td": {"class": "nowrap"}})

    class Meta:
        orderable = False

    def render_days(self, record: Loan) -> SafeString:
        days = (record.standing.maturity - self.on).days
        label = ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days} if days else _("Due today")
        return status(label, Tone.WARN if days <= ATTENTION_DAYS // 4 else Tone.INFO)
