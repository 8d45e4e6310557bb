"""The side navigation: what an account may open, in the order of its day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from accounts.choices import Verb
from accounts.models import User
from assessments.flow import READERS as ASSESSMENT_READERS
from assessments.flow_households import READERS as HONOUR_READERS
from assessments.queries.inspections import READERS as INSPECTION_READERS
from assessments.views.access_households import ANSWER_READERS, PROBLEM_READERS, PUBLICITY_READERS
from loans.choices import StepCode
from loans.queries.late import SUPERVISORS
from loans.queries.objections import READERS as OBJECTION_READERS
from loans.queries.work import Pile
from loans.views.paging import queue_url
from loans.views.quotes import READERS as QUOTE_READERS
from redcredit.invariant_views import READERS as BOOK_READERS
from risk.views.access import FUND_READERS, READERS as RISK_READERS
from subsidies.views.access import OFFICE_VERBS, READERS as SUBSIDY_READERS
from web.layout import NavGroup, NavItem, Text

STEP_ICONS = {
    StepCode.INTAKE: "undo-2",
    StepCode.REFERRAL: "handshake",
    StepCode.BRANCH_REVIEW: "list-checks",
    StepCode.PUBLIC_NOTICE: "megaphone",
    StepCode.COMMITTEE_FILING: "folder-check",
    StepCode.SUBSIDY_CONFIRMATION: "coins",
    StepCode.DISBURSEMENT: "banknote",
    StepCode.ASSESSMENT: "award",
}
STEP_LABELS: dict[str, Text] = {
    StepCode.INTAKE: _("Returned to me"),
    StepCode.REFERRAL: StepCode.REFERRAL.label,
    StepCode.BRANCH_REVIEW: StepCode.BRANCH_REVIEW.label,
    StepCode.PUBLIC_NOTICE: StepCode.PUBLIC_NOTICE.label,
    StepCode.COMMITTEE_FILING: StepCode.COMMITTEE_FILING.label,
    StepCode.SUBSIDY_CONFIRMATION: StepCode.SUBSIDY_CONFIRMATION.label,
    StepCode.DISBURSEMENT: StepCode.DISBURSEMENT.label,
    StepCode.ASSESSMENT: StepCode.ASSESSMENT.label,
}


@dataclass(frozen=True)
class Door:
    """A page of the navigation and the verbs of which one opens it; none: open to everybody signed in."""

    label: Text
    url_name: str
    icon: str
    verbs: tuple[Verb, ...] = ()
    tab_label: Text = ""


MAKING = (
    Door(_("New application"), "loans:find-applicant", "file-plus", (Verb.REFER,), pgettext_lazy("tab", "Register")),
)
LOOKING = (
    Door(_("All cases"), "loans:cases", "folder-open", (Verb.VIEW_CASES,), pgettext_lazy("tab", "Cases")),
    Door(_("Late cases below"), "loans:late", "alarm-clock", SUPERVISORS),
    Door(_("Branch meetings"), "loans:meetings", "users-round", (Verb.REVIEW, Verb.FILE)),
    Door(_("Public notices"), "loans:notices", "newspaper", (Verb.VIEW_CASES,)),
    Door(_("Objections to notices"), "loans:objections", "message-square-warning", OBJECTION_READERS),
    Door(_("Loans"), "loans:loans", "wallet", (Verb.DISBURSE, Verb.CONSENT, Verb.VIEW_CASES)),
    Door(_("Bank statements"), "loans:statements", "file-input", (Verb.DISBURSE,)),
    Door(_("Arrears and reminders"), "loans:arrears", "calendar-clock", (Verb.VIEW_CASES,)),
    Door(_("Written-off loans"), "loans:write-offs", "archive-x", (Verb.DISBURSE, Verb.CONSENT)),
    Door(_("Visits after lending"), "loans:visits", "footprints", (Verb.VIEW_CASES,)),
    Door(_("Subsidy batches"), "subsidies:batches", "coins", SUBSIDY_READERS),
    Door(_("Subsidy budgets"), "subsidies:budgets", "piggy-bank", OFFICE_VERBS),
    Door(_("Figures"), "dashboards:county", "chart-column", (Verb.VIEW_FIGURES,), pgettext_lazy("tab", "Figures")),
    Door(_("Printed statistics"), "dashboards:reports", "table-2", (Verb.VIEW_FIGURES,)),
    Door(_("Bulletins"), "dashboards:bulletins", "megaphone", (Verb.VIEW_FIGURES,)),
    Door(_("Published figures"), "dashboards:published", "scale", (Verb.VIEW_FIGURES, Verb.VIEW_AUDIT)),
    Door(_("Programme rules"), "loans:programmes", "scroll-text"),
    Door(_("Three-party split"), "loans:quote", "calculator", QUOTE_READERS),
)
FIELD_WORK = (
    Door(_("Assessment of offices"), "assessments:rounds", "trophy", ASSESSMENT_READERS),
    Door(_("Model households"), "assessments:households", "medal", HONOUR_READERS),
    Door(_("Random inspections"), "assessments:inspections", "dices", INSPECTION_READERS),
    Door(_("Problems"), "assessments:problems", "list-todo", PROBLEM_READERS),
    Door(_("Who introduced which loans"), "assessments:accountability", "user-check", ANSWER_READERS),
    Door(_("Publicity and training"), "assessments:publicity", "radio", PUBLICITY_READERS),
)
RISK = (
    Door(_("Risk-compensation fund"), "risk:funds", "vault", FUND_READERS),
    Door(_("Claims on the fund"), "risk:claims", "hand-coins", RISK_READERS),
    Door(_("Lending stops"), "risk:stops", "octagon-pause", RISK_READERS),
    Door(_("Five categories"), "risk:categories", "layers", RISK_READERS),
    Door(_("Early warnings"), "risk:warnings", "bell-ring", RISK_READERS),
)
REGISTERS = (
    Door(_("Organizations"), "organizations:tree", "network", ()),
    Door(_("People"), "organizations:people", "users", (Verb.REFER, Verb.MANAGE_ORGANIZATIONS)),
    Door(_("Households"), "organizations:households", "house", (Verb.REFER, Verb.MANAGE_ORGANIZATIONS)),
    Door(_("Party members"), "organizations:members", "flag", (Verb.REFER, Verb.MANAGE_ORGANIZATIONS)),
    Door(
        _("Cooperatives and collectives"), "organizations:entities", "sprout", (Verb.REFER, Verb.MANAGE_ORGANIZATIONS)
    ),
    Door(_("Divisions"), "organizations:divisions", "map", (Verb.MANAGE_ORGANIZATIONS,)),
)
KEEPING = (
    Door(_("Accounts"), "accounts:account-list", "user-cog", (Verb.MANAGE_ACCOUNTS,)),
    Door(_("Posts"), "accounts:post-list", "id-card", (Verb.APPOINT,)),
    Door(_("Audit trail"), "audit:event-list", "shield-check", (Verb.VIEW_AUDIT,)),
    Door(_("Check of the books"), "invariants", "badge-check", BOOK_READERS),
    Door(_("My jobs"), "jobs:list", "loader", (Verb.VIEW_CASES, Verb.VIEW_FIGURES)),
)


def navigation_of(user: User, *, on: date, path: str, piles: Mapping[str, Pile]) -> list[NavGroup]:
    """Return the groups an account sees on a day; groups without a page are left out."""
    total = sum(pile.cases for pile in piles.values())
    late = any(pile.overdue for pile in piles.values())
    home = NavItem(
        _("My work"), reverse("home"), "inbox", total, late, path == reverse("home"), pgettext_lazy("tab", "To do")
    )
    groups = [
        NavGroup("", [home, *_doors(MAKING, user, on, path)]),
        NavGroup(_("Handle"), [_queue(pile, path) for pile in piles.values()]),
        NavGroup(_("Look"), _doors(LOOKING, user, on, path)),
        NavGroup(_("Risk"), _doors(RISK, user, on, path)),
        NavGroup(_("Assessment"), _doors(FIELD_WORK, user, on, path)),
        NavGroup(_("Registers"), _doors(REGISTERS, user, on, path)),
        NavGroup(_("System"), _doors(KEEPING, user, on, path)),
    ]
    return [group for group in groups if group.items]


def pages_of(user: User, *, on: date) -> list[NavItem]:
    """Return the pages of an account without a queue: what its home page offers instead."""
    return [
        item for doors in (LOOKING, RISK, FIELD_WORK, REGISTERS, KEEPING) for item in _doors(doors, user, on, path="")
    ]


def _queue(pile: Pile, path: str) -> NavItem:
    url = queue_url(pile.step)
    return NavItem(
        STEP_LABELS[pile.step], url, STEP_ICONS[StepCode(pile.step)], pile.cases, pile.overdue > 0, path == url
    )


def _doors(doors: Iterable[Door], user: User, on: date, path: str) -> list[NavItem]:
    return [
        NavItem(door.label, url, door.icon, current=path == url, tab_label=door.tab_label)
        for door in doors
        if not door.verbs or user.may(*door.verbs, on=on)
        for url in [reverse(door.url_name)]
    ]
