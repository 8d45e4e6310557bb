"""What households and bodies owe and ask for together, across programmes (户内合计): each case counts once.

A case counts for those whom it serves: a body's loan for the body, another one for the households served, in equal
shares to the fen. The share of the borrower's own household follows him when he moves to another one. A live loan
counts with its principal less what was repaid: so extensions and renewals, which lend nothing anew, add nothing, and
what is not drawn yet is counted. Before it is paid out a case counts with what was granted, or else asked for.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.db import connection

from finance.money import ZERO, allocate, from_fen
from organizations.scope import Place


class Kind(StrEnum):
    """What a line is: money owed, a request under way, or a loan written off, which is shown but counts nothing."""

    OWED = "owed"
    UNDER_WAY = "under_way"
    WRITTEN_OFF = "written_off"


@dataclass(frozen=True)
class Line:
    """The share of one case in what a household or body is exposed to, in yuan."""

    case_id: int
    number: str
    contract_number: str
    borrower: str
    kind: Kind
    amount: Decimal
    overdue_since: date | None
    place: Place

    @property
    def reference(self) -> str:
        return self.contract_number or self.number


@dataclass(frozen=True)
class Exposure:
    """All that one household or body is exposed to."""

    lines: tuple[Line, ...] = ()

    @property
    def owed(self) -> Decimal:
        return _sum_of(self.lines, Kind.OWED)

    @property
    def under_way(self) -> Decimal:
        return _sum_of(self.lines, Kind.UNDER_WAY)

    @property
    def total(self) -> Decimal:
        return self.owed + self.under_way

    def of_kind(self, kind: Kind) -> list[Line]:
        return [line for line in self.lines if line.kind == kind]

    @property
    def overdue(self) -> list[Line]:
        return [line for line in self.lines if line.kind == Kind.OWED and line.overdue_since]


NOTHING = Exposure()


def _sum_of(lines: Collection[Line], kind: Kind) -> Decimal:
    return sum((line.amount for line in lines if line.kind == kind), start=ZERO)


@dataclass(frozen=True)
class Exposures:
    """What was found for the households and bodies asked about; nothing for those that owe nothing."""

    households: Mapping[int, Exposure]
    bodies: Mapping[int, Exposure]

    def of_household(self, household_id: int) -> Exposure:
        return self.households.get(household_id, NOTHING)

    def of_body(self, entity_id: int) -> Exposure:
        return self.bodies.get(entity_id, NOTHING)


# `concerned` are the few cases that can count for anybody asked about; `counted` what each of them comes to in fen.
STATEMENT = """
WITH concerned AS (
    SELECT application_id AS id FROM loans_servedunit WHERE household_id = ANY(%(households)s)
    UNION
    SELECT a.id FROM loans_application a JOIN organizations_person p ON p.id = a.person_id
        WHERE p.household_id = ANY(%(households)s)
    UNION
    SELECT id FROM loans_application WHERE entity_id = ANY(%(bodies)s)
), counted AS (
    SELECT a.id, a.number, a.entity_id, a.household_id, a.borrower_kind, p.household_id AS home_id,
        COALESCE(e.name, p.name) AS borrower, a.branch_path, a.division_path, a.outlet_path,
        COALESCE(l.contract_number, '') AS contract_number, s.overdue_since,
        CASE l.state WHEN 'live' THEN 'owed' WHEN 'written_off' THEN 'written_off' ELSE 'under_way' END AS kind,
        (100 * CASE
            WHEN l.id IS NULL THEN COALESCE(a.amount_granted, a.amount_asked)
            ELSE l.principal - COALESCE((
                SELECT SUM(n.amount) FROM loans_loanentry n
                WHERE n.loan_id = l.id AND n.kind IN ('principal', 'write_off')
                AND NOT EXISTS (SELECT 1 FROM loans_loanentry r WHERE r.reverses_id = n.id)), 0)
        END)::bigint AS fen
    FROM concerned c
    JOIN loans_application a ON a.id = c.id
    JOIN organizations_person p ON p.id = a.person_id
    LEFT JOIN organizations_entity e ON e.id = a.entity_id
    LEFT JOIN loans_loan l ON l.application_id = a.id
    LEFT JOIN loans_loanstanding s ON s.loan_id = l.id
    WHERE a.id <> %(without)s
    AND (l.state IN ('live', 'written_off')
        OR (%(with_cases)s AND l.id IS NULL AND a.state IN ('open', 'returned') AND a.submitted_at IS NOT NULL))
), shared AS (
    SELECT c.*, NULL::bigint AS body_id,
        CASE WHEN u.household_id = c.household_id THEN COALESCE(c.home_id, c.household_id)
            ELSE u.household_id END AS served_id,
        COUNT(*) OVER (PARTITION BY c.id) AS parts,
        ROW_NUMBER() OVER (PARTITION BY c.id ORDER BY u.household_id) AS part
    FROM counted c JOIN loans_servedunit u ON u.application_id = c.id
    WHERE c.entity_id IS NULL
    UNION ALL
    SELECT c.*, c.entity_id, NULL::bigint, 1, 1 FROM counted c WHERE c.entity_id IS NOT NULL
    UNION ALL
    SELECT c.*, NULL::bigint, c.home_id, 1, 1 FROM counted c
    WHERE %(with_nominal)s AND c.borrower_kind = 'collective' AND c.home_id IS NOT NULL
)
SELECT served_id, body_id, id, number, contract_number, borrower, kind,
    fen / parts + CASE WHEN part <= fen %% parts THEN 1 ELSE 0 END,
    overdue_since, branch_path, division_path, outlet_path
FROM shared
WHERE served_id = ANY(%(households)s) OR body_id = ANY(%(bodies)s)
ORDER BY id, served_id, body_id
"""


def exposures_of(
    *,
    household_ids: Collection[int] = (),
    body_ids: Collection[int] = (),
    without: int | None = None,
    with_cases: bool = True,
    with_nominal: bool = False,
) -> Exposures:
    """Return what these households and bodies are exposed to. One statement, however many they are.

    `without` leaves out a case (the one that is being looked at); `with_cases` False leaves out what is not paid out
    yet; `with_nominal` lets a collective's loan count for the household of the member in whose name it runs, too.
    """
    values: dict[str, list[int] | int | bool] = {
        "households": list(household_ids),
        "bodies": list(body_ids),
        "without": without or 0,
        "with_cases": with_cases,
        "with_nominal": with_nominal,
    }
    households: dict[int, list[Line]] = defaultdict(list)
    bodies: dict[int, list[Line]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, values)
        for served_id, body_id, *row in cursor.fetchall():
            whose = households[served_id] if body_id is None else bodies[body_id]
            whose.append(_line(*row))
    return Exposures(
        households={key: Exposure(tuple(lines)) for key, lines in households.items()},
        bodies={key: Exposure(tuple(lines)) for key, lines in bodies.items()},
    )


def _line(
    case_id: int, number: str, contract_number: str, borrower: str, kind: str, fen: int, overdue_since: date | None,
    branch_path: str, division_path: str, outlet_path: str,
) -> Line:  # fmt: skip
    return Line(
        case_id=case_id,
        number=number,
        contract_number=contract_number,
        borrower=borrower,
        kind=Kind(kind),
        amount=from_fen(fen),
        overdue_since=overdue_since,
        place=Place(branch_path=branch_path, division_path=division_path, outlet_path=outlet_path),
    )


def parts_of(amount: Decimal, parts: int) -> list[Decimal]:
    """Return an amount in equal shares, the first ones a fen larger where it does not divide: like the statement."""
    return allocate(amount, [1] * parts)
