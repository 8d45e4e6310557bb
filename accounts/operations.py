"""Opening accounts and giving posts: a post and its guardian grants are written in one transaction."""

from collections.abc import Iterable
from datetime import date, datetime

from axes.utils import reset
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.choices import EXCLUSIVE_ROLES, KINDS_OF_ROLE, VERBS_OF_ROLE, Role, Verb
from accounts.models import OrganizationPermission, Post, User
from audit.choices import Action
from audit.operations import record
from organizations.models import Organization, Person
from organizations.scope import NotAllowed
from web.clock import day_of

SYSTEM_USERNAME = "system"


class UnableToAppoint(Exception):
    """The post cannot be given or ended; the message is for the person at the screen."""


def system_user() -> User:
    """Return the account in whose name the calendar acts. Nobody can sign in with it."""
    user, _created = User.objects.get_or_create(
        is_system=True, defaults={"username": SYSTEM_USERNAME, "name": "系统", "password": "!"}
    )
    return user


@transaction.atomic
def open_account(
    *, username: str, name: str, password: str | None, person: Person | None, opened_by: User, opened_at: datetime
) -> User:
    """Create an account that has no rights yet; its owner must change the password at the first sign-in.

    Raises NotAllowed, and UnableToAppoint when the account name is taken.
    """
    authorise(opened_by, Verb.MANAGE_ACCOUNTS, opened_at)
    return create_account(
        username=username, name=name, password=password, person=person, opened_by=opened_by, opened_at=opened_at
    )


def create_account(
    *,
    username: str,
    name: str,
    password: str | None,
    person: Person | None,
    opened_by: User | None,
    opened_at: datetime,
) -> User:
    """Write an account and its trace. Only `open_account` and the first-administrator command call it."""
    try:
        with transaction.atomic():
            user = User.objects.create_user(username, password, name=name, person=person, must_change_password=True)
    except IntegrityError as error:
        raise UnableToAppoint(_("The account name “%(username)s” is taken.") % {"username": username}) from error
    record(action=Action.CREATED, actor=opened_by, at=opened_at, subject=user, label=_label(user))
    return user


@transaction.atomic
def set_active(*, user: User, active: bool, changed_by: User, changed_at: datetime) -> None:
    """Close an account or open it again. A closed one is signed out at once; its past acts stay."""
    authorise(changed_by, Verb.MANAGE_ACCOUNTS, changed_at)
    not_oneself(user, changed_by, _("Nobody closes his own account."))
    if user.is_system:
        raise NotAllowed
    user.is_active = active
    user.save(update_fields=["is_active"])
    action = Action.CHANGED if active else Action.CLOSED
    record(
        action=action, actor=changed_by, at=changed_at, subject=user, label=_label(user),
        detail={"is_active": [not active, active]},
    )  # fmt: skip


@transaction.atomic
def reset_password(*, user: User, password: str, changed_by: User, changed_at: datetime) -> None:
    """Give a new first password, to be changed at the next sign-in. Open sessions of the account end."""
    authorise(changed_by, Verb.MANAGE_ACCOUNTS, changed_at)
    not_oneself(user, changed_by, _("Change your own password on the page for it."))
    if user.is_system:
        raise NotAllowed
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    record(action=Action.PASSWORD_CHANGED, actor=changed_by, at=changed_at, subject=user, label=_label(user))


@transaction.atomic
def unlock(*, user: User, changed_by: User, changed_at: datetime) -> None:
    """Forget the failed sign-ins of an account, so that its owner need not wait until the lock ends."""
    authorise(changed_by, Verb.MANAGE_ACCOUNTS, changed_at)
    reset(username=user.get_username())
    record(action=Action.UNLOCKED, actor=changed_by, at=changed_at, subject=user, label=_label(user))


@transaction.atomic
def change_own_password(*, user: User, password: str, changed_at: datetime) -> None:
    """Set the password its owner chose. The caller has checked the old one and keeps this session alive."""
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    record(action=Action.PASSWORD_CHANGED, actor=user, at=changed_at, subject=user, label=_label(user))


def set_preferences(
    *, user: User, language: str | None = None, theme: str | None = None, large_text: bool | None = None
) -> None:
    """Keep how a person wants the pages to look; None leaves a wish as it is. Nobody else's business: no trace."""
    wishes = {"language": language, "theme": theme, "large_text": large_text}
    changed = {field: wish for field, wish in wishes.items() if wish is not None}
    for field, wish in changed.items():
        setattr(user, field, wish)
    user.save(update_fields=list(changed))


