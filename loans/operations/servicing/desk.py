"""One loan under its locks, with who works on it and when: how every act of servicing begins and ends."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import User
from audit.choices import Action
from audit.operations import record
from finance.accounts import Account, Ledger
from loans.choices import EntryKind, LoanState, Outcome, Side, StepCode
from loans.models import Application, Loan, LoanEntry
from loans.operations.decisions import decide, lock_application
from loans.operations.errors import Blocked, NotAllowed
from loans.operations.separation import require_another_person
from loans.operations.standings import refresh_standings
from loans.queries.ledger import ledger_of
from loans.steps.facts import Problem, SettlementFacts
from loans.steps.help import free_promises
from web.clock import day_of

ENTRIES_AT_ONCE = 1000


@dataclass(frozen=True)
class Desk:
    """Made by `open_desk`, inside the transaction of the act."""

    case: Application
    loan: Loan
    user: User
    at: datetime

    @property
    def on(self) -> date:
        return day_of(self.at)

    def ledger(self) -> Ledger:
        return ledger_of(self.loan)

    def account(self, on: date) -> Account:
        return self.ledger().account(on)

    def entry(self, kind: EntryKind, *, value_date: date, **fields: Any) -> LoanEntry:
        """Return an entry of this loan, not yet written."""
        return LoanEntry(
            loan=self.loan,
            kind=kind,
            value_date=value_date,
            amount=fields.pop("amount", 0),
            recorded_by=self.user,
            recorded_at=self.at,
            **fields,
        )

    def is_written(self, kind: EntryKind, **fields: Any) -> bool:
        """Whether exactly this already stands in the ledger and counts: the second click of a double click."""
        return LoanEntry.objects.effective().filter(loan=self.loan, kind=kind, **fields).exists()

    def write(self, *entries: LoanEntry, label: str = "") -> None:
        """Write entries and reckon the standing; with a label the trail notes it. Raises Blocked."""
        insert_entries(entries)
        require_sound(self.ledger())
        refresh_standings([self.loan], on=self.on)
        if label:
            detail = {"kinds": sorted({entry.kind for entry in entries})}
            reason = next((entry.reason for entry in entries if entry.reason), "")
            record(
                action=Action.CHANGED,
                actor=self.user,
                at=self.at,
                subject=self.loan,
                label=f"{self.loan} {label}",
                reason=reason,
                detail=detail,
            )

    def close(self, state: LoanState, *, on: date) -> None:
        """Note that no principal is left; the case moves on, unless it went on before by its date."""
        loan, case = self.loan, self.case
        loan.state, loan.settled_on = state, on
        loan.save(update_fields=["state", "settled_on"])
        free_promises(case, case.version)
        case.refresh_from_db(fields=["step", "state"])
        if case.step == StepCode.DISBURSEMENT and not case.is_ended:
            decide(
                application_id=case.pk,
                step=StepCode.DISBURSEMENT,
                outcome=Outcome.WRITE_OFF if state == LoanState.WRITTEN_OFF else Outcome.SETTLE,
                decided_by=self.user,
                decided_at=self.at,
                revision=None,
                facts=SettlementFacts(settled_on=on),
            )


def insert_entries(entries: Iterable[LoanEntry]) -> None:
    """Write entries. Raises Blocked where the bank's reference is booked for something else."""
    try:
        with transaction.atomic():
            LoanEntry.objects.bulk_create(entries, batch_size=ENTRIES_AT_ONCE)
    except IntegrityError as error:
        if "bank_reference_books_once" not in str(error):
            raise
        raise Blocked([Problem(_("This bank reference is already booked."), "bank_reference")]) from error


def require_sound(ledger: Ledger) -> None:
    """Raise Blocked where more would have been repaid than was owed, on whatever day the payments are dated."""
    if any(ledger.outstanding(event.on) < 0 for event in ledger.events):
        raise Blocked([Problem(_("On one of the days more would have been repaid than was owed."), "value_date")])


def open_desk(*, loan_id: int, user: User, at: datetime, verb: Verb = Verb.DISBURSE, side: Side = Side.LENDER) -> Desk:
    """Lock the case, then the loan, and see that the account may work on it. Raises NotAllowed, Loan.DoesNotExist.

    The post is read under the lock. The last payment is a decision, and nobody knows beforehand which one that will
    be: so whoever may not decide on the case may not book on its loan either.
    """
    loan = Loan.objects.select_related("application").get(pk=loan_id)
    case = lock_application(loan.application_id)
    loan = Loan.objects.select_for_update().get(pk=loan_id)
    loan.application = case
    user.forget_posts()
    if user.post_covering(verb, loan.place, on=day_of(at)) is None:
        raise NotAllowed
    require_another_person(case, side, user)
    return Desk(case=case, loan=loan, user=user, at=at)


def day_problems(desk: Desk, value_date: date) -> list[Problem]:
    """Return why nothing can happen to the loan on a day: it is still to come, or before the loan began."""
    if value_date > desk.on:
        return [Problem(_("The day lies in the future."), "value_date")]
    if value_date < desk.loan.start_date:
        return [Problem(_("The day lies before the loan was paid out."), "value_date")]
    return []


def require_live(desk: Desk) -> None:
    """Raise Blocked for a loan that is over."""
    if desk.loan.state == LoanState.WRITTEN_OFF:
        raise Blocked([Problem(_("This loan is written off."))])
    if desk.loan.state != LoanState.LIVE:
        raise Blocked([Problem(_("This loan is already settled."))])


def require(problems: list[Problem]) -> None:
    """Raise Blocked if there is any problem."""
    if problems:
        raise Blocked(problems)
