"""Papers of a case: who adds, what stays, what blocks, who has seen what."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import InternalError, connection, transaction
from django.db.utils import DatabaseError

from loans.choices import Outcome, Side, StepCode
from loans.models import CasePaper, ProgrammeVersion
from loans.operations import Blocked, NotAllowed
from loans.operations.papers import (
    PAPERS_MAX,
    PaperData,
    add_papers,
    explain_missing,
    mark_seen,
    order_papers,
    replace_paper,
    rotate_paper,
    withdraw_paper,
)
from loans.queries.papers import missing_documents, papers_of, standing_papers, unseen_of
from loans.queries.versions import published_version
from tests.factories.county import NOON
from tests.factories.loans import CaseFactory, store_four_steps
from tests.factories.papers import hand_in, photo, scan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cupboard")]


@pytest.fixture
def draft(office):
    case = CaseFactory(office).draft()
    case.version = published_version(case.version_id)
    return case


@pytest.fixture
def reviewed(office):
    """A case that waits for the branch."""
    case = CaseFactory(office).at(StepCode.BRANCH_REVIEW)
    case.version = published_version(case.version_id)
    return case


def test_the_clerk_adds_several_files_for_one_paper(draft, office):
    front, back = hand_in(draft, office.yangcen.clerk, photo(1), photo(2), document="identity_card")
    assert (front.name, front.side, front.step) == ("申请人身份证复印件", Side.MAKING, StepCode.INTAKE)
    assert front.position < back.position
    [card] = [one for one in papers_of(draft, office.yangcen.clerk).requirements if one.papers]
    assert card.papers == [front, back]


def test_the_same_sending_twice_adds_nothing_twice(draft, office):
    key = uuid4()
    first = hand_in(draft, office.yangcen.clerk, photo(1), name="照片", request_id=key)
    assert hand_in(draft, office.yangcen.clerk, photo(1), name="照片", request_id=key) == first
    assert CasePaper.objects.count() == 1


def test_the_same_file_for_the_same_paper_is_there_already(draft, office):
    [first] = hand_in(draft, office.yangcen.clerk, photo(1), document="identity_card")
    assert hand_in(draft, office.yangcen.clerk, photo(1), document="identity_card") == [first]


def test_the_same_file_may_stand_for_two_papers(draft, office):
    hand_in(draft, office.yangcen.clerk, photo(1), document="identity_card")
    hand_in(draft, office.yangcen.clerk, photo(1), document="household_register")
    assert CasePaper.objects.count() == 2


def test_a_clerk_of_another_township_adds_nothing(draft, office):
    with pytest.raises(NotAllowed):
        hand_in(draft, office.shaxi.clerk, name="照片")


def test_a_paper_of_other_rules_is_refused(draft, office):
    foreign = ProgrammeVersion.objects.exclude(pk=draft.version_id).first().documents.first()
    with pytest.raises(NotAllowed):
        add_papers(
            application_id=draft.pk, data=PaperData((photo(),), document_id=foreign.pk), request_id=uuid4(),
            added_by=office.yangcen.clerk, added_at=NOON,
        )  # fmt: skip


def test_a_paper_of_no_rule_needs_a_name(draft, office):
    with pytest.raises(Blocked) as refusal:
        hand_in(draft, office.yangcen.clerk, name=" ")
    assert refusal.value.problems[0].field == "name"


def test_after_submitting_the_clerk_adds_nothing_while_the_branch_reviews(reviewed, office):
    with pytest.raises(NotAllowed):
        hand_in(reviewed, office.yangcen.clerk, document="identity_card")


def test_the_branch_adds_its_own_photo_at_its_step(reviewed, office):
    [paper] = hand_in(reviewed, office.yangcen.village.secretary, name="支部会议现场照片")
    assert paper.side == Side.BRANCH
    assert paper in papers_of(reviewed, office.finance_officer).others


def test_a_paper_of_another_side_is_not_taken_back(office):
    factory = CaseFactory(office, person=office.yangcen.village.people[1])
    case = factory.draft()
    [paper] = hand_in(case, office.yangcen.clerk, document="identity_card")
    factory.at(StepCode.BRANCH_REVIEW)
    with pytest.raises(NotAllowed):
        withdraw_paper(paper_id=paper.pk, withdrawn_by=office.yangcen.village.secretary, withdrawn_at=NOON)


def test_whoever_added_a_paper_for_one_side_does_not_decide_for_another(reviewed, office):
    secretary = office.yangcen.village.secretary
    hand_in(reviewed, secretary, name="支部会议现场照片")
    factory = CaseFactory(office)
    factory.case = reviewed
    factory.moment = NOON
    factory.review()
    factory.pass_notice()
    secretary.posts.update(role="committee_officer")
    with pytest.raises(NotAllowed):
        hand_in(reviewed, secretary, name="备案照片", at=factory.moment)


def test_a_withdrawn_paper_stays_and_no_longer_counts(draft, office):
    [paper] = hand_in(draft, office.yangcen.clerk, name="照片")
    for _twice in range(2):
        withdraw_paper(paper_id=paper.pk, withdrawn_by=office.yangcen.clerk, withdrawn_at=NOON, reason="拍错了")
    papers = papers_of(draft, office.yangcen.clerk)
    assert (papers.standing, papers.past) == ([], [paper])
    assert paper.attachment.file.storage.exists(paper.attachment.file.name)


def test_a_turned_picture_takes_the_place_of_the_old_one(draft, office):
    [paper] = hand_in(draft, office.yangcen.clerk, photo(1), document="identity_card")
    key = uuid4()
    turned = rotate_paper(
        paper_id=paper.pk, quarter_turns=1, request_id=key, rotated_by=office.yangcen.clerk, rotated_at=NOON
    )
    again = rotate_paper(
        paper_id=paper.pk, quarter_turns=1, request_id=key, rotated_by=office.yangcen.clerk, rotated_at=NOON
    )
    assert again == turned
    assert (turned.replaces, turned.position, turned.name) == (paper, paper.position, paper.name)
    assert turned.attachment.sha256 != paper.attachment.sha256
    assert standing_papers(draft) == [turned]


def test_a_pdf_is_not_turned(draft, office):
    [paper] = hand_in(draft, office.yangcen.clerk, scan(), name="章程")
    with pytest.raises(Blocked):
        rotate_paper(
            paper_id=paper.pk, quarter_turns=1, request_id=uuid4(), rotated_by=office.yangcen.clerk, rotated_at=NOON
        )


def test_a_replaced_paper_is_not_replaced_again(draft, office):
    [paper] = hand_in(draft, office.yangcen.clerk, photo(1), document="identity_card")
    values = {"paper_id": paper.pk, "replaced_by": office.yangcen.clerk, "replaced_at": NOON}
    replace_paper(file=photo(2), request_id=uuid4(), **values)
    with pytest.raises(Blocked):
        replace_paper(file=photo(3), request_id=uuid4(), **values)


def test_papers_are_put_into_another_order(draft, office):
    first, second, third = hand_in(draft, office.yangcen.clerk, photo(1), photo(2), photo(3), name="照片")
    order_papers(
        application_id=draft.pk, paper_ids=[third.pk, first.pk], ordered_by=office.yangcen.clerk, ordered_at=NOON
    )
    assert standing_papers(draft) == [third, first, second]


def test_a_paper_of_another_case_has_no_place_in_the_order(draft, office):
    other = CaseFactory(office, person=office.yangcen.village.people[1]).draft()
    [paper] = hand_in(other, office.yangcen.clerk, name="照片")
    with pytest.raises(NotAllowed):
        order_papers(
            application_id=draft.pk, paper_ids=[paper.pk], ordered_by=office.yangcen.clerk, ordered_at=NOON
        )  # fmt: skip


def test_a_case_has_no_more_papers_than_one_can_read(draft, office, monkeypatch):
    monkeypatch.setattr("loans.operations.papers.PAPERS_MAX", 1)
    assert PAPERS_MAX > 1
    hand_in(draft, office.yangcen.clerk, photo(1), name="照片")
    with pytest.raises(Blocked):
        hand_in(draft, office.yangcen.clerk, photo(2), name="照片")


def test_the_reason_of_a_missing_paper_is_kept_and_the_newest_counts(draft, office):
    document = draft.version.documents.get(code="marital_status")
    for number, reason in enumerate(["在补办", "在补办", "单身，无需提供"]):
        explain_missing(
            application_id=draft.pk, document_id=document.pk, reason=reason, written_by=office.yangcen.clerk,
            written_at=NOON + timedelta(minutes=number),
        )  # fmt: skip
    [line] = [one for one in papers_of(draft, office.yangcen.clerk).requirements if one.document == document]
    assert line.excuse.reason == "单身，无需提供"
    assert draft.missing_papers.count() == 2


def test_a_body_is_asked_for_other_papers_than_a_person(draft, office):
    assert "registration" not in {one.code for one in missing_documents(draft)}
    draft.borrower_kind = "cooperative"
    assert "registration" in {one.code for one in missing_documents(draft)}


def test_a_reader_has_seen_what_he_marked_or_added_himself(reviewed, office):
    secretary = office.yangcen.village.secretary
    own, other = hand_in(reviewed, secretary, photo(1), photo(2), name="照片")
    assert unseen_of(reviewed, secretary) == []
    assert unseen_of(reviewed, office.yangcen.clerk) == [own, other]
    for _twice in range(2):
        mark_seen(paper_id=own.pk, seen_by=office.yangcen.clerk, seen_at=NOON)
    assert unseen_of(reviewed, office.yangcen.clerk) == [other]
    assert papers_of(reviewed, office.yangcen.clerk).unseen == [other]


def test_a_version_may_insist_on_papers(office):
    data = [{"code": "identity_card", "name": "申请人身份证复印件", "borrower_kinds": [], "is_blocking": True}]
    version = store_four_steps(office, documents=data)
    story = CaseFactory(office, version=version, begin=NOON, tier_id=version.tiers.get(code="villager").pk)
    case = story.draft()
    with pytest.raises(Blocked) as refusal:
        story.submit()
    assert [problem.field for problem in refusal.value.problems] == ["papers"]
    hand_in(case, office.yangcen.clerk, document="identity_card")
    story.submit()
    assert case.decisions.get().outcome == Outcome.SUBMIT


def test_the_rows_of_papers_are_kept_by_the_database(draft, office):
    [paper] = hand_in(draft, office.yangcen.clerk, name="照片")
    mark_seen(paper_id=paper.pk, seen_by=office.finance_officer, seen_at=NOON)
    for statement in (
        "UPDATE loans_casepaper SET name = 'x'",
        "DELETE FROM loans_casepaper",
        "DELETE FROM loans_casepaperseen",
    ):
        with pytest.raises((InternalError, DatabaseError)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_reading_the_papers_of_a_case_takes_two_queries(draft, office, django_assert_num_queries):
    hand_in(draft, office.yangcen.clerk, photo(1), photo(2), name="照片")
    with django_assert_num_queries(2):
        papers_of(draft, office.yangcen.clerk)
