"""Writing off takes two people: who proposes with a paper, and who decides."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from audit.models import AuditEvent
from files.models import Attachment
from loans import operations
from loans.choices import EntryKind, LoanState, Outcome, StepCode, WriteOffState
from loans.models import WriteOffRequest
from tests.factories.files import pdf, upload
from tests.loans.servicing import LoanStory
from web import clock

pytestmark = pytest.mark.usefixtures("cupboard", "invariants_hold")
LATE = timedelta(days=400)


@pytest.fixture
def story(office):
    return LoanStory(office)


def blamed(act, *args, **fields) -> set[str]:
    with pytest.raises(operations.Blocked) as refused:
        act(*args, **fields)
    return {problem.field for problem in refused.value.problems}


def test_a_proposal_books_nothing(story):
    proposal = story.propose_write_off(on=story.due + LATE)
    assert (proposal.state, proposal.amount) == (WriteOffState.WAITING, Decimal("50000.00"))
    assert story.fresh().state == LoanState.LIVE
    assert not story.loan.entries.filter(kind=EntryKind.WRITE_OFF).exists()


def test_a_written_off_loan_owes_no_principal_and_its_case_goes_to_the_assessment(story):
    on = story.due + LATE
    loan = story.do_write_off(on=on)
    assert (loan.state, loan.settled_on) == (LoanState.WRITTEN_OFF, on)
    entry = story.entry(EntryKind.WRITE_OFF)
    assert (entry.amount, entry.recorded_by, story.account(on).outstanding) == (50000, story.county.union_manager, 0)
    case = story.case_story.case
    case.refresh_from_db()
    assert case.step == StepCode.ASSESSMENT
    assert case.decisions.filter(outcome=Outcome.WRITE_OFF, decided_by=story.county.union_manager).count() == 1
    with pytest.raises(operations.Blocked):
        story.repay(1, on=on)


def test_what_came_in_after_the_proposal_is_not_written_off(story):
    on = story.due + LATE
    proposal = story.propose_write_off(on=on)
    story.repay(20000, on=on)
    story.decide_write_off(proposal, on=on)
    assert story.entry(EntryKind.WRITE_OFF).amount == Decimal("30000.00")


def test_proposing_and_deciding_twice_is_done_once(story):
    on = story.due + LATE
    proposal = story.propose_write_off(on=on)
    assert story.propose_write_off(on=on) == proposal
    for _click in range(2):
        story.decide_write_off(proposal, on=on)
    assert Attachment.objects.count() == 1
    assert story.loan.entries.filter(kind=EntryKind.WRITE_OFF).count() == 1


def test_a_second_proposal_waits_for_the_first(story):
    story.propose_write_off(on=story.due + LATE)
    assert blamed(story.propose_write_off, on=story.due + LATE, document_number="核-2") == {""}


def test_a_loan_in_order_is_not_written_off_and_paper_and_reason_are_needed(story):
    assert blamed(story.propose_write_off, on=story.days(10)) == {"value_date"}
    assert blamed(story.propose_write_off, on=story.due + LATE, document_number="", reason=" ") == {
        "document_number", "reason",
    }  # fmt: skip
    assert not Attachment.objects.exists()


def test_only_the_officer_of_the_outlet_proposes(office, story):
    for user in (office.shaxi.credit_officer, office.yangcen.clerk, office.finance_officer, office.union_manager):
        with pytest.raises(operations.NotAllowed):
            story.propose_write_off(on=story.due + LATE, by=user)


def test_only_a_manager_of_the_lender_decides(office, story):
    on = story.due + LATE
    proposal = story.propose_write_off(on=on)
    for user in (story.officer, office.shaxi.credit_manager, office.finance_director, office.leader):
        with pytest.raises(operations.NotAllowed):
            story.decide_write_off(proposal, on=on, by=user)


def test_whoever_proposed_does_not_decide_though_a_second_post_would_allow_it(office, story):
    on = story.due + LATE
    proposal = story.propose_write_off(on=on)
    WriteOffRequest.objects.filter(pk=proposal.pk).update(proposer_key=office.union_manager.person_key)
    with pytest.raises(operations.NotAllowed, match="."):
        story.decide_write_off(proposal, on=on)


def test_the_database_knows_that_it_takes_two_people(story):
    proposal = story.propose_write_off(on=story.due + LATE)
    with pytest.raises(IntegrityError, match="write_off_takes_two_people"), transaction.atomic():
        WriteOffRequest.objects.filter(pk=proposal.pk).update(
            state=WriteOffState.APPROVED, decided_by=story.officer, decider_key=proposal.proposer_key,
            decided_at=story.at(story.due + LATE),
        )  # fmt: skip


def test_a_refusal_needs_its_reason_and_leaves_the_way_open(story):
    on = story.due + LATE
    proposal = story.propose_write_off(on=on)
    assert blamed(story.decide_write_off, proposal, on=on, is_approved=False, opinion=" ") == {"opinion"}
    refused = story.decide_write_off(proposal, on=on, is_approved=False, opinion="尚有抵押物。")
    assert (refused.state, story.fresh().state) == (WriteOffState.REFUSED, LoanState.LIVE)
    assert blamed(story.decide_write_off, proposal, on=on) == {""}
    assert story.propose_write_off(on=on, document_number="核-2").pk != proposal.pk


def test_a_loan_that_was_repaid_meanwhile_is_not_written_off(story):
    on = story.due + LATE
    proposal = story.propose_write_off(on=on)
    story.repay(50000, on=on)
    with pytest.raises(operations.Blocked):
        story.decide_write_off(proposal, on=on)


def test_the_trail_names_both(story):
    on = story.due + LATE
    story.do_write_off(on=on)
    events = AuditEvent.objects.filter(subject_type="loans.writeoffrequest").order_by("pk")
    assert [event.actor for event in events] == [story.officer, story.county.union_manager]


# pages


@pytest.fixture
def late(story):
    with clock.frozen(story.at(story.due + LATE)):
        yield story.due + LATE


def test_the_officer_proposes_and_the_manager_decides_on_their_pages(office, story, sign_in, late):
    officer, manager = sign_in(story.officer), sign_in(office.union_manager)
    assert (
        reverse("loans:write-off-new", args=[story.loan.pk])
        in officer.get(reverse("loans:loan", args=[story.loan.pk])).content.decode()
    )
    posted = {
        "value_date": late.isoformat(), "document_number": "核-1", "reason": "死亡。",
        "paper": upload(pdf(), "认定书.pdf"),
    }  # fmt: skip
    answer = officer.post(reverse("loans:write-off-new", args=[story.loan.pk]), posted)
    proposal = WriteOffRequest.objects.get()
    url = reverse("loans:write-off", args=[proposal.pk])
    assert answer["Location"] == url
    assert officer.get(url).context["form"] is None
    assert "认定书.pdf" in manager.get(url).content.decode()
    paper = manager.get(reverse("loans:write-off-paper", args=[proposal.pk]))
    assert b"".join(paper) == pdf()
    assert manager.post(url, {"decision": "refuse", "opinion": ""}).status_code == 200
    assert manager.post(url, {"decision": "approve", "opinion": "同意。"}).status_code == 302
    assert story.fresh().state == LoanState.WRITTEN_OFF


def test_a_proposal_without_a_paper_stays_on_its_page(story, sign_in, late):
    posted = {"value_date": late.isoformat(), "document_number": "核-1", "reason": "死亡。"}
    page = sign_in(story.officer).post(reverse("loans:write-off-new", args=[story.loan.pk]), posted)
    assert page.status_code == 200
    assert set(page.context["form"].errors) == {"paper"}


def test_the_register_is_the_lenders(office, story, sign_in, late, django_assert_max_num_queries):
    proposal = story.propose_write_off(on=late)
    url = reverse("loans:write-offs")
    assert [row.record for row in sign_in(office.union_manager).get(url).context["table"].rows] == [proposal]
    assert list(sign_in(office.shaxi.credit_officer).get(url).context["table"].rows) == []
    assert sign_in(office.yangcen.clerk).get(url).status_code == 404
    assert sign_in(office.shaxi.credit_officer).get(
        reverse("loans:write-off-paper", args=[proposal.pk])
    ).status_code == 404  # fmt: skip


def test_the_officer_is_told_on_the_page_of_the_loan_that_a_proposal_waits(story, sign_in, late):
    proposal = story.propose_write_off(on=late)
    page = sign_in(story.officer).get(reverse("loans:loan", args=[story.loan.pk])).content.decode()
    assert reverse("loans:write-off", args=[proposal.pk]) in page
    assert reverse("loans:write-off-new", args=[story.loan.pk]) not in page
