"""The guided application: pages that save themselves, and submitting with the introduction in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from loans.choices import DraftPage, Outcome, StepCode
from loans.models import Application, ApplicationDraft
from loans.operations.applications import ApplicationData, change_application, create_application, data_of
from loans.operations.decisions import context_of, decide
from loans.operations.errors import Blocked, Conflict, NotAllowed
from loans.operations.trail import contents_of, introduction_in, keep_trail
from loans.steps.facts import IntakeFacts, Problem, ReferralFacts
from loans.steps.making import introducer_problems
from organizations.models import PartyMember
from workflow.engine import State

PAGES = tuple(DraftPage)


@dataclass(frozen=True)
class Introduction:
    """Who introduces the applicant, as far as the clerk knows it yet."""

    introducer_id: int | None = None
    visited_on: date | None = None
    is_no_relative: bool = False


@dataclass(frozen=True)
class PageInput:
    """What one page says: `answers` by the names of ApplicationData, `unfinished` what was typed and is not valid."""

    page: DraftPage
    answers: Mapping[str, Any] = field(default_factory=dict)
    introduction: Introduction | None = None
    unfinished: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def begin_draft(*, data: ApplicationData, request_id: UUID, begun_by: User, begun_at: datetime) -> Application:
    """Write a draft after the first page. The same `request_id` again returns the first one.

    Raises Blocked, NotAllowed as `create_application` does.
    """
    case = create_application(data=data, request_id=request_id, created_by=begun_by, created_at=begun_at)
    ApplicationDraft.objects.get_or_create(
        application=case,
        defaults={
            "page_reached": DraftPage.REFERRAL,
            "saved_at": begun_at,
            "saved_by": begun_by,
            "trail": contents_of(case),
            "trail_by": begun_by,
            "trail_at": begun_at,
        },
    )
    return case


@transaction.atomic
def save_page(
    *,
    application_id: int,
    typed: PageInput,
    revision: int,
    saved_by: User,
    saved_at: datetime,
    is_autosave: bool = False,
) -> ApplicationDraft:
    """Store what one page says, and how far the clerk has come. `application` of what returns holds the new revision.

    Raises Conflict when the case was changed since `revision`, Blocked, NotAllowed.
    """
    case, draft, before = _change(application_id, typed.answers, revision, saved_by, saved_at)
    before |= introduction_in(draft)
    if typed.introduction is not None:
        _introduce(draft, typed.introduction)
        facts = None if is_autosave else referral_facts_of(draft)
        if facts is not None:
            _refuse_introducer(case, facts, saved_by, saved_at)
    after = contents_of(case) | introduction_in(draft)
    if case.revision == revision and after != before:
        case.revision += 1  # the introduction lies beside the case, but it is read and overwritten with it
        case.save(update_fields=["revision"])
    keep_trail(draft, before=before, after=after, by=saved_by, at=saved_at, is_autosave=is_autosave)
    draft.unfinished = _merged(draft.unfinished, typed)
    draft.page_reached = _further(draft.page_reached, typed.page, is_done=not is_autosave and not typed.unfinished)
    draft.saved_at, draft.saved_by = saved_at, saved_by
    draft.save()
    return draft


@transaction.atomic
def submit_draft(
    *,
    application_id: int,
    consent_signed_on: date,
    declarations: tuple[str, ...],
    revision: int,
    submitted_by: User,
    submitted_at: datetime,
) -> Application:
    """Submit the application and, where the clerk knows the introducer, carry out the introduction with it.

    Both or nothing. Raises Blocked with every reason, Conflict when it was changed since `revision`, NotAllowed.
    """
    answers = {"consent_signed_on": consent_signed_on}
    case, draft, before = _change(application_id, answers, revision, submitted_by, submitted_at)
    _refuse_unfinished(draft)
    before |= introduction_in(draft)
    after = contents_of(case) | introduction_in(draft)
    keep_trail(draft, before=before, after=after, by=submitted_by, at=submitted_at, is_autosave=False)
    draft.page_reached, draft.saved_at, draft.saved_by = DraftPage.CHECK, submitted_at, submitted_by
    draft.save()
    act: dict[str, Any] = {"application_id": case.pk, "decided_by": submitted_by, "decided_at": submitted_at}
    decide(
        step=StepCode.INTAKE, outcome=Outcome.SUBMIT, facts=IntakeFacts(declarations), revision=case.revision, **act
    )
    case.refresh_from_db()
    facts = referral_facts_of(draft)
    if facts is not None and case.step == StepCode.REFERRAL and case.state in (State.OPEN, State.RETURNED):
        decide(step=StepCode.REFERRAL, outcome=Outcome.PASS, facts=facts, revision=case.revision, **act)
        case.refresh_from_db()
    return case


def referral_facts_of(draft: ApplicationDraft) -> ReferralFacts | None:
    """Return what the draft says of the introduction, or None while the clerk does not know all of it."""
    if draft.introducer_id is None or draft.visited_on is None or not draft.is_no_relative:
        return None
    return ReferralFacts(
        introducer_id=draft.introducer_id, visited_on=draft.visited_on, is_no_relative=draft.is_no_relative
    )


def _change(
    application_id: int, answers: Mapping[str, Any], revision: int, by: User, at: datetime
) -> tuple[Application, ApplicationDraft, dict[str, str]]:
    """Change some answers of a case; return it locked, its draft, and what it said before."""
    seen = Application.objects.get(pk=application_id)
    if seen.revision != revision or not seen.is_editable:
        raise Conflict(seen, seen.decisions.order_by("-sequence").first())
    case, before = change_application(
        application_id=application_id,
        data=replace(data_of(seen), **answers),
        revision=revision,  # the same as of what was read above: nobody has come between
        edited_by=by,
        edited_at=at,
    )
    draft, _made = ApplicationDraft.objects.get_or_create(application=case, defaults={"saved_at": at, "saved_by": by})
    draft.application = case
    return case, draft, before


def _introduce(draft: ApplicationDraft, introduction: Introduction) -> None:
    member = introduction.introducer_id
    township = draft.application.division_path[:9]
    if member is not None and not PartyMember.objects.filter(
        pk=member, memberships__branch__division__path__startswith=township
    ).exists():  # fmt: skip
        raise NotAllowed
    draft.introducer_id = member
    draft.visited_on, draft.is_no_relative = introduction.visited_on, introduction.is_no_relative


def _refuse_introducer(case: Application, facts: ReferralFacts, by: User, at: datetime) -> None:
    """Say at once what the introduction would be refused for on the day of submission."""
    problems = introducer_problems(case, facts, context_of(case, decided_by=by, decided_at=at))
    if problems:
        raise Blocked(problems)


def _merged(unfinished: Mapping[str, Any], typed: PageInput) -> dict[str, Any]:
    """Return what is not valid yet, by page; a page without mistakes is forgotten."""
    kept = {page: texts for page, texts in unfinished.items() if page != typed.page}
    return kept | ({str(typed.page): dict(typed.unfinished)} if typed.unfinished else {})


def _further(reached: str, page: DraftPage, *, is_done: bool) -> DraftPage:
    """Return the furthest page: a finished one opens the next."""
    place = min(PAGES.index(page) + is_done, len(PAGES) - 1)
    return max(DraftPage(reached), PAGES[place], key=PAGES.index)


def _refuse_unfinished(draft: ApplicationDraft) -> None:
    problems = [
        Problem(_("Something on the page “%(page)s” is not right yet.") % {"page": DraftPage(page).label}, name)
        for page, texts in draft.unfinished.items()
        for name in list(texts)[:1]
    ]
    if problems:
        raise Blocked(problems)
