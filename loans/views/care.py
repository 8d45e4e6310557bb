"""After paying out: the list of visits, a visit with its photos, the steps taken to collect."""

import uuid
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.choices import Verb
from accounts.models import User
from audit.access import address_of, refuse
from audit.choices import Action
from audit.exports import export_list
from audit.operations import record
from files.models import Attachment
from files.operations import UnableToStore
from files.views import serve
from loans.choices import LoanState, VisitSide
from loans.forms.care import CollectionForm, CorrectionForm, VisitFilterForm, VisitForm
from loans.models import Loan, Visit
from loans.operations import Blocked, NotAllowed
from loans.operations.care import VERBS_OF_SIDE, record_collection, record_visit, side_of
from loans.queries.care import (
    BY_VISIT_DAY,
    CollectionRecord,
    collection_record,
    get_collection_paper,
    get_photo,
    is_corrected,
    next_visit,
    visits_due,
    visits_of,
)
from loans.queries.paging import keyset_page
from loans.queries.places import places_of
from loans.tables import VisitTable
from loans.views.access import account, loan_or_404, not_allowed, view_scope
from loans.views.paging import page_urls
from web import clock


@dataclass(frozen=True)
class Care:
    """What the page of a loan shows of visits and collection. `side`: for whom the reader looks after the loan."""

    visits: list[Visit]
    next_by_branch: date | None
    next_by_lender: date | None
    collection: CollectionRecord
    side: str
    on: date


