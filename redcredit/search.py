"""Search everything: each app is asked within the rights of the account. Names, initials, numbers, last digits."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import User
from loans.models import Application, Loan
from loans.queries.cases import text_condition
from organizations.models import Organization, Person
from web.text import compact

ROWS = 10
SHORTEST = 2


@dataclass(frozen=True)
class Hit:
    title: str
    note: str
    url: str


@dataclass(frozen=True)
class Group:
    title: str
    hits: list[Hit]


def search(user: User, text: str, *, on: date) -> list[Group]:
    """Return what matches, by kind; kinds without a match are left out. Shorter than two characters finds nothing."""
    text = compact(text)
    if len(text) < SHORTEST:
        return []
    groups = [
        Group(_("Cases"), _cases(user, text, on)),
        Group(_("Loans"), _loans(user, text, on)),
        Group(_("People"), _people(user, text, on)),
        Group(_("Organizations"), _organizations(text)),
    ]
    return [group for group in groups if group.hits]


def _cases(user: User, text: str, on: date) -> list[Hit]:
    cases = (
        Application.objects.for_scope(user.scope(Verb.VIEW_CASES, on=on))
        .filter(text_condition(text))
        .select_related("person", "entity", "division")
        .order_by("-created_at", "-pk")[:ROWS]
    )
    return [
        Hit(
            f"{case.borrower_name} · {case.number}",
            f"{case.division.short_name} · {case.get_step_display()} · {case.get_state_display()}",
            reverse("loans:case", args=[case.pk]),
        )
        for case in cases
    ]


def _loans(user: User, text: str, on: date) -> list[Hit]:
    loans = (
        Loan.objects.for_scope(user.scope(Verb.VIEW_CASES, on=on))
        .filter(contract_number__icontains=text)
        .select_related("division")
        .order_by("-start_date", "-pk")[:ROWS]
    )
    return [
        Hit(
            loan.contract_number,
            f"{loan.division.short_name} · {loan.get_state_display()}",
            reverse("loans:loan", args=[loan.pk]),
        )
        for loan in loans
    ]


def _people(user: User, text: str, on: date) -> list[Hit]:
    condition = Q(name__contains=text) | Q(id_number_last_four=text.upper())
    if text.isascii():
        condition |= Q(initials__startswith=text.lower())
    people = (
        Person.objects.for_scope(user.people_scope(Verb.REFER, Verb.MANAGE_ORGANIZATIONS, on=on))
        .filter(condition)
        .select_related("division__parent")
        .order_by("pinyin", "pk")[:ROWS]
    )
    return [
        Hit(
            f"{person.name} · {person.id_number_masked}",
            person.division.place_name,
            reverse("organizations:person", args=[person.pk]),
        )
        for person in people
    ]


def _organizations(text: str) -> list[Hit]:
    found = Organization.objects.filter(name__contains=text).select_related("division")[:ROWS]
    return [
        Hit(
            organization.name,
            organization.get_kind_display(),
            reverse("organizations:detail", args=[organization.pk]),
        )
        for organization in found
    ]
