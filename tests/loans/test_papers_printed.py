"""The papers of the six steps: what each says, when it is there, who may have it, and that rare characters print."""

import io
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pypdf
import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from fontTools.ttLib import TTCollection

from accounts.models import Post
from jobs.models import Job
from loans.choices import Outcome, PaperKind, StepCode
from loans.documents import NotReadable
from loans.documents_forms import NotPrintable, monthly_permille
from loans.documents_printing import PRINTABLES, print_paper, printables_of
from loans.models import Application, IssuedPaper, PaperNumber
from loans.queries.detail import cases_in_full
from tests.factories.county import NOON
from tests.factories.loans import CaseFactory, store_four_steps
from web import fonts
from web.documents import MissingGlyphs

RARE = "".join(
    line.strip()
    for line in (Path(settings.BASE_DIR) / "fixtures/fonts/rare_characters.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
)
PRINTER = {
    PaperKind.APPLICATION_FORM: lambda story: story.township.clerk,
    PaperKind.REFERRAL_LETTER: lambda story: story.village.secretary,
    PaperKind.FILING_FORM: lambda story: story.township.committee_officer,
    PaperKind.DISBURSEMENT_NOTICE: lambda story: story.township.credit_officer,
    PaperKind.ASSESSMENT_FORM: lambda story: story.county.organisation_officer,
    PaperKind.DOSSIER: lambda story: story.township.clerk,
}


def printed(story, kind, *, by=None, at=NOON):
    return print_paper(kind=kind, application_id=story.case.pk, reader=by or PRINTER[kind](story), at=at).content


def pages_of(content):
    """The words of each page without the spaces between them."""
    return ["".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(content)).pages]


def said(story, kind, **how):
    return "".join(pages_of(printed(story, kind, **how)))


def closed(office, **data):
    story = CaseFactory(office, **data)
    story.settled()
    story.assess()
    return story


def at(office, step, **data):
    story = CaseFactory(office, **data)
    story.at(step)
    return story


# --- what each says


def test_the_letter_of_the_branch_names_the_applicant_the_vote_the_notice_and_the_amount(office):
    words = said(at(office, StepCode.COMMITTEE_FILING), "referral_letter")
    for expected in [
        "中羊村第一党支部",
        "〔2014〕第001号",
        "羊岑信用社：",
        "兹有羊岑乡中羊村村民罗树芳，拟发展生猪养殖",
        "应到有表决权正式党员9人，实到8人，同意7人",
        "于2014年7月19日至2014年7月25日公示，未收到异议",
        "50,000.00元（大写：人民币伍万元整），期限12个月",
        "我支部将对资金使用情况进行跟踪监督",
        "书记（签字）",
        "印章日期不得早于上列会议日期",
        "第1页共1页",
    ]:
        assert expected in words


def test_a_letter_keeps_its_number_and_the_next_case_gets_the_next_one(office):
    first = at(office, StepCode.COMMITTEE_FILING)
    second = at(office, StepCode.COMMITTEE_FILING, person=office.yangcen.village.members[1].person)
    for story in (second, first, second):
        printed(story, "referral_letter")
    numbers = {number.subject: number.serial for number in PaperNumber.objects.all()}
    assert numbers == {f"case:{second.case.pk}": 1, f"case:{first.case.pk}": 2}
    assert "〔2014〕第002号" in said(first, "referral_letter")
    assert "村党员" in said(second, "referral_letter")


def test_a_filing_form_lists_every_case_of_its_number_and_their_sum(office):
    stories = [
        at(office, StepCode.SUBSIDY_CONFIRMATION, person=person)
        for person in (office.yangcen.village.farmer, office.yangcen.village.members[1].person)
    ]
    number = stories[0].case.filing_number
    Application.objects.filter(pk=stories[1].case.pk).update(filing_number=number)
    words = said(stories[0], "filing_form")
    for expected in [number, "羊岑乡党委", "收件日期2014年7月26日", "备案日期2014年7月27日", "合计2件", "100,000.00",
                     "人民币壹拾万元整", "支部决议", "公示照片", "予以备案", "退回补正"]:  # fmt: skip
        assert expected in words
    for story in stories:
        assert story.case.number in words
        assert story.case.person.name in words


