"""Branch meetings: called, attended, voted on case by case, closed; then the record with what became of each case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.choices import Verb
from audit.access import get_in_scope, refuse
from jobs.operations import start_job
from loans.documents_meeting import MEETING_MINUTES
from loans.forms.meetings import AgendaForm, CallForm, ItemForm, RecordForm, VotesForm
from loans.meeting_tables import MeetingTable
from loans.models import Meeting, MeetingItem
from loans.operations import Blocked, NotAllowed
from loans.operations.closing import DECIDING, close_meeting, is_counted, outcome_of, problems_of
from loans.operations.meetings import change_agenda, open_meeting, save_meeting, save_votes
from loans.queries.meetings import (
    NEWEST_FIRST,
    Room,
    branches_of,
    cases_for_agenda,
    meeting_rows,
    meetings_in_full,
    other_open_meetings,
    place_of,
    reading_scope,
    room_of,
    votes_of,
)
from loans.queries.paging import keyset_page
from loans.rules import Votes
from loans.steps.facts import Problem
from loans.views.access import account, not_allowed
from loans.views.paging import page_urls
from organizations.models import Organization
from organizations.scope import Scope
from web import clock


@dataclass(frozen=True)
class Tally:
    """A case of the agenda with its count and what it comes to."""

    item: MeetingItem
    votes: Votes
    is_counted: bool
    outcome: str

    @property
    def is_to_be_decided(self) -> bool:
        """Whether the closed meeting resolved something that is no decision yet."""
        return self.item.outcome in DECIDING and self.item.decision_id is None


def tally_of(item: MeetingItem, room: Room) -> Tally:
    votes = votes_of(item, room, [one.member_id for one in item.recusals.all()])
    counted = is_counted(item)
    outcome = outcome_of(item, votes).label if counted and item.outcome == "open" else item.get_outcome_display()
    return Tally(item=item, votes=votes, is_counted=counted, outcome=str(outcome))


@require_safe
def meeting_list(request: HttpRequest) -> HttpResponse:
    user, on = account(request), clock.today()
    scope = scope_or_404(request, on=on)
    page = keyset_page(
        meeting_rows(scope),
        keyset=NEWEST_FIRST,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {
        "table": MeetingTable(page.rows),
        "urls": page_urls(request, page),
        "may_call": user.may(Verb.REVIEW, on=on),
    }
    return render(request, "loans/meetings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_new(request: HttpRequest) -> HttpResponse:
    user, on = account(request), clock.today()
    branches = branches_of(user, on=on)
    if not branches:
        refuse(request)
    branch = branch_or_404(request, branches)
    cases = list(cases_for_agenda(user, branch, on=on))
    form = CallForm(request.POST or None, cases=cases, on=on)
    if request.method == "POST" and form.is_valid():
        answer = call(request, branch, form)
        if answer is not None:
            return answer
    taken = other_open_meetings([case.pk for case in cases])
    context = {"form": form, "branch": branch, "branches": branches, "has_cases": bool(cases), "taken": taken}
    return render(request, "loans/meeting_new.html", context)


def branch_or_404(request: HttpRequest, branches: Sequence[Organization]) -> Organization:
    """Return the branch the address names, among those the account reviews for; without one the first."""
    key = request.GET.get("branch", "")
    if not key:
        return branches[0]
    found = next((branch for branch in branches if str(branch.pk) == key), None)
    return found if found is not None else refuse(request, Organization, key[:18])


def call(request: HttpRequest, branch: Organization, form: CallForm) -> HttpResponse | None:
    try:
        meeting = open_meeting(
            branch_id=branch.pk,
            data=form.meeting_data(),
            application_ids=form.cleaned_data["cases"],
            request_id=form.cleaned_data["request_id"],
            opened_by=account(request),
            opened_at=clock.now(),
        )
    except Blocked as error:
        form.add_problems(error.problems)
        return None
    except NotAllowed as error:
        not_allowed(request, error)
    messages.success(request, _("The meeting %(number)s is prepared.") % {"number": meeting.number})
    return redirect("loans:meeting", meeting_id=meeting.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def meeting(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """An open meeting: what is said about it and who came. A closed one: its record and what became of it."""
    on = clock.today()
    shown = meeting_or_404(request, meeting_id, on=on)
    may_hold = holds(request, shown, on=on)
    if request.method == "POST" and not may_hold:
        refuse(request, Meeting, meeting_id)
    if not shown.is_open or not may_hold:
        return record_page(request, shown, may_hold=may_hold)
    form = RecordForm(request.POST or None, meeting=shown)
    if request.method == "POST" and form.is_valid():
        answer = save_record(request, shown, form)
        if answer is not None:
            return answer
    return render(request, "loans/meeting_form.html", {"meeting": shown, "form": form, "room": room(shown)})


def record_page(request: HttpRequest, shown: Meeting, *, may_hold: bool) -> HttpResponse:
    inside = room(shown)
    context = {
        "meeting": shown,
        "room": inside,
        "absent": [line for line in shown.attendance.all() if line.is_called and not line.is_present],
        "tallies": [tally_of(item, inside) for item in shown.items.all()],
        "may_hold": may_hold,
    }
    context["undecided"] = [one for one in context["tallies"] if one.is_to_be_decided]  # type: ignore[attr-defined]
    return render(request, "loans/meeting.html", context)


def save_record(request: HttpRequest, shown: Meeting, form: RecordForm) -> HttpResponse | None:
    try:
        save_meeting(
            meeting_id=shown.pk,
            data=form.meeting_data(),
            attendance=form.attendance(),
            revision=form.cleaned_data["revision"],
            saved_by=account(request),
            saved_at=clock.now(),
        )
    except Blocked as error:
        form.add_problems(error.problems)
        return None
    except NotAllowed as error:
        not_allowed(request, error)
    messages.success(request, _("Saved."))
    return redirect("loans:meeting-votes", meeting_id=shown.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def votes(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """The votes, case by case."""
    shown = open_meeting_or_404(request, meeting_id)
    rows, inside = list(shown.attendance.all()), room(shown)
    form = VotesForm(request.POST or None, initial={"revision": shown.revision})
    lines = [
        (tally_of(item, inside), ItemForm(request.POST or None, item=item, rows=rows)) for item in shown.items.all()
    ]
    if request.method == "POST":
        # Each form is asked: one with a mistake must not hide the mistakes of the others.
        is_valid = all([form.is_valid(), *[line.is_valid() for _tally, line in lines]])
        answer = save_the_votes(request, shown, form, [line for _tally, line in lines]) if is_valid else None
        if answer is not None:
            return answer
    context = {"meeting": shown, "form": form, "lines": lines, "room": inside}
    context["problems"] = [*form.problems, *(problem for _tally, line in lines for problem in line.problems)]
    return render(request, "loans/meeting_votes.html", context)


def save_the_votes(
    request: HttpRequest, shown: Meeting, form: VotesForm, lines: Sequence[ItemForm]
) -> HttpResponse | None:
    try:
        save_votes(
            meeting_id=shown.pk,
            votes=[line.voted() for line in lines],
            revision=form.cleaned_data["revision"],
            saved_by=account(request),
            saved_at=clock.now(),
        )
    except Blocked as error:
        form.add_problems(error.problems)
        return None
    except NotAllowed as error:
        not_allowed(request, error)
    messages.success(request, _("Saved."))
    return redirect("loans:meeting-close", meeting_id=shown.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def agenda(request: HttpRequest, meeting_id: int) -> HttpResponse:
    shown = open_meeting_or_404(request, meeting_id)
    waiting = list(cases_for_agenda(account(request), shown.branch, on=clock.today()))
    listed = [item.application for item in shown.items.all()]
    cases = [*listed, *(case for case in waiting if case not in listed)]
    form = AgendaForm(request.POST or None, meeting=shown, cases=cases)
    if request.method == "POST" and form.is_valid():
        try:
            change_agenda(
                meeting_id=shown.pk,
                application_ids=form.cleaned_data["cases"],
                revision=form.cleaned_data["revision"],
                changed_by=account(request),
                changed_at=clock.now(),
            )
        except Blocked as error:
            for problem in error.problems:
                form.add_error(None, problem.message)
        except NotAllowed as error:
            not_allowed(request, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("loans:meeting-votes", meeting_id=shown.pk)
    taken = other_open_meetings([case.pk for case in cases], without=shown)
    return render(request, "loans/meeting_agenda.html", {"meeting": shown, "form": form, "taken": taken})


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """What the meeting comes to, before it is fixed; sent once more for a closed one, it decides what is left."""
    on = clock.today()
    shown = meeting_or_404(request, meeting_id, on=on)
    if not holds(request, shown, on=on):
        refuse(request, Meeting, meeting_id)
    form = VotesForm(request.POST or None, initial={"revision": shown.revision})
    problems: Sequence[Problem] = problems_of(shown, on=on) if shown.is_open else []
    if request.method == "POST" and form.is_valid():
        try:
            results = close_meeting(
                meeting_id=shown.pk,
                revision=form.cleaned_data["revision"],
                closed_by=account(request),
                closed_at=clock.now(),
            )
        except Blocked as error:
            problems = error.problems
        except NotAllowed as error:
            not_allowed(request, error)
        else:
            decided = sum(result.is_decided for result in results)
            text = _("The meeting is closed: %(decided)s of %(all)s cases are decided.")
            messages.success(request, text % {"decided": decided, "all": len(results)})
            return redirect("loans:meeting", meeting_id=shown.pk)
    if not shown.is_open:
        return redirect("loans:meeting", meeting_id=shown.pk)
    inside = room(shown)
    tallies = [tally_of(item, inside) for item in shown.items.all()]
    context = {"meeting": shown, "form": form, "room": inside, "problems": problems, "tallies": tallies}
    return render(request, "loans/meeting_close.html", context)


@require_POST
def minutes(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Let the record be made as a paper to be signed (支部决议), and show how far it is."""
    shown = meeting_or_404(request, meeting_id, on=clock.today())
    job = start_job(
        kind=MEETING_MINUTES,
        title=_("Branch resolution %(number)s") % {"number": shown.number},
        owner=account(request),
        arguments={"meeting_id": shown.pk},
        at=clock.now(),
    )
    messages.info(request, _("The paper is being made."))
    return redirect("jobs:detail", job_id=job.pk)


def scope_or_404(request: HttpRequest, *, on: date) -> Scope:
    scope = reading_scope(account(request), on=on)
    return scope if scope else refuse(request)


def meeting_or_404(request: HttpRequest, meeting_id: int, *, on: date) -> Meeting:
    """Return a meeting of a branch that the account reviews or files for, with all that its page shows."""
    return get_in_scope(meetings_in_full(), scope_or_404(request, on=on), meeting_id, request)


def open_meeting_or_404(request: HttpRequest, meeting_id: int) -> Meeting:
    """Return an open meeting of the account's own branch."""
    on = clock.today()
    shown = meeting_or_404(request, meeting_id, on=on)
    if not shown.is_open or not holds(request, shown, on=on):
        refuse(request, Meeting, meeting_id)
    return shown


def holds(request: HttpRequest, shown: Meeting, *, on: date) -> bool:
    return account(request).post_covering(Verb.REVIEW, place_of(shown.branch), on=on) is not None


def room(shown: Meeting) -> Room:
    return room_of(list(shown.attendance.all()))
