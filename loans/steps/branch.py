"""The branch side: review (支部审核) and the public notice under it (公示)."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from accounts.choices import Verb
from loans.choices import HOLDING_OBJECTIONS, NoticeState, ObjectionState, Outcome, Side, StepCode
from loans.models import Application, PublicNotice
from loans.queries.published import fingerprint, is_outdated, published_facts
from loans.steps.base import WITHDRAWAL, Context, Rule, Step, sentence
from loans.steps.facts import NoticeFacts, Problem, ReviewFacts
from loans.steps.help import verification_problems
from loans.steps.sheets import place_on_sheet
from web.clock import day_of


class BranchReview(Step):
    """The branch meeting decides on plan, prospects, credit and ability to repay, without those concerned."""

    code = StepCode.BRANCH_REVIEW
    rules = {
        Outcome.PASS: Rule(Verb.REVIEW, Side.BRANCH, ReviewFacts),
        Outcome.RETURN: Rule(Verb.REVIEW, Side.BRANCH),
        Outcome.REJECT: Rule(Verb.REVIEW, Side.BRANCH, ReviewFacts),
        **WITHDRAWAL,
    }

    def blockers(self, case: Application, outcome: str, facts: Any, context: Context) -> list[Problem]:
        if outcome not in (Outcome.PASS, Outcome.REJECT):
            return []
        problems = [sentence(breach) for breach in facts.votes.breaches()]
        if facts.held_on > context.on:
            problems.append(Problem(_("The day lies in the future."), "held_on"))
        if case.submitted_at and facts.held_on < day_of(case.submitted_at):
            problems.append(Problem(_("The meeting was held before the application was submitted."), "held_on"))
        if not problems:
            problems += self._result_problems(outcome, facts)
        if outcome == Outcome.PASS:
            problems += verification_problems(case, context)
        return problems

    def _result_problems(self, outcome: str, facts: ReviewFacts) -> list[Problem]:
        if not facts.votes.has_quorum:
            return [
                Problem(_("The meeting had no quorum: more than half of those who may vote must attend."), "present")
            ]
        if outcome == Outcome.PASS and not facts.votes.is_carried:
            return [Problem(_("No majority: more than half of those who may vote must be in favour."), "in_favour")]
        if outcome == Outcome.PASS and not facts.all_checks_passed:
            return [Problem(_("All four checks must be passed before the branch can recommend."), "plan_is_sound")]
        if outcome == Outcome.REJECT and facts.votes.is_carried and facts.all_checks_passed:
            return [Problem(_("The meeting was in favour and all checks are passed: this cannot be a refusal."))]
        return []


class PublicNoticeStep(Step):
    """The village sees who is proposed. The calendar closes the notice; an upheld objection goes to the committee.

    What was published and is no longer true (a corrected name, a renamed branch) is stopped and published anew.
    """

    code = StepCode.PUBLIC_NOTICE
    rules = {
        Outcome.PUBLISH: Rule(Verb.REVIEW, Side.BRANCH, NoticeFacts),
        Outcome.PASS: Rule(None, Side.BRANCH),
        Outcome.STOP: Rule(None, Side.BRANCH),
        Outcome.RETURN: Rule(Verb.FILE, Side.COMMITTEE),
        Outcome.REJECT: Rule(Verb.FILE, Side.COMMITTEE),
        **WITHDRAWAL,
    }

    def blockers(self, case: Application, outcome: str, facts: Any, context: Context) -> list[Problem]:
        notice = running_notice(case)
        match outcome:
            case Outcome.PUBLISH:
                return self._publish_problems(notice, facts, context)
            case Outcome.PASS:
                return closing_problems(case, notice, context)
            case Outcome.STOP:
                return stopping_problems(case, notice)
            case Outcome.RETURN | Outcome.REJECT if not _has_upheld_objection(notice):
                return [Problem(_("Only an upheld objection stops a case in notice."))]
        return []

    def _publish_problems(self, notice: PublicNotice | None, facts: NoticeFacts, context: Context) -> list[Problem]:
        if notice is not None:
            return [Problem(_("The notice is already running."))]
        if facts.starts_on < context.on:
            return [Problem(_("A notice cannot begin in the past."), "starts_on")]
        if facts.sheet is not None and facts.sheet.notice_days < context.version.notice_days:
            return [Problem(_("The rules of this case ask for a longer notice than this sheet has."))]
        return []

    def apply(self, case: Application, outcome: str, facts: Any, context: Context) -> dict[str, Any]:
        if outcome == Outcome.PUBLISH:
            return self._publish(case, facts, context)
        notice = running_notice(case)
        if notice is None:
            return {}
        notice.state = NoticeState.PASSED if outcome == Outcome.PASS else NoticeState.STOPPED
        notice.closed_at = context.decided_at
        notice.save(update_fields=["state", "closed_at"])
        if outcome == Outcome.STOP:
            days = context.version.step(self.code).deadline_days
            case.due_date = context.calendar.add_workdays(context.on, days)
        return {"notice": notice.number}

    def _publish(self, case: Application, facts: NoticeFacts, context: Context) -> dict[str, Any]:
        roster, position = place_on_sheet(case, facts, context)
        notice = PublicNotice.objects.create(
            application=case,
            roster=roster,
            position=position,
            number=roster.number if position == 1 else f"{roster.number}-{position:02d}",
            snapshot=published_facts(case),
            fingerprint=fingerprint(case),
            place=roster.place,
            phone=roster.phone,
            starts_on=roster.starts_on,
            ends_on=roster.ends_on,
            published_by=context.decided_by,
            published_at=context.decided_at,
        )
        case.due_date = notice.ends_on + timedelta(days=1)
        return {"notice": notice.number, "ends_on": notice.ends_on.isoformat()}


def running_notice(case: Application) -> PublicNotice | None:
    return PublicNotice.objects.filter(application=case, state=NoticeState.RUNNING).first()


def _has_upheld_objection(notice: PublicNotice | None) -> bool:
    return notice is not None and notice.objections.filter(state=ObjectionState.UPHELD).exists()


def _is_objected(notice: PublicNotice) -> bool:
    return notice.objections.filter(state__in=HOLDING_OBJECTIONS).exists()


def closing_problems(case: Application, notice: PublicNotice | None, context: Context) -> list[Problem]:
    """Return why a notice cannot be closed: not begun, still running, objections, or a case changed since."""
    if notice is None:
        return [Problem(_("No notice is running."))]
    if not notice.is_over(context.on):
        return [Problem(_("The notice runs until %(day)s.") % {"day": notice.ends_on})]
    if _is_objected(notice):
        return [Problem(_("An objection is open or was upheld."))]
    if is_outdated(notice, case):
        return [Problem(_("The case was changed after it was published: a new notice is needed."))]
    return []


def stopping_problems(case: Application, notice: PublicNotice | None) -> list[Problem]:
    """Return why a notice is not stopped: what it says is true, or an objection must be settled on it first."""
    if notice is None:
        return [Problem(_("No notice is running."))]
    if _is_objected(notice):
        return [Problem(_("An objection is open or was upheld."))]
    return [] if is_outdated(notice, case) else [Problem(_("The notice is already running."))]