def test_the_notice_of_disbursement_has_both_forms_of_the_rate_and_a_box_for_what_nobody_knows(office):
    story = CaseFactory(office)
    story.lent()
    words = said(story, "disbursement_notice")
    for expected in [
        f"合同号HT-{story.case.number}借据号",
        "50,000.00元（大写：人民币伍万元整）",
        "年利率6.60%，月利率5.50‰",
        "起息日2014年7月29日",
        "到期日2015年7月29日（12个月）",
        "结息日每季末月20日",
        "还款日遇节假日的",
        "经办网点羊岑信用社",
        "已列入财政贴息范围",
    ]:
        assert expected in words


@pytest.mark.parametrize(("yearly", "monthly"), [("6.60", "5.5"), ("5.0000", "4.1667"), ("0", "0")])
def test_a_rate_a_month_is_a_twelfth_in_permille(yearly, monthly):
    assert monthly_permille(Decimal(yearly)).quantize(Decimal("0.0001")) == Decimal(monthly).quantize(
        Decimal("0.0001")
    )


def test_the_assessment_form_shows_what_was_found_and_leaves_marks_to_the_group(office):
    words = said(closed(office), "assessment_form")
    for expected in ["考核对象罗树芳", "2014年7月29日至2014年7月30日", "按约定用途使用", "带动农户3户",
                     "已还本金50,000.00元", "一票否决项", "□优秀", "奖励（元）", "考核组意见"]:  # fmt: skip
        assert expected in words


def test_before_the_assessment_its_form_is_there_to_fill_in_by_hand(office):
    story = CaseFactory(office)
    story.settled()
    words = said(story, "assessment_form")
    assert "考核组意见" in words
    assert "系统记录：" not in words
    assert "None" not in words


@pytest.mark.parametrize("kind", PRINTER)
def test_a_paper_has_its_code_its_pages_and_no_full_number_of_a_person(office, kind):
    story = closed(office)
    words = said(story, kind)
    assert "扫码核验真伪" in words
    assert "第1页共" in words
    assert story.case.person.read_id_number() not in words
    assert story.case.person.read_phone() not in words


# --- when it is there


@pytest.mark.parametrize(
    ("step", "wanted"),
    [
        (StepCode.INTAKE, ["application_form"]),
        (StepCode.PUBLIC_NOTICE, ["application_form", "dossier"]),
        (StepCode.COMMITTEE_FILING, ["application_form", "referral_letter", "dossier"]),
    ],
)
def test_a_clerk_is_offered_what_his_case_has_reached(office, step, wanted):
    story = at(office, step)
    case = cases_in_full().get(pk=story.case.pk)
    assert [one.kind for one in printables_of(case, story.township.clerk, on=story.day)] == wanted


def test_the_offers_of_a_page_cost_no_query_of_their_own(office, questions):
    case = cases_in_full().select_related("version").prefetch_related("version__steps").get(pk=closed(office).case.pk)
    clerk = office.yangcen.clerk
    clerk.may("refer", on=NOON.date())
    with questions() as asked:
        assert printables_of(case, clerk, on=NOON.date())
    assert asked == []


@pytest.mark.parametrize("kind", ["referral_letter", "filing_form", "disbursement_notice", "assessment_form"])
def test_a_paper_of_a_later_step_cannot_be_printed_before_it(office, kind):
    story = at(office, StepCode.BRANCH_REVIEW)
    with pytest.raises(NotPrintable):
        printed(story, kind)
    assert not IssuedPaper.objects.exists()
    assert not PaperNumber.objects.exists()


def test_a_case_sent_back_behind_the_review_has_no_letter_any_more(office):
    story = at(office, StepCode.COMMITTEE_FILING)
    printed(story, "referral_letter")
    story.decide(Outcome.RETURN, story.township.committee_officer, reason="缺照片。", target=StepCode.BRANCH_REVIEW)
    with pytest.raises(NotPrintable):
        printed(story, "referral_letter")


def test_in_a_programme_of_four_steps_the_letter_rests_on_the_review_and_the_notice(county):
    version = store_four_steps(county)
    story = CaseFactory(county, version=version, person=county.yangcen.village.members[1].person)
    story.at(StepCode.DISBURSEMENT)
    assert "同意推荐申请" in said(story, "referral_letter")
    with pytest.raises(NotPrintable):
        printed(story, "filing_form")


# --- who may have it


@pytest.mark.parametrize(
    ("kind", "refused"),
    [
        ("referral_letter", lambda story: story.township.credit_officer),
        ("filing_form", lambda story: story.village.secretary),
        ("disbursement_notice", lambda story: story.township.clerk),
        ("assessment_form", lambda story: story.township.committee_officer),
        ("dossier", lambda story: story.county.finance_director),
        ("application_form", lambda story: story.county.shaxi.clerk),
    ],
)
def test_whose_paper_it_is_not_cannot_print_it(office, kind, refused):
    story = closed(office)
    with pytest.raises(NotReadable):
        printed(story, kind, by=refused(story))
    assert not IssuedPaper.objects.exists()


