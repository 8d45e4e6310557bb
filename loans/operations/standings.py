"""Keeping each loan's standing and its days in arrears true to its entries and to the calendar."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Q

from loans.models import ArrearsSpell, Loan, LoanEntry, LoanStanding
from loans.queries.ledger import ledger_of

CHUNK = 500


@transaction.atomic
def refresh_standings(loans: Sequence[Loan], *, on: date) -> None:
    """Reckon these loans as of a day and keep what lists, breakers and subsidies ask. Four statements in all.

    Called after every entry, in its transaction, and by the nightly work; twice the same gives the same.
    """
    by_loan: dict[int, list[LoanEntry]] = defaultdict(list)
    entries = LoanEntry.objects.effective().filter(loan__in=loans).order_by("loan", "value_date", "pk")
    for entry in entries:
        by_loan[entry.loan_id].append(entry)
    standings, spells = [], []
    for loan in loans:
        account = ledger_of(loan, by_loan[loan.pk]).account(on)
        standings.append(
            LoanStanding(
                loan=loan,
                checked_on=on,
                maturity=account.maturity,
                next_due=account.next_due,
                overdue_since=account.overdue_since,
                overdue_principal=account.overdue_principal if account.overdue_since else 0,
                overdue_interest=account.overdue_interest if account.overdue_since else 0,
                is_misused=account.is_misused,
            )
        )
        spells += [ArrearsSpell(loan=loan, since=spell.since, until=spell.until) for spell in account.spells]
    fields = [field.name for field in LoanStanding._meta.fields if not field.primary_key]
    LoanStanding.objects.bulk_create(
        standings, update_conflicts=True, unique_fields=["loan"], update_fields=fields
    )  # fmt: skip
    ArrearsSpell.objects.filter(loan__in=loans).delete()
    ArrearsSpell.objects.bulk_create(spells)


def refresh_due_standings(*, on: date) -> int:
    """Reckon every loan whose standing may have changed by the calendar alone. Returns how many.

    A standing holds until its next due date is past; a loan without one was never looked at. Each chunk is a
    transaction of its own: killed in the middle, the next run goes on with the rest.
    """
    done, last = 0, 0
    while True:
        loans = _refresh_chunk(after=last, on=on)
        if not loans:
            return done
        done, last = done + len(loans), loans[-1].pk


@transaction.atomic
def _refresh_chunk(*, after: int, on: date) -> list[Loan]:
    """Reckon the next stale loans under their locks; what somebody books on just now he reckons himself."""
    stale = Q(standing=None) | Q(standing__next_due__lt=on, standing__checked_on__lt=on)
    # The condition on the standing stands in a subquery: PostgreSQL locks no row of an outer join.
    found = Loan.objects.filter(stale, pk__gt=after).order_by("pk").values("pk")[:CHUNK]
    loans = list(Loan.objects.filter(pk__in=found).order_by("pk").select_for_update(skip_locked=True))
    refresh_standings(loans, on=on)
    return loans
