"""The lists of this room. The name with its link comes first, the state at the end, then the one action."""

from datetime import date
from typing import Any

import django_tables2
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, gettext_lazy

from loans.choices import StepCode
from loans.models import Application, Loan
from loans.queries.tags import Tag, deadline_tag, loan_tag, status_tag, visit_tag
from web import display
from web.tables import CountColumn, DayColumn, MoneyColumn, OfficeTable
from web.templatetags.web import status
from workflow.deadlines import WorkCalendar


def shown(tag: Tag | None) -> SafeString | str:
    return status(tag.label, tag.tone) if tag else display.EMPTY


def decision_url(case: Application) -> str:
    """Return the page on which a waiting case is dealt with: a returned one on the clerk's own page."""
    if case.step == StepCode.INTAKE:
        return reverse("loans:application-edit", args=[case.pk])
    return reverse("loans:decide", args=[case.pk, case.step])


class CaseTable(OfficeTable):
    """Cases as rows. Needs `queries.cases.for_rows`."""

    caption = gettext_lazy("Cases")

    borrower_name = django_tables2.Column(gettext_lazy("Applicant"))
    place = django_tables2.Column(gettext_lazy("Village"), empty_values=())
    number = django_tables2.Column(gettext_lazy("Number"), attrs={"td": {"class": "mono"}})
    purpose = django_tables2.Column(gettext_lazy("Purpose"), accessor="get_purpose_display")
    amount = MoneyColumn(gettext_lazy("Amount"))
    state = django_tables2.Column(gettext_lazy("State"), empty_values=())
    due_date = django_tables2.Column(gettext_lazy("Deadline"), empty_values=())

    class Meta:
        orderable = False

    def __init__(self, *args: Any, on: date, calendar: WorkCalendar, **kwargs: Any) -> None:
        self.on, self.calendar = on, calendar
        super().__init__(*args, **kwargs)

    def render_borrower_name(self, record: Application) -> SafeString:
        link = format_html('<a href="{}">{}</a>', reverse("loans:case", args=[record.pk]), record.borrower_name)
        is_member = getattr(record, "is_member", False) and record.entity is None
        return format_html("{} {}", link, status(_("Party member"), "party")) if is_member else link

    def render_place(self, record: Application) -> str:
        return record.division.place_name

    def render_state(self, record: Application) -> SafeString | str:
        return shown(
            status_tag(
                record,
                in_notice=getattr(record, "in_notice", False),
                is_objected=getattr(record, "is_objected", False),
            )
        )

    def render_due_date(self, record: Application) -> SafeString | str:
        due = record.due_date if record.is_waiting else None
        return shown(deadline_tag(due, on=self.on, calendar=self.calendar))


class QueueTable(CaseTable):
    """The queue of a step: the deadline instead of the state, and the button that opens the decision."""

    caption = gettext_lazy("Cases that wait for me")

    term_months = CountColumn(gettext_lazy("Term"), unit=gettext_lazy("months"))
    action = django_tables2.Column(gettext_lazy("Action"), empty_values=())

    class Meta:
        orderable = False
        exclude = ("state",)
        sequence = ("borrower_name", "place", "number", "purpose", "amount", "term_months", "due_date", "action")

    def render_action(self, record: Application) -> SafeString:
        url = decision_url(record)
        label = _("Handle")
        return format_html(
            '<a class="btn btn-sm" href="{}">{}<span class="sr-only"> {}</span></a>', url, label, record.borrower_name
        )


class LoanTable(OfficeTable):
    """Loans as rows."""

    caption = gettext_lazy("Loans")

    borrower = django_tables2.Column(gettext_lazy("Name of the borrower"), empty_values=())
    place = django_tables2.Column(gettext_lazy("Village"), empty_values=())
    contract_number = django_tables2.Column(gettext_lazy("Contract number"), attrs={"td": {"class": "mono"}})
    principal = MoneyColumn(gettext_lazy("Principal"))
    owed = MoneyColumn(gettext_lazy("Still owed"))
    start_date = DayColumn(gettext_lazy("Paid out on"))
    due_date = DayColumn(gettext_lazy("Due on"))
    state = django_tables2.Column(gettext_lazy("State"), empty_values=())

    class Meta:
        orderable = False

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        self.on = on
        super().__init__(*args, **kwargs)

    def render_borrower(self, record: Loan) -> SafeString:
        url = reverse("loans:loan", args=[record.pk])
        return format_html('<a href="{}">{}</a>', url, record.application.borrower_name)

    def render_place(self, record: Loan) -> str:
        return record.division.place_name

    def render_state(self, record: Loan) -> SafeString | str:
        return shown(loan_tag(record.state, record.due_date, on=self.on))


class VisitTable(OfficeTable):
    """Loans to be visited, the latest first. Needs `queries.care.visits_due`."""

    caption = gettext_lazy("Visits due")

    borrower = django_tables2.Column(gettext_lazy("Name of the borrower"), empty_values=())
    place = django_tables2.Column(gettext_lazy("Village"), empty_values=())
    contract_number = django_tables2.Column(gettext_lazy("Contract number"), attrs={"td": {"class": "mono"}})
    principal = MoneyColumn(gettext_lazy("Principal"))
    start_date = DayColumn(gettext_lazy("Paid out on"))
    last_visit_on = DayColumn(gettext_lazy("Last visit"))
    visit_due_on = django_tables2.Column(gettext_lazy("Visit due"), attrs={"td": {"class": "nowrap"}})
    action = django_tables2.Column(gettext_lazy("Action"), empty_values=())

    class Meta:
        orderable = False

    def __init__(self, *args: Any, on: date, may_record: bool, **kwargs: Any) -> None:
        self.on = on
        exclude = () if may_record else ("action",)
        super().__init__(*args, exclude=exclude, **kwargs)

    def render_borrower(self, record: Loan) -> SafeString:
        url = reverse("loans:loan", args=[record.pk])
        return format_html('<a href="{}">{}</a>', url, record.application.borrower_name)

    def render_place(self, record: Loan) -> str:
        return record.division.place_name

    def render_visit_due_on(self, value: date) -> SafeString:
        return format_html("{} {}", display.show_day(value), shown(visit_tag(value, on=self.on)))

    def render_action(self, record: Loan) -> SafeString:
        url = reverse("loans:visit-new", args=[record.pk])
        return format_html(
            '<a class="btn btn-sm" href="{}">{}<span class="sr-only"> {}</span></a>',
            url,
            _("Record a visit"),
            record.application.borrower_name,
        )
