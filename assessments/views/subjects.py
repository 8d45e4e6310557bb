"""The sheet of one subject: what each level found, scoring it, appeals, consequences."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.choices import Verb
from assessments.choices import AppealOutcome, CampaignState, Level
from assessments.documents_rounds import SCORE_SHEET
from assessments.flow import STATE_OF_LEVEL, levels_of
from assessments.forms.rounds import ActionForm, AnswerForm, AppealForm, ConsequenceForm, SheetForm
from assessments.models import ScoreRecord, Subject
from assessments.operations import scores
from assessments.queries.explaining import rows_of, sheets_in_order
from assessments.queries.rounds import items_of, latest_of
from assessments.tables_rounds import grade_tag
from assessments.views.access_rounds import acts_for_county, attempt, subject_or_404
from audit.access import refuse
from files.models import Attachment
from jobs.operations import start_job
from loans.views.access import account
from loans.views.care import opened
from web import clock
from web.display import show_day
from web.layout import Fact


@require_http_methods(["GET", "HEAD", "POST"])
def subject_detail(request: HttpRequest, subject_id: int) -> HttpResponse:
    subject = subject_or_404(request, subject_id)
    forms = forms_of(request, subject)
    if request.method == "POST":
        answer = _carry_out(request, subject, forms)
        if answer is not None:
            return answer
    levels = levels_of(subject.campaign.scheme.subject_kind)
    level, reason = open_level(request, subject)
    result = getattr(subject, "result", None)
    context = {
        "subject": subject,
        "campaign": subject.campaign,
        "facts": facts_of(subject),
        "tag": grade_tag(result) if result else "",
        "levels": levels,
        "rows": rows_of(subject, levels),
        "sheets": sheets_in_order(subject, levels),
        "forms": forms,
        "level": level,
        "reason": reason,
        "appeals": subject.appeals.all(),
        "consequences": subject.consequences.all(),
    }
    return render(request, "assessments/subject.html", context)


def open_level(request: HttpRequest, subject: Subject) -> tuple[Level | None, str]:
    """Return the level at which the account may score now, or why it may not though its post would allow it."""
    user, on = account(request), clock.today()
    for level in levels_of(subject.campaign.scheme.subject_kind):
        is_its_turn = subject.campaign.state == STATE_OF_LEVEL[level]
        if is_its_turn and scores.post_for(subject, level, user, on=on):
            sentence = scores.reason_against(subject, level, user)
            return (None, sentence) if sentence else (level, "")
    return None, ""


def forms_of(request: HttpRequest, subject: Subject) -> list[ActionForm]:
    """Return the forms of what the account may do now besides scoring."""
    user, on, campaign = account(request), clock.today(), subject.campaign
    built: list[ActionForm] = []
    if scores.is_open_to_appeals(campaign, on) and scores.post_for(subject, Level.SELF, user, on=on):
        items = items_of(campaign.scheme_id)
        built.append(AppealForm(*_data(request, AppealForm.code), items=items))
    if acts_for_county(request, Verb.ASSESS, campaign.county):
        waiting = next((one for one in subject.appeals.all() if one.answer is None), None)
        if waiting is not None and campaign.state == CampaignState.NOTICE:
            built.append(AnswerForm(*_data(request, AnswerForm.code), initial={"appeal": waiting.pk}))
        if campaign.is_final:
            built.append(ConsequenceForm(*_data(request, ConsequenceForm.code), initial={"decided_on": on}))
    return built


def _data(request: HttpRequest, code: str) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.POST.get("action") == code else (None, None)


def _carry_out(request: HttpRequest, subject: Subject, forms: list[ActionForm]) -> HttpResponse | None:
    """Do what was posted; None when the page must be shown again with the reasons."""
    form = next((one for one in forms if one.is_bound), None)
    if form is None:
        refuse(request, Subject, subject.pk)
    if not form.is_valid():
        return None
    url = reverse("assessments:subject", args=[subject.pk])
    answer = attempt(request, form, _act_of(request, subject, form), url=url)
    if answer is None and not form.errors:
        messages.success(request, _("It is written down."))
        return redirect(url)
    return answer


def _act_of(request: HttpRequest, subject: Subject, form: ActionForm) -> Callable[[], object]:
    kept, user, at = dict(form.cleaned_data), account(request), clock.now()
    kept.pop("action")
    match form:
        case AppealForm():
            item = kept.pop("item")
            return lambda: scores.file_appeal(subject_id=subject.pk, item_id=item, filed_by=user, at=at, **kept)
        case AnswerForm():
            numerator, denominator = kept["numerator"], kept["denominator"]
            value = scores.value_of(numerator, denominator) if numerator is not None else None
            own = kept["appeal"] in {one.pk for one in subject.appeals.all()}
            return lambda: scores.decide_appeal(
                appeal_id=kept["appeal"] if own else refuse(request),
                outcome=AppealOutcome(kept["outcome"]),
                reason=kept["reason"],
                value=value,
                decided_by=user,
                at=at,
            )
        case _:
            return lambda: scores.record_consequence(subject_id=subject.pk, recorded_by=user, at=at, **kept)


def facts_of(subject: Subject) -> list[Fact]:
    campaign, result = subject.campaign, getattr(subject, "result", None)
    latest = latest_of(subject.sheets.all())
    highest = next((latest[level] for level in reversed(list(Level)) if level in latest), None)
    score = result.score if result else highest.score if highest else None
    facts = [
        Fact(_("Round"), campaign.name, f"{show_day(campaign.first_day)} – {show_day(campaign.last_day)}"),
        Fact(_("Organization"), subject.organization.name),
        Fact(_("Township"), subject.township.name if subject.township else "--"),
        Fact(
            _("Score"),
            score if score is not None else "--",
            "" if result or not highest else _("so far: %(level)s") % {"level": highest.get_level_display()},
        ),
    ]
    if result:
        ranks = _("county %(county)s, township %(township)s") % {
            "county": result.rank_in_county or "--",
            "township": result.rank_in_township or "--",
        }
        facts += [Fact(_("Grade"), result.get_grade_display()), Fact(_("Rank"), ranks)]
    return facts


@require_http_methods(["GET", "HEAD", "POST"])
def subject_score(request: HttpRequest, subject_id: int) -> HttpResponse:
    """Enter the values of the level whose turn it is."""
    subject = subject_or_404(request, subject_id)
    url = reverse("assessments:subject", args=[subject.pk])
    level, _reason = open_level(request, subject)
    if level is None:
        if request.method == "POST" or not _reason:
            refuse(request, Subject, subject_id)
        return redirect(url)
    form = SheetForm(
        request.POST or None,
        request.FILES or None,
        items=items_of(subject.campaign.scheme_id),
        before=_before(subject, level),
        level=level,
        initial={"revision": subject.revision},
    )
    if request.method == "POST" and form.is_valid():
        kept = form.cleaned_data
        answer = attempt(
            request,
            form,
            lambda: scores.score_subject(
                subject_id=subject.pk,
                level=level,
                revision=kept["revision"],
                entries=form.entries(),
                request_id=kept["request_id"],
                scored_by=account(request),
                at=clock.now(),
                opinion=kept["opinion"],
            ),
            url=url,
        )
        if answer is not None:
            return answer
        if not form.errors:
            messages.success(request, _("The sheet is written down."))
            return redirect(url)
    context = {"subject": subject, "campaign": subject.campaign, "form": form, "level": level}
    return render(request, "assessments/subject_score.html", context)


def _before(subject: Subject, level: Level) -> dict[int, ScoreRecord]:
    """Return the records to begin with: the level's own last sheet, else that of the nearest level before."""
    latest = latest_of(subject.sheets.all())
    order = list(Level)
    for one in reversed(order[: order.index(level) + 1]):
        if one in latest:
            return {record.item_id: record for record in latest[one].records.all()}
    return {}


@require_safe
def evidence(request: HttpRequest, subject_id: int, file_id: UUID) -> HttpResponse:
    """Hand out a file of evidence of a sheet or an appeal to those who read the sheet."""
    subject = subject_or_404(request, subject_id)
    files: list[Attachment | None] = [one.evidence for one in subject.appeals.all()]
    files += [record.evidence for sheet in subject.sheets.all() for record in sheet.records.all()]
    found = next((one for one in files if one is not None and one.uuid == file_id), None)
    return opened(request, found) if found is not None else refuse(request, Attachment, file_id)


@require_POST
def subject_paper(request: HttpRequest, subject_id: int) -> HttpResponse:
    """Let the sheet (组织考核表) be printed."""
    subject = subject_or_404(request, subject_id)
    job = start_job(
        kind=SCORE_SHEET,
        title=_("Assessment sheet of %(name)s") % {"name": subject.name},
        owner=account(request),
        arguments={"subject_id": subject.pk},
        at=clock.now(),
    )
    return redirect("jobs:detail", job_id=job.pk)
