"""What the signed-in account may reach of the registers today: asked by every page of this app."""

from django.db.models import QuerySet

from audit.access import SignedInRequest
from organizations import queries
from organizations.models import Division, Organization
from organizations.scope import KEEPING_VERBS, MANAGE, READING_VERBS, Scope
from web import clock


def reading_scope(request: SignedInRequest) -> Scope:
    """The registers the account may read."""
    return request.user.people_scope(*READING_VERBS, on=clock.today())


def keeping_scope(request: SignedInRequest) -> Scope:
    """The registers the account may write."""
    return request.user.people_scope(*KEEPING_VERBS, on=clock.today())


def managing_scope(request: SignedInRequest) -> Scope:
    """Where the account may change the tree and the register of members."""
    return request.user.people_scope(MANAGE, on=clock.today())


def villages_to_keep(request: SignedInRequest) -> "QuerySet[Division]":
    return queries.get_villages(scope=keeping_scope(request))


def branches_to_manage(request: SignedInRequest) -> "QuerySet[Organization]":
    branches = Organization.objects.in_force(clock.today()).branches()
    return branches.filter(managing_scope(request).divisions("division__path"))


def divisions_to_filter(scope: Scope) -> list[Division]:
    """The townships and villages a filter bar offers: one query."""
    return list(queries.get_divisions(scope=scope).filter(level__in=["township", "village"]))
