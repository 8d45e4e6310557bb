"""The list of branch meetings."""

from typing import Any

import django_tables2
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, pgettext_lazy

from loans.models import Meeting
from web.tables import CountColumn, MomentColumn, OfficeTable
from web.templatetags.web import status


class MeetingTable(OfficeTable):
    """Meetings as rows. Needs `queries.meetings.meeting_rows`."""

    caption = gettext_lazy("Branch meetings")

    number = django_tables2.Column(gettext_lazy("Number"), attrs={"td": {"class": "mono"}})
    held_at = MomentColumn(pgettext_lazy("meeting", "Time"))
    branch = django_tables2.Column(gettext_lazy("Branch"), accessor="branch__name")
    kind = django_tables2.Column(gettext_lazy("Kind of meeting"), accessor="get_kind_display")
    cases = CountColumn(pgettext_lazy("meeting", "Cases"))
    decided = CountColumn(pgettext_lazy("meeting", "Decided"))
    state = django_tables2.Column(gettext_lazy("State"), accessor="get_state_display")

    class Meta:
        orderable = False

    def render_number(self, record: Meeting) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("loans:meeting", args=[record.pk]), record.number)

    def render_state(self, record: Any, value: str) -> SafeString:
        return status(value, "info" if record.is_open else "ok" if record.cases else "")
