"""The log of publicity and training with its totals, and one event with its photos."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.choices import Verb
from accounts.models import User
from assessments.forms.inspections import EventForm, PublicityFilterForm, StrikeForm
from assessments.models import PublicityEvent
from assessments.operations.publicity import RECORDING, record_event, strike_event
from assessments.queries.publicity import (
    BY_DAY,
    event_in_full,
    event_rows,
    totals_by_channel,
    totals_by_township,
    totals_of,
    years_of,
)
from assessments.tables_households import EventTable
from assessments.views.access_households import PUBLICITY_READERS, county_scope, demand
from audit.access import not_allowed, refuse
from audit.exports import export_list
from files.models import Attachment
from files.operations import UnableToStore
from files.views import serve
from loans.operations.errors import Blocked, NotAllowed
from loans.queries.paging import keyset_page
from loans.queries.places import places_of
from loans.views.access import account
from loans.views.care import lost_files, opened
from loans.views.paging import page_urls
from organizations.models import Division
from web import clock
from web.display import show_day, show_when
from web.layout import Fact


@require_http_methods(["GET", "HEAD", "POST"])
def publicity_list(request: HttpRequest) -> HttpResponse:
    """The log; POST takes it away as a workbook."""
    on = clock.today()
    user = demand(request, *PUBLICITY_READERS, on=on)
    scope = county_scope(user, *PUBLICITY_READERS, on=on)
    form = PublicityFilterForm(request.GET or None, places=places_of(scope), years=years_of(scope))
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
    rows = event_rows(scope=scope, **chosen)
    if request.method == "POST":
        return export_list(
            request, rows=rows.order_by(*BY_DAY.order()), table=EventTable, name=_("Publicity and training")
        )
    page = keyset_page(
        rows, keyset=BY_DAY, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )  # fmt: skip
    context = {
        "form": form,
        "table": EventTable(page.rows),
        "urls": page_urls(request, page),
        "total": totals_of(rows),
        "by_channel": totals_by_channel(rows),
        "by_township": totals_by_township(rows),
        "may_record": user.may(*RECORDING, on=on),
    }
    return render(request, "assessments/publicity_list.html", context)


def places_to_choose(user: User) -> list[tuple[str, str]]:
    """Return where an account may log an event, as choices by path."""
    on = clock.today()
    scope = user.people_scope(*RECORDING, on=on)
    rows = Division.objects.filter(scope.divisions("path"), level__in=["county", "township", "village"])
    return [(path, name) for path, name in rows.in_official_order().values_list("path", "name")]


@require_http_methods(["GET", "HEAD", "POST"])
def publicity_new(request: HttpRequest) -> HttpResponse:
    on = clock.today()
    user = demand(request, *RECORDING, on=on)
    form = EventForm(request.POST or None, request.FILES or None, places=places_to_choose(user), on=on)
    if request.method == "POST" and form.is_valid():
        division = Division.objects.get(path=form.cleaned_data["division"])
        try:
            event = record_event(
                division=division,
                report=form.report(),
                request_id=form.cleaned_data["request_id"],
                recorded_by=user,
                at=clock.now(),
            )
        except Blocked as error:
            form.add_problems(error.problems)
        except UnableToStore as error:
            form.add_error("photos", str(error))
        except NotAllowed as error:
            not_allowed(request, error)
        else:
            messages.success(request, _("The event is written down."))
            return redirect("assessments:publicity-event", event_id=event.pk)
    return render(request, "assessments/publicity_new.html", {"form": form, "lost_files": lost_files(request)})


def event_or_404(request: HttpRequest, event_id: int) -> PublicityEvent:
    on = clock.today()
    user = demand(request, *PUBLICITY_READERS, on=on)
    event = event_in_full(county_scope(user, *PUBLICITY_READERS, on=on)).filter(pk=event_id).first()
    return event if event is not None else refuse(request, PublicityEvent, event_id)


@require_http_methods(["GET", "HEAD", "POST"])
def publicity_event(request: HttpRequest, event_id: int) -> HttpResponse:
    on = clock.today()
    event = event_or_404(request, event_id)
    user = account(request)
    is_own = event.recorded_by_id == user.pk and user.may(*RECORDING, on=on)
    may_strike = event.struck_at is None and (is_own or user.may(Verb.ASSESS, on=on))
    form = StrikeForm(request.POST or None) if may_strike else None
    if request.method == "POST":
        if form is None:
            not_allowed(request, NotAllowed(), PublicityEvent, event_id)
        if form.is_valid() and _strike(request, event, form):
            return redirect("assessments:publicity-event", event_id=event.pk)
    context = {"event": event, "facts": facts_of(event), "form": form}
    return render(request, "assessments/publicity_event.html", context)


def _strike(request: HttpRequest, event: PublicityEvent, form: StrikeForm) -> bool:
    try:
        strike_event(
            event_id=event.pk, reason=form.cleaned_data["reason"], struck_by=account(request), at=clock.now()
        )  # fmt: skip
    except Blocked as error:
        form.add_problems(error.problems)
        return False
    except NotAllowed as error:
        not_allowed(request, error, PublicityEvent, event.pk)
    messages.success(request, _("The event is struck out."))
    return True


def facts_of(event: PublicityEvent) -> list[Fact]:
    facts = [
        Fact(_("Channel"), str(event.get_channel_display())),
        Fact(_("Day"), show_day(event.held_on)),
        Fact(_("Township or village"), event.division.place_name),
        Fact(_("Place"), event.place),
        Fact(_("People reached"), str(event.attendance)),
        Fact(_("Copies handed out"), str(event.copies)),
        Fact(_("Written down by"), event.recorded_by.name, f"{event.organization} {show_when(event.recorded_at)}"),
    ]
    if event.struck_at and event.struck_by:
        facts.append(Fact(_("Struck out"), event.strike_reason, f"{event.struck_by} {show_when(event.struck_at)}"))
    return facts


@require_safe
def publicity_photo(request: HttpRequest, event_id: int, photo: uuid.UUID) -> HttpResponse:
    """A photo of an event; `?small=1` its thumbnail."""
    event = event_or_404(request, event_id)
    shot = next((one for one in event.shots.all() if one.attachment.uuid == photo), None)
    if shot is None:
        refuse(request, Attachment, photo)
    if request.GET.get("small"):
        return serve(shot.attachment, request, small=True)
    return opened(request, shot.attachment)
