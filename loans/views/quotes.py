"""The trial of who bears what: a page whose address holds its question, to be printed or passed on."""

from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.choices import Verb
from audit.access import refuse
from finance.daycount import add_months
from loans.forms.quotes import QuoteForm
from loans.queries.quotes import clauses_of, day_counts_of, lines_of, mixing_note, rates_of
from loans.views.access import account
from web import clock

# Whoever has to explain to a borrower, a lender or the county what a loan costs.
READERS = (
    Verb.VIEW_CASES,
    Verb.REFER,
    Verb.DISBURSE,
    Verb.CONSENT,
    Verb.CONFIRM_SUBSIDY,
    Verb.VIEW_FIGURES,
    Verb.MANAGE_PROGRAMMES,
)
# What the county's report reckons with: 10,000 yuan for a year.
USUAL_AMOUNT, USUAL_MONTHS = Decimal(10_000), 12


@require_safe
def quote(request: HttpRequest) -> HttpResponse:
    on = clock.today()
    if not account(request).may(*READERS, on=on):
        refuse(request)
    usual = {"amount": USUAL_AMOUNT, "start": on, "end": add_months(on, USUAL_MONTHS)}
    form = QuoteForm(request.GET or None, initial=usual)
    found = form.found if form.is_valid() else None
    context: dict[str, object] = {"form": form, "found": found}
    if found:
        lines = lines_of(found)
        context |= {
            "rates": rates_of(found),
            "lines": lines,
            "clauses": clauses_of(lines),
            "notes": [day_counts_of(found), mixing_note()],
        }
    return render(request, "loans/quote.html", context)