def authorise(user: User, verb: Verb, at: datetime) -> None:
    if not user.may(verb, on=day_of(at)):
        raise NotAllowed


def not_oneself(user: User, actor: User, sentence: str) -> None:
    if user.person_key == actor.person_key:
        raise UnableToAppoint(sentence)


def _label(user: User) -> str:
    return f"{user.get_username()} · {user.name}" if user.name else user.get_username()


@transaction.atomic
def appoint(
    *,
    user: User,
    organization: Organization,
    role: str,
    valid_from: date,
    appointed_by: User,
    appointed_at: datetime,
    valid_to: date | None = None,
) -> Post:
    """Give a post and its rights. Both days are included. Raises UnableToAppoint with a sentence, NotAllowed."""
    authorise(appointed_by, Verb.APPOINT, appointed_at)
    within_reach(appointed_by, organization, appointed_at)
    not_oneself(user, appointed_by, _("Nobody appoints himself."))
    return give_post(
        user=user,
        organization=organization,
        role=role,
        valid_from=valid_from,
        valid_to=valid_to,
        appointed_by=appointed_by,
        appointed_at=appointed_at,
    )


def within_reach(actor: User, organization: Organization, at: datetime) -> None:
    reach = actor.people_scope(Verb.APPOINT, on=day_of(at))
    if not organization.division.path.startswith(reach.division_paths):
        raise NotAllowed


def give_post(
    *,
    user: User,
    organization: Organization,
    role: str,
    valid_from: date,
    appointed_by: User | None,
    appointed_at: datetime,
    valid_to: date | None = None,
    stands_in_for: Post | None = None,
) -> Post:
    """Write a post, its grants and its trace. Only operations that have asked for the right to, and the first
    administrators' command, call it."""
    _check_post(user=user, organization=organization, role=role, valid_from=valid_from, valid_to=valid_to)
    post = Post.objects.create(
        user=user,
        organization=organization,
        role=role,
        valid_from=valid_from,
        valid_to=valid_to,
        appointed_by=appointed_by,
        stands_in_for=stands_in_for,
    )
    if post.is_in_force(day_of(appointed_at)):
        grant(post)
    record(
        action=Action.APPOINTED, actor=appointed_by, at=appointed_at, subject=post, label=str(post),
        detail={"valid_from": ["", valid_from.isoformat()]},
    )  # fmt: skip
    return post


def _check_post(*, user: User, organization: Organization, role: str, valid_from: date, valid_to: date | None) -> None:
    if not user.is_active or user.is_system:
        raise UnableToAppoint(_("This account is closed."))
    if valid_to is not None and valid_to < valid_from:
        raise UnableToAppoint(_("The last day lies before the first."))
    if organization.kind not in KINDS_OF_ROLE[role]:
        raise UnableToAppoint(
            _("“%(role)s” is not a post of “%(organization)s”.")
            % {"role": Role(role).label, "organization": organization}
        )
    # The locks make two appointments at once see each other, and a closing office the post: what is read must hold.
    organization = Organization.objects.select_for_update(of=("self",), no_key=True).get(pk=organization.pk)
    if organization.valid_to is not None and (valid_to is None or organization.valid_to < valid_to):
        raise UnableToAppoint(_("“%(organization)s” is closed.") % {"organization": organization})
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if user.person_id:
        Person.objects.select_for_update(of=("self",)).get(pk=user.person_id)
    same_person = {"user__person_id": user.person_id} if user.person_id else {"user": user}
    held = list(Post.objects.overlapping(valid_from, valid_to).filter(**same_person))
    if any(post.organization_id == organization.pk and post.role == role and post.user_id == user.pk for post in held):
        raise UnableToAppoint(_("This account already holds this post."))
    others = {post.role for post in held} - {role}
    if others and (role in EXCLUSIVE_ROLES or others & set(EXCLUSIVE_ROLES)):
        raise UnableToAppoint(_("Administrators and auditors hold no other post, and nobody holds two of these."))


