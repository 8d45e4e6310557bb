"""Each sentence about the money: it holds after ordinary work, and a violation planted by hand is named."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from jobs.models import Job
from jobs.operations import run_job
from jobs.queries import read_result
from loans.operations.write_offs import decide_write_off
from redcredit.invariants.checking import check
from redcredit.invariants.house import INVARIANTS
from redcredit.invariants.reports import newest_report, start_check, start_nightly_check
from redcredit.management.commands import check_invariants as command
from tests.factories.assessments import pay_rewards
from tests.factories.county import NOON, TODAY
from tests.factories.loans import CaseFactory
from tests.factories.risk import RiskFactory, late_loan, late_loans
from tests.factories.statements import book, csv, row_of, take_in
from tests.factories.subsidies import Journey, give_account
from tests.factories.write_offs import write_off_proposed
from tests.subsidies import world

# What breaks which sentence. `loan`, `case`, `batch`, `claim` stand for the ids of the situation.
PLANTED = [
    ("loan_never_owes_less_than_nothing", "UPDATE loans_loanentry SET amount = 60000 WHERE kind = 'principal'"),
    ("loan_state_follows_ledger", "UPDATE loans_loan SET state = 'settled', settled_on = due_date WHERE id = {loan}"),
    ("loan_is_paid_out_once", "DELETE FROM loans_loanentry WHERE loan_id = {loan} AND kind = 'disbursement'"),
    ("loan_pays_out_what_was_granted", "UPDATE loans_loanentry SET amount = 51000 WHERE kind = 'disbursement'"),
    ("reversal_undoes_one_entry", "UPDATE loans_loanentry SET kind = 'reversal', amount = 0, reverses_id = (SELECT"
        " id FROM loans_loanentry WHERE loan_id = {loan} AND kind = 'disbursement') WHERE kind = 'principal'"),
    ("quota_is_what_filings_hold", "UPDATE loans_quota SET used = used + 1000"),
    ("reserved_is_what_cases_hold", "UPDATE loans_subsidybudget SET reserved = reserved + 1"),
    ("ended_case_holds_nothing", "UPDATE loans_application SET state = 'withdrawn' WHERE id = {case}"),
    ("decisions_follow_the_rules", "UPDATE loans_application SET step = 'committee_filing' WHERE id = {case}"),
    ("decisions_follow_the_rules", "DELETE FROM loans_applicationdecision WHERE sequence = 3"),
    ("decisions_follow_the_rules", "UPDATE loans_applicationdecision SET outcome = 'reject' WHERE sequence = 3"),
    ("recalls_undo_the_last_decision", "UPDATE loans_applicationdecision r SET outcome = 'recall', recalls_id = d.id"
        " FROM loans_applicationdecision d WHERE d.application_id = r.application_id AND d.sequence = 1"
        " AND r.sequence = 3"),
    ("promise_counts_while_its_case_lives",
        "INSERT INTO loans_helpcommitment (application_id, person_id, kind, is_live)"
        " SELECT {case}, id, 'villager_in_difficulty', true FROM organizations_person LIMIT 1"),
    ("filed_cases_stand_in_their_filing", "UPDATE loans_application SET filing_number = 'X' WHERE id = {case}"),
    ("deciders_are_different_people", "UPDATE loans_applicationdecision SET decided_by_id = {finance},"
        " person_key = 'user:{finance}'"),
    ("snapshot_is_as_it_was", "UPDATE subsidies_inputsegment SET base_fen = base_fen - 100 WHERE batch_id = {batch}"),
    ("loan_has_one_line_for_a_day", "INSERT INTO subsidies_subsidyline (batch_id, loan_id, kind, first_day, last_day,"
        " budget_id, days, base, rate_percent, interest_paid, amount, status, reason)"
        " SELECT batch_id, loan_id, kind, first_day, last_day + 1, budget_id, days, base, rate_percent,"
        " interest_paid, amount, status, reason FROM subsidies_subsidyline"),
    ("line_is_of_its_period", "UPDATE subsidies_subsidyline SET first_day = first_day + 1"),
    ("lines_add_up_to_entitlement", "UPDATE subsidies_subsidyline SET amount = amount + 0.01"),
    ("payments_are_the_lines", "UPDATE subsidies_payment SET amount = amount + 0.01"),
    ("loan_is_paid_once", "INSERT INTO subsidies_payment (batch_id, loan_id, budget_id, payee, amount, state, file_id,"
        " reissues_id) SELECT batch_id, loan_id, budget_id, payee, amount, state, file_id, id FROM subsidies_payment"),
    ("budget_is_what_payments_say", "UPDATE loans_subsidybudget SET due = due + 1"),
    ("budget_is_what_payments_say", "UPDATE loans_subsidybudget SET paid = 0"),
    ("payment_is_as_the_bank_answered", "UPDATE subsidies_payment SET state = 'returned'"),
    ("file_is_what_it_holds", "UPDATE subsidies_paymentfile SET amount = amount + 1"),
    ("clawback_takes_back_what_it_says", "INSERT INTO subsidies_clawback (batch_id, loan_id, budget_id, amount, state)"
        " SELECT batch_id, loan_id, budget_id, 5, 'done' FROM subsidies_payment"),
    ("batch_was_decided_in_order", "DELETE FROM subsidies_batchdecision WHERE step = 'review'"),
    ("batch_deciders_are_different_people", "UPDATE subsidies_batchdecision SET person_key = 'user:{finance}'"),
]  # fmt: skip
PLANTED_IN_THE_FUND = [
    ("fund_balance_is_its_transfers", "UPDATE risk_riskfund SET balance = balance + 1"),
    ("fund_was_never_overdrawn", "UPDATE risk_fundtransfer SET value_date = '2014-12-31' WHERE kind = 'deposit'"),
    ("transfer_stays_in_its_fund", "UPDATE risk_claim SET fund_id = -1"),
    ("claim_is_paid_once", "UPDATE risk_claim SET recovered = 1"),
    ("claim_is_paid_once", "UPDATE risk_fundtransfer SET amount = amount - 1 WHERE kind = 'payout'"),
    ("claim_shares_add_up", "UPDATE risk_claimshare SET amount = amount + 1"),
    ("recovery_shares_add_up", "INSERT INTO risk_claimrecovery (claim_id, amount, costs, to_fund, to_lender, beyond,"
        " value_date, bank_reference, recorded_by_id, recorded_at)"
        " SELECT id, 10, 0, 7, 3, 0, '2014-08-15', 'ZH-1', created_by_id, created_at FROM risk_claim"),
    ("claim_decisions_are_complete", "UPDATE risk_claim SET sequence = sequence + 1"),
    ("claim_deciders_are_different_people", "UPDATE risk_claimdecision SET person_key = 'user:1'"),
]  # fmt: skip
PLANTED_IN_PAPERS = [
    ("booked_statement_is_in_the_ledger", "UPDATE loans_loanentry SET amount = amount + 0.01 WHERE kind = 'interest'"),
    (
        "booked_statement_is_in_the_ledger",
        "UPDATE loans_loanentry SET bank_reference = bank_reference || 'X' WHERE kind = 'interest'",
    ),
    (
        "booked_answer_is_its_payments_result",
        "UPDATE subsidies_paymentresult SET bank_reference = bank_reference || 'X'",
    ),
    ("write_off_was_decided_by_two", "DELETE FROM loans_writeoffrequest"),
    ("write_off_was_decided_by_two", "DELETE FROM loans_loanentry WHERE kind = 'write_off'"),
    ("money_papers_have_their_trace", "DELETE FROM audit_auditevent WHERE subject_type = 'subsidies.paymentfile'"),
    ("money_papers_have_their_trace", "DELETE FROM audit_auditevent WHERE subject_type = 'loans.writeoffrequest'"),
]
PLANTED_IN_REWARDS = [
    ("points_lie_within_their_item", "UPDATE assessments_scorerecord SET points = 61"),
    ("sheets_add_up", "UPDATE assessments_scoresheet SET score = score - 1"),
    ("results_are_what_was_scored", "UPDATE assessments_result SET score = score - 1"),
    ("levels_are_different_people", "UPDATE assessments_scoresheet SET person_key = 'user:1'"),
    ("rewards_add_up", "UPDATE assessments_rewardline SET amount = amount + 1"),
    ("rewards_are_paid_once", "UPDATE assessments_rewardpayout SET amount = amount - 1"),
    ("rewards_are_paid_once", "UPDATE assessments_rewardplan SET state = 'returned'"),
    ("rewards_keep_to_the_budget", "UPDATE assessments_rewardbudget SET amount = 1"),
]


@pytest.fixture
def lent(office):
    """A loan by every step, with a repayment and its interest."""
    story = CaseFactory(office, begin=datetime(2014, 1, 6, 4, tzinfo=UTC))
    story.lent()
    world.pay_interest(story.case.loan, ("600.00", date(2014, 3, 20)), ("900.00", date(2014, 6, 20)))
    world.book(story.case.loan, "principal", "10000", date(2014, 6, 30))
    return story.case


@pytest.fixture
def paid(office, lent):
    """A batch that was paid to the last fen."""
    give_account(lent.loan)
    batch = world.compute(office, world.SUMMER)
    Journey(office, batch).credited()
    return batch


@pytest.fixture
def claim(office, cupboard):
    return RiskFactory(office).paid(late_loan(office.yangcen.village))


def broken() -> dict[str, list[str]]:
    return {finding.invariant.name: finding.lines for finding in check(INVARIANTS) if not finding.holds}


def plant(sql: str, **ids: object) -> None:
    """Change rows as only somebody with the database in his hands could: without guards, references and checks."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql.format(**ids))
        assert cursor.rowcount
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_everything_holds_after_a_loan_and_a_paid_batch(paid):
    assert broken() == {}


