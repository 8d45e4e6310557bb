"""A notice as it happens: published by the branch, objected to by a passer-by, then settled and answered."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page

from loans.choices import NoticeState, ObjectionState
from loans.models import NoticePhoto, NoticeRoster, Objection
from loans.operations.daily import run_daily_work
from tests.browser.conftest import PHONE, Desk, scrolls_sideways, violations_of
from tests.factories.county import NOON
from tests.factories.files import jpeg
from tests.factories.notices import hanging, waiting

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("cupboard", "calendar")]


def is_sound(page: Page) -> bool:
    """Whether the page is accessible and no wider than its window; axe's report is shown where it is not."""
    assert violations_of(page) == ""
    return not scrolls_sideways(page)


def test_the_secretary_publishes_three_cases_on_one_sheet(desk: Desk, office):
    cases = waiting(office)
    page = desk.of(office.yangcen.village.secretary)
    page.goto("/loans/notices/")
    for case in cases:
        page.get_by_role("checkbox", name=f"选择{case.borrower_name}").check()
    page.get_by_role("button", name="拟制公示").click()
    page.get_by_role("heading", name="公示名单预览").wait_for()
    assert cases[0].person.name not in page.get_by_role("table").inner_text()
    page.get_by_label("张贴地点").fill("村委会公示栏")
    page.get_by_label("监督电话").fill("0872-4520001")
    page.get_by_label("受理地址").fill("新松村委会")
    page.get_by_role("button", name="开始公示").click()
    page.get_by_role("heading", name="公示的申请").wait_for()
    assert NoticeRoster.objects.get().notices.count() == len(cases)
    assert is_sound(page)


def test_a_photo_is_taken_before_the_board(desk: Desk, office):
    roster = hanging(office, 1)
    page = desk.of(office.yangcen.village.clerk, viewport=PHONE)
    page.goto(f"/loans/notices/{roster.pk}/")
    page.get_by_role("link", name="上传张贴照片").click()
    photo = {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": jpeg((300, 200))}
    page.set_input_files("#id_photos_camera", photo)
    page.locator("[data-photos-list] li").wait_for()
    page.get_by_role("button", name="保存").click()
    page.locator("ul.photos img").wait_for()
    assert NoticePhoto.objects.count() == 1
    assert is_sound(page)


def test_a_passer_by_objects_and_the_township_settles_and_answers(desk: Desk, office):
    roster = hanging(office, 2)
    said_by_the_village(desk, roster)
    objection = Objection.objects.get()
    assert objection.state == ObjectionState.RECEIVED
    page = desk.of(office.yangcen.committee_officer, viewport=PHONE)
    page.goto("/loans/objections/")
    page.get_by_role("link", name="办理").click()
    assert "赵四全" in page.locator("main").inner_text()
    assert is_sound(page)
    page.get_by_role("button", name="受理异议").click()
    page.get_by_role("link", name="处理异议").click()
    page.get_by_label("异议不成立").check()
    page.get_by_label("核查人").fill("段军、和丽芳")
    page.get_by_label("实地走访").check()
    page.locator("[name=finding]").fill("猪舍仍由申请人经营。")
    page.get_by_role("button", name="登记处理结果").click()
    page.get_by_role("link", name="答复异议人").click()
    page.get_by_label("电话", exact=True).check()
    page.get_by_label("答复内容").fill("已电话说明核查情况。")
    page.get_by_role("button", name="保存").click()
    page.get_by_text("已电话说明核查情况。").wait_for()
    assert is_sound(page)
    objection.refresh_from_db()
    assert (objection.state, objection.reply.replied_by) == (
        ObjectionState.DISMISSED, office.yangcen.committee_officer,
    )  # fmt: skip
    assert run_daily_work(at=NOON + timedelta(days=7))["notices_closed"] == 2
    assert {notice.state for notice in roster.notices.all()} == {NoticeState.PASSED}


def said_by_the_village(desk: Desk, roster: NoticeRoster) -> None:
    page = desk.of(viewport=PHONE)
    page.goto(f"/public/notices/{roster.token}/")
    assert "还剩7天" in page.locator("main").inner_text()
    assert is_sound(page)
    page.get_by_role("link", name="反映异议").click()
    page.get_by_role("button", name="提交异议").click()
    assert page.locator(".error").count() == 2
    assert is_sound(page)
    page.locator("[name=position]").last.check()
    page.get_by_label("您要反映什么问题？").fill("猪舍已经转给别人。")
    page.get_by_label("您的姓名").fill("赵四全")
    page.get_by_label("您的电话").fill("138 1234 2207")
    page.get_by_role("button", name="提交异议").click()
    page.get_by_role("heading", name="异议已收到").wait_for()
    assert is_sound(page)
    assert page.context.cookies() == []
