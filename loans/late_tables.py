"""The table of the late cases that a level above is shown."""

from datetime import date
from typing import Any

import django_tables2
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, gettext_lazy

from loans.choices import StepCode
from loans.models import Application
from loans.queries.tags import case_deadline_tag
from loans.tables import shown
from web import display
from web.tables import DayColumn, MoneyColumn, OfficeTable
from workflow.deadlines import WorkCalendar


class LateCaseTable(OfficeTable):
    """Late cases, the latest first. Needs `queries.late.late_rows`."""

    caption = gettext_lazy("Late cases below")

    borrower_name = django_tables2.Column(gettext_lazy("Applicant"))
    place = django_tables2.Column(gettext_lazy("Village"), empty_values=())
    step = django_tables2.Column(gettext_lazy("Step"))
    office = django_tables2.Column(gettext_lazy("Lies with"), empty_values=())
    amount = MoneyColumn(gettext_lazy("Amount"))
    late = django_tables2.Column(gettext_lazy("Deadline"), empty_values=())
    escalated_on = DayColumn(gettext_lazy("Shown above on"))
    action = django_tables2.Column(gettext_lazy("Action"), empty_values=())

    class Meta:
        orderable = False

    def __init__(self, *args: Any, on: date, calendar: WorkCalendar, request: Any, **kwargs: Any) -> None:
        self.on, self.calendar, self.token = on, calendar, get_token(request)
        super().__init__(*args, **kwargs)

    def render_borrower_name(self, record: Application) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("loans:case", args=[record.pk]), record.borrower_name)

    def render_place(self, record: Application) -> str:
        return record.division.place_name

    def render_step(self, record: Application) -> str:
        return str(StepCode(record.step).label)

    def render_office(self, record: Application) -> str:
        match record.step:
            case StepCode.REFERRAL | StepCode.BRANCH_REVIEW | StepCode.PUBLIC_NOTICE:
                return record.branch.name
            case StepCode.COMMITTEE_FILING if record.division.parent:
                return _("%(township)s Party committee") % {"township": record.division.parent.name}
            case StepCode.DISBURSEMENT:
                return record.outlet.name
        return display.EMPTY

    def render_late(self, record: Application) -> SafeString | str:
        return shown(case_deadline_tag(record, on=self.on, calendar=self.calendar))

    def render_action(self, record: Application) -> SafeString:
        return format_html(
            '<form method="post" action="{}"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
            '<button type="submit" class="btn btn-sm">{}<span class="sr-only"> {}</span></button></form>',
            reverse("loans:urge", args=[record.pk]),
            self.token,
            _("Urge"),
            record.borrower_name,
        )
