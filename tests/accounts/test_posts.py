from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.choices import EXCLUSIVE_ROLES, VERBS_OF_ROLE, Role, Verb
from accounts.models import OrganizationPermission, Post, User
from accounts.operations import NotAllowed, UnableToAppoint, appoint, dismiss, sync_posts
from audit.choices import Action
from audit.models import AuditEvent
from tests.factories.accounts import PostFactory, UserFactory
from tests.factories.county import NOON, TODAY

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def newcomer(county):
    return UserFactory(username="newcomer", name="新来者")


def give(county, user, organization=None, role=Role.BRANCH_SECRETARY, valid_from=TODAY, by=None, **fields):
    return appoint(
        user=user,
        organization=organization or county.yangcen.village.branch,
        role=role,
        valid_from=valid_from,
        appointed_by=by or county.security_administrator,
        appointed_at=NOON,
        **fields,
    )


def end(county, post, last_day, by=None):
    by = by or county.security_administrator
    dismiss(post=post, last_day=last_day, dismissed_by=by, dismissed_at=NOON)


def grants_of(user):
    return set(OrganizationPermission.objects.filter(user=user).values_list("permission__codename", flat=True))


def may(user, verb, on=TODAY):
    user.forget_posts()
    return user.may(verb, on=on)


def test_an_appointment_gives_post_grants_rights_and_a_trace_together(county, newcomer):
    post = give(county, newcomer)
    assert grants_of(newcomer) == {verb.value for verb in VERBS_OF_ROLE[Role.BRANCH_SECRETARY]}
    assert may(newcomer, "review")
    assert post.appointed_by == county.security_administrator
    assert AuditEvent.objects.get(action=Action.APPOINTED).subject_id == str(post.pk)


def test_a_dismissal_takes_the_rights_when_the_last_day_is_over(county, newcomer):
    post = give(county, newcomer, valid_from=date(2014, 1, 1))
    end(county, post, TODAY - timedelta(days=1))
    assert grants_of(newcomer) == set()
    assert not may(newcomer, "review")
    assert AuditEvent.objects.filter(action=Action.DISMISSED).exists()


def test_rights_end_with_the_last_day_even_before_the_calendar_has_been_looked_at(county, newcomer):
    post = give(county, newcomer)
    end(county, post, TODAY)
    assert may(newcomer, "review", TODAY)
    assert not may(newcomer, "review", TOMORROW)
    sync_posts(on=TOMORROW)
    assert grants_of(newcomer) == set()


def test_a_dismissal_keeps_what_another_post_there_still_gives(county, newcomer):
    secretary = give(county, newcomer, valid_from=date(2014, 1, 1))
    give(county, newcomer, role=Role.VILLAGE_CLERK)
    end(county, secretary, TODAY - timedelta(days=1))
    assert grants_of(newcomer) == {"refer", "view_cases"}


def test_a_future_post_gives_nothing_until_its_day(county, newcomer):
    give(county, newcomer, valid_from=TOMORROW)
    assert grants_of(newcomer) == set()
    assert not may(newcomer, "review", TOMORROW)
    sync_posts(on=TOMORROW)
    assert may(newcomer, "review", TOMORROW)


def test_a_calendar_that_slept_for_days_catches_up(county, newcomer):
    give(county, newcomer, valid_from=TOMORROW)
    later = TODAY + timedelta(days=9)
    assert sync_posts(on=later) == len(VERBS_OF_ROLE[Role.BRANCH_SECRETARY])
    assert sync_posts(on=later) == 0
    assert may(newcomer, "review", later)


def test_a_post_that_has_not_begun_is_taken_back(county, newcomer):
    post = give(county, newcomer, valid_from=TOMORROW)
    end(county, post, TODAY)
    assert not Post.objects.filter(user=newcomer).exists()
    assert AuditEvent.objects.filter(action=Action.DISMISSED).exists()


def test_a_post_can_be_given_until_a_day(county, newcomer):
    give(county, newcomer, valid_to=TOMORROW)
    assert may(newcomer, "review", TOMORROW)
    assert not may(newcomer, "review", TOMORROW + timedelta(days=1))


def test_nobody_appoints_or_dismisses_himself_even_through_a_second_account(county):
    administrator = county.security_administrator
    administrator.person = county.yangcen.village.farmer
    administrator.save()
    twin = UserFactory(person=administrator.person)
    for user in (administrator, twin):
        with pytest.raises(UnableToAppoint, match="任命自己"):
            give(county, user)
    with pytest.raises(UnableToAppoint, match="免去自己"):
        end(county, administrator.posts.get(), TODAY)


def test_only_the_security_administrator_appoints(county, newcomer):
    others = [county.system_administrator, county.leader, county.organisation_officer, county.auditor, county.outsider]
    for other in others:
        with pytest.raises(NotAllowed):
            give(county, newcomer, by=other)


