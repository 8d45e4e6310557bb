"""Branch meetings: who belongs to one, who must leave the room for which case, what is on the agenda."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Prefetch, Q, QuerySet

from accounts.choices import Verb
from accounts.models import User
from loans.choices import MeetingState, RecusalCause, StepCode
from loans.models import Application, Meeting, MeetingAttendance, MeetingItem, MeetingRecusal, ServedUnit
from loans.models.meetings import MeetingQuerySet
from loans.queries.paging import Keyset
from loans.queries.work import waiting_for
from loans.rules import Votes
from organizations.choices import MemberStanding, MemberStatus
from organizations.models import Organization, PartyMember
from organizations.scope import Place, Scope

NEWEST_FIRST = Keyset("held_at", datetime.fromisoformat, descending=True)
READING_VERBS = (Verb.REVIEW, Verb.FILE)


def place_of(branch: Organization) -> Place:
    """Return where the meetings of a branch lie: what a post must cover to hold or to read one."""
    return Place(branch_path=branch.path, division_path=branch.division.path, outlet_path="")


def reading_scope(user: User, *, on: date) -> Scope:
    """Return the branches whose records an account reads: those it reviews or files for."""
    scope = Scope()
    for verb in READING_VERBS:
        scope |= user.scope(verb, on=on)
    return scope


def branches_of(user: User, *, on: date) -> list[Organization]:
    """Return the branches for which an account may hold a meeting, in the order of the tree."""
    scope = user.scope(Verb.REVIEW, on=on)
    condition = Q(pk__in=[])
    for path in scope.branch_paths:
        condition |= Q(path__startswith=path)
    for path in scope.division_paths:
        condition |= Q(division__path__startswith=path)
    found = Organization.objects.in_force(on).reviewing().filter(condition)
    return list(found.select_related("division").order_by("path"))


def members_on(branch: Organization, day: date) -> list[PartyMember]:
    """Return who was a member of a branch (of a general branch: of its branches) on a day, in the order of names."""
    here = Q(memberships__branch__path__startswith=branch.path, memberships__valid_from__lte=day) & (
        Q(memberships__valid_to=None) | Q(memberships__valid_to__gte=day)
    )
    members = PartyMember.objects.filter(here, Q(left_on=None) | Q(left_on__gte=day), joined_on__lte=day)
    return list(members.select_related("person").distinct().order_by("person__pinyin", "pk"))


def is_full_member(member: PartyMember, day: date) -> bool:
    return member.status == MemberStatus.FULL and member.full_from is not None and member.full_from <= day


def has_vote(member: PartyMember, day: date) -> bool:
    """Whether a member votes: a full one, and not one who is only kept in the Party on probation."""
    return is_full_member(member, day) and member.standing in (MemberStanding.GOOD, MemberStanding.WARNED)


def recusals_of(case: Application, members: Iterable[PartyMember]) -> dict[int, RecusalCause]:
    """Return which members the register ties to a case and how: they must leave the room.

    Needs the case with `entity`, `introducer` and `served_units`, the members with `person`: no query.
    """
    served = {unit.household_id for unit in case.served_units.all() if unit.household_id}
    found: dict[int, RecusalCause] = {}
    for member in members:
        person, household = member.person_id, member.person.household_id
        if person == case.person_id:
            found[member.pk] = RecusalCause.APPLICANT
        elif case.entity is not None and person == case.entity.representative_id:
            found[member.pk] = RecusalCause.REPRESENTATIVE
        elif household is not None and household == case.household_id:
            found[member.pk] = RecusalCause.HOUSEHOLD
        elif household is not None and household in served:
            found[member.pk] = RecusalCause.SERVED
        elif member.pk == case.introducer_id:
            found[member.pk] = RecusalCause.INTRODUCER
    return found


def cases_for_agenda(user: User, branch: Organization, *, on: date) -> "QuerySet[Application]":
    """Return the cases of a branch that wait for its review, the most urgent first."""
    waiting = waiting_for(user, on=on, steps=(StepCode.BRANCH_REVIEW,)).filter(branch=branch)
    return with_ties(waiting).order_by("queue_date", "pk")


def with_ties(cases: "QuerySet[Application]") -> "QuerySet[Application]":
    """Add what `recusals_of` and a line of the agenda need."""
    units = ServedUnit.objects.only("household_id", "application_id")
    return cases.select_related("person", "entity", "introducer", "division", "branch").prefetch_related(
        Prefetch("served_units", queryset=units)
    )


def meeting_rows(scope: Scope) -> "QuerySet[Meeting]":
    """Return the meetings of a scope with the number of their cases and of those decided."""
    return (
        Meeting.objects.for_scope(scope)
        .select_related("branch", "chair__person")
        .annotate(cases=Count("items"), decided=Count("items", filter=Q(items__decision__isnull=False)))
    )


def meetings_in_full() -> MeetingQuerySet:
    """Return meetings with all that the page of one shows: attendance, agenda, recusals. Narrow it to one."""
    attendance = MeetingAttendance.objects.select_related("member__person").order_by("member__person__pinyin", "pk")
    recusals = MeetingRecusal.objects.select_related("member__person").order_by("member__person__pinyin", "pk")
    items = (
        MeetingItem.objects.select_related(
            "application__person", "application__entity", "application__introducer", "application__division",
            "decision",
        )
        .prefetch_related(Prefetch("recusals", queryset=recusals), "application__served_units")
        .order_by("position", "pk")
    )  # fmt: skip
    meetings: MeetingQuerySet = Meeting.objects.select_related(
        "branch__division", "chair__person", "recorder__person", "opened_by", "closed_by"
    ).prefetch_related(Prefetch("attendance", queryset=attendance), Prefetch("items", queryset=items))
    return meetings


@dataclass(frozen=True)
class Room:
    """Who is in the room, by the keys of members: the called who vote, and those of them who came."""

    voters: frozenset[int]
    present: frozenset[int]

    @property
    def has_quorum(self) -> bool:
        return 2 * len(self.present) > len(self.voters)


def room_of(attendance: Sequence[MeetingAttendance]) -> Room:
    voters = frozenset(one.member_id for one in attendance if one.is_called and one.has_vote)
    return Room(voters, frozenset(one.member_id for one in attendance if one.is_present and one.member_id in voters))


def votes_of(item: MeetingItem, room: Room, recused: Iterable[int]) -> Votes:
    """Return the count of one case: those who left the room count neither as called nor as present."""
    outside = room.voters & frozenset(recused)
    return Votes(
        entitled=len(room.voters),
        present=len(room.present - outside),
        in_favour=item.in_favour or 0,
        against=item.against or 0,
        abstained=item.abstained or 0,
        recused=len(outside),
    )


def other_open_meetings(case_ids: Sequence[int], *, without: Meeting | None = None) -> dict[int, str]:
    """Return in which other meeting in preparation a case is on the agenda already: case → number."""
    items = MeetingItem.objects.filter(application__in=case_ids, meeting__state=MeetingState.OPEN)
    if without is not None:
        items = items.exclude(meeting=without)
    return dict(items.values_list("application_id", "meeting__number"))
