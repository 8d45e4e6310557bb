"""After paying out: writing down visits and what was done to collect. Rows are written once; a correction is a row."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import Post, User
from audit.choices import Action
from audit.operations import record
from files.operations import Prepared, store
from finance.money import to_fen
from loans.choices import (
    BusinessCondition,
    CollectionKind,
    LoanState,
    Reached,
    RepaymentOutlook,
    UseOfFunds,
    VisitSide,
)
from loans.models import CollectionAct, Loan, Visit, VisitPhoto
from loans.operations.errors import Blocked, NotAllowed
from loans.queries.ties import SERVED, ties_to
from loans.steps.facts import Problem
from web.clock import day_of

PHOTOS_MAX = 6
# The branch's duty is the secretary's; the clerk of the village may walk for it.
VERBS_OF_SIDE = {VisitSide.LENDER: (Verb.DISBURSE,), VisitSide.BRANCH: (Verb.REVIEW, Verb.REFER)}


@dataclass(frozen=True)
class VisitReport:
    """What was found at a visit. `photos` are checked files, not yet stored."""

    visited_on: date
    use_of_funds: UseOfFunds
    business: BusinessCondition
    outlook: RepaymentOutlook
    findings: str = ""
    photos: tuple[Prepared, ...] = ()

    @property
    def is_all_well(self) -> bool:
        """Whether nothing needs explaining."""
        return (
            self.use_of_funds == UseOfFunds.AS_AGREED
            and self.business in (BusinessCondition.GOOD, BusinessCondition.FAIR)
            and self.outlook == RepaymentOutlook.SURE
        )


@dataclass(frozen=True)
class CollectionReport:
    """What was done to collect, whom it reached, and what was promised (yuan, by a day; both or neither)."""

    kind: CollectionKind
    done_on: date
    reached: Reached
    promise_date: date | None = None
    promise_amount: Decimal | None = None
    note: str = ""
    paper: Prepared | None = None

    def __post_init__(self) -> None:
        if self.promise_amount is not None:
            to_fen(self.promise_amount)


def side_of(loan: Loan, user: User, *, on: date) -> tuple[VisitSide, Post] | None:
    """Return for whom an account looks after a loan, and by which post; None when it does not."""
    for side, verbs in VERBS_OF_SIDE.items():
        for verb in verbs:
            post = user.post_covering(verb, loan.place, on=on)
            if post is not None:
                return side, post
    return None


@transaction.atomic
def record_visit(
    *,
    loan_id: int,
    report: VisitReport,
    request_id: uuid.UUID,
    visitor: User,
    recorded_at: datetime,
    corrects_id: int | None = None,
    keep_photos: bool = True,
) -> Visit:
    """Write a visit down; with `corrects_id` the row that takes an older one's place, with its photos if wanted.

    The same `request_id` again changes nothing. Raises Blocked with sentences, NotAllowed, files.UnableToStore.
    """
    loan = Loan.objects.select_related("application__person").get(pk=loan_id)
    known = Visit.objects.filter(request_id=request_id, loan=loan, visitor=visitor).first()
    if known is not None:
        return known
    side, post = _require_side(loan, visitor, day_of(recorded_at))
    if SERVED in ties_to(loan.application, visitor) or visitor.person_id == loan.application.person_id:
        raise NotAllowed(_("Nobody visits his own household."))
    old = _visit_to_correct(loan, side, corrects_id) if corrects_id is not None else None
    kept = list(old.shots.all()) if old is not None and keep_photos else []
    problems = [*_visit_problems(loan, report, day_of(recorded_at)), *_photo_problems(report, len(kept))]
    if problems:
        raise Blocked(problems)
    visit = Visit(
        loan=loan, request_id=request_id, side=side, visited_on=report.visited_on, visitor=visitor,
        person_key=visitor.person_key, organization=post.organization, use_of_funds=report.use_of_funds,
        business=report.business, outlook=report.outlook, findings=report.findings.strip(), corrects=old,
        recorded_at=recorded_at,
    )  # fmt: skip
    _insert(visit, Problem(_("This visit has been written down or corrected meanwhile.")))
    attachments = [store(prepared=photo, by=visitor, at=recorded_at) for photo in report.photos]
    VisitPhoto.objects.bulk_create(
        VisitPhoto(visit=visit, attachment_id=attachment_id, position=position)
        for position, attachment_id in enumerate(
            [*(shot.attachment_id for shot in kept), *(attachment.pk for attachment in attachments)], start=1
        )
    )
    # Auditors read the trail without seeing cases: the day and the key of the row, no contract number.
    action = Action.CREATED if old is None else Action.CHANGED
    record(action=action, actor=visitor, at=recorded_at, subject=visit, label=str(visit.visited_on))
    return visit


@transaction.atomic
def record_collection(
    *, loan_id: int, report: CollectionReport, request_id: uuid.UUID, recorded_by: User, recorded_at: datetime
) -> CollectionAct:
    """Write down what was done to collect a loan. The same `request_id` again changes nothing.

    Raises Blocked with sentences, NotAllowed, files.UnableToStore.
    """
    loan = Loan.objects.get(pk=loan_id)
    known = CollectionAct.objects.filter(request_id=request_id, loan=loan, recorded_by=recorded_by).first()
    if known is not None:
        return known
    _side, post = _require_side(loan, recorded_by, day_of(recorded_at))
    problems = [*_day_problems(loan, report.done_on, day_of(recorded_at), "done_on"), *_promise_problems(report)]
    if problems:
        raise Blocked(problems)
    act = CollectionAct(
        loan=loan, request_id=request_id, kind=report.kind, done_on=report.done_on, reached=report.reached,
        promise_date=report.promise_date, promise_amount=report.promise_amount, note=report.note.strip(),
        recorded_by=recorded_by, organization=post.organization, recorded_at=recorded_at,
    )  # fmt: skip
    if report.paper is not None:
        act.paper = store(prepared=report.paper, by=recorded_by, at=recorded_at)
    _insert(act, Problem(_("This step has been written down meanwhile.")))
    record(action=Action.CREATED, actor=recorded_by, at=recorded_at, subject=act, label=str(act.done_on))
    return act


def _require_side(loan: Loan, user: User, on: date) -> tuple[VisitSide, Post]:
    user.forget_posts()
    found = side_of(loan, user, on=on)
    if found is None:
        raise NotAllowed
    return found


def _insert(row: Visit | CollectionAct, lost: Problem) -> None:
    """Insert a row; where somebody was quicker with the same request or correction, say so."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if "request_id" not in str(error) and "corrects_id" not in str(error):
            raise
        raise Blocked([lost]) from error


