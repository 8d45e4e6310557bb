"""By which post an account acts on a batch, and why the same person may not act twice."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import Post, User
from loans.models import Loan, Programme
from organizations.choices import OrganizationKind
from organizations.scope import NotAllowed, scope_of
from subsidies.choices import BatchStep
from subsidies.models import SubsidyBatch
from subsidies.queries.batches import decisions_of

FINANCE_KINDS = (OrganizationKind.FINANCE_BUREAU,)
LEADING_KINDS = (OrganizationKind.RED_CREDIT_LEADING_GROUP, OrganizationKind.RED_CREDIT_OFFICE)

# Who looks at batches: offices of the county at all of it, a township or an outlet at its own lines.
NAME_READERS = (
    Verb.ASSESS,
    Verb.CONFIRM_SUBSIDY,
    Verb.APPROVE_PAYMENT,
    Verb.FILE,
    Verb.DISBURSE,
    Verb.CONSENT,
)

MAKING = "making"
SIDES: dict[str, str] = {
    BatchStep.COMPUTATION: MAKING,
    BatchStep.NOTICE: MAKING,
    BatchStep.REVIEW: BatchStep.REVIEW,
    BatchStep.APPROVAL: BatchStep.APPROVAL,
    BatchStep.SECOND_APPROVAL: BatchStep.SECOND_APPROVAL,
}


def county_post(
    user: User, verb: Verb, programme: Programme, *, on: date, kinds: Sequence[str] = ()
) -> Post | None:  # fmt: skip
    """Return the post by which an account may do `verb` to the batches of a programme's county, or None.

    With `kinds` only posts of such organizations count.
    """
    place = programme.division.place
    return next(
        (
            post
            for post in user.posts_for(verb, on=on)
            if (not kinds or post.organization.kind in kinds) and scope_of(post.organization).covers(place)
        ),
        None,
    )


def require_county_post(
    user: User, verb: Verb, programme: Programme, *, on: date, kinds: Sequence[str] = ()
) -> Post:  # fmt: skip
    """Return the post, read under the caller's lock. Raises NotAllowed."""
    user.forget_posts()
    post = county_post(user, verb, programme, on=on, kinds=kinds)
    if post is None:
        raise NotAllowed
    return post


def require_loan_post(user: User, verbs: Sequence[Verb], loan: Loan, *, on: date) -> Post:
    """Return the post by which an account may do one of the verbs to a loan. Raises NotAllowed."""
    user.forget_posts()
    found = (user.post_covering(verb, loan.place, on=on) for verb in verbs)
    post = next((post for post in found if post is not None), None)
    if post is None:
        raise NotAllowed
    return post


def reason_against(batch: SubsidyBatch, user: User, *, side: str) -> str:
    """Return why this person may not act on a side of a batch though his post would allow it; "" when he may.

    Whoever opened the batch is of the making side; two accounts of one person are one person.
    """
    sides = {SIDES[step] for step in _steps_of(batch, user)}
    if batch.created_by.person_key == user.person_key:
        sides.add(MAKING)
    if sides - {side}:
        return _("You have already acted on this batch at another step; somebody else must do this one.")
    return ""


def _steps_of(batch: SubsidyBatch, user: User) -> set[str]:
    return {decision.step for decision in decisions_of(batch) if decision.person_key == user.person_key}


def require_another_person(batch: SubsidyBatch, user: User, *, side: str) -> None:
    """Raises NotAllowed with a sentence."""
    sentence = reason_against(batch, user, side=side)
    if sentence:
        raise NotAllowed(sentence)
