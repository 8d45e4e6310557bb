"""Views of lists that a person keeps."""

import pytest
from django.urls import reverse

from tests.factories.accounts import UserFactory
from tests.factories.county import NOON
from tests.races import race
from web.models import SavedView
from web.saved_views import VIEWS_MAX, NotSaved, delete_view, kept_query, save_view, views_of

pytestmark = pytest.mark.django_db
LIST = "/loans/cases/"


@pytest.fixture
def owner():
    return UserFactory()


def keep(owner, name="本乡超期", query="due=overdue", path=LIST):
    return save_view(owner=owner, path=path, query=query, name=name, at=NOON)


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("state=open&page=3", "state=open"),
        ("after=x&before=y&place=532931101", "place=532931101"),
        ("state=&step=", ""),
        ("text=%00", ""),
        ("text=李", "text=%E6%9D%8E"),
        ("", ""),
    ],
)
def test_a_view_keeps_the_filters_and_not_the_page(query, kept):
    assert kept_query(query) == kept


def test_a_kept_view_leads_to_the_list_with_its_filters(owner):
    assert keep(owner).url == "/loans/cases/?due=overdue"


def test_the_same_name_again_replaces_the_filters(owner):
    keep(owner)
    keep(owner, query="mine=on")
    (view,) = views_of(owner=owner, path=LIST)
    assert view.query == "mine=on"


def test_each_list_and_each_person_has_views_of_its_own(owner):
    keep(owner)
    keep(owner, path="/loans/loans/")
    assert len(views_of(owner=owner, path=LIST)) == 1
    assert views_of(owner=UserFactory(), path=LIST) == []


@pytest.mark.parametrize("name", ["", "   ", "名" * 21])
def test_a_view_needs_a_name_that_fits(owner, name):
    with pytest.raises(NotSaved, match="20"):
        keep(owner, name=name)


def test_without_a_filter_there_is_nothing_to_keep(owner):
    with pytest.raises(NotSaved, match="没有设置筛选条件"):
        keep(owner, query="page=2")


@pytest.mark.parametrize("path", ["https://elsewhere.example/", "//elsewhere.example/", "loans/cases/", "/none/", ""])
def test_only_lists_of_this_house_are_kept(owner, path):
    with pytest.raises(NotSaved):
        keep(owner, path=path)


def test_a_query_too_long_for_an_address_is_not_kept(owner):
    with pytest.raises(NotSaved):
        keep(owner, query="text=" + "a" * 500)


def test_a_list_has_so_many_views_and_no_more(owner):
    for number in range(VIEWS_MAX):
        keep(owner, name=f"筛选{number}")
    with pytest.raises(NotSaved, match=str(VIEWS_MAX)):
        keep(owner, name="再来一个")
    keep(owner, name="筛选0", query="mine=on")


def test_nobody_deletes_the_view_of_somebody_else(owner):
    view = keep(owner)
    assert not delete_view(owner=UserFactory(), view_id=view.pk)
    assert delete_view(owner=owner, view_id=view.pk)
    assert not delete_view(owner=owner, view_id=view.pk)


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_keep_one_view():
    owner = UserFactory()
    race((), *[lambda: keep(owner)] * 4)
    assert SavedView.objects.filter(owner=owner).count() == 1


# --- Pages -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def reader(client, owner):
    client.force_login(owner)
    return client


def text(response):
    return response.content.decode()


def test_the_menu_offers_what_the_list_brings_along_and_ones_own(reader, owner):
    keep(owner)
    keep(UserFactory(), name="别人的")
    page = text(reader.get(reverse("web:views"), {"path": LIST, "query": "mine=on"}, headers={"HX-Request": "true"}))
    assert "我登记的" in page
    assert "本乡超期" in page
    assert "别人的" not in page
    assert "<html" not in page


def test_without_script_it_is_a_page(reader):
    assert "<html" in text(reader.get(reverse("web:views"), {"path": LIST}))


@pytest.mark.parametrize("path", ["", "//elsewhere.example/", "/nowhere/"])
def test_there_are_no_views_of_what_is_no_list(reader, path):
    assert reader.get(reverse("web:views"), {"path": path}).status_code == 404


def test_keeping_leads_back_to_the_list_and_says_so(reader, owner):
    answer = reader.post(reverse("web:views"), {"path": LIST, "query": "due=overdue&page=2", "name": "本乡超期"})
    assert answer.url == "/loans/cases/?due=overdue"
    assert views_of(owner=owner, path=LIST)


def test_a_bad_name_loses_no_filter(reader):
    answer = reader.post(reverse("web:views"), {"path": LIST, "query": "due=overdue", "name": " "})
    assert answer.url == "/loans/cases/?due=overdue"
    assert SavedView.objects.count() == 0


def test_deleting_leads_back_to_the_list(reader, owner):
    view = keep(owner)
    assert reader.post(reverse("web:view-delete", args=[view.pk]), {"path": LIST}).url == LIST
    assert SavedView.objects.count() == 0


def test_deleting_does_not_lead_out_of_the_house(reader, owner):
    view = keep(owner)
    answer = reader.post(reverse("web:view-delete", args=[view.pk]), {"path": "//elsewhere.example/"})
    assert answer.url == reverse("home")
