"""Who sits in the offices: an account and a dated post for everybody who decides, and the demo's own accounts.

Hundreds of posts are written by a statement per table. What is written is what `accounts.operations.open_account` and
`appoint` write for one post (a test compares them).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Permission

from accounts.choices import VERBS_OF_ROLE, Role
from accounts.models import OrganizationPermission, Post, User
from audit.choices import Action
from audit.models import AuditEvent
from organizations.models import Organization, PartyMember
from redcredit.demo.organizations import Offices
from redcredit.demo.people import Circle, Neighbourhood, Register

SINCE = date(2013, 6, 3)
# How many accounts of a role share an office of the county or the union, the demo's own among them.
COLLEAGUES = 2


@dataclass
class Seat:
    """A post to be filled: by which member, in which role, where, under which account name."""

    role: str
    organization: Organization
    member: PartyMember
    username: str = ""


class Staff:
    """Accounts by office. Every account carries its person, so that asking who he is costs no statement."""

    def __init__(self) -> None:
        self._by_seat: dict[tuple[str, int], list[User]] = defaultdict(list)

    def add(self, user: User, role: str, organization: Organization) -> None:
        self._by_seat[role, organization.pk].append(user)

    def at(self, role: str, organization: Organization) -> list[User]:
        """Return the accounts that hold a role at an office, the demo's own first."""
        return self._by_seat[role, organization.pk]


def assign_seats(
    offices: Offices,
    neighbourhoods: Mapping[str, Neighbourhood],
    circles: Mapping[int, Circle],
    demo: Sequence[Mapping[str, Any]],
    *,
    register: Register,
) -> list[Seat]:
    """Choose a member for every post. The demo's accounts take the first seat of their office and name its holder."""
    chooser = _Chooser(offices, circles)
    seats = [*_village_seats(neighbourhoods), *_county_branch_seats(offices, circles), *chooser.office_seats()]
    demo_seats = {(line["role"], offices.by_name[line["organization"]].pk): line for line in demo}
    running: dict[str, int] = defaultdict(int)
    for seat in seats:
        line = demo_seats.pop((seat.role, seat.organization.pk), None)
        if line is not None:
            seat.username = line["username"]
            register.rename(seat.member.person, line["name"], is_male=line["is_male"])
            continue
        running[seat.role] += 1
        seat.username = f"{seat.role.replace('_', '-')}-{running[seat.role]:03}"
    if demo_seats:
        raise ValueError(f"no seat for {sorted(line['username'] for line in demo_seats.values())}")
    return seats


def _village_seats(neighbourhoods: Mapping[str, Neighbourhood]) -> Iterator[Seat]:
    for neighbourhood in neighbourhoods.values():
        general = neighbourhood.village.general_branch
        yield Seat(Role.BRANCH_SECRETARY, general, neighbourhood.general_secretary)
        yield Seat(Role.VILLAGE_CLERK, general, neighbourhood.clerk)
        for circle in neighbourhood.circles:
            yield Seat(Role.BRANCH_SECRETARY, circle.branch, circle.secretary)


def _county_branch_seats(offices: Offices, circles: Mapping[int, Circle]) -> Iterator[Seat]:
    own = [township.own_branch for township in offices.townships.values()]
    for branch in (*own, *offices.county_branches):
        yield Seat(Role.BRANCH_SECRETARY, branch, circles[branch.pk].secretary)


