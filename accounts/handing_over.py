"""Posts that change hands: for good (hand-over), or while somebody is away (delegation).

Cases belong to posts and not to people, so the open work moves by itself on the day. The security administrator does
both and neither for himself; both people are told.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.choices import Role, Verb
from accounts.messages import DELEGATED, GIVEN_AWAY, STANDS_IN, TAKEN_OVER
from accounts.models import Post, User
from accounts.operations import UnableToAppoint, authorise, dismiss, give_post, not_oneself, within_reach
from inbox.operations import News, tell
from inbox.registry import Kind
from web.clock import day_of
from web.display import show_day


@transaction.atomic
def hand_over(*, post: Post, to: User, first_day: date, handed_over_by: User, handed_over_at: datetime) -> Post:
    """Let a post end with the day before `first_day` and give it to somebody else from that day on.

    The new post ends when the old one would have ended. Raises UnableToAppoint with a sentence, NotAllowed.
    """
    post = _lock(post, to, handed_over_by, handed_over_at)
    if first_day < day_of(handed_over_at):
        raise UnableToAppoint(_("A post is handed over today or later."))
    if first_day <= post.valid_from:
        raise UnableToAppoint(_("The post itself only begins on %(day)s.") % {"day": show_day(post.valid_from)})
    if post.valid_to is not None and post.valid_to < first_day:
        raise UnableToAppoint(_("This post ends on %(day)s already.") % {"day": show_day(post.valid_to)})
    dismiss(
        post=post,
        last_day=first_day - timedelta(days=1),
        dismissed_by=handed_over_by,
        dismissed_at=handed_over_at,
    )
    new = give_post(
        user=to,
        organization=post.organization,
        role=post.role,
        valid_from=first_day,
        valid_to=post.valid_to,
        appointed_by=handed_over_by,
        appointed_at=handed_over_at,
    )
    _tell_both(new, other=post.user, kinds=(GIVEN_AWAY, TAKEN_OVER), at=handed_over_at)
    return new


@transaction.atomic
def delegate(
    *, post: Post, to: User, first_day: date, last_day: date, delegated_by: User, delegated_at: datetime
) -> Post:
    """Let somebody act with another person's post from the first to the last day, both included.

    The delegation is a post that names the one it stands in for; it cannot be delegated again and ends with that one.
    Raises UnableToAppoint with a sentence, NotAllowed.
    """
    post = _lock(post, to, delegated_by, delegated_at)
    if first_day < day_of(delegated_at):
        raise UnableToAppoint(_("A delegation begins today or later."))
    if first_day < post.valid_from or (post.valid_to is not None and post.valid_to < last_day):
        raise UnableToAppoint(_("The delegation must lie within the days of the post."))
    delegation = give_post(
        user=to,
        organization=post.organization,
        role=post.role,
        valid_from=first_day,
        valid_to=last_day,
        appointed_by=delegated_by,
        appointed_at=delegated_at,
        stands_in_for=post,
    )
    _tell_both(delegation, other=post.user, kinds=(DELEGATED, STANDS_IN), at=delegated_at)
    return delegation


def _lock(post: Post, to: User, actor: User, at: datetime) -> Post:
    """Return the post under a lock when the actor may give it and the two people are two."""
    authorise(actor, Verb.APPOINT, at)
    post = (
        Post.objects.select_for_update(of=("self",)).select_related("user", "organization__division").get(pk=post.pk)
    )
    within_reach(actor, post.organization, at)
    not_oneself(to, actor, _("Nobody appoints himself."))
    not_oneself(post.user, actor, _("Nobody gives away his own post."))
    not_oneself(to, post.user, _("Both are the same person."))
    if post.stands_in_for_id:
        raise UnableToAppoint(_("What is delegated is neither delegated again nor handed over."))
    if post.valid_to is not None and post.valid_to < day_of(at):
        raise UnableToAppoint(_("This post has already ended."))
    return post


def _tell_both(post: Post, *, other: User, kinds: tuple[Kind, Kind], at: datetime) -> None:
    """Tell the one who leaves and the one who comes; each is named the other."""
    facts = {
        "role": str(Role(post.role).label),
        "office": post.organization.name,
        "day": show_day(post.valid_from),
        "last_day": show_day(post.valid_to) if post.valid_to else "",
    }
    key = f"post:{post.pk}"
    tell(
        [
            News(other.pk, key, kinds[0].code, {**facts, "name": post.user.name}),
            News(post.user_id, key, kinds[1].code, {**facts, "name": other.name}),
        ],
        at=at,
    )
