"""Budgets by version and year: what was appropriated, reserved, due, paid, and what is open."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.choices import Verb
from audit.access import refuse
from loans.models import SubsidyBudget
from loans.views.access import account
from organizations.scope import Scope, scope_of_all
from subsidies.forms.payments import YearEndForm
from subsidies.operations.budgets import decide_year_end
from subsidies.operations.entitled import FINANCE_KINDS
from subsidies.queries.budgets import budget_rows
from subsidies.views.access import (
    OFFICE_VERBS,
    answer_form,
)
from web import clock
from web.display import show_yuan
from web.layout import Fact


@require_safe
def budgets(request: HttpRequest) -> HttpResponse:
    user, on = account(request), clock.today()
    scope = user.scope(*OFFICE_VERBS, on=on)
    if not scope:
        refuse(request)
    context = {
        "rows": budget_rows(scope=scope),
        "this_year": on.year,
        "may_decide": bool(director_scope(request)),
    }
    return render(request, "subsidies/budgets.html", context)


def director_scope(request: HttpRequest) -> Scope:
    """The rows on whose budgets the account decides: as the head of a finance bureau."""
    posts = account(request).posts_for(Verb.APPROVE_PAYMENT, on=clock.today())
    return scope_of_all([post.organization for post in posts if post.organization.kind in FINANCE_KINDS])


@require_http_methods(["GET", "HEAD", "POST"])
def year_end(request: HttpRequest, budget_id: int) -> HttpResponse:
    """Decide what becomes of a budget's open money."""
    scope = director_scope(request)
    row = next((row for row in budget_rows(scope=scope) if row.budget.pk == budget_id), None)
    if row is None:
        refuse(request, SubsidyBudget, budget_id)
    form = YearEndForm(request.POST or None)

    def act() -> HttpResponse:
        decide_year_end(budget_id=budget_id, decided_by=account(request), decided_at=clock.now(), **form.cleaned_data)
        messages.success(request, _("The decision is written down."))
        return redirect("subsidies:budgets")

    facts = [
        Fact(_("Budget"), str(row.budget)),
        Fact(_("Appropriated"), _("%(amount)s yuan") % {"amount": show_yuan(row.budget.appropriated)}),
        Fact(_("Due"), _("%(amount)s yuan") % {"amount": show_yuan(row.budget.due)}),
        Fact(_("Paid"), _("%(amount)s yuan") % {"amount": show_yuan(row.budget.paid)}),
    ]
    context = {"title": _("End of the year"), "button": _("Decide"), "facts": facts, "back": "subsidies:budgets"}
    return answer_form(request, form, act, context=context)
