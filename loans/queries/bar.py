"""The step bar of a case: the steps its programme names, the state of each, who did it and when, or the time left."""

from datetime import date

from django.utils.translation import gettext as _

from loans.choices import Outcome, StepCode
from loans.models import Application, ApplicationDecision, VersionStep
from loans.queries.detail import last_decision, return_of, running_notice_of
from loans.queries.tags import case_deadline_tag
from web.clock import day_of
from web.display import show_day
from web.layout import Step, StepState
from workflow.deadlines import WorkCalendar
from workflow.engine import State

STOPPED_STATES = (State.REJECTED, State.DECLINED, State.WITHDRAWN)
STOPPING = (Outcome.RETURN, Outcome.REJECT, Outcome.DECLINE, Outcome.WITHDRAW)
SKIPPING = (Outcome.CONFIRM_WITHOUT,)


def bar_of(case: Application, *, on: date, calendar: WorkCalendar) -> list[Step]:
    """Return the bar. Needs `cases_in_full`.

    A step that is shown under another (公示 under 支部审核) is a line of that one.
    """
    steps = case.version.ordered_steps
    entries = [step for step in steps if step.on_bar and not step.shown_under]
    return [
        _entry(case, entry, [step for step in steps if step.shown_under == entry.code], on=on, calendar=calendar)
        for entry in entries
    ]


def _entry(
    case: Application, entry: VersionStep, below: list[VersionStep], *, on: date, calendar: WorkCalendar
) -> Step:
    codes = [entry.code, *(step.code for step in below)]
    state = _state(case, codes)
    lines = _done_lines(case, entry.code) if state in (StepState.DONE, StepState.SKIPPED, StepState.STOPPED) else []
    if state is StepState.NOW:
        lines = _done_lines(case, entry.code) if case.step != entry.code else []
        tag = case_deadline_tag(case, on=on, calendar=calendar)
        lines += [_line_below(case, step, is_done=False) for step in below if step.code == case.step]
        lines += [tag.label] if tag and not _hangs(case, codes) else []
    if state is StepState.DONE:
        lines += [_line_below(case, step, is_done=True) for step in below]
    return Step(label=entry.name, state=state, lines=[line for line in lines if line])


def _state(case: Application, codes: list[str]) -> StepState:
    """Return the state of an entry that stands for one step or for a step and those shown under it."""
    order = case.version.step_codes
    place, here = order.index(codes[-1]), order.index(case.step)
    if case.state == State.CLOSED or place < here:
        skipped = (last := last_decision(case, codes[0])) is not None and last.outcome in SKIPPING
        return StepState.SKIPPED if skipped else StepState.DONE
    if case.step in codes:
        if case.state == State.LENT:
            return StepState.DONE
        return StepState.STOPPED if case.state in STOPPED_STATES else StepState.NOW
    return StepState.STOPPED if _returned_from(case, codes) else StepState.TODO


def _returned_from(case: Application, codes: list[str]) -> bool:
    """Whether a returned case was sent back by this entry and has not been decided on since."""
    returned = return_of(case)
    return returned is not None and returned.step in codes


def _hangs(case: Application, codes: list[str]) -> bool:
    """While the notice hangs, its last day stands on the bar; the working days left would say it twice."""
    return StepCode.PUBLIC_NOTICE in codes and running_notice_of(case) is not None


def _done_lines(case: Application, step: str) -> list[str]:
    decision = last_decision(case, step)
    if decision is None:
        return []
    who = case.introducer.person.name if step == StepCode.REFERRAL and case.introducer else _who(decision)
    day = show_day(day_of(decision.decided_at))
    if decision.outcome in STOPPING or decision.outcome in SKIPPING:
        return [decision.get_outcome_display(), who, day]
    return [who, day]


def _who(decision: ApplicationDecision) -> str:
    return "" if decision.decided_by.is_system else decision.decider_name


def _line_below(case: Application, step: VersionStep, *, is_done: bool) -> str:
    """Return the line of a step that is shown under another: `公示中，至 2014-08-21`."""
    if is_done:
        decision = last_decision(case, step.code)
        values = {"step": step.name, "day": show_day(day_of(decision.decided_at)) if decision else ""}
        return _("%(step)s ended %(day)s") % values if decision else ""
    notice = running_notice_of(case)
    if notice is None:
        return _("%(step)s to be published") % {"step": step.name}
    return _("%(step)s until %(day)s") % {"step": step.name, "day": show_day(notice.ends_on)}
