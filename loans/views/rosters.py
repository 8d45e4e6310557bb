"""Public notices (公示) in the office: the list, a new sheet, one sheet with its photos and its poster."""

import uuid
from datetime import date

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.choices import Verb
from audit.access import get_in_scope, refuse
from files.models import Attachment
from files.operations import UnableToStore
from files.views import serve
from finance.money import ZERO
from jobs.operations import start_job
from loans.documents_notice import NOTICE_POSTER, public_url
from loans.forms.rosters import NoticePhotoForm, RosterFilterForm, SheetForm
from loans.models import Application, NoticeRoster
from loans.notice_tables import AwaitingTable, RosterTable
from loans.operations import Blocked, NotAllowed
from loans.operations.bulk import Result
from loans.operations.rosters import POSTING_VERBS, Published, add_photos, publish_anew, publish_roster
from loans.queries.paging import keyset_page
from loans.queries.places import places_of
from loans.queries.rosters import (
    BY_LAST_DAY,
    NEWEST_LAST_DAY,
    awaiting_notice,
    chosen_for_notice,
    get_notice_photo,
    lines_of,
    preview_of,
    roster_rows,
    rosters_in_full,
)
from loans.queries.versions import published_version
from loans.steps.sheets import LINES_MAX, title_of
from loans.views.access import account, not_allowed, view_scope
from loans.views.care import lost_files, opened
from loans.views.paging import page_urls
from web import clock
from web.text import numbers_in
from workflow.queries import work_calendar

AWAITING_SHOWN = 100


