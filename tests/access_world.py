"""The county of the access matrix: in each of two townships something for every address that names an object."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

from django.db import connection, transaction

from accounts.models import User
from assessments.models import (
    HouseholdHonour,
    InspectionItem,
    PublicityEvent,
    ReportedProblem,
    ScoreRecord,
    Subject,
    VillagePost,
)
from assessments.operations.households import recommend_household
from dashboards.models import Bulletin, PrintedFigure, ReportEdition
from inbox.models import Message
from jobs.models import Job
from loans.choices import EntryKind, Outcome, StepCode
from loans.models import (
    Application,
    ApplicationDecision,
    CasePaper,
    CollectionAct,
    HelpCommitment,
    LendingStop,
    Loan,
    LoanEntry,
    Meeting,
    Objection,
    Phrase,
    ProgrammeVersion,
    RuleReason,
    StatementImport,
    SubsidyBudget,
    Visit,
    WriteOffRequest,
)
from loans.operations import Repayment, record_objection, record_repayment, settle_objection
from loans.operations.objections import add_evidence
from loans.operations.stops import impose_stop
from loans.steps.facts import FilingFacts
from organizations.models import Entity, Household, Organization, PartyMember, Person
from risk.models import Claim, EarlyWarning, FundStatement, RiskFund
from risk.operations.statements import take_in_statement
from subsidies.models import SubsidyExclusion
from tests.factories.assessments import Rounds, assess_branch, fill_posts, rounds_in_every_state, show_evidence
from tests.factories.care import collect, photo, visit
from tests.factories.county import NOON, TODAY, County, Township, build_county
from tests.factories.files import passing_cupboard
from tests.factories.households import draw, event_of, fill, problem_of, set_scheme, store_sheets
from tests.factories.inbox import told
from tests.factories.issued import letter_issued
from tests.factories.jobs import JobFactory
from tests.factories.lending import Order, lend
from tests.factories.loans import CaseFactory, store_jianchuan
from tests.factories.meetings import called, ready
from tests.factories.notices import board, hang, object_by_page
from tests.factories.organizations import EntityFactory, HouseholdFactory, PersonFactory
from tests.factories.papers import hand_in, photo as paper_photo
from tests.factories.publications import print_figure, publish
from tests.factories.risk import STATEMENT_HEADER, RiskFactory, late_loans
from tests.factories.spreadsheets import csv_file
from tests.factories.statements import csv, row_of, take_in
from tests.factories.statistics import bulletin, edition
from tests.factories.subsidies import Batches, batches_in_every_state
from tests.factories.write_offs import write_off_proposed
from web import clock
from web.models import SavedView

OWN, OTHER = "own", "other"
MISSING_NUMBER, MISSING_UUID = 999_999_999, uuid4()
# Names that stand nowhere by chance: whoever reads one on a page of somebody outside has found a leak.
STRANGERS = [f"欧阳䶮{character}" for character in "甲乙丙丁戊己庚辛壬癸子丑"]


@dataclass
class Objects:
    """What lies in one township: cases by what they wait for, and one of everything else, of the first village."""

    county: County
    township: Township
    version: ProgrammeVersion
    cases: dict[str, Application] = field(default_factory=dict)
    meetings: dict[str, Meeting] = field(default_factory=dict)  # in preparation: with votes to come, with votes
    papers: list[CasePaper] = field(default_factory=list)  # of the draft
    objection: Objection = None
    upheld: Objection = None
    received: Objection = None  # by the public page, not yet accepted
    dismissed: Objection = None
    homeless: Person = None  # in the register, in no household
    entity: Entity = None
    empty_household: Household = None
    job: Job = None
    message: Message = None
    view: SavedView = None
    statement: StatementImport = None
    visit: Visit = None
    act: CollectionAct = None
    payment: LoanEntry = None
    fund: RiskFund = None
    fund_statement: FundStatement = None
    late: dict[str, Loan] = field(default_factory=dict)  # loans in arrears, by the state of their claim
    claims: dict[str, Claim] = field(default_factory=dict)
    write_off: WriteOffRequest = None
    warning: EarlyWarning = None
    stop: LendingStop = None
    printed: PrintedFigure = None  # a figure of a publication of the county
    edition: ReportEdition = None  # of the county
    bulletin: Bulletin = None  # of the county, not issued
    batches: Batches = None
    finding: SubsidyExclusion = None
    paper_code: str = ""  # of a paper that anybody can check
    recent: ApplicationDecision = None  # of the committee officer, two minutes ago
    phrase: Phrase = None  # of the committee officer
    honour: HouseholdHonour = None  # waits for the credit union
    candidate: Household = None  # borrowed, may be recommended
    item: InspectionItem = None  # with a form and its photo
    problem: ReportedProblem = None  # of the first village
    event: PublicityEvent = None  # with a photo
    rounds: Rounds = None  # of the county
    assessed: dict[str, Subject] = field(default_factory=dict)  # the first branch, by the round's state
    evidence: ScoreRecord = None
    village_post: VillagePost = None

    def county_budget(self, code: str) -> SubsidyBudget:
        return SubsidyBudget.objects.get(version__code=code)

    @property
    def person(self) -> Person:
        return self.township.village.farmer

    @property
    def spouse(self) -> Person:
        return self.township.village.people[-1]

    @property
    def household(self) -> Household:
        return self.person.household

    @property
    def member(self) -> PartyMember:
        return self.township.village.members[0]

    @property
    def probationer(self) -> PartyMember:
        return self.township.village.members[3]

    @property
    def branch(self) -> Organization:
        return self.township.village.branches[1]

    @property
    def account(self) -> User:
        return self.township.village.other_secretary

    @property
    def names(self) -> list[str]:
        """The names of all the people of the township."""
        return [person.name for village in self.township.villages for person in village.people]

    @property
    def secrets(self) -> list[str]:
        """What only those who reach the township may read: names of people, numbers of cases and contracts."""
        people = [person.name for person in self.township.village.people]
        cases = [case.number for case in self.cases.values()]
        return [*people, *cases, self.cases["lent"].loan.contract_number]

    @property
    def id_numbers(self) -> list[str]:
        return [person.read_id_number() for village in self.township.villages for person in village.people]


@dataclass
class World:
    county: County
    own: Objects
    other: Objects

    def at(self, place: str) -> Objects:
        return self.own if place == OWN else self.other


@contextmanager
def standing_world() -> Iterator[World]:
    """Build the county inside a transaction that is rolled back, its clock at noon of 2014-08-15."""
    with clock.frozen(NOON), passing_cupboard(), transaction.atomic():
        with connection.cursor() as cursor:
            # Thousands of pages on a few rows: the best plan does not matter, the time to find it does.
            cursor.execute("SET LOCAL join_collapse_limit = 1")
        county = build_county()
        versions = store_jianchuan()
        _rename_strangers(county.shaxi)
        world = World(
            county=county,
            own=_objects(county, county.yangcen, versions["2014"]),
            other=_objects(county, county.shaxi, versions["2013"]),
        )
        _subsidies(world)
        _field_work(world)
        _assessments(world)
        _statistics(world)
        yield world
        transaction.set_rollback(True)


def _subsidies(world: World) -> None:
    """Batches belong to the county; their lines to the townships, and what was found about a borrower."""
    loans = [objects.cases["lent"].loan for objects in (world.own, world.other)]
    batches = batches_in_every_state(world.county, *loans)
    for objects, loan in zip((world.own, world.other), loans, strict=True):
        objects.batches = batches
        objects.finding = SubsidyExclusion.objects.create(
            loan=loan, reason="moved_away", from_day=TODAY, note="已迁出。",
            recorded_by=world.county.finance_officer, recorded_at=NOON,
        )  # fmt: skip


def _field_work(world: World) -> None:
    """Households on the way to a title, one draw with a form for each township, a problem and an event of each."""
    county = world.county
    store_sheets()
    set_scheme(county)
    for objects in (world.own, world.other):
        village = objects.township.village
        honoured, objects.candidate = village.households[-1], village.households[-2]
        lend(*(Order(village, "1000", date(2014, 3, 3), households=[one]) for one in (honoured, objects.candidate)))
        objects.honour = recommend_household(
            household_id=honoured.pk, title="model", reason="带动三户养猪。", request_id=uuid4(),
            recommended_by=village.secretary, at=NOON,
        )  # fmt: skip
    inspection = draw(county, size=Loan.objects.filter(state="live").count())
    for place, objects in enumerate((world.own, world.other)):
        objects.item = inspection.items.filter(loan=objects.cases["lent"].loan).get()
        fill(objects.item, objects.township.committee_officer, photos=(photo(300 + place),))
        division, officer = objects.township.village.division, county.organisation_officer
        objects.problem = problem_of(county, division=division, owner=county.organisation_department)
        objects.event = event_of(county, division=division, recorded_by=officer, photos=(photo(500 + place),))
    for item in inspection.items.filter(answers=None):
        fill(item, county.organisation_officer)


def _assessments(world: World) -> None:
    """Rounds in every state; in each township the first branch is assessed too, once with evidence."""
    county = world.county
    rounds = rounds_in_every_state(county)
    fill_posts(county)
    for place, objects in enumerate((world.own, world.other)):
        village, objects.rounds = objects.township.village, rounds
        for state, campaign in (("self", rounds.running), ("notice", rounds.noticed), ("final", rounds.settled)):
            objects.assessed[state] = assess_branch(campaign, village.branch)
        objects.evidence = show_evidence(objects.assessed["notice"], village.secretary, photo(700 + place))
        objects.village_post = VillagePost.objects.get(organization=village.general_branch, role="officer")


def _rename_strangers(township: Township) -> None:
    for person, name in zip(township.village.people, STRANGERS, strict=True):
        person.name = name
        person.set_pinyin()
        person.save()


def _objects(county: County, township: Township, version: ProgrammeVersion) -> Objects:
    village = township.village
    objects = Objects(county, township, version)
    # Everybody but the farmer has a case; the farmer has none, so that one can be registered for him.
    borrowers = iter([*village.people[:10], village.people[11]])
    for step in (
        StepCode.ASSESSMENT, "lent", StepCode.DISBURSEMENT, StepCode.SUBSIDY_CONFIRMATION, StepCode.COMMITTEE_FILING,
        StepCode.PUBLIC_NOTICE, StepCode.BRANCH_REVIEW, StepCode.REFERRAL, "draft",
    ):  # fmt: skip
        objects.cases[str(step)] = _case_at(CaseFactory(county, township=township, person=next(borrowers)), step)
    reviewed = objects.cases[StepCode.BRANCH_REVIEW]
    objects.meetings["open"] = called(village, reviewed)
    objects.meetings["ready"] = ready(village, reviewed)
    objects.papers = hand_in(
        objects.cases["draft"], township.clerk, paper_photo(1), paper_photo(2), document="identity_card"
    )
    objects.cases["noticed"], objects.objection = _objected(county, township, next(borrowers))
    objects.cases["objected"], objects.upheld = _objected(county, township, next(borrowers))
    settle_objection(
        objection_id=objects.upheld.pk, upheld=True, finding="属实。", settled_by=township.committee_officer,
        settled_at=NOON,
    )  # fmt: skip
    objects.recent = _just_filed(county, township)
    objects.phrase = Phrase.objects.create(
        owner=township.committee_officer, step=StepCode.COMMITTEE_FILING, outcome=Outcome.PASS, text="材料齐全。"
    )
    _noticed_by_others(objects)
    objects.homeless = PersonFactory(division=village.division)
    objects.entity = EntityFactory(division=village.division, representative=village.people[0])
    objects.empty_household = HouseholdFactory(division=village.division)
    # Older than usual, with a reason already: the draft can be submitted, and the reason written anew.
    draft = objects.cases["draft"]
    Person.objects.filter(pk=draft.person_id).update(birth_date=date(1940, 1, 1))
    RuleReason.objects.create(
        application=draft, rule="above_usual_age", finding='{"age_max": "65"}', reason="身体健康。",
        written_by=township.clerk, written_at=NOON,
    )  # fmt: skip
    for step, place in (("lent", 8), ("branch_review", 9)):
        HelpCommitment.objects.create(
            application=objects.cases[step], person=village.people[place], kind="villager_in_difficulty"
        )
    objects.paper_code = letter_issued(objects.cases["lent"])
    loan = objects.cases["lent"].loan
    objects.visit = visit(loan, village.secretary, photos=(photo(loan.pk),))
    objects.payment = record_repayment(
        loan_id=loan.pk, repayment=Repayment(Decimal(0), Decimal(1), loan.start_date, f"HK-{loan.pk}-1"),
        recorded_by=township.credit_officer, recorded_at=NOON,
    ).entries.get(kind=EntryKind.INTEREST)  # fmt: skip
    objects.act = collect(loan, township.credit_officer, paper=photo())
    objects.statement = take_in(
        township,
        csv(row_of(loan, f"HK-{loan.pk}", TODAY, interest=10), row_of("没有此合同", "HK-0", TODAY, interest=1)),
    )
    objects.job = JobFactory(finished=True, owner=township.clerk)
    told(township.clerk, "policy")
    objects.message = Message.objects.get(recipient=township.clerk, key="policy")
    objects.view = SavedView.objects.create(
        owner=township.clerk, path="/loans/cases/", name="本乡", query="mine=on", saved_at=NOON
    )
    _at_risk(objects)
    return objects


def _noticed_by_others(objects: Objects) -> None:
    """On the sheet of the case in notice: an objection of the public page, a settled one, evidence, a photo."""
    notice = objects.cases["noticed"].notices.get()
    committee = objects.township.committee_officer
    objects.received = object_by_page(notice.roster)
    objects.dismissed = record_objection(
        notice_id=notice.pk, received_on=TODAY, channel="paper", objector="", text="养殖场离水源近。",
        recorded_by=objects.township.clerk, recorded_at=NOON,
    )  # fmt: skip
    settle_objection(
        objection_id=objects.dismissed.pk, upheld=False, finding="不属实。", settled_by=committee, settled_at=NOON
    )
    add_evidence(
        objection_id=objects.objection.pk, files=[board(objects.objection.pk)], note="", request_id=uuid4(),
        added_by=committee, added_at=NOON,
    )  # fmt: skip
    hang(notice.roster, objects.township.clerk)


def _at_risk(objects: Objects) -> None:
    """Loans in arrears with a claim in every state that waits for somebody, a warning, a stop of the next village."""
    county, township, village = objects.county, objects.township, objects.township.village
    story = RiskFactory(county, paid_in="0" if RiskFund.objects.exists() else "1000000")
    story.officer, objects.fund = township.credit_officer, story.fund
    row = [TODAY.isoformat(), f"QT-{township.outlet.pk}", "1", ""]
    objects.fund_statement = take_in_statement(
        fund=story.fund, content=csv_file([STATEMENT_HEADER, row]),
        file_name="专户对账单.csv", uploaded_by=county.finance_officer, at=NOON,
    )  # fmt: skip
    states = ("none", "to_file", "to_check", "to_verify", "to_approve", "to_pay", "paid", "to_write_off")
    late = late_loans(village, ["1000"] * len(states), households=village.households[:1])
    objects.late = dict(zip(states, late, strict=True))
    due = TODAY - timedelta(days=5)
    objects.late["short"] = late_loans(
        village, ["1000"], start=due.replace(year=due.year - 1), households=village.households[:1]
    )[0]  # fmt: skip
    objects.write_off = write_off_proposed(objects.late["none"], township.credit_officer)
    objects.claims["to_file"] = story.prepared(objects.late["to_file"])
    turns = (county.organisation_officer, county.finance_officer, county.leading_group_officer)
    for number, state in enumerate(states[2:]):
        claim = objects.claims[state] = story.filed(objects.late[state])
        for user in turns[:number]:
            story.decide(claim, user)
    for state in ("paid", "to_write_off"):
        story.pay(objects.claims[state])
    story.write_off_proposed(objects.claims["to_write_off"])
    objects.warning = EarlyWarning.objects.create(
        kind="overdue", loan=objects.late["none"], division=village.division, cause=TODAY, opened_on=TODAY,
        owner=township.outlet,
    )  # fmt: skip
    objects.stop, _new = impose_stop(
        measure="by_decision", reason="清收期间暂停。", imposed_by=county.leading_group_officer, at=NOON,
        division=township.villages[1].division,
    )  # fmt: skip
    book = publish(division=county.division, by=county.organisation_officer, at=NOON)
    objects.printed = print_figure(book, by=county.organisation_officer, at=NOON)


def _statistics(world: World) -> None:
    """An edition and a draft of a bulletin belong to the county."""
    county = world.county
    made = edition(county.division, by=county.organisation_officer)
    draft = bulletin(county.division, by=county.organisation_officer)
    for objects in (world.own, world.other):
        objects.edition, objects.bulletin = made, draft


def _case_at(story: CaseFactory, step: str) -> Application:
    match step:
        case "draft":
            return story.draft()
        case "lent":
            return story.lent()
        case StepCode.ASSESSMENT:
            return story.settled()
    return story.at(step)


def _just_filed(county: County, township: Township) -> ApplicationDecision:
    """A case of the next village that the committee filed two minutes ago."""
    village = township.villages[1]
    story = CaseFactory(county, township=township, village=village, person=village.people[0])
    story.at(StepCode.COMMITTEE_FILING)
    story.moment = NOON - timedelta(minutes=2)
    return story.decide(Outcome.PASS, township.committee_officer, FilingFacts(TODAY), days=0)


def _objected(county: County, township: Township, person: Person) -> tuple[Application, Objection]:
    """A case whose notice hangs today, with an objection."""
    story = CaseFactory(county, township=township, person=person, begin=NOON - timedelta(days=4))
    story.at(StepCode.PUBLIC_NOTICE)
    story.publish()
    assert story.case.decisions.filter(outcome=Outcome.PUBLISH).exists()
    objection = record_objection(
        notice_id=story.case.notices.get().pk, received_on=TODAY, channel="phone", objector="", text="已有外债未还。",
        recorded_by=township.clerk, recorded_at=NOON,
    )  # fmt: skip
    return story.case, objection
