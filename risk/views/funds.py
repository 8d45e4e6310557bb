"""The fund (UX page 38): what came in and went out, and what it stands for."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.choices import Verb
from audit.access import refuse
from loans.models import Programme
from loans.views.access import account
from organizations.models import Division
from organizations.scope import NotAllowed
from risk.forms.funds import BlamingForm, BookingForm, FundForm, RuleForm, SharesForm
from risk.models import RiskFund
from risk.operations import funds
from risk.operations.errors import UnableToBook
from risk.queries.funds import (
    FundPosition,
    fund_position,
    rule_on,
    shares_on,
    standings_of,
    transfers_of,
)
from risk.tables import TransferTable
from risk.views.access import FUND_READERS, county_path, fund_or_404, scope_or_404
from web import clock
from web.display import show_percent, show_yuan
from web.forms import DayField
from web.layout import Figure, Tone

PAGE_SIZE = 25


@require_safe
def fund_list(request: HttpRequest) -> HttpResponse:
    on = clock.today()
    scope = scope_or_404(request, *FUND_READERS, on=on)
    rows = RiskFund.objects.for_scope(scope).select_related("division", "programme").order_by("division__code", "pk")
    found = [(fund, fund_position(fund, on)) for fund in rows]
    context = {"funds": found, "may_keep": account(request).may(Verb.MANAGE_FUND, on=on)}
    return render(request, "risk/fund_list.html", context)


@require_safe
def fund_detail(request: HttpRequest, fund_id: int) -> HttpResponse:
    """The ledger of one fund as of a day (?as_of=)."""
    on = clock.today()
    fund = fund_or_404(request, fund_id, on=on)
    as_of = _asked_day(request) or on
    page = Paginator(transfers_of(fund).filter(value_date__lte=as_of), PAGE_SIZE).get_page(request.GET.get("page"))
    position = fund_position(fund, as_of)
    context = {
        "fund": fund,
        "as_of": as_of,
        "figures": figures_of(position),
        "table": TransferTable(page.object_list),
        "page": page,
        "standings": standings_of(fund),
        "shares": shares_on(fund, as_of),
        "rule": rule_on(fund, as_of),
        "may_keep": account(request).post_covering(Verb.MANAGE_FUND, fund.place, on=on) is not None,
        "as_of_form": AsOf(initial={"as_of": as_of}),
    }
    return render(request, "risk/fund_detail.html", context)


class AsOf(BlamingForm):
    as_of = DayField(label=gettext_lazy("As of"))


def _asked_day(request: HttpRequest) -> Any:
    form = AsOf(request.GET)
    return form.cleaned_data["as_of"] if "as_of" in request.GET and form.is_valid() else None


def figures_of(position: FundPosition) -> list[Figure]:
    """Return balance, lending, multiple and coverage with their limits."""
    limit = "" if position.leverage_max is None else _("limit %(limit)s ×") % {"limit": position.leverage_max}
    demanded = (
        ""
        if position.deposit_required is None
        else _("demanded %(demanded)s yuan, short %(short)s")
        % {"demanded": show_yuan(position.deposit_required), "short": show_yuan(position.shortfall)}
    )
    tone = Tone.BAD if position.is_above_limit else Tone.NEUTRAL
    multiple = "--" if position.multiple is None else f"{position.multiple:,.2f}"
    return [
        Figure(_("Balance of the special account"), show_yuan(position.balance), _("yuan"), demanded),
        Figure(_("Lent and not repaid"), show_yuan(position.lent), _("yuan")),
        Figure(
            _("Lent out, times the fund"),
            multiple,
            "×",
            limit,
            tone=tone,
        ),
        Figure(_("Coverage"), show_percent(position.coverage_percent), note=_("balance / lent and not repaid")),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def fund_new(request: HttpRequest) -> HttpResponse:
    on = clock.today()
    path = county_path(request, Verb.MANAGE_FUND, on=on)
    county = Division.objects.get(path=path)
    form = FundForm(
        request.POST or None, programmes=Programme.objects.filter(division=county), initial={"opened_on": on}
    )
    if request.method == "POST" and form.is_valid():
        try:
            fund = funds.open_fund(division=county, opened_by=account(request), at=clock.now(), **form.cleaned_data)
        except UnableToBook as error:
            form.blame(error)
        else:
            messages.success(request, _("The fund is set up. Agree on the shares and the claim rule next."))
            return redirect("risk:fund", fund_id=fund.pk)
    return _form_page(request, form, title=_("New fund"), back=reverse("risk:funds"))


@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest, fund_id: int) -> HttpResponse:
    fund = fund_or_404(request, fund_id, Verb.MANAGE_FUND, on=clock.today())
    form = BookingForm(
        request.POST or None, contributors=fund.contributors.all(), initial={"value_date": clock.today()}
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            funds.book_transfer(fund=fund, booked_by=account(request), at=clock.now(), **form.cleaned_data)
        except UnableToBook as error:
            form.blame(error)
        except NotAllowed:
            refuse(request, RiskFund, fund_id)
        else:
            messages.success(request, _("The movement is booked."))
            return redirect("risk:fund", fund_id=fund.pk)
    return _form_page(request, form, title=_("Book a movement"), back=_url(fund), crumb=fund)


@require_http_methods(["GET", "HEAD", "POST"])
def shares(request: HttpRequest, fund_id: int) -> HttpResponse:
    fund = fund_or_404(request, fund_id, Verb.MANAGE_FUND, on=clock.today())
    form = SharesForm(request.POST or None, initial={"effective_from": clock.today()})
    if request.method == "POST" and form.is_valid():
        kept = form.cleaned_data
        try:
            funds.set_shares(
                fund=fund, effective_from=kept["effective_from"], document_number=kept["document_number"],
                parties=form.parties(), set_by=account(request), at=clock.now(),
            )  # fmt: skip
        except UnableToBook as error:
            form.blame(error)
        else:
            messages.success(request, _("The shares are set."))
            return redirect("risk:fund", fund_id=fund.pk)
    return _form_page(request, form, title=_("Set the shares"), back=_url(fund), crumb=fund)


@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: HttpRequest, fund_id: int) -> HttpResponse:
    fund = fund_or_404(request, fund_id, Verb.MANAGE_FUND, on=clock.today())
    form = RuleForm(request.POST or None, initial={"effective_from": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            funds.set_claim_rule(fund=fund, rule=form.rule(), set_by=account(request), at=clock.now())
        except UnableToBook as error:
            form.blame(error)
        else:
            messages.success(request, _("The claim rule is set."))
            return redirect("risk:fund", fund_id=fund.pk)
    return _form_page(request, form, title=_("Set the claim rule"), back=_url(fund), crumb=fund)


def _url(fund: RiskFund) -> str:
    return reverse("risk:fund", args=[fund.pk])


def _form_page(request: HttpRequest, form: BlamingForm, *, title: str, back: str, crumb: object = "") -> HttpResponse:
    """Show a small form with the way back."""
    context = {"form": form, "title": title, "back_url": back, "crumb": crumb, "up_url": reverse("risk:funds")}
    return render(request, "risk/form.html", {**context, "up": _("Risk-compensation fund")})
