"""What borrowers paid up to the day of loading, and the assessment of some loans that are over.

What is due on a quarter's day is booked outlet by outlet, many loans at once, as the bank's day brings it. The last
payment settles its loan and moves the case: it is booked by itself. A few borrowers of the second year fall behind.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from functools import partial

from accounts.choices import Role
from finance.daycount import DayCount, add_months
from finance.money import ZERO
from finance.schedules import Instalment, RepaymentMethod, Settlement, schedule
from loans import operations
from loans.choices import LeadingRole, Outcome, RepaymentConduct, StepCode, UseOfFunds
from loans.models import Loan
from loans.operations.collective import record_repayments
from loans.steps.facts import AssessmentFacts
from redcredit.demo.arrears import Conduct
from redcredit.demo.stories import Dated, Story
from redcredit.demo.timeline import Clockwork
from workflow.deadlines import ONE_DAY

# Two of five settled cases are assessed by the day of loading; the others wait for the organisation department.
ASSESSED, OF = 2, 5


class Counter:
    """Collects what is paid on one day at one outlet, and books it together."""

    def __init__(self) -> None:
        self._paid: dict[tuple[date, int], list[tuple[Story, int]]] = defaultdict(list)

    def take(self, story: Story, *, number: int, booked_on: date) -> None:
        """Note that a borrower pays an instalment (by its number) on a day."""
        self._paid[booked_on, story.outlet.pk].append((story, number))

    def acts(self, clockwork: Clockwork) -> Iterator[Dated]:
        for (booked_on, _outlet), paid in sorted(self._paid.items(), key=lambda item: item[0]):
            yield clockwork.moment("settled", booked_on), partial(_book, paid=paid)


def _book(at: datetime, *, paid: list[tuple[Story, int]]) -> None:
    loans = Loan.objects.in_bulk([story.loan_id for story, _number in paid])
    lines = [
        (story.loan_id, _payment(loans[story.loan_id], _instalments(loans[story.loan_id])[number]))
        for story, number in paid
    ]
    record_repayments(lines=lines, recorded_by=paid[0][0].officer, recorded_at=at)


def _payment(loan: Loan, instalment: Instalment) -> operations.Repayment:
    return operations.Repayment(
        principal=instalment.principal,
        interest=instalment.interest,
        value_date=instalment.due_date,
        bank_reference=f"HK{instalment.due_date:%Y%m%d}{loan.pk:06}",
    )


class Servicing:
    """Repayments of one loan, and the assessment that follows the last of them."""

    def __init__(self, story: Story, conduct: Conduct) -> None:
        self.story, self.conduct = story, conduct

    def acts(self, *, paid_on: date, clockwork: Clockwork, today: date, counter: Counter) -> Iterator[Dated]:
        """Leave the instalments up to today at the counter; return the last payment, and perhaps the assessment."""
        due = add_months(paid_on, self.story.wish.term_months)
        for number, day in enumerate(_payment_days(paid_on, due)):
            # Booked on the day itself or the working day after; never before the money is there.
            booked_on = clockwork.calendar.add_workdays(max(day - ONE_DAY, paid_on), 1)
            if booked_on >= today or self.conduct.misses(day, is_last=day == due):
                continue
            if day == due:
                yield clockwork.moment("settled", booked_on), partial(self._repay, number=number)
            else:
                counter.take(self.story, number=number, booked_on=booked_on)
        is_settled = due < today and not self.conduct.misses(due, is_last=True)
        if is_settled and self.story.desk.rng.randrange(OF) < ASSESSED:
            assessed_on = clockwork.calendar.add_workdays(due, self.story.desk.rng.randint(2, 8))
            if assessed_on < today:
                yield clockwork.moment("assessed", assessed_on), self._assess

    def _repay(self, at: datetime, *, number: int) -> None:
        loan = Loan.objects.get(pk=self.story.loan_id)
        operations.record_repayment(
            loan_id=loan.pk,
            repayment=_payment(loan, _instalments(loan)[number]),
            recorded_by=self.story.officer,
            recorded_at=at,
        )

    def _assess(self, at: datetime) -> None:
        desk = self.story.desk
        leads = desk.rng.randrange(4)
        operations.decide(
            application_id=self.story.case_id,
            step=StepCode.ASSESSMENT,
            outcome=Outcome.PASS,
            decided_by=desk.somebody(Role.ORGANISATION_OFFICER, desk.offices.by_name["县委组织部"]),
            decided_at=at,
            revision=None,
            facts=AssessmentFacts(
                use=UseOfFunds.AS_AGREED,
                conduct=RepaymentConduct.ON_TIME,
                leading_role=(LeadingRole.NONE, LeadingRole.SOME, LeadingRole.SOME, LeadingRole.STRONG)[leads],
                households_led=(0, 2, 3, 8)[leads],
            ),
            reason="资金使用规范，按期还本付息。",
        )


def _payment_days(paid_on: date, due: date) -> list[date]:
    """Return the days on which something is due: the 20th of each quarter's last month, and the last day."""
    plan = schedule(
        principal=ZERO,
        rate_percent=ZERO,
        start=paid_on,
        end=due,
        method=RepaymentMethod.INTEREST_ONLY,
        settlement=Settlement.QUARTERLY_20,
        convention=DayCount.PER_LOAN,
    )
    return [instalment.due_date for instalment in plan]


def _instalments(loan: Loan) -> list[Instalment]:
    return schedule(
        principal=loan.principal,
        rate_percent=loan.rate_percent,
        start=loan.start_date,
        end=loan.due_date,
        method=RepaymentMethod.INTEREST_ONLY,
        settlement=Settlement.QUARTERLY_20,
        convention=DayCount(loan.day_count),
    )
