"""Visits and collection: who may write them down, what is refused, what is due, which promises were kept."""

import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts.choices import Verb
from audit.models import AuditEvent
from files.models import Attachment
from loans.choices import (
    BusinessCondition,
    CollectionKind,
    Reached,
    RepaymentOutlook,
    UseOfFunds,
    VisitSide,
)
from loans.models import CollectionAct, Loan, LoanEntry, Visit, VisitPhoto
from loans.operations import Blocked, NotAllowed
from loans.operations.care import PHOTOS_MAX, record_visit
from loans.queries.care import PromiseState, collection_record, next_visit, visit_counts, visits_due, visits_of
from tests.factories.accounts import UserFactory
from tests.factories.care import collect, photo, promise, report, visit
from tests.factories.county import NOON, TODAY
from tests.factories.lending import Order, lend
from tests.factories.loans import CaseFactory

pytestmark = pytest.mark.usefixtures("cupboard")


@pytest.fixture
def loan(office):
    return CaseFactory(office).lent().loan


@pytest.fixture
def officer(office):
    return office.yangcen.credit_officer


@pytest.fixture
def secretary(office):
    return office.yangcen.village.secretary


def blamed(refused) -> list[str]:
    return [problem.field for problem in refused.value.problems]


# --- visits ----------------------------------------------------------------------------------------------------------


def test_the_branch_and_the_lender_each_visit_for_their_side(loan, office, officer, secretary):
    assert visit(loan, secretary).side == VisitSide.BRANCH
    assert visit(loan, office.yangcen.village.clerk).side == VisitSide.BRANCH
    kept = visit(loan, officer)
    assert (kept.side, kept.organization) == (VisitSide.LENDER, office.yangcen.outlet)
    assert kept.person_key == officer.person_key


@pytest.mark.parametrize(
    "find",
    [
        lambda c: c.shaxi.credit_officer,
        lambda c: c.yangcen.village.other_secretary,
        lambda c: c.yangcen.villages[1].clerk,
        lambda c: c.yangcen.committee_officer,
        lambda c: c.yangcen.credit_manager,
        lambda c: c.finance_officer,
        lambda c: c.leader,
        lambda c: c.outsider,
    ],
    ids=["outlet", "branch", "village", "committee", "manager", "finance", "leader", "outsider"],
)
def test_nobody_else_writes_a_visit_or_a_collection_step_down(loan, office, find):
    with pytest.raises(NotAllowed):
        visit(loan, find(office))
    with pytest.raises(NotAllowed):
        collect(loan, find(office))
    assert not Visit.objects.exists()
    assert not CollectionAct.objects.exists()


def test_nobody_visits_his_own_household(loan, office):
    village = office.yangcen.village
    spouse = UserFactory(person=village.people[-1], role="branch_secretary", organization=village.branch)
    with pytest.raises(NotAllowed, match="本人家庭"):
        visit(loan, spouse)


@pytest.mark.parametrize("day", [TODAY + timedelta(days=1), date(2014, 1, 1)])
def test_a_visit_is_neither_in_the_future_nor_before_paying_out(loan, officer, day):
    with pytest.raises(Blocked) as refused:
        visit(loan, officer, visited_on=day)
    assert blamed(refused) == ["visited_on"]


def test_a_loan_is_not_visited_after_it_was_repaid(office, officer):
    settled = CaseFactory(office).settled().loan
    visit(settled, officer, visited_on=settled.settled_on)
    with pytest.raises(Blocked):
        visit(settled, officer, at=NOON + timedelta(days=9), visited_on=settled.settled_on + timedelta(days=1))


@pytest.mark.parametrize(
    "finding",
    [
        {"use_of_funds": UseOfFunds.PARTLY},
        {"use_of_funds": UseOfFunds.MISUSED},
        {"business": BusinessCondition.POOR},
        {"outlook": RepaymentOutlook.DOUBTFUL},
    ],
)
def test_what_is_not_well_must_be_explained(loan, secretary, finding):
    with pytest.raises(Blocked) as refused:
        visit(loan, secretary, findings="  ", **finding)
    assert blamed(refused) == ["findings"]
    assert visit(loan, secretary, findings="部分资金用于建房。", **finding).findings


