"""Of which part of the county, and of which time, a figure speaks."""

from dataclasses import dataclass
from datetime import date

from django.db.models import FilteredRelation, Q, QuerySet

from dashboards.choices import BAND_LIMIT, PURPOSES_OF_USE, Band, Party
from loans.choices import EntryKind
from loans.models import Loan, LoanUnit
from organizations.scope import Scope


@dataclass(frozen=True)
class Selection:
    """What a figure counts: rows inside `scope`, as they stood at the end of `as_of`.

    Empty filters choose everything. `division` is a path: nine digits for a township, twelve for a village. `versions`
    and `programme` are codes, `since` is the first day of paying out. Organizations and people are chosen by
    `registers`, because an outlet reaches cases by its counters but registers by its division.
    """

    scope: Scope
    as_of: date
    registers: Scope = Scope()
    since: date | None = None
    division: str = ""
    programme: str = ""
    versions: tuple[str, ...] = ()
    use: str = ""
    band: str = ""
    borrowers: tuple[str, ...] = ()
    party: str = ""

    def conditions(self) -> Q:
        """Return what a paid-out loan must fulfil. Needs `with_payout`."""
        wanted = self.scope.rows() & Q(payout__value_date__lte=self.as_of)
        if self.since:
            wanted &= Q(payout__value_date__gte=self.since)
        if self.division:
            wanted &= Q(division_path__startswith=self.division)
        if self.programme:
            wanted &= Q(version__programme__code=self.programme)
        if self.versions:
            wanted &= Q(version__code__in=self.versions)
        if self.use:
            wanted &= Q(purpose__in=PURPOSES_OF_USE[self.use])
        if self.borrowers:
            wanted &= Q(application__borrower_kind__in=self.borrowers)
        return wanted & self._band() & self._party()

    def _band(self) -> Q:
        match self.band:
            case Band.UP_TO_LIMIT:
                return Q(payout__amount__lte=BAND_LIMIT)
            case Band.ABOVE_LIMIT:
                return Q(payout__amount__gt=BAND_LIMIT)
        return Q()

    def _party(self) -> Q:
        match self.party:
            case Party.YES:
                return serves_party_household()
            case Party.NO:
                return ~serves_party_household()
        return Q()

    def places(self, field: str) -> Q:
        """Return the condition on a register whose division path is `field`."""
        return self.registers.divisions(field) & Q(**{f"{field}__startswith": self.division})


def serves_party_household() -> Q:
    return Q(pk__in=LoanUnit.objects.filter(has_party_member=True, household__isnull=False).values("loan_id"))


def payouts(selection: Selection) -> "QuerySet[Loan]":
    """Return the loans paid out, each with its one disbursement as `payout` (its amount and its day are counted).

    A loan without such an entry has not been paid out and is not there; an entry without its loan neither.
    """
    paid = FilteredRelation("entries", condition=Q(entries__kind=EntryKind.DISBURSEMENT))
    return Loan.objects.annotate(payout=paid).filter(selection.conditions())
