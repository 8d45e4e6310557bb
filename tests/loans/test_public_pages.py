"""The public page of a notice: what it shows, when it ends, what it takes, and what it never tells."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from loans.choices import ObjectionState
from loans.models import Objection, PublicAttempt
from loans.operations import Blocked
from loans.operations.daily import run_daily_work
from loans.operations.public_pages import (
    HOURLY_MAX,
    WAITING_MAX,
    Deed,
    TooMany,
    count_attempt,
    forget_attempts,
)
from tests.factories.county import NOON, TODAY
from tests.factories.notices import hanging, object_by_page
from tests.loans.pages import text_of


@pytest.fixture
def roster(office):
    return hanging(office, 2)


@pytest.fixture
def passer_by():
    return Client(enforce_csrf_checks=True)


def url(roster, name="notice"):
    return reverse(f"public:{name}", args=[roster.token])


def posted(**fields):
    return {
        "request_id": str(uuid.uuid4()), "position": "1", "text": "猪舍已经转给别人。", "objector": "", "phone": "",
        **fields,
    }  # fmt: skip


def test_it_shows_the_masked_list_the_days_left_and_the_telephone(office, roster, passer_by, noon):
    page = passer_by.get(url(roster))
    text = text_of(page)
    for notice in roster.notices.all():
        assert notice.snapshot["name"] in text
        assert notice.application.person.name not in text
        assert notice.application.number not in text
    assert "还剩7天" in text
    assert roster.phone in text


def test_nobody_keeps_or_finds_the_page_and_no_cookie_is_set(roster, passer_by, noon):
    for name in ("notice", "objection", "received"):
        answer = passer_by.get(url(roster, name))
        assert answer.headers["Cache-Control"] == "no-store"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert not answer.cookies


def test_it_ends_with_the_notice_and_tells_nothing_more(roster, passer_by, at):
    names = [notice.snapshot["name"] for notice in roster.notices.all()]
    with at(days=7):
        ended = passer_by.get(url(roster))
        assert ended.status_code == 410
        assert not any(name in text_of(ended) for name in names)
        assert passer_by.post(url(roster, "objection"), posted()).status_code == 410
    assert not Objection.objects.exists()


def test_before_its_first_day_it_shows_nothing(office, roster, passer_by, at):
    with at(days=-1):
        early = passer_by.get(url(roster))
    assert early.status_code == 404
    assert "尚未开始" in text_of(early)


def test_a_case_that_was_taken_down_is_not_shown_any_more(roster, passer_by, noon):
    first, second = roster.notices.order_by("position")
    first.application.person.name = "赵又廷"
    first.application.person.save()
    run_daily_work(at=NOON)
    text = text_of(passer_by.get(url(roster)))
    assert second.snapshot["name"] in text
    assert first.snapshot["name"] not in text


def test_a_token_that_was_never_given_is_no_page(roster, passer_by, noon):
    for name in ("notice", "objection", "received"):
        answer = passer_by.get(reverse(f"public:{name}", args=[uuid.uuid4()]))
        assert answer.status_code == 404
        assert "noindex" in answer.headers["X-Robots-Tag"]


def test_an_objection_needs_no_cookie_and_lands_as_received(roster, passer_by, noon):
    form = posted(position="2", objector="赵四全", phone="138 1234 2207")
    done = passer_by.post(url(roster, "objection"), form)
    assert (done.status_code, done.url) == (302, url(roster, "received"))
    kept = Objection.objects.get()
    assert (kept.state, kept.channel, kept.notice.position) == (ObjectionState.RECEIVED, "page", 2)
    assert (kept.objector, kept.objector_phone, kept.received_on) == ("赵四全", "13812342207", TODAY)
    assert not done.cookies


def test_a_second_click_is_one_objection(roster, passer_by, noon):
    form = posted()
    assert [passer_by.post(url(roster, "objection"), form).status_code for _ in range(2)] == [302, 302]
    assert Objection.objects.count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"text": ""},
        {"text": " "},
        {"text": "反" * 1001},
        {"text": "反对👎"},
        {"position": ""},
        {"position": "9"},
        {"position": "１"},
        {"objector": "赵4"},
        {"phone": "no"},
        {"request_id": "x"},
    ],
)
def test_what_cannot_be_right_is_shown_again(roster, passer_by, noon, fields):
    page = passer_by.post(url(roster, "objection"), posted(**fields))
    assert page.status_code == 200
    assert page.context["form"].errors
    assert not Objection.objects.exists()


def test_one_place_sends_five_objections_an_hour_and_another_place_its_own(roster, passer_by, at):
    with at():
        answers = [passer_by.post(url(roster, "objection"), posted()).status_code for _ in range(6)]
        assert answers == [302] * HOURLY_MAX[Deed.OBJECT] + [429]
        assert passer_by.post(url(roster, "objection"), posted(), REMOTE_ADDR="203.0.113.9").status_code == 302
    with at(moment=NOON + timedelta(hours=1)):
        assert passer_by.post(url(roster, "objection"), posted()).status_code == 302


def test_a_robot_with_many_addresses_fills_one_sheet_and_no_more(roster):
    for number in range(WAITING_MAX):
        object_by_page(roster, address=f"198.51.100.{number}")
    with pytest.raises(Blocked, match=roster.phone):
        object_by_page(roster, address="203.0.113.1")
    assert Objection.objects.count() == WAITING_MAX


def test_no_address_is_kept_and_the_counts_are_forgotten(roster):
    object_by_page(roster, address="198.51.100.7")
    assert all("198" not in attempt.key and len(attempt.key) == 64 for attempt in PublicAttempt.objects.all())
    assert forget_attempts(at=NOON) == 0
    assert forget_attempts(at=NOON + timedelta(hours=4)) == 1


@pytest.mark.django_db
def test_all_addresses_of_one_ipv6_line_count_as_one():
    addresses = ["2001:db8:1:2::1", "2001:db8:1:2:ffff::7"]
    with_this = [
        count_attempt(deed=Deed.OBJECT, address=addresses[number % 2], at=NOON) for number in range(6)
    ]  # fmt: skip
    assert with_this == [True] * 5 + [False]
    assert count_attempt(deed=Deed.OBJECT, address="2001:db8:1:3::1", at=NOON)


def test_too_many_looks_are_told_to_wait(roster, passer_by, noon, monkeypatch):
    monkeypatch.setitem(HOURLY_MAX, Deed.LOOK, 2)
    assert [passer_by.get(url(roster)).status_code for _ in range(3)] == [200, 200, 429]


def test_a_sent_objection_is_counted_even_when_it_is_refused(roster):
    for _ in range(HOURLY_MAX[Deed.OBJECT]):
        with pytest.raises(Blocked):
            object_by_page(roster, text=" ")
    with pytest.raises(TooMany):
        object_by_page(roster)


def test_a_line_that_the_sheet_does_not_have_takes_nothing(roster):
    with pytest.raises(Exception, match="does not exist"):
        object_by_page(roster, position=7)


def test_the_page_asks_few_questions(roster, passer_by, noon, questions):
    with questions() as asked:
        passer_by.get(url(roster))
    assert len(asked) <= 4


def test_an_office_account_sees_the_same_page(office, roster, sign_in, noon):
    page = text_of(sign_in(office.yangcen.clerk).get(url(roster)))
    assert roster.notices.first().application.person.name not in page


def test_the_operation_is_idempotent_by_its_request(roster):
    request_id = uuid.uuid4()
    first, second = (object_by_page(roster, request_id=request_id) for _ in range(2))
    assert first == second
