"""Writing an application down and changing it while it is the clerk's."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import User
from loans.choices import BorrowerKind, Purpose, Side
from loans.models import Application, HelpCommitment, ProgrammeVersion, ServedUnit
from loans.operations.decisions import lock_application
from loans.operations.errors import Blocked, Conflict, NotAllowed
from loans.operations.separation import require_another_person
from loans.operations.trail import ANSWERS, NAMED, contents_of, record_change
from loans.queries.versions import published_version
from loans.rules import check_place
from loans.steps.base import sentence
from loans.steps.facts import Problem
from loans.steps.locks import hold_request
from loans.steps.numbers import next_number
from organizations.choices import OrganizationKind
from organizations.models import Entity, Household, Organization, Person
from organizations.scope import Place, Scope
from web.clock import day_of


@dataclass(frozen=True)
class Helped:
    """A named person whom the borrower promises to help."""

    person_id: int
    kind: str


@dataclass(frozen=True)
class ApplicationData:
    """What the clerk writes down. A draft may lack what is None or empty; amounts are yuan."""

    version_id: int
    borrower_kind: str
    person_id: int
    branch_id: int
    outlet_id: int
    entity_id: int | None = None
    tier_id: int | None = None
    amount_asked: Decimal | None = None
    term_months: int | None = None
    repayment_method: str = ""
    purpose: str = ""
    project_name: str = ""
    plan: str = ""
    project_total: Decimal | None = None
    own_funds: Decimal | None = None
    annual_income: Decimal | None = None
    existing_loans: Decimal | None = None
    consent_signed_on: date | None = None
    project_scale: str = ""
    labour_count: int | None = None
    wants_insurance: bool = False
    served_household_ids: tuple[int, ...] = ()
    helped: tuple[Helped, ...] = ()


@dataclass(frozen=True)
class _Parties:
    version: ProgrammeVersion
    person: Person
    entity: Entity | None
    branch: Organization
    outlet: Organization

    @property
    def place(self) -> Place:
        division = self.entity.division if self.entity else self.person.division
        return Place(branch_path=self.branch.path, division_path=division.path, outlet_path=self.outlet.path)


@transaction.atomic
def create_application(
    *, data: ApplicationData, request_id: UUID, created_by: User, created_at: datetime
) -> Application:
    """Write a draft. The same `request_id` again returns the first one: a double click creates nothing twice.

    Raises Blocked (also when the first one says something else by now), NotAllowed.
    """
    hold_request(request_id)
    earlier = Application.objects.filter(request_id=request_id).first()
    if earlier is not None:
        if earlier.created_by_id != created_by.pk:
            raise NotAllowed
        if not says_the_same(earlier, data):
            text = _("It is already written down as %(number)s, with other contents. Please change it there.")
            raise Blocked([Problem(text % {"number": earlier.number})])
        return earlier
    on = day_of(created_at)
    parties = _parties(data, on)
    created_by.forget_posts()
    if created_by.post_covering(Verb.REFER, parties.place, on=on) is None:
        raise NotAllowed
    _refuse_strangers(data, parties, created_by.people_scope(Verb.REFER, on=on))
    _check(data, parties, on, case=None)
    county = parties.version.programme.division.path
    case = Application(
        number=next_number(f"{county}-{on.year}", digits=5),
        request_id=request_id,
        version=parties.version,
        created_by=created_by,
        created_at=created_at,
        state_since=on,
    )
    _fill(case, data, parties)
    _save_new(case)
    _write_lists(case, data)
    return case


def _save_new(case: Application) -> None:
    try:
        with transaction.atomic():
            case.save()
    except IntegrityError as error:
        if "person_has_one_case_under_way" not in str(error):
            raise
        raise Blocked([Problem(_("This applicant already has an application under way."), "person")]) from error


@transaction.atomic
def edit_application(
    *, application_id: int, data: ApplicationData, revision: int, edited_by: User, edited_at: datetime
) -> Application:
    """Change a draft or a returned case. Raises Conflict when it was changed since, Blocked, NotAllowed.

    Who changes it is of the making side from now on: the trail keeps his name and what was written before.
    """
    case, before = change_application(
        application_id=application_id, data=data, revision=revision, edited_by=edited_by, edited_at=edited_at
    )
    record_change(case, before=before, after=contents_of(case), by=edited_by, at=edited_at)
    return case


def change_application(
    *, application_id: int, data: ApplicationData, revision: int, edited_by: User, edited_at: datetime
) -> tuple[Application, dict[str, str]]:
    """Change a case without a line in the trail, and return it locked with what it said before.

    The caller writes the trail in the same transaction. Contents that are there already change nothing, not even the
    revision. Raises as `edit_application` does.
    """
    on = day_of(edited_at)
    # Branch and outlet first, the case second: in this order a move of the branch takes them, too.
    parties = _parties(data, on)
    case = lock_application(application_id)
    if case.revision != revision or not case.is_editable:
        raise Conflict(case, case.decisions.order_by("-sequence").first())
    edited_by.forget_posts()
    for place in (case.place, parties.place):
        if edited_by.post_covering(Verb.REFER, place, on=on) is None:
            raise NotAllowed
    require_another_person(case, Side.MAKING, edited_by)
    _refuse_strangers(data, parties, edited_by.people_scope(Verb.REFER, on=on))
    _check(data, parties, on, case=case)
    before = contents_of(case)
    if says_the_same(case, data):
        return case, before
    _fill(case, data, parties)
    case.revision += 1
    _save_new(case)
    _rewrite_lists(case, data)
    return case, before


def data_of(case: Application) -> ApplicationData:
    """Return what a case says, as it would be written again."""
    return ApplicationData(
        **{name: getattr(case, name) for name in (*NAMED, *ANSWERS)},
        served_household_ids=tuple(unit.household_id for unit in case.served_units.all() if unit.household_id),
        helped=tuple(Helped(person_id=one.person_id, kind=one.kind) for one in case.commitments.all()),
    )


def says_the_same(case: Application, data: ApplicationData) -> bool:
    """Whether a case holds already what a form would write: then a second click of the button has nothing to do."""
    helped = {(commitment.person_id, commitment.kind) for commitment in case.commitments.all()}
    served = {unit.household_id for unit in case.served_units.all() if unit.household_id}
    return (
        all(getattr(case, name) == getattr(data, name) for name in (*NAMED, *ANSWERS))
        and helped == {(one.person_id, one.kind) for one in data.helped}
        and served - {case.household_id} == set(data.served_household_ids) - {case.household_id}
    )


def _parties(data: ApplicationData, on: date) -> _Parties:
    """Read who and where. An id that does not exist is somebody's forgery: NotAllowed, as for a foreign one.

    Branch and outlet are locked: a case must not keep the path of an organization that is moving at this moment.
    """
    offices = Organization.objects.in_force(on).select_for_update(of=("self",), no_key=True)
    try:
        return _Parties(
            version=published_version(data.version_id),
            person=Person.objects.select_related("division", "household").get(pk=data.person_id),
            entity=Entity.objects.select_related("division").get(pk=data.entity_id) if data.entity_id else None,
            branch=offices.reviewing().select_related("division").get(pk=data.branch_id),
            outlet=offices.of_kind(OrganizationKind.OUTLET).get(pk=data.outlet_id),
        )
    except (ProgrammeVersion.DoesNotExist, Person.DoesNotExist, Entity.DoesNotExist, Organization.DoesNotExist):
        raise NotAllowed from None


def _refuse_strangers(data: ApplicationData, parties: _Parties, scope: Scope) -> None:
    """Refuse people and bodies of registers that the account may not open: their ids were not chosen on a page."""
    named = {helped.person_id for helped in data.helped}
    served = set(data.served_household_ids)
    divisions = [parties.person.division.path, *([parties.entity.division.path] if parties.entity else [])]
    if not all(path.startswith(scope.division_paths) for path in divisions):
        raise NotAllowed
    if named and Person.objects.for_scope(scope).filter(pk__in=named).count() != len(named):
        raise NotAllowed
    if served and Household.objects.for_scope(scope).filter(pk__in=served).count() != len(served):
        raise NotAllowed


def _check(data: ApplicationData, parties: _Parties, on: date, *, case: Application | None) -> None:
    problems = [
        *_version_problems(data, parties, on, case=case),
        *_place_problems(parties),
        *_body_problems(data, parties),
        *_labour_problems(data, parties),
    ]
    if data.purpose == Purpose.CONSUMPTION:
        problems.append(Problem(_("The programme does not lend for consumption."), "purpose"))
    if data.amount_asked is not None and data.amount_asked <= 0:
        problems.append(Problem(_("The amount must be above zero."), "amount_asked"))
    if problems:
        raise Blocked(problems)


def _version_problems(
    data: ApplicationData, parties: _Parties, on: date, *, case: Application | None
) -> list[Problem]:
    version = parties.version
    problems = []
    if case is not None and case.version_id != version.pk:
        problems.append(Problem(_("An application stays under the rules it was made under."), "version"))
    if case is None and not ProgrammeVersion.objects.in_force(on).filter(pk=version.pk).exists():
        problems.append(Problem(_("These rules are not in force today."), "version"))
    if data.tier_id and not version.tiers.filter(pk=data.tier_id).exists():
        problems.append(Problem(_("This class belongs to other rules."), "tier"))
    return problems


def _place_problems(parties: _Parties) -> list[Problem]:
    breaches = check_place(
        division_path=parties.place.division_path,
        county_path=parties.version.programme.division.path,
        branch_division_path=parties.branch.division.path,
    )
    return [sentence(breach) for breach in breaches]


def _body_problems(data: ApplicationData, parties: _Parties) -> list[Problem]:
    is_body = data.borrower_kind in (BorrowerKind.COOPERATIVE, BorrowerKind.COLLECTIVE)
    if is_body and parties.entity is None:
        return [Problem(_("Name the cooperative or collective that borrows."), "entity")]
    if not is_body and parties.entity is not None:
        return [Problem(_("A person or household borrows without a body."), "entity")]
    if parties.entity is not None and parties.entity.kind != data.borrower_kind:
        return [Problem(_("This body is of another kind."), "entity")]
    return []


def _labour_problems(data: ApplicationData, parties: _Parties) -> list[Problem]:
    """A household has no more hands than members. A body's hands are not counted in the register."""
    if data.labour_count is None or parties.entity is not None or parties.person.household is None:
        return []
    members = parties.person.household.members.count()
    if data.labour_count <= members:
        return []
    text = _("The household has %(members)s members in the register.") % {"members": members}
    return [Problem(text, "labour_count")]