def test_a_security_administrator_of_another_county_is_refused(county, newcomer):
    foreign = county.shaxi.committee
    other = UserFactory(role=Role.SECURITY_ADMINISTRATOR, organization=foreign)
    assert other.may("appoint", on=TODAY)
    with pytest.raises(NotAllowed):
        give(county, newcomer, by=other)


@pytest.mark.parametrize("role", [Role.FINANCE_OFFICER, Role.CREDIT_OFFICER, Role.TOWNSHIP_CLERK, Role.AUDITOR])
def test_a_role_is_held_only_where_it_belongs(county, newcomer, role):
    with pytest.raises(UnableToAppoint, match="不设"):
        give(county, newcomer, role=role)


def test_a_post_is_held_once(county, newcomer):
    give(county, newcomer)
    with pytest.raises(UnableToAppoint, match="已任此岗位"):
        give(county, newcomer)


def test_an_ended_post_can_be_given_again(county, newcomer):
    post = give(county, newcomer, valid_from=date(2014, 1, 1))
    end(county, post, date(2014, 6, 30))
    assert give(county, newcomer).pk != post.pk


def test_a_closed_account_and_a_closed_office_get_no_post(county, newcomer):
    with pytest.raises(UnableToAppoint, match="停用"):
        give(county, UserFactory(closed=True))
    branch = county.yangcen.village.branch
    branch.valid_to = TODAY
    branch.save()
    with pytest.raises(UnableToAppoint, match="撤销"):
        give(county, newcomer, organization=branch)


EXCLUSIVE_PAIRS = [
    (first, second)
    for first in EXCLUSIVE_ROLES
    for second in (*EXCLUSIVE_ROLES, Role.COUNTY_LEADER)
    if first != second
]


@pytest.mark.parametrize(("first", "second"), EXCLUSIVE_PAIRS)
def test_an_administrator_holds_no_other_post(county, newcomer, first, second):
    give(county, newcomer, organization=county.party_committee, role=first)
    with pytest.raises(UnableToAppoint, match="不得兼任"):
        give(county, newcomer, organization=county.party_committee, role=second)


def test_an_ordinary_post_that_would_run_into_a_future_administrators_post_is_refused(county, newcomer):
    give(county, newcomer, organization=county.party_committee, role=Role.AUDITOR, valid_from=date(2015, 1, 1))
    with pytest.raises(UnableToAppoint, match="不得兼任"):
        give(county, newcomer)
    give(county, newcomer, valid_to=date(2014, 12, 31))


def sql_post(user, organization, role, valid_from="2014-01-01", valid_to=None):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_post (user_id, organization_id, role, valid_from, valid_to) VALUES (%s,%s,%s,%s,%s)",
            [user.pk, organization.pk, role, valid_from, valid_to],
        )


@pytest.mark.parametrize(("first", "second"), EXCLUSIVE_PAIRS)
def test_the_database_refuses_an_administrator_with_another_post(county, newcomer, first, second):
    sql_post(newcomer, county.party_committee, first)
    with pytest.raises(IntegrityError, match="administrator"):
        sql_post(newcomer, county.party_committee, second)


def test_the_database_sees_through_two_accounts_of_one_person(county):
    person = county.yangcen.village.farmer
    first, second = UserFactory(person=person), UserFactory(person=person)
    sql_post(first, county.party_committee, Role.AUDITOR)
    with pytest.raises(IntegrityError, match="administrator"):
        sql_post(second, county.yangcen.village.branch, Role.BRANCH_SECRETARY)


def test_the_database_refuses_to_tie_accounts_to_one_person_when_their_posts_exclude_each_other(county):
    person = county.yangcen.village.farmer
    county.auditor.person = person
    county.auditor.save()
    county.leader.person = person
    with pytest.raises(IntegrityError, match="administrator"), transaction.atomic():
        county.leader.save()


def test_the_database_refuses_to_lengthen_a_post_into_an_administrators(county, newcomer):
    sql_post(newcomer, county.yangcen.village.branch, Role.BRANCH_SECRETARY, "2013-01-01", "2013-12-31")
    sql_post(newcomer, county.party_committee, Role.AUDITOR)
    with pytest.raises(IntegrityError, match="administrator"), transaction.atomic():
        Post.objects.filter(user=newcomer, role=Role.BRANCH_SECRETARY).update(valid_to=None)


def test_one_administrators_role_may_be_held_at_two_offices_and_after_another(county, newcomer):
    sql_post(newcomer, county.party_committee, Role.AUDITOR, "2013-01-01", "2013-12-31")
    sql_post(newcomer, county.government, Role.AUDITOR, "2013-01-01", "2013-12-31")
    sql_post(newcomer, county.party_committee, Role.SYSTEM_ADMINISTRATOR, "2014-01-01")
    assert newcomer.posts.count() == 3


