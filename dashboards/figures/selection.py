"""Of which part of the county, and of which time, a figure speaks."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import FilteredRelation, Q, QuerySet

from dashboards.choices import BAND_LIMIT, PURPOSES_OF_USE, Band, Party
from loans.choices import EntryKind
from loans.models import Application, Loan, LoanUnit
from organizations.scope import Scope


@dataclass(frozen=True)
class Selection:
    """What a figure counts: rows inside `scope`, as they stood at the end of `as_of`.

    Empty filters choose everything. `division` is a path: nine digits for a township, twelve for a village. `versions`
    and `programme` are codes, `outlet` is a primary key, `since` the first day of paying out (of handing in, where
    cases are counted). Organizations and people are chosen by `registers`, because an outlet reaches cases by its
    counters but registers by its division. With `known_at` only what was recorded by then counts.
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
    outlet: int | None = None
    known_at: datetime | None = None

    def conditions(self) -> Q:
        """Return what a paid-out loan must fulfil. Needs `payout`."""
        wanted = self.scope.rows() & _set(
            ("payout__value_date__lte", self.as_of),
            ("payout__value_date__gte", self.since),
            ("payout__recorded_at__lte", self.known_at),
            ("application__borrower_kind__in", self.borrowers),
        )
        return wanted & self.rules() & self._band() & self._party()

    def rules(self) -> Q:
        """Return what loans and cases fulfil alike: place, counter, programme, purpose."""
        return _set(
            ("division_path__startswith", self.division),
            ("outlet", self.outlet),
            ("version__programme__code", self.programme),
            ("version__code__in", self.versions),
            ("purpose__in", PURPOSES_OF_USE[self.use] if self.use else ()),
        )

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


def cases_of(selection: Selection) -> "QuerySet[Application]":
    """Return the applications handed in from `since` to the selection's day; size and Party do not matter."""
    handed_in = _set(
        ("submitted_at__date__lte", selection.as_of),
        ("submitted_at__date__gte", selection.since),
        ("submitted_at__lte", selection.known_at),
        ("borrower_kind__in", selection.borrowers),
    )
    return Application.objects.filter(selection.scope.rows() & selection.rules() & handed_in)


def _set(*filters: tuple[str, object]) -> Q:
    """Return the condition of those filters that are set."""
    return Q(**{field: value for field, value in filters if value})
