"""The lines of a batch by township, for papers."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Substr

from finance.money import ZERO
from organizations.models import Division
from organizations.scope import Scope
from subsidies.choices import LineKind
from subsidies.models import SubsidyBatch, SubsidyLine
from subsidies.queries.lines import lines_of, with_borrowers

TOWNSHIP_DIGITS = 9


@dataclass(frozen=True)
class TownshipSum:
    """What the lines of a township come to. Amounts in yuan."""

    path: str
    name: str
    loans: int = 0
    borrowers: int = 0
    principal: Decimal = ZERO
    ordinary: Decimal = ZERO
    difference: Decimal = ZERO

    @property
    def amount(self) -> Decimal:
        return self.ordinary + self.difference


def township_sums(*, batch: SubsidyBatch, scope: Scope, place: str = "") -> list[TownshipSum]:
    """Return the townships of a batch in the official order, those without a line left out. Two queries."""
    lines = paper_lines(batch=batch, scope=scope, place=place).annotate(
        township=Substr("loan__division_path", 1, TOWNSHIP_DIGITS)
    )
    ordinary, difference = Q(kind=LineKind.ORDINARY), Q(kind=LineKind.DIFFERENCE)
    rows = {
        row["township"]: row
        for row in lines.order_by()
        .values("township")
        .annotate(
            loans=Count("loan", distinct=True),
            households=Count("loan__application__household", distinct=True, filter=Q(loan__application__entity=None)),
            bodies=Count("loan__application__entity", distinct=True),
            principal=Sum("loan__principal", filter=ordinary, default=ZERO),
            ordinary=Sum("amount", filter=ordinary, default=ZERO),
            difference=Sum("amount", filter=difference, default=ZERO),
        )
    }
    return [
        TownshipSum(
            path=division.path,
            name=division.name,
            loans=row["loans"],
            borrowers=row["households"] + row["bodies"],
            principal=row["principal"],
            ordinary=row["ordinary"],
            difference=row["difference"],
        )
        for division in Division.objects.filter(path__in=rows).in_official_order()
        for row in [rows[division.path]]
    ]


def paper_lines(*, batch: SubsidyBatch, scope: Scope, place: str = "") -> "QuerySet[SubsidyLine]":
    """Return what a roster on paper lists: the lines that move money, in order of village and contract."""
    lines = with_borrowers(lines_of(batch=batch, scope=scope)).exclude(amount=0)
    if place:
        lines = lines.filter(loan__division_path__startswith=place)
    return lines.order_by("loan__division_path", "loan__contract_number", "last_day", "pk")
