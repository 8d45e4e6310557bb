"""Lists of model households, inspections, problems, publicity and of who answers for which loans."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

import django_tables2
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, gettext_lazy, pgettext_lazy

from assessments.choices_households import HonourState
from assessments.choices_inspections import ProblemState
from assessments.models import HouseholdHonour, Inspection, InspectionItem, PublicityEvent, ReportedProblem
from loans.models import Loan
from web import display
from web.layout import Tone
from web.tables import CountColumn, DayColumn, MoneyColumn, OfficeTable
from web.templatetags.web import status

HONOUR_TONES: dict[str, Tone] = {
    HonourState.RETURNED: Tone.WARN,
    HonourState.AWARDED: Tone.OK,
    HonourState.WITHDRAWN: Tone.NEUTRAL,
    HonourState.REFUSED: Tone.BAD,
}


def honour_tag(honour: HouseholdHonour) -> SafeString:
    return status(str(honour.get_state_display()), HONOUR_TONES.get(honour.state, Tone.INFO))


def problem_tag(problem: ReportedProblem, on: date) -> SafeString:
    """Late is said before anything else."""
    if problem.state != ProblemState.SOLVED and problem.due_date < on:
        text = _("%(state)s, %(days)s days late") % {
            "state": problem.get_state_display(),
            "days": (on - problem.due_date).days,
        }
        return status(text, Tone.BAD)
    tones = {ProblemState.SOLVED: Tone.OK, ProblemState.ESCALATED: Tone.WARN}
    return status(str(problem.get_state_display()), tones.get(ProblemState(problem.state), Tone.INFO))


class HonourTable(OfficeTable):
    """Model households, the newest first."""

    caption = gettext_lazy("Model households")

    name = django_tables2.Column(gettext_lazy("Name of the borrower"), empty_values=())
    place = django_tables2.Column(gettext_lazy("Village"), accessor="division__place_name")
    title = django_tables2.Column(pgettext_lazy("honour", "Title"), accessor="get_title_display")
    purpose = django_tables2.Column(gettext_lazy("Industry"), accessor="get_purpose_display")
    award_number = django_tables2.Column(gettext_lazy("Certificate number"), empty_values=())
    awarded_on = DayColumn(gettext_lazy("Awarded on"))
    review_due = DayColumn(gettext_lazy("To be reviewed by"))
    state = django_tables2.Column(gettext_lazy("State"), empty_values=())

    class Meta:
        orderable = False

    def render_name(self, record: HouseholdHonour) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("assessments:household", args=[record.pk]), record.person)

    def render_award_number(self, record: HouseholdHonour) -> str:
        return record.award_number or display.EMPTY

    def render_state(self, record: HouseholdHonour) -> SafeString:
        return honour_tag(record)


class InspectionTable(OfficeTable):
    """Inspections, the newest first."""

    caption = gettext_lazy("Random inspections")

    title = django_tables2.Column(pgettext_lazy("inspection", "Title"))
    number = django_tables2.Column(gettext_lazy("Number"))
    as_of = DayColumn(gettext_lazy("Drawn on"))
    population_count = CountColumn(gettext_lazy("Loans to draw from"))
    sample_size = CountColumn(gettext_lazy("Loans drawn"))
    items_done = CountColumn(gettext_lazy("Inspected"))
    problems_found = CountColumn(gettext_lazy("Problems found"))
    state = django_tables2.Column(gettext_lazy("State"), empty_values=())

    class Meta:
        orderable = False

    def render_title(self, record: Inspection) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("assessments:inspection", args=[record.pk]), record.title)

    def render_state(self, record: Inspection) -> SafeString:
        if record.closed_at:
            return status(_("Finished"), Tone.OK)
        return status(_("Under way"), Tone.INFO)


class ItemTable(OfficeTable):
    """The loans of a draw, in its order."""

    caption = gettext_lazy("Loans drawn")

    borrower = django_tables2.Column(gettext_lazy("Name of the borrower"), empty_values=())
    position = django_tables2.Column(
        pgettext_lazy("inspection", "No."), attrs={"td": {"class": "num"}, "th": {"class": "num"}}
    )
    township = django_tables2.Column(gettext_lazy("Township"), accessor="township__short_name")
    village = django_tables2.Column(gettext_lazy("Village"), accessor="loan__division__short_name")
    contract = django_tables2.Column(
        gettext_lazy("Contract number"), accessor="loan__contract_number", attrs={"td": {"class": "mono"}}
    )
    principal = MoneyColumn(gettext_lazy("Principal"), accessor="loan__principal")
    forms = django_tables2.Column(gettext_lazy("Forms filled in"), empty_values=())

    class Meta:
        orderable = False
        sequence = ("borrower", "position", "...")

    def render_borrower(self, record: InspectionItem) -> SafeString:
        url = reverse("assessments:inspection-item", args=[record.inspection_id, record.pk])
        return format_html('<a href="{}">{}</a>', url, record.loan.application.borrower_name)

    def render_forms(self, record: InspectionItem) -> SafeString | str:
        names = dict.fromkeys(str(answer.sheet.get_kind_display()) for answer in record.answers.all())
        return status("、".join(names), Tone.OK) if names else status(_("not yet"), Tone.WARN)


class ProblemTable(OfficeTable):
    """Problems, by their deadline."""

    caption = gettext_lazy("Problems")

    number = django_tables2.Column(gettext_lazy("Number"))
    category = django_tables2.Column(gettext_lazy("Category"))
    text = django_tables2.Column(gettext_lazy("Problem"))
    division = django_tables2.Column(gettext_lazy("Place"), accessor="division__short_name")
    owner = django_tables2.Column(gettext_lazy("Who solves it"), accessor="owner__short_name")
    due_date = DayColumn(gettext_lazy("Deadline"))
    state = django_tables2.Column(gettext_lazy("State"), empty_values=())

    class Meta:
        orderable = False

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        self.on = on
        super().__init__(*args, **kwargs)

    def render_number(self, record: ReportedProblem) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("assessments:problem", args=[record.pk]), record.number)

    def render_state(self, record: ReportedProblem) -> SafeString:
        return problem_tag(record, self.on)


class EventTable(OfficeTable):
    """Publicity and training, the newest first."""

    caption = gettext_lazy("Publicity and training")

    topic = django_tables2.Column(pgettext_lazy("publicity", "Topic"))
    held_on = DayColumn(gettext_lazy("Day"))
    channel = django_tables2.Column(gettext_lazy("Channel"), accessor="get_channel_display")
    division = django_tables2.Column(gettext_lazy("Township or village"), accessor="division__place_name")
    place = django_tables2.Column(gettext_lazy("Place"))
    attendance = CountColumn(gettext_lazy("People reached"))
    copies = CountColumn(gettext_lazy("Copies handed out"))
    photo_count = CountColumn(gettext_lazy("Photos"))

    class Meta:
        orderable = False

    def render_topic(self, record: PublicityEvent) -> SafeString:
        url = reverse("assessments:publicity-event", args=[record.pk])
        if record.struck_at:
            return format_html(
                '<a href="{}"><s>{}</s></a> {}', url, record.topic, status(_("struck out"), Tone.NEUTRAL)
            )
        return format_html('<a href="{}">{}</a>', url, record.topic)


class AnswerTable(OfficeTable):
    """Who answers for which loans, the worst first. Needs `outcomes_by`; `query` narrows the pages behind the rows."""

    caption = gettext_lazy("Outcomes of the loans introduced")

    name = django_tables2.Column(gettext_lazy("Name"))
    place = django_tables2.Column(gettext_lazy("Place"))
    loans = CountColumn(pgettext_lazy("count", "Loans"))
    lent = MoneyColumn(gettext_lazy("Lent"))
    settled = CountColumn(gettext_lazy("Repaid"))
    overdue = CountColumn(pgettext_lazy("count", "Overdue"))
    overdue_amount = MoneyColumn(gettext_lazy("Overdue principal"))
    written_off = CountColumn(pgettext_lazy("count", "Written off"))
    misused = CountColumn(gettext_lazy("Misuse found"))

    class Meta:
        orderable = False

    def __init__(self, *args: Any, by: str, query: dict[str, Any], **kwargs: Any) -> None:
        self.by, self.query = by, urlencode({name: value for name, value in query.items() if value})
        super().__init__(*args, **kwargs)

    def render_name(self, record: dict[str, Any]) -> SafeString:
        url = reverse("assessments:accountability-loans", args=[self.by, record["key"]])
        return format_html('<a href="{}{}">{}</a>', url, f"?{self.query}" if self.query else "", record["name"])


class AnsweredLoanTable(OfficeTable):
    """The loans behind a row."""

    caption = gettext_lazy("Loans introduced")

    borrower = django_tables2.Column(gettext_lazy("Name of the borrower"), empty_values=())
    village = django_tables2.Column(gettext_lazy("Village"), accessor="division__short_name")
    introducer = django_tables2.Column(gettext_lazy("Introducer"), accessor="application__introducer__person__name")
    principal = MoneyColumn(gettext_lazy("Principal"))
    start_date = DayColumn(gettext_lazy("Paid out on"))
    outcome = django_tables2.Column(gettext_lazy("What became of it"), empty_values=())

    class Meta:
        orderable = False

    def render_borrower(self, record: Loan) -> SafeString:
        url = reverse("loans:loan", args=[record.pk])
        return format_html('<a href="{}">{}</a>', url, record.application.borrower_name)

    def render_outcome(self, record: Loan) -> SafeString:
        standing = getattr(record, "standing", None)
        if record.found_misused:  # type: ignore[attr-defined]  # of queries.accountability
            return status(_("Misuse found"), Tone.BAD)
        if standing is not None and standing.overdue_since and record.state == "live":
            return status(_("Overdue since %(day)s") % {"day": display.show_day(standing.overdue_since)}, Tone.BAD)
        return status(str(record.get_state_display()), Tone.OK if record.state != "written_off" else Tone.BAD)
