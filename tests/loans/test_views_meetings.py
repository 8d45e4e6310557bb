"""The pages of branch meetings."""

from io import BytesIO
from uuid import uuid4

import pytest
from django.urls import reverse
from pypdf import PdfReader

from jobs.models import Job
from loans.choices import MeetingState, StepCode
from loans.documents import NotReadable
from loans.documents_meeting import print_minutes
from loans.models import IssuedPaper, Meeting
from tests.factories.county import NOON, TODAY
from tests.factories.loans import CaseFactory
from tests.factories.meetings import CHECKED, DISCUSSION, attended, called, closed, members_of, ready, vote, voted
from tests.loans.pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
MEETING = {
    "kind": "members", "held_on": TODAY.isoformat(), "held_time": "09:00", "place": "村党员活动室",
    "topic": "审议“红色信贷”贷款申请",
}  # fmt: skip


@pytest.fixture
def village(office):
    return office.yangcen.village


@pytest.fixture
def cases(office):
    people = office.yangcen.village.people
    return [CaseFactory(office, person=people[place]).at(StepCode.BRANCH_REVIEW) for place in (-2, -4)]


@pytest.fixture
def secretary(village, sign_in):
    return sign_in(village.secretary)


def url(name: str, meeting: Meeting) -> str:
    return reverse(f"loans:{name}", args=[meeting.pk])


def record(village, meeting: Meeting, **fields: object) -> dict[str, object]:
    members = members_of(village)
    present = {f"present_{member.pk}": "on" for member in members[:3]}
    return {
        **MEETING, **present, **{f"called_{member.pk}": "on" for member in members}, "discussion": DISCUSSION,
        "chair": members[2].pk, "recorder": members[1].pk, "revision": meeting.revision,
        f"reason_{members[3].pk}": "外出务工", **fields,
    }  # fmt: skip


def votes(meeting: Meeting, **fields: object) -> dict[str, object]:
    meeting.refresh_from_db()
    said = {"in_favour": 2, "against": 0, "abstained": 0, **dict.fromkeys(CHECKED, "on"), **fields}
    posted = {f"item-{item.pk}-{name}": value for item in meeting.items.all() for name, value in said.items()}
    return {"revision": meeting.revision, **posted}


def test_a_meeting_is_called_held_and_closed_page_by_page(village, cases, secretary):
    page = text_of(secretary.get(reverse("loans:meeting-new")))
    assert all(case.number in page for case in cases)
    data = {**MEETING, "cases": [case.pk for case in cases], "request_id": str(uuid4())}
    answer = secretary.post(reverse("loans:meeting-new"), data)
    meeting = Meeting.objects.get()
    assert answer["Location"] == url("meeting", meeting)
    answer = secretary.post(url("meeting", meeting), record(village, meeting))
    assert answer["Location"] == url("meeting-votes", meeting)
    assert "应到（有表决权）3 人，实到 3 人" in text_of(secretary.get(answer["Location"]))
    answer = secretary.post(url("meeting-votes", meeting), votes(meeting))
    assert answer["Location"] == url("meeting-close", meeting)
    page = text_of(secretary.get(answer["Location"]))
    assert "2 / 0 / 0" in page
    assert "结束会议并逐件办理" in page
    meeting.refresh_from_db()
    page = text_of(secretary.post(url("meeting-close", meeting), {"revision": meeting.revision}, follow=True))
    assert "2 件中已办结 2 件" in page
    assert "外出务工" in page
    for case in cases:
        case.refresh_from_db()
        assert case.step == StepCode.PUBLIC_NOTICE
    assert meeting.number in text_of(secretary.get(reverse("loans:meetings")))


def test_a_second_click_calls_one_meeting(cases, secretary):
    data = {**MEETING, "cases": [cases[0].pk], "request_id": str(uuid4())}
    for _click in range(2):
        secretary.post(reverse("loans:meeting-new"), data)
    assert Meeting.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [({"cases": []}, "请至少选择一件申请"), ({"held_time": "25:00"}, "时:分"), ({"held_on": "x"}, "日期"),
     ({"place": ""}, "请填写"), ({"topic": "议" * 201}, "200")],
)  # fmt: skip
def test_what_is_wrong_with_a_call_is_said(cases, secretary, fields, sentence):
    data = {**MEETING, "cases": [cases[0].pk], "request_id": str(uuid4())} | fields
    assert sentence in text_of(secretary.post(reverse("loans:meeting-new"), data))
    assert not Meeting.objects.exists()


def test_whoever_must_leave_the_room_is_named_at_the_case(village, cases, secretary):
    page = text_of(secretary.get(url("meeting-votes", attended(village, called(village, *cases)))))
    assert f"{members_of(village)[0].person.name}（介绍人）" in page
    assert "本件应到 2 人，实到 2 人" in page


