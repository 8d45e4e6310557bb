"""The inspection of summer 2014 with its problems, and two years of publicity."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

from accounts.choices import Role
from accounts.models import User
from assessments.choices_inspections import Channel, HigherLevel, ProblemOutcome, SheetKind
from assessments.models import Inspection, InspectionItem, ProblemCategory, ReportedProblem
from assessments.operations.inspections import Filled, close_inspection, draw_inspection, fill_sheet
from assessments.operations.problems import handle_problem, register_problem
from assessments.operations.publicity import EventReport, record_event
from assessments.queries.inspections import population_of, sheets
from organizations.models import Division, Organization
from redcredit.demo.stories import Dated, Desk
from redcredit.demo.timeline import HERE

SEED = "20140721"
SAMPLE = 16
DRAWN_AT = datetime(2014, 7, 21, 9, 30, tzinfo=HERE)
VISITED_AT = datetime(2014, 7, 29, 17, tzinfo=HERE)
PROBLEMS_AT = datetime(2014, 7, 31, 10, tzinfo=HERE)
HANDLED_AT = datetime(2014, 8, 7, 15, tzinfo=HERE)
CLOSED_AT = datetime(2014, 8, 8, 16, tzinfo=HERE)
REPLIED_AT = datetime(2014, 8, 13, 11, tzinfo=HERE)
CONCLUSION = "贷款基本按约定用途使用，项目经营总体正常；反映较多的是授信规模小、贴息年限少和跟踪服务不及时。"
# Category, what was said, whose it is, deadline, what became of it.
FOUND: tuple[tuple[str, str, str, date, str], ...] = (
    ("short_term", "核桃、药材等项目见效慢，一年期贷款到期时尚无收入。", "县联社", date(2014, 9, 30), "escalate"),
    ("small_limit", "养殖户扩建圈舍，五万元额度不够。", "县联社", date(2014, 8, 30), "open"),
    ("few_subsidy_years", "贴息只有一年，第二年利息负担重。", "县财政局", date(2014, 9, 15), "reply"),
    ("narrow_ideas", "部分群众只想到养猪养羊，缺少加工和服务项目。", "县委组织部", date(2014, 8, 12), "late"),
    ("late_service", "贷款发放后农技部门没有上门指导。", "县委组织部", date(2014, 8, 20), "solve"),
    ("late_service", "雨季前没有开展牲畜防疫。", "县委组织部", date(2014, 8, 5), "solve"),
)
WORDS = {
    ProblemOutcome.SOLVE: "已协调农技站、畜牧站逐户上门指导，群众表示满意。",
    ProblemOutcome.ESCALATE: "县级无权调整，已书面报告，请上级研究。",
    ProblemOutcome.REPLY: "州委组织部答复：已转有关部门研究，列入明年政策调整建议。",
}
CAMPAIGNS = (
    (2013, 6, 20, Channel.MEETING, "“红色信贷”政策宣讲会", 160, 300),
    (2013, 7, 5, Channel.LEAFLET, "发放“红色信贷”宣传册", 1200, 1200),
    (2013, 9, 12, Channel.BOARD, "村务公开栏张贴贷款流程图", 600, 40),
    (2013, 11, 8, Channel.LEAFLET, "入户发放“红色信贷”宣传册", 1100, 1100),
    (2014, 3, 18, Channel.TRAINING, "养殖技术和贷款知识培训", 90, 180),
    (2014, 6, 11, Channel.LEAFLET, "赶集日发放宣传册", 800, 260),
)
COUNTY_WIDE = (
    (2013, 6, 28, Channel.BROADCAST, "县电视台播出“红色信贷”专题节目", 50_000, 0),
    (2013, 8, 15, Channel.MOBILE, "党员手机报推送办理指南", 6_800, 0),
)


class FieldWork:
    """Plans the acts. In a sample of the county fewer loans are drawn."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.county = desk.offices.by_name["县委组织部"].division
        self.department = desk.staff.at(Role.ORGANISATION_OFFICER, desk.offices.by_name["县委组织部"])[0]
        self.rng = Random(SEED)  # noqa: S311  # the same county every time
        self.inspection_id = 0
        self.problem_ids: dict[int, int] = {}

    def acts(self) -> Iterator[Dated]:
        yield from self._campaigns()
        yield DRAWN_AT, self._draw
        yield VISITED_AT, self._visit
        for place in range(len(FOUND)):
            yield PROBLEMS_AT + timedelta(minutes=7 * place), partial(self._register, place)
            yield from self._handling(place)
        yield CLOSED_AT, self._close

    def _uuid(self) -> UUID:
        return UUID(int=self.rng.getrandbits(128), version=4)

    # ---- the inspection

    def _draw(self, at: datetime) -> None:
        size = min(SAMPLE, len(population_of(self.county)))
        drawn = draw_inspection(
            division=self.county, title="2014年第三季度“红色信贷”随机调研", seed=SEED, size=size,
            request_id=self._uuid(), drawn_by=self.department, at=at,
        )  # fmt: skip
        self.inspection_id = drawn.pk

    def _items(self) -> list[InspectionItem]:
        inspection = Inspection.objects.get(pk=self.inspection_id)
        return list(inspection.items.select_related("loan").order_by("position"))

    def _visit(self, at: datetime) -> None:
        """Each loan is looked at; every second borrower answers the questionnaire, too."""
        forms = {sheet.kind: sheet for sheet in sheets()}
        for item in self._items():
            kinds = [SheetKind.INTERVIEW, SheetKind.ON_SITE]
            for kind in [*kinds, SheetKind.QUESTIONNAIRE] if item.position % 2 else kinds:
                sheet = forms[kind]
                filled = Filled(
                    sheet_id=sheet.pk,
                    visited_on=DRAWN_AT.date() + timedelta(days=1 + item.position % 7),
                    answers={one["code"]: self._answer(one) for one in sheet.questions},
                )
                fill_sheet(item_id=item.pk, filled=filled, request_id=self._uuid(), recorded_by=self.department, at=at)

    def _answer(self, question: dict[str, Any]) -> object:
        rng = self.rng
        match question["kind"]:
            case "yes_no":
                return "no" if question["code"] == "asked_for_favours" else "yes"
            case "choice":
                return rng.choice([question["options"][0], *question["options"][:2]])
            case "number":
                return rng.randrange(3, 40)
        return rng.choice(("无", "希望增加额度", "希望延长贴息", "销路不稳", "希望多来指导"))

    def _close(self, at: datetime) -> None:
        close_inspection(
            inspection_id=self.inspection_id, conclusion=CONCLUSION, closed_by=self.department, at=at
        )  # fmt: skip

    # ---- its problems

    def _office(self, name: str) -> Organization:
        return self.desk.offices.by_name.get(name) or self.desk.offices.by_name["县委组织部"]

    def _register(self, place: int, at: datetime) -> None:
        code, text, owner, due_date, _end = FOUND[place]
        items = self._items()
        item = items[place * 2 % len(items)]
        problem = register_problem(
            category=ProblemCategory.objects.get(code=code),
            text=text,
            division=Division.objects.get(pk=item.township_id),
            owner=self._office(owner),
            due_date=due_date,
            item=item,
            request_id=self._uuid(),
            reported_by=self.department,
            at=at,
        )
        self.problem_ids[place] = problem.pk

    def _handling(self, place: int) -> Iterator[Dated]:
        end = FOUND[place][4]
        if end == "solve":
            yield HANDLED_AT + timedelta(minutes=place), partial(self._handle, place, ProblemOutcome.SOLVE)
        if end in ("escalate", "reply"):
            yield HANDLED_AT + timedelta(minutes=place), partial(self._handle, place, ProblemOutcome.ESCALATE)
        if end == "reply":
            yield REPLIED_AT, partial(self._handle, place, ProblemOutcome.REPLY)

    def _handle(self, place: int, outcome: ProblemOutcome, at: datetime) -> None:
        problem = ReportedProblem.objects.get(pk=self.problem_ids[place])
        handle_problem(
            problem_id=problem.pk,
            outcome=outcome,
            revision=problem.revision,
            words=WORDS[outcome],
            handled_by=self.department,
            at=at,
            due_date=date(2014, 10, 31) if outcome == ProblemOutcome.ESCALATE else None,
            level=HigherLevel.PREFECTURE,
        )

    # ---- publicity

    def _campaigns(self) -> Iterator[Dated]:
        for place, township in enumerate(self.desk.offices.townships.values()):
            clerk = self.desk.staff.at(Role.TOWNSHIP_CLERK, township.committee)[0]
            for year, month, day, channel, topic, people, copies in CAMPAIGNS:
                held = date(year, month, day) + timedelta(days=place % 4)
                report = EventReport(
                    channel=channel, held_on=held, place=f"{township.division.short_name}政府驻地", topic=topic,
                    attendance=people + 17 * place, copies=copies and copies + 11 * place,
                )  # fmt: skip
                at = datetime(held.year, held.month, held.day, 17, place, tzinfo=HERE)
                yield at, partial(self._record, township.division, report, clerk)
        for year, month, day, channel, topic, people, copies in COUNTY_WIDE:
            report = EventReport(
                channel=channel, held_on=date(year, month, day), place="全县", topic=topic, attendance=people,
                copies=copies,
            )  # fmt: skip
            at = datetime(year, month, day, 17, 30, tzinfo=HERE)
            yield at, partial(self._record, self.county, report, self.department)

    def _record(self, division: Division, report: EventReport, by: User, at: datetime) -> None:
        record_event(division=division, report=report, request_id=self._uuid(), recorded_by=by, at=at)
