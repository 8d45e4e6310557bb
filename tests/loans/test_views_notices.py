"""Objections: written down by whoever hears them, settled by the township committee."""

from datetime import timedelta

import pytest
from django.urls import reverse

from loans.choices import Outcome, StepCode
from loans.models import Objection
from tests.factories.county import NOON, TODAY
from tests.factories.loans import CaseFactory
from tests.loans.pages import decision, text_of
from workflow.engine import State


@pytest.fixture
def story(office):
    """A case in notice from the day before 2014-08-15."""
    story = CaseFactory(office, begin=NOON - timedelta(days=5))
    story.at(StepCode.PUBLIC_NOTICE)
    story.publish()
    return story


def objection(**fields):
    return {
        "received_on": TODAY.isoformat(),
        "channel": "phone",
        "objector": "赵四全",
        "text": "申请人已有外债未还。",
        **fields,
    }


def settlement(upheld, finding, **fields):
    return {"upheld": upheld, "finding": finding, "investigators": "段军、和丽芳", "method": "papers", **fields}


def url_of(story):
    return reverse("loans:object", args=[story.case.pk])


def settle_url(story):
    return reverse("loans:settle", args=[story.case.pk, Objection.objects.get().pk])


def test_the_branch_writes_an_objection_down(office, story, sign_in, noon):
    client = sign_in(office.yangcen.village.secretary)
    assert client.get(url_of(story)).status_code == 200
    assert client.post(url_of(story), objection()).status_code == 302
    assert Objection.objects.get().recorded_by == office.yangcen.village.secretary


def test_a_second_click_writes_it_down_once(office, story, sign_in, noon):
    client = sign_in(office.yangcen.clerk)
    posted = objection()
    assert [client.post(url_of(story), posted).status_code for _ in range(2)] == [302, 302]
    assert Objection.objects.count() == 1


def test_others_write_nothing_down(office, story, sign_in, noon):
    for user in (office.shaxi.clerk, office.finance_officer, office.yangcen.credit_officer, office.outsider):
        assert sign_in(user).post(url_of(story), objection()).status_code == 404
    assert not Objection.objects.exists()


@pytest.mark.parametrize(
    ("fields", "blamed"),
    [
        ({"received_on": (TODAY + timedelta(days=1)).isoformat()}, "received_on"),
        ({"received_on": "2014-01-01"}, "received_on"),
        ({"received_on": ""}, "received_on"),
        ({"channel": "rumour"}, "channel"),
        ({"text": ""}, "text"),
        ({"text": "反" * 1001}, "text"),
        ({"text": "反对👎"}, "text"),
        ({"objector": "赵4"}, "objector"),
    ],
)
def test_an_objection_that_cannot_be_right_is_refused(office, story, sign_in, noon, fields, blamed):
    page = sign_in(office.yangcen.clerk).post(url_of(story), objection(**fields))
    assert blamed in page.context["form"].errors
    assert not Objection.objects.exists()


def test_an_objection_without_a_name_is_taken(office, story, sign_in, noon):
    assert sign_in(office.yangcen.clerk).post(url_of(story), objection(objector="")).status_code == 302


def test_a_case_that_is_not_in_notice_takes_no_objection(office, sign_in, noon):
    case = CaseFactory(office).at(StepCode.COMMITTEE_FILING)
    url = reverse("loans:object", args=[case.pk])
    assert sign_in(office.yangcen.clerk).get(url).status_code == 404


def test_only_the_committee_settles(office, story, sign_in, noon):
    sign_in(office.yangcen.clerk).post(url_of(story), objection())
    finding = settlement("no", "外债已还清，有凭证。")
    for user in (office.yangcen.clerk, office.yangcen.village.secretary, office.shaxi.committee_officer):
        assert sign_in(user).post(settle_url(story), finding).status_code == 404
    client = sign_in(office.yangcen.committee_officer)
    assert client.get(settle_url(story)).status_code == 200
    assert client.post(settle_url(story), finding).status_code == 302
    assert Objection.objects.get().state == "dismissed"
    assert client.post(settle_url(story), finding).status_code == 302
    assert client.get(settle_url(story)).url == reverse("loans:objection", args=[Objection.objects.get().pk])
    kept = Objection.objects.get()
    assert (kept.investigators, kept.method) == ("段军、和丽芳", "papers")


def test_another_finding_comes_too_late(office, story, sign_in, noon):
    sign_in(office.yangcen.clerk).post(url_of(story), objection())
    client = sign_in(office.yangcen.committee_officer)
    client.post(settle_url(story), settlement("no", "外债已还清。"))
    late = client.post(settle_url(story), settlement("yes", "另有外债。"))
    assert late.status_code == 409
    assert Objection.objects.get().finding == "外债已还清。"


@pytest.mark.parametrize("posted", [{"finding": " "}, {"upheld": ""}, {"investigators": ""}, {"method": "rumour"}])
def test_a_finding_needs_a_result_words_and_who_looked_into_it_how(office, story, sign_in, noon, posted):
    sign_in(office.yangcen.clerk).post(url_of(story), objection())
    page = sign_in(office.yangcen.committee_officer).post(settle_url(story), settlement("no", "属实") | posted)
    assert page.status_code == 200
    assert page.context["form"].errors


def test_an_objection_of_another_case_is_not_there(office, story, sign_in, noon):
    sign_in(office.yangcen.clerk).post(url_of(story), objection())
    other = CaseFactory(office, person=office.yangcen.village.people[0]).at(StepCode.PUBLIC_NOTICE)
    url = reverse("loans:settle", args=[other.pk, Objection.objects.get().pk])
    assert sign_in(office.yangcen.committee_officer).get(url).status_code == 404


def test_after_an_upheld_objection_the_committee_returns_or_ends_the_case(office, story, sign_in, noon):
    decide = reverse("loans:decide", args=[story.case.pk, StepCode.PUBLIC_NOTICE])
    client = sign_in(office.yangcen.committee_officer)
    assert client.get(decide).status_code == 404
    sign_in(office.yangcen.clerk).post(url_of(story), objection())
    assert client.get(decide).status_code == 302
    client.post(settle_url(story), settlement("yes", "外债属实。"))
    assert client.get(decide).status_code == 200
    posted = decision(story.case, Outcome.REJECT, reason="外债属实。")
    assert client.post(decide, posted).status_code == 302
    story.case.refresh_from_db()
    assert story.case.state == State.REJECTED


def test_the_name_of_the_objector_is_not_on_the_page_of_the_case(office, story, sign_in, noon):
    sign_in(office.yangcen.clerk).post(url_of(story), objection())
    page = text_of(sign_in(office.yangcen.credit_officer).get(reverse("loans:case", args=[story.case.pk])))
    assert "申请人已有外债未还。" in page
    assert "赵四全" not in page


def test_the_queue_leads_the_committee_to_the_objection(office, story, sign_in, noon):
    sign_in(office.yangcen.clerk).post(url_of(story), objection())
    client = sign_in(office.yangcen.committee_officer)
    response = client.get(reverse("loans:decide", args=[story.case.pk, StepCode.PUBLIC_NOTICE]))
    assert (response.status_code, response.url) == (302, settle_url(story))


def test_whoever_cannot_settle_it_is_not_led_there(office, story, sign_in, noon):
    sign_in(office.yangcen.clerk).post(url_of(story), objection())
    client = sign_in(office.yangcen.clerk)
    assert client.get(reverse("loans:decide", args=[story.case.pk, StepCode.PUBLIC_NOTICE])).status_code == 404
