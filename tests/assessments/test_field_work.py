"""Inspections, problems, publicity, and who answers for which loans."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from assessments.choices_inspections import ProblemOutcome, ProblemState
from assessments.models import ProblemCategory, ReportedProblem
from assessments.operations.inspections import close_inspection
from assessments.operations.problems import ProblemMoved, handle_problem
from assessments.operations.publicity import strike_event
from assessments.operations.telling_problems import tell_late_problems
from assessments.queries.accountability import By, loan_rows, loans_answered_for, outcomes_by, sums_of
from assessments.queries.inspections import results_of
from assessments.queries.problems import by_category, by_township
from assessments.queries.publicity import publicity_totals
from assessments.rules_draw import draw as draw_by_hand, entries_of, hash_of
from inbox.models import Message
from loans.choices import UseOfFunds
from loans.operations.errors import Blocked, NotAllowed
from tests.factories.care import visit
from tests.factories.county import NOON, TODAY
from tests.factories.households import draw, event_of, fill, problem_of, store_sheets
from tests.factories.lending import Order, lend
from tests.factories.loans import CaseFactory


@pytest.fixture
def lent(office):
    store_sheets()
    villages = [office.yangcen.village, office.yangcen.villages[1], office.shaxi.village]
    lend(*(Order(village, "50000", date(2014, 3, 3)) for village in villages))
    return office


def handle(problem, outcome, by, **more):
    problem.refresh_from_db()
    return handle_problem(
        problem_id=problem.pk,
        outcome=outcome,
        revision=problem.revision,
        words="已办理。",
        handled_by=by,
        at=NOON,
        **more,
    )


def test_an_inspection_freezes_what_anybody_needs_to_draw_it_again(lent):
    inspection = draw(lent, size=2)
    assert inspection.population_hash == hash_of(inspection.population)
    again = draw_by_hand(entries_of(inspection.population), seed=inspection.seed, size=2)
    drawn = list(inspection.items.values_list("position", "loan__contract_number", "digest"))
    assert drawn == [(one.position, one.entry.contract_number, one.digest) for one in again]


def test_only_the_county_draws_and_not_more_than_there_is(lent):
    with pytest.raises(Blocked):
        draw(lent, size=4)
    with pytest.raises(Blocked):
        draw(lent, seed="1; drop")


def test_an_inspection_is_closed_when_every_loan_has_a_form(lent):
    inspection, officer = draw(lent), lent.organisation_officer
    close = {"inspection_id": inspection.pk, "conclusion": "总体良好。", "closed_by": officer, "at": NOON}
    with pytest.raises(Blocked):
        close_inspection(**close)
    fill(inspection.items.get(), officer)
    assert close_inspection(**close).closed_at
    assert results_of(inspection)[0].counts == (("yes", 1), ("no", 0))
    with pytest.raises(Blocked):
        fill(inspection.items.get(), officer)


def test_a_township_fills_in_the_forms_of_its_own_loans_only(lent):
    inspection = draw(lent)
    own = inspection.items.get().loan.division_path.startswith(lent.yangcen.division.path)
    with pytest.raises(NotAllowed):
        fill(inspection.items.get(), (lent.shaxi if own else lent.yangcen).committee_officer)


def test_a_problem_tells_its_owner_and_again_when_it_is_late(lent):
    problem = problem_of(lent)
    officer = lent.yangcen.credit_officer
    told = Message.objects.filter(recipient=officer)
    assert told.count() == 1
    assert tell_late_problems(at=NOON) == 0
    assert tell_late_problems(at=NOON + timedelta(days=1)) >= 1
    assert tell_late_problems(at=NOON + timedelta(days=2)) == 0
    assert told.count() == 2
    assert ReportedProblem.objects.late(TODAY).count() == 0
    assert ReportedProblem.objects.late(TODAY + timedelta(days=1)).get() == problem


def test_what_cannot_be_solved_is_reported_upwards_and_the_reply_kept(lent):
    problem, county = problem_of(lent), lent.organisation_officer
    with pytest.raises(NotAllowed):
        handle(problem, ProblemOutcome.ESCALATE, lent.yangcen.committee_officer, due_date=TODAY, level="province")
    with pytest.raises(Blocked):
        handle(problem, ProblemOutcome.ESCALATE, county, due_date=TODAY)
    handle(problem, ProblemOutcome.ESCALATE, county, due_date=TODAY + timedelta(days=30), level="prefecture")
    handle(problem, ProblemOutcome.REPLY, county)
    handle(problem, ProblemOutcome.SOLVE, lent.yangcen.credit_officer)
    problem.refresh_from_db()
    assert (problem.state, problem.has_reply, problem.solved_on) == (ProblemState.SOLVED, True, TODAY)
    with pytest.raises(ProblemMoved):
        handle(problem, ProblemOutcome.EXTEND, county, due_date=TODAY)


def test_problems_are_counted_by_category_and_township_and_parts_sum_to_the_whole(lent):
    for _again in range(2):
        problem_of(lent, due=TODAY)
    problem_of(lent, division=lent.shaxi.division)
    rows, later = ReportedProblem.objects.all(), TODAY + timedelta(days=1)
    assert ProblemCategory.objects.count() == 5
    categories, townships = by_category(rows, on=later), by_township(rows, on=later)
    assert [row.total for row in categories] == [0, 3, 0, 0, 0]
    assert sorted((row.open, row.late) for row in townships) == [(1, 1), (2, 2)]


def test_publicity_counts_what_is_not_struck_out(lent):
    event_of(lent, copies=500)
    wrong = event_of(lent, copies=9_000)
    strike_event(event_id=wrong.pk, reason="重复登记", struck_by=lent.organisation_officer, at=NOON)
    total = publicity_totals(division=lent.division, on=TODAY)
    assert (total.events, total.copies) == (1, 500)
    assert publicity_totals(division=lent.division, on=TODAY - timedelta(days=1)).events == 0
    with pytest.raises(NotAllowed):
        strike_event(event_id=wrong.pk, reason="x", struck_by=lent.shaxi.clerk, at=NOON)


def test_an_event_of_the_future_is_not_logged(lent):
    with pytest.raises(Blocked):
        event_of(lent, held_on=TODAY + timedelta(days=1))


def test_introducer_and_branch_answer_for_their_loans_and_the_parts_sum_to_the_whole(office):
    neighbour = office.yangcen.villages[1]
    CaseFactory(office).settled()
    bad = CaseFactory(office, person=neighbour.farmer, village=neighbour).lent()
    visit(bad.loan, neighbour.secretary, use_of_funds=UseOfFunds.MISUSED, findings="改变了用途。")
    loans = loans_answered_for(scope=office.organisation_officer.scope("assess", on=TODAY))
    for by in By:
        rows = list(outcomes_by(loans, by=by))
        assert sum(row["loans"] for row in rows) == sums_of(loans).loans == 2
        assert sum((row["lent"] for row in rows), start=Decimal(0)) == sums_of(loans).lent == Decimal(100_000)
        assert [(row["settled"], row["misused"]) for row in rows] == [(0, 1), (1, 0)]
    own = loans_answered_for(scope=neighbour.secretary.scope("review", on=TODAY), by=By.BRANCH, key=bad.branch_id)
    assert [loan.application for loan in loan_rows(own)] == [bad]
