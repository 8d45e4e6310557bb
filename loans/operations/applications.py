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
from audit.choices import Action
from audit.operations import record
from loans.choices import BorrowerKind, Purpose, Side
from loans.models import Application, HelpCommitment, ProgrammeVersion, ServedUnit
from loans.operations.decisions import lock_application
from loans.operations.errors import Blocked, Conflict, NotAllowed
from loans.operations.separation import require_another_person
from loans.queries.versions import published_version
from loans.steps.facts import Problem
from loans.steps.locks import hold_request
from loans.steps.numbers import next_number
from organizations.choices import OrganizationKind
from organizations.models import Entity, Household, Organization, Person
from organizations.scope import Place, Scope
from web.clock import day_of

# What of an application is a plain answer; the rest are rows that it names.
ANSWERS = (
    "tier_id", "amount_asked", "term_months", "repayment_method", "purpose", "project_name", "plan",
    "project_total", "own_funds", "annual_income", "existing_loans", "consent_signed_on",
)  # fmt: skip
SILENT = ("plan", "served_units", "commitments")
NAMED = ("version_id", "borrower_kind", "person_id", "branch_id", "outlet_id", "entity_id")


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
            sentence = _("It is already written down as %(number)s, with other contents. Please change it there.")
            raise Blocked([Problem(sentence % {"number": earlier.number})])
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
    _fill(case, data, parties)
    case.revision += 1
    _save_new(case)
    case.served_units.all().delete()
    case.commitments.all().delete()
    _write_lists(case, data)
    _record_change(case, before, edited_by, edited_at)
    return case


def contents_of(case: Application) -> dict[str, str]:
    """Return what a case says, as text by name of the answer."""
    names = [name.removesuffix("_id") for name in (*NAMED, *ANSWERS)]
    said: dict[str, Any] = {name: getattr(case, name) for name in names}
    said["served_units"] = sorted(unit.household_id or 0 for unit in case.served_units.all())
    said["commitments"] = sorted((one.person_id, one.kind) for one in case.commitments.all())
    return {name: "" if value is None else str(value) for name, value in said.items()}


def _record_change(case: Application, before: dict[str, str], edited_by: User, edited_at: datetime) -> None:
    """Write down what changed; of the long plan and of the people named only that it did."""
    after = contents_of(Application.objects.get(pk=case.pk))
    changes = {
        name: [] if name in SILENT else [before[name], after[name]] for name in before if before[name] != after[name]
    }
    if changes:
        record(action=Action.CHANGED, actor=edited_by, at=edited_at, subject=case, detail=changes)


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
    problems = []
    if not parties.place.division_path.startswith(parties.version.programme.division.path):
        problems.append(Problem(_("The applicant lives outside the county of the programme."), "person"))
    if parties.branch.division.path[:9] != parties.place.division_path[:9]:
        problems.append(Problem(_("The branch lies in another township than the applicant."), "branch"))
    return problems


def _body_problems(data: ApplicationData, parties: _Parties) -> list[Problem]:
    is_body = data.borrower_kind in (BorrowerKind.COOPERATIVE, BorrowerKind.COLLECTIVE)
    if is_body and parties.entity is None:
        return [Problem(_("Name the cooperative or collective that borrows."), "entity")]
    if not is_body and parties.entity is not None:
        return [Problem(_("A person or household borrows without a body."), "entity")]
    if parties.entity is not None and parties.entity.kind != data.borrower_kind:
        return [Problem(_("This body is of another kind."), "entity")]
    return []


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
    """Write whom the loan serves and whom the borrower helps. A collective serves itself, a person his household."""
    if case.borrower_kind == BorrowerKind.COLLECTIVE:
        units = [ServedUnit(application=case, entity=case.entity)]
    else:
        households = dict.fromkeys(data.served_household_ids) or dict.fromkeys(filter(None, [case.household_id]))
        units = [ServedUnit(application=case, household_id=household_id) for household_id in households]
    ServedUnit.objects.bulk_create(units)
    if data.helped:
        HelpCommitment.objects.bulk_create(
            HelpCommitment(application=case, person_id=helped.person_id, kind=helped.kind)
            for helped in {helped.person_id: helped for helped in data.helped}.values()
        )
