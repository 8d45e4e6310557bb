"""What the page of a loan shows of its account, in words, and what can be done with it as it stands."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _, pgettext

from finance.accounts import Account
from finance.money import ZERO
from loans.choices import PAID_OUT_KINDS, EntryKind, LoanState
from loans.models import Loan, LoanEntry
from loans.queries.arrears import BUCKETS, SOON, Pile
from loans.queries.detail import effective_entries
from loans.queries.facts import yuan
from loans.queries.versions import published_version
from web.display import show_count, show_day, show_percent, show_yuan
from web.layout import Fact, Figure, Tone

NOT_REVERSED = (EntryKind.DISBURSEMENT, EntryKind.REVERSAL)


@dataclass(frozen=True)
class LedgerRow:
    """An entry as the ledger shows it: with the reversal that took it back, and what there is to say of it."""

    entry: LoanEntry
    reversal: LoanEntry | None
    note: str

    @property
    def is_reversible(self) -> bool:
        return self.reversal is None and self.entry.kind not in NOT_REVERSED


def ledger_rows(loan: Loan) -> list[LedgerRow]:
    """Return every entry, newest first, from the entries already read."""
    return [
        LedgerRow(entry, getattr(entry, "reversed_by", None), _note(entry)) for entry in reversed(loan.entries.all())
    ]


def _note(entry: LoanEntry) -> str:
    parts = []
    if entry.new_due_date:
        parts.append(_("new last day %(day)s") % {"day": show_day(entry.new_due_date)})
    if entry.rate_percent is not None:
        parts.append(_("rate %(rate)s") % {"rate": show_percent(entry.rate_percent)})
    parts += [entry.document_number, entry.reason]
    return " · ".join(part for part in parts if part)


def possible_acts(loan: Loan, account: Account) -> list[EntryKind]:
    """Return the acts that make sense for a loan as it stands; the operation has the last word. Reads no row."""
    if loan.state != LoanState.LIVE:
        return []
    entries = effective_entries(loan)
    kinds = [entry.kind for entry in entries]
    paid_out = sum((entry.amount for entry in entries if entry.kind in PAID_OUT_KINDS), start=ZERO)
    is_running = account.on <= account.maturity
    may_renew = is_running and EntryKind.RENEWAL not in kinds
    extensions_max = published_version(loan.version_id).extensions_max
    offered = {
        EntryKind.TRANCHE: is_running and paid_out < loan.principal,
        EntryKind.EXTENSION: may_renew and kinds.count(EntryKind.EXTENSION) < extensions_max,
        EntryKind.RENEWAL: may_renew,
        EntryKind.RATE_CHANGE: True,
        EntryKind.MISUSE: not account.is_misused,
        EntryKind.MISUSE_ENDED: account.is_misused,
        EntryKind.WRITE_OFF: account.overdue_since is not None,
    }
    return [kind for kind, is_offered in offered.items() if is_offered]


def account_facts(account: Account) -> list[Fact]:
    """How a loan stands today."""
    return [
        Fact(_("Due on"), show_day(account.maturity)),
        Fact(_("Rate a year"), show_percent(account.rate_percent)),
        Fact(_("Principal overdue"), yuan(account.overdue_principal)),
        Fact(_("Interest due and unpaid"), yuan(account.interest_due)),
        Fact(_("Interest run up, not yet due"), yuan(account.accrued)),
        Fact(_("Penalty interest"), yuan(account.penalty)),
        Fact(_("Interest on unpaid interest"), yuan(account.compound)),
        Fact(_("Overdue since"), show_day(account.overdue_since)),
    ]


def account_figures(account: Account) -> list[Figure]:
    """The three figures an officer looks for first."""
    days = account.overdue_days
    late = _("non-accrual: principal first") if account.is_non_accrual else _("in arrears") if days else _("in order")
    due = next((one for one in account.open_dues if one.left > 0 and one.due.pay_by >= account.on), None)
    return [
        Figure(_("Principal still owed"), show_yuan(account.outstanding), unit=_("yuan")),
        Figure(
            _("Pays it off today"),
            show_yuan(account.owed),
            unit=_("yuan"),
            note=_("with interest to the day and penalties"),
        ),
        Figure(
            _("Next due"),
            show_yuan(due.left) if due else show_yuan(None),
            unit=_("yuan") if due else "",
            note=show_day(due.due.pay_by) if due else _("nothing more falls due"),
        ),
        Figure(
            _("Days overdue"),
            show_count(days),
            unit=pgettext("unit", "days"),
            note=late,
            tone=Tone.BAD if days else Tone.OK,
        ),
    ]


def arrears_figures(piles: Mapping[str, Pile]) -> list[Figure]:
    """The sizes of the buckets, each a door to its rows."""
    url = reverse("loans:arrears")
    buckets = [
        Figure(
            bucket.label,
            show_count(piles[bucket.code].loans),
            unit=_("loans"),
            note=_("%(amount)s yuan overdue") % {"amount": show_yuan(piles[bucket.code].amount)},
            url=f"{url}?bucket={bucket.code}",
            tone=Tone.BAD if piles[bucket.code].loans and bucket.first > 1 else Tone.NEUTRAL,
        )
        for bucket in BUCKETS
    ]
    soon = Figure(
        _("Due within 30 days"),
        show_count(piles[SOON].loans),
        unit=_("loans"),
        note=_("Remind the borrowers"),
        url=f"{url}?bucket={SOON}",
    )
    return [*buckets, soon]
