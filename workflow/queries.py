from django.core.cache import cache

from workflow.deadlines import WorkCalendar
from workflow.models import Holiday

KEY = "work-calendar"
SECONDS_KEPT = 60


def work_calendar() -> WorkCalendar:
    """Return the working-day calendar. Kept for a minute, so that a list page does not read it."""
    calendar: WorkCalendar | None = cache.get(KEY)
    if calendar is None:
        exceptions = dict(Holiday.objects.values_list("day", "is_workday"))
        calendar = WorkCalendar(exceptions=exceptions, known_years=frozenset(day.year for day in exceptions))
        cache.set(KEY, calendar, SECONDS_KEPT)
    return calendar


def forget_calendar() -> None:
    """Read the table again after a change."""
    cache.delete(KEY)
