import logging

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation

from web.logs import RequestIdFilter
from web.middleware import PrivatePagesMiddleware, UserLocaleMiddleware, current_request_id


class Person:
    is_authenticated = True

    def __init__(self, language=""):
        self.language = language


def answer_with_language(request):
    return HttpResponse(translation.get_language())


def ask(middleware=UserLocaleMiddleware, view=answer_with_language, *, user=None, cookie=None, **headers):
    request = RequestFactory().get("/", headers=headers)
    request.user = user or AnonymousUser()
    if cookie:
        request.COOKIES["django_language"] = cookie
    return middleware(view)(request)


def test_a_browser_that_asks_for_english_is_shown_chinese():
    response = ask(accept_language="en-US,en;q=0.9")
    assert response.content == b"zh-hans"
    assert response["Content-Language"] == "zh-hans"


def test_the_cookie_chooses_for_somebody_not_signed_in():
    assert ask(cookie="en").content == b"en"


def test_the_person_s_setting_wins_over_the_cookie():
    assert ask(user=Person("zh-hans"), cookie="en").content == b"zh-hans"
    assert ask(user=Person("en")).content == b"en"


def test_a_person_without_a_wish_gets_the_cookie_s_language():
    assert ask(user=Person(""), cookie="en").content == b"en"


@pytest.mark.parametrize("unknown", ["fr", "en-US", "../en", ""])
def test_a_language_we_do_not_have_is_ignored(unknown):
    assert ask(user=Person(unknown), cookie=unknown).content == b"zh-hans"


def test_the_language_is_put_back_after_the_answer():
    with translation.override("zh-hans"):
        ask(cookie="en")
        assert translation.get_language() == "zh-hans"


def test_no_page_of_a_signed_in_person_is_kept():
    assert ask(PrivatePagesMiddleware, user=Person())["Cache-Control"] == "no-store"
    assert "Cache-Control" not in ask(PrivatePagesMiddleware)


def test_every_answer_carries_the_number_the_page_could_show():
    response = ask(PrivatePagesMiddleware, lambda request: HttpResponse(request.request_id))
    assert response["X-Request-ID"] == response.content.decode()
    assert len(response["X-Request-ID"]) == 12


def test_the_proxy_s_number_is_kept_unless_it_could_harm_a_log():
    assert ask(PrivatePagesMiddleware, x_request_id="abcd-1234-efgh")["X-Request-ID"] == "abcd-1234-efgh"
    for harmful in ["short", "a" * 65, "abcdefgh\tijkl", "<script>alert(1)"]:
        assert ask(PrivatePagesMiddleware, x_request_id=harmful)["X-Request-ID"] != harmful


def test_a_log_line_knows_the_request_it_belongs_to():
    record, seen = logging.makeLogRecord({}), []

    def view(request):
        RequestIdFilter().filter(record)
        seen.append(request.request_id)
        return HttpResponse()

    ask(PrivatePagesMiddleware, view)
    assert [record.request_id] == seen
    assert current_request_id.get() == "-"
