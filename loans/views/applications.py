"""The pages of the guided application: shown, saved, compared, submitted."""

from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.choices import Verb
from audit.access import SignedInRequest, refuse
from loans.choices import DraftPage, Outcome, StepCode
from loans.forms.applications import CheckPageForm, PageForm
from loans.models import Application, ApplicationDraft
from loans.operations import Blocked, Conflict, NotAllowed
from loans.operations.drafts import save_page, submit_draft
from loans.operations.progress import problems_of, problems_on
from loans.queries.drafts import draft_of, pages_of, pages_to_correct, reached_page
from loans.queries.history import next_office
from loans.queries.register import find_people
from loans.queries.versions import published_version
from loans.views.access import account, case_or_404, conflict_page, not_allowed, posted_number
from loans.views.application_pages import Sheet, form_of, page_answer, shown_rows, with_rows
from loans.views.comparison import comparison_page, differences
from web import clock
from web.display import show_when

CONTINUE, LEAVE = "continue", "leave"
# Buttons that change rows of the page and stay on it.
ROW_BUTTONS = ("add", "remove", "find")


@require_safe
def edit(request: SignedInRequest, case_id: int) -> HttpResponse:
    """Go on where the clerk has stopped, from whichever computer."""
    case = clerks_case(request, case_id, on=clock.today())
    if not case.is_editable:
        messages.info(request, _("This application is no longer open for changes."))
        return redirect("loans:case", case_id=case.pk)
    return redirect("loans:application-page", case_id=case.pk, page=reached_page(case, draft_of(case)))


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: SignedInRequest, case_id: int, page: str) -> HttpResponse:
    """One page of the application. Saving works without script; with it the page saves itself."""
    on = clock.today()
    case = clerks_case(request, case_id, on=on)
    if not case.is_editable:
        return moved_answer(request, case)
    if page not in pages_of(case.version):
        refuse(request, Application, case_id)
    sheet = Sheet(request, case, DraftPage(page), draft_of(case), on)
    if request.method != "POST":
        return page_answer(sheet, form_of(sheet))
    if sheet.page == DraftPage.CHECK and request.POST.get("action") == "submit":
        return submit(sheet)
    return save(sheet)


def clerks_case(request: SignedInRequest, case_id: int, *, on: date) -> Application:
    """Return a case that the account may write down; for everybody else it does not exist."""
    case = case_or_404(request, case_id, on=on)
    if request.user.post_covering(Verb.REFER, case.place, on=on) is None:
        refuse(request, Application, case_id)
    return case


def moved_answer(request: SignedInRequest, case: Application) -> HttpResponse:
    """Answer for a case that is no longer the clerk's: a second click is done, a bookmark leads to the case."""
    if request.method != "POST":
        messages.info(request, _("This application is no longer open for changes."))
        return redirect("loans:case", case_id=case.pk)
    newest = list(case.decisions.all())[:2]
    is_own = any(one.outcome == Outcome.SUBMIT and one.decided_by_id == account(request).pk for one in newest)
    if is_own and request.POST.get("action") == "submit":
        return redirect("loans:application-submitted", case_id=case.pk)
    return conflict_page(request, case, newest[0] if newest else None)


@dataclass(frozen=True)
class Stored:
    """What came of storing a page: the draft, or the sentences on the form, or somebody else's changes."""

    form: PageForm
    draft: ApplicationDraft | None = None
    is_conflict: bool = False


def store(sheet: Sheet, *, is_autosave: bool) -> Stored:
    """Store what is valid of the posted page. What the operation blames is kept as unfinished, the rest is stored."""
    form = form_of(sheet, sheet.posted)
    form.is_valid()
    for _attempt in range(2):
        try:
            draft = save_page(
                application_id=sheet.case.pk,
                typed=form.typed(),
                revision=posted_number(sheet.request, "revision") or 0,
                saved_by=account(sheet.request),
                saved_at=clock.now(),
                is_autosave=is_autosave,
            )
        except Blocked as error:
            form.add_problems(error.problems)
        except Conflict as error:
            return Stored(form, is_conflict=error.application.is_editable)
        except NotAllowed as error:
            not_allowed(sheet.request, error, case_id=sheet.case.pk)
        else:
            return Stored(form, draft)
    return Stored(form)