@pytest.mark.parametrize(("name", "sql"), PLANTED)
def test_a_planted_violation_is_named(office, lent, paid, name, sql):
    plant(sql, loan=lent.loan.pk, case=lent.pk, batch=paid.pk, finance=office.finance_officer.pk)
    assert broken()[name]


@pytest.fixture
def papers(office, paid, cupboard):
    """A statement that was booked, an answer of the bank, a loan that was written off."""
    journey = Journey(office, paid)
    journey.moment += timedelta(days=8)
    answers = [
        replace(journey.answer(payment), value_date=payment.result.value_date) for payment in paid.payments.all()
    ]
    journey.book_file(journey.taken_in(*answers))
    loan, late = late_loans(office.yangcen.village, ["50000", "60000"])
    book(take_in(office.yangcen, csv(row_of(loan, "HK-1", TODAY, interest="88.80"))), office.yangcen)
    proposal = write_off_proposed(late, office.yangcen.credit_officer)
    decide_write_off(
        request_id=proposal.pk, is_approved=True, opinion="同意。", decided_by=office.union_manager, decided_at=NOON
    )


@pytest.mark.parametrize(("name", "sql"), PLANTED_IN_PAPERS)
def test_a_violation_planted_in_the_papers_is_named(papers, name, sql):
    before = broken()
    plant(sql)
    assert name not in before
    assert broken()[name]


