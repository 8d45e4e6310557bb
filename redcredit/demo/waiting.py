"""What stands open on the day of loading: applications in every step, and some that ended on the way."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from random import Random

from loans import operations
from loans.choices import ObjectionChannel, StepCode
from loans.models import PublicNotice
from redcredit.demo.stories import Dated, Story
from redcredit.demo.timeline import Clockwork, Times
from workflow.deadlines import ONE_DAY

TRIES = 5000
FIRST_PAYOUT, LAST_PAYOUT = date(2014, 7, 14), date(2014, 9, 30)
OVERDUE_DAYS_MAX = 12
ENDED_DAYS_MAX = 30
CHAIN = ("created", "submitted", "referred", "reviewed", "published", "filed", "confirmed", "proposed", "consented")


@dataclass(frozen=True)
class Standing:
    """Where a group of cases stands: after which act, waiting at which step, how many.

    `own` cases lie in the demo accounts' village, `elsewhere` in the other townships; some of each are overdue.
    `by` names an act of its own that replaces the last one of the chain (a return, a refusal).
    """

    name: str
    last: str
    waits_at: str
    elsewhere: int
    own: int
    overdue: int = 0
    own_overdue: int = 0
    by: str = ""
    is_above_consent: bool = False


STANDINGS = (
    Standing("draft", "created", StepCode.INTAKE, 10, 2),
    Standing("for_referral", "submitted", StepCode.REFERRAL, 20, 3, overdue=2),
    Standing("for_review", "referred", StepCode.BRANCH_REVIEW, 30, 4, overdue=3, own_overdue=1),
    Standing("for_publishing", "reviewed", StepCode.PUBLIC_NOTICE, 10, 2),
    Standing("in_notice", "published", StepCode.PUBLIC_NOTICE, 20, 2),
    Standing("objected", "published", StepCode.PUBLIC_NOTICE, 0, 1),
    Standing("for_filing", "published", StepCode.COMMITTEE_FILING, 20, 3, overdue=2, own_overdue=1),
    Standing("for_subsidy", "filed", StepCode.SUBSIDY_CONFIRMATION, 22, 2, overdue=3),
    Standing("for_payout", "confirmed", StepCode.DISBURSEMENT, 20, 3, overdue=2, own_overdue=1),
    Standing("for_consent", "proposed", StepCode.DISBURSEMENT, 2, 1, is_above_consent=True),
    Standing("consented", "consented", StepCode.DISBURSEMENT, 1, 0, is_above_consent=True),
    Standing("returned_by_branch", "reviewed", StepCode.INTAKE, 8, 2, overdue=2, by="send_back"),
    Standing("returned_by_committee", "filed", StepCode.BRANCH_REVIEW, 3, 1, by="send_back_to_branch"),
    Standing("withdrawn", "reviewed", "", 7, 1, by="withdraw_from_review"),
    Standing("rejected", "reviewed", "", 7, 1, by="reject"),
    Standing("declined", "proposed", "", 5, 1, by="decline"),
)


class Waiting:
    """Draws the moments of open cases so that they stand where they shall on the day of loading."""

    def __init__(
        self, *, clockwork: Clockwork, now: datetime, deadline_days: Mapping[str, int], earliest: date, seed: str
    ) -> None:
        self.clockwork, self.now, self.earliest = clockwork, now, earliest
        self.deadline_days = deadline_days
        self.rng = Random(seed)  # noqa: S311  # the same county every time

    def times(self, standing: Standing, *, overdue: bool) -> Times:
        """Return moments by which a case stands there now, its time limit kept or passed."""
        for _ in range(TRIES):
            some_day = FIRST_PAYOUT + timedelta(days=self.rng.randrange((LAST_PAYOUT - FIRST_PAYOUT).days))
            paid_on = self.clockwork.workday_before(some_day, 0)
            times = self.clockwork.times_before(paid_on, earliest=self.earliest)
            if self._stands(times, standing, overdue=overdue):
                return times
        raise ValueError(f"no moments found for a case that stands {standing.name}, overdue: {overdue}")

    def _stands(self, times: Times, standing: Standing, *, overdue: bool) -> bool:
        today = self.now.date()
        since = self._since(times, standing)
        if since >= today:
            return False
        if not standing.waits_at:
            return (today - since).days <= ENDED_DAYS_MAX
        if standing.waits_at == StepCode.PUBLIC_NOTICE:
            is_running = times.notice_starts < today - ONE_DAY and today < times.notice_over
            return (today - since).days <= 2 if standing.last == "reviewed" else is_running
        due = self.clockwork.calendar.add_workdays(since, self.deadline_days[standing.waits_at])
        return due < today <= due + timedelta(days=OVERDUE_DAYS_MAX) if overdue else due >= today

    def _since(self, times: Times, standing: Standing) -> date:
        """Return the day on which the case came to where it waits; a notice passes it on when its days are over."""
        if standing.waits_at == StepCode.COMMITTEE_FILING:
            return times.notice_over
        moment: datetime = getattr(times, standing.last)
        # A credit decision does not start the lender's time limit anew: it runs from the confirmation.
        if standing.is_above_consent and moment < self.now:
            return times.confirmed.date()
        return moment.date()


def acts_of(story: Story, times: Times, standing: Standing) -> list[Dated]:
    """Return the acts that bring a case to where it stands."""
    if standing.name == "draft":
        return [(times.created, story.create_incomplete)]
    upto = CHAIN.index(standing.last) + (not standing.by)
    acts = story.acts(times)
    dated = [acts[name] for name in CHAIN[:upto] if name in acts]
    return [*dated, *_special(story, times, standing)]


def _special(story: Story, times: Times, standing: Standing) -> Iterator[Dated]:
    if standing.by:
        yield getattr(times, standing.last), getattr(story, standing.by)
    if standing.name == "objected":
        heard = times.published.replace(hour=10) + ONE_DAY * (times.notice_starts - times.published.date()).days
        yield heard + ONE_DAY, partial(object_to, story)


def object_to(story: Story, at: datetime) -> None:
    """Write down an objection to the running notice, as the branch hears it from a visitor."""
    operations.record_objection(
        notice_id=PublicNotice.objects.get(application_id=story.case_id).pk,
        received_on=at.date(),
        channel=ObjectionChannel.VISIT,
        objector="",
        text="群众反映：申请人的养殖场离水源较近，担心影响村民饮水，请核实选址。",
        recorded_by=story.secretary,
        recorded_at=at,
    )
