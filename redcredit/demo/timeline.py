"""When each step of a case was done: working days, office hours, every step after the one before. Pure, seeded."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from workflow.deadlines import ONE_DAY, WorkCalendar

HERE = ZoneInfo("Asia/Shanghai")
TRIES = 40

# Office hours of each act, in minutes after midnight; acts of one day follow one another.
HOURS: Mapping[str, tuple[int, int]] = {
    "created": (8 * 60 + 40, 9 * 60 + 20),
    "submitted": (9 * 60 + 25, 10 * 60 + 10),
    "referred": (10 * 60 + 20, 11 * 60 + 40),
    "reviewed": (14 * 60 + 40, 16 * 60),
    "published": (16 * 60 + 10, 17 * 60 + 20),
    "filed": (9 * 60, 11 * 60 + 30),
    "confirmed": (14 * 60 + 40, 17 * 60 + 10),
    "proposed": (9 * 60, 10 * 60),
    "consented": (10 * 60 + 10, 11 * 60 + 30),
    "paid": (14 * 60 + 40, 16 * 60 + 40),
    "settled": (9 * 60 + 30, 16 * 60 + 30),
    "assessed": (9 * 60, 17 * 60),
}

# Working days an office takes, at least and at most; each stays inside the time limit of its step.
REFERRAL_TAKES, REVIEW_TAKES, REVIEW_BEFORE_PUBLISHING, PUBLISHING_TAKES = (0, 2), (1, 4), (0, 1), (0, 1)
FILING_TAKES, CONFIRMATION_TAKES, PAYOUT_TAKES = (0, 2), (1, 4), (1, 5)


@dataclass(frozen=True)
class Times:
    """The moments of one case, from the first note to the payout. The notice is closed by the calendar."""

    created: datetime
    submitted: datetime
    referred: datetime
    reviewed: datetime
    published: datetime
    notice_starts: date
    notice_over: date
    filed: datetime
    confirmed: datetime
    proposed: datetime
    consented: datetime
    paid: datetime


class Clockwork:
    """Draws the moments of cases. `notice_days` is the version's; both its first and last day count."""

    def __init__(self, *, calendar: WorkCalendar, notice_days: int, seed: str) -> None:
        self.calendar = calendar
        self.notice_days = notice_days
        self.rng = Random(seed)  # noqa: S311  # the same county every time

    def moment(self, act: str, day: date) -> datetime:
        first, last = HOURS[act]
        minute = self.rng.randint(first, last)
        return datetime.combine(day, time(minute // 60, minute % 60, self.rng.randrange(60)), tzinfo=HERE)

    def workday_before(self, day: date, count: int) -> date:
        """Return the last working day up to `day`, or the one that lies `count` working days before it."""
        while True:
            if self.calendar.is_workday(day):
                if count == 0:
                    return day
                count -= 1
            day -= ONE_DAY

    def times_before(self, paid_on: date, *, earliest: date) -> Times:
        """Return the moments of a case that was paid on a day and registered on or after `earliest`.

        Raises ValueError where the shortest chain does not fit between the two days.
        """
        for _ in range(TRIES):
            times = self._draw(paid_on, lambda bounds: self.rng.randint(bounds[0], bounds[1]))
            if times.created.date() >= earliest:
                return times
        times = self._draw(paid_on, lambda bounds: bounds[0])
        if times.created.date() < earliest:
            raise ValueError(f"a case paid on {paid_on} cannot have begun on or after {earliest}")
        return times

    def _draw(self, paid_on: date, take: Callable[[tuple[int, int]], int]) -> Times:
        confirmed = self.workday_before(paid_on, take(PAYOUT_TAKES))
        filed = self.workday_before(confirmed, take(CONFIRMATION_TAKES))
        over = self.workday_before(filed, take(FILING_TAKES))
        starts = over - timedelta(days=self.notice_days)
        published = self.workday_before(starts, take(PUBLISHING_TAKES))
        reviewed = self.workday_before(published, take(REVIEW_BEFORE_PUBLISHING))
        referred = self.workday_before(reviewed, take(REVIEW_TAKES))
        submitted = self.workday_before(referred, take(REFERRAL_TAKES))
        return Times(
            created=self.moment("created", submitted),
            submitted=self.moment("submitted", submitted),
            referred=self.moment("referred", referred),
            reviewed=self.moment("reviewed", reviewed),
            published=self.moment("published", published),
            notice_starts=starts,
            notice_over=over,
            filed=self.moment("filed", filed),
            confirmed=self.moment("confirmed", confirmed),
            proposed=self.moment("proposed", paid_on),
            consented=self.moment("consented", paid_on),
            paid=self.moment("paid", paid_on),
        )
