"""An objection on its way: accepted or set aside, given more time, looked into, settled, answered."""

import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from inbox.models import Message
from loans import operations
from loans.choices import NoticeState, ObjectionState, ReplyManner, StepCode
from loans.models import Objection, ObjectionEvidence, ObjectionExtension, ObjectionReply
from loans.operations import Blocked, Conflict, NotAllowed
from loans.operations.daily import run_daily_work
from loans.operations.objections import (
    Reply,
    accept_objection,
    add_evidence,
    extend_objection,
    reply_to_objector,
    set_objection_aside,
)
from tests.factories.county import NOON, TODAY
from tests.factories.notices import board, hanging, object_by_page, picture_file
from tests.loans.pages import text_of

pytestmark = pytest.mark.usefixtures("cupboard")
AFTER_THE_NOTICE = NOON + timedelta(days=7)


@pytest.fixture
def roster(office):
    return hanging(office, 2)


@pytest.fixture
def committee(office):
    return office.yangcen.committee_officer


@pytest.fixture
def secretary(office):
    return office.yangcen.village.secretary


@pytest.fixture
def heard(office, roster):
    """An objection that the clerk heard by telephone: under investigation at once."""
    return operations.record_objection(
        notice_id=roster.notices.get(position=1).pk, received_on=TODAY, channel="phone", objector="赵四全",
        objector_phone="13812342207", text="外债未还。", recorded_by=office.yangcen.clerk, recorded_at=NOON,
    )  # fmt: skip


def settle(objection, by, *, upheld=False, at=NOON):
    return operations.settle_objection(
        objection_id=objection.pk, upheld=upheld, finding="经查不属实。", settled_by=by, settled_at=at,
        investigators="段军", method="visit",
    )  # fmt: skip


def accept(objection, by, at=NOON):
    return accept_objection(objection_id=objection.pk, accepted_by=by, accepted_at=at)


def aside(objection, by, reason="广告。", at=NOON):
    return set_objection_aside(objection_id=objection.pk, reason=reason, decided_by=by, decided_at=at)


def extend(objection, by, days, *, reason="当事人外出。", request_id=None):
    return extend_objection(
        objection_id=objection.pk, due_date=objection.due_date + timedelta(days=days), reason=reason,
        request_id=request_id or uuid.uuid4(), granted_by=by, granted_at=NOON,
    )  # fmt: skip


def answer(objection, by, *, day=TODAY, text="经查不属实，已当面说明。", at=NOON):
    reply = Reply(day, ReplyManner.VISIT, text)
    return reply_to_objector(objection_id=objection.pk, reply=reply, replied_by=by, recorded_at=at)


def due_of(objection):
    return Objection.objects.get(pk=objection.pk).notice.application.due_date


# --- received by the page --------------------------------------------------------------------------------------------


def test_what_comes_by_the_page_holds_its_own_case_only_until_somebody_has_read_it(roster):
    objection = object_by_page(roster)
    assert (objection.state, objection.recorded_by) == (ObjectionState.RECEIVED, None)
    assert run_daily_work(at=AFTER_THE_NOTICE)["notices_closed"] == 1
    assert [notice.state for notice in roster.notices.order_by("position")] == ["running", "passed"]


def test_it_is_read_within_one_working_day(roster):
    friday = object_by_page(roster)
    assert TODAY.weekday() == 4
    assert friday.due_date == TODAY + timedelta(days=3)


@pytest.mark.parametrize("who", ["secretary", "committee"])
def test_branch_or_committee_accepts_it_and_then_its_five_days_run(request, roster, who):
    by, objection = request.getfixturevalue(who), object_by_page(roster)
    for _ in range(2):
        accepted = accept(objection, by)
        assert (accepted.state, accepted.accepted_by) == (ObjectionState.OPEN, by)
    assert accepted.due_date == TODAY + timedelta(days=7)


def test_nobody_else_accepts_it(office, roster):
    objection = object_by_page(roster)
    for user in (office.yangcen.clerk, office.shaxi.committee_officer, office.outsider):
        with pytest.raises(NotAllowed):
            accept(objection, user)


