"""Paying a batch: the file for the bank, the sending, the bank's answers, the second payment of what came back."""

from datetime import date, datetime, timedelta

from accounts.choices import Role
from subsidies.choices import PaymentState, ReturnCode
from subsidies.models import Payment, PaymentFile, SubsidyBatch
from subsidies.operations.payments import make_payment_file, mark_sent, pay_again
from subsidies.operations.returns import Answer, book_answers
from tests.crash.subject import Subject, holder
from tests.factories.county import NOON, build_county
from tests.factories.lending import Order, lend
from tests.factories.loans import store_jianchuan
from tests.factories.subsidies import Journey, Line, computed_batch, give_account
from web.clock import day_of

BEGIN = NOON + timedelta(days=10)
SENT_ON = day_of(BEGIN)
LOANS = 4


def build_payments() -> None:
    """An approved batch of four loans."""
    county = build_county()
    store_jianchuan()
    homes = county.yangcen.village.households[:LOANS]
    loans = lend(*[Order(county.yangcen.village, "50000", date(2014, 3, 25), households=[home]) for home in homes])
    for loan in loans:
        give_account(loan)
    batch = computed_batch(county, [Line(loan, f"10{place}.10") for place, loan in enumerate(loans)])
    Journey(county, batch).approved()


def run_payments(moment: datetime) -> None:
    """What an officer does: make the file, send it, upload the bank's answer, order what came back once more."""
    officer, batch = holder(Role.FINANCE_OFFICER), SubsidyBatch.objects.get()
    if not PaymentFile.objects.filter(sent_on__isnull=False).exists():
        file = make_payment_file(batch_id=batch.pk, made_by=officer, made_at=moment)
        mark_sent(
            file_id=file.pk, treasury_reference="国库1", sent_on=SENT_ON, sent_by=officer, marked_at=moment
        )  # fmt: skip
    sent = Payment.objects.filter(file__isnull=False).select_related("loan").order_by("loan")
    answers = [_answer(payment, place) for place, payment in enumerate(sent)]
    book_answers(batch_id=batch.pk, answers=answers, booked_by=officer, booked_at=moment)
    for payment in Payment.objects.filter(state=PaymentState.RETURNED):
        pay_again(payment_id=payment.pk, ordered_by=officer, ordered_at=moment)


def _answer(payment: Payment, place: int) -> Answer:
    """The bank sends the first payment back, and credits the others."""
    return Answer(
        line=place + 2,
        payment_id=payment.pk,
        is_credited=place > 0,
        code="" if place else ReturnCode.FROZEN,
        value_date=SENT_ON,
        bank_reference=f"回单{payment.loan.contract_number}",
    )


def violations_of_payments() -> list[str]:
    """One is paid again, the others are credited."""
    states = sorted(Payment.objects.values_list("state", flat=True))
    wanted = sorted([PaymentState.CREDITED] * (LOANS - 1) + [PaymentState.RETURNED, PaymentState.PLANNED])
    return [] if states == wanted else [f"the payments are {states}"]


PAYMENTS = Subject("subsidy_payments", build_payments, run_payments, BEGIN, violations_of_payments)
