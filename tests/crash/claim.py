"""The payout of claims from the risk fund, and what comes back of one."""

from datetime import datetime
from decimal import Decimal

from accounts.choices import Role
from risk.choices import ClaimState
from risk.models import Claim, ClaimRecovery, RiskFund
from risk.operations.claims import pay_claim
from risk.operations.recoveries import record_recovery
from tests.crash.subject import Subject, holder
from tests.factories.county import NOON, TODAY, build_county
from tests.factories.loans import store_jianchuan
from tests.factories.risk import RiskFactory, late_loans

CLAIMS = 3
PAID_IN, LOSS, FUND_PART = 7_000, 1_000, 700


def build_claims() -> None:
    """Three claims that the leading group has approved."""
    county = build_county()
    store_jianchuan()
    story = RiskFactory(county, paid_in=str(PAID_IN), base="principal")
    for loan in late_loans(county.yangcen.village, [str(LOSS)] * CLAIMS):
        story.approved(loan)


def run_claims(moment: datetime) -> None:
    """What an officer of the finance bureau does: pay what waits, then book what came back of the first."""
    officer = holder(Role.FINANCE_OFFICER)
    for claim in Claim.objects.filter(state=ClaimState.TO_PAY).order_by("pk"):
        pay_claim(
            claim_id=claim.pk,
            revision=claim.revision,
            bank_reference=f"DC-{claim.number}",
            value_date=TODAY,
            paid_by=officer,
            at=moment,
        )
    first = Claim.objects.order_by("pk")[0]
    if not ClaimRecovery.objects.exists():
        record_recovery(
            claim_id=first.pk,
            revision=first.revision,
            amount=Decimal("300.00"),
            costs=Decimal("50.00"),
            value_date=TODAY,
            bank_reference="ZC-1",
            recorded_by=officer,
            at=moment,
        )


def violations_of_claims() -> list[str]:
    """Each claim is paid once: 7 of 10 parts by the fund, which gets 7 of 10 parts of 250 yuan back."""
    wanted = Decimal(PAID_IN - CLAIMS * FUND_PART + 175)
    balance = RiskFund.objects.get().balance
    return [] if balance == wanted else [f"the fund holds {balance} instead of {wanted}"]


CLAIM = Subject("claim_payout", build_claims, run_claims, NOON, violations_of_claims)
