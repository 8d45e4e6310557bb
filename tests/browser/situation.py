"""One county with something on every page: a case in every step, loans in every state, papers, bodies, accounts."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import uuid4

from accounts.models import Post, User
from assessments.models import HouseholdHonour, InspectionItem, PublicityEvent, ReportedProblem, Subject
from assessments.operations.scores import file_appeal
from assessments.queries.rounds import items_of
from dashboards.models import Bulletin, PrintedFigure, ReportEdition
from jobs.models import Job
from loans import operations
from loans.choices import CollectionKind, Outcome, Reached, RepaymentOutlook, ReplyManner, StepCode, UseOfFunds
from loans.models import (
    Application,
    CasePaper,
    LendingStop,
    Loan,
    Meeting,
    Objection,
    ProgrammeVersion,
    PublicNotice,
    StatementImport,
    Visit,
    WriteOffRequest,
)
from loans.operations.objections import Reply, add_evidence, extend_objection, reply_to_objector
from loans.operations.papers import withdraw_paper
from loans.operations.telling import escalate_late_cases
from organizations.models import Entity
from risk.models import Claim, EarlyWarning, FundStatement, RiskFund
from risk.operations.daily import run_daily_risk
from risk.operations.statements import take_in_statement
from subsidies.models import SubsidyExclusion
from tests.factories.accounts import UserFactory
from tests.factories.assessments import Rounds, fill_posts, rounds_in_every_state, show_evidence
from tests.factories.care import collect, photo, promise, visit
from tests.factories.county import NOON, TODAY, County, Village, build_county
from tests.factories.households import HonourFactory, draw, event_of, fill, problem_of, set_scheme, store_sheets
from tests.factories.inbox import told
from tests.factories.issued import letter_issued
from tests.factories.jobs import JobFactory
from tests.factories.lending import Order, lend
from tests.factories.loans import CaseFactory, helped, store_jianchuan
from tests.factories.meetings import called, closed, ready
from tests.factories.notices import board, hang, object_by_page
from tests.factories.organizations import EntityFactory
from tests.factories.papers import hand_in, photo as paper_photo, scan
from tests.factories.publications import print_figure, publish
from tests.factories.risk import STATEMENT_HEADER, RiskFactory, late_loans, stated
from tests.factories.spreadsheets import csv_file
from tests.factories.statements import book, csv, row_of, take_in
from tests.factories.statistics import bulletin, edition
from tests.factories.subsidies import Batches, batches_in_every_state
from tests.factories.write_offs import write_off_proposed
from web.clock import day_of

ABOVE_CONSENT = "250000"


@dataclass
class Situation:
    """`cases` by the name of what is particular to them: a step, or how they stand."""

    county: County
    version: ProgrammeVersion
    cases: dict[str, Application] = field(default_factory=dict)
    rounds: Rounds = None
    assessed: dict[str, Subject] = field(default_factory=dict)  # 中羊村, by the state of the round
    loan: Loan = None
    settled_loan: Loan = None
    objection: Objection = None
    received: Objection = None  # by the public page, not yet accepted
    answered: Objection = None  # settled, with everything an objection can gather
    visits: dict[str, Visit] = field(default_factory=dict)
    entity: Entity = None
    jobs: dict[str, Job] = field(default_factory=dict)
    fund: RiskFund = None
    late: dict[str, Loan] = field(default_factory=dict)  # loans in arrears, by the state of their claim
    claims: dict[str, Claim] = field(default_factory=dict)
    warning: EarlyWarning = None
    stop: LendingStop = None
    printed: PrintedFigure = None
    editions: list[ReportEdition] = field(default_factory=list)  # the second corrects the first
    bulletin: Bulletin = None
    write_off: WriteOffRequest = None
    statement: FundStatement = None
    batches: Batches = None
    finding: SubsidyExclusion = None
    closed_account: User = None
    post: Post = None
    statements: dict[str, StatementImport] = field(default_factory=dict)
    honours: dict[str, HouseholdHonour] = field(default_factory=dict)  # waiting for the lender, in notice, awarded
    item: InspectionItem = None
    problem: ReportedProblem = None
    event: PublicityEvent = None
    papers: list[CasePaper] = field(default_factory=list)  # of the draft: two photos, a PDF, a withdrawn one
    meetings: dict[str, Meeting] = field(default_factory=dict)
    paper_code: str = ""  # of a letter that anybody can check

    @property
    def village(self) -> Village:
        return self.county.yangcen.village


def build_situation() -> Situation:
    """Write it all by the operations of the steps; the present moment is NOON of 2014-08-15."""
    county = build_county()
    versions = store_jianchuan()
    here = Situation(county=county, version=versions["2014"])
    applicants = _applicants(county)
    for step in (
        StepCode.REFERRAL,
        StepCode.BRANCH_REVIEW,
        StepCode.PUBLIC_NOTICE,
        StepCode.COMMITTEE_FILING,
        StepCode.SUBSIDY_CONFIRMATION,
        StepCode.DISBURSEMENT,
    ):
        here.cases[step] = next(applicants).at(step)
    here.cases["draft"] = next(applicants).draft()
    here.paper_code = letter_issued(here.cases[StepCode.COMMITTEE_FILING])
    _papers(here)
    _meetings(here)
    _stopped(here, applicants)
    _helping(here)
    _in_notice(here, applicants)
    _lent(here, applicants)
    _waiting_for_consent(here)
    _bank_statements(here)
    _at_risk(here)
    _subsidised(here)
    _field_work(here)
    _assessments(here)
    _around(here)
    for case in here.cases.values():
        case.refresh_from_db()
    return here


def _applicants(county: County) -> Iterator[CaseFactory]:
    """Yield new stories, each of another household of the township."""
    for village in county.yangcen.villages:
        for head in village.people[::2]:
            yield CaseFactory(county, village=village, person=head)


def _papers(here: Situation) -> None:
    """Papers of the draft as the clerk handed them in, one withdrawn again; a photo of the branch at its step."""
    clerk, draft = here.county.yangcen.clerk, here.cases["draft"]
    here.papers = [
        *hand_in(draft, clerk, paper_photo(1), paper_photo(2), document="identity_card"),
        *hand_in(draft, clerk, scan(), document="business_plan"),
        *hand_in(draft, clerk, paper_photo(3), name="项目现场照片"),
    ]
    withdraw_paper(paper_id=here.papers[-1].pk, withdrawn_by=clerk, withdrawn_at=NOON, reason="拍错了。")
    hand_in(here.cases[StepCode.BRANCH_REVIEW], here.village.secretary, paper_photo(4), name="支部会议现场照片")


def _meetings(here: Situation) -> None:
    """A meeting in preparation without votes, and a closed one that could not decide one of its cases."""
    here.meetings["open"] = called(here.village, here.cases[StepCode.BRANCH_REVIEW])
    elsewhere = here.county.shaxi.villages[1]
    decided, moved = (
        CaseFactory(here.county, township=here.county.shaxi, village=elsewhere, person=elsewhere.people[place])
        for place in (-2, -4)
    )
    meeting = ready(elsewhere, decided.at(StepCode.BRANCH_REVIEW), moved.at(StepCode.BRANCH_REVIEW))
    moved.decide(Outcome.RETURN, elsewhere.secretary, reason="请补充材料。", target=StepCode.INTAKE)
    closed(elsewhere, meeting)
    here.meetings["closed"] = meeting


def _helping(here: Situation) -> None:
    """Two members who promise to help: one waits for the branch, one has his loan."""
    members, poor = here.village.members, here.county.yangcen.villages[1].people
    tier = here.version.tiers.get(code="helping")
    for name, place, person in (("helping", 1, poor[9]), ("helped", 5, poor[11])):
        story = CaseFactory(
            here.county, amount="150000", person=members[place].person, tier_id=tier.pk, helped=helped(person)
        )
        here.cases[name] = story.lent() if name == "helped" else story.at(StepCode.BRANCH_REVIEW)


def _subsidised(here: Situation) -> None:
    """A batch in every state with lines of two loans, and something found about a borrower."""
    here.batches = batches_in_every_state(here.county, here.loan, here.settled_loan)
    here.finding = SubsidyExclusion.objects.create(
        loan=here.loan, reason="moved_away", from_day=day_of(NOON), note="已迁出本县。",
        recorded_by=here.county.finance_officer, recorded_at=NOON,
    )  # fmt: skip


def _stopped(here: Situation, applicants: Iterator[CaseFactory]) -> None:
    returned = next(applicants)
    returned.at(StepCode.BRANCH_REVIEW)
    returned.decide(
        Outcome.RETURN, returned.village.secretary, reason="创业计划与申请金额不符，请核实。", target=StepCode.INTAKE
    )
    here.cases["returned"] = returned.case
    withdrawn = next(applicants)
    withdrawn.at(StepCode.BRANCH_REVIEW)
    withdrawn.decide(Outcome.WITHDRAW, here.county.yangcen.clerk, reason="申请人改做他用，不再申请。")
    here.cases["withdrawn"] = withdrawn.case


def _in_notice(here: Situation, applicants: Iterator[CaseFactory]) -> None:
    story = next(applicants)
    story.moment = NOON - timedelta(days=6)
    story.at(StepCode.PUBLIC_NOTICE)
    story.publish()
    here.objection = operations.record_objection(
        notice_id=story.case.notices.get().pk,
        received_on=day_of(NOON),
        channel="phone",
        objector="赵四全",
        text="申请人已有外债未还。",
        recorded_by=story.village.secretary,
        recorded_at=NOON,
    )
    here.cases["objected"] = story.case
    _objected_by_others(here, here.objection.notice)


def _objected_by_others(here: Situation, notice: PublicNotice) -> None:
    """On the same sheet: an objection of the public page, one that was answered, a photo of the paper."""
    committee, clerk = here.county.yangcen.committee_officer, here.county.yangcen.clerk
    hang(notice.roster, clerk)
    here.received = object_by_page(notice.roster)
    here.answered = operations.record_objection(
        notice_id=notice.pk, received_on=day_of(NOON), channel="paper", objector="李六", text="养殖场离水源太近。",
        recorded_by=clerk, recorded_at=NOON,
    )  # fmt: skip
    extend_objection(
        objection_id=here.answered.pk, due_date=here.answered.due_date + timedelta(days=3), reason="须请环保站到场。",
        request_id=uuid4(), granted_by=committee, granted_at=NOON,
    )  # fmt: skip
    add_evidence(
        objection_id=here.answered.pk, files=[board(7)], note="现场照片", request_id=uuid4(), added_by=committee,
        added_at=NOON,
    )  # fmt: skip
    operations.settle_objection(
        objection_id=here.answered.pk, upheld=False, finding="经现场测量，距离符合规定。", settled_by=committee,
        settled_at=NOON, investigators="段军、和丽芳", method="visit",
    )  # fmt: skip
    reply = Reply(day_of(NOON), ReplyManner.VISIT, "已当面说明。")
    reply_to_objector(objection_id=here.answered.pk, reply=reply, replied_by=committee, recorded_at=NOON)


def _lent(here: Situation, applicants: Iterator[CaseFactory]) -> None:
    lent = next(applicants)
    here.cases["lent"] = lent.lent()
    here.loan = lent.case.loan
    _looked_after(here, lent.village)
    settled = next(applicants)
    here.cases[StepCode.ASSESSMENT] = settled.settled()
    here.settled_loan = settled.case.loan
    closed = CaseFactory(here.county, township=here.county.shaxi)
    closed.settled()
    closed.assess()
    here.cases["closed"] = closed.case


def _looked_after(here: Situation, village: Village) -> None:
    """Visits of both sides with photos, one of them corrected, and steps with promises in every state."""
    loan, officer = here.loan, here.county.yangcen.credit_officer
    old = visit(loan, village.secretary, photos=(photo(1),))
    here.visits["corrected"] = old
    visit(loan, village.secretary, corrects=old, photos=(photo(2), photo(3)))
    here.visits["misuse"] = visit(
        loan, officer, use_of_funds=UseOfFunds.PARTLY, outlook=RepaymentOutlook.UNLIKELY, findings="部分资金用于建房。"
    )
    day = day_of(NOON)
    collect(loan, officer, kind=CollectionKind.NOTICE, paper=photo(4), note="已送达本人。", **promise(day, "100"))
    collect(loan, officer, **promise(day + timedelta(days=9), "20000"))
    collect(loan, village.secretary, reached=Reached.NOBODY)


def _waiting_for_consent(here: Situation) -> None:
    """A loan so large that another person of the credit union must agree: a cooperative's, in the other township."""
    shaxi = here.county.shaxi
    here.entity = EntityFactory(
        name="沙溪镇寺登药材种植专业合作社", division=shaxi.village.division, representative=shaxi.village.people[0]
    )
    story = CaseFactory(
        here.county,
        amount=ABOVE_CONSENT,
        township=shaxi,
        person=shaxi.village.people[0],
        borrower_kind="cooperative",
        entity_id=here.entity.pk,
        tier_id=here.version.tiers.get(code="collective").pk,
    )
    story.at(StepCode.DISBURSEMENT)
    story.propose()
    here.cases["consent"] = story.case


