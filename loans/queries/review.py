"""What the review of a queue needs besides its cases: what is left to give, sentences, checks, neighbours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import User
from loans.choices import Outcome, StepCode
from loans.models import Application, ApplicationDecision, Phrase, Quota, SubsidyBudget
from loans.queries.eligibility import rows_of
from loans.queries.help import teller
from loans.queries.rule_rows import Level, Row
from loans.queries.situation import Situation
from web.layout import Check, Tone

# The steps whose queues are read side by side: the list, the dossier, the decision.
REVIEWED = (StepCode.BRANCH_REVIEW, StepCode.COMMITTEE_FILING, StepCode.SUBSIDY_CONFIRMATION)
APPROVING = (Outcome.PASS, Outcome.CONFIRM)
TONES = {
    Level.KEPT: Tone.OK,
    Level.NOTED: Tone.WARN,
    Level.SOFT: Tone.WARN,
    Level.BROKEN: Tone.BAD,
    Level.OPEN: Tone.WARN,
}


@dataclass(frozen=True)
class Pot:
    """A township's quota, or a budget, of a year: amounts in yuan."""

    name: str
    year: int
    total: Decimal
    used: Decimal

    @property
    def left(self) -> Decimal:
        return self.total - self.used

    @property
    def percent(self) -> int:
        """How much is used, in whole percent, rounded down: what is full reads 100 only when nothing is left."""
        return int(self.used * 100 / self.total) if self.total else 100


def pots_of(user: User, step: str, *, on: date) -> list[Pot]:
    """Return what an account may still give away at a step this year. At most one question."""
    match step:
        case StepCode.COMMITTEE_FILING:
            return _quotas(user, on)
        case StepCode.SUBSIDY_CONFIRMATION:
            return _budgets(user, on)
    return []


def _quotas(user: User, on: date) -> list[Pot]:
    scope = user.people_scope(Verb.FILE, on=on)
    rows = Quota.objects.filter(scope.divisions("township__path"), year=on.year, version__state="published")
    named = rows.annotate(programme=F("version__name"), place=F("township__short_name")).order_by(
        "township__code", "version"
    )
    return [Pot(f"{row.place} · {row.programme}", row.year, row.total, row.used) for row in named]


def _budgets(user: User, on: date) -> list[Pot]:
    county = user.people_scope(Verb.CONFIRM_SUBSIDY, on=on)
    rows = SubsidyBudget.objects.filter(
        county.divisions("version__programme__division__path"), year__gte=on.year - 1, year__lte=on.year
    )
    named = rows.annotate(name=F("version__name")).order_by("-year", "version")
    return [Pot(row.name, row.year, row.appropriated, row.reserved) for row in named]


def phrases_of(user: User, step: str) -> "QuerySet[Phrase]":
    """Return the sentences an account may choose from at a step: its own first, then everybody's."""
    return Phrase.objects.filter(Q(owner=user) | Q(owner=None), step=step).order_by(
        "outcome", F("owner").asc(nulls_last=True), "pk"
    )


def kept_phrases(user: User, steps: Sequence[str]) -> "QuerySet[Phrase]":
    """Return the account's own sentences and everybody's at some steps, as a page lists them."""
    return Phrase.objects.filter(Q(owner=user) | Q(owner=None), step__in=steps).order_by(
        F("owner").asc(nulls_last=True), "step", "outcome", "pk"
    )


@dataclass(frozen=True)
class Checks:
    """The rules of the version as they stand for a case: what needs attention, the worst first, and what is kept."""

    attention: Sequence[Check]
    kept: Sequence[Check]


def checks_of(case: Application, user: User, *, on: date) -> Checks:
    """Return the rules on a case; other cases are named to whom they are in reach."""
    rows = rows_of(Situation(case, case.version, on, tells=teller(user, on)))
    order = [Level.BROKEN, Level.SOFT, Level.NOTED, Level.OPEN]
    attention = sorted((row for row in rows if row.level in order), key=lambda row: order.index(row.level))
    return Checks([_check(row) for row in attention], [_check(row) for row in rows if row.level is Level.KEPT])


def _check(row: Row) -> Check:
    text = _("%(rule)s: %(figure)s") % {"rule": row.title, "figure": row.figure} if row.figure else str(row.title)
    return Check(text, TONES[row.level], note=" ".join(filter(None, [*row.sentences, row.clause])))


def neighbours(rows: Sequence[Application], case: Application) -> tuple[Application | None, Application | None]:
    """Return the case before and the case after one in a list; of one that is not in it, none and the first."""
    places = [row.pk for row in rows]
    if case.pk not in places:
        return None, rows[0] if rows else None
    here = places.index(case.pk)
    return rows[here - 1] if here else None, rows[here + 1] if here + 1 < len(rows) else None


def own_decision(decision_id: int, user: User) -> ApplicationDecision | None:
    """Return a decision this account made, with its case."""
    rows = ApplicationDecision.objects.filter(decided_by=user)
    return rows.select_related("application__person", "application__entity").filter(pk=decision_id).first()
