"""Payments of a batch: which can be paid, which wait for an account, and what they come to by state."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Length

from finance.money import ZERO
from loans.choices import Payee
from loans.models import Loan, PayoutAccount
from subsidies.choices import PaymentState
from subsidies.models import Payment, SubsidyBatch


def account_of_borrower(loan: Loan) -> PayoutAccount | None:
    """Return the account to which the subsidies of a loan's borrower go now."""
    accounts = PayoutAccount.objects.filter(valid_to=None)
    case = loan.application
    owner = {"entity": case.entity_id} if case.entity_id else {"person": case.person_id}
    return accounts.filter(**owner).first()


def lender_accounts() -> list[PayoutAccount]:
    """Return the lenders' present accounts, those of outlets before those of the unions above them."""
    accounts = PayoutAccount.objects.filter(valid_to=None, organization__isnull=False)
    return list(accounts.select_related("organization").order_by(Length("organization__path").desc(), "pk"))


def accounts_for(payments: Sequence[Payment]) -> dict[int, PayoutAccount]:
    """Return the account of each payment by the payment's key; one without an account is left out.

    Three queries, however many payments there are. Needs `loan__application` and `loan__outlet`.
    """
    cases = [payment.loan.application for payment in payments if payment.payee == Payee.BORROWER]
    accounts = PayoutAccount.objects.filter(valid_to=None)
    of_people = {a.person_id: a for a in accounts.filter(person__in={c.person_id for c in cases if not c.entity_id})}
    of_bodies = {a.entity_id: a for a in accounts.filter(entity__in={c.entity_id for c in cases if c.entity_id})}
    lenders = lender_accounts()
    found: dict[int, PayoutAccount] = {}
    for payment in payments:
        account = _account_in(payment, of_people, of_bodies, lenders)
        if account is not None:
            found[payment.pk] = account
    return found


def _account_in(
    payment: Payment,
    of_people: Mapping[int | None, PayoutAccount],
    of_bodies: Mapping[int | None, PayoutAccount],
    lenders: Sequence[PayoutAccount],
) -> PayoutAccount | None:
    if payment.payee == Payee.LENDER:
        path = payment.loan.outlet.path
        return next((one for one in lenders if one.organization and path.startswith(one.organization.path)), None)
    case = payment.loan.application
    return of_bodies.get(case.entity_id) if case.entity_id else of_people.get(case.person_id)


def _with_account() -> Q:
    accounts = PayoutAccount.objects.filter(valid_to=None)
    of_person = accounts.filter(person=OuterRef("loan__application__person"))
    of_body = accounts.filter(entity=OuterRef("loan__application__entity"))
    of_lender = Q(pk__in=[])
    for account in lender_accounts():
        assert account.organization is not None  # the query says so
        of_lender |= Q(loan__outlet__path__startswith=account.organization.path)
    is_body, is_person = Q(loan__application__entity__isnull=False), Q(loan__application__entity__isnull=True)
    return (Q(payee=Payee.LENDER) & of_lender) | (
        Q(payee=Payee.BORROWER) & ((is_body & Q(Exists(of_body))) | (is_person & Q(Exists(of_person))))
    )


def _unfiled(batch: SubsidyBatch) -> "QuerySet[Payment]":
    payments = Payment.objects.filter(batch=batch, state=PaymentState.PLANNED, file=None)
    return payments.select_related("loan__application", "loan__outlet").order_by("loan_id", "pk")


def payable_payments(batch: SubsidyBatch) -> "QuerySet[Payment]":
    """Return the payments that can go into the next file."""
    return _unfiled(batch).filter(_with_account())


def payments_without_account(batch: SubsidyBatch) -> "QuerySet[Payment]":
    """Return the payments whose payee has no account."""
    return _unfiled(batch).exclude(_with_account()).select_related(
        "loan__application__person", "loan__application__entity", "loan__division__parent", "loan__outlet"
    )  # fmt: skip


def open_payments(batch: SubsidyBatch) -> "QuerySet[Payment]":
    """Return what is neither on its way nor settled: planned and in no file, or returned and not paid again."""
    return Payment.objects.filter(batch=batch).filter(
        Q(state=PaymentState.PLANNED, file=None) | Q(state=PaymentState.RETURNED, reissued_by=None)
    )


@dataclass(frozen=True)
class Sums:
    """Numbers and yuan of a batch's payments. `total` = credited + returned + pending + given_up: nothing is lost.

    A returned payment that is paid again counts by its second payment only.
    """

    total: Decimal = ZERO
    count: int = 0
    pending: Decimal = ZERO
    sent: Decimal = ZERO
    credited: Decimal = ZERO
    credited_count: int = 0
    returned: Decimal = ZERO
    returned_count: int = 0
    given_up: Decimal = ZERO
    paid_again: int = 0

    @property
    def is_balanced(self) -> bool:
        return self.total == self.pending + self.sent + self.credited + self.returned + self.given_up


def sums_of_payments(batch: SubsidyBatch) -> Sums:
    """Return what the payments of a batch come to, in one query."""
    first = Q(reissues=None)
    last = Q(reissued_by=None)

    def amount(condition: Q) -> Sum:
        return Sum("amount", filter=condition, default=ZERO)

    def state(name: str) -> Q:
        return last & Q(state=name)

    found: dict[str, Any] = Payment.objects.filter(batch=batch).aggregate(
        total=amount(first),
        count=Count("pk", filter=first),
        pending=amount(state(PaymentState.PLANNED)),
        sent=amount(state(PaymentState.SENT)),
        credited=amount(state(PaymentState.CREDITED)),
        credited_count=Count("pk", filter=state(PaymentState.CREDITED)),
        returned=amount(state(PaymentState.RETURNED)),
        returned_count=Count("pk", filter=state(PaymentState.RETURNED)),
        given_up=amount(state(PaymentState.GIVEN_UP)),
        paid_again=Count("pk", filter=~first),
    )
    return Sums(**found)
