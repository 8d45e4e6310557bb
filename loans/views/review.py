"""The split review: the queue on the left, the dossier in the middle, the decision on the right.

Without script every part is a page of its own address; with it a click, J or K swaps middle and right.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from accounts.models import User
from finance.money import ZERO, to_fen
from loans.choices import Outcome, StepCode
from loans.forms.decisions import DecisionForm
from loans.forms.filters import QueueFilterForm
from loans.models import Application, ApplicationDecision
from loans.operations.recall import RECALL_TIME, recallable_by
from loans.queries.cases import BY_URGENCY, next_waiting, queue_rows
from loans.queries.paging import PAGE_SIZE, Page, keyset_page
from loans.queries.papers import unseen_of
from loans.queries.places import places_of
from loans.queries.review import APPROVING, REVIEWED, checks_of, neighbours, own_decision, phrases_of, pots_of
from loans.queries.tags import Tag, deadline_tag
from loans.queries.work import TURN
from loans.steps.filings import Line, line_before
from loans.tables import decision_url
from loans.views.access import account, posted_number
from loans.views.paging import page_urls, queue_url
from web import clock
from web.text import number_in
from workflow.queries import work_calendar

MEETING = "meeting"
MEETING_FIELDS = ("held_on", "place", "kind", "chair", "recorder", "entitled", "present")
KEPT = ("text", "place", "due", "purpose", "after", "before")
# Steps at which several cases are decided at once; a review of several cases is a meeting with votes.
BULK_PAGE_SIZE = 50
IN_BULK = (StepCode.COMMITTEE_FILING, StepCode.SUBSIDY_CONFIRMATION)


@dataclass(frozen=True)
class Entry:
    """A line of the list."""

    case: Application
    url: str
    tag: Tag | None
    is_current: bool = False

    @property
    def fen(self) -> int:
        """The amount as the script adds it up: whole fen, so that the sum is exact."""
        return to_fen(self.case.amount_asked or ZERO)


@dataclass(frozen=True)
class RecallOffer:
    """What was just decided, and how to take it back."""

    decision: ApplicationDecision
    text: str
    is_open: bool


def queue_page(request: HttpRequest, step: str) -> HttpResponse:
    """The list with nothing chosen; where there is room the script opens its first case."""
    user, on = account(request), clock.today()
    page, form = waiting_page(request, step)
    context = {**list_context(request, step, page, form), "offer": recall_offer(request, user)}
    return render(request, "loans/review.html", {**context, "pots": pots_of(user, step, on=on)})


def case_page(request: HttpRequest, case: Application, context: dict[str, Any]) -> HttpResponse:
    """One case beside the list, or without it where the script has it already."""
    user, on = account(request), clock.today()
    page, form = waiting_page(request, case.step)
    query = kept_query(request)
    before, after = neighbours(page.rows, case)
    unseen = unseen_of(case, user)
    shown = {
        **context,
        "decide_url": decision_url(case) + query,
        "previous_url": decision_url(before) + query if before else "",
        "next_url": decision_url(after) + query if after else "",
        "following": after or before,
        "checks": checks_of(case, user, on=on),
        "phrases": phrases_of(user, case.step),
        "unseen": unseen,
        "deadline": deadline_sentence(case, on=on),
        "line": line_of(case),
    }
    if request.htmx and request.method != "POST":  # type: ignore[attr-defined]  # of django-htmx
        return render(request, "loans/_review_case.html", shown)
    shown |= list_context(request, case.step, page, form, current=case)
    shown |= {"offer": recall_offer(request, user), "pots": pots_of(user, case.step, on=on)}
    return render(request, "loans/review.html", shown)


def filter_of(request: HttpRequest, step: str) -> QueueFilterForm:
    places = places_of(account(request).people_scope(*TURN[step], on=clock.today()))
    return QueueFilterForm(request.GET or None, places=places)


def waiting_page(request: HttpRequest, step: str) -> tuple[Page, QueueFilterForm]:
    form = filter_of(request, step)
    rows = queue_rows(user=account(request), step=step, filters=form.filters(), on=clock.today())
    size = BULK_PAGE_SIZE if step in IN_BULK else PAGE_SIZE
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    return keyset_page(rows, keyset=BY_URGENCY, size=size, after=after, before=before), form


def list_context(
    request: HttpRequest, step: str, page: Page, form: QueueFilterForm, *, current: Application | None = None
) -> dict[str, Any]:
    on, calendar, query = clock.today(), work_calendar(), kept_query(request)
    first = page.rows[0] if page.rows else None
    here = current.pk if current else None
    return {
        "step": StepCode(step),
        "filter": form,
        "is_filtered": any(request.GET.get(name) for name in ("text", "place", "due", "purpose")),
        "rows": page.rows,
        "entries": [
            Entry(row, decision_url(row) + query, deadline_tag(row.due_date, on=on, calendar=calendar), row.pk == here)
            for row in page.rows
        ],
        "summary": summary(first.total, first.total_overdue or 0) if first else summary(0, 0),
        "urls": page_urls(request, page),
        "list_url": queue_url(step) + query,
        "bulk_url": reverse("loans:bulk", args=[step]) if step in IN_BULK else "",
        "filings_url": reverse("loans:filings") if step == StepCode.COMMITTEE_FILING else "",
    }


def summary(total: int, overdue: int) -> str:
    """Return how many cases wait, and how many of them too long."""
    text = ngettext("%(number)s case waits", "%(number)s cases wait", total) % {"number": total}
    if not overdue:
        return text
    late = ngettext("%(number)s overdue", "%(number)s overdue", overdue) % {"number": overdue}
    return _("%(total)s, %(overdue)s") % {"total": text, "overdue": late}


def kept_query(request: HttpRequest) -> str:
    """Return filter and page of the list as a query that every address of the review carries along."""
    query = request.GET.copy()
    for name in set(query) - set(KEPT):
        del query[name]
    return f"?{query.urlencode()}" if query else ""


def deadline_sentence(case: Application, *, on: date) -> str:
    """Return how long the office has, how much is left, and until when the decision can be taken back."""
    tag = deadline_tag(case.due_date, on=on, calendar=work_calendar())
    values = {
        "days": case.version.step(case.step).deadline_days,
        "left": tag.label if tag else "",
        "minutes": RECALL_TIME.seconds // 60,
    }
    return _("Time limit: %(days)s working days; %(left)s. For %(minutes)s minutes you can take it back.") % values


def line_of(case: Application) -> Line | None:
    """Return the place of a case in the line for the quota, where the order matters."""
    if case.step != StepCode.COMMITTEE_FILING or not case.version.filing_in_order:
        return None
    return line_before(case)


def meeting_before(request: HttpRequest, case: Application) -> dict[str, Any]:
    """Return what the last decision of this sitting said of the meeting: one meeting decides on many cases."""
    kept = request.session.get(MEETING, {})
    return kept["fields"] if kept.get("branch") == case.branch_id else {}


def remember_meeting(request: HttpRequest, case: Application, form: DecisionForm) -> None:
    """Keep what the form says of the meeting for the next case of the branch, but never the count in favour."""
    fields = {name: request.POST[name] for name in MEETING_FIELDS if form.cleaned_data.get(name)}
    if "held_on" in fields:
        request.session[MEETING] = {"branch": case.branch_id, "fields": fields}


def papers_are_seen(form: DecisionForm, case: Application, user: User) -> bool:
    """Whether somebody who agrees has looked at every paper; if not, the form says which are left."""
    if form.chosen_outcome not in APPROVING or not (unseen := unseen_of(case, user)):
        return True
    names = "、".join(paper.name for paper in unseen)
    form.add_error(None, _("Please look at every paper before you agree. Not seen yet: %(names)s.") % {"names": names})
    return False


def recall_offer(request: HttpRequest, user: User) -> RecallOffer | None:
    """Return what the account decided a moment ago, when the address says which decision that was."""
    number = number_in(request.GET.get("done", ""))
    decision = own_decision(number, user) if number is not None else None
    if decision is None:
        return None
    case = decision.application
    text = _("%(number)s %(name)s: %(outcome)s.") % {
        "number": case.number,
        "name": case.borrower_name,
        "outcome": Outcome(decision.outcome).label,
    }
    is_last = case.sequence == decision.sequence
    is_open = is_last and recallable_by(case, decision, user, clock.now())
    return RecallOffer(decision, text, is_open)


def address_after(request: HttpRequest, step: str, decision: ApplicationDecision) -> str:
    """Return where the account goes on: to the case that stood next in its list, else to what is most urgent."""
    user, on = account(request), clock.today()
    wanted = posted_number(request, "following")
    rows = queue_rows(user=user, step=step, filters=filter_of(request, step).filters(), on=on)
    following = rows.filter(pk=wanted).first() if wanted is not None else None
    following = following or rows.order_by(*BY_URGENCY.order()).first() or next_waiting(user=user, step=step, on=on)
    address = decision_url(following) if following else queue_url(step)
    query = kept_query(request)
    return f"{address}{query}{'&' if query else '?'}done={decision.pk}"


def is_reviewed(step: str) -> bool:
    return step in REVIEWED
