"""组织考核: the rounds, one round with its subjects, the ranking."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.choices import Verb
from assessments.choices import CampaignState, Level, SchemeState
from assessments.documents_rounds import RANKING_LIST
from assessments.flow import NEXT, READERS, REWARD_READERS, SHEET_READERS, levels_of
from assessments.forms.rounds import AdvanceForm, RoundForm
from assessments.models import Campaign, Scheme, Subject
from assessments.operations.rounds import advance, next_state, open_campaign
from assessments.queries.ranking import ranking_of
from assessments.queries.rounds import (
    bar_of,
    campaign_rows,
    history_of,
    open_appeals,
    sheets_by_subject,
    subject_rows,
)
from assessments.tables_rounds import RankingTable, RoundTable, SubjectTable
from assessments.views.access_rounds import (
    acts_for_county,
    attempt,
    campaign_or_404,
    county_or_404,
    county_path,
    scope_or_404,
)
from audit.access import refuse
from audit.exports import export_list
from jobs.operations import start_job
from loans.views.access import account
from organizations.choices import DivisionLevel
from organizations.models import Division
from web import clock
from web.display import show_day
from web.layout import Fact

PAGE_SIZE = 50
SELF_DAYS, FIRST_DAYS, COUNTY_DAYS = 7, 14, 21


@require_safe
def round_list(request: HttpRequest) -> HttpResponse:
    path, user, on = county_path(request, *READERS), account(request), clock.today()
    page = Paginator(campaign_rows(county=path), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "table": RoundTable(page.object_list),
        "page": page,
        "may_open": user.may(Verb.ASSESS, on=on),
        "may_pay": user.may(*REWARD_READERS, on=on),
        "may_keep_posts": user.may(Verb.FILE, Verb.ASSESS, on=on),
    }
    return render(request, "assessments/round_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def round_new(request: HttpRequest) -> HttpResponse:
    county, on = county_or_404(request, Verb.ASSESS), clock.today()
    form = RoundForm(
        request.POST or None,
        schemes=Scheme.objects.filter(county=county, state=SchemeState.PUBLISHED).order_by("name", "-version"),
        townships=Division.objects.below(county).filter(level=DivisionLevel.TOWNSHIP).in_official_order(),
        initial=_next_days(on),
    )
    if request.method == "POST" and form.is_valid():
        kept = form.cleaned_data
        opened: list[Campaign] = []
        answer = attempt(
            request,
            form,
            lambda: opened.append(
                open_campaign(
                    scheme=kept["scheme"],
                    data=form.campaign(),
                    request_id=kept["request_id"],
                    opened_by=account(request),
                    at=clock.now(),
                )
            ),
            url=reverse("assessments:rounds"),
        )
        if answer is not None:
            return answer
        if opened:
            messages.success(request, _("The round is open; the figures have been counted."))
            return redirect("assessments:round", opened[0].pk)
    return render(request, "assessments/round_new.html", {"form": form})


def _next_days(on: date) -> dict[str, date]:
    days = {"self_until": SELF_DAYS, "first_until": FIRST_DAYS, "county_until": COUNTY_DAYS}
    return {name: on + timedelta(days=number) for name, number in days.items()}


@require_http_methods(["GET", "HEAD", "POST"])
def round_detail(request: HttpRequest, campaign_id: int) -> HttpResponse:
    campaign = campaign_or_404(request, campaign_id)
    is_office = acts_for_county(request, Verb.ASSESS, campaign.county)
    form = _advance_form(request, campaign) if is_office else None
    if request.method == "POST":
        if form is None:
            refuse(request, Campaign, campaign_id)
        answer = _go_on(request, campaign, form)
        if answer is not None:
            return answer
    rows = subject_rows(campaign, scope_or_404(request, *READERS))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    subjects: Sequence[Subject] = list(page.object_list)
    table = SubjectTable(
        subjects,
        sheets=sheets_by_subject(subjects),
        levels=levels_of(campaign.scheme.subject_kind),
        may_open=account(request).may(*SHEET_READERS, on=clock.today()),
    )
    context = {
        "campaign": campaign,
        "steps": bar_of(campaign, campaign.scheme),
        "facts": facts_of(campaign),
        "table": table,
        "page": page,
        "form": form,
        "history": history_of(campaign),
        "may_rank": campaign.is_published or is_office,
        "may_pay": account(request).may(*REWARD_READERS, on=clock.today()),
    }
    return render(request, "assessments/round.html", context)


def _advance_form(request: HttpRequest, campaign: Campaign) -> AdvanceForm | None:
    if campaign.state not in NEXT:
        return None
    form = AdvanceForm(request.POST or None, initial={"revision": campaign.revision})
    form.button = NEXT_BUTTONS[next_state(campaign)]()
    return form


# What the button says, by where the round goes.
NEXT_BUTTONS = {
    CampaignState.FIRST: lambda: _("Close self-assessment, go on to the first assessment"),
    CampaignState.COUNTY: lambda: _("Go on to the county's assessment"),
    CampaignState.NOTICE: lambda: _("Put the results on notice"),
    CampaignState.FINAL: lambda: _("Make the results final"),
    CampaignState.ARCHIVED: lambda: _("Archive the round"),
}


def _go_on(request: HttpRequest, campaign: Campaign, form: AdvanceForm) -> HttpResponse | None:
    url = reverse("assessments:round", args=[campaign.pk])
    if not form.is_valid():
        return None
    kept = form.cleaned_data
    answer = attempt(
        request,
        form,
        lambda: advance(
            campaign_id=campaign.pk,
            revision=kept["revision"],
            by=account(request),
            at=clock.now(),
            reason=kept["reason"],
        ),
        url=url,
    )
    if answer is None and not form.errors:
        messages.success(request, _("It is written down."))
        return redirect(url)
    return answer


def facts_of(campaign: Campaign) -> list[Fact]:
    days = {
        Level.SELF: (_("Self-assessment until"), campaign.self_until),
        Level.FIRST: (_("First assessment until"), campaign.first_until),
        Level.COUNTY: (_("County assessment until"), campaign.county_until),
    }
    facts = [
        Fact(_("Scheme"), str(campaign.scheme), _("weights are examples") if campaign.scheme.is_example else ""),
        Fact(pgettext("assessment", "Period"), f"{show_day(campaign.first_day)} – {show_day(campaign.last_day)}"),
        *(Fact(*days[level][:1], show_day(days[level][1])) for level in levels_of(campaign.scheme.subject_kind)),
    ]
    if campaign.notice_from:
        notice = f"{show_day(campaign.notice_from)} – {show_day(campaign.notice_until)}"
        waiting = open_appeals(campaign).count()
        facts.append(Fact(_("Notice of results"), notice, _("open appeals: %(number)s") % {"number": waiting}))
    return facts


@require_http_methods(["GET", "HEAD", "POST"])
def ranking(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """The ranking: open to every reader of the county once it is on notice. POST: as a workbook."""
    campaign = campaign_or_404(request, campaign_id)
    if not campaign.is_published and not acts_for_county(request, Verb.ASSESS, campaign.county):
        refuse(request, Campaign, campaign_id)
    results = ranking_of(campaign)
    if request.method == "POST":
        name = f"{campaign.name} {_('Ranking')}"
        return export_list(request, rows=results, table=lambda chunk: RankingTable(chunk), name=name)
    page = Paginator(results, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "campaign": campaign,
        "table": RankingTable(page.object_list),
        "page": page,
        "commended": [one for one in results if one.is_commended] if campaign.is_final else [],
        "number": campaign.scheme.commended,
    }
    return render(request, "assessments/ranking.html", context)


@require_POST
def ranking_paper(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Let the ranking with its rewards be printed."""
    campaign = campaign_or_404(request, campaign_id)
    if not campaign.is_published and not acts_for_county(request, Verb.ASSESS, campaign.county):
        refuse(request, Campaign, campaign_id)
    job = start_job(
        kind=RANKING_LIST,
        title=_("Ranking of %(name)s") % {"name": campaign.name},
        owner=account(request),
        arguments={"campaign_id": campaign.pk},
        at=clock.now(),
    )
    return redirect("jobs:detail", job_id=job.pk)
