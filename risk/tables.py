"""Lists of this room."""

from datetime import date
from typing import Any

import django_tables2
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, gettext_lazy, pgettext_lazy

from loans.models import Loan
from risk.choices import CategoryChoice, ClaimState
from risk.models import Claim, EarlyWarning, FundTransfer, LoanCategory
from web import display
from web.layout import Tone
from web.tables import CountColumn, DayColumn, MoneyColumn, OfficeTable
from web.templatetags.web import status

CLAIM_TONES: dict[str, Tone] = {
    ClaimState.TO_FILE: Tone.NEUTRAL,
    ClaimState.RETURNED: Tone.WARN,
    ClaimState.PAID: Tone.OK,
    ClaimState.RECOVERED: Tone.OK,
    ClaimState.RECOVERING: Tone.WARN,
    ClaimState.TO_WRITE_OFF: Tone.WARN,
    ClaimState.WRITTEN_OFF: Tone.NEUTRAL,
    ClaimState.REFUSED: Tone.BAD,
}
CATEGORY_TONES = {CategoryChoice.NORMAL: Tone.OK, CategoryChoice.SPECIAL_MENTION: Tone.WARN}


def claim_tag(claim: Claim) -> SafeString:
    return status(str(claim.get_state_display()), CLAIM_TONES.get(claim.state, Tone.INFO))


def category_tag(category: int) -> SafeString:
    choice = CategoryChoice(category)
    return status(str(choice.label), CATEGORY_TONES.get(choice, Tone.BAD))


def loan_link(loan: Loan) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse("risk:loan", args=[loan.pk]), loan.application.borrower_name)


class TransferTable(OfficeTable):
    """The ledger of a fund. Needs `transfers_of`."""

    caption = gettext_lazy("Fund ledger")

    value_date = DayColumn(gettext_lazy("Day"))
    kind = django_tables2.Column(gettext_lazy("Kind"), accessor="get_kind_display")
    party = django_tables2.Column(gettext_lazy("From or to"), empty_values=())
    received = MoneyColumn(pgettext_lazy("fund", "In"), empty_values=())
    spent = MoneyColumn(pgettext_lazy("fund", "Out"), empty_values=())
    bank_reference = django_tables2.Column(
        gettext_lazy("Bank reference"), attrs={"td": {"class": "mono"}}, default=display.EMPTY
    )
    recorded_by = django_tables2.Column(gettext_lazy("Recorded by"), accessor="recorded_by__name")

    class Meta:
        orderable = False

    def render_party(self, record: FundTransfer) -> SafeString | str:
        if record.claim:
            return format_html('<a href="{}">{}</a>', reverse("risk:claim", args=[record.claim_id]), record.claim)
        return str(record.contributor or (record.credit if record.signed > 0 else record.debit))  # type: ignore[attr-defined]

    def render_received(self, record: FundTransfer) -> str:
        return display.show_yuan(record.amount) if record.signed > 0 else display.EMPTY  # type: ignore[attr-defined]

    def render_spent(self, record: FundTransfer) -> str:
        return display.show_yuan(record.amount) if record.signed < 0 else display.EMPTY  # type: ignore[attr-defined]


class ClaimTable(OfficeTable):
    """Claims as rows."""

    caption = gettext_lazy("Claims")

    number = django_tables2.Column(gettext_lazy("Claim number"))
    borrower = django_tables2.Column(gettext_lazy("Name of the borrower"), empty_values=())
    place = django_tables2.Column(gettext_lazy("Village"), accessor="loan__division__place_name")
    base_amount = MoneyColumn(gettext_lazy("Loss that counts"))
    fund_part = MoneyColumn(gettext_lazy("The fund pays"))
    recovered = MoneyColumn(gettext_lazy("Returned to the fund"))
    left = MoneyColumn(gettext_lazy("Not yet returned"), empty_values=())
    state = django_tables2.Column(gettext_lazy("State"), empty_values=())

    class Meta:
        orderable = False

    def render_number(self, record: Claim) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("risk:claim", args=[record.pk]), record.number)

    def render_borrower(self, record: Claim) -> str:
        return record.loan.application.borrower_name

    def render_left(self, record: Claim) -> str:
        return display.show_yuan(record.left)

    def render_state(self, record: Claim) -> SafeString:
        return claim_tag(record)


class CategoryTable(OfficeTable):
    """Classified loans, the worst first."""

    caption = gettext_lazy("Classified loans")

    borrower = django_tables2.Column(gettext_lazy("Name of the borrower"), empty_values=())
    place = django_tables2.Column(gettext_lazy("Village"), accessor="loan__division__place_name")
    owed = MoneyColumn(gettext_lazy("Still owed"))
    days = CountColumn(gettext_lazy("Days overdue"), empty_values=())
    minimum = django_tables2.Column(gettext_lazy("Demanded by days"), accessor="get_minimum_display")
    as_of = DayColumn(gettext_lazy("As of"))
    category = django_tables2.Column(gettext_lazy("Category"))

    class Meta:
        orderable = False

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        self.on = on
        super().__init__(*args, **kwargs)

    def render_borrower(self, record: LoanCategory) -> SafeString:
        return loan_link(record.loan)

    def render_days(self, record: LoanCategory) -> str:
        standing = getattr(record.loan, "standing", None)
        return display.show_count(standing.overdue_days(self.on) if standing else 0)

    def render_category(self, record: LoanCategory) -> SafeString:
        return category_tag(record.category)


class WarningTable(OfficeTable):
    """Warnings, the oldest first."""

    caption = gettext_lazy("Warnings")

    subject = django_tables2.Column(gettext_lazy("Loan or village"), empty_values=())
    place = django_tables2.Column(gettext_lazy("Village"), accessor="division__place_name")
    kind = django_tables2.Column(gettext_lazy("Kind"), accessor="get_kind_display")
    cause = DayColumn(gettext_lazy("Since or due"))
    opened_on = DayColumn(gettext_lazy("Warned on"))
    owner = django_tables2.Column(gettext_lazy("Whose business"), empty_values=())
    outcome = django_tables2.Column(gettext_lazy("Outcome"), empty_values=())

    class Meta:
        orderable = False

    def render_subject(self, record: EarlyWarning) -> SafeString | str:
        return loan_link(record.loan) if record.loan else record.division.place_name

    def render_owner(self, record: EarlyWarning) -> str:
        return record.owner.short_name if record.owner else _("Red Credit office")

    def render_outcome(self, record: EarlyWarning) -> SafeString | str:
        if record.closed_at:
            return str(record.get_outcome_display())
        url, subject = reverse("risk:warning", args=[record.pk]), record.loan or record.division
        return format_html(
            '<a class="btn btn-sm" href="{}">{}<span class="sr-only"> {}</span></a>', url, _("Handle"), subject
        )
