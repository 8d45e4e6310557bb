"""Rewards of a round, the year's budgets, one payee, and the register of village posts."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, pgettext
from django.views.decorators.http import require_http_methods

from accounts.choices import Role, Verb
from assessments.choices import PlanState, VillageRole
from assessments.flow import REWARD_READERS
from assessments.forms.rewards import (
    ApprovalForm,
    BudgetForm,
    LeaveOfficeForm,
    PayoutForm,
    PlanForm,
    TakeOfficeForm,
    VillagePostFilterForm,
)
from assessments.forms.rounds import ActionForm
from assessments.models import Campaign, RewardPayee, RewardPlan, VillagePost
from assessments.operations import rewards as operations, village_posts
from assessments.operations.errors import UnableToAssess
from assessments.queries.rewards import (
    BudgetYear,
    budget_of,
    budget_rows,
    live_plan,
    payee_rows,
    people_named,
    village_organizations,
    village_post_rows,
)
from assessments.tables_rounds import BudgetTable, PayeeTable, VillagePostTable, plan_tag
from assessments.views.access_rounds import (
    acts_for_county,
    attempt,
    campaign_or_404,
    county_or_404,
    payee_or_404,
    scope_or_404,
)
from audit.access import refuse
from audit.exports import export_list
from loans.views.access import account
from web import clock
from web.display import show_yuan
from web.layout import Figure, Tone

PAGE_SIZE = 50
KEEPERS = village_posts.KEEPERS


@require_http_methods(["GET", "HEAD", "POST"])
def rewards(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """The plan of a round with its payees, what it needs of the budget, and what may be done now."""
    campaign = campaign_or_404(request, campaign_id, *REWARD_READERS)
    plan = live_plan(campaign)
    if request.method == "POST" and "action" not in request.POST and plan is not None:
        return export_list(
            request,
            rows=payee_rows(plan),
            table=lambda chunk: PayeeTable(chunk),
            name=f"{campaign.name} {_('Rewards')}",
        )
    form = _form_of(request, campaign, plan)
    if request.method == "POST":
        answer = _carry_out(request, campaign, form)
        if answer is not None:
            return answer
    budget = budget_of(campaign.county, plan.year if plan else clock.today().year)
    page = Paginator(payee_rows(plan) if plan else RewardPayee.objects.none(), PAGE_SIZE)
    context = {
        "campaign": campaign,
        "plan": plan,
        "tag": plan_tag(plan) if plan else "",
        "figures": figures_of(plan, budget),
        "form": form,
        "page": (shown := page.get_page(request.GET.get("page"))),
        "table": PayeeTable(shown.object_list),
        "vacancies": [(village, VillageRole(role).label) for village, role in plan.vacancies] if plan else [],
    }
    return render(request, "assessments/rewards.html", context)


def figures_of(plan: RewardPlan | None, budget: BudgetYear) -> list[Figure]:
    year = {"year": budget.year}
    over = plan is not None and plan.state == PlanState.COMPUTED and plan.total > budget.left
    return [
        Figure(
            _("Rewards of this round"), show_yuan(plan.total) if plan else "--", _("yuan"),
            _("more than is left of the budget") if over else "", tone=Tone.BAD if over else Tone.NEUTRAL,
        ),
        Figure(_("Budget of %(year)s") % year, show_yuan(budget.amount), _("yuan")),
        Figure(_("Approved of it"), show_yuan(budget.approved), _("yuan")),
        Figure(_("Left"), show_yuan(budget.left), _("yuan")),
        Figure(pgettext("reward", "Paid out"), show_yuan(budget.paid), _("yuan")),
    ]  # fmt: skip


def _form_of(request: HttpRequest, campaign: Campaign, plan: RewardPlan | None) -> ActionForm | None:
    """Return the form of what the account may do now: compute, or approve."""
    user, on = account(request), clock.today()
    is_open = plan is None or plan.state == PlanState.RETURNED
    if is_open and campaign.is_final and acts_for_county(request, Verb.ASSESS, campaign.county):
        return PlanForm(_data(request, PlanForm.code), initial={"year": on.year})
    if plan is not None and plan.state == PlanState.COMPUTED:
        post = user.post_covering(Verb.APPROVE_PAYMENT, campaign.county.place, on=on)
        if post is not None and post.role == Role.LEADING_GROUP_OFFICER:
            return ApprovalForm(_data(request, ApprovalForm.code), initial={"plan": plan.pk})
    return None


def _data(request: HttpRequest, code: str) -> object:
    return request.POST if request.POST.get("action") == code else None


def _carry_out(request: HttpRequest, campaign: Campaign, form: ActionForm | None) -> HttpResponse | None:
    if form is None or not form.is_bound:
        refuse(request, Campaign, campaign.pk)
    if not form.is_valid():
        return None
    url = reverse("assessments:rewards", args=[campaign.pk])
    answer = attempt(request, form, _act_of(request, campaign, form), url=url)
    if answer is None and not form.errors:
        messages.success(request, _("It is written down."))
        return redirect(url)
    return answer


def _act_of(request: HttpRequest, campaign: Campaign, form: ActionForm) -> Callable[[], object]:
    kept, user, at = form.cleaned_data, account(request), clock.now()
    if isinstance(form, PlanForm):
        return lambda: operations.make_plan(campaign_id=campaign.pk, year=kept["year"], made_by=user, at=at)
    own = set(campaign.plans.values_list("pk", flat=True))
    return lambda: operations.decide_plan(
        plan_id=kept["plan"] if kept["plan"] in own else refuse(request),
        is_approved=kept["outcome"] == "approve",
        document_number=kept["document_number"],
        reason=kept["reason"],
        decided_by=user,
        at=at,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def payee(request: HttpRequest, payee_id: int) -> HttpResponse:
    """Why somebody gets money, and what the bank did; finance books it here."""
    payee = payee_or_404(request, payee_id)
    campaign = payee.plan.campaign
    is_finance = acts_for_county(request, Verb.MANAGE_FUND, campaign.county)
    form = None
    if is_finance and payee.plan.state == PlanState.APPROVED:
        form = PayoutForm(request.POST or None, initial={"value_date": clock.today()})
    if request.method == "POST":
        if form is None:
            refuse(request, RewardPayee, payee_id)
        if form.is_valid():
            url = reverse("assessments:payee", args=[payee.pk])
            kept = form.cleaned_data
            answer = attempt(
                request,
                form,
                lambda: operations.record_payout(
                    payee_id=payee.pk, recorded_by=account(request), at=clock.now(), **kept
                ),
                url=url,
            )
            if answer is not None:
                return answer
            if not form.errors:
                messages.success(request, _("It is written down."))
                return redirect("assessments:rewards", campaign.pk)
    return render(request, "assessments/payee.html", {"payee": payee, "campaign": campaign, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def budgets(request: HttpRequest) -> HttpResponse:
    """The budgets for rewards; finance sets them."""
    county = county_or_404(request, *REWARD_READERS)
    is_finance, year = acts_for_county(request, Verb.MANAGE_FUND, county), clock.today().year
    form = BudgetForm(request.POST or None, initial={"year": year}) if is_finance else None
    if request.method == "POST":
        if form is None:
            refuse(request)
        if form.is_valid():
            url, kept = reverse("assessments:reward-budgets"), form.cleaned_data
            answer = attempt(
                request,
                form,
                lambda: operations.set_reward_budget(county=county, set_by=account(request), at=clock.now(), **kept),
                url=url,
            )
            if answer is not None:
                return answer
            if not form.errors:
                messages.success(request, _("The budget is set."))
                return redirect(url)
    page = Paginator(budget_rows(county=county.path), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "table": BudgetTable(page.object_list), "page": page, "form": form,
        "figures": figures_of(None, budget_of(county, year))[1:],
    }  # fmt: skip
    return render(request, "assessments/reward_budgets.html", context)


@require_http_methods(["GET", "HEAD"])
def village_post_list(request: HttpRequest) -> HttpResponse:
    """Who holds the posts of the villages, and who held them before."""
    scope_or_404(request, *KEEPERS)
    user, on = account(request), clock.today()
    form = VillagePostFilterForm(request.GET or None)
    text = form.cleaned_data["text"] if form.is_bound and form.is_valid() else ""
    rows = village_post_rows(scope=user.people_scope(*KEEPERS, on=on), text=text)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"form": form, "table": VillagePostTable(page.object_list), "page": page}
    return render(request, "assessments/village_posts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def village_post_new(request: HttpRequest) -> HttpResponse:
    """Record who takes a post; who held it before leaves the day before."""
    scope_or_404(request, *KEEPERS)
    scope = account(request).people_scope(*KEEPERS, on=clock.today())
    form = TakeOfficeForm(request.POST or None, organizations=village_organizations(scope))
    if request.method == "POST" and form.is_valid():
        url = reverse("assessments:village-posts")
        answer = attempt(request, form, lambda: _take(request, form), url=url)
        if answer is not None:
            return answer
        if not form.errors:
            messages.success(request, _("It is written down."))
            return redirect(url)
    return render(request, "assessments/village_post_new.html", {"form": form})


def _take(request: HttpRequest, form: TakeOfficeForm) -> VillagePost:
    kept = form.cleaned_data
    people = people_named(kept["organization"], kept["member"], kept["last_four"])
    if len(people) != 1:
        sentence = (
            _("Several people bear this name; please add the last four of the ID number.")
            if people
            else _("Nobody of this name stands in the township's register of people.")
        )
        raise UnableToAssess(sentence, "member")
    return village_posts.take_office(
        organization=kept["organization"], person=people[0], role=kept["role"], valid_from=kept["valid_from"],
        recorded_by=account(request), at=clock.now(),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def village_post_end(request: HttpRequest, post_id: int) -> HttpResponse:
    """Record the last day of a holder."""
    scope_or_404(request, *KEEPERS)
    rows = village_post_rows(scope=account(request).people_scope(*KEEPERS, on=clock.today()))
    post = rows.filter(pk=post_id).first()
    if post is None:
        refuse(request, VillagePost, post_id)
    form = LeaveOfficeForm(request.POST or None, initial={"last_day": clock.today()})
    if request.method == "POST" and form.is_valid():
        url, last_day = reverse("assessments:village-posts"), form.cleaned_data["last_day"]
        answer = attempt(
            request,
            form,
            lambda: village_posts.leave_office(
                post_id=post.pk, last_day=last_day, recorded_by=account(request), at=clock.now()
            ),
            url=url,
        )
        if answer is not None:
            return answer
        if not form.errors:
            messages.success(request, _("It is written down."))
            return redirect(url)
    return render(request, "assessments/village_post_end.html", {"form": form, "post": post})
