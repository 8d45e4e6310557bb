"""The rule by which a batch is reviewed, shown and approved."""

from datetime import date

from finance.money import AMOUNT_MAX
from loans.models import Programme
from subsidies.models import ApprovalRule


def approval_rule(*, programme: Programme, on: date) -> ApprovalRule:
    """Return the rule in force on a day.

    Without one: a sample of 5 % and at least 10 lines, 7 days of notice, no second approval (an unsaved rule).
    """
    in_force = ApprovalRule.objects.filter(programme=programme, effective_from__lte=on)
    return in_force.order_by("-effective_from").first() or ApprovalRule(
        programme=programme, effective_from=on, second_above=AMOUNT_MAX
    )
