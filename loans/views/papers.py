"""The papers of a case: handing in, looking at, turning, replacing, withdrawing. No page writes when it is opened."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from audit.access import address_of, refuse
from audit.choices import Action
from audit.operations import record
from files.operations import UnableToStore
from files.queries import FileMissing
from files.views import serve
from loans.choices import Side
from loans.forms.papers import (
    ACCEPTED,
    MissingPaperForm,
    PaperForm,
    PaperOrderForm,
    PaperWithdrawalForm,
    ReplacementForm,
    RotationForm,
)
from loans.models import Application, CasePaper, MissingPaper
from loans.operations import Blocked, NotAllowed
from loans.operations.papers import (
    FILES_MAX,
    add_papers,
    explain_missing,
    mark_seen,
    order_papers,
    paper_side,
    replace_paper,
    rotate_paper,
    withdraw_paper,
)
from loans.queries.papers import Papers, get_paper, papers_of
from loans.views.access import account, case_or_404, not_allowed
from web import clock


@dataclass(frozen=True)
class Row:
    """One file. `earlier` is the order of its neighbours when it moves one place forward, "" for the first."""

    paper: CasePaper
    earlier: str
    may_change: bool


@dataclass(frozen=True)
class Line:
    """One paper of the list: what it is called, its files, why there is none."""

    code: str
    name: str
    rows: Sequence[Row]
    document_id: int | None = None
    is_blocking: bool = False
    excuse: MissingPaper | None = None
    request_id: uuid.UUID = field(default_factory=uuid.uuid4)


@dataclass(frozen=True)
class PaperPanel:
    """What `loans/_papers.html` shows. `side` is on whose behalf the reader may add, "" when he may not.

    A dossier shows papers `is_compact`: without the forms, with a link to their page.
    """

    case: Application
    lines: Sequence[Line]
    others: Line
    past: Sequence[CasePaper]
    unseen: Sequence[CasePaper]
    missing: int
    side: str
    is_compact: bool = False
    accepted: str = ACCEPTED
    files_max: int = FILES_MAX

    @property
    def may_add(self) -> bool:
        return bool(self.side) and not self.is_compact

    @property
    def may_fill(self) -> bool:
        """Whether the reader hands in what the rules ask for, or says why it is missing: the clerk's side."""
        return self.may_add and self.side == Side.MAKING


def paper_panel(case: Application, user: User, *, on: date, is_compact: bool = False) -> PaperPanel:
    """Return the papers of a case for `loans/_papers.html` (as `papers`): two queries."""
    found, side = papers_of(case, user), paper_side(case, user, on=on)
    return panel_of_papers(case, found, side[0] if side else "", is_compact)


def panel_of_papers(case: Application, found: Papers, side: str, is_compact: bool) -> PaperPanel:
    return PaperPanel(
        case=case,
        lines=[
            Line(
                code=one.document.code,
                name=one.name,
                rows=rows_of(one.papers, side),
                document_id=one.document.pk,
                is_blocking=one.document.is_blocking,
                excuse=one.excuse,
            )
            for one in found.requirements
        ],
        others=Line(code="other", name=_("Other papers"), rows=rows_of(found.others, side)),
        past=found.past,
        unseen=found.unseen,
        missing=len(found.missing),
        side=side,
        is_compact=is_compact,
    )


def rows_of(papers: Sequence[CasePaper], side: str) -> list[Row]:
    keys = [str(paper.pk) for paper in papers]
    return [
        Row(
            paper=paper,
            earlier=",".join([*keys[: place - 1], keys[place], keys[place - 1], *keys[place + 1 :]]) if place else "",
            may_change=paper.side == side,
        )
        for place, paper in enumerate(papers)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def papers(request: HttpRequest, case_id: int) -> HttpResponse:
    """All papers of a case; files are sent here."""
    on = clock.today()
    case = case_or_404(request, case_id, on=on)
    if request.method == "POST":
        return hand_in(request, case)
    panel = paper_panel(case, account(request), on=on)
    return render(request, "loans/papers.html", {"case": case, "papers": panel, "back": request.path})


def hand_in(request: HttpRequest, case: Application) -> HttpResponse:
    """Keep what was sent. The script sends file by file and reads the refusal; a plain form is led back."""
    require_side(request, case)
    form = PaperForm(request.POST, request.FILES)
    sentences = [problem.message for problem in form.problems]
    if not sentences:
        sentences = attempt(
            request,
            case,
            lambda: add_papers(
                application_id=case.pk,
                data=form.paper_data(),
                request_id=form.cleaned_data["request_id"],
                added_by=account(request),
                added_at=clock.now(),
            ),
        )
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"problems": sentences}, status=422 if sentences else 200)
    return answer(request, case, sentences, _("The paper is kept."), anchor="papers")


