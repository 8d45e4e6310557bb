"""Lists of the public notice: cases that wait for one, sheets, objections."""

from datetime import date
from typing import Any

import django_tables2
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, gettext_lazy, ngettext, pgettext, pgettext_lazy

from finance.money import ZERO
from loans.desk_tables import TickColumn, fen_of
from loans.models import Application, NoticeRoster, Objection
from loans.queries.objections import objection_tag
from loans.queries.rosters import days_tag
from loans.queries.tags import deadline_tag
from loans.tables import shown
from web import display
from web.tables import CountColumn, DayColumn, MoneyColumn, OfficeTable
from web.templatetags.web import status
from workflow.deadlines import WorkCalendar


class AwaitingTable(OfficeTable):
    """Cases that can be published, each with a box to tick. Needs `queries.rosters.awaiting_notice`."""

    caption = gettext_lazy("Cases that wait for a notice")

    tick = TickColumn(pgettext_lazy("column", "Choose"), empty_values=())
    borrower_name = django_tables2.Column(gettext_lazy("Applicant"))
    place = django_tables2.Column(gettext_lazy("Village"), empty_values=())
    number = django_tables2.Column(gettext_lazy("Number"), attrs={"td": {"class": "mono"}})
    purpose = django_tables2.Column(gettext_lazy("Purpose"), accessor="get_purpose_display")
    amount = MoneyColumn(gettext_lazy("Amount"))
    due_date = django_tables2.Column(gettext_lazy("Deadline"), empty_values=())

    class Meta:
        orderable = False
        row_attrs = {"data-pick-row": ""}

    def __init__(self, *args: Any, on: date, calendar: WorkCalendar, **kwargs: Any) -> None:
        self.on, self.calendar = on, calendar
        super().__init__(*args, **kwargs)

    def render_tick(self, record: Application) -> SafeString:
        return format_html(
            '<input type="checkbox" name="case" value="{}" aria-label="{}" data-pick="{}">',
            record.pk,
            _("Choose %(name)s") % {"name": record.borrower_name},
            fen_of(record.amount_asked or ZERO),
        )

    def render_borrower_name(self, record: Application) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("loans:case", args=[record.pk]), record.borrower_name)

    def render_place(self, record: Application) -> str:
        return record.division.place_name

    def render_due_date(self, record: Application) -> SafeString | str:
        return shown(deadline_tag(record.due_date, on=self.on, calendar=self.calendar))


class RosterTable(OfficeTable):
    """Sheets as rows. Needs `queries.rosters.roster_rows`."""

    caption = gettext_lazy("Public notices")

    number = django_tables2.Column(
        gettext_lazy("Notice number"), linkify=("loans:notice", {"roster_id": django_tables2.A("pk")})
    )
    organization = django_tables2.Column(gettext_lazy("Published by"))
    place = django_tables2.Column(gettext_lazy("Where it hangs"))
    lines = CountColumn(gettext_lazy("Cases on it"))
    starts_on = DayColumn(pgettext_lazy("notice", "First day"))
    ends_on = DayColumn(pgettext_lazy("notice", "Last day"))
    state = django_tables2.Column(gettext_lazy("State"), empty_values=())

    class Meta:
        orderable = False

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        self.on = on
        super().__init__(*args, **kwargs)

    def render_state(self, record: NoticeRoster) -> SafeString:
        tags = []
        if record.running:  # type: ignore[attr-defined]  # of roster_rows, as the next three
            tags.append(shown(days_tag(record.starts_on, record.ends_on, on=self.on)))
        else:
            tags.append(status(_("Ended")))
        if record.pending:  # type: ignore[attr-defined]
            number = record.pending  # type: ignore[attr-defined]
            label = ngettext("%(number)s objection", "%(number)s objections", number) % {"number": number}
            tags.append(status(label, "bad"))
        if not record.photo_count:  # type: ignore[attr-defined]
            tags.append(status(_("No photo"), "warn"))
        return format_html_join(" ", "{}", ((tag,) for tag in tags))


class ObjectionTable(OfficeTable):
    """Objections as rows. Needs `queries.objections.objection_rows`."""

    caption = gettext_lazy("Objections to notices")

    case = django_tables2.Column(gettext_lazy("Applicant"), empty_values=())
    place = django_tables2.Column(gettext_lazy("Village"), empty_values=())
    number = django_tables2.Column(gettext_lazy("Notice number"), accessor="notice__number")
    received_on = DayColumn(gettext_lazy("Received on"))
    channel = django_tables2.Column(gettext_lazy("How"), accessor="get_channel_display")
    state = django_tables2.Column(gettext_lazy("State"), empty_values=())
    due_date = django_tables2.Column(gettext_lazy("To be settled by"), attrs={"td": {"class": "nowrap"}})
    action = django_tables2.Column(gettext_lazy("Action"), empty_values=())

    class Meta:
        orderable = False

    def __init__(self, *args: Any, on: date, calendar: WorkCalendar, **kwargs: Any) -> None:
        self.on, self.calendar = on, calendar
        super().__init__(*args, **kwargs)

    def render_case(self, record: Objection) -> SafeString:
        url = reverse("loans:objection", args=[record.pk])
        return format_html('<a href="{}">{}</a>', url, record.notice.application.borrower_name)

    def render_place(self, record: Objection) -> str:
        return record.notice.application.division.place_name

    def render_state(self, record: Objection) -> SafeString:
        tags = [shown(objection_tag(record))]
        if not record.has_photo:  # type: ignore[attr-defined]  # of objection_rows
            tags.append(status(_("No photo"), "warn"))
        return format_html_join(" ", "{}", ((tag,) for tag in tags))

    def render_due_date(self, record: Objection) -> SafeString | str:
        if not record.is_pending:
            return display.EMPTY
        tag = deadline_tag(record.due_date, on=self.on, calendar=self.calendar)
        return format_html("{} {}", display.show_day(record.due_date), shown(tag))

    def render_action(self, record: Objection) -> SafeString:
        label = _("Handle") if record.is_pending else pgettext("button", "View")
        url, name = reverse("loans:objection", args=[record.pk]), record.notice.application.borrower_name
        return format_html('<a class="btn btn-sm" href="{}">{}<span class="sr-only"> {}</span></a>', url, label, name)
