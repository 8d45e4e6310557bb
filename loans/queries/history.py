"""What happened to a case, newest first, with the words people wrote, and who has to act next."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from loans.choices import CreditStatus, Outcome, StepCode
from loans.models import Application, ApplicationDecision, Objection
from loans.queries.detail import decisions_of, is_objected, running_notice_of
from loans.queries.recalls import recalled_of
from web.display import show_day
from web.layout import Event, Tone
from workflow.engine import State

TONES: dict[str, Tone] = {
    Outcome.RETURN: Tone.BAD,
    Outcome.REJECT: Tone.BAD,
    Outcome.DECLINE: Tone.BAD,
    Outcome.REFUSE_CONSENT: Tone.BAD,
    Outcome.WITHDRAW: Tone.SYSTEM,
    Outcome.DUE: Tone.SYSTEM,
    Outcome.STOP: Tone.BAD,
    Outcome.RECALL: Tone.SYSTEM,
    Outcome.SUBMIT: Tone.INFO,
    Outcome.PUBLISH: Tone.INFO,
    Outcome.PROPOSE: Tone.INFO,
}


def history_of(case: Application) -> list[Event]:
    """Return the timeline. Needs `cases_in_full`."""
    dated: list[tuple[datetime, int, Event]] = [
        (decision.decided_at, decision.sequence, _decision_event(case, decision)) for decision in decisions_of(case)
    ]
    for notice in case.notices.all():
        for objection in notice.objections.all():
            dated += [(at, 0, event) for at, event in _objection_events(objection)]
    registered = Event(
        title=_("Registered"), by=case.created_by.name, at=case.created_at, tone=Tone.INFO
    )  # fmt: skip
    events = [event for _at, _sequence, event in sorted(dated, key=lambda row: row[:2], reverse=True)]
    waiting = waiting_event(case)
    return [*([waiting] if waiting else []), *events, registered]


def waiting_event(case: Application) -> Event | None:
    """Return who has to act next and until when; None for a case that waits for nobody."""
    if not case.is_waiting:
        return None
    step = case.version.step(case.step)
    by = next_office(case)
    if case.due_date:
        by = _("%(office)s · due by %(day)s") % {"office": by, "day": show_day(case.due_date)}
    return Event(title=_("Waiting: %(step)s") % {"step": step.name}, by=by, tone=Tone.NEUTRAL)


def next_office(case: Application) -> str:
    """Return the office whose turn it is."""
    township = case.division.parent.name if case.division.parent else ""
    committee = _("%(township)s Party committee") % {"township": township}
    if case.step == StepCode.PUBLIC_NOTICE and running_notice_of(case):
        return committee if is_objected(running_notice_of(case)) else _("The calendar")
    if case.step == StepCode.DISBURSEMENT and case.credit_status == CreditStatus.ASKED:
        return _("%(outlet)s, manager") % {"outlet": case.outlet.short_name}
    return {
        StepCode.INTAKE: _("Clerk"),
        StepCode.REFERRAL: _("Clerk"),
        StepCode.BRANCH_REVIEW: case.branch.short_name,
        StepCode.PUBLIC_NOTICE: case.branch.short_name,
        StepCode.COMMITTEE_FILING: committee,
        StepCode.SUBSIDY_CONFIRMATION: _("County finance bureau"),
        StepCode.DISBURSEMENT: case.outlet.short_name,
        StepCode.ASSESSMENT: _("County organisation department"),
    }[StepCode(case.step)]


def _decision_event(case: Application, decision: ApplicationDecision) -> Event:
    names = {step.code: step.name for step in case.version.steps.all()}
    title = _("%(step)s: %(outcome)s") % {
        "step": names.get(decision.step, decision.get_step_display()),
        "outcome": decision.get_outcome_display(),
    }
    if decision.target:
        title = _("%(title)s, back to %(target)s") % {"title": title, "target": names.get(decision.target, "")}
    if decision.pk in recalled_of(case):
        title = _("%(title)s (taken back)") % {"title": title}
    return Event(
        title=title,
        by=decider_of(decision),
        at=decision.decided_at,
        tone=TONES.get(decision.outcome, Tone.OK),
        quote=decision.reason,
    )


def decider_of(decision: ApplicationDecision) -> str:
    """Return office and name of who decided; the calendar's own decisions say so."""
    if decision.decided_by.is_system:
        return _("Done by the calendar")
    office = decision.organization.short_name if decision.organization else ""
    return " ".join(filter(None, [office, decision.decider_name]))


def _objection_events(objection: Objection) -> list[tuple[datetime, Event]]:
    events = [
        (
            objection.recorded_at,
            Event(
                title=_("Objection to the notice (%(how)s)") % {"how": objection.get_channel_display()},
                by=objection.recorded_by.name if objection.recorded_by else "",
                at=objection.recorded_at,
                tone=Tone.BAD,
                quote=objection.text,
            ),
        )
    ]
    if objection.settled_at and objection.settled_by:
        title = _("Objection settled: %(state)s") % {"state": objection.get_state_display()}
        event = Event(
            title=title,
            by=objection.settled_by.name,
            at=objection.settled_at,
            tone=Tone.OK,
            quote=objection.finding,
        )
        events.append((objection.settled_at, event))
    return events


def is_over(case: Application, on: date) -> bool:
    """Whether a running notice's days are over and only an objection keeps it."""
    notice = running_notice_of(case)
    return notice is not None and notice.is_over(on) and case.state == State.OPEN