def test_the_appointment_page_goes_from_the_account_to_the_organization_to_the_role(county, newcomer, sign_in, noon):
    browser = sign_in(county.security_administrator)
    page = browser.get("/posts/appoint/", {"q": "新来"})
    assert [account.pk for account in page.context["found"]] == [newcomer.pk]
    page = browser.get("/posts/appoint/", {"account": newcomer.pk, "q": "财政"})
    assert [found.name for found in page.context["found"]] == ["县财政局"]
    url = f"/posts/appoint/?account={newcomer.pk}&organization={county.finance_bureau.pk}"
    page = browser.get(url)
    assert [value for value, _ in page.context["form"].fields["role"].choices] == [
        Role.FINANCE_OFFICER,
        Role.FINANCE_DIRECTOR,
    ]
    response = browser.post(url, {"role": Role.FINANCE_OFFICER, "valid_from": "2014-08-15"})
    assert response.url == reverse("accounts:account-detail", args=[newcomer.pk])
    assert newcomer.posts.get().organization == county.finance_bureau


def test_the_page_says_why_an_appointment_is_refused(county, sign_in, noon):
    own = county.security_administrator
    url = f"/posts/appoint/?account={own.pk}&organization={county.finance_bureau.pk}"
    response = sign_in(own).post(url, {"role": Role.FINANCE_OFFICER, "valid_from": "2014-08-15"})
    assert "不得任命自己" in response.content.decode()


def test_the_dismissal_page_ends_a_post(county, sign_in, noon):
    post = county.finance_officer.posts.get()
    url = reverse("accounts:dismiss", args=[post.pk])
    browser = sign_in(county.security_administrator)
    assert browser.get(url).status_code == 200
    browser.post(url, {"last_day": "2014-08-14"})
    post.refresh_from_db()
    assert (post.valid_to, post.dismissed_by) == (date(2014, 8, 14), county.security_administrator)
    assert not may(county.finance_officer, "confirm_subsidy")


@pytest.mark.parametrize("last_day", ["2012-12-31", "2014-02-30", ""])
def test_a_post_does_not_end_before_it_began_nor_on_no_day(county, sign_in, noon, last_day):
    post = county.finance_officer.posts.get()
    response = sign_in(county.security_administrator).post(
        reverse("accounts:dismiss", args=[post.pk]), {"last_day": last_day}
    )
    assert response.status_code == 200
    post.refresh_from_db()
    assert post.valid_to is None


def test_a_failed_dismissal_leaves_no_trace(county):
    with pytest.raises(UnableToAppoint):
        end(county, county.finance_officer.posts.get(), date(2012, 12, 31))
    assert not AuditEvent.objects.filter(action=Action.DISMISSED).exists()


def test_only_the_security_administrator_opens_the_pages_of_posts(county, sign_in):
    post = county.finance_officer.posts.get()
    for user in (county.system_administrator, county.auditor, county.leader, county.yangcen.clerk, county.outsider):
        browser = sign_in(user)
        for page in ("/posts/", "/posts/appoint/", reverse("accounts:dismiss", args=[post.pk])):
            assert browser.get(page).status_code == 404
            assert browser.post(page).status_code in (404, 405)


def test_the_list_of_posts_is_filtered_and_constant_in_queries(county, sign_in, noon, django_assert_max_num_queries):
    PostFactory(role=Role.BRANCH_SECRETARY, organization=county.yangcen.village.branch, over=True)
    PostFactory(role=Role.BRANCH_SECRETARY, organization=county.yangcen.village.branch, future=True)
    browser = sign_in(county.security_administrator)

    def count(**query):
        return browser.get("/posts/", query).context["page"].paginator.count

    assert count(state="past") == count(state="future") == 1
    assert count(state="all") == count() + 2
    assert count(role=Role.FINANCE_OFFICER) == 1
    assert count(q="沙溪") == 4
    for _ in range(20):
        PostFactory(role=Role.BRANCH_SECRETARY, organization=county.yangcen.village.branch)
    with django_assert_max_num_queries(8):
        browser.get("/posts/")


def test_a_dismissal_never_lengthens_a_post(county, newcomer):
    post = give(county, newcomer, valid_to=TODAY + timedelta(days=10))
    for last_day in (TODAY + timedelta(days=10), TODAY + timedelta(days=90)):
        with pytest.raises(UnableToAppoint):
            end(county, post, last_day)
    end(county, post, TODAY + timedelta(days=5))
    post.refresh_from_db()
    assert post.valid_to == TODAY + timedelta(days=5)


def test_a_post_that_is_over_keeps_its_last_day(county, newcomer):
    post = give(county, newcomer, valid_from=TODAY - timedelta(days=90), valid_to=TODAY - timedelta(days=1))
    with pytest.raises(UnableToAppoint):
        end(county, post, TODAY - timedelta(days=30))


def test_an_account_closed_meanwhile_has_no_rights_whatever_a_page_read_before(county, newcomer):
    give(county, newcomer)
    assert may(newcomer, Verb.REVIEW)
    User.objects.filter(pk=newcomer.pk).update(is_active=False)
    newcomer.forget_posts()
    assert not newcomer.may(Verb.REVIEW, on=TODAY)