class _Chooser:
    """Takes the officials of the township and county offices from the branches in which they are members."""

    def __init__(self, offices: Offices, circles: Mapping[int, Circle]) -> None:
        self.offices = offices
        self.circles = circles
        self._taken: dict[int, int] = defaultdict(int)

    def office_seats(self) -> Iterator[Seat]:
        name = self.offices.by_name
        for township in self.offices.townships.values():
            for role in (Role.TOWNSHIP_CLERK, Role.COMMITTEE_OFFICER):
                yield from self._seats(role, township.committee, township.own_branch, count=COLLEAGUES)
        for outlet in self.offices.outlets:
            branch = name.get(f"{outlet.short_name}党支部") or name["联社机关党支部"]
            yield from self._seats(Role.CREDIT_OFFICER, outlet, branch, count=COLLEAGUES)
            yield from self._seats(Role.CREDIT_MANAGER, outlet, branch, count=1)
        yield from self._seats(Role.CREDIT_MANAGER, name["县联社"], name["联社机关党支部"], count=COLLEAGUES)
        yield from self._seats(Role.FINANCE_OFFICER, name["县财政局"], name["县财政局党支部"], count=COLLEAGUES)
        department = name["县委组织部"]
        yield from self._seats(Role.ORGANISATION_OFFICER, department, name["县委组织部党支部"], count=COLLEAGUES)
        yield from self._seats(Role.SECURITY_ADMINISTRATOR, department, name["县委组织部党支部"], count=1)
        yield from self._seats(Role.SYSTEM_ADMINISTRATOR, name["红色信贷办"], name["县委办公室党支部"], count=1)
        yield from self._seats(Role.AUDITOR, name["县委"], name["县审计局党支部"], count=1)
        yield from self._seats(Role.COUNTY_LEADER, name["县政府"], name["县政府办公室党支部"], count=COLLEAGUES)
        yield from self._seats(Role.FINANCE_DIRECTOR, name["县财政局"], name["县财政局党支部"], count=1)
        office = name["红色信贷办"]
        yield from self._seats(Role.LEADING_GROUP_OFFICER, office, name["县委办公室党支部"], count=1)

    def _seats(self, role: str, organization: Organization, branch: Organization, *, count: int) -> Iterator[Seat]:
        for _ in range(count):
            self._taken[branch.pk] += 1  # the secretary keeps his own seat
            yield Seat(role, organization, self.circles[branch.pk].members[self._taken[branch.pk]])


def open_accounts(seats: Sequence[Seat], *, password: str | None, at: datetime) -> Staff:
    """Write accounts, posts, grants and their trace. Only the demo's accounts get a password, where one is given."""
    users = User.objects.bulk_create(
        User(
            username=seat.username,
            name=seat.member.person.name,
            person=seat.member.person,
            password=make_password(password if _is_demo_account(seat) else None),
        )
        for seat in seats
    )
    User.objects.filter(pk__in=[user.pk for user in users]).update(created_at=at)
    head = next(u for u, seat in zip(users, seats, strict=True) if seat.role == Role.SECURITY_ADMINISTRATOR)
    posts = Post.objects.bulk_create(
        Post(
            user=user,
            organization=seat.organization,
            role=seat.role,
            valid_from=SINCE,
            appointed_by=head if user is not head else None,
        )
        for user, seat in zip(users, seats, strict=True)
    )
    _write_grants(posts)
    _write_trace(posts, at)
    _read_posts_once(users)
    staff = Staff()
    for post in sorted(posts, key=lambda post: post.user.username.count("-")):
        staff.add(post.user, post.role, post.organization)
    return staff


def _is_demo_account(seat: Seat) -> bool:
    """The running names of colleagues hold a number after a dash; the demo's names are single words."""
    return "-" not in seat.username


def _read_posts_once(users: Sequence[User]) -> None:
    """Let each account answer from one reading of its posts and grants.

    An operation reads them anew under its lock, because somebody may have been dismissed meanwhile. In the loader's
    own transaction nobody can be, and fifteen thousand readings would take a third of the time.
    """
    posts_of: dict[int, list[Post]] = defaultdict(list)
    for post in Post.objects.filter(user__in=users).with_grants():
        posts_of[post.user_id].append(post)
    for user in users:
        user.posts_in_force = partial(_in_force, posts_of[user.pk])  # type: ignore[method-assign]


def _in_force(posts: list[Post], on: date) -> list[Post]:
    return [post for post in posts if post.is_in_force(on)]


def _write_grants(posts: Sequence[Post]) -> None:
    permissions = {
        permission.codename: permission
        for permission in Permission.objects.filter(
            content_type__app_label="organizations", content_type__model="organization"
        )
    }
    OrganizationPermission.objects.bulk_create(
        OrganizationPermission(user=post.user, content_object=post.organization, permission=permissions[verb])
        for post in posts
        for verb in VERBS_OF_ROLE[post.role]
    )


def _write_trace(posts: Sequence[Post], at: datetime) -> None:
    AuditEvent.objects.bulk_create(
        AuditEvent(
            at=at,
            actor=post.appointed_by,
            actor_name=post.appointed_by.username if post.appointed_by else "",
            action=Action.APPOINTED,
            subject_type=Post._meta.label_lower,
            subject_id=str(post.pk),
            subject_label=str(post)[:200],
        )
        for post in posts
    )
