"""The rule by which a batch is reviewed, shown and approved."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from finance.money import AMOUNT_MAX
from loans.models import Programme
from organizations.scope import Scope
from subsidies.models import ApprovalRule


def approval_rule(*, programme: Programme, on: date) -> ApprovalRule:
    """Return the rule in force on a day; of two from the same day the one set later.

    Without one: a sample of 5 % and at least 10 lines, 7 days of notice, no second approval (an unsaved rule).
    """
    in_force = ApprovalRule.objects.filter(programme=programme, effective_from__lte=on)
    return in_force.order_by("-effective_from", "-pk").first() or ApprovalRule(
        programme=programme, effective_from=on, second_above=AMOUNT_MAX
    )


@dataclass(frozen=True)
class RuleRow:
    """A rule of the list: in force today, to come, replaced before its day, or past."""

    rule: ApprovalRule
    is_in_force: bool
    is_to_come: bool
    is_replaced: bool


def rule_rows(*, scope: Scope, on: date) -> list[RuleRow]:
    """Return the rules of a scope's programmes, the newest first, in one query."""
    rows: list[RuleRow] = []
    found: set[int] = set()
    days: set[tuple[int, date]] = set()
    for rule in _rules(scope):
        key = (rule.programme_id, rule.effective_from)
        is_replaced = key in days
        is_in_force = not is_replaced and rule.effective_from <= on and rule.programme_id not in found
        if is_in_force:
            found.add(rule.programme_id)
        days.add(key)
        rows.append(RuleRow(rule, is_in_force, rule.effective_from > on and not is_replaced, is_replaced))
    return rows


def _rules(scope: Scope) -> "QuerySet[ApprovalRule]":
    rules = ApprovalRule.objects.filter(scope.divisions("programme__division__path"))
    return rules.select_related("programme", "set_by").order_by("programme", "-effective_from", "-pk")
