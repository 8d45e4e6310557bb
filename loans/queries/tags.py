"""How a case stands and how late it is, in the words of an office."""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy, ngettext, pgettext

from loans.choices import CreditStatus, LoanState, StepCode
from loans.models import Application, Loan
from web.layout import Tone
from workflow.deadlines import WorkCalendar
from workflow.engine import State

# What a case waits for at each step.
WAITING: dict[str, Promise] = {
    StepCode.INTAKE: gettext_lazy("Waiting to be submitted"),
    StepCode.REFERRAL: gettext_lazy("Waiting for the referral"),
    StepCode.BRANCH_REVIEW: gettext_lazy("Waiting for the branch"),
    StepCode.PUBLIC_NOTICE: gettext_lazy("Waiting for the public notice"),
    StepCode.COMMITTEE_FILING: gettext_lazy("Waiting to be filed"),
    StepCode.SUBSIDY_CONFIRMATION: gettext_lazy("Waiting for the subsidy to be confirmed"),
    StepCode.DISBURSEMENT: gettext_lazy("Waiting to be paid out"),
    StepCode.ASSESSMENT: gettext_lazy("Waiting for the assessment"),
}
ENDED: dict[str, tuple[Promise, Tone]] = {
    State.DRAFT: (gettext_lazy("Draft"), Tone.NEUTRAL),
    State.LENT: (gettext_lazy("Paid out"), Tone.OK),
    State.CLOSED: (gettext_lazy("Closed"), Tone.NEUTRAL),
    State.REJECTED: (gettext_lazy("Not passed"), Tone.BAD),
    State.DECLINED: (gettext_lazy("Declined by the lender"), Tone.BAD),
    State.WITHDRAWN: (gettext_lazy("Withdrawn"), Tone.NEUTRAL),
}
LOAN_STATES: dict[str, tuple[Promise, Tone]] = {
    LoanState.LIVE: (gettext_lazy("Current"), Tone.INFO),
    LoanState.SETTLED: (gettext_lazy("Repaid in full"), Tone.OK),
    LoanState.WRITTEN_OFF: (gettext_lazy("Written off"), Tone.BAD),
}


@dataclass(frozen=True)
class Tag:
    """A coloured word."""

    label: str
    tone: Tone = Tone.NEUTRAL


def status_tag(case: Application, *, in_notice: bool = False, is_objected: bool = False) -> Tag:
    """Return how a case stands. The two flags say what the case itself does not know: whether a notice is running."""
    if case.state in ENDED:
        label, tone = ENDED[case.state]
        return Tag(str(label), tone)
    if case.state == State.RETURNED:
        return Tag(_("Returned for correction"), Tone.WARN)
    if case.step == StepCode.PUBLIC_NOTICE and in_notice:
        return Tag(_("Objection to the notice"), Tone.BAD) if is_objected else Tag(_("In notice"), Tone.INFO)
    if case.step == StepCode.DISBURSEMENT and case.credit_status == CreditStatus.ASKED:
        return Tag(_("Waiting for the manager's consent"), Tone.INFO)
    return Tag(str(WAITING[case.step]), Tone.INFO)


def loan_tag(loan: Loan) -> Tag:
    """Return how a loan stands; a live one in arrears is overdue. Needs its standing read along."""
    standing = getattr(loan, "standing", None)
    if loan.state == LoanState.LIVE and standing is not None and standing.overdue_since:
        return Tag(pgettext("loan", "Overdue"), Tone.BAD)
    label, tone = LOAN_STATES[loan.state]
    return Tag(str(label), tone)


def deadline_tag(due_date: date | None, *, on: date, calendar: WorkCalendar) -> Tag | None:
    """Return how many working days are left or gone; None without a deadline."""
    if due_date is None:
        return None
    if due_date == on:
        return Tag(_("Due today"), Tone.WARN)
    if due_date < on:
        days = max(1, calendar.workdays_between(due_date, on))
        return Tag(
            ngettext("%(days)s working day overdue", "%(days)s working days overdue", days) % {"days": days}, Tone.BAD
        )
    days = calendar.workdays_between(on, due_date)
    return Tag(ngettext("%(days)s working day left", "%(days)s working days left", days) % {"days": days}, Tone.INFO)


def case_deadline_tag(case: Application, *, on: date, calendar: WorkCalendar) -> Tag | None:
    """Return how late a waiting case is. While the applicant corrects it the clock stands still."""
    if not case.is_waiting:
        return None
    if case.is_with_applicant:
        return Tag(_("With the applicant, clock stopped"), Tone.NEUTRAL)
    return deadline_tag(case.due_date, on=on, calendar=calendar)


def visit_tag(due_on: date, *, on: date) -> Tag:
    """Return how many days are left until a visit, or how many it is late: calendar days, a walk needs no office."""
    if due_on < on:
        days = (on - due_on).days
        return Tag(ngettext("%(days)s day overdue", "%(days)s days overdue", days) % {"days": days}, Tone.BAD)
    if due_on == on:
        return Tag(_("Due today"), Tone.WARN)
    days = (due_on - on).days
    return Tag(ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}, Tone.INFO)
