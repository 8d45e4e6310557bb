"""A visit as it happens: with a telephone in a yard, and what the credit union makes of it."""

import io
from datetime import timedelta

import pytest
from PIL import Image
from playwright.sync_api import Page

from files.queries import read_content
from loans.models import CollectionAct, Visit
from tests.browser.conftest import PHONE, Desk, scrolls_sideways
from tests.factories.county import NOON, TODAY
from tests.factories.files import jpeg, pdf
from tests.factories.loans import CaseFactory

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("cupboard")]

CAMERA, ALBUM = "#id_photos_camera", "#id_photos"


def photo(number: int, size: tuple[int, int] = (300, 200)) -> dict[str, object]:
    return {"name": f"IMG_{number}.jpg", "mimeType": "image/jpeg", "buffer": jpeg((size[0] + number, size[1]))}


def chosen(page: Page) -> list[str]:
    return page.evaluate("[...document.querySelector('#id_photos').files].map((file) => file.name)")


@pytest.fixture
def loan(office):
    return CaseFactory(office).lent().loan


@pytest.fixture
def form(desk: Desk, office, loan, calendar) -> Page:
    page = desk.of(office.yangcen.village.secretary, viewport=PHONE)
    page.goto(f"/loans/loans/{loan.pk}/visits/new/")
    for choice in ("#id_use_of_funds_0", "#id_business_0", "#id_outlook_0"):
        page.check(choice)
    return page


def take(page: Page, selector: str, *photos: dict[str, object], lines: int) -> None:
    """Choose photos and wait until the list shows so many lines."""
    page.set_input_files(selector, list(photos))
    page.locator("[data-photos-list] li").nth(lines - 1).wait_for()


def test_photos_taken_one_after_another_add_up_and_can_be_taken_away(form):
    take(form, CAMERA, photo(1), lines=1)
    take(form, CAMERA, photo(2), lines=2)
    assert chosen(form) == ["IMG_1.jpg", "IMG_2.jpg"]
    form.get_by_role("button", name="移除 IMG_1.jpg").click()
    assert chosen(form) == ["IMG_2.jpg"]
    assert not scrolls_sideways(form)


def test_a_seventh_photo_is_not_taken_and_the_page_says_so(form):
    take(form, ALBUM, *(photo(number) for number in range(7)), lines=7)
    assert len(chosen(form)) == 6
    assert "照片已达张数上限" in form.locator("[data-photos-list]").inner_text()


def test_a_large_photo_is_made_smaller_before_it_travels(form):
    take(form, CAMERA, photo(0, (3200, 2400)), lines=1)
    form.get_by_role("button", name="保存").click()
    form.wait_for_url("**/visits/*/")
    content = read_content(Visit.objects.get().photos.get())
    with Image.open(io.BytesIO(content)) as image:
        assert image.size == (1600, 1200)


def test_from_a_visit_to_a_broken_promise(desk, office, loan, form, calendar):
    form.check("#id_outlook_1")
    form.fill("#id_findings", "病死率高，按期还款有困难。")
    take(form, CAMERA, photo(1), lines=1)
    form.get_by_role("button", name="保存").click()
    form.get_by_text("走访记录已保存").wait_for()
    assert form.locator("img").count() == 1

    officer = desk.of(office.yangcen.credit_officer)
    officer.goto(f"/loans/loans/{loan.pk}/")
    assert officer.get_by_text("病死率高").is_visible()
    officer.get_by_role("link", name="登记催收").click()
    officer.check("#id_kind_1")
    officer.check("#id_reached_0")
    officer.fill("#id_promise_date", (TODAY + timedelta(days=3)).isoformat())
    officer.fill("#id_promise_amount", "5000")
    officer.set_input_files("#id_paper", {"name": "回执.pdf", "mimeType": "application/pdf", "buffer": pdf()})
    officer.get_by_role("button", name="保存").click()
    officer.get_by_text("催收记录已保存").wait_for()
    assert CollectionAct.objects.get().paper.name == "回执.pdf"

    calendar(NOON + timedelta(days=4))
    officer.goto(f"/loans/loans/{loan.pk}/")
    assert officer.get_by_text("1 次承诺未兑现").is_visible()
