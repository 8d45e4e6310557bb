"""The whole demo county, loaded once: every countable figure of the report comes out, and a missing loan is seen."""

import json
from collections import defaultdict
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Sum

from accounts.models import User
from dashboards.figures.periods import Period
from dashboards.statistics.definitions import reports
from dashboards.statistics.operations import selection_of
from dashboards.statistics.queries import filled
from loans.models import (
    Application,
    ApplicationDecision,
    LendingStop,
    Loan,
    LoanEntry,
    LoanUnit,
    Programme,
    Quota,
    SubsidyBudget,
)
from organizations.models import Division, Organization, PartyMember
from redcredit.demo.loading import MORNING
from redcredit.invariants.checking import check
from redcredit.invariants.house import INVARIANTS
from subsidies.models import InputSegment, SubsidyBatch, SubsidyLine
from subsidies.operations.batches import create_batch, prepare_batch
from subsidies.operations.computing import compute_batch
from subsidies.queries.entitlements import Paid, worth_of_period
from workflow.engine import Move, replay

DAY, LAST_DAY = date(2014, 8, 15), date(2014, 7, 31)

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
    assert len(figures) - len(unequal) == 58


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


def test_the_worked_example_comes_out_of_the_printed_form():
    """By township and by size, 2013, in 万元: what the county's report prints (HANDBOOK 9)."""
    county = Division.objects.get(code="532931000000")
    sheet = filled(
        reports()["use_structure"],
        Period.parse("2013-Q4"),
        selection=selection_of(county, DAY),
        county=county,
        today=DAY,
    )
    amounts = {row.label: row.cells["amount"] / 10_000 for row in sheet.lines}
    assert amounts == {
        "金华镇": Decimal("1770.9"), "甸南镇": 584, "沙溪镇": 750, "羊岑乡": 400, "马登镇": 530, "老君山镇": 200,
        "弥沙乡": 450, "象图乡": Decimal("315.1"), "合计": 5_000,
    }  # fmt: skip
    bands = [sheet.total.cells[band] / 10_000 for band in ("up_to_50000", "above_50000")]
    assert bands == [Decimal("1981.7"), Decimal("3018.3")]


def test_the_printed_month_ends_with_the_cumulated_figures():
    county = Division.objects.get(code="532931000000")
    sheet = filled(
        reports()["prefecture_summary"],
        Period.parse("2014-Q3"),
        selection=selection_of(county, LAST_DAY),
        county=county,
        today=LAST_DAY,
    )
    assert [sheet.total.cells[code] for code in ("households", "loans", "amount")] == [1_752, 1_736, 87_072_000]


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


# ---- the subsidies of the first year

CLOSED = date(2014, 6, 20)
FOUR_QUARTERS = Decimal("1750021.98")
NEXT_QUARTERS = ((date(2014, 9, 21), date(2014, 12, 20)), (date(2014, 12, 21), date(2015, 3, 20)))


def lines_of_the_first_year() -> Decimal:
    return SubsidyLine.objects.filter(loan__start_date__year=2013).aggregate(total=Sum("amount"))["total"]


def test_four_quarters_come_to_what_the_readable_form_says_to_the_fen():
    batch = SubsidyBatch.objects.get(last_day=CLOSED)
    segments, paid = defaultdict(list), defaultdict(list)
    for segment in InputSegment.objects.filter(batch=batch).order_by("start"):
        segments[segment.loan_id].append(segment)
    for loan_id, day, amount in LoanEntry.objects.filter(kind="interest", recorded_at__lte=batch.known_at).values_list(
        "loan_id", "value_date", "amount"
    ):
        paid[loan_id].append((day, amount))
    readable = sum(
        worth_of_period(
            loan=loan, segments=segments[loan.pk], start=date(2013, 6, 21), stop=batch.stop,
            paid_before=Paid(paid[loan.pk]), expected_after=None,
        ).amount
        for loan in Loan.objects.filter(start_date__year=2013).select_related("version")
    )  # fmt: skip
    lines = SubsidyLine.objects.filter(loan__start_date__year=2013, batch__last_day__lte=CLOSED)
    assert lines.aggregate(total=Sum("amount"))["total"] == readable == FOUR_QUARTERS


def test_after_seven_quarters_all_that_was_reserved_for_the_first_year_is_due():
    finance = User.objects.get(username="finance")
    at = MORNING
    for first_day, last_day in NEXT_QUARTERS:
        batch = create_batch(
            programme=Programme.objects.get(), first_day=first_day, last_day=last_day, created_by=finance,
            created_at=at,
        )  # fmt: skip
        prepare_batch(batch_id=batch.pk, by=finance, at=at)
        compute_batch(batch_id=batch.pk, now=lambda: at, progress=lambda done, total: None)
    assert lines_of_the_first_year() == Decimal("2500000.00")
    assert SubsidyBudget.objects.get(year=2013).reserved == Decimal("2500000.00")


def test_everything_that_must_be_true_of_the_money_is_true():
    assert [finding.lines for finding in check(INVARIANTS) if not finding.holds] == []


def test_one_village_of_eighty_eight_is_stopped():
    assert LendingStop.objects.count() == 1