@transaction.atomic
def dismiss(*, post: Post, last_day: date, dismissed_by: User, dismissed_at: datetime) -> None:
    """End a post on its last day; if that day is over, the rights end at once. One that has not begun is taken back.

    Raises UnableToAppoint with a sentence, NotAllowed.
    """
    authorise(dismissed_by, Verb.APPOINT, dismissed_at)
    within_reach(dismissed_by, post.organization, dismissed_at)
    not_oneself(post.user, dismissed_by, _("Nobody dismisses himself."))
    today = day_of(dismissed_at)
    post = Post.objects.select_for_update(of=("self",)).select_related("user", "organization").get(pk=post.pk)
    if post.valid_to is not None and post.valid_to < today:
        raise UnableToAppoint(_("This post has already ended."))
    if post.valid_to is not None and post.valid_to <= last_day:
        raise UnableToAppoint(_("This post ends on %(day)s already.") % {"day": post.valid_to})
    record(
        action=Action.DISMISSED, actor=dismissed_by, at=dismissed_at, subject=post, label=str(post),
        detail={"valid_to": ["", last_day.isoformat()]},
    )  # fmt: skip
    _end_delegations(post, last_day=last_day, ended_by=dismissed_by, today=today)
    if today < post.valid_from:
        post.delete()  # nobody has acted by it
        return
    if last_day < post.valid_from:
        raise UnableToAppoint(_("The last day lies before the first."))
    post.valid_to, post.dismissed_by = last_day, dismissed_by
    post.save(update_fields=["valid_to", "dismissed_by"])
    if last_day < today:
        revoke(post, on=today)


def _end_delegations(post: Post, *, last_day: date, ended_by: User, today: date) -> None:
    """Nobody stands in for somebody who does not hold the post any more."""
    for delegation in post.delegations.select_for_update(of=("self",)).filter(valid_to__gt=last_day):
        if last_day < delegation.valid_from:
            revoke(delegation, on=today)
            delegation.delete()
            continue
        delegation.valid_to, delegation.dismissed_by = last_day, ended_by
        delegation.save(update_fields=["valid_to", "dismissed_by"])
        if last_day < today:
            revoke(delegation, on=today)


def grant(post: Post) -> None:
    """Give the guardian permissions of a post on its organization."""
    OrganizationPermission.objects.bulk_create(
        [
            OrganizationPermission(user_id=post.user_id, content_object_id=post.organization_id, permission=permission)
            for permission in _permissions_of(VERBS_OF_ROLE[post.role])
        ],
        ignore_conflicts=True,
    )


def revoke(post: Post, *, on: date) -> None:
    """Take the permissions of a post away, but for those that another post in force still gives."""
    kept = {
        verb
        for other in Post.objects.in_force(on)
        .filter(user=post.user, organization=post.organization)
        .exclude(pk=post.pk)
        for verb in VERBS_OF_ROLE[other.role]
    }
    gone = set(VERBS_OF_ROLE[post.role]) - kept
    OrganizationPermission.objects.filter(
        user=post.user, content_object=post.organization, permission__codename__in=gone
    ).delete()


def _permissions_of(verbs: tuple[Verb, ...]) -> list[Permission]:
    return list(
        Permission.objects.filter(
            content_type__app_label="organizations", content_type__model="organization", codename__in=verbs
        )
    )


@transaction.atomic
def sync_posts(*, on: date) -> int:
    """Make the grants exactly those of the posts in force, however long nobody looked. Return how many changed."""
    permissions = {permission.codename: permission.pk for permission in _permissions_of(tuple(Verb))}
    wanted = {
        (user, organization, permissions[verb])
        for user, organization, role in Post.objects.in_force(on).values_list("user", "organization", "role")
        for verb in VERBS_OF_ROLE[role]
    }
    held = {(user, organization, permission): pk for pk, user, organization, permission in _grants()}
    missing = wanted - held.keys()
    OrganizationPermission.objects.bulk_create(
        [OrganizationPermission(user_id=u, content_object_id=o, permission_id=p) for u, o, p in sorted(missing)],
        ignore_conflicts=True,
    )
    surplus = [pk for key, pk in held.items() if key not in wanted]
    OrganizationPermission.objects.filter(pk__in=surplus).delete()
    return len(missing) + len(surplus)


def _grants() -> Iterable[tuple[int, int, int, int]]:
    return OrganizationPermission.objects.values_list("pk", "user", "content_object", "permission")
