"""The cases that stand under a filing number, as the filing form lists them."""

from decimal import Decimal

from django.db.models import Count, QuerySet, Sum

from finance.money import ZERO
from loans.models import Application, CommitteeFiling


def cases_filed_under(number: str) -> QuerySet[Application]:
    """Return the cases of a filing, in the order of their numbers; one that was sent back since is not among them."""
    return (
        Application.objects.filter(filing_number=number)
        .exclude(filing_number="")
        .select_related("person", "entity", "division", "branch")
        .order_by("number")
    )


def count_and_sum(number: str) -> tuple[int, Decimal]:
    """Return how many cases stand under a filing number and what they ask for together (yuan)."""
    found = cases_filed_under(number).order_by().aggregate(cases=Count("pk"), amount=Sum("amount_asked"))
    return found["cases"], found["amount"] or ZERO


def sheet_of(number: str) -> CommitteeFiling | None:
    """Return what the committee wrote down when it filed a list together; None for a case filed before lists were."""
    return CommitteeFiling.objects.filter(number=number).select_related("organization", "filed_by").first()
