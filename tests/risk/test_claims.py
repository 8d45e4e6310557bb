"""A claim from filing to the last recovery: amounts, turns, papers, and people who must differ."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from loans.queries.ledger import account_of
from organizations.scope import NotAllowed
from risk.choices import ClaimOutcome, ClaimPaper, ClaimState, TransferKind
from risk.models import Claim, FundTransfer
from risk.operations.claims import decide_claim, file_claim, pay_claim, prepare_claim
from risk.operations.errors import ClaimMoved, UnableToBook
from risk.operations.recoveries import decide_write_off, propose_write_off, record_recovery
from risk.queries.funds import balance_on, standings_of
from tests.factories.county import NOON, TODAY
from tests.factories.risk import PAPERS, RiskFactory, late_loan, loan_overdue_by
from tests.factories.write_offs import finding

pytestmark = pytest.mark.usefixtures("invariants_hold")
HAND_WRITTEN = frozenset({"decisions_follow_the_rules"})

FOUR = (
    ("融资担保公司", "guarantor", "4"),
    ("省再担保", "re_guarantor", "3"),
    ("县农村信用合作联社", "lender", "2"),
    ("县财政", "government", "1"),
)


@pytest.fixture
def loan(office):
    return late_loan(office.yangcen.village)


def recover(story, claim, amount, costs="0", *, reference="ZC-1", by=None, day=TODAY):
    claim.refresh_from_db()
    return record_recovery(
        claim_id=claim.pk, revision=claim.revision, amount=Decimal(amount), costs=Decimal(costs), value_date=day,
        bank_reference=reference, recorded_by=by or story.finance, at=NOON,
    )  # fmt: skip


def propose(story, claim, *, by=None, document="剑财〔2014〕9号", reason="借款人死亡且无遗产。"):
    claim.refresh_from_db()
    return propose_write_off(
        claim_id=claim.pk, revision=claim.revision, reason=reason, document_number=document, paper=finding(),
        proposed_by=by or story.finance, at=NOON,
    )  # fmt: skip


def decide_on(story, claim, outcome=ClaimOutcome.WRITE_OFF, *, by=None, reason=""):
    claim.refresh_from_db()
    return decide_write_off(
        claim_id=claim.pk, revision=claim.revision, outcome=outcome, reason=reason, decided_by=by or story.group,
        at=NOON,
    )  # fmt: skip


def write_off(story, claim):
    propose(story, claim)
    return decide_on(story, claim)


def test_a_claim_demands_principal_and_contract_interest_of_the_day_without_penalty(story, loan):
    claim = story.filed(loan)
    account = account_of(loan, on=TODAY)
    assert account.penalty > 0
    assert (claim.principal_due, claim.interest_due) == (50000, account.overdue_interest)
    assert claim.base_amount == claim.principal_due + claim.interest_due == claim.fund_part + claim.lender_part
    assert claim.overdue_days == 97


def test_the_principal_of_fifty_thousand_is_shared_seven_to_three(office):
    story = RiskFactory(office, base="principal")
    claim = story.filed(late_loan(office.yangcen.village))
    assert [share.amount for share in claim.shares.all()] == [35000, 15000]
    assert (claim.fund_part, claim.lender_part) == (35000, 15000)


def test_in_the_model_of_four_the_fund_pays_all_parts_but_the_lenders(office):
    story = RiskFactory(office, base="principal")
    story.share(*FOUR)
    claim = story.filed(late_loan(office.yangcen.village, "99999.99"))
    assert [share.amount for share in claim.shares.all()] == [
        Decimal("40000.00"),
        Decimal("30000.00"),
        Decimal("20000.00"),
        Decimal("9999.99"),
    ]
    assert (claim.fund_part, claim.lender_part) == (Decimal("79999.99"), Decimal("20000.00"))


def test_caps_in_bands_cut_what_is_shared(office):
    caps = [{"from": "0", "to": "20000", "percent": "100"}, {"from": "20000", "to": "", "percent": "50"}]
    claim = RiskFactory(office, base="principal", caps=caps).filed(late_loan(office.yangcen.village))
    assert (claim.base_amount, claim.fund_part) == (35000, 24500)


@pytest.mark.parametrize(("days", "may"), [(59, False), (60, True)])
def test_a_claim_can_be_filed_from_the_triggers_day_on(story, office, days, may):
    claim = story.prepared(loan_overdue_by(office.yangcen.village, days))
    if may:
        file_claim(claim_id=claim.pk, revision=1, papers=PAPERS, filed_by=story.officer, at=NOON)
    else:
        with pytest.raises(UnableToBook, match="59"):
            file_claim(claim_id=claim.pk, revision=1, papers=PAPERS, filed_by=story.officer, at=NOON)


def test_over_ninety_days_is_day_ninety_one(office):
    story = RiskFactory(office, trigger_days=90, is_more_than=True)
    with pytest.raises(UnableToBook, match="90"):
        story.filed(loan_overdue_by(office.yangcen.village, 90))
    assert story.filed(loan_overdue_by(office.yangcen.village, 91)).overdue_days == 91


def test_a_missing_paper_is_named(story, loan):
    claim = story.prepared(loan)
    papers = [paper for paper in PAPERS if paper.paper != ClaimPaper.OPINION]
    with pytest.raises(UnableToBook, match=str(ClaimPaper.OPINION.label)):
        file_claim(claim_id=claim.pk, revision=1, papers=papers, filed_by=story.officer, at=NOON)


def test_one_collection_notice_is_not_enough(story, loan):
    claim = story.prepared(loan)
    papers = [replace(paper, copies=1) for paper in PAPERS]
    with pytest.raises(UnableToBook):
        file_claim(claim_id=claim.pk, revision=1, papers=papers, filed_by=story.officer, at=NOON)


def test_a_loan_that_is_not_late_has_no_claim(story, office):
    with pytest.raises(UnableToBook):
        story.prepared(loan_overdue_by(office.yangcen.village, -10))


def test_a_loan_has_one_live_claim(story, loan):
    story.prepared(loan)
    with pytest.raises(UnableToBook):
        story.prepared(loan)


def test_a_refused_claim_makes_room_for_another(story, loan):
    claim = story.filed(loan)
    story.decide(claim, story.county.organisation_officer, ClaimOutcome.REJECT, "材料不实。")
    assert story.prepared(loan).state == ClaimState.TO_FILE


def test_the_other_townships_officer_files_nothing_here(story, loan, office):
    with pytest.raises(NotAllowed):
        prepare_claim(loan=loan, prepared_by=office.shaxi.credit_officer, at=NOON)


def test_a_claim_goes_its_way_and_is_paid_once(story, loan):
    claim = story.paid(loan)
    steps = list(claim.decisions.order_by("sequence").values_list("step", flat=True))
    assert steps == ["to_file", "to_check", "to_verify", "to_approve", "to_pay"]
    payout = FundTransfer.objects.get(transfer_key=f"claim:{claim.pk}:payout")
    assert (payout.amount, payout.kind) == (claim.fund_part, TransferKind.PAYOUT)
    story.fund.refresh_from_db()
    assert story.fund.balance == balance_on(story.fund, TODAY) == 1000000 - claim.fund_part
    with pytest.raises(ClaimMoved):
        story.pay(claim, reference="DC-X")


def test_each_step_belongs_to_its_own_office(story, loan):
    claim = story.filed(loan)
    for user in (story.officer, story.finance, story.group, story.county.leader):
        with pytest.raises(NotAllowed):
            story.decide(claim, user)


def test_two_accounts_of_one_person_do_not_decide_at_two_steps(story, loan, office):
    person = office.yangcen.village.people[0]
    for user in (story.officer, office.organisation_officer):
        user.person = person
        user.save()
    claim = story.filed(loan)
    with pytest.raises(NotAllowed, match="."):
        story.decide(claim, type(story.officer).objects.get(pk=office.organisation_officer.pk))


def test_nobody_decides_on_a_claim_of_his_own_household(story, loan, office):
    user = type(story.officer).objects.get(pk=office.organisation_officer.pk)
    user.person = loan.application.household.members.last()
    user.save()
    claim = story.filed(loan)
    with pytest.raises(NotAllowed, match="."):
        story.decide(claim, user)


def test_a_page_that_shows_an_older_state_cannot_decide(story, loan):
    claim = story.filed(loan)
    with pytest.raises(ClaimMoved) as refused:
        decide_claim(
            claim_id=claim.pk, outcome=ClaimOutcome.PASS, revision=claim.revision - 1,
            decided_by=story.county.organisation_officer, at=NOON,
        )  # fmt: skip
    assert refused.value.last_decision.outcome == ClaimOutcome.FILE


def test_a_claim_sent_back_is_filed_again_with_the_amounts_of_the_new_day(story, loan):
    claim = story.filed(loan)
    story.decide(claim, story.county.organisation_officer, ClaimOutcome.RETURN, "请补村镇意见。")
    assert claim.state == ClaimState.RETURNED
    later = NOON + timedelta(days=10)
    file_claim(claim_id=claim.pk, revision=claim.revision, papers=PAPERS, filed_by=story.officer, at=later)
    claim.refresh_from_db()
    assert (claim.round, claim.overdue_days, claim.state) == (2, 107, ClaimState.TO_CHECK)
    assert claim.shares.filter(round=2).count() == claim.shares.filter(round=1).count() == 2


def test_sending_back_and_refusing_need_a_reason(story, loan):
    claim = story.filed(loan)
    for outcome in (ClaimOutcome.RETURN, ClaimOutcome.REJECT):
        with pytest.raises(UnableToBook):
            story.decide(claim, story.county.organisation_officer, outcome)


def test_a_claim_the_fund_cannot_pay_waits(office, loan):
    story = RiskFactory(office, paid_in="20000")
    claim = story.approved(loan)
    with pytest.raises(UnableToBook):
        story.pay(claim)
    claim.refresh_from_db()
    assert (claim.state, claim.paid_on) == (ClaimState.TO_PAY, None)


def test_a_payout_is_not_dated_before_the_claim(story, loan):
    claim = story.approved(loan)
    with pytest.raises(UnableToBook):
        pay_claim(
            claim_id=claim.pk, revision=claim.revision, bank_reference="DC-1", value_date=TODAY - timedelta(days=1),
            paid_by=story.finance, at=NOON,
        )  # fmt: skip


def test_of_ten_thousand_recovered_the_costs_come_first_and_the_rest_goes_back_by_shares(story, loan):
    claim = story.paid(loan)
    recovery = recover(story, claim, "10000", "1200")
    assert (recovery.to_fund, recovery.to_lender, recovery.beyond) == (6160, 2640, 0)
    transfer = FundTransfer.objects.get(kind=TransferKind.RECOVERY)
    assert transfer.transfer_key.startswith(f"claim:{claim.pk}:recovery:ZC-1")
    assert transfer.amount == 6160
    claim.refresh_from_db()
    assert (claim.state, claim.recovered) == (ClaimState.RECOVERING, 6160)


def test_recoveries_of_the_model_of_four_go_back_to_each_party(office):
    story = RiskFactory(office, base="principal")
    story.share(*FOUR)
    claim = story.paid(late_loan(office.yangcen.village, "100000"))
    recover(story, claim, "33333.33")
    returned = {one.name: one.returned for one in standings_of(story.fund)}
    assert sum(returned.values()) == Decimal("33333.33")
    assert returned["融资担保公司"] == Decimal("13333.33")
    story.fund.refresh_from_db()
    assert story.fund.balance == 1000000 - 80000 + Decimal("33333.33") - returned["县农村信用合作联社"]


def test_what_comes_in_above_the_loss_is_the_lenders_own(story, loan):
    claim = story.paid(loan)
    recovery = recover(story, claim, str(claim.base_amount + 1000), "0")
    assert (recovery.to_fund, recovery.beyond) == (claim.fund_part, 1000)
    claim.refresh_from_db()
    assert (claim.state, claim.left) == (ClaimState.RECOVERED, 0)
    story.fund.refresh_from_db()
    assert story.fund.balance == 1000000


def test_a_recovery_is_booked_once_and_its_costs_are_not_above_it(story, loan):
    claim = story.paid(loan)
    recover(story, claim, "1000")
    with pytest.raises(UnableToBook):
        recover(story, claim, "1000")
    with pytest.raises(UnableToBook):
        recover(story, claim, "100", "100.01", reference="ZC-2")


def test_what_was_written_off_stays_in_the_register_and_may_still_come_in(story, loan):
    claim = story.paid(loan)
    recover(story, claim, "10000")
    write_off(story, claim)
    claim.refresh_from_db()
    assert (claim.state, claim.written_off_on) == (ClaimState.WRITTEN_OFF, TODAY)
    transfer = FundTransfer.objects.get(kind=TransferKind.WRITE_OFF)
    assert transfer.amount == claim.fund_part - 7000
    balance = balance_on(story.fund, TODAY)
    recover(story, claim, "500", reference="ZC-9")
    claim.refresh_from_db()
    assert claim.state == ClaimState.WRITTEN_OFF
    assert balance_on(story.fund, TODAY) == balance + 350


def test_a_write_off_is_proposed_by_finance_with_a_document_and_decided_by_the_leading_group(story, loan):
    claim = story.paid(loan)
    with pytest.raises(NotAllowed):
        propose(story, claim, by=story.group)
    with pytest.raises(UnableToBook):
        propose(story, claim, document=" ")
    with pytest.raises(UnableToBook):
        propose(story, claim, reason=" ")
    propose(story, claim)
    with pytest.raises(NotAllowed):
        decide_on(story, claim, by=story.finance)
    with pytest.raises(NotAllowed):
        decide_on(story, claim, ClaimOutcome.PASS)
    assert not FundTransfer.objects.filter(kind=TransferKind.WRITE_OFF).exists()
    decide_on(story, claim)
    claim.refresh_from_db()
    assert (claim.state, claim.write_off_number) == (ClaimState.WRITTEN_OFF, "剑财〔2014〕9号")
    assert claim.files.filter(kind="write_off").count() == 1


def test_a_write_off_that_is_refused_needs_a_reason_and_leaves_the_claim_in_recovery(story, loan):
    claim = story.paid(loan)
    propose(story, claim)
    with pytest.raises(UnableToBook):
        decide_on(story, claim, ClaimOutcome.KEEP)
    decide_on(story, claim, ClaimOutcome.KEEP, reason="尚有财产可供执行。")
    claim.refresh_from_db()
    assert (claim.state, claim.written_off_on) == (ClaimState.RECOVERING, None)


def test_what_comes_in_while_a_write_off_waits_lowers_what_is_written_off(story, loan):
    claim = story.paid(loan)
    propose(story, claim)
    recover(story, claim, "10000")
    decide_on(story, claim)
    assert FundTransfer.objects.get(kind=TransferKind.WRITE_OFF).amount == claim.fund_part - 7000


def test_a_claim_that_came_back_in_full_is_not_written_off(story, loan):
    claim = story.paid(loan)
    recover(story, claim, str(claim.base_amount))
    with pytest.raises(ClaimMoved):
        propose(story, claim)


def test_a_paper_without_its_scan_is_missing(story, loan):
    claim = story.prepared(loan)
    papers = [replace(paper, file=None) if paper.paper == ClaimPaper.OPINION else paper for paper in PAPERS]
    with pytest.raises(UnableToBook, match=str(ClaimPaper.OPINION.label)):
        file_claim(claim_id=claim.pk, revision=1, papers=papers, filed_by=story.officer, at=NOON)
    assert not claim.files.exists()


def test_filed_once_more_the_scans_of_the_first_filing_stand(story, loan):
    claim = story.filed(loan)
    story.decide(claim, story.county.organisation_officer, ClaimOutcome.RETURN, reason="催收记录不全。")
    papers = [paper if paper.paper == ClaimPaper.COLLECTION else replace(paper, file=None) for paper in PAPERS]
    file_claim(claim_id=claim.pk, revision=claim.revision, papers=papers, filed_by=story.officer, at=NOON)
    assert claim.files.count() == len(PAPERS) + 1
    assert claim.files.filter(kind=ClaimPaper.COLLECTION).count() == 2


def test_every_claims_parts_add_up(story, loan):
    story.paid(loan)
    for claim in Claim.objects.all():
        shares = claim.shares.filter(round=claim.round)
        assert sum(share.amount for share in shares) == claim.base_amount
