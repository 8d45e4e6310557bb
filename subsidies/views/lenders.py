"""The accounts of lenders, to which subsidies go where the programme pays the lender."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.access import refuse
from loans.choices import AccountKind
from loans.views.access import account
from organizations.models import Organization
from organizations.scope import Scope
from subsidies.forms.payments import AccountForm
from subsidies.operations import accounts
from subsidies.queries.lenders import lender_rows, lenders_in
from subsidies.views.access import answer_form
from web import clock
from web.layout import Fact


def setter_scope(request: HttpRequest) -> Scope:
    """The lenders whose accounts the person looks after; none: 404."""
    scope = account(request).scope(*accounts.LENDER_VERBS, on=clock.today())
    if not scope:
        refuse(request)
    return scope


@require_safe
def lender_list(request: HttpRequest) -> HttpResponse:
    """The union and its outlets, each with its own account or the one above it that stands for it."""
    return render(request, "subsidies/lenders.html", {"rows": lender_rows(scope=setter_scope(request))})


@require_http_methods(["GET", "HEAD", "POST"])
def lender_account(request: HttpRequest, organization_id: int) -> HttpResponse:
    lender = lenders_in(setter_scope(request)).filter(pk=organization_id).first()
    if lender is None:
        refuse(request, Organization, organization_id)
    form = AccountForm(
        request.POST or None, initial={"holder_name": lender.name, "kind": AccountKind.COMPANY, "bank_name": ""}
    )

    def act() -> HttpResponse:
        accounts.set_lender_account(
            organization_id=lender.pk, set_by=account(request), set_at=clock.now(), **form.cleaned_data
        )
        messages.success(request, _("The account is set."))
        return redirect("subsidies:lenders")

    context = {
        "title": _("Set the lender's account"),
        "button": _("Save"),
        "back": "subsidies:lenders",
        "facts": [Fact(_("Lender"), lender.name)],
    }
    return answer_form(request, form, act, context=context)