def _fill(case: Application, data: ApplicationData, parties: _Parties) -> None:
    place = parties.place
    case.borrower_kind = data.borrower_kind
    case.person, case.entity = parties.person, parties.entity
    case.household = parties.person.household
    case.division = parties.entity.division if parties.entity else parties.person.division
    case.branch, case.outlet = parties.branch, parties.outlet
    case.branch_path, case.division_path, case.outlet_path = place.branch_path, place.division_path, place.outlet_path
    for name in ANSWERS:
        setattr(case, name, getattr(data, name))


def _write_lists(case: Application, data: ApplicationData) -> None:
    """Write whom the loan serves and whom the borrower helps."""
    ServedUnit.objects.bulk_create(ServedUnit(application=case, **unit) for unit in _units(case, data))
    HelpCommitment.objects.bulk_create(
        HelpCommitment(application=case, person_id=one.person_id, kind=one.kind) for one in _helped(data)
    )


def _rewrite_lists(case: Application, data: ApplicationData) -> None:
    """Bring both lists to what is said now. Rows that stay are not touched: others may have said something of them."""
    units = _units(case, data)
    kept = _drop_others(case.served_units, units, ("household_id", "entity_id"))
    ServedUnit.objects.bulk_create(ServedUnit(application=case, **unit) for unit in units if unit not in kept)
    helped = [{"person_id": one.person_id, "kind": one.kind} for one in _helped(data)]
    kept = _drop_others(case.commitments, helped, ("person_id", "kind"))
    HelpCommitment.objects.bulk_create(HelpCommitment(application=case, **one) for one in helped if one not in kept)


def _drop_others(rows: Any, wanted: list[dict[str, Any]], names: tuple[str, ...]) -> list[dict[str, Any]]:
    """Delete the rows that are no longer wanted and return those that stay, each by `names`."""
    found = list(rows.values("pk", *names))
    said = {row["pk"]: {name: row[name] for name in names} for row in found}
    stale = [pk for pk, row in said.items() if row not in wanted]
    if stale:
        rows.filter(pk__in=stale).delete()
    return [row for pk, row in said.items() if pk not in stale]


def _units(case: Application, data: ApplicationData) -> list[dict[str, Any]]:
    """Return the households or the body served. A collective serves itself, a person his household."""
    if case.borrower_kind == BorrowerKind.COLLECTIVE:
        return [{"household_id": None, "entity_id": case.entity_id}]
    households = dict.fromkeys(data.served_household_ids) or dict.fromkeys(filter(None, [case.household_id]))
    return [{"household_id": household_id, "entity_id": None} for household_id in households]


def _helped(data: ApplicationData) -> list[Helped]:
    return list({one.person_id: one for one in data.helped}.values())
