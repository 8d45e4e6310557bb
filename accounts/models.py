"""Accounts and posts. A post says who acts where, in which role, from when to when: the only source of rights."""

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, OuterRef, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from accounts.choices import VERBS_OF_ROLE, Role, Theme
from organizations.models import Organization, Person
from organizations.scope import Place, Scope, scope_of, scope_of_all


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: object) -> "User":
        """Create an account. Without a password nobody can sign in with it."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """An account. It has no rights of its own: what it may do comes from its posts."""

    username = models.CharField(
        _("account"), max_length=60, unique=True, validators=[UnicodeUsernameValidator()]
    )  # fmt: skip
    name = models.CharField(_("name"), max_length=40)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="accounts", verbose_name=_("person")
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_system = models.BooleanField(default=False)
    must_change_password = models.BooleanField(default=False)
    language = models.CharField(_("language"), max_length=10, blank=True)
    theme = models.CharField(_("appearance"), max_length=5, choices=Theme.choices, blank=True)
    large_text = models.BooleanField(_("large text"), default=False)
    # How many notices (room inbox) wait unread. It stands here so that no page has to count them.
    unread_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        verbose_name = _("account")
        constraints = [
            models.UniqueConstraint(Lower("username"), name="account_is_unique_whatever_the_case"),
            models.UniqueConstraint(fields=["is_system"], condition=Q(is_system=True), name="one_system_account"),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def person_key(self) -> str:
        """Two accounts of one person are one decider: compare this, not the account."""
        return f"person:{self.person_id}" if self.person_id else f"user:{self.pk}"

    def posts_in_force(self, on: date) -> "list[Post]":
        """Return the posts held on a day with their grants, read once for this instance (one request)."""
        cache: dict[date, list[Post]] = self.__dict__.setdefault("_posts_in_force", {})
        if on not in cache:
            # The account may have been closed since this instance was read: ask the row, not the instance.
            posts = self.posts.in_force(on).filter(user__is_active=True).with_grants()
            cache[on] = sorted(posts, key=lambda post: post.stands_in_for_id is not None)  # own posts come first
        return cache[on]

    def forget_posts(self) -> None:
        """Read the posts again: an operation that holds a lock must not trust what the page read before."""
        self.__dict__.pop("_posts_in_force", None)

    def posts_for(self, *verbs: str, on: date) -> "list[Post]":
        """Return the posts in force that allow one of the verbs, as the guardian grants confirm."""
        if not self.is_active:
            return []
        return [post for post in self.posts_in_force(on) if set(verbs) & post.verbs]

    def scope(self, *verbs: str, on: date) -> Scope:
        """Return the rows this account may reach with one of the verbs on a day. No post, nothing."""
        return scope_of_all([post.organization for post in self.posts_for(*verbs, on=on)])

    def people_scope(self, *verbs: str, on: date) -> Scope:
        """Return the divisions whose registers this account may open: those of its organizations."""
        posts = self.posts_for(*verbs, on=on)
        return Scope(division_paths=tuple(sorted({post.organization.division.path for post in posts})))

    def may(self, *verbs: str, on: date) -> bool:
        """Whether some post in force allows one of the verbs anywhere."""
        return bool(self.posts_for(*verbs, on=on))

    def post_covering(self, verb: str, place: Place, *, on: date) -> "Post | None":
        """Return the post by which this account may do `verb` to a case at `place`, or None."""
        return next((post for post in self.posts_for(verb, on=on) if scope_of(post.organization).covers(place)), None)


class OrganizationPermission(UserObjectPermissionBase):
    """django-guardian's grants on organizations, with a real foreign key: few rows, joined by index."""

    user = models.ForeignKey(User, on_delete=models.CASCADE)
    content_object = models.ForeignKey(Organization, on_delete=models.CASCADE)

    class Meta(UserObjectPermissionBase.Meta):
        unique_together = [("user", "permission", "content_object")]


class PostQuerySet(models.QuerySet["Post"]):
    def in_force(self, on: date) -> "PostQuerySet":
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)

    def overlapping(self, first_day: date, last_day: date | None) -> "PostQuerySet":
        """The posts in force on some day from the first to the last (None: for ever), both included."""
        posts = self.filter(Q(valid_to=None) | Q(valid_to__gte=first_day))
        return posts if last_day is None else posts.filter(valid_from__lte=last_day)

    def with_grants(self) -> "PostQuerySet":
        """Add organization, division and what guardian grants there (`granted`): one query for all rights."""
        grants = OrganizationPermission.objects.filter(
            user=OuterRef("user"), content_object=OuterRef("organization")
        ).values("permission__codename")
        return (
            self.select_related("organization__division", "stands_in_for__user")
            .annotate(granted=ArraySubquery(grants))
            .order_by("valid_from", "pk")
        )


class Post(models.Model):
    """Who acts for which organization in which role, from the first day to the last day included."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="posts", verbose_name=_("account"))
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="posts", verbose_name=_("organization")
    )
    role = models.CharField(_("role"), max_length=24, choices=Role.choices)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)
    appointed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    dismissed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    # A delegation is a post as well: its holder acts with the post of somebody who is away. The database guards it.
    stands_in_for = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="delegations", verbose_name=_("stands in for")
    )

    objects = PostQuerySet.as_manager()
    granted: list[str]  # filled by with_grants

    class Meta:
        verbose_name = _("post")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organization", "role"], condition=Q(valid_to=None), name="post_is_held_once",
                violation_error_message=_("This account already holds this post."),
            ),
            models.CheckConstraint(
                name="post_ends_after_it_begins",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                name="a_delegation_has_an_end", condition=Q(stands_in_for=None) | Q(valid_to__isnull=False)
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["organization", "role"], name="posts_of_organization")]

    def __str__(self) -> str:
        return f"{self.user} · {self.organization} · {self.get_role_display()}"

    @property
    def principal(self) -> "User | None":
        """The person in whose place the holder acts, None for a post of one's own."""
        return self.stands_in_for.user if self.stands_in_for_id and self.stands_in_for else None

    def is_in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    @property
    def verbs(self) -> set[str]:
        """What the post allows: what its role gives and guardian grants. Needs `with_grants`."""
        return {verb.value for verb in VERBS_OF_ROLE[self.role]} & set(self.granted)
