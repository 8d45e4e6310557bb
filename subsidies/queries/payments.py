"""Payments of a batch: which can be paid, which wait for an account, and what they come to by state."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

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


def _with_account() -> Q:
    accounts = PayoutAccount.objects.filter(valid_to=None)
    of_person = accounts.filter(person=OuterRef("loan__application__person"))
    of_body = accounts.filter(entity=OuterRef("loan__application__entity"))
    return (
        Q(payee=Payee.LENDER)
        | (Q(loan__application__entity__isnull=False) & Q(Exists(of_body)))
        | (Q(loan__application__entity__isnull=True) & Q(Exists(of_person)))
    )


def _unfiled(batch: SubsidyBatch) -> "QuerySet[Payment]":
    payments = Payment.objects.filter(batch=batch, state=PaymentState.PLANNED, file=None)
    return payments.select_related("loan__application", "loan__outlet").order_by("loan_id", "pk")


def payable_payments(batch: SubsidyBatch) -> "QuerySet[Payment]":
    """Return the payments that can go into the next file."""
    return _unfiled(batch).filter(_with_account())


def payments_without_account(batch: SubsidyBatch) -> "QuerySet[Payment]":
    """Return the payments whose borrower has no account."""
    return _unfiled(batch).exclude(_with_account()).select_related(
        "loan__application__person", "loan__application__entity", "loan__division__parent"
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
