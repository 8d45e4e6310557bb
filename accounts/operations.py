"""Opening accounts and giving posts: a post and its guardian grants are written in one transaction."""

from datetime import date, datetime, timedelta

from django.contrib.auth.models import Permission
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.choices import EXCLUSIVE_ROLES, KINDS_OF_ROLE, VERBS_OF_ROLE, Role, Verb
from accounts.models import OrganizationPermission, Post, User
from audit.choices import Action
from audit.operations import record
from organizations.models import Organization, Person
from web.clock import day_of

SYSTEM_USERNAME = "system"


class UnableToAppoint(Exception):
    """The post cannot be given or ended; the message is for the person at the screen."""


class NotAllowed(Exception):
    """The acting account has no post that allows this."""


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
    """Create an account that has no rights yet; its owner must change the password at the first sign-in."""
    if not opened_by.may(Verb.MANAGE_ACCOUNTS, on=day_of(opened_at)):
        raise NotAllowed
    user = User.objects.create_user(username, password, name=name, person=person, must_change_password=True)
    record(action=Action.CREATED, actor=opened_by, at=opened_at, subject=user)
    return user


@transaction.atomic
def set_active(*, user: User, active: bool, changed_by: User, changed_at: datetime) -> None:
    """Close an account or open it again. Its past acts stay."""
    if not changed_by.may(Verb.MANAGE_ACCOUNTS, on=day_of(changed_at)):
        raise NotAllowed
    if user == changed_by:
        raise UnableToAppoint(_("Nobody closes his own account."))
    user.is_active = active
    user.save(update_fields=["is_active"])
    record(action=Action.CHANGED, actor=changed_by, at=changed_at, subject=user, detail={"active": active})


@transaction.atomic
def reset_password(*, user: User, password: str, changed_by: User, changed_at: datetime) -> None:
    """Give a new first password, to be changed at the next sign-in."""
    if not changed_by.may(Verb.MANAGE_ACCOUNTS, on=day_of(changed_at)):
        raise NotAllowed
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    record(action=Action.PASSWORD_CHANGED, actor=changed_by, at=changed_at, subject=user)


@transaction.atomic
def appoint(
    *, user: User, organization: Organization, role: str, valid_from: date, appointed_by: User, appointed_at: datetime
) -> Post:
    """Give a post and its rights. Raises UnableToAppoint with a sentence, NotAllowed."""
    if not appointed_by.may(Verb.APPOINT, on=day_of(appointed_at)):
        raise NotAllowed
    if user == appointed_by or (user.person_id and user.person_id == appointed_by.person_id):
        raise UnableToAppoint(_("Nobody appoints himself."))
    return give_post(
        user=user,
        organization=organization,
        role=role,
        valid_from=valid_from,
        appointed_by=appointed_by,
        appointed_at=appointed_at,
    )


def give_post(
    *,
    user: User,
    organization: Organization,
    role: str,
    valid_from: date,
    appointed_by: User | None,
    appointed_at: datetime,
) -> Post:
    """Write a post, its grants and its trace. Only `appoint` and the first-administrator command call it."""
    _check_post(user=user, organization=organization, role=role, on=max(valid_from, day_of(appointed_at)))
    post = Post.objects.create(
        user=user, organization=organization, role=role, valid_from=valid_from, appointed_by=appointed_by
    )
    if valid_from <= day_of(appointed_at):
        grant(post)
    record(action=Action.APPOINTED, actor=appointed_by, at=appointed_at, subject=post, label=str(post))
    return post


def _check_post(*, user: User, organization: Organization, role: str, on: date) -> None:
    if not user.is_active or user.is_system:
        raise UnableToAppoint(_("This account is closed."))
    if organization.kind not in KINDS_OF_ROLE[role]:
        raise UnableToAppoint(
            _("“%(role)s” is not a post of “%(organization)s”.")
            % {"role": Role(role).label, "organization": organization}
        )
    # The lock makes two appointments at once see each other: the exclusion below must hold for both.
    User.objects.select_for_update().get(pk=user.pk)
    same_person = {"user__person_id": user.person_id} if user.person_id else {"user": user}
    held = list(Post.objects.in_force(on).filter(**same_person))
    if any(post.organization_id == organization.pk and post.role == role and post.user_id == user.pk for post in held):
        raise UnableToAppoint(_("This account already holds this post."))
    others = {post.role for post in held} - {role}
    if others and (role in EXCLUSIVE_ROLES or others & set(EXCLUSIVE_ROLES)):
        raise UnableToAppoint(_("Administrators and auditors hold no other post, and nobody holds two of these."))


@transaction.atomic
def dismiss(*, post: Post, last_day: date, dismissed_by: User, dismissed_at: datetime) -> None:
    """End a post on its last day. If that day is over, the rights end at once."""
    if not dismissed_by.may(Verb.APPOINT, on=day_of(dismissed_at)):
        raise NotAllowed
    if post.user_id == dismissed_by.pk:
        raise UnableToAppoint(_("Nobody dismisses himself."))
    post = Post.objects.select_for_update().get(pk=post.pk)
    if post.valid_to is not None:
        raise UnableToAppoint(_("This post has already ended."))
    if last_day < post.valid_from:
        raise UnableToAppoint(_("The last day lies before the first."))
    post.valid_to, post.dismissed_by = last_day, dismissed_by
    post.save(update_fields=["valid_to", "dismissed_by"])
    if last_day < day_of(dismissed_at):
        revoke(post, on=day_of(dismissed_at))
    record(action=Action.DISMISSED, actor=dismissed_by, at=dismissed_at, subject=post, label=str(post))


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
    """Let grants follow the calendar: posts that begin today get theirs, posts that ended lose them."""
    beginning = Post.objects.in_force(on).filter(valid_from=on).select_related("user", "organization")
    ended = Post.objects.filter(valid_to=on - timedelta(days=1)).select_related("user", "organization")
    for post in beginning:
        grant(post)
    for post in ended:
        revoke(post, on=on)
    return len(beginning) + len(ended)
