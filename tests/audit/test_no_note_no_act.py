"""If the note cannot be written, the act does not happen: each kind of act that only the trail records."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection

from accounts.choices import Role
from accounts.models import Post, User
from accounts.operations import appoint, dismiss, reset_password, set_active
from loans.models import Quota
from loans.operations import edit_application, relocate
from loans.operations.programmes import set_quota
from organizations.models import Organization, Person
from organizations.operations import change_person, reveal_id_number, set_standing
from tests.factories.county import NOON, TODAY, County
from tests.factories.loans import CaseFactory

ACTS: dict[str, Callable[[County], object]] = {
    "appoint": lambda c: appoint(
        user=c.outsider, organization=c.yangcen.outlet, role=Role.CREDIT_OFFICER, valid_from=TODAY,
        appointed_by=c.security_administrator, appointed_at=NOON,
    ),
    "dismiss": lambda c: dismiss(
        post=c.yangcen.clerk.posts.get(), last_day=TODAY, dismissed_by=c.security_administrator, dismissed_at=NOON
    ),
    "close an account": lambda c: set_active(
        user=c.yangcen.clerk, active=False, changed_by=c.system_administrator, changed_at=NOON
    ),
    "give a password": lambda c: reset_password(
        user=c.yangcen.clerk, password="abcd-2345-efgh", changed_by=c.system_administrator, changed_at=NOON
    ),
    "move a branch": lambda c: relocate(
        organization=c.yangcen.village.branch, parent=c.yangcen.villages[1].general_branch,
        moved_by=c.organisation_officer, moved_at=NOON, confirmed=True,
    ),
    "rename a person": lambda c: change_person(
        person=c.yangcen.village.farmer, name="赵又廷", ethnic_group="03", changed_by=c.yangcen.clerk, changed_at=NOON
    ),
    "show a number": lambda c: reveal_id_number(
        person=c.yangcen.village.farmer, reason="核对身份", by=c.yangcen.clerk, at=NOON
    ),
    "punish a member": lambda c: set_standing(
        member=c.yangcen.village.members[0], standing="warned", reason="处分", changed_by=c.organisation_officer,
        changed_at=NOON,
    ),
    "set a quota": lambda c: set_quota(
        version=Quota.objects.first().version, township=c.yangcen.division, year=2014, total=Decimal(1),
        set_by=c.finance_officer, set_at=NOON,
    ),
    "change an application": lambda c: changed_draft(c),
}  # fmt: skip


def changed_draft(county: County) -> object:
    story = CaseFactory(county)
    case = story.draft()
    data = CaseFactory(county, amount="40000").data
    return edit_application(
        application_id=case.pk, data=data, revision=case.revision, edited_by=county.yangcen.clerk, edited_at=NOON
    )


def what_stands() -> list[object]:
    return [sorted(model.objects.values_list()) for model in (Post, Quota, Organization)] + [
        sorted(User.objects.values_list("pk", "is_active", "password")),
        sorted(Person.objects.values_list("name")),
    ]


@pytest.mark.parametrize("act", ACTS)
def test_without_its_note_an_act_does_not_happen(office, act):
    before = what_stands()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with pending checks is not altered
        cursor.execute("ALTER TABLE audit_auditevent ADD CONSTRAINT trail_is_broken CHECK (false) NOT VALID")
    with pytest.raises(IntegrityError, match="trail_is_broken"):
        ACTS[act](office)
    assert what_stands() == before
