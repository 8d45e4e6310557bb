"""The interest subsidy of each quarter, from its computation to the bank's answers, and the one that waits."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from accounts.choices import Role
from accounts.models import User
from audit.choices import Action
from audit.models import AuditEvent
from loans.choices import AccountKind
from loans.models import Application, PayoutAccount, Programme
from redcredit.demo.stories import Dated, Desk
from redcredit.demo.timeline import HERE
from subsidies.choices import PaymentState, ReturnCode
from subsidies.models import ApprovalRule, Payment, PaymentFile, SubsidyBatch
from subsidies.operations import decisions, payments, returns, samples
from subsidies.operations.batches import create_batch, prepare_batch
from subsidies.operations.computing import compute_batch
from subsidies.operations.decisions import Deed
from workflow.deadlines import WorkCalendar

BANK = "剑川县农村信用合作联社"
QUARTERS = (
    (date(2013, 6, 21), date(2013, 9, 20)),
    (date(2013, 9, 21), date(2013, 12, 20)),
    (date(2013, 12, 21), date(2014, 3, 20)),
    (date(2014, 3, 21), date(2014, 6, 20)),
)
WAITING = (date(2014, 6, 21), date(2014, 9, 20))
WAITING_COMPUTED_AT = datetime(2014, 8, 13, 15, tzinfo=HERE)
RULE_AT = datetime(2013, 6, 5, 16, tzinfo=HERE)
SECOND_APPROVAL_ABOVE = Decimal(500_000)
DIGITS = 12


@dataclass(frozen=True)
class Hands:
    """Who acts on a batch."""

    finance: User
    department: User
    director: User
    group: User


class Quarters:
    """The batches of the programme. `analyze` tells the planner after the first big write."""

    def __init__(self, desk: Desk, *, calendar: WorkCalendar, analyze: Callable[[], None]) -> None:
        name, at = desk.offices.by_name, desk.staff.at
        self.hands = Hands(
            finance=at(Role.FINANCE_OFFICER, name["县财政局"])[0],
            department=at(Role.ORGANISATION_OFFICER, name["县委组织部"])[0],
            director=at(Role.FINANCE_DIRECTOR, name["县财政局"])[0],
            group=at(Role.LEADING_GROUP_OFFICER, name["红色信贷办"])[0],
        )
        self.calendar, self.analyze = calendar, analyze
        self.rng = Random("payout accounts")  # noqa: S311  # the same county every time

    def acts(self) -> Iterator[Dated]:
        yield RULE_AT, self._set_rule
        for first_day, last_day in QUARTERS:
            yield from _Quarter(self, first_day, last_day).acts()
        yield WAITING_COMPUTED_AT, lambda at: self.compute(at, *WAITING)

    def _set_rule(self, at: datetime) -> None:
        ApprovalRule.objects.create(
            programme=Programme.objects.get(),
            effective_from=at.date(),
            second_above=SECOND_APPROVAL_ABOVE,
            sample_percent=Decimal(5),
            sample_min=10,
            notice_days=7,
        )

    def compute(self, at: datetime, first_day: date, last_day: date) -> SubsidyBatch:
        batch = create_batch(
            programme=Programme.objects.get(), first_day=first_day, last_day=last_day, created_by=self.hands.finance,
            created_at=at,
        )  # fmt: skip
        prepare_batch(batch_id=batch.pk, by=self.hands.finance, at=at)
        compute_batch(batch_id=batch.pk, now=lambda: at, progress=lambda done, total: None)
        self.analyze()
        return batch

    def open_payout_accounts(self, at: datetime) -> None:
        """Give every borrower who has none a passbook, all at once; what is written is what the page writes."""
        cases = Application.objects.filter(loan__isnull=False).select_related("person", "entity").order_by("pk")
        known: set[tuple[int | None, int | None]] = set(PayoutAccount.objects.values_list("person_id", "entity_id"))
        accounts, labels = [], []
        for case in cases.select_related("loan"):
            owner = (None, case.entity_id) if case.entity_id else (case.person_id, None)
            if owner in known:
                continue
            known.add(owner)
            account = PayoutAccount(
                person_id=owner[0], entity_id=owner[1], kind=AccountKind.PASSBOOK, bank_name=BANK,
                holder_name=case.borrower_name, valid_from=at.date(),
            )  # fmt: skip
            # No bank's numbers begin like this.
            account.seal("0000" + "".join(str(self.rng.randrange(10)) for _ in range(DIGITS)))
            accounts.append(account)
            labels.append(case.loan.contract_number)
        PayoutAccount.objects.bulk_create(accounts, batch_size=500)
        finance = self.hands.finance
        AuditEvent.objects.bulk_create(
            AuditEvent(
                at=at, actor=finance, actor_name=finance.username, action=Action.CREATED,
                subject_type=PayoutAccount._meta.label_lower, subject_id=str(account.pk), subject_label=label,
                detail={"number": [], "holder_name": []},
            )
            for account, label in zip(accounts, labels, strict=True)
        )  # fmt: skip


class _Quarter:
    """One batch on its way through the offices, on working days after its last day."""

    def __init__(self, quarters: Quarters, first_day: date, last_day: date) -> None:
        self.quarters, self.hands = quarters, quarters.hands
        self.first_day, self.last_day = first_day, last_day

    def acts(self) -> Iterator[Dated]:
        computed = self._later(self.last_day, 3)
        published = self._later(computed, 2)
        over = self._later(published + timedelta(days=6), 1)
        approved = self._later(over, 1)
        sent = self._later(approved, 1)
        yield _at(computed, 10), lambda at: self.quarters.compute(at, self.first_day, self.last_day)
        yield _at(self._later(computed, 1), 14), self._review
        yield _at(published, 9), self._publish
        yield _at(over, 9), self._close_notice
        yield _at(over, 15), lambda at: self._approve(at, self.hands.director)
        yield _at(approved, 10), self._approve_again
        yield _at(approved, 15), lambda at: self.quarters.open_payout_accounts(at)
        yield _at(sent, 9), self._make_file
        yield _at(sent, 11), self._send
        yield _at(self._later(sent, 3), 16), self._book_answers

    def _later(self, day: date, workdays: int) -> date:
        return self.quarters.calendar.add_workdays(day, workdays)

    @property
    def _batch(self) -> SubsidyBatch:
        return SubsidyBatch.objects.get(last_day=self.last_day)

    def _deed(self, at: datetime, by: User, reason: str) -> Deed:
        return Deed(batch_id=self._batch.pk, revision=None, by=by, at=at, reason=reason)

    def _review(self, at: datetime) -> None:
        batch, by = self._batch, self.hands.department
        drawn = samples.draw_sample(batch_id=batch.pk, drawn_by=by, drawn_at=at)
        verdicts = {line.place: samples.Verdict(is_right=True) for line in drawn}
        samples.record_verdicts(batch_id=batch.pk, verdicts=verdicts, recorded_by=by, recorded_at=at)
        decisions.review(self._deed(at, by, "经抽查，贴息天数、基数和金额无误。"))

    def _publish(self, at: datetime) -> None:
        deed = self._deed(at, self.hands.finance, "公示贴息名单。")
        decisions.publish(deed, place="县政务公开栏、各乡镇公开栏", starts_on=at.date())

    def _close_notice(self, at: datetime) -> None:
        decisions.close_notice(self._deed(at, self.hands.finance, "公示期满，无异议。"))

    def _approve(self, at: datetime, by: User) -> None:
        decisions.approve(self._deed(at, by, "同意拨付。"))

    def _approve_again(self, at: datetime) -> None:
        """Above the amount of the rule the leading group approves too."""
        if not self._batch.is_closed:
            self._approve(at, self.hands.group)

    def _make_file(self, at: datetime) -> None:
        if Payment.objects.filter(batch=self._batch).exists():
            payments.make_payment_file(batch_id=self._batch.pk, made_by=self.hands.finance, made_at=at)
        else:
            payments.close_empty_batch(batch_id=self._batch.pk, closed_by=self.hands.finance, closed_at=at)

    def _send(self, at: datetime) -> None:
        for file in PaymentFile.objects.filter(batch=self._batch):
            payments.mark_sent(
                file_id=file.pk, treasury_reference=f"剑财库〔{at.year}〕{file.pk:03}号", sent_on=at.date(),
                sent_by=self.hands.finance, marked_at=at,
            )  # fmt: skip

    def _book_answers(self, at: datetime) -> None:
        """The bank credits everybody; in the last quarter one account of a borrower of that year is closed."""
        sent = list(
            Payment.objects.filter(batch=self._batch, state=PaymentState.SENT).select_related("loan").order_by("pk")
        )
        refused = None
        if self.last_day == QUARTERS[-1][1]:
            refused = next((one.pk for one in sent if one.loan.start_date.year == self.last_day.year), None)
        answers = [
            returns.Answer(
                line=line,
                payment_id=one.pk,
                is_credited=one.pk != refused,
                code=ReturnCode.CLOSED if one.pk == refused else "",
                value_date=at.date(),
                bank_reference=f"TX{at:%Y%m%d}{one.pk:07}",
            )
            for line, one in enumerate(sent, start=2)
        ]
        if answers:
            returns.book_answers(
                batch_id=self._batch.pk, answers=answers, booked_by=self.hands.finance, booked_at=at
            )  # fmt: skip


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour, 20), tzinfo=HERE)
