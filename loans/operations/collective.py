"""Many payments at once, as a bank's day brings them: the same rules as for one, a handful of statements for all."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import User
from finance.money import ZERO
from loans.choices import EntryKind, LoanState, Side
from loans.models import Application, ApplicationDecision, Loan, LoanEntry
from loans.operations.errors import Blocked, NotAllowed
from loans.operations.separation import require_another_person
from loans.operations.servicing import Repayment
from loans.operations.servicing.desk import insert_entries, require_sound
from loans.operations.standings import refresh_standings
from loans.queries.ledger import ledger_of
from loans.steps.facts import Problem
from web.clock import day_of

Lines = Sequence[tuple[int, Repayment]]


@transaction.atomic
def record_repayments(*, lines: Lines, recorded_by: User, recorded_at: datetime) -> int:
    """Book payments of many loans, all or none, none of which settles its loan. Returns how many were new.

    `lines` are loan ids with their payments; a payment that stands in the ledger already is left alone. What settles
    a loan moves its case: that is `record_repayment`'s. Raises Blocked (a sentence for each line, led by its
    contract) and NotAllowed, also where one loan only is out of reach.
    """
    loans = _lock({loan_id for loan_id, _line in lines})
    on = day_of(recorded_at)
    _require_reach(loans, recorded_by, on)
    fresh = _not_booked(lines)
    _refuse(fresh, loans, on)
    insert_entries(_entries(fresh, recorded_by, recorded_at))
    touched = [loans[loan_id] for loan_id in dict.fromkeys(loan_id for loan_id, _line in fresh)]
    repaid = {loan_id for loan_id, line in fresh if line.principal > ZERO}
    for loan_id in sorted(repaid):
        require_sound(ledger_of(loans[loan_id]))
    refresh_standings(touched, on=on)
    return len(fresh)


def _lock(loan_ids: set[int]) -> dict[int, Loan]:
    """Lock cases, then loans, each in the order of their ids: as the act on a single loan does."""
    cases = Application.objects.select_for_update().filter(loan__in=loan_ids).order_by("pk")
    by_case = {case.pk: case for case in cases}
    loans = {loan.pk: loan for loan in Loan.objects.select_for_update().filter(pk__in=loan_ids).order_by("pk")}
    if len(loans) < len(loan_ids):
        raise Loan.DoesNotExist
    for loan in loans.values():
        loan.application = by_case[loan.application_id]
    return loans


def _require_reach(loans: Mapping[int, Loan], user: User, on: date) -> None:
    """Raise NotAllowed unless the account may book on every one of the loans."""
    user.forget_posts()
    scope = user.scope(Verb.DISBURSE, on=on)
    if Loan.objects.for_scope(scope).filter(pk__in=loans).count() < len(loans):
        raise NotAllowed
    for case in _perhaps_too_close([loan.application_id for loan in loans.values()], user):
        require_another_person(case, Side.LENDER, user)


def _perhaps_too_close(case_ids: Sequence[int], user: User) -> Sequence[Application]:
    """Return the few cases with which this person has anything to do: they are looked at one by one."""
    acted = ApplicationDecision.objects.filter(application=OuterRef("pk")).exclude(side=Side.LENDER)
    ties = Q(Exists(acted.filter(Q(person_key=user.person_key) | Q(decided_by=user)))) | Q(created_by=user)
    person = user.person
    if person is not None:
        ties |= Q(person=person) | Q(introducer__person=person) | Q(entity__representative=person)
        ties |= Q(created_by__person=person)
        if person.household_id:
            ties |= Q(household=person.household_id) | Q(served_units__household=person.household_id)
    return list(Application.objects.filter(ties, pk__in=case_ids).select_related("introducer", "entity").distinct())


def _not_booked(lines: Lines) -> list[tuple[int, Repayment]]:
    """Leave out what stands in the ledger already with the same reference, day and parts. Raises Blocked."""
    booked: dict[tuple[int, str, date], dict[str, Decimal]] = defaultdict(dict)
    references = [line.bank_reference for _loan_id, line in lines]
    for entry in LoanEntry.objects.filter(bank_reference__in=references).select_related("reversed_by"):
        if hasattr(entry, "reversed_by"):
            text = _("This payment was booked and reversed. What the bank books anew has a new reference.")
            raise Blocked([Problem(f"{entry.bank_reference}: {text}", "bank_reference")])
        booked[entry.loan_id, entry.bank_reference, entry.value_date][entry.kind] = entry.amount
    return [
        (loan_id, line)
        for loan_id, line in lines
        if booked.get((loan_id, line.bank_reference, line.value_date)) != line.booked_parts
    ]


def _refuse(lines: Lines, loans: Mapping[int, Loan], on: date) -> None:
    paid: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for loan_id, line in lines:
        paid[loan_id] += line.principal
    left = {loan_id: ledger_of(loans[loan_id]).outstanding(date.max) for loan_id, sum_ in paid.items() if sum_ > ZERO}
    problems = []
    for loan_id, line in lines:
        loan = loans[loan_id]
        sentence = _objection(loan, line, on)
        if not sentence and paid[loan_id] > ZERO and paid[loan_id] >= left[loan_id]:
            sentence = _("This payment would settle the loan: it is booked by itself.")
        if sentence:
            problems.append(Problem(f"{loan.contract_number}: {sentence}"))
    if problems:
        raise Blocked(problems)


def _objection(loan: Loan, line: Repayment, on: date) -> str:
    if loan.state != LoanState.LIVE:
        return _("This loan is already settled.")
    if any(amount < ZERO for amount in line.parts.values()):
        return _("A payment cannot be negative.")
    if not line.booked_parts:
        return _("The amount must be above zero.")
    if not loan.start_date <= line.value_date <= on:
        return _("The day lies before the loan was paid out, or in the future.")
    return ""


def _entries(lines: Lines, user: User, at: datetime) -> list[LoanEntry]:
    return [
        LoanEntry(
            loan_id=loan_id,
            kind=EntryKind(kind),
            amount=amount,
            value_date=line.value_date,
            bank_reference=line.bank_reference,
            recorded_by=user,
            recorded_at=at,
        )
        for loan_id, line in lines
        for kind, amount in line.booked_parts.items()
    ]
