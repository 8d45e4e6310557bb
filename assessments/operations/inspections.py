"""Random inspections: the draw, what was found at each loan, the conclusion."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import Post, User
from assessments.models import (
    Inspection,
    InspectionAnswer,
    InspectionItem,
    InspectionPhoto,
    ProblemCategory,
    QuestionSheet,
)
from assessments.queries.inspections import population_of
from assessments.rules_draw import METHOD, Entry, draw, hash_of, list_of
from audit.choices import Action
from audit.operations import record
from files.models import Attachment
from files.operations import Prepared, store
from loans.models import Loan
from loans.operations.errors import Blocked, NotAllowed
from loans.steps.facts import Problem
from loans.steps.numbers import next_number
from organizations.models import Division
from web.clock import day_of

DRAWING = Verb.ASSESS
# Who fills the forms in: the county's office, and the township's committee for its own loans.
INSPECTING = (Verb.ASSESS, Verb.FILE)
SAMPLE_MAX = 500
SEED_LENGTH_MAX = 40
PHOTOS_MAX = 6
NUMBER_DIGITS = 2


@transaction.atomic
def store_questions(*, sheets: Sequence[Mapping[str, Any]], categories: Sequence[Mapping[str, Any]]) -> int:
    """Write the forms and categories that are not there yet, and return how many were new."""
    new = 0
    for one in sheets:
        _row, is_new = QuestionSheet.objects.get_or_create(
            code=one["code"], version=one["version"], defaults=dict(one)
        )
        new += is_new
    for one in categories:
        _row, is_new = ProblemCategory.objects.get_or_create(code=one["code"], defaults=dict(one))  # type: ignore[assignment]
        new += is_new
    return new


@transaction.atomic
def draw_inspection(
    *, division: Division, title: str, seed: str, size: int, request_id: uuid.UUID, drawn_by: User, at: datetime
) -> Inspection:
    """Draw from the live loans of a division as of now, and freeze list, hash and seed.

    The same `request_id` again returns the first draw. Raises NotAllowed, Blocked.
    """
    known = Inspection.objects.filter(request_id=request_id, drawn_by=drawn_by).first()
    if known is not None:
        return known
    on = day_of(at)
    drawn_by.forget_posts()
    if drawn_by.post_covering(DRAWING, division.place, on=on) is None:
        raise NotAllowed
    loans = population_of(division)
    problems = _draw_problems(title, seed, size, len(loans))
    if problems:
        raise Blocked(problems)
    entries = [Entry(number, township) for number, township in loans]
    text = list_of(entries)
    inspection = Inspection.objects.create(
        number=next_number(f"DY{on.year}", digits=NUMBER_DIGITS),
        request_id=request_id,
        division=division,
        title=title.strip(),
        seed=seed.strip(),
        method=METHOD,
        population=text,
        population_count=len(entries),
        population_hash=hash_of(text),
        sample_size=size,
        as_of=on,
        drawn_by=drawn_by,
        drawn_at=at,
    )
    _keep_drawn(inspection, entries)
    record(action=Action.CREATED, actor=drawn_by, at=at, subject=inspection)
    return inspection


def _draw_problems(title: str, seed: str, size: int, available: int) -> list[Problem]:
    problems = []
    if not title.strip():
        problems.append(Problem(_("Please give the inspection a title."), "title"))
    if not seed.strip() or len(seed.strip()) > SEED_LENGTH_MAX or not seed.strip().isalnum():
        problems.append(Problem(_("A seed number has letters and digits only."), "seed"))
    if not 0 < size <= min(available, SAMPLE_MAX):
        text = _("Between 1 and %(most)s loans can be drawn.") % {"most": min(available, SAMPLE_MAX)}
        problems.append(Problem(text, "size"))
    return problems


def _keep_drawn(inspection: Inspection, entries: list[Entry]) -> None:
    drawn = draw(entries, seed=inspection.seed, size=inspection.sample_size)
    loans = Loan.objects.in_bulk([one.entry.contract_number for one in drawn], field_name="contract_number")
    townships = Division.objects.in_bulk({one.entry.township_code for one in drawn}, field_name="code")
    InspectionItem.objects.bulk_create(
        InspectionItem(
            inspection=inspection,
            loan=loans[one.entry.contract_number],
            township=townships[one.entry.township_code],
            position=one.position,
            digest=one.digest,
        )
        for one in drawn
    )


@dataclass(frozen=True)
class Filled:
    """A form as it was filled in. `photos` are checked files, not yet stored."""

    sheet_id: int
    visited_on: date
    answers: Mapping[str, Any]
    findings: str = ""
    photos: tuple[Prepared, ...] = ()


@transaction.atomic
def fill_sheet(
    *, item_id: int, filled: Filled, request_id: uuid.UUID, recorded_by: User, at: datetime
) -> InspectionAnswer:
    """Keep a filled-in form; the same `request_id` again returns the first one. A newer form takes its place.

    Raises NotAllowed (no post, own household), Blocked, files.operations.UnableToStore.
    """
    item = InspectionItem.objects.select_related("inspection", "loan__application").get(pk=item_id)
    inspection = Inspection.objects.select_for_update(of=("self",)).get(pk=item.inspection_id)
    known = InspectionAnswer.objects.filter(request_id=request_id, recorded_by=recorded_by, item=item).first()
    if known is not None:
        return known
    post = _inspecting_post(item, recorded_by, at)
    sheet = QuestionSheet.objects.get(pk=filled.sheet_id)
    problems = _sheet_problems(inspection, sheet, filled, day_of(at))
    if problems:
        raise Blocked(problems)
    answer = InspectionAnswer.objects.create(
        item=item, request_id=request_id, sheet=sheet, visited_on=filled.visited_on, answers=dict(filled.answers),
        findings=filled.findings.strip(), recorded_by=recorded_by, organization=post.organization, recorded_at=at,
    )  # fmt: skip
    attachments = [store(prepared=photo, by=recorded_by, at=at) for photo in filled.photos]
    InspectionPhoto.objects.bulk_create(
        InspectionPhoto(answer=answer, attachment=one, position=place)
        for place, one in enumerate(attachments, start=1)
    )
    record(action=Action.CREATED, actor=recorded_by, at=at, subject=answer, label=str(filled.visited_on))
    return answer


def _inspecting_post(item: InspectionItem, user: User, at: datetime) -> Post:
    user.forget_posts()
    posts = (user.post_covering(verb, item.loan.place, on=day_of(at)) for verb in INSPECTING)
    post = next((one for one in posts if one is not None), None)
    if post is None:
        raise NotAllowed
    household = item.loan.application.household_id
    if user.person is not None and household is not None and user.person.household_id == household:
        raise NotAllowed(_("Nobody inspects his own household."))
    return post


def _sheet_problems(inspection: Inspection, sheet: QuestionSheet, filled: Filled, on: date) -> list[Problem]:
    problems = []
    if inspection.closed_at is not None:
        problems.append(Problem(_("This inspection is closed.")))
    if not day_of(inspection.drawn_at) <= filled.visited_on <= on:
        problems.append(Problem(_("The day lies between the draw and today."), "visited_on"))
    known = {question["code"] for question in sheet.questions}
    missing = [code for code in sorted(known) if filled.answers.get(code) in (None, "")]
    if missing or set(filled.answers) - known:
        problems.append(Problem(_("Please answer every question of the form.")))
    if len(filled.photos) > PHOTOS_MAX:
        problems.append(Problem(_("Not more than %(number)s photos.") % {"number": PHOTOS_MAX}, "photos"))
    hashes = [photo.sha256 for photo in filled.photos]
    used = InspectionPhoto.objects.filter(attachment__in=Attachment.objects.filter(sha256__in=hashes))
    if hashes and (len(set(hashes)) < len(hashes) or used.exists()):
        text = _("One of these photos already belongs to a visit. Please take a new one.")
        problems.append(Problem(text, "photos"))
    return problems


@transaction.atomic
def close_inspection(*, inspection_id: int, conclusion: str, closed_by: User, at: datetime) -> Inspection:
    """Write the conclusion; nothing is filled in afterwards. Raises NotAllowed, Blocked (a loan without a form)."""
    rows = Inspection.objects.select_for_update(of=("self",)).select_related("division")
    inspection = rows.get(pk=inspection_id)
    closed_by.forget_posts()
    if closed_by.post_covering(DRAWING, inspection.division.place, on=day_of(at)) is None:
        raise NotAllowed
    if inspection.closed_at is not None:
        raise Blocked([Problem(_("This inspection is closed."))])
    open_items = inspection.items.filter(answers=None).count()
    problems = []
    if open_items:
        text = _("%(number)s of the loans drawn have no form yet.") % {"number": open_items}
        problems.append(Problem(text))
    if not conclusion.strip():
        problems.append(Problem(_("Please write the conclusion."), "conclusion"))
    if problems:
        raise Blocked(problems)
    inspection.closed_by, inspection.closed_at, inspection.conclusion = closed_by, at, conclusion.strip()
    inspection.save(update_fields=["closed_by", "closed_at", "conclusion"])
    record(action=Action.CLOSED, actor=closed_by, at=at, subject=inspection)
    return inspection
