"""Subsidy batches as rows, without the computation that leads to them.

batch = computed_batch(county, [Line(loan, "500"), Line(other, "-20", corrects=old)])
closed = Journey(county, batch).approved()
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from loans.choices import AccountKind
from loans.models import Loan, PayoutAccount, Programme, SubsidyBudget
from subsidies.choices import BatchState, LineKind, LineStatus, PaymentState, ReturnCode
from subsidies.models import Clawback, InputSegment, Payment, PaymentFile, ReturnFile, SubsidyBatch, SubsidyLine
from subsidies.operations import decisions, payments, returns, samples
from subsidies.operations.decisions import Deed
from tests.factories.county import NOON, County
from tests.factories.spreadsheets import csv_file

FIRST_DAY, LAST_DAY = date(2014, 3, 21), date(2014, 6, 20)
CARD = "6217003860000000016"  # synthetic; its check digit is right
OTHER_CARD = "6217003860000000024"
ANSWER_HEADER = ("支付编号", "结果", "退票代码", "日期", "流水号")


@dataclass
class Line:
    """One line to write. With `corrects` it is a difference."""

    loan: Loan
    amount: str
    status: str = LineStatus.ELIGIBLE
    reason: str = ""
    corrects: SubsidyLine | None = None


def computed_batch(
    county: County,
    lines: Sequence[Line],
    *,
    first_day: date = FIRST_DAY,
    last_day: date = LAST_DAY,
    state: str = BatchState.COMPUTED,
    **fields: object,
) -> SubsidyBatch:
    """Write a batch with its snapshot and lines. The loans' budget is the first of their version."""
    batch = SubsidyBatch.objects.create(
        programme=Programme.objects.get(code="jianchuan"), first_day=first_day, last_day=last_day, state=state,
        created_by=county.finance_officer, created_at=NOON, computed_at=NOON, known_at=NOON, revision=2,
        inputs_sha256="ab" * 32, **fields,
    )  # fmt: skip
    SubsidyLine.objects.bulk_create(_line(batch, line) for line in lines)
    InputSegment.objects.bulk_create(_segment(batch, line.loan) for line in lines if line.corrects is None)
    return batch


def _line(batch: SubsidyBatch, line: Line) -> SubsidyLine:
    loan, period = line.loan, line.corrects or batch
    budget = loan.application.budget or SubsidyBudget.objects.filter(version=loan.version).first()
    return SubsidyLine(
        batch=batch, loan=loan, kind=LineKind.DIFFERENCE if line.corrects else LineKind.ORDINARY,
        corrects=line.corrects, first_day=period.first_day, last_day=period.last_day,
        budget=budget, days=92, base=loan.principal, rate_percent=Decimal(3), interest_paid=Decimal("1000.00"),
        amount=Decimal(line.amount), status=line.status, reason=line.reason,
    )  # fmt: skip


def _segment(batch: SubsidyBatch, loan: Loan) -> InputSegment:
    fen = int(loan.principal * 100)
    start = max(loan.start_date, batch.first_day)
    return InputSegment(
        batch=batch, loan=loan, start=start, end=max(batch.stop, start + timedelta(days=1)), balance_fen=fen,
        base_fen=fen, rate_millionths=72_000,
    )  # fmt: skip


