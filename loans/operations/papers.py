"""Papers of a case: adding, replacing, turning, ordering, withdrawing, and saying that they were seen.

Nothing is erased: a paper that is replaced or withdrawn stays with its file and no longer counts.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Post, User
from audit.choices import Action
from audit.operations import record
from files.operations import Prepared, store, turned
from loans.choices import Outcome, Side, StepCode
from loans.models import Application, CasePaper, CasePaperSeen, MissingPaper, PaperWithdrawal
from loans.operations.decisions import lock_application
from loans.operations.errors import Blocked, NotAllowed
from loans.operations.separation import require_another_person
from loans.queries.papers import documents_asked
from loans.steps import STEPS
from loans.steps.facts import Problem
from loans.steps.locks import hold_request
from web.clock import day_of

FILES_MAX = 10  # in one sending
PAPERS_MAX = 60  # that count, in one case


@dataclass(frozen=True)
class PaperData:
    """Files that stand for one paper: of the rules (`document_id`), or with a name of their own. Not stored yet."""

    files: tuple[Prepared, ...]
    document_id: int | None = None
    name: str = ""


def paper_side(case: Application, user: User, *, on: date) -> tuple[Side, Post] | None:
    """Return on whose behalf an account may add papers now, and by which post; None when it may not.

    The clerk's side while the application is his, later the side whose turn the step is.
    """
    if case.is_ended or (case.step == StepCode.INTAKE and not case.is_editable):
        return None
    for outcome, rule in STEPS[case.step].rules.items():
        if rule.verb is None or outcome == Outcome.WITHDRAW:
            continue
        post = user.post_covering(rule.verb, case.place, on=on)
        if post is not None:
            return rule.side, post
    return None


@transaction.atomic
def add_papers(
    *, application_id: int, data: PaperData, request_id: uuid.UUID, added_by: User, added_at: datetime
) -> list[CasePaper]:
    """Add files to a case. The same `request_id` again, or a file that is there for the same paper, adds nothing.

    Raises Blocked with sentences, NotAllowed, files.UnableToStore, Application.DoesNotExist.
    """
    hold_request(request_id)
    known = list(CasePaper.objects.filter(request_id=request_id, application=application_id, added_by=added_by))
    if known:
        return known
    case = lock_application(application_id)
    side, post = _require_side(case, added_by, added_at)
    name = _name_of(case, data)
    standing = list(CasePaper.objects.standing().filter(application=case).select_related("attachment"))
    there = {one.attachment.sha256: one for one in standing if (one.document_id, one.name) == (data.document_id, name)}
    fresh = {one.sha256: one for one in data.files if one.sha256 not in there}
    _refuse_too_many(data, len(standing) + len(fresh))
    added = [
        _add(
            CasePaper(
                application=case, document_id=data.document_id, name=name, request_id=request_id, part=part,
                position=max((one.position for one in standing), default=0) + part, step=case.step, side=side,
                organization=post.organization, added_by=added_by, added_at=added_at,
            ),
            prepared,
        )
        for part, prepared in enumerate(fresh.values(), start=1)
    ]  # fmt: skip
    return [*(there[one.sha256] for one in data.files if one.sha256 in there), *added]


@transaction.atomic
def replace_paper(
    *, paper_id: int, file: Prepared, request_id: uuid.UUID, replaced_by: User, replaced_at: datetime
) -> CasePaper:
    """Put another file in the place of a paper. The same `request_id` again changes nothing.

    Raises Blocked (also when it was replaced or withdrawn meanwhile), NotAllowed, files.UnableToStore.
    """
    hold_request(request_id)
    known = CasePaper.objects.filter(request_id=request_id, replaces=paper_id, added_by=replaced_by).first()
    if known is not None:
        return known
    paper, post = _lock_own(paper_id, replaced_by, replaced_at)
    return _put_in_place(paper, file, request_id, post, replaced_by, replaced_at)


@transaction.atomic
def rotate_paper(
    *, paper_id: int, quarter_turns: int, request_id: uuid.UUID, rotated_by: User, rotated_at: datetime
) -> CasePaper:
    """Turn a picture clockwise: a new file in the place of the old one, which is kept.

    Raises Blocked (also for what is no picture), NotAllowed, files.UnableToStore, files.FileMissing.
    """
    hold_request(request_id)
    known = CasePaper.objects.filter(request_id=request_id, replaces=paper_id, added_by=rotated_by).first()
    if known is not None:
        return known
    paper, post = _lock_own(paper_id, rotated_by, rotated_at)
    if not paper.attachment.is_picture:
        raise Blocked([Problem(_("Only a picture can be turned."))])
    file = turned(attachment=paper.attachment, quarter_turns=quarter_turns)
    return _put_in_place(paper, file, request_id, post, rotated_by, rotated_at)


@transaction.atomic
def withdraw_paper(*, paper_id: int, withdrawn_by: User, withdrawn_at: datetime, reason: str = "") -> None:
    """Take a paper back: it no longer counts, the row and the file stay. A second time changes nothing.

    Raises Blocked when it was replaced meanwhile, NotAllowed.
    """
    if PaperWithdrawal.objects.filter(paper=paper_id, withdrawn_by=withdrawn_by).exists():
        return
    paper, _post = _lock_own(paper_id, withdrawn_by, withdrawn_at)
    PaperWithdrawal.objects.create(
        paper=paper, reason=reason.strip(), withdrawn_by=withdrawn_by, withdrawn_at=withdrawn_at
    )
    record(
        action=Action.CHANGED, actor=withdrawn_by, at=withdrawn_at, subject=paper,
        detail={"state": ["standing", "withdrawn"]},
    )  # fmt: skip


@transaction.atomic
def order_papers(*, application_id: int, paper_ids: Sequence[int], ordered_by: User, ordered_at: datetime) -> None:
    """Put papers into this order; those not named come after them as they were. Raises NotAllowed."""
    case = lock_application(application_id)
    _require_side(case, ordered_by, ordered_at)
    rows = list(CasePaper.objects.standing().filter(application=case).order_by("position", "pk"))
    rank = {paper_id: place for place, paper_id in enumerate(paper_ids)}
    if not rank.keys() <= {row.pk for row in rows}:
        raise NotAllowed
    rows.sort(key=lambda row: (rank.get(row.pk, len(rank)), row.position, row.pk))
    for position, row in enumerate(rows, start=1):
        row.position = position
    CasePaper.objects.bulk_update(rows, ["position"])


@transaction.atomic
def explain_missing(
    *, application_id: int, document_id: int, reason: str, written_by: User, written_at: datetime
) -> MissingPaper:
    """Write down, for the clerk's side, why a paper is not there; a later reason takes an earlier one's place.

    Raises Blocked, NotAllowed.
    """
    case = lock_application(application_id)
    side, _post = _require_side(case, written_by, written_at)
    if side != Side.MAKING or document_id not in {one.pk for one in documents_asked(case.version, case.borrower_kind)}:
        raise NotAllowed
    if not reason.strip():
        raise Blocked([Problem(_("Please give the reason."), "reason")])
    newest = MissingPaper.objects.filter(application=case, document=document_id).order_by("-written_at", "-pk").first()
    if newest is not None and newest.reason == reason.strip():
        return newest
    return MissingPaper.objects.create(
        application=case, document_id=document_id, reason=reason.strip(), written_by=written_by, written_at=written_at
    )


@transaction.atomic
def mark_seen(*, paper_id: int, seen_by: User, seen_at: datetime) -> None:
    """Write down that an account has looked at a paper. Once is enough. The caller has asked whether he may see it."""
    CasePaperSeen.objects.bulk_create(
        [CasePaperSeen(paper_id=paper_id, account=seen_by, seen_at=seen_at)], ignore_conflicts=True
    )


def _require_side(case: Application, user: User, at: datetime) -> tuple[Side, Post]:
    user.forget_posts()
    found = paper_side(case, user, on=day_of(at))
    if found is None:
        raise NotAllowed
    require_another_person(case, found[0], user)
    return found


def _lock_own(paper_id: int, user: User, at: datetime) -> tuple[CasePaper, Post]:
    """Return a paper that counts and that this account's side added, its case locked."""
    paper = CasePaper.objects.select_related("attachment").filter(pk=paper_id).first()
    if paper is None:
        raise NotAllowed
    case = lock_application(paper.application_id)
    side, post = _require_side(case, user, at)
    if paper.side != side:
        raise NotAllowed
    if not CasePaper.objects.standing().filter(pk=paper_id).exists():
        raise Blocked([Problem(_("This paper was replaced or withdrawn meanwhile."))])
    paper.application = case
    return paper, post