def test_the_table_itself_asks_for_the_explanation(loan, secretary):
    kept = visit(loan, secretary)
    kept.pk, kept.request_id, kept.use_of_funds = None, uuid.uuid4(), UseOfFunds.MISUSED
    with pytest.raises(IntegrityError, match="visit_says_what_is_wrong"), transaction.atomic():
        kept.save(force_insert=True)


def test_a_finding_of_misuse_changes_nothing_of_the_loan(loan, officer):
    entries = LoanEntry.objects.filter(loan=loan).count()
    assert visit(loan, officer, use_of_funds=UseOfFunds.MISUSED, findings="已转借他人。").is_misuse
    assert LoanEntry.objects.filter(loan=loan).count() == entries


def test_photos_keep_their_order(loan, secretary):
    kept = visit(loan, secretary, photos=(photo(1), photo(2), photo(3)))
    assert [shot.attachment.name for shot in kept.shots.all()] == ["现场1.jpg", "现场2.jpg", "现场3.jpg"]


def test_more_photos_than_six_are_refused(loan, secretary):
    with pytest.raises(Blocked) as refused:
        visit(loan, secretary, photos=tuple(photo(number) for number in range(PHOTOS_MAX + 1)))
    assert blamed(refused) == ["photos"]
    assert not Attachment.objects.exists()


def test_a_photo_proves_one_visit_only(loan, officer, secretary):
    visit(loan, secretary, photos=(photo(1),))
    for again in ((photo(1),), (photo(2), photo(2))):
        with pytest.raises(Blocked) as refused:
            visit(loan, officer, photos=again)
        assert blamed(refused) == ["photos"]


def test_a_second_click_writes_one_visit(loan, secretary):
    request_id = uuid.uuid4()
    once, again = (
        record_visit(
            loan_id=loan.pk, report=report(photos=(photo(1),)), request_id=request_id, visitor=secretary,
            recorded_at=NOON,
        )
        for _ in range(2)
    )  # fmt: skip
    assert once == again
    assert (Visit.objects.count(), Attachment.objects.count()) == (1, 1)


def test_a_correction_takes_the_place_of_the_visit_and_keeps_its_photos(loan, secretary):
    old = visit(loan, secretary, photos=(photo(1),))
    new = visit(
        loan, secretary, corrects=old, business=BusinessCondition.POOR, findings="病死率高。", photos=(photo(2),)
    )
    assert list(Visit.objects.effective()) == [new]
    assert [shot.attachment.name for shot in new.shots.all()] == ["现场1.jpg", "现场2.jpg"]
    assert list(old.shots.values_list("position", flat=True)) == [1]


def test_a_correction_may_leave_wrong_photos_out(loan, secretary):
    old = visit(loan, secretary, photos=(photo(1),))
    assert not visit(loan, secretary, corrects=old, keep_photos=False).shots.exists()


def test_a_visit_is_corrected_once_and_by_its_own_side(loan, officer, secretary):
    old = visit(loan, secretary)
    with pytest.raises(NotAllowed):
        visit(loan, officer, corrects=old)
    visit(loan, secretary, corrects=old)
    with pytest.raises(Blocked):
        visit(loan, secretary, corrects=old)


def test_a_visit_of_another_loan_is_not_corrected_here(loan, office, secretary):
    other = CaseFactory(office, person=office.yangcen.village.people[0]).lent().loan
    with pytest.raises(NotAllowed):
        visit(other, secretary, corrects=visit(loan, secretary))


@pytest.mark.parametrize("statement", ["UPDATE {table} SET id = id", "DELETE FROM {table}"])
@pytest.mark.parametrize("model", [Visit, VisitPhoto, CollectionAct])
def test_rows_are_written_once(loan, officer, model, statement):
    visit(loan, officer, photos=(photo(1),))
    collect(loan, officer)
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table=model._meta.db_table))


