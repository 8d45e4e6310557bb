"""Accounts and posts. A post made here holds the same grants as one given by `accounts.operations.appoint`."""

from datetime import date

import factory
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Permission

from accounts.choices import VERBS_OF_ROLE
from accounts.models import OrganizationPermission, Post, User

PASSWORD = "shixin-2014-jian"
POST_BEGIN = date(2013, 1, 1)


class UserFactory(factory.django.DjangoModelFactory):
    """An account. `role=` with `organization=` gives it a post in force since POST_BEGIN."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"account{n}")
    name = factory.Sequence(lambda n: f"账号{n}")
    password = factory.LazyFunction(lambda: make_password(PASSWORD))

    class Params:
        closed = factory.Trait(is_active=False)
        new = factory.Trait(must_change_password=True)

    @classmethod
    def _create(cls, model_class, *args, role=None, organization=None, **fields):
        user = model_class.objects.create(**fields)
        if role:
            PostFactory(user=user, role=role, organization=organization)
        return user


class PostFactory(factory.django.DjangoModelFactory):
    """A post with its grants. `future` begins later and has none yet, `over` has lost them."""

    class Meta:
        model = Post

    class Params:
        future = factory.Trait(valid_from=date(2100, 1, 1))
        over = factory.Trait(valid_to=date(2013, 6, 30))

    user = factory.SubFactory(UserFactory)
    valid_from = POST_BEGIN

    @classmethod
    def _create(cls, model_class, *args, **fields):
        post = model_class.objects.create(**fields)
        if post.valid_to is None and post.valid_from == POST_BEGIN:
            write_grants([post])
        return post


def write_grants(posts: list[Post]) -> None:
    """Write the guardian grants of many posts by two statements."""
    permissions = {p.codename: p for p in Permission.objects.filter(content_type__app_label="organizations")}
    OrganizationPermission.objects.bulk_create(
        [
            OrganizationPermission(
                user_id=post.user_id, content_object_id=post.organization_id, permission=permissions[verb]
            )
            for post in posts
            for verb in VERBS_OF_ROLE[post.role]
        ],
        ignore_conflicts=True,
    )