def _bank_statements(here: Situation) -> None:
    """One to be booked, with a line of each sort, and one that is booked and differs from the account."""
    township, loan, day = here.county.yangcen, here.loan, day_of(NOON)
    here.statements["booked"] = book(
        take_in(township, csv(row_of(loan, "HK-2014-1", day, interest="88.80"))), township
    )
    here.statements["read"] = take_in(
        township,
        csv(
            row_of(loan, "HK-2014-2", day, principal="1000"),
            row_of(loan, "HK-2014-1", day, interest="88.80"),
            row_of(loan, "HK-2014-1", day, interest="99.90"),
            row_of("没有此合同", "HK-2014-3", day, interest="1"),
            row_of(loan, "HK-2014-4", "昨天", kind="付款", principal="一千"),
        ),
        name="剑川县农村信用合作联社还款回单2014年8月15日.csv",
    )


def _at_risk(here: Situation) -> None:
    """A fund with its bank statement, loans in arrears, a claim in each state, what the night finds, a stop."""
    story, village = RiskFactory(here.county), here.county.yangcen.villages[1]
    here.fund = story.fund
    states = ("none", "to_file", "to_check", "to_approve", "to_pay", "recovering", "to_write_off", "written_off")
    here.late = dict(zip(states, late_loans(village, ["50000"] * len(states)), strict=True))
    here.write_off = write_off_proposed(here.late["none"], here.county.yangcen.credit_officer)
    here.claims["to_file"] = story.prepared(here.late["to_file"])
    here.claims["to_check"] = story.filed(here.late["to_check"])
    claim = here.claims["to_approve"] = story.filed(here.late["to_approve"])
    for user in (here.county.organisation_officer, story.finance):
        story.decide(claim, user)
    here.claims["to_pay"] = story.approved(here.late["to_pay"])
    for state in ("recovering", "to_write_off", "written_off"):
        here.claims[state] = story.paid(here.late[state])
        story.recover(here.claims[state], "10000", "1200")
    story.write_off_proposed(here.claims["to_write_off"])
    story.write_off(here.claims["written_off"])
    rows = [["2014-08-14", "QT-2", "", "7"], ["昨天", "QT-3", "1", ""]]
    here.statement = take_in_statement(
        fund=story.fund, content=csv_file([STATEMENT_HEADER, *rows]),
        file_name="风险补偿金专户对账单.csv", uploaded_by=story.finance, at=NOON,
    )  # fmt: skip
    stated(story, ["2013-08-01", "CZ-0001", "1000000", ""], ["2014-08-15", "QT-1", "", "5"])
    run_daily_risk(at=NOON)
    keeper = here.county.organisation_officer
    here.printed = print_figure(publish(division=here.county.division, by=keeper, at=NOON), by=keeper, at=NOON)
    here.editions = [
        edition(here.county.division, by=keeper),
        edition(here.county.division, by=keeper, reason="漏填备注。", entered={"532931200:note": "已补录一户"}),
    ]
    here.bulletin = bulletin(here.county.division, by=keeper)
    here.stop = LendingStop.objects.filter(division=village.division).get()
    here.warning = EarlyWarning.objects.filter(loan=here.late["none"], kind="overdue").get()