def test_every_visit_and_step_is_in_the_audit_trail(loan, officer):
    old = visit(loan, officer)
    visit(loan, officer, corrects=old)
    collect(loan, officer)
    events = AuditEvent.objects.filter(actor=officer, subject_type__in=["loans.visit", "loans.collectionact"])
    assert list(events.order_by("pk").values_list("subject_type", "action")) == [
        ("loans.visit", "created"),
        ("loans.visit", "changed"),
        ("loans.collectionact", "created"),
    ]


# --- what is due -----------------------------------------------------------------------------------------------------


def due(office, user, *, on=TODAY, side=VisitSide.BRANCH, **narrowed):
    scope = user.scope(Verb.VIEW_CASES, on=on)
    rows = visits_due(scope=scope, side=side, on=on, **narrowed).order_by("visit_due_on", "pk")
    return [(loan.pk, loan.visit_due_on) for loan in rows]


@pytest.fixture
def lent(office):
    """A loan paid out on 2014-07-20: the first visit is due on 2014-08-19."""
    return lend(Order(office.yangcen.village, "50000", date(2014, 7, 20)))[0]


def test_the_first_visit_is_due_thirty_days_after_paying_out(lent, office, secretary):
    assert due(office, secretary) == [(lent.pk, date(2014, 8, 19))]


def test_the_next_visit_is_due_ninety_days_after_the_last(lent, office, secretary):
    visit(lent, secretary, visited_on=date(2014, 8, 1))
    assert due(office, secretary) == []
    assert due(office, secretary, due="all") == [(lent.pk, date(2014, 10, 30))]
    assert due(office, secretary, on=date(2014, 10, 16)) == [(lent.pk, date(2014, 10, 30))]


def test_a_visit_of_the_branch_is_none_of_the_lender(lent, office, officer, secretary):
    visit(lent, secretary, visited_on=date(2014, 8, 1))
    assert due(office, officer, side=VisitSide.LENDER) == [(lent.pk, date(2014, 8, 19))]


def test_a_corrected_visit_does_not_count(lent, office, secretary):
    old = visit(lent, secretary, visited_on=date(2014, 8, 10))
    visit(lent, secretary, corrects=old, visited_on=date(2014, 8, 1))
    assert due(office, secretary, due="all") == [(lent.pk, date(2014, 10, 30))]


def test_a_repaid_loan_is_not_due(office, secretary):
    CaseFactory(office).settled()
    assert due(office, secretary, due="all") == []


def test_only_loans_of_ones_own_scope_are_due(lent, office):
    assert due(office, office.shaxi.credit_officer, due="all") == []
    assert due(office, office.yangcen.village.other_secretary, due="all") == []


@pytest.mark.parametrize(("days", "counts"), [(0, (0, 0)), (20, (1, 0)), (30, (1, 0)), (31, (1, 1))])
def test_the_counters_say_what_the_list_shows(lent, office, secretary, days, counts):
    on = lent.start_date + timedelta(days=days)
    scope = secretary.scope(Verb.REVIEW, on=TODAY)
    found = visit_counts(scope=scope, side=VisitSide.BRANCH, on=on)
    assert (found.due, found.overdue) == counts
    assert len(due(office, secretary, on=on)) == found.due
    assert len(due(office, secretary, on=on, due="overdue")) == found.overdue


def test_the_list_asks_one_question_however_many_loans_there_are(office, secretary, django_assert_num_queries):
    lend(*(Order(office.yangcen.village, "50000", date(2014, 7, 1 + day)) for day in range(12)))
    scope = secretary.scope(Verb.VIEW_CASES, on=TODAY)
    with django_assert_num_queries(1):
        rows = list(visits_due(scope=scope, side=VisitSide.BRANCH, on=TODAY))
        assert [row.application.borrower_name for row in rows]
    assert len(rows) == 12


@pytest.mark.parametrize("visited", [(), (date(2014, 8, 1),), (date(2014, 8, 3), date(2014, 8, 1))])
def test_the_page_of_a_loan_says_the_same_day_as_the_list(lent, office, secretary, visited):
    for day in visited:
        visit(lent, secretary, visited_on=day)
    ((_pk, day),) = due(office, secretary, due="all")
    loan = Loan.objects.select_related("version").get(pk=lent.pk)
    assert next_visit(loan, visits_of(loan), side=VisitSide.BRANCH) == day


