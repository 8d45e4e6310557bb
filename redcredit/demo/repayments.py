"""What borrowers paid up to the day of loading, all in time, and the assessment of some loans that are over.

The outlet at which the demo's officer sits has every payment in its ledger. Elsewhere only the loans that are over
have theirs: three thousand more bookings would lengthen the loading by a fifth.
"""

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
from loans.steps.facts import AssessmentFacts
from redcredit.demo.stories import Dated, Story
from redcredit.demo.timeline import Clockwork
from workflow.deadlines import ONE_DAY

# Two of five settled cases are assessed by the day of loading; the others wait for the organisation department.
ASSESSED, OF = 2, 5


class Servicing:
    """Repayments of one loan, booked by its officer, and the assessment that follows the last of them."""

    def __init__(self, story: Story) -> None:
        self.story = story

    def acts(self, *, paid_on: date, clockwork: Clockwork, today: date, is_kept_whole: bool) -> Iterator[Dated]:
        """Return the dated payments up to today; for a loan that is over by then, in some cases the assessment.

        Without `is_kept_whole`, a loan that still runs has no payments.
        """
        due = add_months(paid_on, self.story.wish.term_months)
        if due >= today and not is_kept_whole:
            return
        for number, day in enumerate(_payment_days(paid_on, due)):
            # Booked on the day itself or the working day after; never before the money is there.
            booked_on = clockwork.calendar.add_workdays(max(day - ONE_DAY, paid_on), 1)
            if booked_on < today:
                yield clockwork.moment("settled", booked_on), partial(self._repay, number=number)
        if due < today and self.story.desk.rng.randrange(OF) < ASSESSED:
            assessed_on = clockwork.calendar.add_workdays(due, self.story.desk.rng.randint(2, 8))
            if assessed_on < today:
                yield clockwork.moment("assessed", assessed_on), self._assess

    def _repay(self, at: datetime, *, number: int) -> None:
        loan = Loan.objects.get(pk=self.story.loan_id)
        instalment = _instalments(loan)[number]
        operations.record_repayment(
            loan_id=loan.pk,
            repayment=operations.Repayment(
                principal=instalment.principal,
                interest=instalment.interest,
                value_date=instalment.due_date,
                bank_reference=f"HK{instalment.due_date:%Y%m%d}{loan.pk:06}",
            ),
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
