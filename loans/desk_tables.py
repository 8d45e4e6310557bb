"""The table of the lender's desk, and the same rows as a file."""

import csv
import io
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import django_tables2
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, gettext_lazy, ngettext, pgettext, pgettext_lazy

from loans.choices import CreditStatus
from loans.models import Application
from loans.queries.tags import deadline_tag, status_tag
from loans.tables import decision_url, shown
from web import display
from web.tables import MoneyColumn, OfficeTable
from web.templatetags.web import status
from web.text import harmless
from workflow.deadlines import WorkCalendar


def fen_of(amount: Decimal) -> int:
    return int(amount * 100)


class TickColumn(django_tables2.Column):
    """Boxes to tick; the one in the head ticks the whole page and is only there where a script can do it."""

    @property
    def header(self) -> SafeString:
        box = '<input type="checkbox" data-pick-all hidden aria-label="{}"><span class="sr-only">{}</span>'
        return format_html(box, _("Choose the whole page"), super().header)


class DeskTable(OfficeTable):
    """Cases to be paid out, with a box to tick. Needs `queries.desk.desk_rows`."""

    caption = gettext_lazy("Loans to be paid out")

    tick = TickColumn(
        pgettext_lazy("column", "Choose"), empty_values=(), footer=gettext_lazy("Total of this page"), attrs={"tf": {}}
    )
    number = django_tables2.Column(gettext_lazy("Number"), attrs={"td": {"class": "mono"}})
    borrower_name = django_tables2.Column(gettext_lazy("Applicant"))
    place = django_tables2.Column(gettext_lazy("Village"), empty_values=())
    approved = MoneyColumn(gettext_lazy("Amount approved"), total=True)
    term = django_tables2.Column(gettext_lazy("Term"), empty_values=())
    account_masked = django_tables2.Column(
        gettext_lazy("Payout account"), attrs={"td": {"class": "mono"}}, default=display.EMPTY
    )
    due_date = django_tables2.Column(gettext_lazy("Deadline"), empty_values=())
    action = django_tables2.Column(gettext_lazy("Action"), empty_values=(), attrs={"td": {"class": "num"}})

    class Meta:
        orderable = False
        row_attrs = {"data-pick-row": ""}

    def __init__(self, *args: Any, on: date, calendar: WorkCalendar, may_pay: bool, may_consent: bool) -> None:
        self.on, self.calendar = on, calendar
        self.may_pay, self.may_consent = may_pay, may_consent
        super().__init__(*args, exclude=() if may_pay else ("tick",))

    def render_tick(self, record: Application) -> SafeString | str:
        if record.credit_status == CreditStatus.ASKED and record.is_waiting:
            return display.EMPTY
        return format_html(
            '<input type="checkbox" name="case" value="{}" aria-label="{}" data-pick="{}">',
            record.pk,
            _("Choose %(name)s") % {"name": record.borrower_name},
            fen_of(record.approved),  # type: ignore[attr-defined]  # of queries.desk
        )

    def render_borrower_name(self, record: Application) -> SafeString:
        link = format_html('<a href="{}">{}</a>', reverse("loans:case", args=[record.pk]), record.borrower_name)
        is_member = getattr(record, "is_member", False) and record.entity is None
        return format_html("{} {}", link, status(_("Party member"), "party")) if is_member else link

    def render_place(self, record: Application) -> str:
        return record.division.place_name

    def render_term(self, record: Application) -> str:
        months = record.term_granted or record.term_months or 0
        return ngettext("%(number)s month", "%(number)s months", months) % {"number": months}

    def render_due_date(self, record: Application) -> SafeString | str:
        if not record.is_waiting:
            return shown(status_tag(record))
        return shown(deadline_tag(record.due_date, on=self.on, calendar=self.calendar))

    def render_action(self, record: Application) -> SafeString | str:
        loan = getattr(record, "loan", None)
        if loan is not None:
            return _button(reverse("loans:loan", args=[loan.pk]), _("Show the loan"), record.borrower_name)
        if record.credit_status == CreditStatus.ASKED:
            label = pgettext("button", "Decide")
            return _button(decision_url(record), label, record.borrower_name) if self.may_consent else display.EMPTY
        return (
            _button(decision_url(record), pgettext("button", "Pay out"), record.borrower_name)
            if self.may_pay
            else display.EMPTY
        )


def _button(url: str, label: str, name: str) -> SafeString:
    return format_html('<a class="btn btn-sm" href="{}">{}<span class="sr-only"> {}</span></a>', url, label, name)


def desk_csv(cases: Iterable[Application], *, on: date, calendar: WorkCalendar) -> bytes:
    """Return the list as CSV that Excel opens in Chinese; the sum stands in the last row. Accounts stay masked."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(
        [
            pgettext("row", "No."), _("Number"), _("Applicant"), _("Party member"), _("Village"),
            _("Amount approved (yuan)"), _("Term (months)"), _("Payout account"), _("Deadline"), _("State"),
        ]
    )  # fmt: skip
    total = Decimal("0.00")
    for place, case in enumerate(cases, start=1):
        writer.writerow([place, *(harmless(cell) for cell in _cells(case, on, calendar))])
        total += case.approved  # type: ignore[attr-defined]  # of queries.desk
    writer.writerow(["", _("Total"), "", "", "", f"{total:.2f}", "", "", "", ""])
    return text.getvalue().encode("utf-8-sig")


def _cells(case: Application, on: date, calendar: WorkCalendar) -> list[str]:
    deadline = deadline_tag(case.due_date, on=on, calendar=calendar) if case.is_waiting else None
    is_member = getattr(case, "is_member", False) and case.entity is None
    return [
        case.number,
        case.borrower_name,
        _("Yes") if is_member else "",
        case.division.place_name,
        f"{case.approved:.2f}",  # type: ignore[attr-defined]  # of queries.desk
        str(case.term_granted or case.term_months or ""),
        case.account_masked or "",  # type: ignore[attr-defined]  # of queries.desk
        deadline.label if deadline else "",
        status_tag(case).label,
    ]
