"""The pages of a case's papers."""

from uuid import uuid4

import pytest
from django.urls import reverse

from audit.choices import Action
from audit.models import AuditEvent
from loans.choices import StepCode
from loans.models import CasePaper, CasePaperSeen
from tests.factories.files import jpeg, pdf, upload
from tests.factories.loans import CaseFactory
from tests.factories.papers import hand_in, photo, scan
from tests.loans.pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon", "cupboard")]


@pytest.fixture
def draft(office):
    return CaseFactory(office).draft()


@pytest.fixture
def clerk(office, sign_in):
    return sign_in(office.yangcen.clerk)


def url(name: str, case: object, *rest: int) -> str:
    return reverse(f"loans:{name}", args=[case.pk, *rest])


def posted(*files: object, **fields: object) -> dict[str, object]:
    return {"request_id": str(uuid4()), "upload": list(files), **fields}


def test_the_list_names_every_paper_that_the_rules_ask_for(draft, clerk):
    page = text_of(clerk.get(url("papers", draft)))
    assert "申请人身份证复印件" in page
    assert "缺 6 份" in page


def test_several_files_are_sent_at_once(draft, clerk):
    document = draft.version.documents.get(code="identity_card")
    files = [upload(jpeg((90, 60)), "正面.jpg"), upload(pdf(), "背面.pdf")]
    answer = clerk.post(url("papers", draft), posted(*files, document=document.pk), follow=True)
    assert "已保存" in text_of(answer)
    assert [paper.name for paper in draft.papers.all()] == ["申请人身份证复印件"] * 2


def test_a_form_leads_back_to_the_page_it_stood_on_and_nowhere_else(draft, clerk):
    data = posted(upload(jpeg(), "照片.jpg"), name="照片", back="/loans/cases/")
    assert clerk.post(url("papers", draft), data)["Location"] == "/loans/cases/#papers"
    data = posted(upload(jpeg((90, 60)), "照片.jpg"), name="照片", back="https://elsewhere.example/")
    assert clerk.post(url("papers", draft), data)["Location"] == url("papers", draft) + "#papers"


@pytest.mark.parametrize(
    ("files", "fields", "sentence"),
    [
        ([], {"name": "照片"}, "请选择文件"),
        ([(b"MZ", "virus.exe")], {"name": "照片"}, "virus.exe"),
        ([(jpeg(), "照片.jpg")], {"name": ""}, "请写明是什么材料"),
        ([(jpeg((80 + n, 60)), f"{n}.jpg") for n in range(11)], {"name": "照片"}, "一次最多上传 10 份"),
    ],
)
def test_what_is_wrong_is_said(draft, clerk, files, fields, sentence):
    data = posted(*(upload(content, name) for content, name in files), **fields)
    answer = clerk.post(url("papers", draft), data, follow=True)
    assert sentence in text_of(answer)
    assert not draft.papers.exists()


