"""Objections to notices: the township's list, and one of them on its way from receipt to answer."""

import uuid
from datetime import date
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.choices import Verb
from audit.access import get_in_scope, refuse
from files.models import Attachment
from files.operations import UnableToStore
from loans.choices import NoticeState, ObjectionState
from loans.forms.rosters import AsideForm, EvidenceForm, ExtensionForm, ObjectionFilterForm, ReplyForm
from loans.models import Objection
from loans.notice_tables import ObjectionTable
from loans.operations import Blocked, Conflict, NotAllowed
from loans.operations.objections import (
    accept_objection,
    add_evidence,
    extend_objection,
    reply_to_objector,
    set_objection_aside,
)
from loans.queries.objections import (
    BY_DUE_DAY,
    NEWEST_RECEIVED,
    READERS,
    get_evidence,
    objection_rows,
    objection_tag,
    objections_in_full,
    readers_scope,
)
from loans.queries.paging import keyset_page
from loans.queries.places import places_of
from loans.queries.tags import deadline_tag
from loans.views.access import account, conflict, not_allowed
from loans.views.care import lost_files, opened
from loans.views.paging import page_urls
from organizations.scope import Scope
from web import clock
from workflow.queries import work_calendar


@require_safe
def objection_list(request: HttpRequest) -> HttpResponse:
    """What waits for the township, with deadlines; what was settled by its state."""
    user, on = account(request), clock.today()
    scope = scope_or_404(request, on)
    form = ObjectionFilterForm(request.GET or None, places=places_of(user.people_scope(*READERS, on=on)))
    chosen = form.chosen
    page = keyset_page(
        objection_rows(scope=scope, on=on, **chosen),
        keyset=NEWEST_RECEIVED if chosen.get("state") else BY_DUE_DAY,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    table = ObjectionTable(page.rows, on=on, calendar=work_calendar())
    context = {"form": form, "table": table, "urls": page_urls(request, page)}
    return render(request, "loans/objection_list.html", context)


@require_safe
def objection_detail(request: HttpRequest, objection_id: int) -> HttpResponse:
    on = clock.today()
    objection = objection_or_404(request, objection_id, on)
    user, case = account(request), objection.notice.application
    settles = user.post_covering(Verb.FILE, case.place, on=on) is not None
    reviews = user.post_covering(Verb.REVIEW, case.place, on=on) is not None
    is_open = objection.state == ObjectionState.OPEN and objection.notice.state == NoticeState.RUNNING
    is_received = objection.state == ObjectionState.RECEIVED
    context = {
        "objection": objection,
        "case": case,
        "tag": objection_tag(objection),
        "deadline": deadline_tag(objection.due_date, on=on, calendar=work_calendar())
        if objection.is_pending
        else None,
        "settles": settles,
        "may_accept": is_received and (settles or reviews),
        "may_set_aside": is_received and settles,
        "may_settle": is_open and settles,
        "may_reply": objection.settled_at is not None and settles and not hasattr(objection, "reply"),
    }
    return render(request, "loans/objection_detail.html", context)


@require_POST
def accept(request: HttpRequest, objection_id: int) -> HttpResponse:
    objection = objection_or_404(request, objection_id, clock.today())
    try:
        accept_objection(objection_id=objection.pk, accepted_by=account(request), accepted_at=clock.now())
    except Conflict as error:
        return conflict(request, error)
    except NotAllowed as error:
        not_allowed(request, error)
    messages.success(request, _("The objection is accepted; the committee looks into it."))
    return redirect("loans:objection", objection_id=objection.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def aside(request: HttpRequest, objection_id: int) -> HttpResponse:
    objection = own_objection_or_404(request, objection_id)
    form = AsideForm(request.POST or None)

    def carry_out() -> None:
        set_objection_aside(
            objection_id=objection.pk,
            reason=form.cleaned_data["reason"],
            decided_by=account(request),
            decided_at=clock.now(),
        )

    said = _("It is set aside; the notice goes on.")
    return small_page(request, objection, form, carry_out, _("Set an objection aside"), said)


@require_http_methods(["GET", "HEAD", "POST"])
def extend(request: HttpRequest, objection_id: int) -> HttpResponse:
    objection = own_objection_or_404(request, objection_id)
    form = ExtensionForm(request.POST or None)

    def carry_out() -> None:
        extend_objection(
            objection_id=objection.pk,
            due_date=form.cleaned_data["due_date"],
            reason=form.cleaned_data["reason"],
            request_id=form.cleaned_data["request_id"],
            granted_by=account(request),
            granted_at=clock.now(),
        )

    said = _("There is more time now; the deadline of the case moves with it.")
    return small_page(request, objection, form, carry_out, _("Give more time"), said)


@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest, objection_id: int) -> HttpResponse:
    objection = own_objection_or_404(request, objection_id)
    form = ReplyForm(request.POST or None, on=clock.today())

    def carry_out() -> None:
        reply_to_objector(
            objection_id=objection.pk, reply=form.reply(), replied_by=account(request), recorded_at=clock.now()
        )

    return small_page(
        request, objection, form, carry_out, _("Answer the objector"), _("The answer is written down.")
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def evidence_new(request: HttpRequest, objection_id: int) -> HttpResponse:
    objection = own_objection_or_404(request, objection_id)
    form = EvidenceForm(request.POST or None, request.FILES or None)

    def carry_out() -> None:
        add_evidence(
            objection_id=objection.pk,
            files=form.chosen_files(),
            note=form.cleaned_data["note"],
            request_id=form.cleaned_data["request_id"],
            added_by=account(request),
            added_at=clock.now(),
        )

    return small_page(request, objection, form, carry_out, _("Add evidence"), _("The evidence is kept."))


@require_safe
def evidence(request: HttpRequest, objection_id: int, paper: uuid.UUID) -> HttpResponse:
    """A paper of the investigation, for those who settle. That somebody opened it is written down."""
    objection = own_objection_or_404(request, objection_id)
    return opened(request, get_evidence(objection, paper) or refuse(request, Attachment, paper))


def small_page(
    request: HttpRequest, objection: Objection, form: BaseForm, carry_out: Any, title: str, said: str
) -> HttpResponse:
    """Show the form of one act, or carry it out and lead back to the objection."""
    if request.method == "POST" and form.is_valid():
        try:
            carry_out()
        except Blocked as error:
            form.add_problems(error.problems)  # type: ignore[attr-defined]  # ProblemsMixin
        except UnableToStore as error:
            form.add_error(None, str(error))
        except Conflict as error:
            return conflict(request, error)
        except NotAllowed as error:
            not_allowed(request, error)
        else:
            messages.success(request, said)
            return redirect("loans:objection", objection_id=objection.pk)
    context = {
        "objection": objection,
        "case": objection.notice.application,
        "form": form,
        "title": title,
        "lost_files": lost_files(request),
    }
    return render(request, "loans/objection_act.html", context)


def scope_or_404(request: HttpRequest, on: date) -> Scope:
    scope = readers_scope(account(request), on=on)
    return scope if scope else refuse(request)


def objection_or_404(request: HttpRequest, objection_id: int, on: date) -> Objection:
    return get_in_scope(objections_in_full(), scope_or_404(request, on), objection_id, request)


def own_objection_or_404(request: HttpRequest, objection_id: int) -> Objection:
    """Return an objection that the account's committee settles."""
    on = clock.today()
    objection = objection_or_404(request, objection_id, on)
    if account(request).post_covering(Verb.FILE, objection.notice.application.place, on=on) is None:
        refuse(request, Objection, objection_id)
    return objection
