"""What the home page (我的待办) asks each app: work by deadline, drafts, and what was done lately."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from accounts.choices import Verb
from accounts.models import User
from audit.models import AuditEvent
from dashboards import overview
from dashboards.figures import Selection, read_lending
from dashboards.queries import get_townships
from finance.money import ZERO
from loans.choices import StepCode, VisitSide
from loans.models import Application, ApplicationDecision
from loans.queries.arrears import SOON, arrears_piles
from loans.queries.care import visit_counts
from loans.queries.cases import for_rows
from loans.queries.drafts import drafts_of
from loans.queries.recalls import effective_rows
from loans.queries.work import Pile, waiting_for
from loans.queries.write_offs import write_offs_waiting
from loans.tables import QueueTable
from loans.views.paging import queue_url
from risk.queries.claims import claims_waiting
from web.display import show_count, show_wan
from web.layout import Event, Figure, Tone
from workflow.queries import work_calendar

ROWS = 12
DRAFTS = 6
EVENTS = 8


@dataclass(frozen=True)
class Work:
    """The counters, the table of the home page and what stands below it. No table: this account has no queue.

    Townships only for those who lead, instead of a queue.
    """

    figures: list[Figure]
    townships: overview.Split | None
    table: QueueTable | None
    more_url: str
    drafts: list[Application]
    events: list[Event]
    events_title: str


def work_of(user: User, *, piles: dict[str, Pile], on: date) -> Work:
    """Return what an account finds on its home page."""
    keeps_house = user.may(Verb.VIEW_AUDIT, Verb.MANAGE_ACCOUNTS, Verb.APPOINT, on=on)
    leads = not piles and user.may(Verb.VIEW_FIGURES, on=on)
    figures, townships = _lending(user, on) if leads else (_figures(user, piles, on), None)
    return Work(
        figures=figures,
        townships=townships,
        table=_table(user, on) if piles else None,
        more_url=_fullest_queue(piles),
        drafts=drafts_of(user, rows_max=DRAFTS) if StepCode.REFERRAL in piles else [],
        events=_audit_events(user, on) if keeps_house else _own_decisions(user),
        events_title=_("Latest traces") if keeps_house else _("Handled by me"),
    )


def _table(user: User, on: date) -> QueueTable:
    rows = for_rows(waiting_for(user, on=on)).order_by("queue_date", "pk")[:ROWS]
    return QueueTable(rows, on=on, calendar=work_calendar())


def _fullest_queue(piles: dict[str, Pile]) -> str:
    if not piles:
        return ""
    fullest = max(piles.values(), key=lambda pile: pile.cases)
    return queue_url(fullest.step)


def _figures(user: User, piles: dict[str, Pile], on: date) -> list[Figure]:
    return _all_figures(user, piles, on) if piles else []


def _all_figures(user: User, piles: dict[str, Pile], on: date) -> list[Figure]:
    return [
        *_work_figures(piles),
        *_arrears_figures(user, on),
        *_visit_figures(user, on),
        *_claim_figures(user, on),
        _done_figure(user, on),
    ]


def _arrears_figures(user: User, on: date) -> list[Figure]:
    """The officer of a counter sees how many of its loans are late, and whom to remind."""
    scope = user.scope(Verb.DISBURSE, on=on)
    if not scope:
        return []
    piles = arrears_piles(scope=scope, on=on)
    late = sum(pile.loans for code, pile in piles.items() if code != SOON)
    return [
        Figure(
            _("Loans in arrears"),
            show_count(late),
            note=_("%(number)s fall due within 30 days") % {"number": piles[SOON].loans},
            url=reverse("loans:arrears"),
            tone=Tone.BAD if late else Tone.NEUTRAL,
        )
    ]


def _visit_figures(user: User, on: date) -> list[Figure]:
    """Whose duty it is to look after loans sees how many wait for his visit."""
    figures = []
    for side, verb in ((VisitSide.BRANCH, Verb.REVIEW), (VisitSide.LENDER, Verb.DISBURSE)):
        scope = user.scope(verb, on=on)
        if scope:
            counts = visit_counts(scope=scope, side=side, on=on)
            late = ngettext("%(number)s visit late", "%(number)s visits late", counts.overdue) % {
                "number": counts.overdue
            }
            figures.append(
                Figure(
                    _("Visits due"),
                    show_count(counts.due),
                    note=late if counts.overdue else _("Within 14 days"),
                    url=f"{reverse('loans:visits')}?side={side}",
                    tone=Tone.BAD if counts.overdue else Tone.NEUTRAL,
                )
            )
    return figures


def _claim_figures(user: User, on: date) -> list[Figure]:
    """Whose office is next on a claim or a write-off sees how many wait; nothing is shown when none does."""
    waiting, write_offs = claims_waiting(user, on=on), write_offs_waiting(user, on=on)
    figures = [
        (_("Claims waiting"), waiting, "risk:claims"),
        (_("Write-offs waiting"), write_offs, "loans:write-offs"),
    ]
    return [Figure(label, show_count(count), url=reverse(name)) for label, count, name in figures if count]


def _work_figures(piles: dict[str, Pile]) -> list[Figure]:
    first = queue_url(next(iter(piles)))
    overdue = sum(pile.overdue for pile in piles.values())
    today = sum(pile.due_today for pile in piles.values())
    cases = sum(pile.cases for pile in piles.values())
    returned = sum(pile.returned for pile in piles.values())
    amount = sum((pile.asked for pile in piles.values()), ZERO)
    most = max(piles.values(), key=lambda pile: pile.overdue)
    today_url = reverse("loans:queue", args=[next(iter(piles))]) + "?due=today"
    late_url = reverse("loans:queue", args=[most.step]) + "?due=overdue"
    figures = [
        Figure(
            _("Overdue"),
            show_count(overdue),
            note=_("Please do these first") if overdue else _("Nothing is late"),
            url=late_url,
            tone=Tone.BAD if overdue else Tone.NEUTRAL,
        ),
        Figure(_("Due today"), show_count(today), url=today_url, note=_("By the working-day calendar")),
        Figure(
            _("Waiting for me"),
            show_count(cases),
            url=first,
            note=_("together %(amount)s ten thousand yuan") % {"amount": show_wan(amount)},
        ),
    ]
    if StepCode.INTAKE in piles:
        url = queue_url(StepCode.INTAKE)
        figures.append(
            Figure(_("Returned for correction"), show_count(returned), url=url, note=_("Correct and resubmit"))
        )
    return figures


def _done_figure(user: User, on: date) -> Figure:
    mine = ApplicationDecision.objects.filter(
        decided_by=user, decided_at__year=on.year, decided_at__month=on.month
    )  # fmt: skip
    done = effective_rows(mine).aggregate(cases=Count("application", distinct=True))["cases"]
    return Figure(
        _("Handled this month"), show_count(done), note=_("cases"), url=reverse("loans:cases") + "?handled=1"
    )


def _lending(user: User, on: date) -> tuple[list[Figure], overview.Split]:
    """Leaders have no queue: their home shows where the programme stands, with the doors to the loans behind it."""
    scope, registers = user.scope(Verb.VIEW_FIGURES, on=on), user.people_scope(Verb.VIEW_FIGURES, on=on)
    lending = read_lending(Selection(scope=scope, registers=registers, as_of=on))
    links = overview.Links(reverse("dashboards:loans"), {})
    townships = overview.split_by_township(lending, links, get_townships(registers=registers))
    return [*_claim_figures(user, on), *overview.key_figures(lending, links)], townships


def _own_decisions(user: User) -> list[Event]:
    decisions = (
        ApplicationDecision.objects.filter(decided_by=user)
        .select_related("application__person", "application__entity")
        .order_by("-decided_at", "-pk")[:EVENTS]
    )
    return [
        Event(
            title=" · ".join(
                (decision.application.borrower_name, decision.get_step_display(), decision.get_outcome_display())
            ),
            at=decision.decided_at,
            quote=decision.reason,
            url=reverse("loans:case", args=[decision.application_id]),
            tone=Tone.OK if not decision.reason else Tone.NEUTRAL,
        )
        for decision in decisions
    ]


def _audit_events(user: User, on: date) -> list[Event]:
    """Show an auditor the newest traces of all, an administrator his own."""
    events = AuditEvent.objects.order_by("-at", "-pk")
    if not user.may(Verb.VIEW_AUDIT, on=on):
        events = events.filter(actor=user)
    return [
        Event(title=f"{event.get_action_display()} {event.subject_label}".strip(), by=event.actor_name, at=event.at)
        for event in events[:EVENTS]
    ]
