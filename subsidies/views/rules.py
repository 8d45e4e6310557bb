"""The rules by which batches are approved: whoever works on batches reads them, the county's office sets them."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.choices import Verb
from audit.access import refuse
from loans.models import Programme
from loans.views.access import account
from organizations.scope import Scope, scope_of_all
from subsidies.forms.rules import ApprovalRuleForm
from subsidies.operations.entitled import LEADING_KINDS
from subsidies.operations.rules import set_approval_rule
from subsidies.queries.rules import approval_rule, rule_rows
from subsidies.views.access import OFFICE_VERBS, answer_form
from web import clock


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    on = clock.today()
    scope = account(request).scope(*OFFICE_VERBS, on=on)
    if not scope:
        refuse(request)
    context = {"rows": rule_rows(scope=scope, on=on), "may_set": bool(setter_scope(request, on))}
    return render(request, "subsidies/rules.html", context)


def setter_scope(request: HttpRequest, on: date) -> Scope:
    """The counties whose rules the account sets: as the Red Credit office or the leading group."""
    posts = account(request).posts_for(Verb.APPROVE_PAYMENT, on=on)
    return scope_of_all([post.organization for post in posts if post.organization.kind in LEADING_KINDS])


@require_http_methods(["GET", "HEAD", "POST"])
def rule_new(request: HttpRequest) -> HttpResponse:
    """Set a rule; the form begins with what holds now."""
    on = clock.today()
    scope = setter_scope(request, on)
    if not scope:
        refuse(request)
    programmes = Programme.objects.filter(scope.divisions("division__path")).order_by("code")
    form = ApprovalRuleForm(request.POST or None, programmes=programmes, initial=_initial(programmes.first(), on))

    def act() -> HttpResponse:
        set_approval_rule(
            programme=form.cleaned_data["programme"],
            rule=form.rule(),
            set_by=account(request),
            set_at=clock.now(),
        )
        messages.success(request, _("The rule is set."))
        return redirect("subsidies:rules")

    context = {"title": _("Set a rule of approval"), "button": _("Set the rule"), "back": "subsidies:rules"}
    return answer_form(request, form, act, context=context)


def _initial(programme: Programme | None, on: date) -> dict[str, object]:
    tomorrow: dict[str, object] = {"effective_from": on + timedelta(days=1)}
    if programme is None:
        return tomorrow
    now = approval_rule(programme=programme, on=on)
    names = ("sample_percent", "sample_min", "notice_days", *(("second_above",) if now.pk else ()))
    return tomorrow | {name: getattr(now, name) for name in names}