def require_side(request: HttpRequest, case: Application) -> None:
    """Go on only for an account whose turn it is to add papers: for others there is nothing here."""
    if paper_side(case, account(request), on=clock.today()) is None:
        refuse(request, Application, case.pk)


def attempt(request: HttpRequest, case: Application, act: Callable[[], object]) -> list[str]:
    """Do it and return the sentences of a refusal; [] when it was done."""
    try:
        act()
    except Blocked as error:
        return [problem.message for problem in error.problems]
    except UnableToStore as error:
        return [str(error)]
    except FileMissing:
        return [_("The file is no longer on the disk. Please tell the administrator.")]
    except NotAllowed as error:
        not_allowed(request, error, case_id=case.pk)
    return []


def answer(
    request: HttpRequest, case: Application, sentences: Sequence[str], done: str, *, anchor: str = ""
) -> HttpResponse:  # fmt: skip
    """Lead back to the page that was posted from and say what became of it."""
    for sentence in sentences:
        messages.error(request, sentence)
    if not sentences:
        messages.success(request, done)
    back = request.POST.get("back", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("loans:papers", args=[case.pk])
    return redirect(f"{back}#{anchor}" if anchor else back)


@require_POST
def order(request: HttpRequest, case_id: int) -> HttpResponse:
    case = case_or_404(request, case_id, on=clock.today())
    require_side(request, case)
    form = PaperOrderForm(request.POST)
    if not form.is_valid():
        refuse(request, Application, case_id)
    sentences = attempt(
        request,
        case,
        lambda: order_papers(
            application_id=case.pk,
            paper_ids=form.paper_ids,
            ordered_by=account(request),
            ordered_at=clock.now(),
        ),
    )
    return answer(request, case, sentences, _("The order is changed."), anchor="papers")


@require_POST
def missing(request: HttpRequest, case_id: int) -> HttpResponse:
    """Why a paper is not there."""
    case = case_or_404(request, case_id, on=clock.today())
    require_side(request, case)
    form = MissingPaperForm(request.POST)
    sentences = [problem.message for problem in form.problems] or attempt(
        request,
        case,
        lambda: explain_missing(
            application_id=case.pk,
            document_id=form.cleaned_data["document"],
            reason=form.cleaned_data["reason"],
            written_by=account(request),
            written_at=clock.now(),
        ),
    )
    return answer(request, case, sentences, _("The reason is written down."), anchor="papers")


@require_safe
def paper(request: HttpRequest, case_id: int, paper_id: int) -> HttpResponse:
    """One paper: the picture, who handed it in, and what may be done with it."""
    on = clock.today()
    case = case_or_404(request, case_id, on=on)
    shown = paper_or_404(request, case, paper_id)
    panel = paper_panel(case, account(request), on=on)
    rows = [row.paper for line in (*panel.lines, panel.others) for row in line.rows]
    return render(request, "loans/paper.html", {**neighbours(rows, shown), **facts_of(case, shown, panel)})


def facts_of(case: Application, shown: Any, panel: PaperPanel) -> dict[str, object]:
    return {
        "case": case,
        "paper": shown,
        "papers": panel,
        "may_change": not shown.is_past and shown.side == panel.side,
        "replacement": ReplacementForm(auto_id="replacement_%s"),
        "withdrawal": PaperWithdrawalForm(auto_id="withdrawal_%s"),
        "request_id": uuid.uuid4(),
    }


def neighbours(rows: Sequence[CasePaper], shown: CasePaper) -> dict[str, CasePaper | None]:
    """Return the papers before and after one, and the next that the reader has not seen."""
    places = {row.pk: place for place, row in enumerate(rows)}
    place = places.get(shown.pk, -1)
    later = [*rows[place + 1 :], *rows[: max(place, 0)]]
    return {
        "previous_paper": rows[place - 1] if place > 0 else None,
        "next_paper": rows[place + 1] if 0 <= place < len(rows) - 1 else None,
        "next_unseen": next((row for row in later if not row.is_seen), None),  # type: ignore[attr-defined]  # annotated
    }


def paper_or_404(request: HttpRequest, case: Application, paper_id: int) -> Any:
    found = get_paper(case, account(request), paper_id)
    return found if found is not None else refuse(request, CasePaper, paper_id)


@require_safe
def paper_file(request: HttpRequest, case_id: int, paper_id: int) -> HttpResponse:
    """The whole file. That somebody opened it is written down."""
    case = case_or_404(request, case_id, on=clock.today())
    shown = paper_or_404(request, case, paper_id)
    response = serve(shown.attachment, request)
    record(
        action=Action.OPENED, actor=account(request), at=clock.now(), subject=shown.attachment,
        address=address_of(request),
    )  # fmt: skip
    return response


@require_safe
def paper_thumbnail(request: HttpRequest, case_id: int, paper_id: int) -> HttpResponse:
    """The small picture of the list."""
    case = case_or_404(request, case_id, on=clock.today())
    return serve(paper_or_404(request, case, paper_id).attachment, request, small=True)


@require_POST
def seen(request: HttpRequest, case_id: int, paper_id: int) -> HttpResponse:
    """The reader says that he has looked at a paper; he is led to the next one that he has not seen."""
    case = case_or_404(request, case_id, on=clock.today())
    shown = paper_or_404(request, case, paper_id)
    mark_seen(paper_id=shown.pk, seen_by=account(request), seen_at=clock.now())
    if request.POST.get("next", "").isdecimal() and len(request.POST["next"]) < 19:
        return redirect("loans:paper", case_id=case.pk, paper_id=int(request.POST["next"]))
    return answer(request, case, [], _("All papers are marked as seen."), anchor="papers")


@require_POST
def rotate(request: HttpRequest, case_id: int, paper_id: int) -> HttpResponse:
    case, shown = own_paper_or_404(request, case_id, paper_id)
    form = RotationForm(request.POST)
    if not form.is_valid():
        refuse(request, CasePaper, paper_id)
    kept: list[CasePaper] = []
    sentences = attempt(
        request,
        case,
        lambda: kept.append(
            rotate_paper(
                paper_id=shown.pk,
                quarter_turns=form.cleaned_data["turns"],
                request_id=form.cleaned_data["request_id"],
                rotated_by=account(request),
                rotated_at=clock.now(),
            )
        ),
    )
    return shown_again(request, case, shown, kept, sentences)


@require_POST
def replace(request: HttpRequest, case_id: int, paper_id: int) -> HttpResponse:
    case, shown = own_paper_or_404(request, case_id, paper_id)
    form = ReplacementForm(request.POST, request.FILES)
    kept: list[CasePaper] = []
    sentences = [problem.message for problem in form.problems] or attempt(
        request,
        case,
        lambda: kept.append(
            replace_paper(
                paper_id=shown.pk,
                file=form.cleaned_data["file"],
                request_id=form.cleaned_data["request_id"],
                replaced_by=account(request),
                replaced_at=clock.now(),
            )
        ),
    )
    return shown_again(request, case, shown, kept, sentences)


def shown_again(
    request: HttpRequest, case: Application, shown: CasePaper, kept: Sequence[CasePaper], sentences: Sequence[str]
) -> HttpResponse:
    """Lead to the new file; where it was refused, to the old one with the sentences."""
    for sentence in sentences:
        messages.error(request, sentence)
    return redirect("loans:paper", case_id=case.pk, paper_id=kept[0].pk if kept else shown.pk)


@require_POST
def withdraw_one(request: HttpRequest, case_id: int, paper_id: int) -> HttpResponse:
    case, shown = own_paper_or_404(request, case_id, paper_id)
    form = PaperWithdrawalForm(request.POST)
    sentences = [problem.message for problem in form.problems] or attempt(
        request,
        case,
        lambda: withdraw_paper(
            paper_id=shown.pk,
            withdrawn_by=account(request),
            withdrawn_at=clock.now(),
            reason=form.cleaned_data["reason"],
        ),
    )
    return answer(request, case, sentences, _("The paper is withdrawn."), anchor="papers")


def own_paper_or_404(request: HttpRequest, case_id: int, paper_id: int) -> tuple[Application, Any]:
    """Return a paper that the account's side may change now."""
    case = case_or_404(request, case_id, on=clock.today())
    shown = paper_or_404(request, case, paper_id)
    side = paper_side(case, account(request), on=clock.today())
    if side is None or side[0] != shown.side:
        refuse(request, CasePaper, paper_id)
    return case, shown