def care_of(loan: Loan, user: User, *, on: date) -> Care:
    """Return visits and collection of a loan for its page: four queries."""
    visits, side = visits_of(loan), side_of(loan, user, on=on)
    return Care(
        visits=visits,
        next_by_branch=next_visit(loan, visits, side=VisitSide.BRANCH),
        next_by_lender=next_visit(loan, visits, side=VisitSide.LENDER),
        collection=collection_record(loan, on=on),
        side=side[0] if side else "",
        on=on,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def visit_list(request: HttpRequest) -> HttpResponse:
    """The visits that are due. Who looks after loans sees his own first; who only supervises sees both sides'."""
    user, on = account(request), clock.today()
    scope = view_scope(request, on=on)
    own = [side for side, verbs in VERBS_OF_SIDE.items() if user.may(*verbs, on=on)]
    places = places_of(user.people_scope(Verb.VIEW_CASES, on=on))
    sides = own + [side for side in (VisitSide.BRANCH, VisitSide.LENDER) if side not in own]
    form = VisitFilterForm(request.GET or None, places=places, sides=sides)
    narrowed = form.narrowed
    rows = visits_due(scope=scope, on=on, **narrowed)
    if request.method == "POST":
        return export_list(
            request,
            rows=rows.order_by(*BY_VISIT_DAY.order()),
            table=lambda chunk: VisitTable(chunk, on=on, may_record=False),
            name=_("Visits due"),
        )
    page = keyset_page(
        rows,
        keyset=BY_VISIT_DAY,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    table = VisitTable(page.rows, on=on, may_record=narrowed["side"] in own)
    context = {"form": form, "table": table, "urls": page_urls(request, page), "side": VisitSide(narrowed["side"])}
    return render(request, "loans/visits.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def visit_new(request: HttpRequest, loan_id: int) -> HttpResponse:
    on = clock.today()
    loan = own_loan_or_404(request, loan_id, on=on)
    form = VisitForm(request.POST or None, request.FILES or None, on=on)
    if request.method == "POST" and form.is_valid():
        answer = save_visit(request, loan, form)
        if answer is not None:
            return answer
    return render(request, "loans/visit_form.html", {"loan": loan, "form": form, "lost_files": lost_files(request)})


@require_http_methods(["GET", "HEAD", "POST"])
def visit_correct(request: HttpRequest, loan_id: int, visit_id: int) -> HttpResponse:
    on = clock.today()
    loan = own_loan_or_404(request, loan_id, on=on)
    visit = visit_or_404(request, loan, visit_id)
    if not may_correct(request, loan, visit, on=on):
        refuse(request, Visit, visit_id)
    form = CorrectionForm(request.POST or None, request.FILES or None, on=on, visit=visit)
    if request.method == "POST" and form.is_valid():
        answer = save_visit(request, loan, form, corrects=visit)
        if answer is not None:
            return answer
    context = {"loan": loan, "form": form, "visit": visit, "lost_files": lost_files(request)}
    return render(request, "loans/visit_form.html", context)


def save_visit(
    request: HttpRequest, loan: Loan, form: VisitForm, *, corrects: Visit | None = None
) -> HttpResponse | None:
    """Write the visit down; None when the page must be shown again with the reasons."""
    try:
        visit = record_visit(
            loan_id=loan.pk,
            report=form.report(),
            request_id=form.cleaned_data["request_id"],
            visitor=account(request),
            recorded_at=clock.now(),
            corrects_id=corrects.pk if corrects else None,
            keep_photos=form.cleaned_data.get("keep_photos", True),
        )
    except Blocked as error:
        form.add_problems(error.problems)
        return None
    except UnableToStore as error:
        form.add_error("photos", str(error))
        return None
    except NotAllowed as error:
        not_allowed(request, error)
    messages.success(request, _("The visit is written down."))
    return redirect("loans:visit", loan_id=loan.pk, visit_id=visit.pk)


@require_safe
def visit_detail(request: HttpRequest, loan_id: int, visit_id: int) -> HttpResponse:
    on = clock.today()
    loan = loan_or_404(request, loan_id, on=on)
    visit = visit_or_404(request, loan, visit_id)
    may_book = account(request).post_covering(Verb.DISBURSE, loan.place, on=on) is not None
    context = {
        "loan": loan,
        "visit": visit,
        "may_correct": may_correct(request, loan, visit, on=on),
        "may_find_misuse": visit.is_misuse and may_book and loan.state == LoanState.LIVE and not is_corrected(visit),
    }
    return render(request, "loans/visit.html", context)


@require_safe
def visit_photo(request: HttpRequest, loan_id: int, photo: uuid.UUID) -> HttpResponse:
    """The whole photo. That somebody opened it is written down."""
    loan = loan_or_404(request, loan_id, on=clock.today())
    attachment = get_photo(loan, photo)
    if attachment is None:
        refuse(request, Attachment, photo)
    return opened(request, attachment)


@require_safe
def visit_thumbnail(request: HttpRequest, loan_id: int, photo: uuid.UUID) -> HttpResponse:
    """The photo as the page of the visit shows it: too small to be a document of its own."""
    loan = loan_or_404(request, loan_id, on=clock.today())
    attachment = get_photo(loan, photo)
    if attachment is None:
        refuse(request, Attachment, photo)
    return serve(attachment, request, small=True)


@require_http_methods(["GET", "HEAD", "POST"])
def collection_new(request: HttpRequest, loan_id: int) -> HttpResponse:
    on = clock.today()
    loan = own_loan_or_404(request, loan_id, on=on)
    form = CollectionForm(request.POST or None, request.FILES or None, on=on)
    if request.method == "POST" and form.is_valid():
        try:
            record_collection(
                loan_id=loan.pk,
                report=form.report(),
                request_id=form.cleaned_data["request_id"],
                recorded_by=account(request),
                recorded_at=clock.now(),
            )
        except Blocked as error:
            form.add_problems(error.problems)
        except UnableToStore as error:
            form.add_error("paper", str(error))
        except NotAllowed as error:
            not_allowed(request, error)
        else:
            messages.success(request, _("The step is written down."))
            return redirect("loans:loan", loan_id=loan.pk)
    context = {"loan": loan, "form": form, "lost_files": lost_files(request)}
    return render(request, "loans/collection_form.html", context)


@require_safe
def collection_paper(request: HttpRequest, loan_id: int, act_id: int) -> HttpResponse:
    loan = loan_or_404(request, loan_id, on=clock.today())
    attachment = get_collection_paper(loan, act_id)
    if attachment is None:
        refuse(request, Attachment, act_id)
    return opened(request, attachment)


def opened(request: HttpRequest, attachment: Attachment) -> HttpResponse:
    """Hand a document out and write down who opened it."""
    response = serve(attachment, request)
    record(
        action=Action.OPENED,
        actor=account(request),
        at=clock.now(),
        subject=attachment,
        address=address_of(request),
    )
    return response


def own_loan_or_404(request: HttpRequest, loan_id: int, *, on: date) -> Loan:
    """Return a loan that the account looks after for its branch or its outlet."""
    loan = loan_or_404(request, loan_id, on=on)
    if side_of(loan, account(request), on=on) is None:
        refuse(request, Loan, loan_id)
    return loan


def visit_or_404(request: HttpRequest, loan: Loan, visit_id: int) -> Visit:
    visit = next((visit for visit in visits_of(loan) if visit.pk == visit_id), None)
    return visit if visit is not None else refuse(request, Visit, visit_id)


def may_correct(request: HttpRequest, loan: Loan, visit: Visit, *, on: date) -> bool:
    """Whether the account may put another row in the place of this one: its own side's, and only once."""
    found = side_of(loan, account(request), on=on)
    return found is not None and found[0] == visit.side and not is_corrected(visit)


def lost_files(request: HttpRequest) -> bool:
    """Whether files were sent and the page is shown again: a browser does not keep them."""
    return any(isinstance(one, UploadedFile) for one in request.FILES.values())
