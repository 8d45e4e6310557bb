"""The lists of this room. The name with its link comes first, the state at the end, then the one action."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import django_tables2
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, gettext_lazy

from loans.choices import StepCode
from loans.models import Application, Loan, StatementImport, StatementLine
from loans.queries.statements import LINE_TONES, STATEMENT_TONES, LoanCheck
from loans.queries.tags import Tag, case_deadline_tag, loan_tag, status_tag, visit_tag
from web import display
from web.tables import CountColumn, DayColumn, MomentColumn, MoneyColumn, OfficeTable
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
        return shown(case_deadline_tag(record, on=self.on, calendar=self.calendar))


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
    """Loans as rows. Needs `queries.loans.loan_rows`."""

    caption = gettext_lazy("Loans")

    borrower = django_tables2.Column(gettext_lazy("Name of the borrower"), empty_values=())
    place = django_tables2.Column(gettext_lazy("Village"), empty_values=())
    contract_number = django_tables2.Column(gettext_lazy("Contract number"), attrs={"td": {"class": "mono"}})
    principal = MoneyColumn(gettext_lazy("Principal"))
    owed = MoneyColumn(gettext_lazy("Still owed"))
    start_date = DayColumn(gettext_lazy("Paid out on"))
    maturity = DayColumn(gettext_lazy("Due on"))
    state = django_tables2.Column(gettext_lazy("State"), empty_values=())

    class Meta:
        orderable = False

    def render_borrower(self, record: Loan) -> SafeString:
        url = reverse("loans:loan", args=[record.pk])
        return format_html('<a href="{}">{}</a>', url, record.application.borrower_name)

    def render_place(self, record: Loan) -> str:
        return record.division.place_name

    def render_state(self, record: Loan) -> SafeString | str:
        return shown(loan_tag(record))


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


class StatementTable(OfficeTable):
    """Bank statements as rows. Needs `queries.statements.statements_of`."""

    caption = gettext_lazy("Bank statements")

    file_name = django_tables2.Column(
        gettext_lazy("File"), linkify=("loans:statement", {"statement_id": django_tables2.A("pk")})
    )
    outlet = django_tables2.Column(gettext_lazy("Counter"))
    uploaded_at = MomentColumn(gettext_lazy("Uploaded at"))
    uploaded_by = django_tables2.Column(gettext_lazy("Uploaded by"))
    line_count = CountColumn(gettext_lazy("Lines"))
    booked_count = CountColumn(gettext_lazy("Booked by it"))
    open_count = CountColumn(gettext_lazy("To be clarified"))
    state = django_tables2.Column(gettext_lazy("State"))

    class Meta:
        orderable = False

    def render_state(self, record: StatementImport) -> SafeString | str:
        return status(record.get_state_display(), STATEMENT_TONES[record.state])


class LineTable(OfficeTable):
    """Lines of a bank statement as rows, as they were understood. Needs `queries.statements.lines_of`."""

    caption = gettext_lazy("Lines of the statement")

    row_number = django_tables2.Column(gettext_lazy("Row"))
    contract_number = django_tables2.Column(gettext_lazy("Contract number"), empty_values=())
    value_date = DayColumn(gettext_lazy("Day"))
    kind = django_tables2.Column(gettext_lazy("Kind"), empty_values=())
    principal = MoneyColumn(gettext_lazy("Principal"))
    interest = MoneyColumn(gettext_lazy("Interest"))
    penalty = MoneyColumn(gettext_lazy("Penalty interest"))
    bank_reference = django_tables2.Column(gettext_lazy("Bank reference"), attrs={"td": {"class": "mono"}})
    outcome = django_tables2.Column(gettext_lazy("Result"))
    remark = django_tables2.Column(gettext_lazy("Remark"), empty_values=())

    class Meta:
        orderable = False

    def render_contract_number(self, record: StatementLine) -> SafeString | str:
        number = record.contract_number or record.cells.get("contract_number") or display.EMPTY
        if record.loan_id is None:
            return str(number)
        return format_html('<a href="{}">{}</a>', reverse("loans:loan", args=[record.loan_id]), number)

    def render_kind(self, record: StatementLine) -> str:
        return record.get_kind_display() or display.EMPTY

    def render_outcome(self, record: StatementLine) -> SafeString:
        tags = [status(record.get_outcome_display(), LINE_TONES[record.outcome])]
        if record.clarified_at is not None:
            tags.append(status(_("Clarified"), "ok"))
        elif record.is_different:
            tags.append(status(_("Differs"), "warn"))
        return format_html_join(" ", "{}", ((tag,) for tag in tags))

    def render_remark(self, record: StatementLine) -> SafeString | str:
        said = [*record.sentences, *differences_said(record)]
        if not record.is_stray:
            return " ".join(said) or display.EMPTY
        link = reverse("loans:statement-line", args=[record.pk])
        label = _("Show the note") if record.clarified_at else _("Clarify")
        row = _("row %(row)s") % {"row": record.row_number}
        return format_html(
            '{} <a href="{}">{}<span class="sr-only"> {}</span></a>', " ".join(said), link, label, row
        )  # fmt: skip


class DifferenceTable(LineTable):
    """Lines that differ, each with what its loan owed by today and what is booked of it (`checks`, by loan)."""

    caption = gettext_lazy("Differences")

    statement = django_tables2.Column(
        gettext_lazy("Statement"), linkify=("loans:statement", {"statement_id": django_tables2.A("statement_id")})
    )
    standing = django_tables2.Column(gettext_lazy("Loan today"), empty_values=())
    checks: Mapping[int, LoanCheck] = MappingProxyType({})

    class Meta:
        orderable = False
        exclude = ("bank_reference", "kind")
        sequence = (
            "contract_number", "statement", "row_number", "value_date", "principal", "interest", "penalty", "outcome",
            "remark", "standing",
        )  # fmt: skip

    def render_standing(self, record: StatementLine) -> str:
        check = self.checks.get(record.loan_id or 0)
        return check_said(check) if check else display.EMPTY


def differences_said(line: StatementLine) -> list[str]:
    """Say by how much a booked line departs from what our account expected."""
    words = (
        (line.principal_difference, _("Principal %(amount)s yuan against the account.")),
        (line.interest_difference, _("Interest %(amount)s yuan against the account.")),
        (line.penalty_difference, _("Penalty interest %(amount)s yuan against the account.")),
    )
    return [sentence % {"amount": signed_yuan(amount)} for amount, sentence in words if amount]


def check_said(check: LoanCheck) -> str:
    """Say what fell due of a loan and what is booked of it."""
    interest = _("Interest due %(due)s, booked %(paid)s.") % {
        "due": display.show_yuan(check.interest_due),
        "paid": display.show_yuan(check.interest_paid),
    }
    if not check.principal_difference:
        return interest
    late = _("Principal late: %(amount)s.") % {"amount": display.show_yuan(-check.principal_difference)}
    return f"{interest} {late}"


def signed_yuan(amount: Decimal) -> str:
    """+12.00 or −12.00: what was paid too much, or too little."""
    return f"{'+' if amount > 0 else '−'}{display.show_yuan(abs(amount))}"