def test_a_filing_form_is_not_printed_for_somebody_who_may_not_see_all_of_its_cases(office):
    story = at(office, StepCode.SUBSIDY_CONFIRMATION)
    other = at(office, StepCode.SUBSIDY_CONFIRMATION, township=office.shaxi)
    Application.objects.filter(pk=other.case.pk).update(filing_number=story.case.filing_number)
    with pytest.raises(NotReadable):
        printed(story, "filing_form")
    assert said(story, "filing_form", by=office.finance_officer)


def test_a_post_that_has_ended_prints_nothing(office):
    story = at(office, StepCode.COMMITTEE_FILING)
    Post.objects.filter(user=story.village.secretary).update(valid_to=story.day - timedelta(days=1))
    with pytest.raises(NotReadable):
        printed(story, "referral_letter")


# --- the same is the same


@pytest.mark.parametrize("kind", PRINTER)
def test_the_same_case_gives_the_same_bytes_and_is_written_down_once(office, kind):
    story = closed(office)
    first = printed(story, kind)
    with translation.override("en"):
        second = printed(story, kind, at=NOON + timedelta(hours=1))
    assert first == second
    assert IssuedPaper.objects.filter(kind=kind).count() == 1


def test_another_content_is_another_paper_that_takes_the_place_of_the_first(office):
    story = at(office, StepCode.BRANCH_REVIEW)
    printed(story, "application_form")
    story.review()
    printed(story, "application_form")
    papers = IssuedPaper.objects.filter(kind="application_form").order_by("sequence")
    assert [paper.sequence for paper in papers] == [1, 2]
    assert len({paper.digest for paper in papers}) == 2


# --- rare characters


def test_fifty_rare_characters_are_in_every_face_that_papers_are_printed_with():
    assert len(set(RARE)) == 50
    assert sum(0x20000 <= ord(character) <= 0x2A6DF for character in RARE) >= 5, "some of extension B"
    faces = [font for path in fonts.system_files() for font in TTCollection(path).fonts]
    chinese = [font for font in faces if font["name"].getDebugName(1) in (fonts.SERIF, fonts.SANS)]
    assert len(chinese) >= 4  # both families, regular and bold
    for face in chinese:
        assert [character for character in RARE if ord(character) not in face.getBestCmap()] == []


@pytest.mark.parametrize("kind", PRINTER)
def test_fifty_rare_characters_print_on_every_paper(office, kind):
    story = CaseFactory(office, project_name=RARE)
    person = office.yangcen.village.farmer
    person.name = RARE[-10:]
    person.save()
    story.settled()
    words = said(story, kind)
    assert [character for character in RARE if character not in words] == []


def test_a_character_no_font_knows_leaves_no_trace_of_a_paper(office):
    story = at(office, StepCode.COMMITTEE_FILING, project_name="种植\ue123")
    with pytest.raises(MissingGlyphs):
        printed(story, "referral_letter")
    assert not IssuedPaper.objects.exists()


# --- the page


def test_two_clicks_on_one_page_are_one_job_and_another_paper_is_another(office, sign_in, at):
    story = CaseFactory(office)
    story.at(StepCode.COMMITTEE_FILING)
    client = sign_in(story.village.secretary)
    with at():
        page = client.get(reverse("loans:case", args=[story.case.pk]))
        sent = {"request_id": str(page.context["request_id"])}
        urls = [reverse("loans:print", args=[story.case.pk, kind]) for kind in ("referral_letter", "application_form")]
        answers = [client.post(url, sent).url for url in (urls[0], urls[0], urls[1])]
    assert answers[0] == answers[1] != answers[2]
    assert Job.objects.filter(kind="case_paper").count() == 2


@pytest.mark.parametrize("kind", ["filing_form", "disbursement_notice", "nonsense"])
def test_a_paper_that_is_not_offered_is_no_page(office, sign_in, at, kind):
    story = CaseFactory(office)
    story.at(StepCode.COMMITTEE_FILING)
    with at():
        client = sign_in(story.village.secretary)
        assert client.post(reverse("loans:print", args=[story.case.pk, kind])).status_code == 404
    assert not Job.objects.exists()


def test_every_kind_that_can_be_printed_of_a_case_is_tried_here():
    assert set(PRINTER) == set(PRINTABLES)