def _field_work(here: Situation) -> None:
    """Households on three stages of the way to a title, a draw with a form, a problem, an event."""
    county = here.county
    store_sheets()
    set_scheme(county)
    begin = NOON - timedelta(days=30)
    yangcen, shaxi = county.yangcen.villages[1], county.shaxi.villages[1]
    for name, village, home in (("to_rate", yangcen, 1), ("in_notice", shaxi, 1), ("awarded", shaxi, 2)):
        story = HonourFactory(county, village=village, begin=begin, household=village.households[home])
        lend(Order(village, "50000", date(2014, 3, 3), households=[story.household]))
        if name == "to_rate":
            here.honours[name] = story.recommended()
        else:
            here.honours[name] = story.in_notice() if name == "in_notice" else story.awarded()
    inspection = draw(county, size=2)
    here.item = inspection.items.get(position=1)
    fill(here.item, county.organisation_officer, photos=(photo(301),))
    here.problem = problem_of(county, due=TODAY - timedelta(days=3), at=NOON - timedelta(days=9), item=here.item)
    here.event = event_of(county, photos=(photo(302),))


def _assessments(here: Situation) -> None:
    """Rounds of the villages in every state, with an appeal that waits."""
    here.rounds = rounds_in_every_state(here.county)
    fill_posts(here.county)
    noticed = here.rounds.noticed
    for state, campaign in (("self", here.rounds.running), ("notice", noticed)):
        here.assessed[state] = campaign.subjects.get(organization=here.village.general_branch)
    show_evidence(here.assessed["notice"], here.village.general_secretary, photo(900))
    file_appeal(
        subject_id=here.assessed["notice"].pk, item_id=items_of(noticed.scheme_id)[0].pk, reason="漏计3份档案。",
        request_id=uuid4(), filed_by=here.village.general_secretary, at=NOON,
    )  # fmt: skip


def _around(here: Situation) -> None:
    clerk = here.county.yangcen.clerk
    here.jobs = {
        "finished": JobFactory(owner=clerk, finished=True),
        "running": JobFactory(owner=clerk, running=True),
        "failed": JobFactory(owner=clerk, failed=True),
    }
    told(clerk, "first", "second")
    escalate_late_cases(at=NOON)
    here.closed_account = UserFactory(username="closed", name="段桂英", closed=True)
    here.post = Post.objects.get(user=here.village.secretary)