def test_the_script_reads_the_refusal(draft, clerk):
    data = posted(upload(b"MZ", "virus.exe"), name="照片")
    answer = clerk.post(url("papers", draft), data, headers={"accept": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["problems"]
    data = posted(upload(jpeg(), "照片.jpg"), name="照片")
    assert clerk.post(url("papers", draft), data, headers={"accept": "application/json"}).json() == {"problems": []}


def test_a_paper_is_shown_with_its_fingerprint_and_opening_it_is_recorded(draft, clerk, office):
    [paper] = hand_in(draft, office.yangcen.clerk, name="照片")
    assert paper.attachment.sha256 in text_of(clerk.get(url("paper", draft, paper.pk)))
    answer = clerk.get(url("paper-file", draft, paper.pk))
    assert answer["Content-Type"] == "image/jpeg"
    assert AuditEvent.objects.filter(action=Action.OPENED).count() == 1


def test_a_pdf_is_saved_and_not_shown_inside_the_page(draft, clerk, office):
    [paper] = hand_in(draft, office.yangcen.clerk, scan(), name="章程")
    assert "PDF" in text_of(clerk.get(url("paper", draft, paper.pk)))
    assert clerk.get(url("paper-file", draft, paper.pk))["Content-Disposition"].startswith("attachment")


def test_a_reader_marks_one_paper_after_the_other_as_seen(office, sign_in):
    story = CaseFactory(office)
    case = story.draft()
    first, second = hand_in(case, office.yangcen.clerk, photo(1), photo(2), document="identity_card")
    story.at(StepCode.BRANCH_REVIEW)
    secretary = sign_in(office.yangcen.village.secretary)
    assert "未阅 2 份" in text_of(secretary.get(url("papers", case)))
    assert f'name="next" value="{second.pk}"' in text_of(secretary.get(url("paper", case, first.pk)))
    answer = secretary.post(url("paper-seen", case, first.pk), {"next": second.pk})
    assert answer["Location"] == url("paper", case, second.pk)
    secretary.post(url("paper-seen", case, second.pk))
    assert CasePaperSeen.objects.count() == 2
    assert "未阅" not in text_of(secretary.get(url("papers", case)))


def test_a_picture_is_turned(draft, clerk, office):
    [paper] = hand_in(draft, office.yangcen.clerk, name="照片")
    answer = clerk.post(url("paper-rotate", draft, paper.pk), {"turns": "1", "request_id": str(uuid4())})
    turned = CasePaper.objects.get(replaces=paper)
    assert answer["Location"] == url("paper", draft, turned.pk)
    page = text_of(clerk.get(url("paper", draft, paper.pk)))
    assert "已更换" in page
    assert "向右旋转" not in page


def test_a_paper_is_replaced_and_withdrawn(draft, clerk, office):
    [paper] = hand_in(draft, office.yangcen.clerk, name="照片")
    data = {"file": upload(jpeg((99, 60)), "新.jpg"), "request_id": str(uuid4())}
    clerk.post(url("paper-replace", draft, paper.pk), data)
    newer = CasePaper.objects.get(replaces=paper)
    clerk.post(url("paper-withdraw", draft, newer.pk), {"reason": "无关"})
    assert not CasePaper.objects.standing().exists()
    assert "2 份文件已更换或撤回，仍予保留" in text_of(clerk.get(url("papers", draft)))


def test_the_place_of_a_paper_is_changed_by_a_button(draft, clerk, office):
    first, second = hand_in(draft, office.yangcen.clerk, photo(1), photo(2), document="identity_card")
    assert f'value="{second.pk},{first.pk}"' in text_of(clerk.get(url("papers", draft)))
    clerk.post(url("paper-order", draft), {"order": f"{second.pk},{first.pk}"})
    assert list(draft.papers.order_by("position")) == [second, first]


def test_the_reason_of_a_missing_paper_is_shown(draft, clerk):
    document = draft.version.documents.get(code="marital_status")
    clerk.post(url("paper-missing", draft), {"document": document.pk, "reason": "单身，已出具声明"})
    assert "单身，已出具声明" in text_of(clerk.get(url("papers", draft)))


def test_the_branch_is_offered_its_own_papers_only(office, sign_in):
    case = CaseFactory(office).at(StepCode.BRANCH_REVIEW)
    page = text_of(sign_in(office.yangcen.village.secretary).get(url("papers", case)))
    assert page.count("data-papers-send") == 1
    assert "是什么材料" in page


def test_the_dossier_shows_papers_without_forms(office, sign_in):
    story = CaseFactory(office)
    case = story.draft()
    hand_in(case, office.yangcen.clerk, document="identity_card")
    story.at(StepCode.BRANCH_REVIEW)
    page = text_of(sign_in(office.yangcen.village.secretary).get(reverse("loans:case", args=[case.pk])))
    assert "申请材料" in page
    assert "data-papers-send" not in page
    assert url("papers", case) in page


def test_a_paper_of_another_case_is_not_found_under_this_one(draft, clerk, office):
    other = CaseFactory(office, person=office.yangcen.village.people[1]).draft()
    [paper] = hand_in(other, office.yangcen.clerk, name="照片")
    for name in ("paper", "paper-file", "paper-thumbnail"):
        assert clerk.get(url(name, draft, paper.pk)).status_code == 404
