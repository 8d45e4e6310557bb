"""What the lender finds out about a loan: money used for something else."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from loans.choices import EntryKind
from loans.models import Loan
from loans.operations.servicing.desk import day_problems, open_desk, require, require_live
from loans.steps.facts import Problem


@transaction.atomic
def find_misuse(*, loan_id: int, value_date: date, reason: str, recorded_by: User, recorded_at: datetime) -> Loan:
    """Let the penalty rate for misuse (挪用) hold from a day on; the subsidy stops as the programme says.

    Raises Blocked (already found, no reason) and NotAllowed.
    """
    desk = open_desk(loan_id=loan_id, user=recorded_by, at=recorded_at)
    if desk.is_written(EntryKind.MISUSE, value_date=value_date, reason=reason):
        return desk.loan
    require_live(desk)
    problems = [*day_problems(desk, value_date), *_reason_problems(reason)]
    if desk.ledger().is_misused(date.max):
        problems.append(Problem(_("Misuse is already found.")))
    require(problems)
    desk.write(desk.entry(EntryKind.MISUSE, value_date=value_date, reason=reason), label=str(EntryKind.MISUSE.label))
    return desk.loan


@transaction.atomic
def end_misuse(*, loan_id: int, value_date: date, reason: str, recorded_by: User, recorded_at: datetime) -> Loan:
    """Note that the money serves its purpose again from a day on. Raises Blocked and NotAllowed."""
    desk = open_desk(loan_id=loan_id, user=recorded_by, at=recorded_at)
    if desk.is_written(EntryKind.MISUSE_ENDED, value_date=value_date, reason=reason):
        return desk.loan
    require_live(desk)
    problems = [*day_problems(desk, value_date), *_reason_problems(reason)]
    ledger = desk.ledger()
    if not ledger.is_misused(date.max):
        problems.append(Problem(_("No misuse is found that could be mended.")))
    elif not ledger.is_misused(value_date):
        problems.append(Problem(_("The day lies before misuse was found."), "value_date"))
    require(problems)
    entry = desk.entry(EntryKind.MISUSE_ENDED, value_date=value_date, reason=reason)
    desk.write(entry, label=str(EntryKind.MISUSE_ENDED.label))
    return desk.loan


def _reason_problems(reason: str) -> list[Problem]:
    return [] if reason.strip() else [Problem(_("Please give the reason."), "reason")]
