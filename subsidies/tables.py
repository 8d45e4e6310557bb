"""The lists of this room. The number or name with its link comes first, the state at the end."""

import django_tables2
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, gettext_lazy, pgettext_lazy

from subsidies.choices import BatchState, LineKind, LineStatus, PaymentState, ReturnFileState, ReturnOutcome
from subsidies.models import Payment, ReturnLine, SubsidyBatch, SubsidyLine
from web.layout import Tone
from web.tables import CountColumn, DayColumn, MoneyColumn, OfficeTable, PercentColumn
from web.templatetags.web import status

BATCH_TONES = {
    BatchState.COMPUTING: Tone.INFO,
    BatchState.ON_NOTICE: Tone.INFO,
    BatchState.PAYING: Tone.INFO,
    BatchState.APPROVED: Tone.OK,
    BatchState.RECONCILED: Tone.OK,
}
LINE_TONES = {
    LineStatus.ELIGIBLE: Tone.OK,
    LineStatus.ATTENTION: Tone.WARN,
    LineStatus.EXCLUDED: Tone.BAD,
}
PAYMENT_TONES = {
    PaymentState.SENT: Tone.INFO,
    PaymentState.CREDITED: Tone.OK,
    PaymentState.RETURNED: Tone.BAD,
}
RETURN_FILE_TONES = {
    ReturnFileState.READ: Tone.INFO,
    ReturnFileState.BOOKED: Tone.OK,
    ReturnFileState.DISCARDED: Tone.NEUTRAL,
}
RETURN_TONES = {
    ReturnOutcome.NEW: Tone.INFO,
    ReturnOutcome.KNOWN: Tone.NEUTRAL,
    ReturnOutcome.FAULTY: Tone.BAD,
}


def batch_tag(batch: SubsidyBatch) -> SafeString:
    return status(batch.get_state_display(), BATCH_TONES.get(BatchState(batch.state), Tone.NEUTRAL))


def line_tag(line: SubsidyLine) -> SafeString:
    """The reason where there is one, else the check; a difference says so first."""
    words = line.get_reason_display() if line.reason else line.get_status_display()
    tag = status(words, LINE_TONES[LineStatus(line.status)])
    if line.kind == LineKind.DIFFERENCE:
        return format_html("{} {}", status(line.get_kind_display(), Tone.INFO), tag)
    return tag


def payment_tag(payment: Payment) -> SafeString:
    return status(payment.get_state_display(), PAYMENT_TONES.get(PaymentState(payment.state), Tone.NEUTRAL))


class BatchTable(OfficeTable):
    """Batches as rows. Needs `queries.batches.with_sums`."""

    caption = gettext_lazy("Subsidy batches")

    period = django_tables2.Column(gettext_lazy("Period"), empty_values=())
    programme = django_tables2.Column(gettext_lazy("Programme"), accessor="programme__name")
    lines_count = CountColumn(gettext_lazy("Lines"))
    amount = MoneyColumn(pgettext_lazy("amount", "Subsidy"))
    notice_from = DayColumn(gettext_lazy("Notice from"))
    notice_to = DayColumn(gettext_lazy("Notice to"))
    state = django_tables2.Column(gettext_lazy("State"), empty_values=())

    class Meta:
        orderable = False

    def render_period(self, record: SubsidyBatch) -> SafeString:
        return format_html(
            '<a href="{}">{} — {}</a>', reverse("subsidies:batch", args=[record.pk]), record.first_day.isoformat(),
            record.last_day.isoformat(),
        )  # fmt: skip

    def render_state(self, record: SubsidyBatch) -> SafeString:
        tag = batch_tag(record)
        return format_html("{} {}", tag, status(_("Estimate"), Tone.WARN)) if record.is_estimate else tag


class RosterTable(OfficeTable):
    """Lines as rows. Needs `queries.lines.with_borrowers`."""

    caption = gettext_lazy("Roster")

    contract_number = django_tables2.Column(gettext_lazy("Contract number"), empty_values=())
    borrower = django_tables2.Column(gettext_lazy("Name"), empty_values=())
    place = django_tables2.Column(gettext_lazy("Village"), empty_values=())
    principal = MoneyColumn(gettext_lazy("Loan"), accessor="loan__principal")
    rate = PercentColumn(gettext_lazy("Rate a year"), accessor="loan__rate_percent")
    days = CountColumn(pgettext_lazy("number", "Days"))
    amount = MoneyColumn(pgettext_lazy("amount", "Subsidy"))
    status = django_tables2.Column(gettext_lazy("Check"), empty_values=())

    class Meta:
        orderable = False

    def render_contract_number(self, record: SubsidyLine) -> SafeString:
        url = reverse("subsidies:line", args=[record.pk])
        return format_html('<a class="mono" href="{}">{}</a>', url, record.loan.contract_number)

    def render_borrower(self, record: SubsidyLine) -> str:
        return record.loan.application.borrower_name

    def render_place(self, record: SubsidyLine) -> str:
        return record.loan.division.place_name

    def render_status(self, record: SubsidyLine) -> SafeString:
        return line_tag(record)


class ReturnLineTable(OfficeTable):
    """Rows of the bank's answer, as they were understood. Needs `queries.return_files.lines_of`."""

    caption = gettext_lazy("Rows of the answer")

    row_number = django_tables2.Column(gettext_lazy("Row"))
    payment = django_tables2.Column(gettext_lazy("Payment number"), empty_values=(), attrs={"td": {"class": "mono"}})
    borrower = django_tables2.Column(gettext_lazy("Name"), empty_values=())
    amount = MoneyColumn(gettext_lazy("Amount"), accessor="payment__amount")
    answer = django_tables2.Column(pgettext_lazy("bank", "Answer"), empty_values=())
    value_date = DayColumn(gettext_lazy("Day"))
    bank_reference = django_tables2.Column(gettext_lazy("Bank reference"), attrs={"td": {"class": "mono"}})
    outcome = django_tables2.Column(pgettext_lazy("answer", "Check"), empty_values=())

    class Meta:
        orderable = False

    def render_payment(self, record: ReturnLine) -> str:
        return record.cells.get("payment", "")

    def render_borrower(self, record: ReturnLine) -> str:
        return record.payment.loan.application.borrower_name if record.payment else "--"

    def render_answer(self, record: ReturnLine) -> str:
        if record.is_credited is None:
            return record.cells.get("result", "")
        return _("Credited") if record.is_credited else record.get_code_display() or record.cells.get("code", "")

    def render_outcome(self, record: ReturnLine) -> SafeString:
        tag = status(record.get_outcome_display(), RETURN_TONES[ReturnOutcome(record.outcome)])
        if not record.sentences:
            return tag
        said = format_html_join("", "<div>{}</div>", ((sentence,) for sentence in record.sentences))
        return format_html("{}{}", tag, said)
