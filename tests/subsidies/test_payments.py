"""Planned, sent, credited: three facts. Nothing is paid twice, nothing is lost."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from audit.models import AuditEvent
from loans.choices import AccountKind, Payee
from loans.models import PayoutAccount, SubsidyBudget
from organizations.scope import NotAllowed
from subsidies.choices import BatchState, ClawbackState, PaymentState, Reason, ReturnCode, YearEnd
from subsidies.models import Clawback, Payment, PaymentResult, SubsidyExclusion
from subsidies.operations import accounts, budgets, clawback, exclusions, payments, returns
from subsidies.operations.errors import Blocked
from subsidies.queries.bank_files import bank_csv, bank_rows
from subsidies.queries.payments import accounts_for, payments_without_account, sums_of_payments
from tests.factories.county import NOON
from tests.factories.lending import Order, lend, lend_to_cooperative
from tests.factories.subsidies import CARD, OTHER_CARD, Journey, Line, computed_batch, give_account
from web.text import harmless

pytestmark = pytest.mark.usefixtures("invariants_hold")
HAND_WRITTEN = frozenset({"decisions_follow_the_rules", "lines_add_up_to_entitlement", "snapshot_is_as_it_was"})


@pytest.fixture
def loans(office):
    village = office.yangcen.village
    return lend(*(Order(village, "50000", date(2014, 3, 25), households=[h]) for h in village.households[:3]))


@pytest.fixture
def journey(office, loans):
    for loan in loans:
        give_account(loan)
    return Journey(office, computed_batch(office, [Line(loan, "100.10") for loan in loans]))


def budget_of(batch) -> SubsidyBudget:
    return SubsidyBudget.objects.get(pk=batch.lines.first().budget_id)


def first(journey, **fields) -> Payment:
    return journey.batch.payments.filter(**fields).order_by("pk").first()


# --- the file --------------------------------------------------------------------------------------------------------


def test_a_file_holds_every_payment_with_an_account_and_is_made_once(office, journey):
    file = journey.filed()
    again = payments.make_payment_file(batch_id=journey.batch.pk, made_by=office.finance_officer, made_at=NOON)
    assert again == file
    assert (file.payments_count, file.amount) == (3, Decimal("300.30"))
    assert set(journey.batch.payments.values_list("state", flat=True)) == {PaymentState.PLANNED}


def test_the_banks_csv_has_full_numbers_and_the_fixed_columns(journey, loans):
    lines = bank_csv(bank_rows(journey.filed())).decode("utf-8-sig").splitlines()
    assert lines[0] == "序号,户名,账号,金额,用途,合同编号,支付编号"
    assert lines[1].split(",")[2:4] == [CARD, "100.10"]
    assert lines[1].split(",")[5] == loans[0].contract_number


@pytest.mark.parametrize("text", ["=1+1", "+8613800000000", "-2", "@SUM(A1)", "\tx"])
def test_a_cell_that_looks_like_a_formula_becomes_a_text(text):
    assert harmless(text) == f"'{text}"


def test_a_borrower_without_an_account_is_listed_and_left_out(office, loans):
    give_account(loans[0])
    journey = Journey(office, computed_batch(office, [Line(loan, "100") for loan in loans]))
    assert journey.filed().payments_count == 1
    assert payments_without_account(journey.batch).count() == 2


def test_a_batch_without_any_account_makes_no_file(office, loans):
    journey = Journey(office, computed_batch(office, [Line(loans[0], "100")]))
    with pytest.raises(Blocked):
        journey.filed()


COMPANY_NUMBER = "530929010400012345678"


def pay_the_lender(office, loans) -> Journey:
    journey = Journey(office, computed_batch(office, [Line(loan, "100") for loan in loans]))
    journey.approved()
    Payment.objects.update(payee=Payee.LENDER)
    return journey


def set_lender_account(lender, by, number=COMPANY_NUMBER, **fields) -> PayoutAccount:
    values = {"kind": AccountKind.COMPANY, "bank_name": "县联社", "holder_name": lender.name} | fields
    return accounts.set_lender_account(organization_id=lender.pk, number=number, set_by=by, set_at=NOON, **values)


def make_file(office, journey):
    return payments.make_payment_file(
        batch_id=journey.batch.pk, made_by=office.finance_officer, made_at=journey.moment
    )  # fmt: skip


def test_a_lender_is_paid_at_its_own_account_whatever_the_borrowers(office, loans):
    give_account(loans[0])
    set_lender_account(office.yangcen.outlet, office.finance_officer)
    row = next(bank_rows(make_file(office, pay_the_lender(office, loans[:1]))))
    assert (row.holder, row.account) == (office.yangcen.outlet.name, COMPANY_NUMBER)


def test_a_lender_without_an_account_waits_for_one(office, loans):
    journey = pay_the_lender(office, loans)
    assert payments_without_account(journey.batch).count() == 3
    with pytest.raises(Blocked):
        make_file(office, journey)


def test_the_account_of_the_union_serves_its_outlets_until_they_have_their_own(office, loans):
    set_lender_account(office.union, office.union_manager)
    file = make_file(office, pay_the_lender(office, loans))
    assert {row.holder for row in bank_rows(file)} == {office.union.name}
    set_lender_account(office.yangcen.outlet, office.yangcen.credit_manager, "62284800001234567890")
    payment = Payment.objects.select_related("loan__application", "loan__outlet").first()
    assert accounts_for([payment])[payment.pk].organization == office.yangcen.outlet


def test_a_lenders_account_is_dated_and_set_once(office):
    outlet = office.yangcen.outlet
    old = set_lender_account(outlet, office.finance_officer)
    assert set_lender_account(outlet, office.finance_officer) == old
    new = set_lender_account(outlet, office.yangcen.credit_manager, "62284800001234567890")
    old.refresh_from_db()
    assert (old.valid_to, new.valid_to, new.number()) == (NOON.date(), None, "62284800001234567890")


def test_only_the_lenders_manager_and_the_finance_bureau_set_its_account(office):
    outlet = office.yangcen.outlet
    for user in (office.yangcen.credit_officer, office.shaxi.credit_manager, office.finance_director, office.leader):
        with pytest.raises(NotAllowed):
            set_lender_account(outlet, user)
    with pytest.raises(NotAllowed):
        set_lender_account(office.finance_bureau, office.finance_officer)


@pytest.mark.parametrize("number", ["123", "1" * 33, "62284800001234x67890"])
def test_a_mistyped_company_account_is_refused(office, number):
    with pytest.raises(Blocked):
        set_lender_account(office.yangcen.outlet, office.finance_officer, number)


def test_the_accounts_of_a_file_are_found_in_few_questions(office, journey, django_assert_max_num_queries):
    journey.approved()
    rows = list(Payment.objects.select_related("loan__application", "loan__outlet"))
    with django_assert_max_num_queries(3):
        assert len(accounts_for(rows)) == 3


def test_no_file_is_made_of_a_batch_that_is_not_approved(office, journey):
    with pytest.raises(Blocked):
        payments.make_payment_file(batch_id=journey.batch.pk, made_by=office.finance_officer, made_at=NOON)


def test_who_approved_does_not_make_the_file(office, journey):
    journey.approved()
    with pytest.raises(NotAllowed):
        payments.make_payment_file(batch_id=journey.batch.pk, made_by=office.finance_director, made_at=NOON)


def test_sending_needs_the_treasurys_voucher_and_happens_once(office, journey):
    file = journey.filed()
    deed = {"file_id": file.pk, "sent_by": office.finance_officer, "marked_at": journey.moment}
    day = journey.deed(None).on
    with pytest.raises(Blocked):
        payments.mark_sent(treasury_reference="", sent_on=day, **deed)
    with pytest.raises(Blocked):
        payments.mark_sent(treasury_reference="A1", sent_on=day + timedelta(days=1), **deed)
    payments.mark_sent(treasury_reference="A1", sent_on=day, **deed)
    payments.mark_sent(treasury_reference="A1", sent_on=day, **deed)
    with pytest.raises(Blocked):
        payments.mark_sent(treasury_reference="A2", sent_on=day, **deed)
    journey.batch.refresh_from_db()
    assert journey.batch.state == BatchState.PAYING
    assert set(journey.batch.payments.values_list("state", flat=True)) == {PaymentState.SENT}


# --- what the bank answers -------------------------------------------------------------------------------------------


def test_a_credited_batch_is_reconciled_and_paid_equals_due(journey):
    assert journey.credited().state == BatchState.RECONCILED
    budget = budget_of(journey.batch)
    assert budget.paid == budget.due == Decimal("300.30")


def test_an_answer_booked_five_times_pays_once(journey):
    journey.sent()
    answers = [journey.answer(payment) for payment in journey.batch.payments.all()]
    assert journey.book(*answers) == returns.Booked(new=3, known=0)
    for _ in range(4):
        assert journey.book(*reversed(answers)) == returns.Booked(new=0, known=3)
    assert budget_of(journey.batch).paid == Decimal("300.30")
    assert PaymentResult.objects.count() == 3


def test_an_altered_answer_is_refused_with_its_line_and_nothing_is_booked(journey):
    journey.sent()
    one, two, _ = journey.batch.payments.order_by("pk")
    journey.book(journey.answer(one))
    with pytest.raises(Blocked, match="2"):
        journey.book(journey.answer(one, ReturnCode.CLOSED), journey.answer(two))
    assert PaymentResult.objects.count() == 1


def test_one_bank_reference_belongs_to_one_payment(journey):
    journey.sent()
    one, two, _ = journey.batch.payments.order_by("pk")
    journey.book(journey.answer(one, reference="R1"))
    with pytest.raises(Blocked):
        journey.book(journey.answer(two, reference="R1"))


def test_an_answer_to_a_payment_that_was_not_sent_or_of_another_batch_is_refused(journey):
    journey.filed()
    with pytest.raises(Blocked):
        journey.book(journey.answer(first(journey)))
    stranger = Payment(pk=999_999)
    with pytest.raises(Blocked):
        journey.book(journey.answer(stranger))


def test_the_sums_of_the_handbooks_example_add_up(office, loans):
    """25,000.00 in 100 rows; 3 come back (780.50); 2 are paid again (520.00); 260.50 stays open."""
    village = office.yangcen.village
    more = lend(*(Order(village, "50000", date(2014, 3, 25)) for _ in range(97)))
    amounts = ["260.50", "260.00", "260.00", *["249.65"] * 96, "253.10"]
    give_account(loans[0])
    for loan in loans[1:]:
        give_account(loan)
    give_account(more[0])
    batch = computed_batch(office, [Line(loan, a) for loan, a in zip([*loans, *more], amounts, strict=True)])
    journey = Journey(office, batch)
    journey.sent()
    bad = {loan.pk for loan in loans}
    journey.book(*(journey.answer(p, ReturnCode.FROZEN if p.loan_id in bad else "") for p in batch.payments.all()))
    for loan in loans[1:]:
        payments.pay_again(
            payment_id=batch.payments.get(loan=loan).pk, ordered_by=office.finance_officer, ordered_at=journey.moment
        )
    file = payments.make_payment_file(batch_id=batch.pk, made_by=office.finance_officer, made_at=journey.moment)
    payments.mark_sent(
        file_id=file.pk, treasury_reference="B2", sent_on=journey.deed(None).on, sent_by=office.finance_officer,
        marked_at=journey.moment,
    )  # fmt: skip
    journey.book(*(journey.answer(p) for p in batch.payments.filter(state=PaymentState.SENT)))
    sums = sums_of_payments(batch)
    assert (sums.total, sums.credited, sums.returned, sums.paid_again) == (
        Decimal("25000.00"), Decimal("24739.50"), Decimal("260.50"), 2,
    )  # fmt: skip
    assert sums.is_balanced
    assert budget_of(batch).paid == Decimal("24739.50")
    batch.refresh_from_db()
    assert batch.state == BatchState.PAYING


# --- second payments, giving up --------------------------------------------------------------------------------------


def returned(journey, code: str = ReturnCode.CLOSED) -> Payment:
    journey.sent()
    payment = first(journey)
    journey.book(*(journey.answer(p, code if p == payment else "") for p in journey.batch.payments.all()))
    payment.refresh_from_db()
    return payment


def pay_again(journey, payment) -> Payment:
    return payments.pay_again(
        payment_id=payment.pk, ordered_by=journey.county.finance_officer, ordered_at=journey.moment
    )


def correct(journey, payment) -> PayoutAccount:
    return accounts.set_payout_account(
        loan_id=payment.loan_id, kind=AccountKind.CARD, number=OTHER_CARD, bank_name="信用社", holder_name="张三",
        set_by=journey.county.finance_officer, set_at=journey.moment,
    )  # fmt: skip


def test_a_refused_account_must_be_corrected_before_it_is_paid_again(journey):
    payment = returned(journey)
    with pytest.raises(Blocked):
        pay_again(journey, payment)
    correct(journey, payment)
    again = pay_again(journey, payment)
    assert (again.amount, again.reissues, again.state) == (payment.amount, payment, PaymentState.PLANNED)
    assert pay_again(journey, payment) == again


def test_a_frozen_account_may_be_paid_again_as_it_is(journey):
    assert pay_again(journey, returned(journey, ReturnCode.FROZEN)).state == PaymentState.PLANNED


def test_a_credited_payment_is_never_paid_again(journey):
    journey.credited()
    with pytest.raises(Blocked):
        pay_again(journey, first(journey))


def test_a_payment_given_up_frees_its_money_and_may_close_the_batch(office, journey):
    payment = returned(journey)
    deed = {"payment_id": payment.pk, "given_up_at": journey.moment}
    with pytest.raises(NotAllowed):
        payments.give_up(reason="联系不上。", given_up_by=office.finance_officer, **deed)
    with pytest.raises(Blocked):
        payments.give_up(reason=" ", given_up_by=office.finance_director, **deed)
    for _ in range(2):
        payments.give_up(reason="联系不上。", given_up_by=office.finance_director, **deed)
    journey.batch.refresh_from_db()
    assert journey.batch.state == BatchState.RECONCILED
    assert budget_of(journey.batch).due == budget_of(journey.batch).paid == Decimal("200.20")
    assert sums_of_payments(journey.batch).is_balanced


def test_a_payment_on_its_way_is_not_given_up(office, journey):
    journey.sent()
    with pytest.raises(Blocked):
        payments.give_up(
            payment_id=first(journey).pk, reason="不要了。", given_up_by=office.finance_director,
            given_up_at=journey.moment,
        )  # fmt: skip


# --- accounts --------------------------------------------------------------------------------------------------------


def test_a_new_account_ends_the_old_one_and_its_number_is_sealed(journey, loans):
    payment = Payment(loan=loans[0])
    new = correct(journey, payment)
    assert correct(journey, payment) == new
    old = PayoutAccount.objects.exclude(pk=new.pk).get(person=loans[0].application.person)
    assert old.valid_to == NOON.date()
    assert (new.number(), new.number_masked) == (OTHER_CARD, f"****{OTHER_CARD[-4:]}")
    assert OTHER_CARD not in str(list(AuditEvent.objects.values()))


@pytest.mark.parametrize(
    ("kind", "number", "is_right"),
    [
        ("card", CARD, True), ("card", CARD[:-1] + "5", False), ("card", "6217", False), ("card", "６２１７", False),
        ("passbook", "5312345678901", True), ("passbook", "123", False), ("passbook", "12a4567890", False),
    ],
)  # fmt: skip
def test_only_cards_have_a_check_digit(kind, number, is_right):
    assert (accounts.number_problem(kind, number) == "") is is_right


def test_an_outlet_of_another_township_sets_no_account(office, loans):
    with pytest.raises(NotAllowed):
        accounts.set_payout_account(
            loan_id=loans[0].pk, kind="card", number=CARD, bank_name="信用社", holder_name="张三",
            set_by=office.shaxi.credit_officer, set_at=NOON,
        )  # fmt: skip


def test_a_cooperative_is_paid_at_its_own_account(office):
    loan = lend_to_cooperative(office.yangcen.village, "100000", date(2014, 3, 25))
    account = accounts.set_payout_account(
        loan_id=loan.pk, kind="passbook", number="5312345678901", bank_name="信用社", holder_name="合作社",
        set_by=office.yangcen.credit_officer, set_at=NOON,
    )  # fmt: skip
    assert (account.entity, account.person) == (loan.application.entity, None)


# --- clawback --------------------------------------------------------------------------------------------------------


@pytest.fixture
def claim(office, loans):
    for loan in loans:
        give_account(loan)
    old = computed_batch(office, [Line(loans[0], "300")], first_day=date(2013, 12, 21), last_day=date(2014, 3, 20))
    Journey(office, old).credited()
    batch = computed_batch(office, [Line(loans[0], "-80.50", corrects=old.lines.get()), Line(loans[1], "50")])
    Journey(office, batch).credited()
    return Clawback.objects.get()


def take_back(office, claim, amount, reference="Z1"):
    return clawback.take_back(
        clawback_id=claim.pk, amount=Decimal(amount), value_date=NOON.date(), bank_reference=reference,
        by=office.finance_officer, at=NOON,
    )  # fmt: skip


def test_money_that_comes_back_lowers_due_and_paid(office, claim):
    take_back(office, claim, "50")
    take_back(office, claim, "50")
    claim.refresh_from_db()
    assert claim.state == ClawbackState.PARTLY
    take_back(office, claim, "30.50", "Z2")
    claim.refresh_from_db()
    budget = SubsidyBudget.objects.get(pk=claim.budget_id)
    assert (claim.state, budget.due, budget.paid) == (ClawbackState.DONE, Decimal("269.50"), Decimal("269.50"))


def test_no_more_comes_back_than_was_claimed_and_one_reference_books_once(office, claim):
    with pytest.raises(Blocked):
        take_back(office, claim, "80.51")
    take_back(office, claim, "20")
    with pytest.raises(Blocked):
        take_back(office, claim, "21")


def test_a_claim_is_told_and_handed_over_with_a_reason(office, claim):
    clawback.notify_clawback(clawback_id=claim.pk, notified_on=NOON.date(), by=office.finance_officer, at=NOON)
    claim.refresh_from_db()
    assert claim.state == ClawbackState.NOTIFIED
    with pytest.raises(Blocked):
        clawback.hand_over(clawback_id=claim.pk, reason="", by=office.finance_officer, at=NOON)
    clawback.hand_over(clawback_id=claim.pk, reason="移交县纪委。", by=office.finance_officer, at=NOON)
    with pytest.raises(Blocked):
        take_back(office, claim, "10")


# --- exclusions ------------------------------------------------------------------------------------------------------


def exclude(loan, by, **fields) -> SubsidyExclusion:
    values = {"reason": Reason.MOVED_AWAY, "from_day": date(2014, 5, 1), "until_day": None, "note": "迁往昆明。"}
    return exclusions.exclude_loan(loan_id=loan.pk, recorded_by=by, recorded_at=NOON, **(values | fields))


def test_the_township_records_what_it_found_once(office, loans):
    by = office.yangcen.committee_officer
    assert exclude(loans[0], by) == exclude(loans[0], by)
    with pytest.raises(NotAllowed):
        exclude(loans[0], office.shaxi.committee_officer)
    with pytest.raises(NotAllowed):
        exclude(loans[0], office.yangcen.credit_officer)


@pytest.mark.parametrize(
    "fields",
    [{"reason": Reason.OVERDUE}, {"note": " "}, {"until_day": date(2014, 5, 1)}, {"reason": "nonsense"}],
)
def test_a_finding_without_its_facts_is_refused(office, loans, fields):
    with pytest.raises(Blocked):
        exclude(loans[0], office.finance_officer, **fields)


def test_a_wrong_finding_is_cancelled_but_stays(office, loans):
    row = exclude(loans[0], office.finance_officer)
    for _ in range(2):
        exclusions.cancel_exclusion(
            exclusion_id=row.pk, reason="同名之误。", cancelled_by=office.finance_officer, cancelled_at=NOON
        )
    row.refresh_from_db()
    assert row.cancelled_at == NOON
    assert AuditEvent.objects.filter(reason="同名之误。").count() == 1


# --- the end of the year ---------------------------------------------------------------------------------------------


def decide(office, batch, outcome, at):
    return budgets.decide_year_end(
        budget_id=budget_of(batch).pk, outcome=outcome, document_number="剑财〔2015〕3号",
        decided_by=office.finance_director, decided_at=at,
    )  # fmt: skip


def test_money_open_at_the_end_of_the_year_goes_back_to_the_treasury(office, journey):
    payment = returned(journey)
    new_year = NOON + timedelta(days=200)
    with pytest.raises(Blocked):
        decide(office, journey.batch, YearEnd.TO_TREASURY, journey.moment)
    decision = decide(office, journey.batch, YearEnd.TO_TREASURY, new_year)
    assert decide(office, journey.batch, YearEnd.TO_TREASURY, new_year) == decision
    payment.refresh_from_db()
    assert payment.state == PaymentState.GIVEN_UP
    assert budget_of(journey.batch).due == budget_of(journey.batch).paid
    with pytest.raises(Blocked):
        decide(office, journey.batch, YearEnd.CARRIED_OVER, new_year)


def test_money_carried_over_stays_open_and_waits_for_the_bank(office, journey):
    journey.sent()
    new_year = NOON + timedelta(days=200)
    with pytest.raises(Blocked):
        decide(office, journey.batch, YearEnd.CARRIED_OVER, new_year)
    journey.book(*(journey.answer(p, ReturnCode.FROZEN) for p in journey.batch.payments.all()))
    decide(office, journey.batch, YearEnd.CARRIED_OVER, new_year)
    assert budget_of(journey.batch).due == Decimal("300.30")


def test_the_lenders_page_shows_whose_account_serves_whom(office, sign_in):
    finance, manager = sign_in(office.finance_officer), sign_in(office.yangcen.credit_manager)
    rows = finance.get(reverse("subsidies:lenders")).context["rows"]
    assert {row.account for row in rows} == {None}
    set_lender_account(office.union, office.union_manager)
    rows = manager.get(reverse("subsidies:lenders")).context["rows"]
    assert [(row.lender, row.is_own) for row in rows] == [(office.yangcen.outlet, False)]
    posted = {"kind": "company", "number": COMPANY_NUMBER, "holder_name": "羊岑信用社", "bank_name": "县联社"}
    url = reverse("subsidies:lender-account", args=[office.yangcen.outlet.pk])
    assert manager.post(url, posted).status_code == 302
    page = manager.get(reverse("subsidies:lenders"))
    assert page.context["rows"][0].is_own
    assert COMPANY_NUMBER not in page.content.decode()
    assert manager.get(reverse("subsidies:lender-account", args=[office.shaxi.outlet.pk])).status_code == 404
