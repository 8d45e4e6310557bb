"""Money on its way: the file for the bank, what was sent, second payments, what is given up, the end of a batch."""

import hashlib
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import User
from audit.choices import Action
from audit.operations import record
from finance.money import ZERO
from loans.models import SubsidyBudget
from subsidies.choices import BatchState, PaymentState, ReturnCode
from subsidies.models import Payment, PaymentFile, PaymentResult, SubsidyBatch
from subsidies.operations.entitled import FINANCE_KINDS, MAKING, require_another_person, require_county_post
from subsidies.operations.errors import blocked
from subsidies.queries.bank_files import bank_csv, bank_rows
from subsidies.queries.payments import accounts_for, open_payments, payable_payments
from web.clock import day_of

PAYABLE_STATES = (BatchState.APPROVED, BatchState.PAYING)
# After these answers of the bank the same account cannot work: it has to be corrected first.
NEEDS_ANOTHER_ACCOUNT = (
    ReturnCode.NAME_MISMATCH,
    ReturnCode.NO_ACCOUNT,
    ReturnCode.CLOSED,
    ReturnCode.ID_MISMATCH,
)


def lock_batch(batch_id: int) -> SubsidyBatch:
    """Return the batch under its row lock: every change of its payments happens under it."""
    return (
        SubsidyBatch.objects.select_for_update(of=("self",))
        .select_related("programme__division", "created_by")
        .get(pk=batch_id)
    )


@transaction.atomic
def make_payment_file(*, batch_id: int, made_by: User, made_at: datetime) -> PaymentFile:
    """Put every payment that can be paid into a file for the bank; while one is not sent yet, that one comes back.

    Payments to payees without an account stay out; the payments page lists them. Raises Blocked, NotAllowed.
    """
    batch = _lock_payable(batch_id, made_by, made_at)
    waiting = PaymentFile.objects.filter(batch=batch, sent_on=None).first()
    if waiting is not None:
        return waiting
    payments = list(payable_payments(batch))
    if not payments:
        raise blocked(_("There is no payment that could be put into a file."))
    number = PaymentFile.objects.filter(batch=batch).count() + 1
    file = PaymentFile.objects.create(
        batch=batch,
        number=f"{batch.programme.code}-{batch.last_day:%Y%m%d}-{number:02}",
        created_by=made_by,
        created_at=made_at,
        payments_count=len(payments),
        amount=sum((payment.amount for payment in payments), start=ZERO),
    )
    accounts = accounts_for(payments)
    for payment in payments:
        payment.file, payment.account = file, accounts.get(payment.pk)
    Payment.objects.bulk_update(payments, ["file", "account"], batch_size=1000)
    file.sha256 = hashlib.sha256(bank_csv(bank_rows(file))).hexdigest()
    file.save(update_fields=["sha256"])
    return file


@transaction.atomic
def mark_sent(
    *, file_id: int, treasury_reference: str, sent_on: date, sent_by: User, marked_at: datetime
) -> PaymentFile:
    """Write down that a file went to the bank. The same reference and day again change nothing.

    Raises Blocked, NotAllowed.
    """
    batch_id = PaymentFile.objects.values_list("batch_id", flat=True).get(pk=file_id)
    batch = _lock_payable(batch_id, sent_by, marked_at)
    file = PaymentFile.objects.get(pk=file_id)
    if (file.sent_on, file.treasury_reference) == (sent_on, treasury_reference):
        return file
    if file.sent_on is not None:
        raise blocked(_("This file has been sent already."))
    if not treasury_reference:
        raise blocked(_("Please give the number of the treasury's voucher."), "treasury_reference")
    if not day_of(file.created_at) <= sent_on <= day_of(marked_at):
        raise blocked(_("The day must lie between the making of the file and today."), "sent_on")
    file.sent_on, file.treasury_reference, file.sent_by = sent_on, treasury_reference, sent_by
    file.save(update_fields=["sent_on", "treasury_reference", "sent_by"])
    Payment.objects.filter(file=file, state=PaymentState.PLANNED).update(state=PaymentState.SENT)
    SubsidyBatch.objects.filter(pk=batch.pk).update(state=BatchState.PAYING, revision=F("revision") + 1)
    record(
        action=Action.CHANGED, actor=sent_by, at=marked_at, subject=file,
        detail={"sent_on": ["", sent_on.isoformat()], "treasury_reference": ["", treasury_reference]},
    )  # fmt: skip
    return file


