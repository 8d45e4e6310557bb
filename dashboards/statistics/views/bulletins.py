"""Bulletins: the list, a new one, its text, its paper."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.access import SignedInRequest, get_in_scope, not_allowed, refuse
from dashboards.models import Bulletin
from dashboards.statistics import queries
from dashboards.statistics.bulletin_documents import standing_of
from dashboards.statistics.bulletin_forms import BulletinTextForm, IssueForm, NewBulletinForm
from dashboards.statistics.bulletin_operations import (
    WRITER,
    issue_bulletin,
    last_version,
    propose_bulletin,
    write_bulletin,
)
from dashboards.statistics.errors import UnableToIssue
from dashboards.statistics.views.access import county_or_404, selection_of_reader
from dashboards.statistics.views.reports import start_paper
from loans.queries.paging import keyset_page
from organizations.models import Division
from organizations.scope import NotAllowed
from web import clock

READING, WRITING = ["GET", "HEAD"], ["GET", "HEAD", "POST"]


@require_safe
def bulletin_list(request: SignedInRequest) -> HttpResponse:
    """The bulletins of the county, newest first. Whoever does not write them sees those that are issued."""
    today = clock.today()
    selection = selection_of_reader(request, today)
    county = county_or_404(request, selection.registers)
    may_write = _may_write(request, county, today)
    page = keyset_page(
        queries.bulletins_of(county=county, with_drafts=may_write),
        keyset=queries.NEWEST,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {
        "rows": page.rows,
        "previous_url": f"?before={page.before}" if page.before else "",
        "next_url": f"?after={page.after}" if page.after else "",
        "may_write": may_write,
    }
    return render(request, "dashboards/statistics/bulletins.html", context)


@require_http_methods(WRITING)
def bulletin_new(request: SignedInRequest) -> HttpResponse:
    """Let the program count the standing and propose a text."""
    today = clock.today()
    county = county_or_404(request, selection_of_reader(request, today).registers)
    if not _may_write(request, county, today):
        refuse(request)
    form = NewBulletinForm(request.POST or None, today=today)

    def act() -> Bulletin:
        data = form.cleaned_data
        return propose_bulletin(
            period=form.chosen, measure=data["measure"], county=county, made_by=request.user, made_at=clock.now(),
            request_id=data["request_id"],
        )  # fmt: skip

    return _form_page(
        request,
        form,
        act,
        title=_("New bulletin"),
        back=reverse("dashboards:bulletins"),
        done=_("A text is proposed."),
    )


@require_safe
def bulletin_detail(request: SignedInRequest, bulletin_id: int) -> HttpResponse:
    """One bulletin: text, ranking, lists, versions."""
    bulletin = _bulletin(request, bulletin_id)
    today = clock.today()
    context = {
        "bulletin": bulletin,
        "version": last_version(bulletin),
        "standing": standing_of(bulletin),
        "versions": bulletin.versions.select_related("written_by").order_by("-number"),
        "may_write": not bulletin.number and _may_write(request, bulletin.division, today),
    }
    return render(request, "dashboards/statistics/bulletin.html", context)


@require_http_methods(WRITING)
def bulletin_write(request: SignedInRequest, bulletin_id: int) -> HttpResponse:
    """Write in the text; every time is kept as a version."""
    bulletin = _open_bulletin(request, bulletin_id)
    last = last_version(bulletin)
    form = BulletinTextForm(
        request.POST or None, initial={"title": last.title, "body": last.body, "seen": last.number}
    )  # fmt: skip

    def act() -> Bulletin:
        data = form.cleaned_data
        body = data["body"].replace("\r\n", "\n")
        write_bulletin(
            bulletin_id=bulletin.pk, title=data["title"], body=body, seen=data["seen"], written_by=request.user,
            written_at=clock.now(),
        )  # fmt: skip
        return bulletin

    back = reverse("dashboards:bulletin", args=[bulletin.pk])
    return _form_page(request, form, act, title=_("Write the text"), back=back, done=_("Your version is kept."))


@require_http_methods(WRITING)
def bulletin_issue(request: SignedInRequest, bulletin_id: int) -> HttpResponse:
    """Give the bulletin its number and day."""
    bulletin = _open_bulletin(request, bulletin_id)
    initial = {"issued_on": clock.today(), "seen": last_version(bulletin).number}
    form = IssueForm(request.POST or None, initial=initial)

    def act() -> Bulletin:
        return issue_bulletin(
            bulletin_id=bulletin.pk, **form.cleaned_data, issued_by=request.user, issued_at=clock.now()
        )  # fmt: skip

    back = reverse("dashboards:bulletin", args=[bulletin.pk])
    return _form_page(request, form, act, title=_("Issue the bulletin"), back=back, done=_("The bulletin is issued."))


@require_POST
def bulletin_paper(request: SignedInRequest, bulletin_id: int) -> HttpResponse:
    """Start the job that prints the bulletin."""
    bulletin = _bulletin(request, bulletin_id)
    return start_paper(request, last_version(bulletin).title, {"what": "bulletin", "bulletin": bulletin.pk})


def _form_page(
    request: SignedInRequest, form: Any, act: Callable[[], Bulletin], *, title: str, back: str, done: str
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            bulletin = act()
        except UnableToIssue as error:
            form.add_error(error.field or None, str(error))
        except NotAllowed as error:
            not_allowed(request, error)
        else:
            messages.success(request, done)
            return redirect("dashboards:bulletin", bulletin_id=bulletin.pk)
    context = {"form": form, "title": title, "back_url": back}
    return render(request, "dashboards/statistics/bulletin_form.html", context)


def _bulletin(request: SignedInRequest, bulletin_id: int) -> Bulletin:
    selection = selection_of_reader(request, clock.today())
    bulletins = Bulletin.objects.select_related("division", "organization", "made_by", "issued_by")
    county = county_or_404(request, selection.registers)
    if not _may_write(request, county, clock.today()):
        bulletins = bulletins.exclude(number="")
    # An issued bulletin goes to every township: whoever reads figures in the county reads it.
    return get_in_scope(bulletins, queries.whole(county), bulletin_id, request)


def _open_bulletin(request: SignedInRequest, bulletin_id: int) -> Bulletin:
    bulletin = _bulletin(request, bulletin_id)
    if bulletin.number or not _may_write(request, bulletin.division, clock.today()):
        refuse(request, Bulletin, bulletin_id)
    return bulletin


def _may_write(request: SignedInRequest, county: Division, on: date) -> bool:
    return request.user.post_covering(WRITER, county.place, on=on) is not None
