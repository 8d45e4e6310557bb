"""A secretary on leave, with somebody who stands in for him: what the security administrator's list shows."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.choices import Role
from accounts.handing_over import delegate
from redcredit.demo.stories import Desk
from web.clock import day_of

ARRANGED_AT = datetime(2014, 8, 13, 9, 20, tzinfo=ZoneInfo("Asia/Shanghai"))
BRANCHES = 2
LEAVE_DAYS = 14


def absences(desk: Desk) -> Iterator[tuple[datetime, Callable[[datetime], object]]]:
    """Yield the moment of the arrangement and the act. No demo account gets more work by it."""

    def arrange(at: datetime) -> None:
        head = desk.staff.at(Role.SECURITY_ADMINISTRATOR, desk.offices.by_name["县委组织部"])[0]
        villages = list(desk.offices.townships.values())[-1].villages
        village = next(village for village in reversed(villages) if len(village.branches) >= BRANCHES)
        away, stand_in = (desk.staff.at(Role.BRANCH_SECRETARY, branch)[0] for branch in village.branches[:BRANCHES])
        day = day_of(at)
        delegate(
            post=away.posts.get(),
            to=stand_in,
            first_day=day,
            last_day=day + timedelta(days=LEAVE_DAYS),
            delegated_by=head,
            delegated_at=at,
        )

    yield ARRANGED_AT, arrange