def test_only_the_committee_sets_it_aside_and_with_a_reason(roster, secretary, committee):
    objection = object_by_page(roster)
    with pytest.raises(NotAllowed):
        aside(objection, secretary)
    with pytest.raises(Blocked):
        aside(objection, committee, reason=" ")
    for _ in range(2):
        assert aside(objection, committee).state == ObjectionState.ASIDE
    assert run_daily_work(at=AFTER_THE_NOTICE)["notices_closed"] == 2


def test_set_aside_after_the_days_the_notice_ends_at_once(roster, committee):
    objection = object_by_page(roster)
    run_daily_work(at=AFTER_THE_NOTICE)
    aside(objection, committee, at=AFTER_THE_NOTICE)
    assert roster.notices.get(position=1).state == NoticeState.PASSED


def test_what_was_accepted_is_not_set_aside_any_more(roster, secretary, committee):
    objection = object_by_page(roster)
    accept(objection, secretary)
    with pytest.raises(Conflict):
        aside(objection, committee)


def test_nothing_is_settled_before_it_is_accepted(roster, committee):
    objection = object_by_page(roster)
    with pytest.raises(Blocked):
        settle(objection, committee)
    with pytest.raises(Blocked):
        extend(objection, committee, 3)


# --- deadlines -------------------------------------------------------------------------------------------------------


def test_the_deadline_of_the_case_follows_the_objection(roster, heard, committee):
    day_after = roster.ends_on + timedelta(days=1)
    assert due_of(heard) == max(day_after, heard.due_date)
    extend(heard, committee, 10)
    assert due_of(heard) == heard.due_date + timedelta(days=10)
    settle(heard, committee)
    assert due_of(heard) == day_after


def test_an_extension_is_given_once_with_a_reason_by_the_committee(roster, heard, committee, secretary):
    request_id = uuid.uuid4()
    first, second = (extend(heard, committee, 4, request_id=request_id) for _ in range(2))
    assert first == second
    assert (first.due_before, first.organization) == (heard.due_date, committee.posts.get().organization)
    with pytest.raises(NotAllowed):
        extend(heard, secretary, 4)
    for days, reason in ((0, "外出"), (4, " "), (90, "外出")):
        heard.refresh_from_db()
        with pytest.raises(Blocked):
            extend(heard, committee, days, reason=reason)


def test_a_settled_objection_takes_no_more_time_and_no_more_evidence(heard, committee):
    settle(heard, committee)
    with pytest.raises(Conflict):
        extend(heard, committee, 4)
    with pytest.raises(Conflict):
        add_evidence(
            objection_id=heard.pk, files=[board()], note="", request_id=uuid.uuid4(), added_by=committee,
            added_at=NOON,
        )  # fmt: skip


# --- evidence and answer ---------------------------------------------------------------------------------------------


def test_evidence_is_kept_once_and_only_by_the_committee(office, heard, committee, secretary):
    request_id = uuid.uuid4()

    def add(by, *files):
        return add_evidence(
            objection_id=heard.pk, files=files, note="银行还款凭证", request_id=request_id, added_by=by, added_at=NOON
        )  # fmt: skip

    with pytest.raises(NotAllowed):
        add(secretary, board())
    with pytest.raises(Blocked):
        add(committee)
    assert [len(add(committee, board(1), board(2))) for _ in range(2)] == [2, 2]
    assert ObjectionEvidence.objects.count() == 2


def test_the_objector_is_answered_once_after_the_finding(heard, committee, secretary):
    with pytest.raises(Blocked):
        answer(heard, committee)
    settle(heard, committee)
    with pytest.raises(NotAllowed):
        answer(heard, secretary)
    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=1)):
        with pytest.raises(Blocked):
            answer(heard, committee, day=day)
    assert answer(heard, committee) == answer(heard, committee)
    with pytest.raises(Blocked):
        answer(heard, committee, text="另有说法。")
    assert ObjectionReply.objects.count() == 1


def test_what_belongs_to_an_objection_is_written_once(heard, committee):
    extend(heard, committee, 4)
    settle(heard, committee)
    answer(heard, committee)
    for model in (ObjectionExtension, ObjectionReply):
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.all().delete()


# --- pages -----------------------------------------------------------------------------------------------------------


def url(name, objection, *more):
    return reverse(f"loans:{name}", args=[objection.pk, *more])


