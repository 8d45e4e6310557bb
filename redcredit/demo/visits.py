"""The visits of branches and lenders after paying out, up to the day of loading; a few are late.

Thousands of visits are written by a statement per table: what `loans.operations.care.record_visit` writes for one.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random

from accounts.models import User
from audit.choices import Action
from audit.models import AuditEvent
from finance.daycount import add_months
from loans.choices import BusinessCondition, RepaymentOutlook, UseOfFunds, VisitSide
from loans.models import Loan, Visit
from organizations.models import Organization
from redcredit.demo.arrears import Conduct
from redcredit.demo.stories import Story
from redcredit.demo.timeline import HERE
from workflow.deadlines import WorkCalendar

FIRST, AGAIN = (8, 28), (66, 88)  # days after paying out, days after the visit before
# One of so many last visits was not made: it is overdue on the day of loading.
SKIPPED_IN = 30
ROWS_AT_ONCE = 1000
EVENING = time(17, 30)


class Rounds:
    """Collects the loans that were paid out, and writes their visits at the end."""

    def __init__(self, *, calendar: WorkCalendar, today: date, seed: str) -> None:
        self.calendar, self.today = calendar, today
        self.rng = Random(seed)  # noqa: S311  # the same county every time
        self._loans: list[tuple[Story, date, Conduct]] = []

    def take(self, story: Story, paid_on: date, conduct: Conduct) -> None:
        self._loans.append((story, paid_on, conduct))

    def write(self, at: datetime) -> None:
        """Write all visits before the day of `at`, each noted on its own evening."""
        loans = Loan.objects.in_bulk([story.loan_id for story, _paid_on, _conduct in self._loans])
        visits = [
            self._visit(story, loans[story.loan_id], side, day, conduct)
            for story, paid_on, conduct in self._loans
            for side in VisitSide
            for day in self._days(paid_on, add_months(paid_on, story.wish.term_months))
        ]
        visits.sort(key=lambda visit: visit.recorded_at)
        Visit.objects.bulk_create(visits, batch_size=ROWS_AT_ONCE)
        AuditEvent.objects.bulk_create((_trace(visit) for visit in visits), batch_size=ROWS_AT_ONCE)

    def _days(self, paid_on: date, due: date) -> Iterator[date]:
        """Return the working days on which one side came: while the loan ran, and before today."""
        end = min(due, self.today)
        day = self._after(paid_on, FIRST)
        while day < end:
            following = self._after(day, AGAIN)
            if following >= end and self.rng.randrange(SKIPPED_IN) == 0:
                return
            yield day
            day = following

    def _after(self, day: date, bounds: tuple[int, int]) -> date:
        return self.calendar.add_workdays(day + timedelta(days=self.rng.randint(*bounds) - 1), 1)

    def _visit(self, story: Story, loan: Loan, side: VisitSide, day: date, conduct: Conduct) -> Visit:
        visitor, office = self._visitor(story, side)
        is_worry = conduct != Conduct.PAYS and day > date(2014, 6, 20)
        return Visit(
            loan=loan,
            request_id=story.desk.uuid(),
            side=side,
            visited_on=day,
            visitor=visitor,
            person_key=visitor.person_key,
            organization=office,
            use_of_funds=UseOfFunds.AS_AGREED,
            business=BusinessCondition.POOR if is_worry else self.rng.choice(_BUSINESS),
            outlook=RepaymentOutlook.DOUBTFUL if is_worry else RepaymentOutlook.SURE,
            findings="行情不好，资金周转困难，已提醒按期还款。" if is_worry else "",
            recorded_at=datetime.combine(day, EVENING, tzinfo=HERE),
        )

    def _visitor(self, story: Story, side: VisitSide) -> tuple[User, Organization]:
        if side == VisitSide.LENDER:
            return story.officer, story.outlet
        (post,) = story.secretary.posts_in_force(self.today)
        return story.secretary, post.organization


_BUSINESS = (BusinessCondition.GOOD, BusinessCondition.GOOD, BusinessCondition.FAIR)


def _trace(visit: Visit) -> AuditEvent:
    return AuditEvent(
        at=visit.recorded_at,
        actor=visit.visitor,
        actor_name=visit.visitor.username,
        action=Action.CREATED,
        subject_type=Visit._meta.label_lower,
        subject_id=str(visit.pk),
        subject_label=str(visit),
    )
