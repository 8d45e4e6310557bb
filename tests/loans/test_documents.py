"""The application and approval form (申请审批表): what it says, how it looks to a machine, and its job."""

import io
from datetime import date, timedelta
from decimal import Decimal

import pypdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from audit.models import AuditEvent
from jobs import operations as jobs
from jobs.choices import JobState
from jobs.registry import is_registered
from loans import documents, operations
from loans.choices import Outcome, StepCode
from loans.documents_printing import print_paper
from loans.models import ProgrammeVersion
from organizations.models import Entity
from tests.factories.accounts import UserFactory
from tests.factories.county import NOON, TODAY
from tests.factories.jobs import JobFactory
from tests.factories.loans import CaseFactory, helped, review_facts, store_four_steps, store_jianchuan
from web import clock

RARE = "阿普·扎西𠮷䶮㛃楤"
PRIVATE_USE = "\ue123"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def office(county):
    store_jianchuan()
    return county


def print_form(story, at=NOON):
    return print_paper(kind="application_form", application_id=story.case.pk, reader=story.township.clerk, at=at)


def pages(story):
    """The words of each page without the spaces between them."""
    reader = pypdf.PdfReader(io.BytesIO(print_form(story).content))
    return ["".join(page.extract_text().split()) for page in reader.pages]


def words(story):
    return "".join(pages(story))


def closed(office):
    story = CaseFactory(office)
    story.settled()
    story.assess()
    return story


def at(office, step, **data):
    story = CaseFactory(office, **data)
    story.at(step)
    return story


# --- what it says


def test_a_closed_case_shows_what_was_asked_for(office):
    said = words(closed(office))
    for expected in [
        "532931-2014-00001",
        "申请人类型个人",
        "罗树芳",
        "羊岑乡中羊村",
        "生猪养殖",
        "扩建猪舍，存栏由40头增至120头",
        "50,000.00元（大写：人民币伍万元整）",
        "36,000.00",
        "立足自身脱贫致富的借款人",
        "授权书签署日期：2014年7月16日",
    ]:
        assert expected in said


def test_a_closed_case_shows_the_opinion_of_every_step(office):
    said = words(closed(office))
    for expected in [
        "经2014年7月16日入户走访",
        "介绍人：杨继红（中羊村第一党支部党员）",
        "应到有表决权正式党员9名，回避0名，实到8名；经表决，7名赞成，0名反对，1名弃权，通过推荐罗树芳的决议。同意推荐。",
        "创业致富计划（√）生产项目前景（√）个人信用情况（√）还贷能力（√）",
        "自2014年7月19日至2014年7月25日在村委会公示栏公示。公示期间未收到异议。公示期满，予以通过。",
        "备案编号：羊岑党备〔2014〕1号",
        "预留贴息资金1,500.00元（大写：人民币壹仟伍佰元整）",
        "同意核发贷款50,000.00元（大写：人民币伍万元整），期限12个月，执行年利率6.60%（基准利率6.00%×1.10）",
        "合同编号：HT-532931-2014-00001",
        "带动农户3户",
    ]:
        assert expected in said


def test_each_office_has_its_line_of_the_record_and_room_to_sign(office):
    said = words(closed(office))
    secretary = office.yangcen.village.secretary
    assert f"系统记录：中羊村第一党支部{secretary.name}，2014年7月18日" in said
    for expected in ["申请人（签字、手印）", "介绍人（签字）", "党支部（印章）", "县财政局（印章）", "审批人（签字）"]:
        assert expected in said


def test_numbers_of_people_are_masked_and_the_form_says_so(office):
    story = closed(office)
    person = story.case.person
    said = words(story)
    assert person.id_number_masked in said
    assert person.read_id_number() not in said
    assert person.phone_masked in said
    assert person.read_phone() not in said
    assert "只印部分号码" in said


def test_husband_or_wife_stands_on_the_form(office):
    story = at(office, StepCode.REFERRAL)
    wife = next(person for person in story.case.household.members.all() if person.relation == "spouse")
    assert documents.application_form(story.case.pk)["applicant"].spouse == wife
    story = at(office, StepCode.REFERRAL, person=wife, village=office.yangcen.village)
    assert documents.application_form(story.case.pk)["applicant"].spouse.relation == "head"


def test_a_party_member_is_shown_as_of_the_day_of_the_application(office):
    member = office.yangcen.village.members[1]
    member.joined_on, member.full_from = date(2014, 1, 1), date(2015, 1, 1)
    member.save()
    applicant = documents.application_form(at(office, StepCode.REFERRAL, person=member.person).case.pk)["applicant"]
    with translation.override("zh-hans"):
        assert applicant.member_status == member._meta.get_field("status").choices[1][1]
    assert applicant.member_branch == member.memberships.get().branch.name


def test_who_joined_the_party_later_is_no_member_on_the_form(office):
    member = office.yangcen.village.members[1]
    member.joined_on = member.full_from = TODAY
    member.save()
    story = at(office, StepCode.REFERRAL, person=member.person)
    assert "政治面貌非党员" in words(story)


