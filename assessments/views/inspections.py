"""Random inspections: the draws, one draw with how to repeat it, a loan drawn with its forms."""

import uuid
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.choices import Verb
from assessments.documents_households import DRAW_RECORD
from assessments.forms.inspections import CloseForm, DrawForm, SheetForm
from assessments.models import Inspection, InspectionAnswer, InspectionItem
from assessments.operations.inspections import DRAWING, INSPECTING, close_inspection, draw_inspection, fill_sheet
from assessments.queries.inspections import (
    READERS,
    inspection_rows,
    inspections_for,
    item_in_full,
    items_of,
    photo_of,
    results_of,
    sheets,
)
from assessments.tables_households import InspectionTable, ItemTable
from assessments.views.access_households import county_of, demand
from audit.access import get_in_scope, not_allowed, refuse
from files.models import Attachment
from files.operations import UnableToStore
from files.views import serve
from jobs.operations import start_job
from loans.operations.errors import Blocked, NotAllowed
from loans.views.access import account
from loans.views.care import lost_files, opened
from web import clock
from web.display import show_count, show_when
from web.layout import Fact


@require_http_methods(["GET", "HEAD", "POST"])
def inspection_list(request: HttpRequest) -> HttpResponse:
    """The draws, and a new one for the county's department."""
    on = clock.today()
    user = demand(request, *READERS, on=on)
    form = DrawForm(request.POST or None) if user.may(DRAWING, on=on) else None
    if request.method == "POST":
        if form is None:
            not_allowed(request, NotAllowed())
        if form.is_valid() and (drawn := _draw(request, form, on)) is not None:
            messages.success(request, _("The loans are drawn."))
            return redirect("assessments:inspection", inspection_id=drawn.pk)
    table = InspectionTable(inspection_rows(user, on=on))
    return render(request, "assessments/inspection_list.html", {"table": table, "form": form})


def _draw(request: HttpRequest, form: DrawForm, on: date) -> Inspection | None:
    user = account(request)
    try:
        return draw_inspection(
            division=county_of(user, DRAWING, on=on), **form.cleaned_data, drawn_by=user, at=clock.now()
        )
    except Blocked as error:
        form.add_problems(error.problems)
        return None
    except NotAllowed as error:
        not_allowed(request, error)


def inspection_or_404(request: HttpRequest, inspection_id: int, *, on: date) -> Inspection:
    user = demand(request, *READERS, on=on)
    inspection = inspections_for(user, on=on).filter(pk=inspection_id).first()
    return inspection if inspection is not None else refuse(request, Inspection, inspection_id)


@require_http_methods(["GET", "HEAD", "POST"])
def inspection_detail(request: HttpRequest, inspection_id: int) -> HttpResponse:
    on = clock.today()
    inspection = inspection_or_404(request, inspection_id, on=on)
    user = account(request)
    may_close = inspection.closed_at is None and user.may(DRAWING, on=on)
    form = CloseForm(request.POST or None) if may_close else None
    if request.method == "POST":
        if form is None:
            not_allowed(request, NotAllowed(), Inspection, inspection.pk)
        if form.is_valid() and _close(request, inspection, form):
            return redirect("assessments:inspection", inspection_id=inspection.pk)
    scope = user.scope(*READERS, on=on)
    context = {
        "inspection": inspection,
        "facts": facts_of(inspection),
        "table": ItemTable(items_of(inspection, scope=scope)),
        "results": results_of(inspection),
        "form": form,
        "may_take_list": user.may(DRAWING, Verb.APPROVE_CLAIM, on=on),
    }
    return render(request, "assessments/inspection_detail.html", context)


def _close(request: HttpRequest, inspection: Inspection, form: CloseForm) -> bool:
    try:
        close_inspection(
            inspection_id=inspection.pk,
            conclusion=form.cleaned_data["conclusion"],
            closed_by=account(request),
            at=clock.now(),
        )
    except Blocked as error:
        form.add_problems(error.problems)
        return False
    except NotAllowed as error:
        not_allowed(request, error, Inspection, inspection.pk)
    messages.success(request, _("The inspection is closed."))
    return True


