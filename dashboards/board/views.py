"""The leader's page and what lies behind it. Nothing can be changed here, and people's names are masked."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as _, pgettext
from django.views.decorators.http import require_POST, require_safe

from accounts.choices import Verb
from audit.access import SignedInRequest, demand
from audit.choices import Action
from audit.operations import record
from dashboards import queries
from dashboards.board import lists
from dashboards.board.forms import LATE, CaseFilter, OverdueFilter
from dashboards.board.lines import as_json, lines_of
from dashboards.board.page import Doors, board_page
from dashboards.board.reading import Board
from dashboards.board.snapshots import current_board
from dashboards.board.then import GRACE_DAYS, corrections
from dashboards.figures import Selection
from dashboards.forms import FigureFilter
from dashboards.overview import Links
from loans.queries.paging import Keyset, Page, keyset_page
from organizations.models import Division
from web import clock
from web.masking import masked_name
from web.workbooks import CONTENT_TYPE, workbook_of

REFRESH_SECONDS = 180


@dataclass(frozen=True)
class Asked:
    """What somebody asks the board for: the filters as understood, what that selects, and what may be chosen."""

    form: FigureFilter
    selection: Selection
    townships: list[Division]


@require_safe
def county(request: SignedInRequest) -> HttpResponse:
    """Key figures and charts, each with its table and the way to its rows."""
    asked = _asked(request)
    board = current_board(asked.selection, at=clock.now(), today=clock.today())
    context = _frame(asked, board) | {
        "page": board_page(board, _doors(asked.form), _shown_townships(asked)),
        "chips": asked.form.chips({}),
        "reset_url": request.path,
        "hall_url": Links(reverse("dashboards:hall"), asked.form.texts).to(),
        "json_url": Links(reverse("dashboards:board-json"), asked.form.texts).to(),
        "workbook_url": Links(reverse("dashboards:board-workbook"), asked.form.texts).to(),
        "corrections": _corrections(asked),
        "grace_days": GRACE_DAYS,
    }
    return render(request, "dashboards/board.html", context)


@require_safe
def hall(request: SignedInRequest) -> HttpResponse:
    """The same figures for the screen in the county hall: large, without menus, read again every few minutes."""
    asked = _asked(request)
    board = current_board(asked.selection, at=clock.now(), today=clock.today())
    context = _frame(asked, board) | {
        "page": board_page(board, _doors(asked.form), _shown_townships(asked)),
        "chips": asked.form.chips({}),
        "board_url": Links(reverse("dashboards:county"), asked.form.texts).to(),
        "refresh_seconds": REFRESH_SECONDS,
    }
    return render(request, "dashboards/hall.html", context)


@require_safe
def board_json(request: SignedInRequest) -> HttpResponse:
    """The figures of the page for another program: the same values under their codes."""
    asked = _asked(request)
    board = current_board(asked.selection, at=clock.now(), today=clock.today())
    lines = as_json(lines_of(board, _shown_townships(asked)))
    answer = {
        "as_of": asked.selection.as_of.isoformat(),
        "read_at": board.counted_at.isoformat(),
        "filters": asked.form.texts,
        "figures": lines,
    }
    return JsonResponse(answer, json_dumps_params={"ensure_ascii": False})


@require_POST
def board_workbook(request: SignedInRequest) -> HttpResponse:
    """The figures of the page as a workbook. Somebody takes data away: it is written down."""
    asked = _asked(request)
    board = current_board(asked.selection, at=clock.now(), today=clock.today())
    lines = lines_of(board, _shown_townships(asked))
    name = _("Figures %(day)s") % {"day": asked.selection.as_of.isoformat()}
    columns = (pgettext("figures", "Place"), _("Figure"), pgettext("figures", "Value"), _("Unit"))
    content = workbook_of(columns, [(one.place, one.name, one.value, one.unit) for one in lines], title=name)
    detail = {"rows": ["", str(len(lines))], "filters": ["", ", ".join(sorted(asked.form.texts))]}
    record(action=Action.EXPORTED, actor=request.user, at=clock.now(), label=name, detail=detail)
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.xlsx") or ""
    return response


@require_safe
def cases(request: SignedInRequest) -> HttpResponse:
    """The cases behind the funnel and the deadlines."""
    demand(request, Verb.VIEW_FIGURES)
    form = CaseFilter(request.GET, today=clock.today())
    selection = _selection(request, form)
    wanted = form.values
    rows = lists.case_rows(
        selection=selection, passed=wanted.get("passed", ""), late=wanted.get("show") == LATE
    )  # fmt: skip
    page = _page(request, rows, lists.BY_HANDING_IN)
    for case in page.rows:
        case.shown_name = case.entity.name if case.entity else masked_name(case.person.name)
    number, amount = lists.totals_of(rows, "amount_asked")
    context = _list_frame(request, form, selection, page) | {"rows": page.rows, "number": number, "amount": amount}
    return render(request, "dashboards/board_cases.html", context)


@require_safe
def overdue(request: SignedInRequest) -> HttpResponse:
    """The loans in arrears, or the bad ones, behind the figures of quality."""
    demand(request, Verb.VIEW_FIGURES)
    form = OverdueFilter(request.GET, today=clock.today())
    selection = _selection(request, form)
    is_bad = bool(form.values.get("bad"))
    rows = lists.overdue_rows(selection=selection, bucket=form.values.get("bucket", ""), bad=is_bad)
    page = _page(request, rows, lists.BY_START if is_bad else lists.BY_OVERDUE_SINCE)
    for loan in page.rows:
        case = loan.application
        loan.shown_name = case.entity.name if case.entity else masked_name(case.person.name)
        loan.days = (selection.as_of - loan.overdue_since).days if loan.overdue_since else None
    number, amount = lists.totals_of(rows, "owed")
    context = _list_frame(request, form, selection, page) | {"rows": page.rows, "number": number, "amount": amount}
    return render(request, "dashboards/board_overdue.html", context)


def _asked(request: SignedInRequest) -> Asked:
    demand(request, Verb.VIEW_FIGURES)
    form = FigureFilter(request.GET, today=clock.today())
    selection = _selection(request, form)
    townships = list(queries.get_townships(registers=selection.registers))
    versions = list(queries.get_versions(registers=selection.registers, on=form.today))
    form.offer(versions=versions, townships=townships)
    return Asked(form, selection, townships)


def _selection(request: SignedInRequest, form: FigureFilter) -> Selection:
    user, today = request.user, form.today
    return form.selection(
        scope=user.scope(Verb.VIEW_FIGURES, on=today), registers=user.people_scope(Verb.VIEW_FIGURES, on=today)
    )


def _shown_townships(asked: Asked) -> list[Division]:
    """The township of the filter alone, or else all that the account is offered."""
    chosen = asked.selection.division
    return [one for one in asked.townships if not chosen or one.path == chosen]


def _doors(form: FigureFilter) -> Doors:
    return Doors(
        loans=Links(reverse("dashboards:loans"), form.texts),
        cases=Links(reverse("dashboards:cases"), form.texts),
        overdue=Links(reverse("dashboards:overdue"), form.texts),
        budgets=reverse("dashboards:background"),
    )


def _frame(asked: Asked, board: Board) -> dict[str, Any]:
    return {
        "form": asked.form,
        "as_of": asked.selection.as_of,
        "read_at": board.counted_at,
        "title": _title(asked.selection),
    }


def _title(selection: Selection) -> str:
    scope = selection.scope
    if any(len(path) == queries.COUNTY_DIGITS for path in scope.division_paths):
        return _("County dashboard")
    return _("Outlet dashboard") if scope.outlet_paths else _("Township dashboard")


def _corrections(asked: Asked) -> Any:
    """What was corrected after a past day: asked only where that day and its grace are over."""
    selection = asked.selection
    end = datetime.combine(selection.as_of + timedelta(days=GRACE_DAYS + 1), time.min, tzinfo=get_default_timezone())
    if end > clock.now():
        return None
    return corrections(selection, replace(selection, known_at=end))


def _page(request: SignedInRequest, rows: Any, keyset: Keyset) -> Page:
    return keyset_page(rows, keyset=keyset, after=request.GET.get("after", ""), before=request.GET.get("before", ""))


def _list_frame(request: SignedInRequest, form: FigureFilter, selection: Selection, page: Page) -> dict[str, Any]:
    links = Links(request.path, form.texts)
    first = page.rows[0] if page.rows else None
    words = {"township": first.division.parent.name, "outlet": first.outlet.name} if first else {}
    return {
        "form": form,
        "as_of": selection.as_of,
        "read_at": clock.now(),
        "chips": form.chips(words),
        "figures_url": Links(reverse("dashboards:county"), form.texts).to(),
        "previous_url": links.to(before=page.before) if page.before else "",
        "next_url": links.to(after=page.after) if page.after else "",
    }
