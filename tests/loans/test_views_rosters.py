"""The pages of notices: choosing, looking at the masked list, publishing, photos, publishing anew."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from loans.models import NoticePhoto, NoticeRoster
from loans.operations.daily import run_daily_work
from loans.queries.paging import keyset_page
from loans.queries.rosters import BY_LAST_DAY, roster_rows
from tests.factories.county import NOON, TODAY
from tests.factories.notices import hanging, picture_file, publish, waiting
from tests.loans.pages import text_of

pytestmark = pytest.mark.usefixtures("cupboard")


@pytest.fixture
def secretary(office):
    return office.yangcen.village.secretary


def rename(person):
    person.name = "赵又廷"
    person.save()


def test_the_branch_chooses_looks_and_publishes(office, secretary, sign_in, noon):
    cases = waiting(office)
    client = sign_in(secretary)
    listed = client.get(reverse("loans:notices"))
    assert [row.pk for row in listed.context["waiting"].data] == [case.pk for case in cases]
    url, chosen = reverse("loans:notice-new"), {"case": [case.pk for case in cases[:2]]}
    preview = client.get(url, chosen)
    assert cases[0].person.name not in text_of(preview).replace(preview.context["layout"].person_name, "")
    posted = posted_sheet(preview, chosen["case"])
    done = client.post(url, posted)
    roster = NoticeRoster.objects.get()
    assert (done.status_code, done.url) == (302, reverse("loans:notice", args=[roster.pk]))
    assert client.post(url, posted).url == done.url
    assert NoticeRoster.objects.count() == 1


def posted_sheet(preview, pks, **fields):
    form = preview.context["form"]
    values = {name: form[name].value() for name in form.fields if name.startswith("revision_")}
    return {
        "case": pks, "request_id": form["request_id"].value(), "title": "关于贷款对象的公示", "place": "公示栏",
        "phone": "0872-4520001", "address": "村委会", "starts_on": TODAY.isoformat(), **values, **fields,
    }  # fmt: skip


def test_a_page_whose_cases_have_gone_on_says_so(office, secretary, sign_in, noon):
    cases = waiting(office)
    client, pks = sign_in(secretary), [case.pk for case in cases]
    preview = client.get(reverse("loans:notice-new"), {"case": pks})
    publish(cases[:1], secretary)
    answer = client.post(reverse("loans:notice-new"), posted_sheet(preview, pks), follow=True)
    assert "请重新选择" in text_of(answer)
    assert NoticeRoster.objects.count() == 1


def test_a_sheet_that_says_nothing_is_shown_again(office, secretary, sign_in, noon):
    cases = waiting(office, 1)
    client = sign_in(secretary)
    preview = client.get(reverse("loans:notice-new"), {"case": cases[0].pk})
    page = client.post(reverse("loans:notice-new"), posted_sheet(preview, cases[0].pk, place="", phone="abc"))
    assert set(page.context["form"].errors) == {"place", "phone"}


def test_the_township_sees_which_sheet_has_no_photo(office, secretary, sign_in, noon):
    roster = hanging(office)
    client = sign_in(office.yangcen.committee_officer)
    assert "无张贴照片" in text_of(client.get(reverse("loans:notices")))
    photo_url = reverse("loans:notice-photo-new", args=[roster.pk])
    posted = {"request_id": uuid.uuid4(), "place": "公示栏", "posted_on": TODAY.isoformat()}
    assert client.post(photo_url, {**posted, "photos": [picture_file(1)]}).status_code == 302
    assert "无张贴照片" not in text_of(client.get(reverse("loans:notices")))
    photo = NoticePhoto.objects.get().attachment.uuid
    for name in ("loans:notice-photo", "loans:notice-thumbnail"):
        assert client.get(reverse(name, args=[roster.pk, photo])).status_code == 200
        assert client.get(reverse(name, args=[roster.pk, uuid.uuid4()])).status_code == 404


def test_a_changed_case_is_published_anew_from_the_page(office, secretary, sign_in, noon):
    roster = hanging(office)
    rename(roster.notices.get(position=1).application.person)
    client = sign_in(secretary)
    page = client.get(reverse("loans:notice", args=[roster.pk]))
    assert "公示后有变更" in text_of(page)
    posted = {"request_id": page.context["request_id"]}
    done = client.post(reverse("loans:notice-anew", args=[roster.pk]), posted)
    assert done.url == reverse("loans:notice", args=[NoticeRoster.objects.latest("pk").pk])
    assert client.post(reverse("loans:notice-anew", args=[roster.pk]), posted).url == done.url


def test_an_ended_sheet_stands_among_the_ended(office, secretary, sign_in, noon):
    roster = hanging(office)
    run_daily_work(at=NOON + timedelta(days=7))
    client = sign_in(secretary)
    assert roster.number not in text_of(client.get(reverse("loans:notices")))
    assert roster.number in text_of(client.get(reverse("loans:notices"), {"state": "ended"}))


def test_the_lists_ask_a_constant_number_of_questions(office, secretary, sign_in, noon, questions):
    client, counts = sign_in(secretary), []
    client.get(reverse("loans:notices"))
    for first in (0, 3):
        publish(waiting(office, 2, first=first), secretary)
        waiting(office, 1, first=first + 2)
        with questions() as asked:
            client.get(reverse("loans:notices"))
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 9


def test_the_list_pages_by_key(office, secretary):
    for case in waiting(office, 3):
        publish([case], secretary)
    rows = roster_rows(scope=secretary.scope("view_cases", on=TODAY), is_running=True)
    first = keyset_page(rows, keyset=BY_LAST_DAY, size=2)
    rest = keyset_page(rows, keyset=BY_LAST_DAY, after=first.after, size=2)
    assert [row.number for row in [*first.rows, *rest.rows]] == sorted(row.number for row in rows)
