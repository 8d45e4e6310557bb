"""An edition of a report and a draft of a bulletin, as the county's offices make them."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from accounts.models import User
from dashboards.figures.periods import Period
from dashboards.models import Bulletin, ReportEdition
from dashboards.statistics.bulletin_operations import propose_bulletin
from dashboards.statistics.definitions import reports
from dashboards.statistics.operations import issue_edition
from dashboards.statistics.sheet import Signers
from organizations.models import Division
from tests.factories.county import NOON

SIGNERS = Signers(unit="县委组织部", head="杨主任", filled_by="施某", telephone="0872-4521000")


def edition(
    county: Division,
    *,
    by: User,
    report: str = "monthly_progress",
    period: str = "2014-07",
    at: datetime = NOON,
    **fields: Any,
) -> ReportEdition:
    values = {"entered": {}, "signers": SIGNERS, "reason": "", "request_id": uuid4(), **fields}
    return issue_edition(
        report=reports()[report], period=Period.parse(period), county=county, made_by=by, made_at=at, **values
    )  # fmt: skip


def bulletin(county: Division, *, by: User, period: str = "2014-07", measure: str = "task_rate") -> Bulletin:
    return propose_bulletin(
        period=Period.parse(period), measure=measure, county=county, made_by=by, made_at=NOON, request_id=uuid4()
    )  # fmt: skip
