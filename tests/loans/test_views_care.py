"""Pages of visits and collection: the list, a visit with photos as a telephone sends it, the log of a loan."""

import uuid
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from audit.models import AuditEvent
from files.models import Attachment
from loans.choices import RepaymentOutlook, UseOfFunds
from loans.models import CollectionAct, Visit
from tests.factories.care import collect, photo, promise, visit
from tests.factories.county import NOON, TODAY
from tests.factories.files import jpeg, pdf
from tests.factories.lending import Order, lend
from tests.factories.loans import CaseFactory
from tests.loans.pages import text_of

pytestmark = pytest.mark.usefixtures("cupboard", "noon")
LIST = reverse("loans:visits")


@pytest.fixture
def loan(office):
    return CaseFactory(office).lent().loan


@pytest.fixture
def officer(office):
    return office.yangcen.credit_officer


@pytest.fixture
def secretary(office):
    return office.yangcen.village.secretary


def url(name, loan, *args):
    return reverse(f"loans:{name}", args=[loan.pk, *args])


def filled_in(**fields):
    return {
        "request_id": str(uuid.uuid4()), "visited_on": TODAY.isoformat(), "use_of_funds": "as_agreed",
        "business": "good", "outlook": "sure", "findings": "", **fields,
    }  # fmt: skip


def shot(number=1, name=""):
    return SimpleUploadedFile(name or f"微信图片_{number}.jpg", jpeg((80 + number, 60)), "image/jpeg")


def test_a_secretary_writes_a_visit_down_with_photos_and_sees_them(loan, secretary, sign_in):
    client = sign_in(secretary)
    page = client.get(url("visit-new", loan))
    assert 'enctype="multipart/form-data"' in text_of(page)
    answer = client.post(url("visit-new", loan), filled_in(photos=[shot(1), shot(2)]))
    kept = Visit.objects.get()
    assert answer.url == url("visit", loan, kept.pk)
    page = text_of(client.get(answer.url))
    assert page.count("<img") == 2
    assert "走访记录已保存" in page
    assert "经营良好" in page


def test_a_photo_is_shown_to_who_may_see_the_loan_and_that_is_written_down(loan, office, secretary, officer, sign_in):
    kept = visit(loan, secretary, photos=(photo(1),)).photos.get()
    answer = sign_in(officer).get(url("visit-photo", loan, kept.uuid))
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert "no-store" in answer.headers["Cache-Control"]
    event = AuditEvent.objects.get(action="opened")
    assert (event.actor, event.subject_id) == (officer, str(kept.pk))


def test_a_small_picture_is_not_written_down(loan, secretary, sign_in):
    kept = visit(loan, secretary, photos=(photo(1),)).photos.get()
    assert sign_in(secretary).get(url("visit-thumbnail", loan, kept.uuid)).status_code == 200
    assert not AuditEvent.objects.filter(action="opened").exists()


@pytest.mark.parametrize("find", [lambda c: c.shaxi.credit_officer, lambda c: c.leader, lambda c: c.outsider])
def test_a_photo_does_not_exist_for_anybody_else(loan, office, secretary, sign_in, find):
    kept = visit(loan, secretary, photos=(photo(1),)).photos.get()
    for name in ("visit-photo", "visit-thumbnail"):
        assert sign_in(find(office)).get(url(name, loan, kept.uuid)).status_code == 404


def test_a_photo_that_is_gone_from_the_disk_is_a_404(loan, secretary, sign_in, cupboard):
    kept = visit(loan, secretary, photos=(photo(1),)).photos.get()
    (cupboard / kept.file.name).unlink()
    assert sign_in(secretary).get(url("visit-photo", loan, kept.uuid)).status_code == 404


def test_a_file_that_is_no_photo_is_refused_on_the_page_and_nothing_is_kept(loan, secretary, sign_in):
    bad = SimpleUploadedFile("坏的.jpg", b"<html>", "image/jpeg")
    page = sign_in(secretary).post(url("visit-new", loan), filled_in(photos=[shot(1), bad]))
    assert "坏的.jpg" in str(page.context["form"].errors["photos"])
    assert page.context["lost_files"]
    assert not Visit.objects.exists()
    assert not Attachment.objects.exists()


