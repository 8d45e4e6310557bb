"""What lender and borrower agree on while the loan runs: further parts, extension, renewal, another rate."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from finance.accounts import Account
from finance.daycount import add_months
from finance.money import ZERO, to_fen
from finance.rates import NoRate, extension_rate
from loans.choices import PAID_OUT_KINDS, EntryKind
from loans.models import Loan, LoanEntry
from loans.operations.errors import Blocked
from loans.operations.servicing.desk import Desk, day_problems, open_desk, require, require_live
from loans.queries.rates import benchmark_percent, benchmark_series, programme_rate
from loans.rules import extension_months_max, months_until
from loans.steps.facts import Problem


@transaction.atomic
def pay_tranche(
    *, loan_id: int, amount: Decimal, value_date: date, bank_reference: str, recorded_by: User, recorded_at: datetime
) -> Loan:
    """Pay a further part of the loan out. Raises Blocked (the parts would exceed the contract) and NotAllowed."""
    to_fen(amount)
    desk = open_desk(loan_id=loan_id, user=recorded_by, at=recorded_at)
    facts: dict[str, Any] = {"amount": amount, "value_date": value_date, "bank_reference": bank_reference}
    if desk.is_written(EntryKind.TRANCHE, **facts):
        return desk.loan
    require_live(desk)
    paid_out = LoanEntry.objects.effective().filter(loan=desk.loan, kind__in=PAID_OUT_KINDS)
    left = desk.loan.principal - sum((entry.amount for entry in paid_out), start=ZERO)
    problems = day_problems(desk, value_date)
    if amount <= 0:
        problems.append(Problem(_("The amount must be above zero."), "amount"))
    if amount > left:
        text = _("The contract leaves %(left)s yuan to be paid out.") % {"left": left}
        problems.append(Problem(text, "amount"))
    if value_date > desk.account(value_date).maturity:
        problems.append(Problem(_("The loan has fallen due by then."), "value_date"))
    require(problems)
    desk.write(desk.entry(EntryKind.TRANCHE, **facts))
    return desk.loan


@transaction.atomic
def extend(
    *,
    loan_id: int,
    new_due_date: date,
    document_number: str,
    value_date: date,
    recorded_by: User,
    recorded_at: datetime,
) -> Loan:
    """Put the day of maturity off (展期); the rate follows 贷款通则 (finance.rates.extension_rate).

    Only until maturity, at most `extensions_max` times, and together at most as long as 贷款通则 art. 12 allows for
    the original term. Raises Blocked and NotAllowed.
    """
    desk = open_desk(loan_id=loan_id, user=recorded_by, at=recorded_at)
    facts: dict[str, Any] = {
        "new_due_date": new_due_date,
        "document_number": document_number,
        "value_date": value_date,
    }
    if desk.is_written(EntryKind.EXTENSION, **facts):
        return desk.loan
    require_live(desk)
    account = desk.account(value_date)
    require([*_term_problems(desk, **facts), *_extension_problems(desk, new_due_date)])
    rate = _extended_rate(desk, account, new_due_date, value_date)
    changed = rate if rate != account.rate_percent else None
    desk.write(desk.entry(EntryKind.EXTENSION, rate_percent=changed, **facts), label=document_number)
    return desk.loan


def _term_problems(desk: Desk, *, new_due_date: date, document_number: str, value_date: date) -> list[Problem]:
    """A new day of maturity is agreed on before the old one is past, and is written down before it is past too."""
    problems = [*day_problems(desk, value_date), *_paper_problems(document_number)]
    maturity = desk.ledger().maturity(date.max)
    if max(value_date, desk.on) > maturity:
        problems.append(Problem(_("The loan has fallen due: a new day can no longer be agreed."), "value_date"))
    if new_due_date <= maturity:
        problems.append(Problem(_("The new day must lie after the present one."), "new_due_date"))
    return problems


def _paper_problems(document_number: str) -> list[Problem]:
    if document_number.strip():
        return []
    return [Problem(_("Please name the paper on which it was agreed."), "document_number")]


def _extension_problems(desk: Desk, new_due_date: date) -> list[Problem]:
    loan = desk.loan
    made = LoanEntry.objects.effective().filter(loan=loan, kind__in=(EntryKind.EXTENSION, EntryKind.RENEWAL))
    kinds = list(made.values_list("kind", flat=True))
    if EntryKind.RENEWAL in kinds:
        return [Problem(_("A renewed loan is not extended."))]
    times = desk.case.version.extensions_max
    if len(kinds) >= times:
        text = _("The loan was already extended as often as the programme allows (%(times)s).") % {"times": times}
        return [Problem(text)]
    most = extension_months_max(loan.term_months)
    if new_due_date > add_months(loan.due_date, most):
        text = _("Extensions of this loan may come to at most %(months)s months.") % {"months": most}
        return [Problem(text, "new_due_date")]
    return []


def _extended_rate(desk: Desk, account: Account, new_due_date: date, value_date: date) -> Decimal:
    version = desk.case.version
    try:
        return extension_rate(
            series=benchmark_series(version.benchmark_series),
            on=value_date,
            original_months=desk.loan.term_months,
            extension_months=months_until(desk.loan.due_date, new_due_date),
            multiplier=version.rate_multiplier,
            basis_points=version.rate_points,
            contract_rate_percent=account.rate_percent,
        )
    except NoRate as error:
        text = _("No benchmark rate is known for this term and day.")
        raise Blocked([Problem(text, "new_due_date")]) from error


@transaction.atomic
def renew(
    *,
    loan_id: int,
    new_due_date: date,
    document_number: str,
    value_date: date,
    recorded_by: User,
    recorded_at: datetime,
) -> Loan:
    """Let the loan run on under a new contract without repayment (无还本续贷, 金规〔2024〕13号).

    Once, until maturity, with the interest paid to the day, for at most the programme's longest term from that day,
    at the programme's rate of that day. The balance stays on the same loan. Raises Blocked and NotAllowed.
    """
    desk = open_desk(loan_id=loan_id, user=recorded_by, at=recorded_at)
    facts: dict[str, Any] = {
        "new_due_date": new_due_date,
        "document_number": document_number,
        "value_date": value_date,
    }
    if desk.is_written(EntryKind.RENEWAL, **facts):
        return desk.loan
    require_live(desk)
    account = desk.account(value_date)
    require([*_term_problems(desk, **facts), *_renewal_problems(desk, account, new_due_date, document_number)])
    rate = _renewed_rate(desk, new_due_date, value_date)
    changed = rate if rate != account.rate_percent else None
    desk.write(desk.entry(EntryKind.RENEWAL, rate_percent=changed, **facts), label=document_number)
    return desk.loan


def _renewal_problems(desk: Desk, account: Account, new_due_date: date, document_number: str) -> list[Problem]:
    version, problems = desk.case.version, []
    if desk.is_written(EntryKind.RENEWAL):
        problems.append(Problem(_("The loan was already renewed once.")))
    unpaid = account.interest_due + account.accrued + account.penalty + account.compound
    if account.overdue_since or unpaid > version.arrears_tolerance:
        text = _("Before a renewal the interest is paid to the day: %(unpaid)s yuan are open.") % {"unpaid": unpaid}
        problems.append(Problem(text))
    last = add_months(account.on, version.term_months_max)
    if new_due_date > last:
        text = _("The programme lends for at most %(months)s months.") % {"months": version.term_months_max}
        problems.append(Problem(text, "new_due_date"))
    if Loan.objects.filter(contract_number=document_number).exists():
        problems.append(Problem(_("This contract number is already used."), "document_number"))
    return problems


def _renewed_rate(desk: Desk, new_due_date: date, value_date: date) -> Decimal:
    version = desk.case.version
    try:
        benchmark = benchmark_percent(
            series=version.benchmark_series, term_months=months_until(value_date, new_due_date), on=value_date
        )
    except NoRate as error:
        text = _("No benchmark rate is known for this term and day.")
        raise Blocked([Problem(text, "new_due_date")]) from error
    return programme_rate(version, benchmark)


@transaction.atomic
def change_rate(
    *,
    loan_id: int,
    rate_percent: Decimal,
    document_number: str,
    value_date: date,
    recorded_by: User,
    recorded_at: datetime,
) -> Loan:
    """Let another contract rate (percent a year) hold from a day on. Raises Blocked and NotAllowed."""
    desk = open_desk(loan_id=loan_id, user=recorded_by, at=recorded_at)
    facts: dict[str, Any] = {
        "rate_percent": rate_percent,
        "document_number": document_number,
        "value_date": value_date,
    }
    if desk.is_written(EntryKind.RATE_CHANGE, **facts):
        return desk.loan
    require_live(desk)
    problems = [*day_problems(desk, value_date), *_paper_problems(document_number)]
    if rate_percent < 0:
        problems.append(Problem(_("A rate cannot be negative."), "rate_percent"))
    require(problems)
    desk.write(desk.entry(EntryKind.RATE_CHANGE, **facts), label=document_number)
    return desk.loan