def save(sheet: Sheet) -> HttpResponse:
    """Save a page and go where the button says."""
    button = next((name for name in ROW_BUTTONS if name in sheet.request.POST), "")
    if button:
        sheet = sheet.with_posted(with_rows(sheet.posted, sheet.request.POST))
    action = sheet.request.POST.get("action", CONTINUE)
    stored = store(sheet, is_autosave=bool(button))
    if stored.is_conflict:
        return conflict_answer(sheet)
    if stored.draft is None:
        fresh = clerks_case(sheet.request, sheet.case.pk, on=sheet.on)
        return page_answer(sheet, stored.form) if fresh.is_editable else moved_answer(sheet.request, fresh)
    if button:
        return rows_answer(sheet, stored, button)
    if action == LEAVE:
        messages.success(sheet.request, _("%(number)s is saved as a draft.") % {"number": sheet.case.number})
        return redirect("home")
    return go_on(sheet, stored.draft, refused=stored.form)


def conflict_answer(sheet: Sheet) -> HttpResponse:
    """Show both versions; where this page says the same in both (a second click), go on."""
    case = clerks_case(sheet.request, sheet.case.pk, on=sheet.on)
    sheet = sheet.reread(case, draft_of(case))
    form = form_of(sheet, sheet.posted_again)
    form.is_valid()
    found = differences(sheet, form)
    if found or sheet.draft is None:
        return comparison_page(sheet, found, form)
    return go_on(sheet, sheet.draft)


def rows_answer(sheet: Sheet, stored: Stored, button: str) -> HttpResponse:
    """Show the page again after a row was added or taken away, or with the people found."""
    if button != "find":
        return redirect(f"{sheet.url}#people")
    sheet = sheet.reread(clerks_case(sheet.request, sheet.case.pk, on=sheet.on), stored.draft)
    return page_answer(sheet, form_of(sheet), found=people_found(sheet.request, sheet.on), text=sheet.search_text)


def go_on(sheet: Sheet, draft: ApplicationDraft, refused: PageForm | None = None) -> HttpResponse:
    """Go to the next page, unless this one lacks something or breaks a rule: then it says so.

    `refused` holds the sentences with which the operation refused some of what was posted.
    """
    case = clerks_case(sheet.request, sheet.case.pk, on=sheet.on)
    sheet = sheet.reread(case, draft)
    form = form_of(sheet, sheet.posted_again, is_demanded=True)
    if form.is_valid() and sheet.page == DraftPage.PROJECT:
        form.add_problems(problems_on(sheet.page, problems_of(case, on=sheet.on)))
    for name, errors in (refused.errors if refused else {}).items():
        if name in form.fields and name not in form.errors:
            form.add_error(name, errors.as_data())
    if form.errors:
        return page_answer(sheet, form)
    return redirect("loans:application-page", case_id=case.pk, page=following_page(sheet))


def following_page(sheet: Sheet) -> DraftPage:
    """Return where “save and continue” leads: back to the check page, to the next page a return names, or onwards."""
    if sheet.is_change:
        return DraftPage.CHECK
    pages = pages_of(sheet.case.version)
    onwards = pages[pages.index(sheet.page) + 1 :] or (DraftPage.CHECK,)
    asked = pages_to_correct(sheet.case)
    return next((one for one in onwards if one in asked), DraftPage.CHECK) if asked else onwards[0]


@require_POST
def autosave(request: SignedInRequest, case_id: int, page: str) -> HttpResponse:
    """Store what is valid while the clerk goes on typing.

    Answers `saved` and `revision`, and `errors` by name of the input; 409 with a sentence where somebody else has
    changed the application: the page then asks for both versions.
    """
    on = clock.today()
    case = clerks_case(request, case_id, on=on)
    sheet = Sheet(request, case, DraftPage(page), draft_of(case) if case.is_editable else None, on)
    stored = store(sheet, is_autosave=True) if case.is_editable else None
    if stored is None or stored.draft is None:
        if stored is not None and not stored.is_conflict and stored.form.errors:
            return JsonResponse({"errors": errors_of(stored.form), "saved": "", "revision": case.revision})
        return JsonResponse({"conflict": conflict_sentence(sheet)}, status=HTTPStatus.CONFLICT)
    return JsonResponse(
        {
            "saved": _("Saved %(time)s") % {"time": show_when(stored.draft.saved_at)[-5:]},
            "revision": stored.draft.application.revision,
            "errors": errors_of(stored.form),
        }
    )


