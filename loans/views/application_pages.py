"""What the pages of the guided application show: forms, rows of people, the bar, what stands beside them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.choices import Verb
from audit.access import SignedInRequest
from loans.choices import DraftPage, HelpedKind
from loans.forms.applications import (
    ApplicantPageForm,
    CheckPageForm,
    PageForm,
    PapersPageForm,
    ProjectPageForm,
    ReferralPageForm,
    initial_of,
)
from loans.forms.chosen import RowsInput
from loans.models import Application, ApplicationDraft
from loans.operations.progress import done_pages, page_of, problems_of
from loans.queries.applicants import known_of
from loans.queries.detail import return_of
from loans.queries.drafts import PAGES, SUBTITLES, cards_of, pages_of, pages_to_correct
from loans.queries.papers import Papers, papers_of
from loans.queries.register import branch_options, households_by_key, introducers, members_of, people_by_key
from loans.steps.facts import Problem
from loans.views.applicants import applicant_context, options_for
from loans.views.papers import paper_panel
from organizations.models import PartyMember
from web.display import show_when
from web.forms import Problem as ShownProblem
from web.layout import Step, StepState
from web.text import number_in

FORMS: dict[str, type[PageForm]] = {
    DraftPage.APPLICANT: ApplicantPageForm,
    DraftPage.REFERRAL: ReferralPageForm,
    DraftPage.PROJECT: ProjectPageForm,
    DraftPage.PAPERS: PapersPageForm,
    DraftPage.CHECK: CheckPageForm,
}
TOWNSHIP_DIGITS = 9


@dataclass(frozen=True)
class Sheet:
    """One page of one application in front of one account. `case` is read in full."""

    request: SignedInRequest
    case: Application
    page: DraftPage
    draft: ApplicationDraft | None
    on: date
    rows: QueryDict | None = None  # what was posted, with a row more or less

    @property
    def pages(self) -> tuple[DraftPage, ...]:
        return pages_of(self.case.version)

    @property
    def posted(self) -> QueryDict:
        return self.rows if self.rows is not None else self.request.POST

    @property
    def posted_again(self) -> QueryDict:
        """What was posted, as if the page had shown the case as it is now."""
        data = self.posted.copy()
        data["revision"] = str(self.case.revision)
        return data

    @property
    def is_change(self) -> bool:
        """The check page sent the clerk here: saving leads straight back."""
        return self.request.GET.get("back") == DraftPage.CHECK

    @property
    def url(self) -> str:
        address = reverse("loans:application-page", args=[self.case.pk, self.page])
        return f"{address}?back=check" if self.is_change else address

    @property
    def search_text(self) -> str:
        return str(self.request.POST.get("people", ""))[:60]

    def with_posted(self, data: QueryDict) -> "Sheet":
        return replace(self, rows=data)

    def reread(self, case: Application, draft: ApplicationDraft | None) -> "Sheet":
        return replace(self, case=case, draft=draft)


def form_of(sheet: Sheet, data: QueryDict | None = None, *, is_demanded: bool = False) -> PageForm:
    """Return the form of a page: with what is stored, or with what was posted."""
    initial = initial_of(sheet.case, sheet.draft)
    form = FORMS[sheet.page](data, initial=initial, **_extra(sheet))
    form.demand(is_demanded or data is None)  # a page that is shown says what it needs
    if data is None and sheet.draft is not None:
        form.show_unfinished(sheet.draft.unfinished.get(sheet.page, {}))
    return form


def _extra(sheet: Sheet) -> dict[str, Any]:
    match sheet.page:
        case DraftPage.APPLICANT:
            return {"options": options_for(sheet.request, sheet.case.person, [sheet.case.version], on=sheet.on)}
        case DraftPage.REFERRAL:
            return _introducer_choices(sheet)
        case DraftPage.PROJECT:
            return {"case": sheet.case}
    return {}


def _introducer_choices(sheet: Sheet) -> dict[str, Any]:
    """Return the members the page shows: those searched for, else those of the branch; a chosen one stays."""
    case, asked = sheet.case, sheet.request.GET
    township = case.division_path[:TOWNSHIP_DIGITS]
    members = members_of(township)
    branches = {name: path for path, name in branch_options(township_path=township, on=sheet.on)}
    candidates = introducers(
        township_path=township,
        text=asked.get("q", "").replace("\x00", "").strip()[:60],
        branch_path=branches.get(asked.get("at", ""), case.branch_path),
        applicant_id=case.person_id,
        household_id=case.household_id,
    )
    chosen = number_in(sheet.posted.get("introducer", "")) or (sheet.draft.introducer_id if sheet.draft else None)
    if chosen is not None and chosen not in dict(candidates):
        member = members.select_related("person").filter(pk=chosen).first()
        candidates = [*([_chosen(member)] if member else []), *candidates]
    return {"candidates": candidates, "members": members}


def _chosen(member: PartyMember) -> tuple[int, str]:
    return member.pk, member.person.name


# --- Rows of people --------------------------------------------------------------------------------------------------


def with_rows(posted: QueryDict, buttons: QueryDict) -> QueryDict:
    """Return what was posted with a row added (`add=helped:12`) or taken away (`remove=helped:12`)."""
    data = posted.copy()
    for name in ("helped", "served"):
        rows = RowsInput().value_from_datadict(posted, {}, name)
        rows += [key for which, key in [_button(buttons, "add")] if which == name and key]
        gone = [key for which, key in [_button(buttons, "remove")] if which == name]
        data.setlist(name, [row for row in dict.fromkeys(rows) if row.partition(":")[0] not in gone])
    data.pop("helped_kind", None)
    return data


def _button(buttons: QueryDict, name: str) -> tuple[str, str]:
    which, _colon, key = buttons.get(name, "").partition(":")
    return which, key


def shown_rows(posted: QueryDict) -> set[str]:
    """Return which rows a page has already, as `helped:12`."""
    return {
        f"{name}:{row.partition(':')[0]}"
        for name in ("helped", "served")
        for row in RowsInput().value_from_datadict(posted, {}, name)
    }


def people_rows(sheet: Sheet, form: PageForm) -> dict[str, Any]:
    """Return the people and households chosen so far, as far as the account may see them."""
    scope = sheet.request.user.people_scope(Verb.REFER, on=sheet.on)
    helped = [row.partition(":")[::2] for row in form["helped"].value() or []]
    served = [str(row) for row in form["served"].value() or []]
    people = people_by_key(scope=scope, keys=[number_in(key) for key, _kind in helped])
    households = households_by_key(scope=scope, keys=[number_in(key) for key in served])
    return {
        "helped_rows": [
            {"person": people[int(key)], "kind": kind}
            for key, kind in helped
            if number_in(key) in people
        ],
        "served_rows": [households[int(key)] for key in served if number_in(key) in households],
        "helped_kinds": HelpedKind.choices,
    }  # fmt: skip


# --- The page --------------------------------------------------------------------------------------------------------


def page_answer(
    sheet: Sheet,
    form: PageForm,
    *,
    status: int = 200,
    problems: Sequence[Problem] | None = None,
    found: Sequence[Any] | None = None,
    text: str = "",
) -> HttpResponse:
    """Show a page. `problems` are what a submission refused, `found` the people a search found."""
    case = sheet.case
    papers = papers_of(case, sheet.request.user)
    open_problems = problems_of(case, on=sheet.on)
    context = {
        "form": form,
        "case": case,
        "person": case.person,
        "draft": sheet.draft,
        "page": sheet.page,
        "place": sheet.pages.index(sheet.page) + 1,
        "pages_total": len(sheet.pages),
        "is_change": sheet.is_change,
        "returned": return_of(case),
        "asked_pages": "、".join(str(page.label) for page in pages_to_correct(case)),
        "steps": bar_of_pages(sheet, open_problems, papers),
        "saved": show_when(sheet.draft.saved_at)[-5:] if sheet.draft else "",
        "previous_url": previous_url(sheet),
        "papers_of_case": papers,
        **_beside(sheet, form),
    }
    if sheet.page == DraftPage.PROJECT:
        context |= {"found": found, "people_text": text, "chosen": shown_rows(sheet.posted)}
    if sheet.page == DraftPage.CHECK:
        context |= check_context(sheet, open_problems, problems)
    return render(sheet.request, f"loans/application_{sheet.page}.html", context, status=status)


def _beside(sheet: Sheet, form: PageForm) -> dict[str, Any]:
    match sheet.page:
        case DraftPage.APPLICANT:
            known = known_of(sheet.case.person, sheet.request.user, on=sheet.on, case=sheet.case)
            assert isinstance(form, ApplicantPageForm)
            return applicant_context(sheet.request, sheet.case.person, form, known, sheet.case)
        case DraftPage.REFERRAL:
            township = sheet.case.division_path[:TOWNSHIP_DIGITS]
            return {"branches": branch_options(township_path=township, on=sheet.on)}
        case DraftPage.PROJECT:
            return people_rows(sheet, form)
        case DraftPage.PAPERS:
            return {"papers": paper_panel(sheet.case, sheet.request.user, on=sheet.on), "back": sheet.url}
    return {}


def bar_of_pages(sheet: Sheet, problems: Sequence[Problem], papers: Papers) -> list[Step]:
    """Return the bar over the pages: those reached are links, those a return names are marked."""
    asked = pages_to_correct(sheet.case)
    done = done_pages(sheet.draft, problems, papers)
    reached = max(
        PAGES.index(sheet.page),
        PAGES.index(DraftPage(sheet.draft.page_reached)) if sheet.draft else PAGES.index(DraftPage.PROJECT),
        len(PAGES) - 1 if sheet.case.submitted_at else 0,
    )
    return [
        Step(
            label=page.label,
            state=_state(page, sheet.page, page in asked, page in done and place <= reached),
            lines=[SUBTITLES[page]],
            url=reverse("loans:application-page", args=[sheet.case.pk, page]) if place <= reached else "",
        )
        for place, page in enumerate(PAGES)
        if page in sheet.pages
    ]


def _state(page: DraftPage, current: DraftPage, is_asked: bool, is_done: bool) -> StepState:
    if page == current:
        return StepState.NOW
    if is_asked:
        return StepState.STOPPED
    return StepState.DONE if is_done else StepState.TODO


def previous_url(sheet: Sheet) -> str:
    if sheet.page == DraftPage.APPLICANT:
        return ""
    page = DraftPage.CHECK if sheet.is_change else sheet.pages[sheet.pages.index(sheet.page) - 1]
    return reverse("loans:application-page", args=[sheet.case.pk, page])


def check_context(sheet: Sheet, open_problems: Sequence[Problem], refused: Sequence[Problem] | None) -> dict[str, Any]:
    """Return the summary, what is still to do and, after a refusal, each reason with the page that puts it right."""
    asked = pages_to_correct(sheet.case)
    todo = [problem for problem in open_problems if problem.field != "consent_signed_on"]
    elsewhere = [problem for problem in refused or [] if page_of(problem.field) != DraftPage.CHECK]
    return {
        "cards": [(card, card.page in asked) for card in cards_of(sheet.case, sheet.draft, on=sheet.on)],
        "is_papers_page_asked": DraftPage.PAPERS in asked,
        "todo": shown_problems(sheet.case, todo),
        "refusals": shown_problems(sheet.case, elsewhere),
    }


def shown_problems(case: Application, problems: Sequence[Problem]) -> list[ShownProblem]:
    """Return problems with the address of the input that puts each right."""
    return [
        ShownProblem(label=label_of_field(problem.field), message=problem.message, target=target_of(case, problem))
        for problem in problems
    ]


def target_of(case: Application, problem: Problem) -> str:
    page = page_of(problem.field)
    anchor = "people" if problem.field in ("helped", "served") else f"id_{problem.field}"
    return f"{reverse('loans:application-page', args=[case.pk, page])}?back=check#{anchor}"


def label_of_field(name: str) -> str:
    for form in FORMS.values():
        if name in form.base_fields:
            return str(form.base_fields[name].label)
    return {"person": _("Applicant"), "papers": str(DraftPage.PAPERS.label)}.get(name, "")
