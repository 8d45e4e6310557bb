"""The filings (备案) of the township committees."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_safe

from accounts.choices import Verb
from audit.access import refuse
from loans.models import CommitteeFiling
from loans.queries.filings import NEWEST_FIRST, filing_rows, filings_in_full, is_in_force, sums_of
from loans.queries.paging import keyset_page
from loans.views.access import account
from loans.views.paging import page_urls
from organizations.scope import Scope
from web import clock
from web.display import show_day
from web.layout import Fact

READERS = (Verb.FILE, Verb.CONFIRM_SUBSIDY, Verb.ASSESS)
PAPERS = {
    "has_resolution": gettext_lazy("Branch resolution"),
    "has_notice": gettext_lazy("Record of the public notice"),
    "has_letter": gettext_lazy("Letter of recommendation"),
    "has_photos": gettext_lazy("Photos of the notice"),
}


def filing_scope(request: HttpRequest, *, on: date) -> Scope:
    """Return the townships whose filings the account may read. Without any: 404."""
    user = account(request)
    if not user.may(*READERS, on=on):
        refuse(request)
    return user.people_scope(*READERS, on=on)


@require_safe
def filing_list(request: HttpRequest) -> HttpResponse:
    rows = filing_rows(scope=filing_scope(request, on=clock.today()))
    page = keyset_page(
        rows, keyset=NEWEST_FIRST, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    return render(request, "loans/filings.html", {"rows": page.rows, "urls": page_urls(request, page)})


@require_safe
def filing_detail(request: HttpRequest, filing_id: int) -> HttpResponse:
    scope = filing_scope(request, on=clock.today())
    filing = filings_in_full().filter(scope.divisions("township__path"), pk=filing_id).first()
    if filing is None:
        refuse(request, CommitteeFiling, filing_id)
    context = {
        "filing": filing,
        "facts": facts_of(filing),
        "rows": [(item, is_in_force(filing, item)) for item in filing.items.all()],
        "sums": sums_of(filing),
    }
    return render(request, "loans/filing.html", context)


def facts_of(filing: CommitteeFiling) -> list[Fact]:
    names = [str(label) for name, label in PAPERS.items() if getattr(filing, name)]
    return [
        Fact(_("Filing number"), filing.number),
        Fact(_("Filed by (committee)"), filing.organization.name),
        Fact(_("Papers received on"), show_day(filing.received_on)),
        Fact(_("Day of filing"), show_day(filing.filed_on)),
        Fact(_("Papers that are there"), "、".join(names) or _("none ticked")),
        Fact(_("Filed by"), filing.filed_by.name),
        Fact(_("Rules"), filing.version.name),
    ]
