"""Loans for figures, by the dozen: rows written directly, without the steps that lead to them.

    lend(Order(village, "50000", date(2013, 9, 10)), Order(village, "60000", date(2013, 10, 8), purpose="crops"))

What tests about a single case start from is in tests/factories/loans.py.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import count

from django.db import connection

from accounts.models import User
from finance.daycount import add_months
from loans.choices import BorrowerKind, EntryKind, Purpose, RepaymentMethod, StepCode
from loans.models import Application, Loan, LoanEntry, LoanUnit, ProgrammeVersion
from organizations.models import Entity, Household, Organization
from tests.factories.county import Village
from tests.factories.organizations import EntityFactory
from workflow.choices import CaseState

_running = count(1)
TERM_MONTHS = 12


@dataclass
class Order:
    """One loan to make. Without `households` and `entity` it serves the household of the village's farmer.

    `party` lists the households that had a member in the Party; `version` is a code of the jianchuan programme.
    """

    village: Village
    amount: str
    day: date
    purpose: str = Purpose.LIVESTOCK
    households: list[Household] = field(default_factory=list)
    party: list[Household] = field(default_factory=list)
    entity: Entity | None = None
    borrower_kind: str = BorrowerKind.PERSON
    version: str = ""
    outlet: Organization | None = None
    reserved: str = "0"

    @property
    def served(self) -> list[Household]:
        return self.households if self.households or self.entity else [self.village.farmer.household]

    @property
    def code(self) -> str:
        return self.version or str(self.day.year)


def lend(*orders: Order) -> list[Loan]:
    """Write the loans with their applications, units and disbursements: five statements, however many there are."""
    versions = {
        v.code: v for v in ProgrammeVersion.objects.filter(programme__code="jianchuan").prefetch_related("tiers")
    }
    clerk = User.objects.filter(is_system=False).order_by("pk")[0]
    cases = Application.objects.bulk_create([_case(order, versions[order.code], clerk) for order in orders])
    loans = Loan.objects.bulk_create([_loan(order, case) for order, case in zip(orders, cases, strict=True)])
    pairs = list(zip(orders, loans, strict=True))
    LoanEntry.objects.bulk_create([_entry(order, loan, clerk) for order, loan in pairs])
    LoanUnit.objects.bulk_create([unit for order, loan in pairs for unit in _units(order, loan)])
    return loans


def lend_to_cooperative(village: Village, amount: str, day: date, **fields: object) -> Loan:
    """Make a loan to a cooperative of its own, which is the unit it serves unless households are named."""
    entity = EntityFactory(division=village.division, representative=village.farmer)
    return lend(Order(village, amount, day, entity=entity, borrower_kind=BorrowerKind.COOPERATIVE, **fields))[0]


def delete_loan(loan: Loan) -> None:
    """Delete a loan as only somebody with the database in his hands could: its entries and units stay orphaned."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what was inserted is checked now, not after the deletion
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM loans_loan WHERE id = %s", [loan.pk])
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _places(order: Order) -> dict[str, object]:
    outlet = order.outlet or Organization.objects.get(kind="outlet", division__path=order.village.division.path[:9])
    return {
        "division": order.village.division,
        "division_path": order.village.division.path,
        "branch": order.village.branch,
        "branch_path": order.village.branch.path,
        "outlet": outlet,
        "outlet_path": outlet.path,
    }  # fmt: skip


def _case(order: Order, version: ProgrammeVersion, clerk: User) -> Application:
    amount, at = Decimal(order.amount), datetime.combine(order.day, time(4), tzinfo=UTC)
    person = order.served[0].head if order.served else order.village.farmer
    budget = version.budgets.first() if Decimal(order.reserved) else None
    return Application(
        **_places(order), number=f"F{next(_running):06}", version=version, borrower_kind=order.borrower_kind,
        person=person or order.village.farmer, household=person.household if person else None, entity=order.entity,
        tier=version.tiers.all()[0], amount_asked=amount, amount_granted=amount, term_months=TERM_MONTHS,
        term_granted=TERM_MONTHS, repayment_method=RepaymentMethod.LUMP_SUM, purpose=order.purpose,
        project_name="生猪养殖", plan="扩建猪舍。", project_total=amount, own_funds=0, annual_income=30_000,
        existing_loans=0, consent_signed_on=order.day, step=StepCode.DISBURSEMENT, state=CaseState.LENT,
        state_since=order.day, subsidy_reserved=Decimal(order.reserved), budget=budget, created_by=clerk,
        created_at=at, submitted_at=at,
    )  # fmt: skip


def _loan(order: Order, case: Application) -> Loan:
    return Loan(
        **_places(order), application=case, version=case.version, contract_number=f"合同{case.number}",
        principal=case.amount_granted, benchmark_percent=Decimal("6.0000"), rate_percent=Decimal("7.2000"),
        day_count=case.version.day_count, repayment_method=case.repayment_method, term_months=TERM_MONTHS,
        start_date=order.day, due_date=add_months(order.day, TERM_MONTHS), purpose=order.purpose,
    )  # fmt: skip


def _entry(order: Order, loan: Loan, clerk: User) -> LoanEntry:
    return LoanEntry(
        loan=loan, kind=EntryKind.DISBURSEMENT, amount=Decimal(order.amount), value_date=order.day,
        bank_reference=f"核发{loan.contract_number}", recorded_by=clerk,
        recorded_at=datetime.combine(order.day, time(4), tzinfo=UTC),
    )  # fmt: skip


def _units(order: Order, loan: Loan) -> list[LoanUnit]:
    if not order.served:
        return [LoanUnit(loan=loan, entity=order.entity, has_party_member=False)]
    return [
        LoanUnit(loan=loan, household=household, has_party_member=household in order.party)
        for household in order.served
    ]
