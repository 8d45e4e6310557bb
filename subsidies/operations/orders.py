"""What the last approval sets going: money taken from the budgets, payments and clawbacks ordered."""

from django.db import connection
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from loans.models import SubsidyBudget
from subsidies.models import Payment, SubsidyBatch
from subsidies.operations.errors import blocked

_PAYMENTS = """
INSERT INTO subsidies_payment (batch_id, loan_id, budget_id, payee, amount, state)
SELECT line.batch_id, line.loan_id, line.budget_id, version.subsidy_payee, sum(line.amount), 'planned'
FROM subsidies_subsidyline line
JOIN loans_subsidybudget budget ON budget.id = line.budget_id
JOIN loans_programmeversion version ON version.id = budget.version_id
WHERE line.batch_id = %(batch)s
GROUP BY line.batch_id, line.loan_id, line.budget_id, version.subsidy_payee
HAVING sum(line.amount) > 0
ORDER BY line.loan_id, line.budget_id
"""
_CLAWBACKS = """
INSERT INTO subsidies_clawback (batch_id, loan_id, budget_id, amount, state)
SELECT batch_id, loan_id, budget_id, -sum(amount), 'open'
FROM subsidies_subsidyline
WHERE batch_id = %(batch)s
GROUP BY batch_id, loan_id, budget_id
HAVING sum(amount) < 0
ORDER BY loan_id, budget_id
"""


def order_payments(batch: SubsidyBatch) -> None:
    """Write one payment for every loan and budget whose lines come to more than zero, a clawback for less than zero.

    Each budget's `due` grows by its payments, and never above what was appropriated. What is taken back lowers `due`
    and `paid` when it comes in, not before: until then it has been paid. Runs in the caller's transaction, under the
    batch's lock. Raises Blocked with the budget that is not enough.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PAYMENTS, {"batch": batch.pk})
        cursor.execute(_CLAWBACKS, {"batch": batch.pk})
    sums = Payment.objects.filter(batch=batch).values("budget").annotate(total=Sum("amount")).order_by("budget")
    for budget_id, total in sums.values_list("budget", "total"):
        enough = SubsidyBudget.objects.filter(pk=budget_id, due__lte=F("appropriated") - total)
        if not enough.update(due=F("due") + total):
            budget = SubsidyBudget.objects.select_related("version").get(pk=budget_id)
            raise blocked(
                _("The budget %(year)s of “%(version)s” is not enough: %(left)s yuan are left, %(total)s are needed.")
                % {
                    "year": budget.year,
                    "version": budget.version.name,
                    "left": budget.appropriated - budget.due,
                    "total": total,
                }
            )
