"""Moving and closing organizations, seen from the cases that lie there. The registers alone do not know cases."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from accounts.models import Post, User
from loans.models import Application, Loan
from organizations import operations as registers
from organizations.models import Organization
from organizations.operations import Move, Refused
from workflow.engine import END_STATES

PATH_FIELDS = ("branch_path", "outlet_path")


@transaction.atomic
def relocate(
    *, organization: Organization, parent: Organization, moved_by: User, moved_at: datetime, confirmed: bool = False
) -> Move:
    """Move an organization with all below it; the queues of old and new offices change in the same transaction.

    Ended cases follow too: a path is an address, and the next organization at the old address must not inherit them.
    Loans keep the township of their disbursement (`division_path`). Raises Refused, Unusual, NotAllowed.
    """
    move = registers.move_organization(
        organization=organization, parent=parent, moved_by=moved_by, moved_at=moved_at, confirmed=confirmed
    )
    for model in (Application, Loan):
        for field in PATH_FIELDS:
            model.objects.filter(**{f"{field}__startswith": move.old_path}).update(
                **{field: Concat(Value(move.new_path), Substr(field, len(move.old_path) + 1))}
            )
    return move


@transaction.atomic
def close_organization(
    *, organization: Organization, last_day: date, closed_by: User, closed_at: datetime
) -> Organization:
    """End an organization. Raises Refused while somebody holds a post there or a case is not at its end."""
    # Locked first: an appointment or an application that is being written is either seen here or sees the last day.
    organization = Organization.objects.select_for_update(of=("self",)).get(pk=organization.pk)
    posts = Post.objects.filter(organization=organization).filter(Q(valid_to=None) | Q(valid_to__gt=last_day))
    if posts.exists():
        raise Refused(_("Somebody holds a post there beyond the last day. End the posts first."))
    cases = Application.objects.filter(
        Q(branch_path__startswith=organization.path) | Q(outlet_path__startswith=organization.path)
    )
    if cases.exclude(state__in=END_STATES).exists():
        raise Refused(_("Cases there are not at their end."))
    return registers.close_organization(
        organization=organization, last_day=last_day, closed_by=closed_by, closed_at=closed_at
    )
