"""The printed statistics of the county: what was handed in, one correction, one bulletin, and what is owed still."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from uuid import UUID

from accounts.choices import Role
from accounts.models import User
from dashboards.figures.periods import Period
from dashboards.statistics.bulletin_operations import issue_bulletin, last_version, propose_bulletin, write_bulletin
from dashboards.statistics.definitions import reports
from dashboards.statistics.operations import issue_edition, prepare_reports
from dashboards.statistics.sheet import Signers
from redcredit.demo.stories import Dated, Desk
from redcredit.demo.timeline import HERE

BULLETIN = UUID("8b0f6a52-0d7e-4d7e-9f5a-6f1f3a0c2014")
BULLETIN_NUMBER = "剑组通〔2014〕15号"
ADDED = "请各乡镇于7月25日前将整改情况书面报县委组织部。"
YANGCEN = "532931201"


def moment(month: int, day: int, hour: int = 10) -> datetime:
    return datetime(2014, month, day, hour, 20, tzinfo=HERE)


class Printed:
    """The offices at the days on which they handed in; a report of each kind is left for the visitor."""

    def __init__(self, desk: Desk) -> None:
        at, name = desk.staff.at, desk.offices.by_name
        self.county = desk.offices.county
        self.office = at(Role.ORGANISATION_OFFICER, name["县委组织部"])[0]
        self.finance = at(Role.FINANCE_OFFICER, name["县财政局"])[0]

    def acts(self) -> Iterator[Dated]:
        yield moment(1, 14), partial(self.issue, "party_annual", "2013")
        yield moment(7, 1, 6), self.prepare
        yield moment(7, 4), partial(self.issue, "monthly_progress", "2014-06")
        note = {f"{YANGCEN}:note": "含补录受理1户"}
        yield moment(7, 8), partial(self.issue, "monthly_progress", "2014-06", reason="羊岑乡漏填备注。", entered=note)
        yield moment(7, 9), partial(self.issue, "use_structure", "2014-Q2")
        yield moment(7, 10), partial(self.issue, "subsidy_quarter", "2014-Q2")
        yield moment(7, 11), self.issue_bulletin
        yield moment(8, 1, 6), self.prepare
        yield moment(8, 4), partial(self.issue, "monthly_progress", "2014-07")
        yield moment(8, 15, 6), self.prepare

    def prepare(self, at: datetime) -> None:
        prepare_reports(at=at)

    def issue(
        self, report: str, period: str, at: datetime, *, reason: str = "", entered: Mapping[str, str] | None = None
    ) -> None:
        by = self.finance if report == "subsidy_quarter" else self.office
        issue_edition(
            report=reports()[report],
            period=_period(period),
            county=self.county,
            entered=entered or {},
            signers=self._signers(by),
            reason=reason,
            made_by=by,
            made_at=at,
            request_id=UUID(int=hash_of(report, period, at)),
        )

    def _signers(self, by: User) -> Signers:
        unit = "县财政局" if by == self.finance else "中共剑川县委组织部"
        return Signers(unit=unit, head="", filled_by=by.name, telephone="0872-4521000")

    def issue_bulletin(self, at: datetime) -> None:
        bulletin = propose_bulletin(
            period=_period("2014-Q2"), measure="task_rate", county=self.county, made_by=self.office, made_at=at,
            request_id=BULLETIN,
        )  # fmt: skip
        proposed = last_version(bulletin)
        write_bulletin(
            bulletin_id=bulletin.pk, title=proposed.title, body=f"{proposed.body}\n{ADDED}", seen=proposed.number,
            written_by=self.office, written_at=at,
        )  # fmt: skip
        issue_bulletin(
            bulletin_id=bulletin.pk, number=BULLETIN_NUMBER, issued_on=at.date(), seen=proposed.number + 1,
            issued_by=self.office, issued_at=at,
        )  # fmt: skip


def hash_of(report: str, period: str, at: datetime) -> int:
    """A number of its own for each handing in, the same in every demo."""
    return int.from_bytes(f"{report[:5]}{period[-5:]}{at:%m%d}".encode()[:16].ljust(16), "big")


def _period(code: str) -> Period:
    period = Period.parse(code)
    assert period is not None  # written above
    return period
