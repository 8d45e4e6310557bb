"""Telling the office that owns a problem: when it gets it, and on the day after its deadline."""

from collections.abc import Iterator
from datetime import date, datetime

from django.urls import reverse

from accounts.models import Post
from assessments.messages_problems import GIVEN, LATE
from assessments.models import ReportedProblem
from inbox.operations import News, tell
from inbox.registry import Kind
from web.clock import day_of
from web.display import show_day


def tell_owner(problem: ReportedProblem, *, at: datetime) -> int:
    """Tell whoever holds a post at the owner's office, but not whoever registered it. Returns how many."""
    return tell(_news(problem, GIVEN, f"problem:{problem.pk}", on=day_of(at)), at=at)


def tell_late_problems(*, at: datetime) -> int:
    """Tell of each problem past its deadline, once for each deadline it had. Asked again, it tells nothing."""
    on = day_of(at)
    late = ReportedProblem.objects.late(on).select_related("owner").order_by("due_date", "pk")
    news = [one for problem in late for one in _news(problem, LATE, f"late:{problem.pk}:{problem.due_date}", on=on)]
    return tell(news, at=at)


def _news(problem: ReportedProblem, kind: Kind, key: str, *, on: date) -> Iterator[News]:
    posts = Post.objects.in_force(on).filter(organization=problem.owner_id, user__is_active=True)
    facts = {"number": problem.number, "day": show_day(problem.due_date)}
    url = reverse("assessments:problem", args=[problem.pk])
    for recipient in sorted(set(posts.values_list("user_id", flat=True)) - {problem.reported_by_id}):
        yield News(recipient, key, kind.code, facts, url)