def test_helped_people_are_named(office):
    members = office.yangcen.village.members
    tier = ProgrammeVersion.objects.get(code="2014").tiers.get(amount_max=300000, members_only=True)
    people = helped(*[member.person for member in members[3:6]], kind="member_in_difficulty")
    story = at(office, StepCode.REFERRAL, person=members[1].person, tier_id=tier.pk, helped=people)
    said = words(story)
    assert all(member.person.name in said for member in members[3:6])


def test_a_cooperative_borrows_under_its_name(office):
    village = office.yangcen.village
    body = Entity.objects.create(
        name="中羊村生猪养殖专业合作社", kind="cooperative", registration_code="91350100M000100Y43",
        division=village.division, representative=village.farmer,
    )  # fmt: skip
    tier = ProgrammeVersion.objects.get(code="2014").tiers.get(borrower_kinds__contains=["cooperative"])
    story = CaseFactory(office, borrower_kind="cooperative", entity_id=body.pk, tier_id=tier.pk)
    story.draft()
    said = words(story)
    assert "单位名称中羊村生猪养殖专业合作社登记代码91350100M000100Y43" in said
    assert "经办人姓名" in said


def test_a_draft_has_empty_boxes_to_fill_in_by_hand(office):
    story = CaseFactory(office, amount_asked=None, term_months=None, tier_id=None, annual_income=None, plan="")
    story.draft()
    said = words(story)
    assert "核定金额（大写）：" in said
    assert "None" not in said
    assert "系统记录：" not in said


# --- decisions that go the other way


def test_a_refusal_of_the_branch_says_so(office):
    story = at(office, StepCode.BRANCH_REVIEW)
    facts = review_facts(story.day, can_repay=False)
    story.decide(Outcome.REJECT, office.yangcen.village.secretary, facts, reason="还款来源不足。")
    said = words(story)
    assert "未通过推荐罗树芳的决议。还款来源不足。" in said
    assert "还贷能力（×）" in said


def test_a_case_without_subsidy_says_why(office):
    story = at(office, StepCode.SUBSIDY_CONFIRMATION)
    story.decide(Outcome.CONFIRM_WITHOUT, office.finance_officer, reason="本年预算已用完。")
    assert "不纳入财政贴息，转受理信用社按程序办理。本年预算已用完。" in words(story)


def test_a_decline_of_the_lender_says_why(office):
    story = at(office, StepCode.DISBURSEMENT)
    story.decide(Outcome.DECLINE, office.yangcen.credit_officer, reason="征信有逾期记录。")
    assert "不予核发。征信有逾期记录。" in words(story)


def test_the_lender_prints_what_it_granted_not_what_was_asked(office):
    story = at(office, StepCode.DISBURSEMENT)
    story.disburse(Decimal(30000))
    assert "同意核发贷款30,000.00元（大写：人民币叁万元整）" in words(story)


def test_the_consent_to_a_large_loan_stands_on_the_form(office):
    member = office.yangcen.village.members[1].person
    tier = ProgrammeVersion.objects.get(code="2014").tiers.get(amount_max=300000, members_only=True)
    people = helped(*[m.person for m in office.yangcen.village.members[3:6]], kind="member_in_difficulty")
    story = CaseFactory(office, amount="250000", person=member, tier_id=tier.pk, helped=people)
    story.lent()
    assert f"审批：{office.yangcen.credit_manager.name}（羊岑信用社）" in words(story)


def test_a_return_undoes_the_opinions_after_its_target(office):
    story = at(office, StepCode.COMMITTEE_FILING)
    story.decide(
        Outcome.RETURN, office.yangcen.committee_officer, reason="缺公示照片。", target=StepCode.BRANCH_REVIEW
    )
    opinions = {opinion.step.code: opinion for opinion in documents.application_form(story.case.pk)["opinions"]}
    assert opinions[StepCode.REFERRAL].decision is not None
    assert opinions[StepCode.BRANCH_REVIEW].decision is None
    assert opinions[StepCode.BRANCH_REVIEW].below[0].notice is None
    assert "本件曾退回补正1次" in words(story)


def test_the_second_round_is_printed_instead_of_the_first(office):
    story = at(office, StepCode.COMMITTEE_FILING)
    story.decide(Outcome.RETURN, office.yangcen.committee_officer, reason="改期限。", target=StepCode.BRANCH_REVIEW)
    story.at(StepCode.COMMITTEE_FILING)
    first, second = story.case.notices.order_by("pk")
    said = words(story)
    assert second.number in said
    assert first.number not in said


def test_an_objection_and_its_finding_stand_on_the_form(office):
    story = at(office, StepCode.PUBLIC_NOTICE)
    story.publish()
    story.moment += timedelta(days=2)
    objection = operations.record_objection(
        notice_id=story.case.notices.get().pk,
        received_on=story.day,
        channel="phone",
        objector="匿名",
        text="该户猪舍未建。",
        recorded_by=office.yangcen.clerk,
        recorded_at=story.moment,
    )
    assert "公示期间收到异议1件" in words(story)
    operations.settle_objection(
        objection_id=objection.pk,
        upheld=False,
        finding="经核查，猪舍已建成。",
        settled_by=office.yangcen.committee_officer,
        settled_at=story.moment,
    )
    said = words(story)
    assert "经核查，猪舍已建成。" in said
    assert "匿名" not in said


