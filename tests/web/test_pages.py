import html5lib
import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from web.layout import Layout


def parsed(response):
    parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
    page = parser.parse(response.content.decode())
    assert not parser.errors, parser.errors
    return page


def test_the_style_guide_is_well_formed_in_its_frame(signed_in):
    page = parsed(signed_in.get("/styleguide/"))
    assert page.get("lang") == "zh-Hans"
    assert [link.text for link in page.findall(".//nav[@class='tabbar']/a")] == [None, None, None]
    assert page.find(".//nav[@class='side']//a[@aria-current='page']") is not None
    ids = [element.get("id") for element in page.iter() if element.get("id")]
    assert len(ids) == len(set(ids))


def test_no_page_holds_inline_style_or_script(signed_in):
    for path in ["/styleguide/", "/conflict/", "/nowhere/"]:
        page = parsed(signed_in.get(path))
        assert not [e for e in page.iter() if isinstance(e.tag, str) and (e.get("style") or e.get("onclick"))]
        assert not list(page.iter("style"))
        assert all(script.get("src") and not script.text for script in page.iter("script"))


def test_only_somebody_signed_in_sees_the_style_guide(client, db):
    assert client.get("/styleguide/").status_code == 302


def test_the_style_guide_sorts_and_pages_by_its_address(signed_in):
    page = parsed(signed_in.get("/styleguide/?sort=-amount&page=2&state=due"))
    sorted_head = page.find(".//th[@aria-sort]")
    assert sorted_head.get("aria-sort") == "descending"
    cells = [
        td.text for td in page.findall(".//section[@id='tables']//td[@data-label]") if "元" in td.get("data-label")
    ]
    assert cells == ["20,000.00", "10,000.00", "30,000.00"]
    links = [a.get("href") for a in page.findall(".//nav[@class='pager']//a")]
    assert all("sort=-amount" in link and "state=due" in link for link in links)


def test_every_part_of_the_frame_can_be_left_out(rf):
    request = rf.get("/")
    shown = render_to_string("web/page.html", {"layout": Layout(), "request": request}, request=None)
    assert "topbar" in shown
    for absent in ['role="search"', "menu-panel", "demo-bar", 'class="org"']:
        assert absent not in shown


@pytest.mark.parametrize(
    ("path", "status", "chinese", "english"),
    [
        ("/forbidden/", 403, "您没有权限执行此操作", "You may not do this"),
        ("/nowhere/", 404, "没有这个页面", "This page does not exist"),
        ("/conflict/", 409, "已被他人办理", "Somebody else has already dealt with this"),
        ("/broken/", 500, "系统出错了", "Something went wrong on our side"),
    ],
)
def test_an_error_says_what_happened_in_both_languages(signed_in, path, status, chinese, english):
    signed_in.raise_request_exception = False
    for language, heading in [("zh-hans", chinese), ("en", english)]:
        signed_in.cookies["django_language"] = language
        response = signed_in.get(path)
        page = parsed(response)
        assert response.status_code == status
        assert page.find(".//h1").text.strip() == heading
        assert page.find(".//main//a[@href='/']") is not None
        assert response["X-Request-ID"] in response.content.decode()


def test_a_refusal_gives_its_reason(signed_in):
    assert "本岗位不能核发。" in signed_in.get("/forbidden/").content.decode()


def test_a_lost_race_says_who_decided_what_and_when(signed_in):
    shown = signed_in.get("/conflict/").content.decode()
    for said in ["中羊村党支部 · 和秀兰", "同意", "2014-08-15 09:41", 'href="/styleguide/"']:
        assert said in shown


def test_the_broken_page_asks_the_database_for_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(0), translation.override("zh-hans"):
        assert "系统出错了" in render_to_string("500.html", {})


def test_a_form_of_another_session_is_explained(db):
    client = Client(enforce_csrf_checks=True)
    response = client.post("/conflict/")
    assert response.status_code == 403
    assert "表单已失效" in response.content.decode()


def test_the_colours_follow_this_computer_then_the_person_then_the_system(rf):
    request = rf.get("/")

    def theme(cookie, setting):
        request.COOKIES["theme"] = cookie
        shown = render_to_string("base.html", {"request": request, "layout": Layout(theme=setting)})
        return shown[: shown.index("<head>")]

    assert 'data-theme="dark"' in theme("dark", "light")
    assert 'data-theme="light"' in theme("", "light")
    assert "data-theme" not in theme("", "")
    assert "data-theme" not in theme('"><script>', "")