# --- collection ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "blame"),
    [
        ({"done_on": TODAY + timedelta(days=1)}, "done_on"),
        ({"done_on": date(2014, 1, 1)}, "done_on"),
        ({"promise_date": TODAY}, "promise_amount"),
        ({"promise_amount": Decimal(100)}, "promise_date"),
        (promise(TODAY, "0"), "promise_amount"),
        (promise(TODAY - timedelta(days=1), "100"), "promise_date"),
        ({"reached": Reached.NOBODY, **promise(TODAY, "100")}, "reached"),
    ],
)
def test_a_step_that_cannot_be_right_is_refused(loan, officer, fields, blame):
    with pytest.raises(Blocked) as refused:
        collect(loan, officer, **fields)
    assert blame in blamed(refused)
    assert not CollectionAct.objects.exists()


def test_the_record_counts_demands_and_calls(loan, officer, secretary):
    collect(loan, officer)
    collect(loan, officer, kind=CollectionKind.NOTICE)
    collect(loan, secretary, kind=CollectionKind.NOTICE, reached=Reached.FAMILY)
    record = collection_record(loan, on=TODAY)
    assert (record.notices, record.count(CollectionKind.PHONE), record.last_on) == (2, 1, TODAY)
    assert record.broken_promises == 0


def pay(loan, officer, day, amount):
    return LoanEntry.objects.create(
        loan=loan, kind="principal", amount=Decimal(amount), value_date=day, bank_reference=f"HK-{day}",
        recorded_by=officer, recorded_at=NOON,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("paid", "on", "state"),
    [
        ([], 0, PromiseState.OPEN),
        ([], 10, PromiseState.OPEN),
        ([], 11, PromiseState.BROKEN),
        ([(10, "1000")], 11, PromiseState.KEPT),
        ([(11, "1000")], 12, PromiseState.BROKEN),
        ([(3, "400"), (10, "600")], 10, PromiseState.KEPT),
        ([(3, "400"), (10, "599.99")], 11, PromiseState.BROKEN),
    ],
)
def test_a_promise_is_kept_by_what_came_in_until_its_day(loan, officer, paid, on, state):
    collect(loan, officer, **promise(TODAY + timedelta(days=10), "1000"))
    for days, amount in paid:
        pay(loan, officer, TODAY + timedelta(days=days), amount)
    (line,) = collection_record(loan, on=TODAY + timedelta(days=on)).lines
    assert line.promise is state


def test_a_reversed_payment_keeps_no_promise(loan, officer):
    collect(loan, officer, **promise(TODAY, "1000"))
    entry = pay(loan, officer, TODAY, "1000")
    LoanEntry.objects.create(
        loan=loan, kind="reversal", amount=0, value_date=TODAY, reverses=entry, recorded_by=officer, recorded_at=NOON
    )
    record = collection_record(loan, on=TODAY + timedelta(days=1))
    assert record.broken_promises == 1


def test_a_paper_is_kept_with_the_step(loan, officer):
    act = collect(loan, officer, kind=CollectionKind.NOTICE, paper=photo(1))
    assert act.paper.name == "现场1.jpg"


# --- two at once -----------------------------------------------------------------------------------------------------


def test_of_two_corrections_at_once_one_is_kept(loan, secretary, monkeypatch):
    """Both looked before either wrote: the table has the last word."""
    old = visit(loan, secretary)
    monkeypatch.setattr("loans.operations.care._visit_to_correct", lambda *args: old)
    visit(loan, secretary, corrects=old)
    with pytest.raises(Blocked):
        visit(loan, secretary, corrects=old)
    assert Visit.objects.effective().count() == 1


def test_the_request_of_somebody_else_is_not_answered_with_his_visit(loan, officer, secretary):
    kept = visit(loan, secretary)
    with pytest.raises(Blocked):
        record_visit(
            loan_id=loan.pk, report=report(), request_id=kept.request_id, visitor=officer, recorded_at=NOON
        )  # fmt: skip
    assert Visit.objects.get() == kept
