"""What becomes of money that is still open when a budget's year is over."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import User
from audit.choices import Action
from audit.operations import record
from loans.models import SubsidyBudget
from organizations.scope import NotAllowed, scope_of
from subsidies.choices import PaymentState, YearEnd
from subsidies.models import Payment, YearEndDecision
from subsidies.operations.entitled import FINANCE_KINDS
from subsidies.operations.errors import blocked
from subsidies.operations.payments import lock_batch, reconcile_if_done, release
from subsidies.queries.budgets import open_of_budget
from web.clock import day_of


@transaction.atomic
def decide_year_end(
    *, budget_id: int, outcome: str, document_number: str, decided_by: User, decided_at: datetime
) -> YearEndDecision:
    """Decide once what becomes of a budget's open money: back to the treasury (its open payments are given up), or
    carried over (they stay open).

    By the head of the finance bureau, when the year is over and nothing is at the bank. Raises Blocked, NotAllowed.
    """
    budget = SubsidyBudget.objects.select_related("version__programme__division").get(pk=budget_id)
    _refuse_strangers(decided_by, budget, decided_at)
    payments = Payment.objects.filter(budget=budget)
    # Batches before the budget, in the order of their ids, as every operation on payments takes its locks.
    batches = [lock_batch(pk) for pk in sorted(set(payments.values_list("batch_id", flat=True)))]
    budget = SubsidyBudget.objects.select_for_update(of=("self",)).select_related("version").get(pk=budget_id)
    earlier = YearEndDecision.objects.filter(budget=budget).first()
    if earlier is not None:
        if (earlier.outcome, earlier.document_number) == (outcome, document_number):
            return earlier
        raise blocked(_("The end of this year has been decided already."))
    if day_of(decided_at).year <= budget.year:
        raise blocked(_("The year %(year)s is not over yet.") % {"year": budget.year})
    in_a_file = Q(state=PaymentState.PLANNED, file__isnull=False)
    if payments.filter(Q(state=PaymentState.SENT) | in_a_file).exists():
        raise blocked(_("Payments of this budget are at the bank: wait for its answer."))
    decision = YearEndDecision.objects.create(
        budget=budget, outcome=outcome, open_amount=budget.appropriated - budget.paid,
        document_number=document_number, decided_by=decided_by, decided_at=decided_at,
    )  # fmt: skip
    if outcome == YearEnd.TO_TREASURY:
        for payment in open_of_budget(budget):
            release(payment)
        for batch in batches:
            reconcile_if_done(batch)
    record(action=Action.DECIDED, actor=decided_by, at=decided_at, subject=budget, detail={"year_end": outcome})
    return decision


def _refuse_strangers(user: User, budget: SubsidyBudget, at: datetime) -> None:
    user.forget_posts()
    place = budget.version.programme.division.place
    posts = user.posts_for(Verb.APPROVE_PAYMENT, on=day_of(at))
    if not any(p.organization.kind in FINANCE_KINDS and scope_of(p.organization).covers(place) for p in posts):
        raise NotAllowed
