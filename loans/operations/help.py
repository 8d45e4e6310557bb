"""What the offices find out about promises of help: the branch at its review, branch or committee after lending."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import Post, User
from audit.choices import Action
from audit.operations import record
from loans.choices import HelpVerdict, Side, StepCode
from loans.models import Application, HelpCommitment, HelpLapse, HelpVerification, Loan
from loans.operations.decisions import lock_application
from loans.operations.errors import Blocked, NotAllowed
from loans.operations.separation import require_another_person
from loans.queries.help import verdicts_of
from loans.queries.ties import SERVED, ties_to
from loans.steps.facts import Problem
from web.clock import day_of

REPORTING_VERBS = (Verb.REVIEW, Verb.FILE)


@dataclass(frozen=True)
class Finding:
    """What the branch found about one person: true as stated, or not, and then why."""

    person_id: int
    verdict: HelpVerdict
    note: str = ""


@transaction.atomic
def verify_commitments(
    *, application_id: int, findings: Sequence[Finding], verified_by: User, verified_at: datetime
) -> list[HelpVerification]:
    """Write down what the branch found about those whom a borrower promises to help. Returns the new rows.

    Saying again what stands there already writes nothing. Raises Blocked (not at the review, a person who is not
    named, no note for what is not as stated), NotAllowed.
    """
    case = lock_application(application_id)
    post = _reviewing_post(case, verified_by, day_of(verified_at))
    named = {one.person_id: one for one in case.commitments.select_related("person")}
    _refuse_findings(case, findings, named)
    standing = verdicts_of(case)
    rows = []
    for finding in findings:
        commitment, before = named[finding.person_id], standing.get(finding.person_id)
        said = (commitment.kind, finding.verdict, finding.note.strip())
        if before is not None and (before.kind, before.verdict, before.note) == said:
            continue
        rows.append(
            HelpVerification.objects.create(
                application=case, person=commitment.person, kind=commitment.kind, verdict=finding.verdict,
                note=finding.note.strip(), verified_by=verified_by, person_key=verified_by.person_key,
                organization=post.organization, verified_at=verified_at,
            )
        )  # fmt: skip
        record(action=Action.CREATED, actor=verified_by, at=verified_at, subject=rows[-1], label=case.number)
    return rows


def _reviewing_post(case: Application, user: User, on: date) -> Post:
    user.forget_posts()
    post = user.post_covering(Verb.REVIEW, case.place, on=on)
    if post is None:
        raise NotAllowed
    require_another_person(case, Side.BRANCH, user)
    return post


def _refuse_findings(
    case: Application, findings: Sequence[Finding], named: dict[int, HelpCommitment]
) -> None:  # fmt: skip
    if case.step != StepCode.BRANCH_REVIEW or not case.is_waiting:
        raise Blocked([Problem(_("Promises of help are verified at the branch's review."))])
    problems = []
    for finding in findings:
        if finding.person_id not in named:
            raise NotAllowed
        if finding.verdict != HelpVerdict.CONFIRMED and not finding.note.strip():
            name = named[finding.person_id].person.name
            text = _("Write what was found about %(name)s.") % {"name": name}
            problems.append(Problem(text, f"note_{finding.person_id}"))
    if problems:
        raise Blocked(problems)


@transaction.atomic
def report_lapse(
    *,
    application_id: int,
    person_id: int,
    lapsed_on: date,
    reason: str,
    reported_by: User,
    reported_at: datetime,
) -> HelpLapse:
    """Write down that a borrower does not keep a promise of help; the person may be helped under another case.

    It counts against the next request of his household (see ProgrammeVersion.help_lapse_months). Reported once; the
    second call returns the first row. Raises Blocked (nothing lent yet, a day out of order, no reason), NotAllowed.
    """
    case = lock_application(application_id)
    on = day_of(reported_at)
    post = _reporting_post(case, reported_by, on)
    commitment = case.commitments.filter(person=person_id).first()
    if commitment is None:
        raise NotAllowed
    known = HelpLapse.objects.filter(application=case, person=person_id).first()
    if known is not None:
        return known
    _refuse_lapse(case, lapsed_on, reason, on)
    lapse = HelpLapse.objects.create(
        application=case, person_id=person_id, kind=commitment.kind, lapsed_on=lapsed_on, reason=reason.strip(),
        reported_by=reported_by, person_key=reported_by.person_key, organization=post.organization,
        reported_at=reported_at,
    )  # fmt: skip
    HelpCommitment.objects.filter(pk=commitment.pk, is_live=True).update(is_live=False)
    record(action=Action.CREATED, actor=reported_by, at=reported_at, subject=lapse, label=case.number, reason=reason)
    return lapse


def reporting_post(case: Application, user: User, on: date) -> Post | None:
    """Return the post by which an account reports that a promise is not kept, if any."""
    posts = (user.post_covering(verb, case.place, on=on) for verb in REPORTING_VERBS)
    return next((post for post in posts if post is not None), None)


def _reporting_post(case: Application, user: User, on: date) -> Post:
    user.forget_posts()
    post = reporting_post(case, user, on)
    if post is None:
        raise NotAllowed
    if SERVED in ties_to(case, user) or (user.person_id is not None and user.person_id == case.person_id):
        raise NotAllowed(_("Nobody reports on his own household."))
    return post


def _refuse_lapse(case: Application, lapsed_on: date, reason: str, on: date) -> None:
    loan = Loan.objects.filter(application=case).first()
    if loan is None:
        raise Blocked([Problem(_("Nothing is lent yet: return the case, so that the promise is corrected."))])
    problems = []
    if not loan.start_date <= lapsed_on <= on:
        problems.append(Problem(_("The day lies before the loan was paid out, or in the future."), "lapsed_on"))
    if not reason.strip():
        problems.append(Problem(_("Please give the reason."), "reason"))
    if problems:
        raise Blocked(problems)