def _put_in_place(
    paper: CasePaper, file: Prepared, request_id: uuid.UUID, post: Post, user: User, at: datetime
) -> CasePaper:
    if file.sha256 == paper.attachment.sha256:
        raise Blocked([Problem(_("This is the file that is there already."), "file")])
    return _add(
        CasePaper(
            application=paper.application, document_id=paper.document_id, name=paper.name, request_id=request_id,
            position=paper.position, replaces=paper, step=paper.application.step, side=paper.side,
            organization=post.organization, added_by=user, added_at=at,
        ),
        file,
    )  # fmt: skip


def _add(paper: CasePaper, file: Prepared) -> CasePaper:
    """Store the file, then its row. A file lost in a race stays without a row until it is swept."""
    paper.attachment = store(prepared=file, by=paper.added_by, at=paper.added_at)
    try:
        with transaction.atomic():
            paper.save(force_insert=True)
    except IntegrityError as error:
        if "paper_is_sent_once" not in str(error) and "replaces_id" not in str(error):
            raise
        raise Blocked([Problem(_("This paper was replaced or withdrawn meanwhile."))]) from error
    record(action=Action.CREATED, actor=paper.added_by, at=paper.added_at, subject=paper, label=paper.name)
    return paper


def _name_of(case: Application, data: PaperData) -> str:
    """Return what the paper is called. Raises NotAllowed for a paper that these rules do not ask for."""
    if data.document_id is None:
        if not data.name.strip():
            raise Blocked([Problem(_("Please say what this paper is."), "name")])
        return data.name.strip()
    asked = {one.pk: one.name for one in documents_asked(case.version, case.borrower_kind)}
    if data.document_id not in asked:
        raise NotAllowed
    return asked[data.document_id]


def _refuse_too_many(data: PaperData, standing: int) -> None:
    if not data.files:
        raise Blocked([Problem(_("Please choose a file."), "files")])
    if len(data.files) > FILES_MAX:
        raise Blocked([Problem(_("Not more than %(number)s files at once.") % {"number": FILES_MAX}, "files")])
    if standing > PAPERS_MAX:
        raise Blocked([Problem(_("A case has at most %(number)s papers.") % {"number": PAPERS_MAX}, "files")])