def test_a_programme_of_four_steps_has_their_boxes_and_no_others(county):
    version = store_four_steps(county)
    story = CaseFactory(county, version=version, person=county.yangcen.village.members[1].person)
    story.lent()
    boxes = [opinion.step.name for opinion in documents.application_form(story.case.pk)["opinions"]]
    assert boxes == ["组织推荐", "群众监督", "农信审批"]
    said = words(story)
    assert "系统记录：公示期满，自动办结" in said
    assert "财政贴息" not in said


# --- how it looks to a machine


def test_the_form_is_two_pages_of_a4_with_numbers(office):
    content = print_form(closed(office)).content
    sheets = pypdf.PdfReader(io.BytesIO(content)).pages
    assert [(round(page.mediabox.width), round(page.mediabox.height)) for page in sheets] == [(595, 842)] * 2
    for number, page in enumerate(sheets, start=1):
        assert f"第{number}页共2页" in "".join(page.extract_text().split())


def test_long_plans_and_many_households_go_to_an_annex_and_the_form_stays_two_pages(office):
    households = tuple(home.pk for village in office.yangcen.villages for home in village.households)
    person = office.yangcen.village.farmer
    person.name = (RARE + "茂" * 40)[:40]
    person.save()
    reader = office.yangcen.clerk
    story = CaseFactory(office, plan="扩建猪舍，购进良种母猪。\n" * 60, served_household_ids=households)
    story.case = story.draft()
    story.at(StepCode.REFERRAL)
    found = pages(story)
    assert "见附页" in found[0]
    assert "审核审批意见" in found[1]
    assert found[2].startswith("附页")
    assert f"受益户名单（共{len(households)}户）" in "".join(found[2:])
    assert reader.name not in found[0]


def test_rare_characters_are_on_the_paper(office):
    person = office.yangcen.village.farmer
    person.name = RARE
    person.save()
    assert RARE in words(at(office, StepCode.REFERRAL))


def test_the_same_case_gives_the_same_bytes_in_whatever_language(office):
    story = closed(office)
    first = print_form(story).content
    with translation.override("en"):
        second = print_form(story).content
    assert first == second


def test_a_form_asks_as_much_of_a_long_case_as_of_a_short_one(office):
    short, long = at(office, StepCode.REFERRAL, person=office.yangcen.village.members[1].person), closed(office)
    counts = []
    for story in (short, long):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            documents.application_form(story.case.pk)
        counts.append(len(asked))
    assert max(counts) <= 16
    assert counts[1] - counts[0] <= 2  # the entries of a loan, the objections of a notice


# --- the job


def make(story, reader=None, **changes):
    job = JobFactory(
        kind="case_paper",
        owner=reader or story.township.clerk,
        arguments={"application_id": story.case.pk, "paper": "application_form"},
        **changes,
    )
    with clock.frozen(story.moment):
        jobs.run_job(job_id=job.pk, now=clock.now)
    job.refresh_from_db()
    return job


def test_the_job_leaves_the_form_under_the_number_of_the_case(office):
    assert is_registered("case_paper")
    job = make(at(office, StepCode.REFERRAL))
    assert (job.state, job.error) == (JobState.DONE, "")
    assert (job.file_name, job.content_type) == ("申请审批表 532931-2014-00001.pdf", "application/pdf")
    with job.file.open() as stored:
        assert stored.read(8) == b"%PDF-1.7"


def test_printing_is_on_the_audit_trail(office):
    story = at(office, StepCode.REFERRAL)
    make(story)
    event = AuditEvent.objects.get(action="exported")
    assert (event.actor, event.subject_id) == (story.township.clerk, str(story.case.pk))


def test_a_character_that_no_font_knows_fails_the_job_with_a_sentence(office):
    story = at(office, StepCode.REFERRAL, project_name=f"种植{PRIVATE_USE}")
    job = make(story)
    assert job.state == JobState.FAILED
    assert "U+E123" in job.error
    assert not job.file
    assert not AuditEvent.objects.filter(action="exported").exists()


@pytest.mark.parametrize("stranger", ["neighbour", "nobody"])
def test_a_case_outside_ones_area_cannot_be_printed(office, stranger):
    reader = office.shaxi.clerk if stranger == "neighbour" else UserFactory()
    job = make(at(office, StepCode.REFERRAL), reader)
    assert job.state == JobState.FAILED
    assert not job.file


def test_who_lost_his_post_before_the_job_ran_gets_nothing(office):
    story = at(office, StepCode.REFERRAL)
    story.township.clerk.posts.update(valid_to=story.day - timedelta(days=1))
    assert make(story).state == JobState.FAILED
