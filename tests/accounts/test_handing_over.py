"""Posts that change hands: for good, or while somebody is away."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.choices import Role, Verb
from accounts.handing_over import delegate, hand_over
from accounts.models import Post
from accounts.operations import NotAllowed, UnableToAppoint, dismiss, sync_posts
from inbox.models import Message
from loans.choices import Outcome, StepCode
from loans.operations import errors
from loans.queries.detail import cases_in_full, decisions_of
from loans.queries.history import decider_of
from tests.factories.accounts import PostFactory, UserFactory
from tests.factories.county import NOON, TODAY
from tests.factories.loans import CaseFactory, review_facts

TOMORROW = TODAY + timedelta(days=1)
NEXT_WEEK = TODAY + timedelta(days=7)


@pytest.fixture
def newcomer(county):
    return UserFactory(username="newcomer", name="和新来")


@pytest.fixture
def secretary(county):
    return county.yangcen.village.secretary


@pytest.fixture
def post(secretary):
    return secretary.posts.get()


def pass_on(county, post, to, first_day=TOMORROW, by=None):
    return hand_over(
        post=post, to=to, first_day=first_day, handed_over_by=by or county.security_administrator, handed_over_at=NOON
    )


def lend_out(county, post, to, first_day=TODAY, last_day=NEXT_WEEK, by=None):
    by = by or county.security_administrator
    return delegate(post=post, to=to, first_day=first_day, last_day=last_day, delegated_by=by, delegated_at=NOON)


def with_stand_in(case, user):
    case.verify_help()
    return case.decide(Outcome.PASS, user, review_facts(case.day), reason="同意推荐。")


def may(user, verb, on=TODAY):
    user.forget_posts()
    return user.may(verb, on=on)


def test_a_post_goes_over_on_its_day_and_never_to_both(county, post, secretary, newcomer):
    pass_on(county, post, newcomer)
    assert (may(secretary, "review"), may(newcomer, "review")) == (True, False)
    sync_posts(on=TOMORROW)
    assert (may(secretary, "review", TOMORROW), may(newcomer, "review", TOMORROW)) == (False, True)


def test_who_takes_over_today_begins_at_once(county, post, secretary, newcomer):
    pass_on(county, post, newcomer, first_day=TODAY)
    assert (may(secretary, "review"), may(newcomer, "review")) == (False, True)


def test_both_are_told_and_each_is_named_the_other(county, post, secretary, newcomer):
    pass_on(county, post, newcomer)
    assert newcomer.name in Message.objects.get(recipient=secretary).sentence
    assert secretary.name in Message.objects.get(recipient=newcomer).sentence


def test_the_trace_has_the_end_and_the_beginning(county, post, newcomer):
    new = pass_on(county, post, newcomer)
    post.refresh_from_db()
    assert (post.valid_to, new.valid_from) == (TODAY, TOMORROW)
    assert post.dismissed_by == new.appointed_by == county.security_administrator


@pytest.mark.parametrize(
    ("first_day", "sentence"), [(TODAY - timedelta(days=1), "今天|today"), (date(2010, 1, 1), "今天|today")]
)
def test_nothing_is_handed_over_in_the_past(county, post, newcomer, first_day, sentence):
    with pytest.raises(UnableToAppoint, match=sentence):
        pass_on(county, post, newcomer, first_day=first_day)


def test_only_the_security_administrator_gives_posts_away(county, post, secretary, newcomer):
    for actor in (secretary, county.system_administrator):
        with pytest.raises(NotAllowed):
            pass_on(county, post, newcomer, by=actor)
        with pytest.raises(NotAllowed):
            lend_out(county, post, newcomer, by=actor)


def test_nobody_takes_a_post_for_himself_nor_gives_his_own_away(county, post):
    admin = county.security_administrator
    for task in (pass_on, lend_out):
        with pytest.raises(UnableToAppoint):
            task(county, post, admin)
        with pytest.raises(UnableToAppoint):
            task(county, admin.posts.get(), county.outsider)


def test_another_account_of_the_same_person_is_the_same_person(county, post, secretary):
    for number, user in enumerate((secretary, county.security_administrator)):
        user.person = county.yangcen.village.people[number]
        user.save()
        twin = UserFactory(username=f"twin{number}", person=user.person)
        for task in (pass_on, lend_out):
            with pytest.raises(UnableToAppoint):
                task(county, Post.objects.get(pk=post.pk), twin)


def test_who_stands_in_acts_from_the_first_to_the_last_day(county, post, newcomer):
    lend_out(county, post, newcomer, first_day=TODAY, last_day=TOMORROW)
    assert may(newcomer, "review")
    assert may(newcomer, "review", TOMORROW)
    assert not may(newcomer, "review", TOMORROW + timedelta(days=1))
    assert Message.objects.filter(recipient=newcomer).count() == 1


def test_what_is_delegated_is_not_delegated_again(county, post, newcomer):
    delegation = lend_out(county, post, newcomer)
    for task in (pass_on, lend_out):
        with pytest.raises(UnableToAppoint):
            task(county, delegation, county.outsider)


def test_a_delegation_lies_within_the_days_of_the_post(county, post, newcomer):
    Post.objects.filter(pk=post.pk).update(valid_to=TOMORROW)
    with pytest.raises(UnableToAppoint):
        lend_out(county, post, newcomer, last_day=NEXT_WEEK)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR])
def test_nobody_whose_post_excludes_it_stands_in(county, post, role):
    keeper = PostFactory(user=UserFactory(username="keeper"), organization=county.party_committee, role=role).user
    with pytest.raises(UnableToAppoint):
        lend_out(county, post, keeper)


def test_an_administrator_s_post_is_not_lent_to_somebody_with_another(county, secretary):
    post = county.system_administrator.posts.get()
    with pytest.raises(UnableToAppoint):
        lend_out(county, post, secretary)


def test_a_delegation_ends_with_the_post(county, post, newcomer):
    delegation = lend_out(county, post, newcomer)
    dismiss(post=post, last_day=TODAY, dismissed_by=county.security_administrator, dismissed_at=NOON)
    delegation.refresh_from_db()
    assert delegation.valid_to == TODAY


def test_a_delegation_that_has_not_begun_goes_with_the_post(county, post, newcomer):
    delegation = lend_out(county, post, newcomer, first_day=TOMORROW)
    dismiss(post=post, last_day=TODAY, dismissed_by=county.security_administrator, dismissed_at=NOON)
    assert not Post.objects.filter(pk=delegation.pk).exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"role": Role.VILLAGE_CLERK},
        {"valid_to": None},
        {"valid_to": date(2099, 1, 1), "of_an_ended_post": True},
        {"of_a_delegation": True},
        {"user": "secretary"},
        {"appointed_by": "newcomer"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_the_database_refuses_what_is_no_delegation(county, post, secretary, newcomer, changes):
    named = {"secretary": secretary, "newcomer": newcomer}
    fields = {"user": newcomer, "organization": post.organization, "role": post.role, "valid_from": TODAY}
    fields |= {"valid_to": TOMORROW, "stands_in_for": post}
    if changes.pop("of_a_delegation", False):
        fields["stands_in_for"] = lend_out(county, post, county.outsider)
    if changes.pop("of_an_ended_post", False):
        Post.objects.filter(pk=post.pk).update(valid_to=NEXT_WEEK)
    fields |= {name: named.get(value, value) for name, value in changes.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.create(**fields)


def test_the_database_refuses_to_end_a_post_before_its_delegation(county, post, newcomer):
    lend_out(county, post, newcomer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.filter(pk=post.pk).update(valid_to=TODAY)


def test_one_s_own_post_comes_before_a_lent_one(county, post, newcomer):
    lend_out(county, post, newcomer)
    PostFactory(user=newcomer, organization=post.organization, role=Role.VILLAGE_CLERK, valid_from=TODAY)
    newcomer.forget_posts()
    assert [held.principal for held in newcomer.posts_in_force(TODAY)] == [None, post.user]


def test_posts_and_principals_are_read_in_one_query(county, post, newcomer, django_assert_num_queries):
    lend_out(county, post, newcomer)
    newcomer.forget_posts()
    with django_assert_num_queries(1):
        assert newcomer.posts_for(Verb.REVIEW, on=TODAY)[0].principal == post.user


@pytest.fixture
def lent_review(office, newcomer):
    """A case at the review; the branch secretary is away and somebody stands in."""
    case = CaseFactory(office, begin=NOON)
    case.at(StepCode.BRANCH_REVIEW)
    secretary = office.yangcen.village.secretary
    lend_out(office, secretary.posts.get(), newcomer, last_day=TODAY + timedelta(days=60))
    return case


def test_a_decision_says_for_whom_somebody_stood_in(lent_review, newcomer, office, django_assert_num_queries):
    secretary = office.yangcen.village.secretary
    with_stand_in(lent_review, newcomer)
    case = cases_in_full().get(pk=lent_review.case.pk)
    decision = next(one for one in decisions_of(case) if one.step == StepCode.BRANCH_REVIEW)
    assert decision.decided_by == newcomer
    with django_assert_num_queries(0):
        said = decider_of(decision)
    assert newcomer.name in said
    assert secretary.name in said


def test_nobody_has_done_by_another_what_he_may_not_do_himself(lent_review, newcomer, office):
    secretary = office.yangcen.village.secretary
    secretary.person = lent_review.case.introducer.person
    secretary.save()
    with pytest.raises(errors.NotAllowed, match=secretary.name):
        with_stand_in(lent_review, newcomer)


def test_who_stands_in_and_decided_an_earlier_step_is_refused(office):
    case = CaseFactory(office, begin=NOON)
    case.at(StepCode.BRANCH_REVIEW)
    clerk = case.case.decisions.get(outcome=Outcome.SUBMIT).decided_by
    lend_out(office, office.yangcen.village.secretary.posts.get(), clerk)
    with pytest.raises(errors.NotAllowed):
        with_stand_in(case, clerk)


def test_the_security_administrator_hands_over_in_two_pages(county, post, newcomer, sign_in, noon):
    browser = sign_in(county.security_administrator)
    url = reverse("accounts:hand-over", args=[post.pk])
    assert newcomer.name in browser.get(url, {"q": "newcomer"}).content.decode()
    answer = browser.post(f"{url}?account={newcomer.pk}", {"first_day": TOMORROW.isoformat()}, follow=True)
    assert newcomer.name in answer.content.decode()
    assert newcomer.posts.get().valid_from == TOMORROW


def test_the_list_says_who_stands_in_for_whom(county, post, newcomer, sign_in, noon):
    lend_out(county, post, newcomer)
    page = sign_in(county.security_administrator).get(reverse("accounts:post-list"), {"q": "newcomer"})
    assert post.user.name in page.content.decode()


def test_what_cannot_be_is_said_on_the_page(county, post, newcomer, sign_in, noon):
    browser = sign_in(county.security_administrator)
    url = reverse("accounts:delegate", args=[post.pk])
    days = {"first_day": TOMORROW.isoformat(), "last_day": TODAY.isoformat()}
    answer = browser.post(f"{url}?account={newcomer.pk}", days)
    assert answer.status_code == 200
    assert not newcomer.posts.exists()