def test_the_township_lists_what_waits_with_its_deadline(office, roster, heard, committee, sign_in, at):
    with at():
        client = sign_in(committee)
        page = text_of(client.get(reverse("loans:objections")))
        assert "剩 5 个工作日" in page
        assert "无张贴照片" in page
    with at(days=14):
        page = text_of(client.get(reverse("loans:objections"), {"late": "on"}))
        assert roster.number in page
    settle(heard, committee)
    with at():
        assert roster.number not in text_of(client.get(reverse("loans:objections")))
        assert roster.number in text_of(client.get(reverse("loans:objections"), {"state": "dismissed"}))
        assert sign_in(office.shaxi.committee_officer).get(url("objection", heard)).status_code == 404


def test_the_objectors_name_and_the_evidence_are_shown_to_those_who_settle_only(
    office, heard, committee, secretary, sign_in, noon
):
    client = sign_in(committee)
    posted = {"request_id": uuid.uuid4(), "note": "凭证", "papers": [picture_file()]}
    assert client.post(url("evidence-new", heard), posted).status_code == 302
    kept = ObjectionEvidence.objects.get()
    page = text_of(client.get(url("objection", heard)))
    assert "赵四全" in page
    assert "13812342207" in page
    assert "board-1.jpg" in page
    assert client.get(url("evidence", heard, kept.attachment.uuid)).status_code == 200
    for user in (secretary, office.organisation_officer):
        other = sign_in(user)
        page = text_of(other.get(url("objection", heard)))
        assert "赵四全" not in page
        assert "13812342207" not in page
        assert "board-1.jpg" not in page
        assert other.get(url("evidence", heard, kept.attachment.uuid)).status_code == 404


def test_the_page_leads_from_receipt_to_answer(roster, committee, sign_in, noon):
    objection, client = object_by_page(roster), sign_in(committee)
    case = objection.notice.application
    assert client.get(reverse("loans:decide", args=[case.pk, StepCode.PUBLIC_NOTICE])).status_code == 302
    assert client.get(reverse("loans:settle", args=[case.pk, objection.pk])).url == url("objection", objection)
    assert client.post(url("objection-accept", objection)).status_code == 302
    more = {"request_id": uuid.uuid4(), "due_date": "2014-08-29", "reason": "当事人外出。"}
    assert client.post(url("objection-extend", objection), more).status_code == 302
    finding = {"upheld": "no", "finding": "猪舍仍在。", "investigators": "段军、和丽芳", "method": "visit"}
    assert client.post(reverse("loans:settle", args=[case.pk, objection.pk]), finding).status_code == 302
    reply = {"replied_on": TODAY.isoformat(), "manner": "phone", "text": "已电话说明。"}
    assert client.post(url("objection-reply", objection), reply).status_code == 302
    page = text_of(client.get(url("objection", objection)))
    for said in ("异议不成立", "猪舍仍在。", "段军、和丽芳", "实地走访", "当事人外出。", "已电话说明。"):
        assert said in page


def test_a_form_that_says_nothing_is_shown_again(heard, committee, sign_in, noon):
    client = sign_in(committee)
    for name in ("objection-extend", "objection-reply", "evidence-new"):
        assert client.get(url(name, heard)).status_code == 200
        assert client.post(url(name, heard), {"request_id": ""}).context["form"].errors


def test_the_list_asks_a_constant_number_of_questions(office, roster, committee, sign_in, noon, questions):
    client, counts = sign_in(committee), []
    client.get(reverse("loans:objections"))
    for number in (1, 5):
        for place in range(number):
            object_by_page(roster, address=f"198.51.100.{number * 10 + place}")
        with questions() as asked:
            client.get(reverse("loans:objections"))
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 8


def test_branch_and_committee_are_told_when_it_comes_in_and_again_when_it_is_accepted(roster, secretary, committee):
    objection = object_by_page(roster)
    run_daily_work(at=NOON)
    told = Message.objects.filter(kind="objection_received")
    assert {message.recipient for message in told} >= {secretary, committee}
    assert {message.facts["day"] for message in told} == {"2014-08-18"}
    accept(objection, secretary)
    run_daily_work(at=NOON)
    assert Message.objects.get(kind="notice_objected", recipient=committee).facts["day"] == "2014-08-22"