def errors_of(form: PageForm) -> dict[str, str]:
    return {name: " ".join(map(str, errors)) for name, errors in form.errors.items()}


def conflict_sentence(sheet: Sheet) -> str:
    """Return who changed the application meanwhile."""
    draft = draft_of(sheet.case)
    if draft is None or draft.saved_by_id == account(sheet.request).pk:
        return _("This application was changed in another window.")
    return _("%(name)s changed this application at %(time)s.") % {
        "name": draft.saved_by.name,
        "time": show_when(draft.saved_at),
    }


def submit(sheet: Sheet) -> HttpResponse:
    """Hand the application in. Whatever stands against it is shown with the page that puts it right."""
    form = form_of(sheet, sheet.posted, is_demanded=True)
    assert isinstance(form, CheckPageForm)
    if not form.is_valid():
        return page_answer(sheet, form)
    try:
        case = submit_draft(
            application_id=sheet.case.pk,
            consent_signed_on=form.cleaned_data["consent_signed_on"],
            declarations=tuple(form.cleaned_data["declarations"]),
            revision=posted_number(sheet.request, "revision") or 0,
            submitted_by=account(sheet.request),
            submitted_at=clock.now(),
        )
    except Blocked as error:
        form.add_problems(problems_on(DraftPage.CHECK, error.problems))
        return page_answer(sheet, form, problems=error.problems)
    except Conflict as error:
        return submit_conflict(sheet, error)
    except NotAllowed as error:
        not_allowed(sheet.request, error, case_id=sheet.case.pk)
    return redirect("loans:application-submitted", case_id=case.pk)


def submit_conflict(sheet: Sheet, error: Conflict) -> HttpResponse:
    """Show everything again where somebody changed it: nobody submits what he has not read."""
    case = clerks_case(sheet.request, error.application.pk, on=sheet.on)
    if not case.is_editable:
        return moved_answer(sheet.request, case)
    fresh = sheet.reread(case, draft_of(case))
    messages.warning(sheet.request, conflict_sentence(fresh) + _("Please check it again."))
    return page_answer(fresh, form_of(fresh), status=HTTPStatus.CONFLICT)


@require_safe
def submitted(request: SignedInRequest, case_id: int) -> HttpResponse:
    """The receipt: number, code that leads to the case, who acts next and until when."""
    on = clock.today()
    case = clerks_case(request, case_id, on=on)
    if case.submitted_at is None or case.step == StepCode.INTAKE:
        return redirect("loans:application-edit", case_id=case.pk)
    case.version = published_version(case.version_id)
    context = {
        "case": case,
        "step": case.version.step(case.step),
        "office": next_office(case) if case.is_waiting else "",
        "case_url": request.build_absolute_uri(reverse("loans:case", args=[case.pk])),
        "is_introduced": case.step != StepCode.REFERRAL,
        "has_introduction": StepCode.REFERRAL in case.version.step_codes,
    }
    return render(request, "loans/application_submitted.html", context)


@require_safe
def introducer_choices(request: SignedInRequest, case_id: int) -> HttpResponse:
    """The members found by a name, initials or branch, as the radio buttons of page 2 (a fragment)."""
    on = clock.today()
    case = clerks_case(request, case_id, on=on)
    if not case.is_editable:
        refuse(request, Application, case_id)
    sheet = Sheet(request, case, DraftPage.REFERRAL, draft_of(case), on)
    return render(request, "loans/_introducers.html", {"field": form_of(sheet)["introducer"]})


@require_POST
def people(request: SignedInRequest, case_id: int) -> HttpResponse:
    """People of the register found by name, initials or number, each to be added by a button (a fragment)."""
    on = clock.today()
    case = clerks_case(request, case_id, on=on)
    context = {"case": case, "found": people_found(request, on), "chosen": shown_rows(request.POST)}
    return render(request, "loans/_people_found.html", context)


def people_found(request: SignedInRequest, on: date) -> list[dict[str, Any]]:
    """Return whom the typed text may mean, each with the values of his buttons. Nothing typed finds nobody."""
    text = request.POST.get("people", "").replace("\x00", "").strip()[:60]
    scope = request.user.people_scope(Verb.REFER, on=on)
    return [
        {"person": person, "helped": f"helped:{person.pk}", "served": f"served:{person.household_id}"}
        for person in (find_people(scope=scope, text=text) if text else [])
    ]
