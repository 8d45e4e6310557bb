"""The whole demo county, loaded once: every countable figure of the report comes out, and a missing loan is seen."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from loans.models import Application, ApplicationDecision, Loan, LoanEntry, LoanUnit, Quota, SubsidyBudget
from organizations.models import Organization, PartyMember
from workflow.engine import Move, replay

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("whole_demo", "db")]


def check_published() -> tuple[dict[str, dict], int]:
    out = StringIO()
    try:
        call_command("check_published", "jianchuan", json=True, stdout=out)
        code = 0
    except SystemExit as end:
        code = int(end.code or 0)
    return {row["key"]: row for row in json.loads(out.getvalue())}, code


def test_every_countable_figure_of_the_report_comes_out():
    figures, code = check_published()
    assert code == 0
    unequal = {key: row["status"] for key, row in figures.items() if row["status"] != "equal"}
    differing = {key for key, status in unequal.items() if "differs" in status}
    assert differing == {"subsidy_total_2014"}
    assert len(figures) - len(unequal) == 54


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("cum_households", 1_752),
        ("cum_loans", 1_736),
        ("cum_amount", 87_072_000),
        ("y2013_total", 50_000_000),
        ("y2013_le50k", 19_817_000),
        ("y2013_gt50k", 30_183_000),
        ("use_livestock", 736),
        ("use_crops", 688),
        ("use_other", 328),
        ("party_households", 403),
        ("grassroots_committees", 14),
        ("branches_incl_general", 679),
        ("party_members", 8_085),
        ("village_groups", 88),
        ("townships_covered", 8),
        ("subsidy_total_2013", 2_500_000),
    ],
)
def test_a_figure_is_recomputed_as_printed(key, value):
    figures, _ = check_published()
    assert float(figures[key]["recomputed"]) == value


def test_deleting_one_loan_is_seen():
    loan = Loan.objects.filter(start_date__year=2013).order_by("pk")[100]
    with connection.cursor() as cursor:
        # Entries are written once: only somebody who switches the database's own guards off can take one away.
        cursor.execute("SET LOCAL session_replication_role = 'replica'")
        for model in (LoanEntry, LoanUnit):
            cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE loan_id = %s", [loan.pk])  # noqa: S608
        cursor.execute("DELETE FROM loans_loan WHERE id = %s", [loan.pk])
        cursor.execute("SET LOCAL session_replication_role = 'origin'")
    figures, code = check_published()
    assert code == 1
    assert figures["cum_loans"]["recomputed"] == 1_735
    assert figures["cum_loans"]["status"] == "differs"


def test_all_the_lending_of_2013_went_through_its_quotas_and_its_budget():
    quotas = Quota.objects.filter(year=2013)
    assert all(quota.used == quota.total for quota in quotas)
    budget = SubsidyBudget.objects.get(year=2013)
    assert budget.reserved == budget.appropriated


def test_every_loan_was_decided_by_all_the_steps():
    steps = {"intake", "referral", "branch_review", "public_notice", "committee_filing", "subsidy_confirmation"}
    decided = set(
        ApplicationDecision.objects.filter(application__loan__isnull=False).values_list("application", "step")
    )
    lent = set(Loan.objects.values_list("application", flat=True))
    assert {(case, step) for case in lent for step in steps | {"disbursement"}} <= decided


def test_every_case_stands_where_its_history_leads():
    cases = Application.objects.select_related("version").prefetch_related("version__steps", "decisions")
    for case in cases:
        decisions = sorted(case.decisions.all(), key=lambda decision: decision.sequence)
        moves = [Move(step=one.step, outcome=one.outcome, target=one.target) for one in decisions]
        assert replay(case.version.workflow, moves) == case.position


def test_about_two_hundred_applications_stand_open():
    open_cases = Application.objects.filter(state__in=["draft", "open", "returned"]).exclude(step="assessment")
    assert 180 <= open_cases.count() <= 220
    assert set(open_cases.values_list("step", flat=True)) == {
        "intake",
        "referral",
        "branch_review",
        "public_notice",
        "committee_filing",
        "subsidy_confirmation",
        "disbursement",
    }


def test_the_loader_told_what_it_did(whole_demo):
    assert f"organizations {Organization.objects.count():,}" in whole_demo
    assert f"Party members {PartyMember.objects.count():,}" in whole_demo
    assert "loans 1,736" in whole_demo