def test_full_width_digits_are_votes_and_words_are_not(village, cases, secretary):
    meeting = attended(village, called(village, *cases))
    page = secretary.post(url("meeting-votes", meeting), votes(meeting, in_favour="两票"))
    assert "整数" in text_of(page)
    secretary.post(url("meeting-votes", meeting), votes(meeting, in_favour="２"))
    assert [item.in_favour for item in meeting.items.all()] == [2, 2]


def test_without_a_quorum_the_page_says_so_and_offers_no_closing(village, cases, secretary):
    members = members_of(village)
    meeting = attended(village, called(village, *cases), members[0], members[1])
    page = text_of(secretary.get(url("meeting-close", meeting)))
    assert "未达法定人数：应到有表决权党员 3 人，到会 1 人" in page
    assert "结束会议并逐件办理" not in page
    page = text_of(secretary.post(url("meeting-close", meeting), {"revision": meeting.revision}))
    assert "会议还不能结束" in page


def test_a_page_that_was_overtaken_is_not_saved(village, cases, secretary):
    meeting = called(village, *cases)
    data = record(village, meeting)
    attended(village, meeting)
    assert "会议内容刚被他人改过" in text_of(secretary.post(url("meeting", meeting), data))


def test_the_agenda_is_changed(village, cases, secretary):
    meeting = called(village, *cases)
    secretary.post(url("meeting-agenda", meeting), {"revision": meeting.revision, "cases": [cases[1].pk]})
    assert [item.application_id for item in meeting.items.all()] == [cases[1].pk]


def test_a_case_on_two_agendas_is_pointed_out(village, cases, secretary):
    called(village, *cases)
    assert "其中 2 件已列入另一次筹备中的会议" in text_of(secretary.get(reverse("loans:meeting-new")))


def test_the_committee_reads_the_record_and_changes_nothing(village, cases, office, sign_in):
    meeting = ready(village, *cases)
    closed(village, meeting)
    committee = sign_in(office.yangcen.committee_officer)
    assert "会议记录" in text_of(committee.get(url("meeting", meeting)))
    assert committee.post(url("meeting", meeting)).status_code == 404
    assert committee.get(url("meeting-votes", meeting)).status_code == 404


def test_a_case_that_failed_is_tried_again_from_the_record(village, cases, secretary, sign_in):
    village.secretary.person = village.people[-1]
    village.secretary.save()
    meeting = ready(village, *cases)
    closed(village, meeting)
    page = text_of(secretary.get(url("meeting", meeting)))
    assert "重新办理" in page
    assert "未办成" in page
    other = sign_in(village.general_secretary)
    other.post(url("meeting-close", meeting), {"revision": meeting.revision})
    assert meeting.items.filter(decision=None).count() == 0


def test_the_list_costs_the_same_whatever_its_length(village, cases, secretary, django_assert_max_num_queries):
    for _meeting in range(3):
        called(village, *cases)
    with django_assert_max_num_queries(12):
        secretary.get(reverse("loans:meetings"))


def test_the_record_is_printed_by_a_job(village, cases, secretary):
    meeting = ready(village, *cases)
    closed(village, meeting)
    answer = secretary.post(url("meeting-minutes", meeting))
    assert answer["Location"] == reverse("jobs:detail", args=[Job.objects.get().pk])


def test_the_paper_names_everything_and_is_the_same_each_time(village, cases):
    meeting = attended(village, called(village, *cases))
    first, second = meeting.items.all()
    voted(village, meeting, [vote(first), vote(second, 0, 1, 1, discussion="外债较多。")])
    closed(village, meeting)
    papers = [print_minutes(meeting_id=meeting.pk, reader=village.secretary, at=NOON) for _twice in range(2)]
    assert papers[0].content == papers[1].content
    text = plain(papers[0].content)
    for words in (
        meeting.number, "村党员活动室", "党员总数4人", "正式党员数3人", "实到（有表决权）3人", DISCUSSION,
        "赞成2票", "反对1票", "弃权1票", "（介绍人）", "同意推荐", "不同意推荐", "外债较多。", "到会党员签名",
    ):  # fmt: skip
        assert words in text, words
    assert IssuedPaper.objects.get().number == meeting.number


def plain(pdf: bytes) -> str:
    """Return the words of a PDF without the spaces that the layout puts between them."""
    return "".join("".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def test_an_open_meeting_has_no_paper(village, cases):
    meeting = called(village, *cases)
    with pytest.raises(NotReadable):
        print_minutes(meeting_id=meeting.pk, reader=village.secretary, at=NOON)


def test_somebody_of_another_branch_gets_no_paper(village, cases):
    meeting = ready(village, *cases)
    closed(village, meeting)
    with pytest.raises(NotReadable):
        print_minutes(meeting_id=meeting.pk, reader=village.other_secretary, at=NOON)
    assert not IssuedPaper.objects.exists()
    assert Meeting.objects.get().state == MeetingState.CLOSED
