"""One case with everything its page shows, in a constant number of queries, and what is read off it."""

from decimal import Decimal

from django.db.models import Prefetch, QuerySet

from accounts.queries import principals_of
from finance.money import ZERO
from loans.choices import HOLDING_OBJECTIONS, PAID_OUT_KINDS, EntryKind, NoticeState, Outcome
from loans.models import Application, ApplicationDecision, Loan, LoanEntry, Objection, PublicNotice, ServedUnit
from loans.queries.recalls import effective
from organizations.choices import HouseholdRelation
from organizations.models import Person


def cases_in_full() -> QuerySet[Application]:
    """Return the cases with all that the page of one shows, but for the rules: see `queries.versions`.

    Narrow it to one case before reading: it asks for a lot.
    """
    heads = Person.objects.filter(relation=HouseholdRelation.HEAD)
    units = ServedUnit.objects.select_related("household__division", "entity").prefetch_related(
        Prefetch("household__members", queryset=heads)
    )
    decisions = principals_of(
        ApplicationDecision.objects.select_related("decided_by", "organization").order_by("-sequence")
    )
    objections = Objection.objects.select_related("recorded_by", "settled_by").order_by("received_on", "pk")
    notices = (
        PublicNotice.objects.select_related("roster__organization")
        .prefetch_related(Prefetch("objections", queryset=objections))
        .order_by("-pk")
    )
    entries = LoanEntry.objects.select_related("reversed_by").order_by("value_date", "pk")
    return Application.objects.select_related(
        "person__household",
        "person__party_member",
        "person__division",
        "entity__representative",
        "household",
        "tier",
        "division__parent",
        "branch",
        "outlet",
        "introducer__person",
        "quota",
        "budget",
        "created_by",
        "loan",
    ).prefetch_related(
        "commitments__person",
        Prefetch("served_units", queryset=units),
        Prefetch("decisions", queryset=decisions),
        Prefetch("notices", queryset=notices),
        Prefetch("loan__entries", queryset=entries),
    )


def loans_in_full() -> QuerySet[Loan]:
    """Return the loans with all that the page of one shows."""
    entries = LoanEntry.objects.select_related("recorded_by", "reversed_by").order_by("value_date", "pk")
    return Loan.objects.select_related(
        "application__person", "application__entity", "version", "division__parent", "outlet", "branch", "standing"
    ).prefetch_related(Prefetch("entries", queryset=entries))


def decisions_of(case: Application) -> list[ApplicationDecision]:
    """Return the decisions, newest first. Needs `cases_in_full`."""
    return list(case.decisions.all())


def last_decision(case: Application, step: str) -> ApplicationDecision | None:
    """Return the newest decision at a step that was not taken back. Needs `cases_in_full`."""
    return next((decision for decision in effective(case.decisions.all()) if decision.step == step), None)


def return_of(case: Application) -> ApplicationDecision | None:
    """Return the decision that sent a case back, while nobody has decided on it since. Needs `cases_in_full`."""
    newest = next(iter(effective(case.decisions.all())), None)
    is_sent_back = newest is not None and newest.outcome == Outcome.RETURN and case.is_waiting
    return newest if is_sent_back else None


def running_notice_of(case: Application) -> PublicNotice | None:
    """Return the notice that hangs now. Needs `cases_in_full`."""
    return next((notice for notice in case.notices.all() if notice.state == NoticeState.RUNNING), None)


def is_objected(notice: PublicNotice | None) -> bool:
    """Whether an objection to a notice waits, is open or was upheld."""
    if notice is None:
        return False
    return any(objection.state in HOLDING_OBJECTIONS for objection in notice.objections.all())


def open_objections(case: Application) -> list[Objection]:
    """Return what the township committee still has to look into. Needs `cases_in_full`."""
    return [
        objection
        for notice in case.notices.all()
        for objection in notice.objections.all()
        if objection.is_pending and notice.state == NoticeState.RUNNING
    ]


def loan_of(case: Application) -> Loan | None:
    """Return the loan of a paid-out case."""
    return getattr(case, "loan", None)


def effective_entries(loan: Loan) -> list[LoanEntry]:
    """Return the entries that count (see LoanEntryQuerySet.effective), from the entries already read."""
    return [
        entry for entry in loan.entries.all() if entry.kind != EntryKind.REVERSAL and not hasattr(entry, "reversed_by")
    ]


def balance_of(loan: Loan) -> Decimal:
    """Return the principal not yet repaid in yuan, from the entries already read."""
    signs = dict.fromkeys(PAID_OUT_KINDS, 1) | {EntryKind.PRINCIPAL: -1, EntryKind.WRITE_OFF: -1}
    return sum((entry.amount * signs.get(EntryKind(entry.kind), 0) for entry in effective_entries(loan)), start=ZERO)


def interest_paid(loan: Loan) -> Decimal:
    """Return the interest paid so far in yuan, from the entries already read."""
    return sum((entry.amount for entry in effective_entries(loan) if entry.kind == EntryKind.INTEREST), start=ZERO)
