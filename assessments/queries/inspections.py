"""Random inspections as pages and papers show them."""

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import User
from assessments.choices_inspections import SheetKind
from assessments.models import Inspection, InspectionAnswer, InspectionItem, InspectionPhoto, QuestionSheet
from files.models import Attachment
from loans.choices import LoanState
from loans.models import Loan
from organizations.models import Division
from organizations.scope import Scope

TOWNSHIP_DIGITS = 9
COUNTY_DIGITS = 6
READERS = (Verb.ASSESS, Verb.FILE, Verb.APPROVE_CLAIM)


def inspections_for(user: User, *, on: date) -> QuerySet[Inspection]:
    """Return the inspections of the counties in which the account works, to whichever township it belongs."""
    paths = user.people_scope(*READERS, on=on).division_paths
    counties = Scope(division_paths=tuple(sorted({path[:COUNTY_DIGITS] for path in paths})))
    return Inspection.objects.for_scope(counties).select_related("division", "drawn_by", "closed_by")


def population_of(division: Division) -> list[tuple[str, str]]:
    """Return the live loans of a division as (contract number, township code). One question."""
    rows = Loan.objects.filter(division_path__startswith=division.path, state=LoanState.LIVE)
    found = rows.order_by("contract_number").values_list("contract_number", "division_path")
    return [(number, f"{path[:TOWNSHIP_DIGITS]}000") for number, path in found]


def inspection_rows(user: User, *, on: date) -> QuerySet[Inspection]:
    """Return the inspections an account sees, the newest first, with `items_done` and `problems_found`."""
    return (
        inspections_for(user, on=on)
        .annotate(
            items_done=Count("items", distinct=True, filter=Q(items__answers__isnull=False)),
            problems_found=Count("items__problems", distinct=True),
        )
        .order_by("-drawn_at", "-pk")
    )


def items_of(inspection: Inspection, *, scope: Scope) -> QuerySet[InspectionItem]:
    """Return the loans drawn inside a scope, in the order of the draw, with `answers` of their forms."""
    answers = InspectionAnswer.objects.select_related("sheet").order_by("pk")
    return (
        InspectionItem.objects.for_scope(scope)
        .filter(inspection=inspection)
        .select_related("loan__application__person", "loan__application__entity", "loan__division", "township")
        .prefetch_related(Prefetch("answers", queryset=answers))
        .order_by("position")
    )


def item_in_full() -> QuerySet[InspectionItem]:
    """Return loans drawn with all that the page of one shows."""
    photos = InspectionPhoto.objects.select_related("attachment").order_by("position")
    answers = InspectionAnswer.objects.select_related("sheet", "recorded_by").prefetch_related(
        Prefetch("shots", queryset=photos)
    )
    return InspectionItem.objects.select_related(
        "inspection", "loan__application__person", "loan__application__entity", "loan__division__parent", "township"
    ).prefetch_related(Prefetch("answers", queryset=answers.order_by("-pk")), "problems__category")


def sheets() -> list[QuestionSheet]:
    """Return the newest version of each form, in the order of the kinds."""
    order = {kind: place for place, kind in enumerate(SheetKind.values)}
    newest = {one.code: one for one in QuestionSheet.objects.order_by("code", "version")}
    return sorted(newest.values(), key=lambda sheet: (order[sheet.kind], sheet.code))


@dataclass(frozen=True)
class Tally:
    """How often each answer was given to a question; texts are not counted, of numbers the sum and the mean."""

    sheet: str
    question: str
    counts: tuple[tuple[str, int], ...]
    number: int

    @property
    def shown(self) -> list[tuple[str, int]]:
        """The answers in the reader's words."""
        words = {"yes": _("Yes"), "no": _("No")}
        return [(words.get(answer, answer), number) for answer, number in self.counts]


def results_of(inspection: Inspection) -> list[Tally]:
    """Return what the newest forms of an inspection answered, question by question. Two questions."""
    newest: dict[tuple[int, int], InspectionAnswer] = {}
    for one in InspectionAnswer.objects.filter(item__inspection=inspection).select_related("sheet").order_by("pk"):
        newest[(one.item_id, one.sheet_id)] = one
    by_sheet: dict[int, list[InspectionAnswer]] = {}
    for one in newest.values():
        by_sheet.setdefault(one.sheet_id, []).append(one)
    return [
        tally
        for answers in by_sheet.values()
        for question in answers[0].sheet.questions
        if (tally := _tally(answers[0].sheet, question, [one.answers.get(question["code"]) for one in answers]))
    ]


def _tally(sheet: QuestionSheet, question: dict[str, Any], given: list[Any]) -> Tally | None:
    if question["kind"] == "text":
        return None
    counts = Counter(str(one) for one in given if one not in (None, ""))
    options = question.get("options") or (
        ["yes", "no"] if question["kind"] == "yes_no" else sorted(counts, key=_number)
    )
    rows = tuple((str(option), counts.get(str(option), 0)) for option in options)
    return Tally(sheet.title, question["text"], rows, sum(counts.values()))


def _number(text: str) -> tuple[int, str]:
    return (int(text) if text.isdigit() else 0, text)


def photo_of(inspection_id: int, photo: uuid.UUID, *, scope: Scope) -> Attachment | None:
    """Return a photo of an inspection, if its loan lies inside the scope."""
    items = InspectionItem.objects.for_scope(scope).filter(inspection=inspection_id)
    shots = InspectionPhoto.objects.filter(answer__item__in=items, attachment__uuid=photo)
    shot = shots.select_related("attachment").first()
    return shot.attachment if shot is not None else None
