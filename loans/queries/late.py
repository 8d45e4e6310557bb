"""What is late, and who above is shown it (超期督办)."""

from datetime import date

from django.db.models import Exists, Min, OuterRef, Q, QuerySet, Subquery

from accounts.choices import Verb
from accounts.models import User
from loans.choices import StepCode
from loans.models import Application, Escalation
from workflow.engine import State

COMMITTEE_THEN_COUNTY = (Verb.FILE, Verb.ASSESS)
# Step → the verbs of the levels above, nearest first. The verb says the office: file the township committee, assess
# the county's organisation department, approve_claim its leading group, consent the lender's management.
LEVELS_ABOVE: dict[str, tuple[Verb, ...]] = {
    StepCode.INTAKE: COMMITTEE_THEN_COUNTY,
    StepCode.REFERRAL: COMMITTEE_THEN_COUNTY,
    StepCode.BRANCH_REVIEW: COMMITTEE_THEN_COUNTY,
    StepCode.PUBLIC_NOTICE: COMMITTEE_THEN_COUNTY,
    StepCode.COMMITTEE_FILING: (Verb.ASSESS, Verb.APPROVE_CLAIM),
    StepCode.SUBSIDY_CONFIRMATION: (Verb.APPROVE_PAYMENT, Verb.APPROVE_CLAIM),
    StepCode.DISBURSEMENT: (Verb.CONSENT, Verb.APPROVE_CLAIM),
    StepCode.ASSESSMENT: (Verb.APPROVE_CLAIM,),
}
SUPERVISORS = tuple(dict.fromkeys(verb for verbs in LEVELS_ABOVE.values() for verb in verbs))

# The clock of the office stands still while the applicant has the case to correct.
WITH_APPLICANT = Q(step=StepCode.INTAKE, state=State.RETURNED)


def is_late(on: date) -> Q:
    """Return the condition of a case that an office has let lie past its deadline."""
    return Q(state__in=[State.OPEN, State.RETURNED], due_date__lt=on) & ~WITH_APPLICANT


def late_cases(*, on: date) -> "QuerySet[Application]":
    """Return the late cases with what tells how late and for whom."""
    return Application.objects.filter(is_late(on)).select_related("version").order_by("pk")


def late_for(user: User, *, on: date) -> "QuerySet[Application]":
    """Return the late cases that an account, as the level above, is shown: those escalated to its level."""
    shown = Q(pk__in=[])
    for step, verbs in LEVELS_ABOVE.items():
        for level, verb in enumerate(verbs, start=1):
            scope = user.scope(verb, on=on)
            if scope:
                shown |= Q(step=step) & _escalated(level) & scope.rows()
    return Application.objects.filter(is_late(on) & shown)


def _escalated(level: int) -> Q:
    return Q(Exists(_of_this_wait().filter(level=level)))


def _of_this_wait() -> "QuerySet[Escalation]":
    return Escalation.objects.filter(application=OuterRef("pk"), sequence=OuterRef("sequence"))


def late_rows(user: User, *, on: date) -> "QuerySet[Application]":
    """Return the rows of the page, in no order yet: with `escalated_on`, the day the first level above was told."""
    first = _of_this_wait().order_by().values("application").annotate(day=Min("escalated_on")).values("day")
    return (
        late_for(user, on=on)
        .select_related("person", "entity", "division__parent", "branch", "outlet")
        .annotate(escalated_on=Subquery(first))
    )
