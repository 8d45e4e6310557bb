"""Several people at once, on real transactions: the fund pays exactly what it holds, nobody twice."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from django.db import OperationalError

from organizations.scope import NotAllowed
from risk.choices import ClaimState, TransferKind
from risk.models import Claim, ClaimRecovery, EarlyWarning, FundTransfer, RiskFund
from risk.operations.claims import decide_claim, pay_claim, prepare_claim
from risk.operations.daily import run_daily_risk
from risk.operations.errors import ClaimMoved, UnableToBook
from risk.operations.recoveries import record_recovery
from risk.queries.funds import balance_on
from tests.factories.county import NOON, TODAY, County, build_county
from tests.factories.loans import store_jianchuan
from tests.factories.risk import RiskFactory, late_loans
from tests.loans.test_races import kinds
from tests.races import race

REFUSALS = (ClaimMoved, UnableToBook, NotAllowed, OperationalError)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office(transactional_db: None) -> County:
    county = build_county()
    store_jianchuan()
    return county


at_once = partial(race, REFUSALS)


def paying(story: RiskFactory, claim: Claim, reference: str) -> Callable[[], object]:
    return lambda: pay_claim(
        claim_id=claim.pk, revision=claim.revision, bank_reference=reference, value_date=TODAY,
        paid_by=story.finance, at=NOON,
    )  # fmt: skip


def test_thirty_claims_racing_for_one_fund_get_what_it_holds_and_no_fen_more(office):
    story = RiskFactory(office, paid_in="7000", base="principal")
    claims = [story.approved(loan) for loan in late_loans(office.yangcen.village, ["1000"] * 30)]
    results = []
    for start in range(0, 30, 10):  # as many at once as there are connections to spare
        results += at_once(*[paying(story, claim, f"DC-{claim.pk}") for claim in claims[start : start + 10]])
    assert kinds(results) == {"ClaimDecision": 10, "UnableToBook": 20}
    assert RiskFund.objects.get().balance == balance_on(story.fund, TODAY) == 0
    assert sum(claim.fund_part for claim in Claim.objects.filter(state=ClaimState.PAID)) == 7000
    assert FundTransfer.objects.filter(kind=TransferKind.PAYOUT).count() == 10


def test_a_claim_paid_by_two_at_once_is_paid_once(office):
    story = RiskFactory(office)
    claim = story.approved(late_loans(office.yangcen.village, ["1000"])[0])
    results = at_once(paying(story, claim, "DC-1"), paying(story, claim, "DC-2"))
    assert kinds(results) == {"ClaimDecision": 1, "ClaimMoved": 1}
    assert FundTransfer.objects.filter(kind=TransferKind.PAYOUT).count() == 1


def test_of_agreeing_and_refusing_at_once_one_happens(office):
    story = RiskFactory(office)
    claim = story.filed(late_loans(office.yangcen.village, ["1000"])[0])

    def deciding(outcome: str) -> Callable[[], object]:
        return lambda: decide_claim(
            claim_id=claim.pk, outcome=outcome, revision=claim.revision, decided_by=office.organisation_officer,
            at=NOON, reason="见材料。",
        )  # fmt: skip

    assert kinds(at_once(deciding("pass"), deciding("reject"))) == {"ClaimDecision": 1, "ClaimMoved": 1}


def test_one_loan_gets_one_claim_however_often_it_is_asked_for(office):
    story = RiskFactory(office)
    loan = late_loans(office.yangcen.village, ["1000"])[0]
    prepare = lambda: prepare_claim(loan=loan, prepared_by=story.officer, at=NOON)  # noqa: E731
    assert kinds(at_once(*[prepare] * 5)) == {"Claim": 1, "UnableToBook": 4}


def test_two_recoveries_at_once_give_back_no_more_than_was_paid(office):
    story = RiskFactory(office, base="principal")
    claim = story.paid(late_loans(office.yangcen.village, ["1000"])[0])

    def recovering(number: int) -> Callable[[], object]:
        return lambda: record_recovery(
            claim_id=claim.pk, revision=claim.revision, amount=Decimal(900), costs=Decimal(0), value_date=TODAY,
            bank_reference=f"ZC-{number}", recorded_by=story.finance, at=NOON,
        )  # fmt: skip

    assert kinds(at_once(recovering(1), recovering(2))) == {"ClaimRecovery": 1, "ClaimMoved": 1}
    assert ClaimRecovery.objects.get().to_fund == 630


def test_a_deposit_booked_ten_times_at_once_is_booked_once(office):
    story = RiskFactory(office, paid_in="0")
    results = at_once(*[lambda: story.deposit("100", reference="CZ-7", day=date(2014, 1, 1))] * 10)
    assert kinds(results) == {"FundTransfer": 1, "UnableToBook": 9}
    assert RiskFund.objects.get().balance == 100


def test_two_nights_at_once_open_each_warning_once(office):
    RiskFactory(office)
    late_loans(office.yangcen.village, ["1000"] * 3)
    at_once(*[lambda: run_daily_risk(at=NOON)] * 2)
    warnings = EarlyWarning.objects.filter(kind="overdue")
    assert warnings.count() == 3