def _visit_to_correct(loan: Loan, side: VisitSide, visit_id: int) -> Visit:
    """Return the row to be corrected: of this loan and of the side of who corrects it."""
    old = Visit.objects.filter(pk=visit_id, loan=loan, side=side).prefetch_related("shots").first()
    if old is None:
        raise NotAllowed
    if Visit.objects.filter(corrects=old).exists():
        raise Blocked([Problem(_("This visit has been written down or corrected meanwhile."))])
    return old


def _day_problems(loan: Loan, day: date, on: date, field: str) -> list[Problem]:
    if day > on:
        return [Problem(_("The day lies in the future."), field)]
    if day < loan.start_date:
        return [Problem(_("The day lies before the loan was paid out."), field)]
    if loan.state == LoanState.SETTLED and loan.settled_on and day > loan.settled_on:
        return [Problem(_("The loan was already repaid on that day."), field)]
    return []


def _visit_problems(loan: Loan, report: VisitReport, on: date) -> list[Problem]:
    problems = _day_problems(loan, report.visited_on, on, "visited_on")
    if not report.is_all_well and not report.findings.strip():
        problems.append(Problem(_("Please write what was found."), "findings"))
    return problems


def _photo_problems(report: VisitReport, kept: int) -> list[Problem]:
    if kept + len(report.photos) > PHOTOS_MAX:
        return [Problem(_("Not more than %(number)s photos.") % {"number": PHOTOS_MAX}, "photos")]
    hashes = [photo.sha256 for photo in report.photos]
    # A photo proves that somebody was there on that day: one that proved another visit proves nothing here.
    used = VisitPhoto.objects.filter(attachment__sha256__in=hashes)
    if len(set(hashes)) < len(hashes) or used.exists():
        return [Problem(_("One of these photos already belongs to a visit. Please take a new one."), "photos")]
    return []


def _promise_problems(report: CollectionReport) -> list[Problem]:
    problems = []
    if (report.promise_date is None) != (report.promise_amount is None):
        missing = "promise_date" if report.promise_date is None else "promise_amount"
        problems.append(Problem(_("A promise has a day and an amount."), missing))
    if report.promise_amount is not None and report.promise_amount <= 0:
        problems.append(Problem(_("The amount must be above zero."), "promise_amount"))
    if report.promise_date is not None and report.promise_date < report.done_on:
        problems.append(Problem(_("The promised day lies before this day."), "promise_date"))
    if report.promise_date is not None and report.reached == Reached.NOBODY:
        problems.append(Problem(_("Where nobody was reached, nobody promised anything."), "reached"))
    return problems
