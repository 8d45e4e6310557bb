"""Papers of a case as they are handed in: by a telephone in a yard and at a desk, and read by the secretary."""

import io

import pytest
from PIL import Image

from files.queries import read_content
from loans.choices import StepCode
from loans.models import CasePaper, CasePaperSeen
from tests.browser.conftest import DESKTOP, PHONE, Desk, scrolls_sideways, violations_of
from tests.factories.files import jpeg, pdf
from tests.factories.loans import CaseFactory
from tests.factories.papers import hand_in, photo

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("cupboard")]


def picture(number: int, size: tuple[int, int] = (300, 200)) -> dict[str, object]:
    return {"name": f"IMG_{number}.jpg", "mimeType": "image/jpeg", "buffer": jpeg((size[0] + number, size[1]))}


PAPER = {"name": "计划.pdf", "mimeType": "application/pdf", "buffer": pdf()}


@pytest.fixture
def draft(office):
    return CaseFactory(office).draft()


def test_the_clerk_hands_papers_in_by_telephone(desk: Desk, office, draft, calendar):
    page = desk.of(office.yangcen.clerk, viewport=PHONE)
    page.goto(f"/loans/cases/{draft.pk}/papers/")
    assert not scrolls_sideways(page)
    with page.expect_navigation():
        page.set_input_files("#camera-identity_card", [picture(0, (3200, 2400))])
    page.locator("#paper-identity_card img").wait_for()
    with page.expect_navigation():
        page.set_input_files("#upload-business_plan", [picture(1), PAPER])
    page.locator("#paper-business_plan .paper-pdf").wait_for()
    card = CasePaper.objects.get(document__code="identity_card")
    with Image.open(io.BytesIO(read_content(card.attachment))) as image:
        assert image.size == (1600, 1200)
    assert CasePaper.objects.filter(document__code="business_plan").count() == 2
    assert violations_of(page) == ""
    page.locator("#paper-identity_card a.paper").click()
    page.get_by_role("button", name="向右旋转").click()
    page.get_by_role("link", name="原文件").wait_for()
    turned = CasePaper.objects.get(replaces=card)
    with Image.open(io.BytesIO(read_content(turned.attachment))) as image:
        assert image.size == (1200, 1600)
    assert not scrolls_sideways(page)


def test_a_file_that_is_none_of_ours_is_refused_in_words(desk: Desk, office, draft, calendar):
    page = desk.of(office.yangcen.clerk)
    page.goto(f"/loans/cases/{draft.pk}/papers/")
    fake = {"name": "身份证.pdf", "mimeType": "application/pdf", "buffer": b"MZ this is a program"}
    page.set_input_files("#upload-identity_card", [fake])
    page.locator("#paper-identity_card [data-papers-said]").get_by_text("身份证.pdf").wait_for()
    assert not CasePaper.objects.exists()


def test_without_script_the_form_sends_what_was_chosen(browser, desk: Desk, office, draft, calendar):
    desk.sign_in(office.yangcen.clerk)
    context = browser.new_context(java_script_enabled=False, base_url=desk.address, viewport=DESKTOP)
    desk.contexts.append(context)
    session = desk.sessions[office.yangcen.clerk.pk]
    context.add_cookies([{"name": "sessionid", "value": session, "url": desk.address}])
    page = context.new_page()
    page.goto(f"/loans/cases/{draft.pk}/papers/")
    page.set_input_files("#upload-identity_card", [picture(1), PAPER])
    page.locator("#paper-identity_card").get_by_role("button", name="上传").click()
    page.get_by_text("材料已保存").wait_for()
    assert CasePaper.objects.count() == 2


def test_the_secretary_looks_through_the_papers_by_keyboard(desk: Desk, office, calendar):
    story = CaseFactory(office)
    case = story.draft()
    hand_in(case, office.yangcen.clerk, photo(1), photo(2), photo(3), document="identity_card")
    story.at(StepCode.BRANCH_REVIEW)
    page = desk.of(office.yangcen.village.secretary)
    page.goto(f"/loans/cases/{case.pk}/papers/")
    page.get_by_role("link", name="阅看未阅材料").click()
    for _paper in range(3):
        page.get_by_text("未阅").first.wait_for()
        with page.expect_navigation():
            page.keyboard.press("Control+Enter")
    page.get_by_text("材料已全部标为已阅").wait_for()
    assert CasePaperSeen.objects.count() == 3