@transaction.atomic
def pay_again(*, payment_id: int, ordered_by: User, ordered_at: datetime) -> Payment:
    """Order the second payment (补发) of a returned one; ordered twice, it is the same payment.

    Where the bank refused the account, it must have been corrected first. Raises Blocked, NotAllowed.
    """
    batch = _lock_payable(_batch_of(payment_id), ordered_by, ordered_at)
    payment = Payment.objects.select_related("loan__application", "loan__outlet", "account").get(pk=payment_id)
    again = Payment.objects.filter(reissues=payment).first()
    if again is not None:
        return again
    if payment.state != PaymentState.RETURNED:
        raise blocked(_("Only a payment that came back is paid again."))
    code = PaymentResult.objects.values_list("code", flat=True).get(payment=payment)
    account = accounts_for([payment]).get(payment.pk)
    if account is None:
        raise blocked(_("The payee has no account. Please set it first."))
    if code in NEEDS_ANOTHER_ACCOUNT and account == payment.account:
        raise blocked(_("The bank refused this account: please correct it first."))
    again = Payment.objects.create(
        batch=batch,
        loan=payment.loan,
        budget_id=payment.budget_id,
        payee=payment.payee,
        amount=payment.amount,
        reissues=payment,
    )
    record(action=Action.CREATED, actor=ordered_by, at=ordered_at, subject=again, label=_label(again))
    return again


@transaction.atomic
def give_up(*, payment_id: int, reason: str, given_up_by: User, given_up_at: datetime) -> Payment:
    """Give up a payment that is not on its way: its money is free in the budget again.

    By the head of the finance bureau, with a reason. Given up twice, nothing more happens. Raises Blocked, NotAllowed.
    """
    batch = lock_batch(_batch_of(payment_id))
    require_county_post(
        given_up_by, Verb.APPROVE_PAYMENT, batch.programme, on=day_of(given_up_at), kinds=FINANCE_KINDS
    )
    payment = Payment.objects.get(pk=payment_id)
    if payment.state == PaymentState.GIVEN_UP:
        return payment
    if not reason.strip():
        raise blocked(_("Please give the reason."), "reason")
    if not open_payments(batch).filter(pk=payment.pk).exists():
        raise blocked(_("This payment is on its way or has arrived: it cannot be given up."))
    release(payment)
    record(
        action=Action.CLOSED, actor=given_up_by, at=given_up_at, subject=payment, label=_label(payment),
        reason=reason.strip(),
    )  # fmt: skip
    reconcile_if_done(batch)
    return payment


def release(payment: Payment) -> None:
    """Give an open payment up and free its money. In the caller's transaction, under the batch's lock."""
    payment.state = PaymentState.GIVEN_UP
    payment.save(update_fields=["state"])
    freed = SubsidyBudget.objects.filter(pk=payment.budget_id, due__gte=F("paid") + payment.amount)
    if not freed.update(due=F("due") - payment.amount):
        raise blocked(_("The budget does not hold this amount as due any more. Please tell the administrator."))


def reconcile_if_done(batch: SubsidyBatch) -> bool:
    """Close a batch none of whose payments is open any more. Under the batch's lock; returns whether it was closed."""
    waits = Payment.objects.filter(batch=batch, state__in=[PaymentState.PLANNED, PaymentState.SENT])
    if waits.exists() or open_payments(batch).exists():
        return False
    return bool(
        SubsidyBatch.objects.filter(pk=batch.pk, state__in=PAYABLE_STATES).update(
            state=BatchState.RECONCILED, revision=F("revision") + 1
        )
    )


@transaction.atomic
def close_empty_batch(*, batch_id: int, closed_by: User, closed_at: datetime) -> bool:
    """Reconcile an approved batch without payments. Returns whether it was. Raises NotAllowed."""
    batch = _lock_payable(batch_id, closed_by, closed_at)
    return reconcile_if_done(batch)


def _lock_payable(batch_id: int, user: User, at: datetime) -> SubsidyBatch:
    batch = lock_batch(batch_id)
    require_county_post(user, Verb.CONFIRM_SUBSIDY, batch.programme, on=day_of(at))
    require_another_person(batch, user, side=MAKING)
    if batch.state not in PAYABLE_STATES:
        raise blocked(_("This batch is not open for payment."))
    return batch


def _batch_of(payment_id: int) -> int:
    return Payment.objects.values_list("batch_id", flat=True).get(pk=payment_id)


def _label(payment: Payment) -> str:
    return f"{payment.loan.contract_number} {payment.amount}"
