"""Model households, inspections, problems and events: moved on by the operations themselves."""

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

from accounts.models import User
from assessments.choices_households import HonourOutcome, HonourTitle
from assessments.choices_inspections import Channel
from assessments.models import (
    AwardScheme,
    HouseholdHonour,
    Inspection,
    InspectionItem,
    ProblemCategory,
    PublicityEvent,
    ReportedProblem,
)
from assessments.operations.households import decide_honour, recommend_household
from assessments.operations.inspections import Filled, draw_inspection, fill_sheet, store_questions
from assessments.operations.problems import register_problem
from assessments.operations.publicity import EventReport, record_event
from assessments.queries.inspections import sheets
from files.operations import Prepared
from loans.choices import Purpose
from organizations.models import Division, Household
from tests.factories.county import NOON, TODAY, County, Village
from tests.factories.loans import CaseFactory

FIXTURES = Path(__file__).parents[2] / "fixtures" / "assessments"
GOOD = {"repayment": "good", "industry": "good", "leading": "fair"}


def set_scheme(county: County, **terms: object) -> AwardScheme:
    """The rules of the honour, in force long ago."""
    values = {
        "name": "“红色信贷”示范户评定管理办法",
        "document_number": "剑组发〔2013〕9号",
        "effective_from": date(2013, 6, 1),
        "notice_days": 7,
        "review_months": 12,
        "supported_purposes": [Purpose.CROPS, Purpose.LIVESTOCK],
        "limit_uplift": Decimal(20_000),
        "rate_points_off": Decimal("0.3"),
        "rate_floor_multiplier": Decimal(1),
    }
    return AwardScheme.objects.create(division=county.division, **(values | terms), created_at=NOON)


def store_sheets() -> None:
    questions, categories = (
        json.loads((FIXTURES / name).read_text(encoding="utf-8"))
        for name in ("questions.json", "problem_categories.json")
    )
    store_questions(sheets=questions, categories=categories)


class HonourFactory:
    """The household of the first village's farmer, who borrowed and repaid, on its way to the title."""

    def __init__(
        self,
        county: County,
        *,
        title: str = HonourTitle.MODEL,
        begin: datetime = NOON,
        village: Village | None = None,
        household: Household | None = None,
    ) -> None:
        self.county, self.title, self.moment = county, title, begin
        self.village = village or county.yangcen.village
        self.manager = next(one.credit_manager for one in county.townships if self.village in one.villages)
        self.household = household or self.village.farmer.household
        self.honour: HouseholdHonour | None = None

    def borrowed(self) -> "HonourFactory":
        CaseFactory(self.county, begin=self.moment - timedelta(days=60)).settled()
        return self

    def recommended(self) -> HouseholdHonour:
        self.honour = recommend_household(
            household_id=self.household.pk, title=self.title, reason="诚实守信，带动三户养猪。", request_id=uuid4(),
            recommended_by=self.village.secretary, at=self.moment,
        )  # fmt: skip
        return self.honour

    def decide(self, outcome: str, by: object, *, days: int = 1, **more: object) -> HouseholdHonour:
        self.moment += timedelta(days=days)
        assert self.honour is not None
        decide_honour(
            honour_id=self.honour.pk, outcome=outcome, revision=self.honour.revision, decided_by=by, at=self.moment,
            **more,
        )  # fmt: skip
        self.honour.refresh_from_db()
        return self.honour

    def in_notice(self) -> HouseholdHonour:
        self.recommended()
        self.decide(HonourOutcome.PASS, self.manager, grades=GOOD)
        return self.decide(HonourOutcome.PASS, self.county.organisation_officer)

    def awarded(self) -> HouseholdHonour:
        self.in_notice()
        return self.decide(HonourOutcome.AWARD, self.county.leading_group_officer, days=8)


def draw(county: County, *, size: int = 1, seed: str = "20140815", at: datetime = NOON) -> Inspection:
    return draw_inspection(
        division=county.division, title="第三季度随机调研", seed=seed, size=size, request_id=uuid4(),
        drawn_by=county.organisation_officer, at=at,
    )  # fmt: skip


def answers_to(sheet: object) -> dict[str, object]:
    given = {"yes_no": "yes", "number": 3, "text": "无"}
    return {
        one["code"]: one["options"][0] if one["kind"] == "choice" else given[one["kind"]]
        for one in sheet.questions  # type: ignore[attr-defined]
    }


def fill(item: InspectionItem, by: object, *, at: datetime = NOON, photos: tuple[Prepared, ...] = ()) -> object:
    sheet = sheets()[0]
    filled = Filled(
        sheet_id=sheet.pk, visited_on=TODAY, answers=answers_to(sheet), findings="经营正常。", photos=photos
    )
    return fill_sheet(item_id=item.pk, filled=filled, request_id=uuid4(), recorded_by=by, at=at)


def problem_of(county: County, *, due: date = TODAY, at: datetime = NOON, **more: object) -> ReportedProblem:
    values = {
        "category": ProblemCategory.objects.get(code="small_limit"),
        "text": "授信额度不够扩建猪舍。",
        "division": county.yangcen.division,
        "owner": county.yangcen.outlet,
        "reported_by": county.organisation_officer,
    }
    return register_problem(**(values | more), due_date=due, request_id=uuid4(), at=at)


def event_of(
    county: County,
    *,
    copies: int = 500,
    division: Division | None = None,
    recorded_by: User | None = None,
    **report: object,
) -> PublicityEvent:
    values = {
        "channel": Channel.LEAFLET,
        "held_on": TODAY,
        "place": "村委会",
        "topic": "“红色信贷”政策宣传",
        "attendance": 80,
    }
    return record_event(
        division=division or county.yangcen.village.division, report=EventReport(**(values | report), copies=copies),
        request_id=uuid4(), recorded_by=recorded_by or county.yangcen.clerk, at=NOON,
    )  # fmt: skip
