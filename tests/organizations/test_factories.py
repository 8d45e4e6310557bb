from accounts.choices import Role
from accounts.models import OrganizationPermission, Post
from accounts.operations import give_post
from organizations.models import BranchMembership, Organization
from tests.factories.accounts import POST_BEGIN, UserFactory
from tests.factories.county import NOON, TODAY, build_county
from tests.factories.organizations import OrganizationFactory, PartyMemberFactory


def test_the_county_is_a_sound_tree(county):
    problems = Organization.objects.find_problems()
    assert not any(problems)
    assert Organization.objects.count() == 26
    assert Organization.objects.get_parent(county.yangcen.village.branch) == county.yangcen.village.general_branch


def test_the_county_is_written_by_few_statements(db, django_assert_max_num_queries):
    with django_assert_max_num_queries(60):
        build_county()


def test_every_office_has_somebody_with_the_grants_that_appoint_writes(county):
    wanted = set(OrganizationPermission.objects.values_list("user__username", "permission__codename"))
    OrganizationPermission.objects.all().delete()
    for post in Post.objects.all():
        user, organization, role = post.user, post.organization, post.role
        Post.objects.filter(pk=post.pk).delete()
        give_post(
            user=user,
            organization=organization,
            role=role,
            valid_from=POST_BEGIN,
            appointed_by=None,
            appointed_at=NOON,
        )
    assert wanted == set(OrganizationPermission.objects.values_list("user__username", "permission__codename"))


def test_members_belong_to_branches_only(county):
    kinds = BranchMembership.objects.values_list("branch__kind", flat=True).distinct()
    assert list(kinds) == ["party_branch"]


def test_an_account_with_a_post_made_by_the_factory_may_act(county):
    user = UserFactory(role=Role.BRANCH_SECRETARY, organization=county.shaxi.village.branch)
    assert user.may("review", on=TODAY)


def test_an_organization_made_by_the_factory_has_a_place_since_its_first_day(county):
    branch = OrganizationFactory(parent=county.yangcen.village.general_branch)
    assert Organization.objects.get_parent(branch) == county.yangcen.village.general_branch
    assert list(branch.placements.values_list("parent", "valid_to")) == [
        (county.yangcen.village.general_branch.pk, None)
    ]


def test_a_member_made_by_the_factory_is_in_the_branch_since_joining(county):
    member = PartyMemberFactory(branch=county.yangcen.village.branch)
    assert member.memberships.get().valid_from == member.joined_on