@require_safe
def roster_list(request: HttpRequest) -> HttpResponse:
    """What waits for a notice (for the branch), and the sheets that hang or have ended."""
    user, on = account(request), clock.today()
    scope = view_scope(request, on=on)
    form = RosterFilterForm(request.GET or None, places=places_of(user.people_scope(Verb.VIEW_CASES, on=on)))
    narrowed = form.narrowed()
    page = keyset_page(
        roster_rows(scope=scope, **narrowed),
        keyset=BY_LAST_DAY if narrowed["is_running"] else NEWEST_LAST_DAY,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    waiting = list(awaiting_notice(user=user, on=on)[:AWAITING_SHOWN]) if user.may(Verb.REVIEW, on=on) else []
    context = {
        "form": form,
        "table": RosterTable(page.rows, on=on),
        "urls": page_urls(request, page),
        "waiting": AwaitingTable(waiting, on=on, calendar=work_calendar()) if waiting else None,
    }
    return render(request, "loans/notice_list.html", context)


# Each case is published in a transaction of its own: see operations.rosters.
@transaction.non_atomic_requests
@require_http_methods(["GET", "HEAD", "POST"])
def roster_new(request: HttpRequest) -> HttpResponse:
    """Show the masked list as it would hang, take what the sheet says, publish, and tell what became of each case."""
    user, on = account(request), clock.today()
    if not user.may(Verb.REVIEW, on=on):
        refuse(request)
    is_sent = request.method == "POST"
    pks = ticked(request)
    cases = chosen_for_notice(user=user, pks=pks, on=on)
    if len(cases) < len(pks):
        require_reachable(request, pks, on)
        if is_sent and (answer := sent_again(request, is_finished=not cases)):
            return answer
    if not cases:
        messages.info(request, _("Please tick the cases that the notice is to show."))
        return redirect("loans:notices")
    form = sheet_form(request, cases, on)
    if is_sent and form.is_valid() and (answer := publish(request, form)):
        return answer
    lines = preview_of(cases)
    context = {
        "form": form,
        "cases": cases,
        "lines": lines,
        "total": sum((line.amount for line in lines), start=ZERO),
    }
    return render(request, "loans/notice_new.html", context)


def publish(request: HttpRequest, form: SheetForm) -> HttpResponse | None:
    """Publish and lead on; None when the form must be shown again with the reasons."""
    try:
        published = publish_roster(
            lines=form.lines(),
            sheet=form.sheet(),
            request_id=form.cleaned_data["request_id"],
            published_by=account(request),
            published_at=clock.now(),
        )
    except Blocked as error:
        form.add_problems(error.problems)
        return None
    except NotAllowed as error:
        not_allowed(request, error)
    return told(request, published)


def ticked(request: HttpRequest) -> list[int]:
    """Return the ticked cases, each once, at most as many as a sheet holds."""
    posted = (request.POST if request.method == "POST" else request.GET).getlist("case")
    return numbers_in(posted)[:LINES_MAX]


def sheet_form(request: HttpRequest, cases: list[Application], on: date) -> SheetForm:
    """Return the form of a sheet, filled with what the same office wrote on its last one."""
    days = max(published_version(case.version_id).notice_days for case in cases)
    programme = published_version(cases[0].version_id).programme.name
    last = NoticeRoster.objects.filter(organization=cases[0].branch).order_by("-pk").first()
    initial = {
        "title": title_of(programme),
        "starts_on": on,
        "place": last.place if last else "",
        "phone": last.phone if last else cases[0].branch.phone,
        "address": last.address if last else "",
    }
    return SheetForm(
        request.POST if request.method == "POST" else None, cases=cases, days=days, initial=initial
    )  # fmt: skip


def require_reachable(request: HttpRequest, pks: list[int], on: date) -> None:
    """Go on only if every ticked case lies in the account's area; else there is nothing here."""
    cases = Application.objects.for_scope(view_scope(request, on=on)).filter(pk__in=pks)
    if missing := set(pks) - set(cases.values_list("pk", flat=True)):
        refuse(request, Application, min(missing))


def sent_again(request: HttpRequest, *, is_finished: bool) -> HttpResponse | None:
    """Answer a page that was sent twice, or whose cases have gone on; None where the same request was cut off."""
    own = NoticeRoster.objects.for_scope(view_scope(request, on=clock.today())).filter(published_by=account(request))
    roster = own.filter(request_id=posted_uuid(request)).first()
    if roster is None:
        messages.warning(request, _("Some of these cases have gone on meanwhile. Please choose again."))
        return redirect("loans:notices")
    return redirect("loans:notice", roster_id=roster.pk) if is_finished else None


def told(request: HttpRequest, published: Published) -> HttpResponse:
    """Lead to the sheet; say of each case that could not be published why."""
    names = names_of([one.application_id for one in published.refused], request)
    for one in published.refused:
        said = _("%(name)s: %(reason)s") % {"name": names.get(one.application_id, ""), "reason": reason_of(one)}
        messages.warning(request, said)
    if published.roster is None:
        return redirect("loans:notices")
    messages.success(request, _("The notice %(number)s is published.") % {"number": published.roster.number})
    return redirect("loans:notice", roster_id=published.roster.pk)


def reason_of(result: Result) -> str:
    return " ".join(result.sentences)


def names_of(pks: list[int], request: HttpRequest) -> dict[int, str]:
    scope = view_scope(request, on=clock.today())
    cases = Application.objects.for_scope(scope).filter(pk__in=pks).select_related("person", "entity")
    return {case.pk: case.borrower_name for case in cases}


@require_safe
def roster_detail(request: HttpRequest, roster_id: int) -> HttpResponse:
    on = clock.today()
    roster = roster_or_404(request, roster_id, on)
    lines = lines_of(roster, on=on)
    scope = view_scope(request, on=on)
    may_review = is_of(request, roster, Verb.REVIEW, on=on)
    context = {
        "roster": roster,
        "lines": [(line, scope.covers(line.notice.application.place)) for line in lines],
        "total": sum((line.shown.amount for line in lines), start=ZERO),
        "needs_anew": any(line.is_outdated or line.waits_anew for line in lines),
        "may_publish": may_review,
        "may_post": is_of(request, roster, *POSTING_VERBS, on=on),
        "is_running": any(line.notice.state == "running" for line in lines),
        "public_url": public_url(roster),
        "request_id": uuid.uuid4(),
    }
    return render(request, "loans/notice_detail.html", context)


@transaction.non_atomic_requests
@require_POST
def anew(request: HttpRequest, roster_id: int) -> HttpResponse:
    """Take down what is no longer true and publish it anew, with one click."""
    on = clock.today()
    roster = roster_or_404(request, roster_id, on)
    if not is_of(request, roster, Verb.REVIEW, on=on):
        refuse(request, NoticeRoster, roster_id)
    try:
        published = publish_anew(
            roster_id=roster.pk,
            request_id=posted_uuid(request),
            published_by=account(request),
            published_at=clock.now(),
        )
    except Blocked as error:
        messages.warning(request, " ".join(problem.message for problem in error.problems))
        return redirect("loans:notice", roster_id=roster.pk)
    except NotAllowed as error:
        not_allowed(request, error)
    return told(request, published)


def posted_uuid(request: HttpRequest) -> uuid.UUID:
    """Return the request's own number; a tampered one counts as a new request."""
    try:
        return uuid.UUID(request.POST.get("request_id", ""))
    except ValueError:
        return uuid.uuid4()


@require_POST
def poster(request: HttpRequest, roster_id: int) -> HttpResponse:
    """Let the poster be made, and show how far it is."""
    roster = roster_or_404(request, roster_id, clock.today())
    job = start_job(
        kind=NOTICE_POSTER,
        title=_("Poster of the notice %(number)s") % {"number": roster.number},
        owner=account(request),
        arguments={"roster_id": roster.pk},
        at=clock.now(),
        request_id=posted_uuid(request),
    )
    messages.info(request, _("The poster is being made."))
    return redirect("jobs:detail", job_id=job.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def photo_new(request: HttpRequest, roster_id: int) -> HttpResponse:
    on = clock.today()
    roster = roster_or_404(request, roster_id, on)
    if not is_of(request, roster, *POSTING_VERBS, on=on):
        refuse(request, NoticeRoster, roster_id)
    form = NoticePhotoForm(request.POST or None, request.FILES or None, roster=roster, on=on)
    if request.method == "POST" and form.is_valid():
        try:
            add_photos(
                roster_id=roster.pk,
                photos=form.cleaned_data["photos"],
                place=form.cleaned_data["place"],
                posted_on=form.cleaned_data["posted_on"],
                request_id=form.cleaned_data["request_id"],
                recorded_by=account(request),
                recorded_at=clock.now(),
            )
        except Blocked as error:
            form.add_problems(error.problems)
        except UnableToStore as error:
            form.add_error("photos", str(error))
        except NotAllowed as error:
            not_allowed(request, error)
        else:
            messages.success(request, _("The photos are kept."))
            return redirect("loans:notice", roster_id=roster.pk)
    context = {"roster": roster, "form": form, "lost_files": lost_files(request)}
    return render(request, "loans/notice_photo.html", context)


@require_safe
def photo(request: HttpRequest, roster_id: int, photo: uuid.UUID) -> HttpResponse:
    """The whole photo. That somebody opened it is written down."""
    return opened(request, photo_or_404(request, roster_id, photo))


@require_safe
def thumbnail(request: HttpRequest, roster_id: int, photo: uuid.UUID) -> HttpResponse:
    return serve(photo_or_404(request, roster_id, photo), request, small=True)


def photo_or_404(request: HttpRequest, roster_id: int, photo: uuid.UUID) -> Attachment:
    roster = roster_or_404(request, roster_id, clock.today())
    return get_notice_photo(roster, photo) or refuse(request, Attachment, photo)


def roster_or_404(request: HttpRequest, roster_id: int, on: date) -> NoticeRoster:
    """Return a sheet that shows a case of the account's scope."""
    return get_in_scope(rosters_in_full(), view_scope(request, on=on), roster_id, request)


def is_of(request: HttpRequest, roster: NoticeRoster, *verbs: Verb, on: date) -> bool:
    """Whether the account may do one of these on a case of the sheet."""
    user = account(request)
    return any(
        user.post_covering(verb, notice.application.place, on=on) for notice in roster.notices.all() for verb in verbs
    )