def test_a_request_larger_than_six_photos_is_refused_before_it_is_read(loan, secretary, sign_in, monkeypatch):
    monkeypatch.setattr("files.uploads.REQUEST_SIZE_MAX", 1000)
    answer = sign_in(secretary).post(url("visit-new", loan), filled_in(photos=[shot(1)]))
    assert answer.status_code == 400
    assert not Visit.objects.exists()


def test_reasons_of_the_operation_stand_at_their_input(loan, secretary, sign_in):
    day = (TODAY + timedelta(days=1)).isoformat()
    page = sign_in(secretary).post(url("visit-new", loan), filled_in(visited_on=day, outlook="doubtful"))
    assert set(page.context["form"].errors) == {"visited_on", "findings"}


def test_a_second_click_leads_to_the_same_visit(loan, secretary, sign_in):
    client, posted = sign_in(secretary), filled_in()
    first, second = (client.post(url("visit-new", loan), posted) for _ in range(2))
    assert first.url == second.url
    assert Visit.objects.count() == 1


def test_a_finding_of_misuse_offers_the_officer_to_note_it_and_nobody_else(loan, secretary, officer, sign_in):
    kept = visit(loan, officer, use_of_funds=UseOfFunds.MISUSED, findings="已转借他人。")
    offered = url("act", loan, "misuse")
    assert offered in text_of(sign_in(officer).get(url("visit", loan, kept.pk)))
    assert offered not in text_of(sign_in(secretary).get(url("visit", loan, kept.pk)))


def test_a_visit_is_corrected_from_its_page(loan, secretary, officer, sign_in):
    old = visit(loan, secretary, photos=(photo(1),))
    client = sign_in(secretary)
    assert url("visit-correct", loan, old.pk) in text_of(client.get(url("visit", loan, old.pk)))
    form = client.get(url("visit-correct", loan, old.pk)).context["form"]
    assert (form["business"].initial, form["visited_on"].initial) == ("good", TODAY)
    posted = filled_in(business="poor", findings="猪价下跌。", keep_photos="on")
    answer = client.post(url("visit-correct", loan, old.pk), posted)
    page = text_of(client.get(answer.url))
    assert url("visit", loan, old.pk) in page
    assert page.count("<img") == 1
    assert "已被更正" in text_of(client.get(url("visit", loan, old.pk)))
    assert client.get(url("visit-correct", loan, old.pk)).status_code == 404
    assert sign_in(officer).get(url("visit-correct", loan, old.corrected_by.pk)).status_code == 404


def test_the_loan_page_shows_visits_and_when_the_next_is_due(loan, secretary, sign_in):
    visit(loan, secretary, outlook=RepaymentOutlook.DOUBTFUL, findings="病死率高。")
    page = sign_in(secretary).get(reverse("loans:loan", args=[loan.pk]))
    assert "病死率高。" in text_of(page)
    assert page.context["care"].next_by_branch == TODAY + timedelta(days=90)
    assert page.context["care"].next_by_lender == loan.start_date + timedelta(days=30)
    assert url("visit-new", loan) in text_of(page)


def test_who_only_reads_is_offered_nothing_to_write(loan, office, sign_in):
    page = text_of(sign_in(office.finance_officer).get(reverse("loans:loan", args=[loan.pk])))
    assert url("visit-new", loan) not in page
    assert url("collection-new", loan) not in page


# --- collection ------------------------------------------------------------------------------------------------------


def step(**fields):
    return {
        "request_id": str(uuid.uuid4()), "kind": "notice", "done_on": TODAY.isoformat(), "reached": "borrower",
        "promise_date": "", "promise_amount": "", "note": "", **fields,
    }  # fmt: skip


def test_a_demand_is_written_down_with_its_paper_and_handed_out_again(loan, officer, secretary, sign_in):
    client = sign_in(officer)
    paper = SimpleUploadedFile("催收回执.pdf", pdf(), "application/pdf")
    posted = step(paper=paper, promise_date=TODAY.isoformat(), promise_amount="5,000")
    assert client.post(url("collection-new", loan), posted).url == reverse("loans:loan", args=[loan.pk])
    act = CollectionAct.objects.get()
    assert "催收回执.pdf" in text_of(client.get(reverse("loans:loan", args=[loan.pk])))
    answer = sign_in(secretary).get(url("collection-paper", loan, act.pk))
    assert answer.content == pdf()
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert AuditEvent.objects.filter(action="opened", actor=secretary).count() == 1


