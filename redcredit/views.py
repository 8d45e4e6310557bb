"""The root's own pages: 我的待办, search, help."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.choices import Role, Verb
from loans.models import ProgrammeVersion
from loans.queries.work import Pile
from redcredit.conditions import FAILING, OK, ask_conditions, may_see_details, status_of
from redcredit.context import piles_for
from redcredit.guide import CHAPTER_OF_SLUG, CHAPTERS, chapters_for, read_chapter
from redcredit.home import work_of
from redcredit.navigation import pages_of
from redcredit.search import search as search_everything
from web import clock
from workflow.queries import work_calendar

TASKS = {
    Role.TOWNSHIP_CLERK: _("Registers applications, records the introducer, corrects what is returned, withdraws."),
    Role.BRANCH_SECRETARY: _("Records the branch meeting and its votes, publishes the notice."),
    Role.COMMITTEE_OFFICER: _("Settles objections, files cases within the quota of the township."),
    Role.FINANCE_OFFICER: _("Confirms cases for the interest subsidy within the budget."),
    Role.CREDIT_OFFICER: _("Takes the credit decision, pays out, books repayments."),
    Role.CREDIT_MANAGER: _("Consents to loans above the limit of the programme."),
    Role.ORGANISATION_OFFICER: _("Assesses loans that are repaid, sets quotas, keeps organizations and registers."),
    Role.COUNTY_LEADER: _("Looks at figures; sees no names in full."),
    Role.AUDITOR: _("Reads the audit trail; changes nothing."),
    Role.SYSTEM_ADMINISTRATOR: _("Opens and closes accounts, keeps organizations; decides on no case."),
    Role.SECURITY_ADMINISTRATOR: _("Appoints and dismisses; never himself."),
}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    today = clock.today()
    piles: dict[str, Pile] = piles_for(request)
    work = work_of(request.user, piles=piles, on=today)  # type: ignore[arg-type]  # login is required everywhere
    context = {
        "work": work,
        "today": today,
        "calendar_knows": work_calendar().knows(today),
        "may_register": request.user.may(Verb.REFER, on=today),  # type: ignore[union-attr]
        "doors": [] if piles else pages_of(request.user, on=today),  # type: ignore[arg-type]
    }
    return render(request, "redcredit/home.html", context)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:60]
    groups = search_everything(request.user, text, on=clock.today())  # type: ignore[arg-type]
    return render(request, "redcredit/search.html", {"text": text, "groups": groups})


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    versions = ProgrammeVersion.objects.in_force(clock.today())
    tasks = [(Role(role).label, task) for role, task in TASKS.items()]
    roles = {post.role for post in request.user.posts_in_force(clock.today())}  # type: ignore[union-attr]
    context = {"tasks": tasks, "versions": versions, "chapters": chapters_for(roles)}
    return render(request, "redcredit/help.html", context)


@require_safe
def guide(request: HttpRequest, slug: str) -> HttpResponse:
    """A chapter of the user guide. It is written in Chinese for those who sit in the offices."""
    chapter = CHAPTER_OF_SLUG.get(slug)
    if chapter is None:
        raise Http404
    context = {"chapter": chapter, "text": read_chapter(slug), "chapters": CHAPTERS}
    return render(request, "redcredit/guide.html", context)


@login_not_required
@transaction.non_atomic_requests
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """May requests be sent here? 503 when not. Why, only this machine and whoever knows HEALTH_TOKEN are told."""
    conditions = ask_conditions()
    status = status_of(conditions)
    answer: dict[str, object] = {"status": status}
    if may_see_details(request):
        answer["conditions"] = {condition.name: condition.problem or OK for condition in conditions}
    code = HTTPStatus.SERVICE_UNAVAILABLE if status == FAILING else HTTPStatus.OK
    return JsonResponse(answer, status=code, headers={"Cache-Control": "no-store"})


@login_not_required
@transaction.non_atomic_requests
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """Is this process there at all? Asks nobody else."""
    return JsonResponse({"status": OK}, headers={"Cache-Control": "no-store"})
