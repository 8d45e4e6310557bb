"""Lists of accounts and posts, each in a constant number of queries."""

from datetime import date
from typing import TYPE_CHECKING, Any

from axes.models import AccessAttempt
from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.db.models.functions import TruncDate

from accounts.choices import VERBS_OF_ROLE
from accounts.models import Post, User
from organizations.choices import Reach
from organizations.scope import REACH_OF_KIND, Place, Scope

if TYPE_CHECKING:
    from accounts.models import PostQuerySet


def get_accounts(*, text: str = "", state: str = "", on: date) -> "QuerySet[User]":
    """Return the accounts of people, by account name, with `posts_now` (posts in force with their organization)."""
    users = User.objects.filter(is_system=False)
    if text:
        users = users.filter(Q(username__icontains=text) | Q(name__icontains=text))
    if state:
        users = users.filter(is_active=state == "open")
    posts = Post.objects.in_force(on).select_related("organization").order_by("valid_from", "pk")
    return users.prefetch_related(Prefetch("posts", posts, to_attr="posts_now")).order_by("username")


def get_posts(*, scope: Scope, text: str = "", role: str = "", state: str = "", on: date) -> "PostQuerySet":
    """Return the posts on organizations within the scope's divisions. `state`: "" in force, future, past, all."""
    posts = Post.objects.filter(scope.divisions("organization__division__path"))
    match state:
        case "future":
            posts = posts.filter(valid_from__gt=on)
        case "past":
            posts = posts.filter(valid_to__lt=on)
        case "all":
            pass
        case _:
            posts = posts.in_force(on)
    if role:
        posts = posts.filter(role=role)
    if text:
        posts = posts.filter(
            Q(user__username__icontains=text) | Q(user__name__icontains=text) | Q(organization__name__icontains=text)
        )
    return posts.select_related("user", "organization", "stands_in_for__user").order_by(
        "organization__path", "role", "valid_from", "pk"
    )


def principals_of(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """Annotate rows that keep who acted when, for which office in which role, with `principal_name`.

    It is the name of the person in whose place he acted, None where the post was his own. Nobody holds the same post
    himself and by delegation on one day, so the latest delegation begun by then is the one he acted by.
    """
    same = Post.objects.filter(
        user=OuterRef("decided_by"),
        organization=OuterRef("organization"),
        role=OuterRef("role"),
        valid_from__lte=OuterRef("decided_day"),
    ).order_by("-valid_from", "-pk")
    return rows.annotate(
        decided_day=TruncDate("decided_at"), principal_name=Subquery(same.values("stands_in_for__user__name")[:1])
    )


def find_accounts(*, text: str, limit: int = 20) -> list[User]:
    """Return open accounts whose name matches, for the choice of whom to appoint."""
    users = User.objects.filter(Q(username__icontains=text) | Q(name__icontains=text), is_active=True, is_system=False)
    return list(users.order_by("username")[:limit])


def holders_of(verb: str, place: Place, *, on: date) -> "QuerySet[User]":
    """Return the open accounts that may do `verb` to a case at `place` on a day, by their posts."""
    roles = [role for role, verbs in VERBS_OF_ROLE.items() if verb in verbs]
    reach = Q(pk__in=[])
    for field, path, wanted in (
        ("organization__path", place.branch_path, Reach.PARTY),
        ("organization__division__path", place.division_path, Reach.DIVISION),
        ("organization__path", place.outlet_path, Reach.OUTLET),
    ):
        reach |= _of_reach(wanted) & Q(**{f"{field}__in": beginnings_of(path)})
    posts = Post.objects.in_force(on).filter(reach, role__in=roles)
    return User.objects.filter(is_active=True, pk__in=posts.values("user"))


def _of_reach(reach: Reach) -> Q:
    kinds = [kind for kind, value in REACH_OF_KIND.items() if value == reach]
    if reach == Reach.PARTY:
        return ~Q(organization__kind__in=list(REACH_OF_KIND))
    return Q(organization__kind__in=kinds)


def beginnings_of(path: str) -> list[str]:
    """Return every beginning of a path: the paths of all that lies above it, and its own."""
    return [path[:length] for length in range(1, len(path) + 1)]


def count_failed_sign_ins(*, user: User) -> int:
    """Return the failed sign-ins since the last good one; at settings.AXES_FAILURE_LIMIT the account is locked."""
    attempts = AccessAttempt.objects.filter(username=user.get_username())
    return attempts.aggregate(number=Sum("failures_since_start"))["number"] or 0
