"""Model households: the list, a recommendation, the page of one, the certificate, the rules."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.choices_households import HonourObjectionState, HonourState
from assessments.documents_households import AWARD_CERTIFICATE
from assessments.flow_households import READERS, RECOMMENDING
from assessments.forms.households import (
    ActionForm,
    AwardSchemeForm,
    BorrowerSearchForm,
    HonourFilterForm,
    HonourForm,
    ObjectForm,
    RatingForm,
    RecommendForm,
    SettleForm,
)
from assessments.models import HouseholdHonour
from assessments.operations.households import (
    HonourMoved,
    decide_honour,
    reason_against,
    recommend_household,
)
from assessments.operations.objections_households import (
    RECORDING,
    SETTLING,
    record_honour_objection,
    settle_honour_objection,
)
from assessments.operations.schemes_households import SETTING, SchemeTerms, set_award_scheme
from assessments.queries.households import (
    bar_of,
    candidates,
    effect_for,
    history_of,
    honour_rows,
    honours_in_full,
    moves_open_to,
    record_of,
    scheme_on,
    schemes_of,
)
from assessments.tables_households import HonourTable, honour_tag
from assessments.views.access_households import county_of, demand, moved, scope_or_404
from audit.access import get_in_scope, not_allowed
from jobs.operations import start_job
from loans.operations.errors import Blocked, NotAllowed
from loans.queries.benefits import benefits_of_household, shown
from loans.views.access import account
from organizations.models import Household, Person
from organizations.scope import Scope
from web import clock
from web.display import show_count, show_day, show_percent, show_yuan
from web.layout import Fact
from web.masking import masked_name

PAGE_SIZE = 25
REVIEW_AHEAD = timedelta(days=60)


@require_safe
def household_list(request: HttpRequest) -> HttpResponse:
    on = clock.today()
    scope = scope_or_404(request, *READERS, on=on)
    form = HonourFilterForm(request.GET or None)
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
    rows = honour_rows(
        scope=scope,
        state=chosen.get("state", ""),
        title=chosen.get("title", ""),
        due_by=on + REVIEW_AHEAD if chosen.get("due") else None,
    )
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "table": HonourTable(page.object_list),
        "page": page,
        "may_recommend": account(request).may(*RECOMMENDING, on=on),
    }
    return render(request, "assessments/household_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def household_new(request: HttpRequest) -> HttpResponse:
    """Find a borrower of the area, then recommend his household."""
    on = clock.today()
    user = demand(request, *RECOMMENDING, on=on)
    search = BorrowerSearchForm(request.GET if "text" in request.GET else None)
    people: Sequence[Person] = []
    if search.is_bound and search.is_valid():
        people = candidates(user.scope(*RECOMMENDING, on=on), text=search.cleaned_data["text"], on=on)
    form = RecommendForm(request.POST or None, initial={"household": request.GET.get("household", "")})
    household = _chosen(request, form, user.people_scope(*RECOMMENDING, on=on))
    if request.method == "POST" and form.is_valid() and household is not None:
        try:
            honour = recommend_household(
                household_id=household.pk,
                title=form.cleaned_data["title"],
                reason=form.cleaned_data["reason"],
                request_id=form.cleaned_data["request_id"],
                recommended_by=user,
                at=clock.now(),
            )
        except Blocked as error:
            form.add_problems(error.problems)
        except NotAllowed as error:
            not_allowed(request, error, Household, household.pk)
        else:
            messages.success(request, _("The recommendation is written down."))
            return redirect("assessments:household", honour_id=honour.pk)
    context = {
        "search": search,
        "people": people,
        "form": form,
        "household": household,
        "facts": record_facts(household, on) if household else [],
    }
    return render(request, "assessments/household_new.html", context)


def _chosen(request: HttpRequest, form: RecommendForm, scope: Scope) -> Household | None:
    text = request.POST.get("household") or request.GET.get("household", "")
    if not text.isdecimal() or len(text) > 18:
        return None
    rows = Household.objects.for_scope(scope).select_related("division").prefetch_related("members")
    return rows.filter(pk=int(text)).first()


def record_facts(household: Household, on: date) -> list[Fact]:
    """How the household borrowed and repaid: what the rating looks at."""
    record = record_of(household, on=on)
    if record.newest is None:
        return [Fact(_("Loans"), _("none"))]
    return [
        Fact(_("Loans"), show_count(record.loans), _("%(amount)s yuan in all") % {"amount": show_yuan(record.lent)}),
        Fact(_("Repaid"), show_count(record.settled)),
        Fact(_("Overdue"), show_count(record.overdue)),
        Fact(_("Written off"), show_count(record.written_off)),
        Fact(_("Misuse found"), show_count(record.misused)),
        Fact(_("Newest project"), record.newest.application.project_name, str(record.newest.get_purpose_display())),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def household_detail(request: HttpRequest, honour_id: int) -> HttpResponse:
    on = clock.today()
    honour = get_in_scope(honours_in_full(), scope_or_404(request, *READERS, on=on), honour_id, request)
    forms, reason = forms_of(request, honour, on)
    if request.method == "POST":
        answer = _carry_out(request, honour, forms)
        if answer is not None:
            return answer
    context = {
        "honour": honour,
        "tag": honour_tag(honour),
        "steps": bar_of(honour),
        "facts": facts_of(honour),
        "record": record_facts(honour.household, on),
        "benefits": [(one, shown(one)) for one in benefits_of_household(honour.household_id)],
        "effect": effect_facts(honour, on),
        "history": history_of(honour),
        "masked": masked_name(honour.person.name),
        "forms": forms,
        "reason": reason,
    }
    return render(request, "assessments/household_detail.html", context)


def forms_of(request: HttpRequest, honour: HouseholdHonour, on: date) -> tuple[list[ActionForm], str]:
    """Return the forms of what the person may do now, and why he may not decide though his post would allow it."""
    user = account(request)
    found: list[ActionForm] = []
    moves = moves_open_to(honour, user, on=on)
    reason = next((text for _outcome, move in moves if (text := reason_against(honour, move, user))), "")
    if moves and not reason:
        kind = RatingForm if honour.state == HonourState.TO_RATE else HonourForm
        outcomes = [outcome for outcome, _move in moves]
        found.append(kind(_data(request, "decide"), revision=honour.revision, outcomes=outcomes))
    if honour.state != HonourState.IN_NOTICE:
        return found, reason
    if any(user.post_covering(verb, honour.place, on=on) for verb in RECORDING):
        found.append(ObjectForm(_data(request, "object"), revision=honour.revision))
    held = [(one.pk, one.text[:40]) for one in honour.objections.all() if one.state == HonourObjectionState.OPEN]
    if held and any(user.post_covering(verb, honour.place, on=on) for verb in SETTLING):
        found.append(SettleForm(_data(request, "settle"), revision=honour.revision, objections=held))
    return found, reason


def _data(request: HttpRequest, code: str) -> Any:
    return request.POST if request.POST.get("action") == code else None


def _carry_out(request: HttpRequest, honour: HouseholdHonour, forms: list[ActionForm]) -> HttpResponse | None:
    """Do what was posted; None when the page must be shown again with the reasons."""
    url = reverse("assessments:household", args=[honour.pk])
    form = next((one for one in forms if one.is_bound), None)
    if form is None:
        if request.POST.get("revision") != str(honour.revision):
            last = honour.decisions.order_by("-sequence").first()
            return moved(request, last, last.get_outcome_display() if last else "", url)
        not_allowed(request, NotAllowed(), HouseholdHonour, honour.pk)
    if not form.is_valid():
        return None
    try:
        _act(request, honour, form)
    except Blocked as error:
        form.add_problems(error.problems)
        return None
    except HonourMoved as error:
        last = error.last_decision
        return moved(request, last, last.get_outcome_display() if last else "", url)
    except NotAllowed as error:
        not_allowed(request, error, HouseholdHonour, honour.pk)
    messages.success(request, _("It is written down."))
    return redirect("assessments:household", honour_id=honour.pk)


def _act(request: HttpRequest, honour: HouseholdHonour, form: ActionForm) -> None:
    kept, user, at = form.cleaned_data, account(request), clock.now()
    match form:
        case HonourForm():
            decide_honour(
                honour_id=honour.pk,
                outcome=kept["outcome"],
                revision=kept["revision"],
                decided_by=user,
                at=at,
                reason=kept["reason"],
                grades=form.grades,
            )
        case ObjectForm():
            record_honour_objection(
                honour_id=honour.pk,
                raised_by=kept["raised_by"],
                text=kept["text"],
                request_id=kept["request_id"],
                recorded_by=user,
                at=at,
            )
        case SettleForm():
            settle_honour_objection(
                objection_id=int(kept["objection"]),
                is_upheld=kept["is_upheld"],
                finding=kept["finding"],
                settled_by=user,
                at=at,
            )


def facts_of(honour: HouseholdHonour) -> list[Fact]:
    """Return who is honoured, where, by which rules, and the days of his way."""
    notice = ""
    if honour.notice_from:
        notice = f"{show_day(honour.notice_from)} — {show_day(honour.notice_to)}"
    return [
        Fact(_("Name of the borrower"), honour.person.name),
        Fact(_("Village"), honour.division.place_name),
        Fact(pgettext("honour", "Title"), str(honour.get_title_display())),
        Fact(_("Industry"), str(honour.get_purpose_display())),
        Fact(_("Branch"), honour.branch.name),
        Fact(_("Outlet"), honour.outlet.name),
        Fact(_("Rules of the honour"), honour.scheme.name, honour.scheme.document_number),
        Fact(_("Notice"), notice),
        Fact(_("Certificate number"), honour.award_number, mono=True),
        Fact(_("Awarded on"), show_day(honour.awarded_on)),
        Fact(_("To be reviewed by"), show_day(honour.review_due)),
        Fact(_("Withdrawn on"), show_day(honour.withdrawn_on)),
    ]


def effect_facts(honour: HouseholdHonour, on: date) -> list[Fact]:
    """Return what the benefits would cost on a loan like the last one, before anybody awards them."""
    if honour.state in (HonourState.REFUSED, HonourState.WITHDRAWN):
        return []
    effect = effect_for(honour, on=on)
    if effect is None:
        return []
    loan = _("on %(amount)s yuan for %(months)s months") % {
        "amount": show_yuan(effect.amount),
        "months": effect.months,
    }
    rates = _("%(lower)s instead of %(ordinary)s") % {
        "lower": show_percent(effect.reduced.quotation.rate_percent),
        "ordinary": show_percent(effect.ordinary.quotation.rate_percent),
    }
    return [
        Fact(_("Rate a year"), rates, loan),
        Fact(_("Interest the lender does not earn"), show_yuan(effect.interest_forgone), _("borne by the lender")),
        Fact(_("Subsidy saved by the lower rate"), show_yuan(effect.subsidy_saved)),
        Fact(
            _("More subsidy when the higher limit is used"),
            show_yuan(effect.subsidy_added),
            _("%(amount)s yuan above the class") % {"amount": show_yuan(honour.scheme.limit_uplift)},
        ),
    ]


@require_POST
def certificate(request: HttpRequest, honour_id: int) -> HttpResponse:
    """Let the certificate be printed."""
    scope = scope_or_404(request, *READERS, on=clock.today())
    honour = get_in_scope(HouseholdHonour.objects.all(), scope, honour_id, request)
    job = start_job(
        kind=AWARD_CERTIFICATE,
        title=_("Certificate %(number)s") % {"number": honour.award_number or honour.number},
        owner=account(request),
        arguments={"honour_id": honour.pk},
        at=clock.now(),
    )
    return redirect("jobs:detail", job_id=job.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def award_schemes(request: HttpRequest) -> HttpResponse:
    """The rules of the honour, the newest first; the county's department sets new ones."""
    on = clock.today()
    user = demand(request, *READERS, on=on)
    county = county_of(user, *READERS, on=on)
    may_set = any(user.post_covering(verb, county.place, on=on) for verb in SETTING)
    newest = scheme_on(county.path, on)
    form = AwardSchemeForm(request.POST or None, initial=_initial(newest)) if may_set else None
    if request.method == "POST":
        if form is None:
            not_allowed(request, NotAllowed())
        if form.is_valid() and _set(request, form):
            return redirect("assessments:award-schemes")
    scope = Scope(division_paths=(county.path,))
    return render(request, "assessments/award_schemes.html", {"form": form, "schemes": schemes_of(scope)})


def _initial(newest: Any) -> dict[str, Any]:
    names = (
        "name", "notice_days", "review_months", "supported_purposes", "gives_priority", "limit_uplift",
        "rate_points_off", "rate_floor_multiplier",
    )  # fmt: skip
    return {name: getattr(newest, name) for name in names} if newest else {}


def _set(request: HttpRequest, form: AwardSchemeForm) -> bool:
    kept = dict(form.cleaned_data)
    kept["supported_purposes"] = tuple(kept["supported_purposes"])
    user, at = account(request), clock.now()
    county = county_of(user, *READERS, on=clock.day_of(at))
    try:
        set_award_scheme(division=county, terms=SchemeTerms(**kept), set_by=user, at=at)
    except Blocked as error:
        form.add_problems(error.problems)
        return False
    except NotAllowed as error:
        not_allowed(request, error)
    messages.success(request, _("The rules are set."))
    return True