@pytest.mark.parametrize(("name", "sql"), PLANTED_IN_THE_FUND)
def test_a_violation_planted_in_the_fund_is_named(office, claim, name, sql):
    before = broken()
    plant(sql)
    assert name not in before
    assert broken()[name]


@pytest.mark.parametrize(("name", "sql"), PLANTED_IN_REWARDS)
def test_a_violation_planted_in_the_rewards_is_named(office, name, sql):
    pay_rewards(office)
    assert name not in broken()
    plant(sql)
    assert broken()[name]


def test_every_invariant_has_its_planted_violation():
    planted = {name for name, _ in (*PLANTED, *PLANTED_IN_THE_FUND, *PLANTED_IN_PAPERS, *PLANTED_IN_REWARDS)}
    assert planted == {invariant.name for invariant in INVARIANTS}


def test_the_row_that_breaks_it_is_named(lent):
    plant("UPDATE loans_loan SET state = 'settled', settled_on = due_date WHERE id = {loan}", loan=lent.loan.pk)
    assert lent.loan.contract_number in broken()["loan_state_follows_ledger"][0]


# ---- the command


def test_the_command_ends_well_when_everything_holds(lent):
    out = StringIO()
    call_command("check_invariants", stdout=out)
    assert out.getvalue().count("\nholds ") == len(INVARIANTS) - 1


def test_the_command_fails_and_names_what_is_broken(lent):
    plant("UPDATE loans_quota SET used = used + 1000")
    out = StringIO()
    with pytest.raises(CommandError, match="1 of"):
        call_command("check_invariants", stdout=out)
    assert "BROKEN quota_is_what_filings_hold" in out.getvalue()


def test_an_empty_database_gets_the_demo_county_first(db, monkeypatch):
    called = []
    monkeypatch.setattr(command, "call_command", lambda name, **options: called.append(name))
    call_command("check_invariants", stdout=StringIO())
    assert called == ["load_demo"]


# ---- by night and on the page


def test_the_nightly_check_leaves_a_report(lent):
    run_job(job_id=start_nightly_check(at=NOON).pk, now=lambda: NOON)
    report = newest_report()
    assert report.broken == 0
    assert all(answer.holds for answer in report.answers)


def test_the_nightly_check_runs_once_a_day(db):
    assert start_nightly_check(at=NOON) == start_nightly_check(at=NOON)
    assert Job.objects.count() == 1


def test_a_report_whose_file_is_gone_is_no_report(lent):
    job = start_nightly_check(at=NOON)
    run_job(job_id=job.pk, now=lambda: NOON)
    Job.objects.filter(pk=job.pk).update(sha256="0" * 64)
    assert newest_report() is None


def test_an_auditor_sees_what_is_broken(office, lent, noon, sign_in):
    plant("UPDATE loans_quota SET used = used + 1000")
    run_job(job_id=start_check(by=office.auditor, at=NOON).pk, now=lambda: NOON)
    page = sign_in(office.auditor).get(reverse("invariants")).content.decode()
    assert "held=50000.00" in page
    assert "有 1 条不成立" in page


def test_before_the_first_check_the_page_says_that_nothing_was_asked(office, noon, sign_in):
    page = sign_in(office.finance_officer).get(reverse("invariants")).content.decode()
    assert page.count("尚未检查") == len(INVARIANTS)


def test_checking_now_starts_a_job_and_shows_it(office, noon, sign_in):
    answer = sign_in(office.finance_officer).post(reverse("invariants"))
    assert answer.url == reverse("jobs:detail", args=[Job.objects.get().pk])


def test_the_report_holds_every_sentence(lent):
    job = start_nightly_check(at=NOON)
    run_job(job_id=job.pk, now=lambda: NOON)
    job.refresh_from_db()
    assert set(json.loads(read_result(job=job))) == {invariant.name for invariant in INVARIANTS}