def facts_of(inspection: Inspection) -> list[Fact]:
    """Return what anybody needs to repeat the draw."""
    facts = [
        Fact(_("Seed number"), inspection.seed, mono=True),
        Fact(_("Loans to draw from"), show_count(inspection.population_count), _("live loans, frozen as a list")),
        Fact(_("Loans drawn"), show_count(inspection.sample_size)),
        Fact(_("Drawn on"), show_when(inspection.drawn_at), inspection.drawn_by.name),
        Fact(_("Hash of the list"), inspection.population_hash, mono=True, wide=True),
    ]
    if inspection.closed_at and inspection.closed_by:
        facts.append(Fact(_("Conclusion"), inspection.conclusion, inspection.closed_by.name, wide=True))
    return facts


@require_safe
def population(request: HttpRequest, inspection_id: int) -> HttpResponse:
    """Hand the frozen list out: numbers of contracts and codes of townships, nothing of a person."""
    on = clock.today()
    inspection = inspection_or_404(request, inspection_id, on=on)
    if not account(request).may(DRAWING, Verb.APPROVE_CLAIM, on=on):
        refuse(request, Inspection, inspection_id)
    response = HttpResponse(inspection.population, content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{inspection.number}.txt"'
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
def draw_record(request: HttpRequest, inspection_id: int) -> HttpResponse:
    """Let the record of the draw be printed."""
    on = clock.today()
    inspection = inspection_or_404(request, inspection_id, on=on)
    job = start_job(
        kind=DRAW_RECORD,
        title=_("Record of the draw %(number)s") % {"number": inspection.number},
        owner=account(request),
        arguments={"inspection_id": inspection.pk},
        at=clock.now(),
    )
    return redirect("jobs:detail", job_id=job.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def item_detail(request: HttpRequest, inspection_id: int, item_id: int) -> HttpResponse:
    """A loan drawn: what was found, and the form chosen to be filled in."""
    on = clock.today()
    inspection_or_404(request, inspection_id, on=on)
    user = account(request)
    rows = item_in_full().filter(inspection=inspection_id)
    item = get_in_scope(rows, user.scope(*READERS, on=on), item_id, request)
    may_fill = item.inspection.closed_at is None and any(
        user.post_covering(verb, item.loan.place, on=on) for verb in INSPECTING
    )
    all_sheets = sheets()
    sheet = next(
        (one for one in all_sheets if one.code == request.GET.get("form")), all_sheets[0] if all_sheets else None
    )
    form = None
    if may_fill and sheet is not None:
        form = SheetForm(request.POST or None, request.FILES or None, sheet=sheet, on=on)
    if request.method == "POST":
        if form is None:
            not_allowed(request, NotAllowed(), InspectionItem, item_id)
        if form.is_valid() and _fill(request, item, form):
            return redirect("assessments:inspection-item", inspection_id=inspection_id, item_id=item.pk)
    context = {
        "item": item,
        "sheets": all_sheets if may_fill else [],
        "sheet": sheet,
        "form": form,
        "answers": [(answer, lines_of(answer)) for answer in item.answers.all()],
        "lost_files": lost_files(request),
        "may_report": any(user.post_covering(verb, item.loan.place, on=on) for verb in INSPECTING),
    }
    return render(request, "assessments/inspection_item.html", context)


def lines_of(answer: InspectionAnswer) -> list[Fact]:
    """Return the questions of a filled-in form with what was answered."""
    words = {"yes": _("Yes"), "no": _("No")}
    return [
        Fact(question["text"], words.get(str(given), str(given)) if question["kind"] == "yes_no" else str(given))
        for question in answer.sheet.questions
        if (given := answer.answers.get(question["code"])) is not None
    ]


def _fill(request: HttpRequest, item: InspectionItem, form: SheetForm) -> bool:
    try:
        fill_sheet(
            item_id=item.pk,
            filled=form.filled(),
            request_id=form.cleaned_data["request_id"],
            recorded_by=account(request),
            at=clock.now(),
        )
    except Blocked as error:
        form.add_problems(error.problems)
        return False
    except UnableToStore as error:
        form.add_error("photos", str(error))
        return False
    except NotAllowed as error:
        not_allowed(request, error, InspectionItem, item.pk)
    messages.success(request, _("The form is kept."))
    return True


@require_safe
def inspection_photo(request: HttpRequest, inspection_id: int, photo: uuid.UUID) -> HttpResponse:
    """A photo of a form; `?small=1` its thumbnail. That somebody opened the whole one is written down."""
    on = clock.today()
    inspection_or_404(request, inspection_id, on=on)
    scope = account(request).scope(*READERS, on=on)
    attachment = photo_of(inspection_id, photo, scope=scope)
    if attachment is None:
        refuse(request, Attachment, photo)
    return serve(attachment, request, small=True) if request.GET.get("small") else opened(request, attachment)
