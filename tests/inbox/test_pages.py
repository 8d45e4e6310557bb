"""The bell and its page, over HTTP."""

import pytest
from django.urls import reverse

from inbox.models import Message
from inbox.operations import tell
from inbox.views import PER_PAGE
from tests.factories.accounts import UserFactory
from tests.factories.county import NOON
from tests.factories.inbox import news, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client):
    user = UserFactory()
    client.force_login(user)
    return user


def text(response):
    return response.content.decode()


def test_the_bell_counts_what_is_unread_on_every_page(client, reader):
    told(reader, "a", "b")
    page = text(client.get(reverse("help")))
    assert reverse("inbox:list") in page
    assert '<span class="count">2</span>' in page


def test_the_page_shows_the_sentence_and_nobody_elses(client, reader):
    tell([news(reader, number="我的"), news(UserFactory(), number="别人的")], at=NOON)
    page = text(client.get(reverse("inbox:list")))
    assert "案件 我的 已退回。" in page
    assert "别人的" not in page


def test_opening_a_notice_leads_to_its_page_and_marks_it(client, reader):
    told(reader, "a")
    message = Message.objects.get()
    response = client.post(reverse("inbox:open", args=[message.pk]))
    assert response.url == "/help/"
    message.refresh_from_db()
    assert message.read_at is not None


def test_a_notice_without_a_page_leads_back_to_the_list(client, reader):
    tell([news(reader, url="")], at=NOON)
    response = client.post(reverse("inbox:open", args=[Message.objects.get().pk]))
    assert response.url == reverse("inbox:list")


def test_somebody_elses_notice_is_not_there(client, reader):
    other = UserFactory()
    told(other, "a")
    assert client.post(reverse("inbox:open", args=[Message.objects.get().pk])).status_code == 404
    assert Message.objects.unread().count() == 1


def test_all_that_was_shown_is_marked_and_said_how_many(client, reader):
    told(reader, "a", "b")
    newest = client.get(reverse("inbox:list")).context["newest"]
    told(reader, "c")
    response = client.post(reverse("inbox:read-all"), {"newest": newest}, follow=True)
    assert "已将 2 条消息标为已读。" in text(response)
    assert Message.objects.unread().get().key == "c"


@pytest.mark.parametrize("sent", ["", "-1", "x", "９", "99999999999999999999"])
def test_a_tampered_mark_marks_nothing(client, reader, sent):
    told(reader, "a")
    client.post(reverse("inbox:read-all"), {"newest": sent})
    assert Message.objects.unread().count() == 1


def test_the_page_asks_the_same_number_of_queries_for_one_and_for_many(client, reader, django_assert_max_num_queries):
    told(reader, *map(str, range(PER_PAGE + 5)))
    with django_assert_max_num_queries(7):  # five, and the transaction
        page = text(client.get(reverse("inbox:list")))
    assert page.count("inbox-line") == PER_PAGE
    assert text(client.get(reverse("inbox:list") + "?page=2")).count("inbox-line") == 5


def test_an_empty_inbox_says_so(client, reader):
    assert "暂无消息" in text(client.get(reverse("inbox:list")))
