"""How far a guided application has come: its pages, what is missing, what each page says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from accounts.models import User
from loans.choices import BorrowerKind, DraftPage, StepCode
from loans.models import Application, ApplicationDraft, ProgrammeVersion
from loans.queries.facts import applicant_facts, request_facts
from web.display import show_day
from web.layout import Fact
from workflow.engine import State

PAGES = tuple(DraftPage)
HOUSEHOLDS = (BorrowerKind.PERSON, BorrowerKind.HOUSEHOLD)
BODIES = (BorrowerKind.COOPERATIVE, BorrowerKind.COLLECTIVE)
SAVED_AT = Coalesce("draft__saved_at", "created_at")
# What the lines under the step bar say.
SUBTITLES: dict[str, Promise] = {
    DraftPage.APPLICANT: gettext_lazy("Identity and household"),
    DraftPage.REFERRAL: gettext_lazy("Introducer and visit"),
    DraftPage.PROJECT: gettext_lazy("Purpose and trial sums"),
    DraftPage.PAPERS: gettext_lazy("Cards, forms, photos"),
    DraftPage.CHECK: gettext_lazy("A last look"),
}
# What somebody must know besides his papers when he comes, and for which kinds of borrowers (none: all of them).
CHECKLIST_DATA: tuple[tuple[Promise, tuple[str, ...]], ...] = (
    (gettext_lazy("Telephone number of the applicant"), ()),
    (gettext_lazy("How many of the household are able to work; its income last year"), HOUSEHOLDS),
    (gettext_lazy("Income of the body last year, from its books"), BODIES),
    (gettext_lazy("What is owed elsewhere: lender, amount, last day"), ()),
    (gettext_lazy("The project: what, how much of it, what it costs in all, what of it is own money"), ()),
    (gettext_lazy("How much is asked for, for how many months, how it will be repaid"), ()),
    (gettext_lazy("Names and identity numbers of those whom the borrower promises to help"), ()),
    (gettext_lazy("Heads of the other households, where several use the loan together"), HOUSEHOLDS),
    (gettext_lazy("The Party member who introduces the applicant, and the day of his visit"), ()),
    (gettext_lazy("The bank card or account for the loan"), ()),
)


@dataclass(frozen=True)
class Card:
    """What one page says, for the page that shows all of them."""

    page: DraftPage
    facts: Sequence[Fact]


def pages_of(version: ProgrammeVersion) -> tuple[DraftPage, ...]:
    """Return the pages under a version: without a step of referral nobody is asked for an introducer."""
    has_referral = StepCode.REFERRAL in version.step_codes
    return tuple(page for page in PAGES if has_referral or page != DraftPage.REFERRAL)


def draft_of(case: Application) -> ApplicationDraft | None:
    """Return what the clerk has written beside the application. Needs `drafts_in_full` or one query."""
    return (
        ApplicationDraft.objects.select_related("introducer__person", "saved_by", "trail_by")
        .filter(application=case)
        .first()
    )


def reached_page(case: Application, draft: ApplicationDraft | None) -> DraftPage:
    """Return where a clerk who comes back goes on: what a return asks for, else the furthest page."""
    asked = pages_to_correct(case)
    if asked:
        return asked[0]
    if case.state != State.DRAFT:
        return DraftPage.CHECK
    reached = DraftPage(draft.page_reached) if draft else DraftPage.PROJECT
    return reached if reached in pages_of(case.version) else DraftPage.PROJECT


def pages_to_correct(case: Application) -> list[DraftPage]:
    """Return the pages that the return of a case names, in order. Needs `cases_in_full`."""
    newest = next(iter(case.decisions.all()), None)
    if newest is None or not case.is_waiting:
        return []
    named = newest.facts.get("pages", [])
    return [page for page in PAGES if page in named]


def drafts_of(user: User, *, rows_max: int) -> list[Application]:
    """Return what an account has begun and not submitted, the one saved last first: for its home page."""
    drafts = Application.objects.filter(created_by=user, state=State.DRAFT)
    return list(drafts.select_related("person", "entity", "draft").order_by(SAVED_AT.desc(), "-pk")[:rows_max])


def cards_of(case: Application, draft: ApplicationDraft | None, *, on: date) -> list[Card]:
    """Return what the first three pages say. Needs `cases_in_full`."""
    cards = [
        Card(DraftPage.APPLICANT, applicant_facts(case, on=on)),
        Card(DraftPage.REFERRAL, introduction_facts(draft)),
        Card(DraftPage.PROJECT, [*request_facts(case), *people_facts(case)]),
    ]
    return [card for card in cards if card.page in pages_of(case.version)]


def introduction_facts(draft: ApplicationDraft | None) -> list[Fact]:
    if draft is None or draft.introducer is None:
        return [Fact(_("Introducer"), _("Not named yet: recorded at the step of the introduction"), wide=True)]
    declared = _("declared") if draft.is_no_relative else _("not declared yet")
    return [
        Fact(_("Introducer"), draft.introducer.person.name, draft.introducer.get_status_display()),
        Fact(_("Visited on"), show_day(draft.visited_on)),
        Fact(_("No relative of the applicant"), declared),
    ]


def people_facts(case: Application) -> list[Fact]:
    """Return whom the loan helps and serves by name. Needs `cases_in_full`."""
    helped = [f"{one.person.name}（{one.get_kind_display()}）" for one in case.commitments.all()]
    heads = [unit.household.head for unit in case.served_units.all() if unit.household is not None]
    served = [head.name for head in heads if head is not None]
    named = ((_("People whom the borrower helps"), helped), (_("Households served"), served))
    return [Fact(label, "、".join(names), wide=True) for label, names in named if names]