def test_a_step_without_paper_has_none_to_hand_out(loan, officer, sign_in):
    act = collect(loan, officer)
    assert sign_in(officer).get(url("collection-paper", loan, act.pk)).status_code == 404


def test_a_broken_promise_is_marked_on_the_page_of_the_loan(loan, officer, sign_in, at):
    collect(loan, officer, **promise(TODAY, "5000"))
    with at(days=1):
        assert "1 次承诺未兑现" in text_of(sign_in(officer).get(reverse("loans:loan", args=[loan.pk])))


def test_reasons_against_a_step_stand_at_their_input(loan, officer, sign_in):
    posted = step(reached="nobody", promise_date=TODAY.isoformat(), promise_amount="5000")
    page = sign_in(officer).post(url("collection-new", loan), posted)
    assert set(page.context["form"].errors) == {"reached"}


# --- the list --------------------------------------------------------------------------------------------------------


@pytest.fixture
def lent(office):
    """Three loans: one late, one due soon, one not yet."""
    days = (date(2014, 7, 1), date(2014, 7, 20), date(2014, 8, 14))
    return lend(*(Order(office.yangcen.village, "50000", day) for day in days))


def rows(page):
    return [row.record.pk for row in page.context["table"].rows]


def test_the_list_shows_what_is_late_and_due_soon_the_latest_first(lent, secretary, sign_in):
    client = sign_in(secretary)
    assert rows(client.get(LIST)) == [lent[0].pk, lent[1].pk]
    assert rows(client.get(LIST, {"due": "overdue"})) == [lent[0].pk]
    assert rows(client.get(LIST, {"due": "all"})) == [loan.pk for loan in lent]
    assert url("visit-new", lent[0]) in text_of(client.get(LIST))


def test_each_side_sees_its_own_duty_first(lent, secretary, officer, sign_in):
    visit(lent[0], secretary, visited_on=date(2014, 8, 1))
    assert rows(sign_in(secretary).get(LIST)) == [lent[1].pk]
    assert rows(sign_in(officer).get(LIST)) == [lent[0].pk, lent[1].pk]
    assert rows(sign_in(officer).get(LIST, {"side": "branch"})) == [lent[1].pk]


def test_who_supervises_sees_both_sides_and_writes_nothing(lent, office, sign_in):
    page = sign_in(office.organisation_officer).get(LIST)
    assert rows(page) == [lent[0].pk, lent[1].pk]
    assert url("visit-new", lent[0]) not in text_of(page)


@pytest.mark.parametrize("query", [{"side": "x"}, {"due": "x"}, {"after": "x~y"}, {"text": "\x00"}, {"place": "x"}])
def test_a_tampered_address_narrows_nothing_and_breaks_nothing(lent, secretary, sign_in, query):
    assert sign_in(secretary).get(LIST, query).status_code == 200


def test_the_list_asks_as_many_questions_for_forty_loans_as_for_three(lent, office, secretary, sign_in, questions):
    client = sign_in(secretary)
    with questions() as few:
        client.get(LIST)
    lend(*(Order(office.yangcen.village, "50000", date(2014, 6, 1)) for _ in range(40)))
    with questions() as many:
        page = client.get(LIST)
    assert len(rows(page)) == 25
    assert len(many) <= len(few)


def test_the_home_page_counts_the_visits_of_ones_own_side(lent, secretary, officer, office, sign_in):
    for user in (secretary, officer):
        (figure,) = [one for one in sign_in(user).get("/").context["work"].figures if "visits" in one.url]
        assert (figure.value, figure.tone) == ("2", "bad")
    figures = sign_in(office.yangcen.clerk).get("/").context["work"].figures
    assert not [one for one in figures if "visits" in one.url]


def test_a_visit_clears_the_counter(lent, secretary, sign_in):
    for loan in lent[:2]:
        visit(loan, secretary, at=NOON)
    (figure,) = [one for one in sign_in(secretary).get("/").context["work"].figures if "visits" in one.url]
    assert (figure.value, figure.tone) == ("0", "")
