"""The fund's books: agreements, transfers, balance, leverage, and what the bank says."""

from datetime import date
from decimal import Decimal

import pytest

from organizations.scope import NotAllowed
from risk.choices import ContributorKind, FundAccountKind, TransferKind
from risk.models import FundTransfer, RiskFund
from risk.operations.errors import UnableToBook
from risk.operations.funds import Party, RuleData, book_transfer, set_claim_rule, set_shares
from risk.queries.funds import balance_on, fund_position, shares_on, standings_of
from risk.rules import Band
from tests.factories.county import NOON, TODAY
from tests.factories.lending import Order, lend
from tests.factories.risk import RiskFactory

pytestmark = pytest.mark.usefixtures("invariants_hold")
HAND_WRITTEN = frozenset({"decisions_follow_the_rules"})


def book(story, kind, amount, reference, *, day=TODAY, by=None, contributor=None):
    return book_transfer(
        fund=story.fund, kind=kind, amount=Decimal(amount), value_date=day, bank_reference=reference,
        contributor=contributor, booked_by=by or story.finance, at=NOON,
    )  # fmt: skip


def test_money_paid_in_stands_in_the_special_account(story):
    story.fund.refresh_from_db()
    assert story.fund.balance == 1000000
    transfer = FundTransfer.objects.get()
    assert (transfer.debit.kind, transfer.credit.contributor.kind) == (FundAccountKind.SPECIAL, "government")


def test_the_balance_is_the_sum_of_the_transfers_at_every_kind(story):
    book(story, TransferKind.INTEREST, "3500.55", "LX-1")
    book(story, TransferKind.CHARGE, "20", "SX-1")
    story.fund.refresh_from_db()
    assert story.fund.balance == balance_on(story.fund, TODAY) == Decimal("1003480.55")


def test_one_bank_reference_books_once(story):
    with pytest.raises(UnableToBook, match="已"):
        story.deposit("1000000")
    story.fund.refresh_from_db()
    assert story.fund.balance == 1000000


def test_a_charge_above_the_balance_is_refused(story):
    with pytest.raises(UnableToBook):
        book(story, TransferKind.CHARGE, "1000000.01", "SX-1")


def test_money_does_not_leave_before_the_day_it_came(story):
    with pytest.raises(UnableToBook):
        book(story, TransferKind.CHARGE, "1", "SX-1", day=date(2013, 7, 15))


def test_money_that_later_days_need_does_not_leave_earlier(story):
    book(story, TransferKind.CHARGE, "999999", "SX-1", day=date(2014, 5, 1))
    book(story, TransferKind.INTEREST, "500000", "LX-1", day=date(2014, 6, 1))
    with pytest.raises(UnableToBook):
        book(story, TransferKind.CHARGE, "2", "SX-2", day=date(2014, 4, 1))


@pytest.mark.parametrize("day", [date(2014, 8, 16), date(2013, 6, 30)])
def test_a_day_to_come_or_before_the_fund_is_refused(story, day):
    with pytest.raises(UnableToBook):
        book(story, TransferKind.INTEREST, "1", "LX-1", day=day)


def test_nobody_but_finance_books(story):
    for user in (story.county.organisation_officer, story.officer, story.group, story.county.leader):
        with pytest.raises(NotAllowed):
            book(story, TransferKind.INTEREST, "1", "LX-1", by=user)


def test_a_deposit_names_its_party_and_interest_names_none(story):
    party = story.fund.contributors.get(kind=ContributorKind.GOVERNMENT)
    with pytest.raises(UnableToBook):
        book(story, TransferKind.DEPOSIT, "1", "CZ-2")
    with pytest.raises(UnableToBook):
        book(story, TransferKind.INTEREST, "1", "LX-1", contributor=party)


def test_a_claim_is_not_paid_by_hand(story):
    with pytest.raises(UnableToBook):
        book(story, TransferKind.PAYOUT, "1", "DC-1")


def test_shares_hold_from_their_day_on(story):
    story.share(("县财政", "government", "8"), ("县农村信用合作联社", "lender", "2"))
    assert shares_on(story.fund, date(2013, 12, 31)).ratio == "7:3"
    assert shares_on(story.fund, date(2014, 1, 1)).ratio == "8:2"
    assert shares_on(story.fund, date(2013, 6, 30)) is None


@pytest.mark.parametrize(
    "parties",
    [
        [("县财政", "government", "7")],
        [("县财政", "government", "7"), ("某公司", "guarantor", "3")],
        [("县财政", "government", "0"), ("联社", "lender", "3")],
        [("联社", "lender", "7"), ("联社", "lender", "3")],
    ],
)
def test_an_agreement_names_one_lender_and_somebody_else(story, parties):
    with pytest.raises(UnableToBook):
        story.share(*parties)


def test_two_agreements_do_not_begin_on_one_day(story):
    with pytest.raises(UnableToBook):
        set_shares(
            fund=story.fund, effective_from=date(2013, 7, 1), set_by=story.finance, at=NOON,
            parties=[Party("县财政", "government", Decimal(8)), Party("县农村信用合作联社", "lender", Decimal(2))],
        )  # fmt: skip


def test_a_rule_with_a_gap_between_its_bands_is_refused(story):
    rule = RuleData(
        effective_from=date(2014, 1, 1), trigger_days=90, base="principal",
        bands=[Band(Decimal(10), None, Decimal(50))],
    )  # fmt: skip
    with pytest.raises(UnableToBook):
        set_claim_rule(fund=story.fund, rule=rule, set_by=story.finance, at=NOON)


def test_leverage_and_coverage_are_those_of_the_day_asked_for(office):
    story = RiskFactory(office, leverage_max="10", deposit_percent="10")
    lend(
        Order(office.yangcen.village, "6000000", date(2013, 9, 1)),
        Order(office.shaxi.village, "6000000", date(2014, 7, 1)),
    )
    before, now = fund_position(story.fund, date(2014, 6, 30)), fund_position(story.fund, TODAY)
    assert (before.multiple, before.coverage_percent, before.is_above_limit) == (6, Decimal("16.6667"), False)
    assert (now.lent, now.multiple, now.lending_limit) == (12000000, 12, 10000000)
    assert now.is_above_limit
    assert (now.deposit_required, now.shortfall) == (1200000, 200000)


def test_a_fund_without_limits_says_none(story):
    position = fund_position(story.fund, TODAY)
    assert (position.leverage_max, position.lending_limit, position.deposit_required) == (None, None, None)
    assert (position.lent, position.multiple, position.coverage_percent) == (0, 0, None)


def test_before_anything_was_paid_in_there_is_no_multiple(office):
    story = RiskFactory(office, paid_in="0")
    assert fund_position(story.fund, TODAY).multiple is None


def test_the_parties_stand_as_they_paid_in(story):
    assert [(one.name, one.paid_in, one.borne) for one in standings_of(story.fund)] == [
        ("县财政", 1000000, 0),
        ("县农村信用合作联社", 0, 0),
    ]


def test_storing_the_scheme_again_leaves_the_fund_alone(office, story):
    again = RiskFactory(office, paid_in="0").fund
    assert again == story.fund
    assert RiskFund.objects.get().claim_rules.count() == 1
