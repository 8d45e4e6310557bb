"""The only module that reads the system clock. Views, tasks and commands ask it; everybody else is told the time.

In the demo the clock is real time moved by whole days, so that the county of 2014 is alive today. The shift is a row
in the database because web, worker and beat are different processes and must agree.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from time import monotonic

from django.conf import settings
from django.utils import timezone

from web.models import ClockShift

SHIFT_CACHE_SECONDS = 10.0

# Module variables and not context variables: a live server answers in another thread and must see the same time.
_frozen_at: datetime | None = None
_shift_cache: tuple[float, int] | None = None


def now() -> datetime:
    """Return the present moment in the county's time zone, so that `.date()` of it is the county's date.

    Everything that happens in one request may read it again: it moves on.
    """
    here = timezone.get_default_timezone()
    if _frozen_at is not None:
        return _frozen_at.astimezone(here)
    return datetime.now(tz=here) + timedelta(days=shift_days())


def today() -> date:
    """Return the date it is now in the county (TIME_ZONE), not in UTC."""
    return now().date()


def day_of(moment: datetime) -> date:
    """Return the county's date at an aware moment: what a decision taken then is dated."""
    return timezone.localtime(moment, timezone.get_default_timezone()).date()


def shift_days() -> int:
    """Return how many days the demo's clock is ahead of the real one (negative: behind); 0 outside the demo.

    Another process sees a new shift after `SHIFT_CACHE_SECONDS` at the latest.
    """
    global _shift_cache
    if not settings.DEMO:
        return 0
    if _shift_cache is None or monotonic() - _shift_cache[0] > SHIFT_CACHE_SECONDS:
        row = ClockShift.objects.filter(pk=ClockShift.THE_ROW).values_list("days", flat=True).first()
        _shift_cache = (monotonic(), row or 0)
    return _shift_cache[1]


def set_shift(days: int) -> None:
    """Move the demo's clock to real time plus `days`. Outside the demo the row is kept but never read."""
    ClockShift.objects.update_or_create(pk=ClockShift.THE_ROW, defaults={"days": days})
    forget_shift()


def forget_shift() -> None:
    """Read the shift anew at the next question (needed after the row was changed by other means, as tests do)."""
    global _shift_cache
    _shift_cache = None


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Make `now()` answer `at` in every thread of this process until the block ends (tests, loading the demo).

    Raises ValueError when `at` has no time zone.
    """
    global _frozen_at
    if timezone.is_naive(at):
        raise ValueError("frozen() needs a time with a time zone")
    before, _frozen_at = _frozen_at, at
    try:
        yield
    finally:
        _frozen_at = before