class Journey:
    """A batch on its way, by the operations themselves. Days pass as in an office."""

    def __init__(self, county: County, batch: SubsidyBatch, begin: datetime = NOON) -> None:
        self.county, self.batch, self.moment = county, batch, begin

    def deed(self, by: object, *, reason: str = "同意。", days: int = 0) -> Deed:
        self.moment += timedelta(days=days)
        self.batch.refresh_from_db()
        return Deed(batch_id=self.batch.pk, revision=self.batch.revision, by=by, at=self.moment, reason=reason)

    def reviewed(self) -> SubsidyBatch:
        by = self.county.organisation_officer
        drawn = samples.draw_sample(batch_id=self.batch.pk, drawn_by=by, drawn_at=self.moment)
        verdicts = {line.place: samples.Verdict(is_right=True) for line in drawn}
        samples.record_verdicts(batch_id=self.batch.pk, verdicts=verdicts, recorded_by=by, recorded_at=self.moment)
        decisions.review(self.deed(by))
        return self._again()

    def published(self) -> SubsidyBatch:
        self.reviewed()
        deed = self.deed(self.county.finance_officer)
        decisions.publish(deed, place="县政务公开栏", starts_on=deed.on)
        return self._again()

    def noticed(self) -> SubsidyBatch:
        self.published()
        decisions.close_notice(self.deed(self.county.finance_officer, reason="无异议。", days=7))
        return self._again()

    def approved(self) -> SubsidyBatch:
        self.noticed()
        decisions.approve(self.deed(self.county.finance_director))
        return self._again()

    def filed(self) -> PaymentFile:
        self.approved()
        return payments.make_payment_file(
            batch_id=self.batch.pk, made_by=self.county.finance_officer, made_at=self.moment
        )

    def sent(self) -> PaymentFile:
        file = self.filed()
        payments.mark_sent(
            file_id=file.pk, treasury_reference=f"国库{file.number}", sent_on=self.deed(None).on,
            sent_by=self.county.finance_officer, marked_at=self.moment,
        )  # fmt: skip
        self._again()
        return file

    def answer(self, payment: Payment, code: str = "", reference: str = "") -> returns.Answer:
        return returns.Answer(
            line=2, payment_id=payment.pk, is_credited=not code, code=code, value_date=self.deed(None).on,
            bank_reference=reference or f"L{payment.pk}",
        )  # fmt: skip

    def book(self, *answers: returns.Answer) -> returns.Booked:
        return returns.book_answers(
            batch_id=self.batch.pk, answers=answers, booked_by=self.county.finance_officer, booked_at=self.moment
        )

    def taken_in(self, *answers: returns.Answer) -> ReturnFile:
        """Take the same in as the bank's file, not booked yet."""
        rows = [
            [
                answer.payment_id,
                "退票" if answer.code else "成功",
                answer.code,
                answer.value_date,
                answer.bank_reference,
            ]
            for answer in answers
        ]
        return returns.take_in_answers(
            batch_id=self.batch.pk, content=csv_file([ANSWER_HEADER, *rows]), file_name="代发回单.csv",
            uploaded_by=self.county.finance_officer, uploaded_at=self.moment,
        )  # fmt: skip

    def book_file(self, file: ReturnFile) -> returns.Booked:
        return returns.book_return_file(
            file_id=file.pk, booked_by=self.county.finance_officer, booked_at=self.moment
        )  # fmt: skip

    def credited(self) -> SubsidyBatch:
        self.sent()
        self.book(*(self.answer(p) for p in self.batch.payments.filter(state=PaymentState.SENT)))
        return self._again()

    def _again(self) -> SubsidyBatch:
        self.batch.refresh_from_db()
        return self.batch


def give_account(loan: Loan, number: str = CARD, valid_from: date = date(2013, 9, 1)) -> PayoutAccount:
    """Give the borrower of a loan a card."""
    case = loan.application
    owner = {"entity": case.entity} if case.entity else {"person": case.person}
    account = PayoutAccount(
        **owner, kind=AccountKind.CARD, bank_name="剑川县农村信用合作联社", holder_name=case.borrower_name,
        valid_from=valid_from,
    )  # fmt: skip
    account.seal(number)
    account.save()
    return account


@dataclass
class Batches:
    """A batch in every state, with lines of the loans given, and something on each of their pages."""

    paying: SubsidyBatch
    approved: SubsidyBatch
    noticed: SubsidyBatch
    hanging: SubsidyBatch
    reviewed: SubsidyBatch
    computed: SubsidyBatch
    sent: Payment
    returned: Payment
    file: PaymentFile
    claim: Clawback
    answers: ReturnFile

    def line_of(self, loan: Loan) -> SubsidyLine:
        return self.computed.lines.get(loan=loan)


PERIODS = [(date(2013, month, 21), date(2013, month + 1, 20)) for month in range(1, 8)]


def batches_in_every_state(county: County, first: Loan, second: Loan) -> Batches:
    """Write seven batches, the closed ones by the operations themselves. `first` and `second` get an account."""
    for loan in (first, second):
        give_account(loan)
    periods = [{"first_day": start, "last_day": end} for start, end in PERIODS]
    lines = [Line(first, "383.33"), Line(second, "536.67")]
    paid = computed_batch(county, lines, **periods[0])
    Journey(county, paid, begin=NOON - timedelta(days=9)).credited()
    paying = computed_batch(county, lines, **periods[1])
    journey = Journey(county, paying, begin=NOON - timedelta(days=9))
    journey.sent()
    sent, returned = paying.payments.order_by("pk")
    journey.book(journey.answer(returned, ReturnCode.FROZEN))
    answers = journey.taken_in(journey.answer(sent))
    old = paying.lines.get(loan=first)
    approved = computed_batch(county, [Line(first, "-80.50", corrects=old), Line(second, "90")], **periods[2])
    file = Journey(county, approved, begin=NOON - timedelta(days=8)).filed()
    noticed = computed_batch(county, lines, **periods[3])
    Journey(county, noticed, begin=NOON - timedelta(days=8)).noticed()
    day = NOON.date()
    hanging = computed_batch(
        county, lines, state=BatchState.ON_NOTICE, notice_place="县政务公开栏", notice_from=day - timedelta(days=8),
        notice_to=day - timedelta(days=2), **periods[4],
    )  # fmt: skip
    reviewed = computed_batch(county, lines, **periods[5])
    Journey(county, reviewed, begin=NOON - timedelta(days=1)).reviewed()
    computed = computed_batch(county, lines, **periods[6])
    return Batches(
        paying,
        approved,
        noticed,
        hanging,
        reviewed,
        computed,
        sent,
        returned,
        file,
        approved.clawbacks.get(),
        answers,
    )
