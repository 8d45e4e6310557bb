"""The register of write-offs."""

import django_tables2
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, pgettext_lazy

from loans.choices import WriteOffState
from loans.models import WriteOffRequest
from loans.queries.write_offs import WRITE_OFF_TONES
from web.tables import DayColumn, MoneyColumn, OfficeTable
from web.templatetags.web import status


class WriteOffTable(OfficeTable):
    """Proposals and decisions as rows. Needs `queries.write_offs.write_offs_of`."""

    caption = gettext_lazy("Written-off loans")

    borrower = django_tables2.Column(gettext_lazy("Name of the borrower"), empty_values=())
    contract_number = django_tables2.Column(
        gettext_lazy("Contract number"), accessor="loan__contract_number", attrs={"td": {"class": "mono"}}
    )
    place = django_tables2.Column(gettext_lazy("Village"), empty_values=())
    amount = MoneyColumn(gettext_lazy("Principal left"))
    document_number = django_tables2.Column(gettext_lazy("Number of the paper"))
    value_date = DayColumn(gettext_lazy("Day"))
    proposed_by = django_tables2.Column(gettext_lazy("Proposed by"))
    decided_by = django_tables2.Column(gettext_lazy("Decided by"))
    state = django_tables2.Column(pgettext_lazy("write-off", "State"))

    class Meta:
        orderable = False

    def render_borrower(self, record: WriteOffRequest) -> SafeString:
        url = reverse("loans:write-off", args=[record.pk])
        return format_html('<a href="{}">{}</a>', url, record.loan.application.borrower_name)

    def render_place(self, record: WriteOffRequest) -> str:
        return record.loan.division.place_name

    def render_state(self, record: WriteOffRequest) -> SafeString:
        return status(record.get_state_display(), WRITE_OFF_TONES[WriteOffState(record.state)])
