"""The bank's answers on the payments of a batch: upload, look, book all or nothing."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_tables2 import RequestConfig

from accounts.choices import Verb
from audit.access import not_allowed, refuse
from loans.views.access import account
from organizations.scope import NotAllowed
from subsidies.choices import PaymentState, ReturnFileState
from subsidies.forms.payments import AnswersForm
from subsidies.models import Payment, ReturnFile, SubsidyBatch
from subsidies.operations import returns
from subsidies.operations.errors import Blocked
from subsidies.queries.return_files import EXCEL, TEMPLATE_NAME, Tally, lines_of, tally, template
from subsidies.tables import RETURN_FILE_TONES, ReturnLineTable
from subsidies.views.access import office_batch_or_404
from web import clock
from web.display import show_count, show_yuan
from web.layout import Figure, Tone
from web.spreadsheets import Unreadable

PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def answers(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Take a file of the bank in; what it would book stands on the next page."""
    batch = office_batch_or_404(request, batch_id, Verb.CONFIRM_SUBSIDY)
    form = AnswersForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        answer = _take_in(request, batch, form)
        if answer is not None:
            return answer
    return render(request, "subsidies/answers.html", {"batch": batch, "form": form})


def _take_in(request: HttpRequest, batch: SubsidyBatch, form: AnswersForm) -> HttpResponse | None:
    """Keep the file's rows; None when the page must be shown again with the reason."""
    upload = form.cleaned_data["file"]
    try:
        file = returns.take_in_answers(
            batch_id=batch.pk,
            content=upload.read(),
            file_name=upload.name,
            uploaded_by=account(request),
            uploaded_at=clock.now(),
        )
    except Unreadable as error:
        form.add_error("file", str(error))
        return None
    except NotAllowed as error:
        not_allowed(request, error)
    if file.state == ReturnFileState.BOOKED:
        messages.info(request, _("This file was booked before. Nothing is booked twice."))
    return redirect("subsidies:return-file", file_id=file.pk)


@require_safe
def answers_template(request: HttpRequest, batch_id: int) -> HttpResponse:
    """A workbook with a row for each payment at the bank."""
    batch = office_batch_or_404(request, batch_id, Verb.CONFIRM_SUBSIDY)
    waiting = Payment.objects.filter(batch=batch, state=PaymentState.SENT).order_by("loan_id", "pk")
    response = HttpResponse(template(waiting), content_type=EXCEL)
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=TEMPLATE_NAME)
    return response


def return_file_or_404(request: HttpRequest, file_id: int) -> tuple[ReturnFile, SubsidyBatch]:
    files = ReturnFile.objects.select_related("uploaded_by", "booked_by")
    file = files.filter(pk=file_id).first() or refuse(request, ReturnFile, file_id)
    return file, office_batch_or_404(request, file.batch_id, Verb.CONFIRM_SUBSIDY)


@require_safe
def return_file(request: HttpRequest, file_id: int) -> HttpResponse:
    """The rows of one answer with what booking them does, those not in order first."""
    file, batch = return_file_or_404(request, file_id)
    table = ReturnLineTable(lines_of(file))
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    found = tally(file)
    context = {
        "file": file,
        "tone": RETURN_FILE_TONES[ReturnFileState(file.state)],
        "batch": batch,
        "figures": _figures(found),
        "tally": found,
        "table": table,
        "is_open": file.state == ReturnFileState.READ,
        "may_book": file.state == ReturnFileState.READ and not found.faulty,
    }
    return render(request, "subsidies/return_file.html", context)


def _figures(found: Tally) -> list[Figure]:
    def figure(label: str, number: int, note: str = "", tone: Tone = Tone.NEUTRAL) -> Figure:
        return Figure(label, show_count(number), _("payments"), note, tone=tone)

    yuan = _("%(amount)s yuan")
    return [
        figure(_("Credited"), found.credited, yuan % {"amount": show_yuan(found.credited_amount)}),
        figure(
            pgettext("answer", "Returned"), found.returned, yuan % {"amount": show_yuan(found.returned_amount)},
            Tone.WARN if found.returned else Tone.NEUTRAL,
        ),
        figure(_("Booked before"), found.known, _("stay as they are")),
        figure(_("Not in order"), found.faulty, tone=Tone.BAD if found.faulty else Tone.OK),
    ]  # fmt: skip


@require_POST
def book(request: HttpRequest, file_id: int) -> HttpResponse:
    file, batch = return_file_or_404(request, file_id)
    try:
        booked = returns.book_return_file(file_id=file.pk, booked_by=account(request), booked_at=clock.now())
    except Blocked as error:
        return _blocked(request, file, error)
    except NotAllowed as error:
        not_allowed(request, error, ReturnFile, file_id)
    messages.success(
        request,
        _("%(new)s answers are booked, %(known)s had been booked before.")
        % {"new": booked.new, "known": booked.known},
    )
    return redirect("subsidies:payments", batch_id=batch.pk)


@require_POST
def discard(request: HttpRequest, file_id: int) -> HttpResponse:
    file, batch = return_file_or_404(request, file_id)
    try:
        returns.discard_return_file(file_id=file.pk, discarded_by=account(request), discarded_at=clock.now())
    except Blocked as error:
        return _blocked(request, file, error)
    except NotAllowed as error:
        not_allowed(request, error, ReturnFile, file_id)
    messages.success(request, _("The file is discarded. Nothing of it was booked."))
    return redirect("subsidies:payments", batch_id=batch.pk)


def _blocked(request: HttpRequest, file: ReturnFile, error: Blocked) -> HttpResponse:
    for problem in error.problems:
        messages.error(request, problem.message)
    return redirect("subsidies:return-file", file_id=file.pk)
