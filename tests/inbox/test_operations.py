"""Telling people, and their count of what is unread."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from inbox.models import Message
from inbox.operations import DAYS_KEPT, News, forget_old, read_all, read_message, tell
from inbox.queries import get_message, messages_of
from tests.factories.accounts import UserFactory
from tests.factories.county import NOON
from tests.factories.inbox import news, told
from tests.races import race

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader():
    return UserFactory()


def unread(user):
    """The count on the account, after comparing it with the rows."""
    user.refresh_from_db()
    assert user.unread_count == Message.objects.of_recipient(user).unread().count()
    return user.unread_count


def test_a_person_is_told_and_his_count_grows(reader):
    assert tell([news(reader, "a"), news(reader, "b")], at=NOON) == 2
    assert unread(reader) == 2


def test_the_same_event_is_told_once(reader):
    told(reader, "a")
    assert tell([news(reader, "a"), news(reader, "b")], at=NOON) == 1
    assert unread(reader) == 2


def test_an_event_named_twice_in_one_call_is_told_once(reader):
    assert tell([news(reader, "a"), news(reader, "a")], at=NOON) == 1


def test_two_people_are_told_of_one_event_each(reader):
    other = UserFactory()
    assert tell([news(reader), news(other)], at=NOON) == 2
    assert (unread(reader), unread(other)) == (1, 1)


def test_an_account_that_does_not_exist_stops_nobody_else(reader):
    stranger = News(recipient_id=reader.pk + 1000, key="a", kind="sample", facts={"number": "1"})
    assert tell([stranger, news(reader)], at=NOON) == 1


def test_a_kind_without_a_sentence_is_refused_and_nobody_is_told(reader):
    with pytest.raises(LookupError, match="unheard"):
        tell([news(reader), News(recipient_id=reader.pk, key="b", kind="unheard")], at=NOON)
    assert unread(reader) == 0


def test_reading_lowers_the_count_once(reader):
    told(reader, "a", "b")
    message = messages_of(recipient=reader).first()
    read_message(message=message, at=NOON)
    read_message(message=message, at=NOON + timedelta(hours=1))
    message.refresh_from_db()
    assert (unread(reader), message.read_at) == (1, NOON)


def test_all_up_to_the_one_that_was_shown_are_read_and_a_newer_one_is_not(reader):
    told(reader, "a", "b")
    newest = max(messages_of(recipient=reader).values_list("pk", flat=True))
    told(reader, "c")
    assert read_all(recipient=reader, up_to=newest, at=NOON) == 2
    assert unread(reader) == 1


def test_reading_all_touches_nobody_elses_notices(reader):
    other = UserFactory()
    told(other, "a")
    told(reader, "a")
    read_all(recipient=reader, up_to=10**9, at=NOON)
    assert unread(other) == 1


def test_unread_notices_come_first_and_then_the_latest(reader):
    told(reader, "old", at=NOON - timedelta(days=2))
    told(reader, "middle", at=NOON - timedelta(days=1))
    told(reader, "new")
    read_message(message=messages_of(recipient=reader).first(), at=NOON)
    assert [message.key for message in messages_of(recipient=reader)] == ["middle", "old", "new"]


def test_what_was_read_long_ago_is_forgotten_and_what_is_unread_stays(reader):
    long_ago = NOON - timedelta(days=DAYS_KEPT + 1)
    told(reader, "read", "unread", at=long_ago)
    told(reader, "fresh")
    for key in ("read", "fresh"):
        read_message(message=Message.objects.get(key=key), at=NOON)
    assert forget_old(at=NOON) == 1
    assert set(messages_of(recipient=reader).values_list("key", flat=True)) == {"unread", "fresh"}
    assert unread(reader) == 1


def test_somebody_elses_notice_does_not_exist(reader):
    told(UserFactory(), "a")
    with pytest.raises(Message.DoesNotExist):
        get_message(recipient=reader, message_id=Message.objects.get().pk)


def test_a_notice_of_a_kind_that_is_gone_still_says_something(reader):
    told(reader, "a")
    Message.objects.update(kind="of-last-year")
    assert Message.objects.get().sentence != ""


def test_a_notice_that_lacks_a_fact_still_says_something(reader):
    told(reader, "a")
    Message.objects.update(facts={})
    assert "%(" not in Message.objects.get().sentence


@pytest.mark.parametrize("url", ["https://elsewhere.example/", "//elsewhere.example/", "help/"])
def test_no_notice_leads_out_of_the_house(reader, url):
    with pytest.raises(IntegrityError, match="message_leads_into_the_house"):
        tell([news(reader, url=url)], at=NOON)


@pytest.mark.django_db(transaction=True)
def test_eight_tellers_at_once_tell_one_event_once_and_count_right():
    reader = UserFactory()
    results = race((), *[lambda n=n: tell([news(reader, "same"), news(reader, f"own{n}")], at=NOON) for n in range(8)])
    assert sum(results) == 9
    assert unread(reader) == 9


@pytest.mark.django_db(transaction=True)
def test_reading_twice_at_once_counts_once():
    reader = UserFactory()
    told(reader, "a", "b")
    message = messages_of(recipient=reader).first()
    race((), *[lambda: read_message(message=message, at=NOON)] * 4)
    assert unread(reader) == 1
