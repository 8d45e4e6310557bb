"""The model households of 2013 (8 and 9, as the report prints), and the next loan of one of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from random import Random
from uuid import UUID

from accounts.choices import Role
from accounts.models import User
from assessments.choices_households import HonourOutcome, HonourTitle
from assessments.models import HouseholdHonour
from assessments.operations.households import decide_honour, recommend_household
from assessments.operations.schemes_households import SchemeTerms, set_award_scheme
from loans.choices import BorrowerKind, Purpose
from loans.models import Loan
from redcredit.demo.arrears import Conduct
from redcredit.demo.borrowers import Borrower
from redcredit.demo.plan import PlannedLoan
from redcredit.demo.stories import Dated, Desk, Story, Wish
from redcredit.demo.timeline import HERE
from redcredit.demo.waiting import Standing

PARTY, MODEL = 8, 9
PAID_BEFORE = date(2013, 11, 20)
SCHEME_AT = datetime(2013, 11, 25, 10, tzinfo=HERE)
RECOMMENDED_ON, RATED_ON, REVIEWED_ON, AWARDED_ON = (
    date(2013, 12, day) for day in (9, 11, 12, 23)
)  # fmt: skip
SCHEME = SchemeTerms(
    name="“红色信贷”（党员）示范户评定管理办法",
    document_number="剑组发〔2013〕示例号",
    effective_from=date(2013, 12, 1),
    notice_days=7,
    review_months=12,
    supported_purposes=(Purpose.CROPS, Purpose.LIVESTOCK, Purpose.PROCESSING, Purpose.TOURISM),
    gives_priority=True,
    limit_uplift=Decimal(20_000),
    rate_points_off=Decimal("0.3"),
    rate_floor_multiplier=Decimal(1),
    is_example=True,
)
REASONS = {
    HonourTitle.PARTY: "党员带头致富，贷款按约定用途使用，带动周边农户发展生产。",
    HonourTitle.MODEL: "诚实守信、勤劳致富，按期还款，愿意带动邻里一起发展。",
}


@dataclass(frozen=True)
class Honoured:
    """A loan of the first year whose household is honoured."""

    story: Story
    title: HonourTitle


class Honours:
    """Chooses the households among the loans as they are planned, and lets the offices honour them."""

    def __init__(self, desk: Desk) -> None:
        name, at = desk.offices.by_name, desk.staff.at
        self.desk = desk
        self.department = at(Role.ORGANISATION_OFFICER, name["县委组织部"])[0]
        self.group = at(Role.LEADING_GROUP_OFFICER, name["红色信贷办"])[0]
        self.rng = Random(SCHEME.name)  # noqa: S311  # the same county every time
        self.chosen: list[Honoured] = []
        self._borrowers: set[int] = set()

    def take(self, story: Story, loan: PlannedLoan, conduct: Conduct) -> None:
        """Keep a loan whose household can be honoured, as long as titles are left; a few in each township."""
        is_one = loan.borrower == BorrowerKind.HOUSEHOLD and len(loan.units) <= 1
        can_be = is_one and conduct == Conduct.PAYS and loan.use in SCHEME.supported_purposes
        title = HonourTitle.PARTY if loan.is_party else HonourTitle.MODEL
        most = PARTY if title == HonourTitle.PARTY else MODEL
        count = sum(one.title == title for one in self.chosen)
        if not can_be or loan.day > PAID_BEFORE or count >= most or id(story.borrower.person) in self._borrowers:
            return
        self._borrowers.add(id(story.borrower.person))
        self.chosen.append(Honoured(story, title))

    def acts(self) -> Iterator[Dated]:
        yield SCHEME_AT, self._set_scheme
        for place, one in enumerate(self.chosen):
            yield _moment(RECOMMENDED_ON, place), partial(self._recommend, one)
            yield _moment(RATED_ON, place), partial(self._decide, one, HonourOutcome.PASS, self._manager_of(one.story))
            yield _moment(REVIEWED_ON, place), partial(self._decide, one, HonourOutcome.PASS, self.department)
            yield _moment(AWARDED_ON, place), partial(self._decide, one, HonourOutcome.AWARD, self.group)

    def _manager_of(self, story: Story) -> User:
        managers = self.desk.staff.at(Role.CREDIT_MANAGER, story.outlet)
        return managers[0] if managers else story.officer

    def _set_scheme(self, at: datetime) -> None:
        county = self.desk.offices.by_name["县委组织部"].division
        set_award_scheme(division=county, terms=SCHEME, set_by=self.department, at=at)

    def _recommend(self, one: Honoured, at: datetime) -> None:
        loan = Loan.objects.select_related("application").get(pk=one.story.loan_id)
        household_id = loan.application.household_id
        assert household_id is not None  # a household borrowed
        recommend_household(
            household_id=household_id,
            title=one.title,
            reason=REASONS[one.title],
            request_id=UUID(int=self.rng.getrandbits(128), version=4),
            recommended_by=one.story.secretary,
            at=at,
        )

    def _decide(self, one: Honoured, outcome: HonourOutcome, by: User, at: datetime) -> None:
        household = Loan.objects.values_list("application__household", flat=True).get(pk=one.story.loan_id)
        honour = HouseholdHonour.objects.get(household=household)
        grades = {"repayment": "good", "industry": "good", "leading": "good"}
        decide_honour(
            honour_id=honour.pk,
            outcome=outcome,
            revision=honour.revision,
            decided_by=by,
            at=at,
            grades=grades if by == self._manager_of(one.story) else None,
        )

    def borrows_again(
        self, cases: "Sequence[tuple[Standing, bool, Wish, Borrower]]", *, own_village: str
    ) -> "list[tuple[Standing, bool, Wish, Borrower]]":
        """Let one honoured household ask for its next loan: in the place of one case that waits for its branch."""
        villages = [case[3].neighbourhood.village.division.code for case in cases]
        again = next((one for one in self.chosen if one.story.wish.tier == "self"), None)
        if again is None:
            return list(cases)
        home = again.story.borrower.neighbourhood.village.division.code
        fitting = [
            place
            for place, (standing, overdue, wish, _borrower) in enumerate(cases)
            if standing.name == "for_review" and not overdue and wish.tier == "self"
            and (villages[place] == own_village) == (home == own_village)
        ]  # fmt: skip
        if not fitting:
            return list(cases)
        place = fitting[-1]
        standing, overdue, wish, _borrower = cases[place]
        return [*cases[:place], (standing, overdue, wish, again.story.borrower), *cases[place + 1 :]]


def _moment(day: date, place: int) -> datetime:
    return datetime(day.year, day.month, day.day, 9 + place // 6, place % 6 * 9, tzinfo=HERE)
