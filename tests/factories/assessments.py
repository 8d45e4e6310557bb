"""Rounds of assessment in the small county: a scheme of two entered items and one counted, scored level by level."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from accounts.models import User
from assessments.choices import Level, VillageRole
from assessments.models import Campaign, MeasuredValue, Result, RewardPlan, Scheme, ScoreRecord, ScoreSheet, Subject
from assessments.operations.rewards import decide_plan, make_plan, record_payout, set_reward_budget
from assessments.operations.rounds import RoundData, advance, open_campaign
from assessments.operations.schemes import copy_scheme, store_scheme
from assessments.operations.scores import Entry, score_subject
from assessments.operations.village_posts import take_office
from assessments.queries.ranking import results_for
from assessments.queries.rounds import items_of
from assessments.rules import Value
from files.operations import Prepared, store
from organizations.models import Organization
from tests.factories.county import NOON, TODAY, County

YEAR_BEGIN, YEAR_END = date(2013, 1, 1), date(2013, 12, 31)
OPENED_AT = NOON - timedelta(days=60)
CLOSED_AT = OPENED_AT + timedelta(days=20)
PAY = {
    "tiers": [{"score_min": "95", "amount": "10000"}, {"score_min": "85", "amount": "4000"}],
    "prizes": [
        {"level": "township", "places": 3, "score_min": "95", "amount": "5000", "person_amount": "2000",
         "township_amount": "20000"},
        {"level": "county", "places": 3, "score_min": "95", "amount": "8000", "person_amount": "3000",
         "township_amount": "20000"},
    ],
}  # fmt: skip


def scheme_data(**more: object) -> dict[str, object]:
    items = [
        {"name": "档案齐全", "points": "60", "is_share": True, "target": "1"},
        {"name": "评议分", "points": "40", "target": "100"},
        {"name": "挪用未整改", "points": "0", "measure": "misuse_open", "formula": "threshold",
         "direction": "lower", "target": "0", "is_veto": True},
    ]  # fmt: skip
    scheme = {
        "code": "branch-year", "name": "党组织年度考核", "period_kind": "year", "subject_kind": "branch",
        "groups": [{"name": "管得好", "items": items}], **PAY, **more,
    }  # fmt: skip
    return {"is_example": True, "schemes": [scheme]}


def store_village_scheme(county: County, **more: object) -> Scheme:
    """Store the scheme of the villages, in force."""
    return store_scheme(data=scheme_data(**more), county=county.division, stored_at=OPENED_AT)[0]


def open_round(county: County, scheme: Scheme | None = None, *, at: datetime = OPENED_AT) -> Campaign:
    """Open the round of 2013: the four villages of the county are assessed."""
    day = at.date()
    data = RoundData("2013年度考核", YEAR_BEGIN, YEAR_END, *(day + timedelta(days=n) for n in (5, 10, 15)))
    return open_campaign(
        scheme=scheme or store_village_scheme(county), data=data, request_id=uuid4(),
        opened_by=county.organisation_officer, at=at,
    )  # fmt: skip


def entries(campaign: Campaign, score: str = "100", *, reason: str = "据实") -> dict[int, Entry]:
    """Enter so much of each entered item that its points are `score` percent of the full ones."""
    found = {}
    for item in items_of(campaign.scheme_id):
        if item.is_share:
            found[item.pk] = Entry(Value(Decimal(score), Decimal(100)), reason)
        elif not item.measure:
            found[item.pk] = Entry(Value(Decimal(score)), reason)
    return found


def scorer(county: County, subject: Subject, level: str) -> User:
    """Who scores a village at a level."""
    township = next(one for one in county.townships if one.division.pk == subject.township_id)
    village = next(one for one in township.villages if one.general_branch.pk == subject.organization_id)
    return {
        Level.SELF: village.general_secretary,
        Level.FIRST: township.committee_officer,
        Level.COUNTY: county.organisation_officer,
    }[Level(level)]


def write_sheet(county: County, subject: Subject, level: str, score: str = "100", **more: object) -> ScoreSheet:
    subject.refresh_from_db()
    wanted: dict[str, object] = {
        "subject_id": subject.pk, "level": level, "revision": subject.revision, "request_id": uuid4(),
        "entries": entries(subject.campaign, score), "scored_by": scorer(county, subject, level),
        "at": OPENED_AT + timedelta(days=1),
    }  # fmt: skip
    return score_subject(**(wanted | more))  # type: ignore[arg-type]


def go_on(county: County, campaign: Campaign, *, at: datetime = OPENED_AT + timedelta(days=2)) -> Campaign:
    campaign.refresh_from_db()
    return advance(
        campaign_id=campaign.pk, revision=campaign.revision, by=county.organisation_officer, at=at
    )  # fmt: skip


def score_all(county: County, campaign: Campaign, scores: Mapping[str, str]) -> Campaign:
    """Score every village at every level (names to percents, 80 for the others) up to the notice."""
    for level in Level:
        for subject in campaign.subjects.select_related("organization__division"):
            write_sheet(county, subject, level, scores.get(subject.organization.division.name, "80"))
        campaign = go_on(county, campaign)
    return campaign


def final_round(county: County, scores: Mapping[str, str], scheme: Scheme | None = None) -> Campaign:
    """A round whose results are final."""
    return go_on(county, score_all(county, open_round(county, scheme), scores), at=CLOSED_AT)


def fill_posts(county: County, *, since: date = YEAR_BEGIN) -> None:
    """Give every village its secretary, head and officer: the heads of its first households."""
    for village in county.villages:
        for role, person in zip(VillageRole, village.people[::2], strict=False):
            take_office(
                organization=village.general_branch, person=person, role=role, valid_from=since,
                recorded_by=county.organisation_officer, at=OPENED_AT,
            )  # fmt: skip


def give_budget(county: County, amount: str = "500000") -> None:
    set_reward_budget(
        county=county.division, year=2014, amount=Decimal(amount), document_number="剑财〔2014〕1号",
        request_id=uuid4(), set_by=county.finance_officer, at=OPENED_AT,
    )  # fmt: skip


@dataclass
class Rounds:
    """Rounds of the villages in every state, as rows: nobody went through the levels."""

    running: Campaign  # in self-assessment, its days are over
    noticed: Campaign
    settled: Campaign  # final, without rewards
    planned: RewardPlan  # waits for approval
    approved: RewardPlan
    draft: Scheme
    other_scheme: Scheme  # without a draft


def rounds_in_every_state(county: County) -> Rounds:
    """Open five rounds of past years and put each where it is needed."""
    scheme = store_village_scheme(county)
    other = store_scheme(
        data=scheme_data(code="branch-half", name="半年小结"), county=county.division, stored_at=OPENED_AT
    )
    campaigns = [_round_of(county, scheme, year) for year in range(2009, 2014)]
    day = TODAY
    for campaign in campaigns[1:]:
        Campaign.objects.filter(pk=campaign.pk).update(
            state="final", notice_from=day - timedelta(days=2), notice_until=day + timedelta(days=3)
        )
        for subject in campaign.subjects.all():
            ScoreSheet.objects.create(
                subject=subject, level=Level.COUNTY, score=Decimal(98), request_id=uuid4(),
                scored_by=county.organisation_officer, person_key="somebody",
                organization=county.organisation_department, scored_at=OPENED_AT,
            )  # fmt: skip
        Result.objects.bulk_create(results_for(scheme, list(campaign.subjects.all())))
    Campaign.objects.filter(pk=campaigns[1].pk).update(state="notice")
    give_budget(county, "900000")
    plans = [_plan_of(county, campaign) for campaign in campaigns[3:]]
    approved = decide_plan(
        plan_id=plans[1].pk, is_approved=True, document_number="剑红组〔2014〕1号", reason="",
        decided_by=county.leading_group_officer, at=NOON,
    )  # fmt: skip
    draft = copy_scheme(scheme=scheme, copied_by=county.organisation_officer, at=NOON)
    for campaign in campaigns:
        campaign.refresh_from_db()
    return Rounds(campaigns[0], campaigns[1], campaigns[2], plans[0], approved, draft, other[0])


def _round_of(county: County, scheme: Scheme, year: int) -> Campaign:
    day = OPENED_AT.date()
    data = RoundData(
        f"{year}年度考核", date(year, 1, 1), date(year, 12, 31), *(day + timedelta(days=n) for n in (5, 10, 15))
    )
    return open_campaign(
        scheme=scheme, data=data, request_id=uuid4(), opened_by=county.organisation_officer, at=OPENED_AT
    )


def _plan_of(county: County, campaign: Campaign) -> RewardPlan:
    return make_plan(campaign_id=campaign.pk, year=2014, made_by=county.organisation_officer, at=NOON)


def assess_branch(campaign: Campaign, branch: Organization) -> Subject:
    """Add a branch of its own to a round, with what was counted for its village."""
    model = campaign.subjects.get(organization__division=branch.division)
    subject = Subject.objects.create(
        campaign=campaign, organization=branch, name=branch.name, township=model.township, branch_path=branch.path,
        division_path=branch.division.path,
    )  # fmt: skip
    MeasuredValue.objects.bulk_create(
        MeasuredValue(
            subject=subject, item=one.item, numerator=one.numerator, denominator=one.denominator, as_of=one.as_of,
            measured_at=one.measured_at,
        )
        for one in model.measured.all()
    )  # fmt: skip
    return subject


def show_evidence(subject: Subject, by: User, paper: Prepared) -> ScoreRecord:
    """Give a subject a sheet whose first item has a file of evidence."""
    sheet = ScoreSheet.objects.create(
        subject=subject, level=Level.SELF, score=Decimal(60), request_id=uuid4(), scored_by=by,
        person_key=by.person_key, organization=subject.organization, scored_at=OPENED_AT,
    )  # fmt: skip
    item = items_of(subject.campaign.scheme_id)[0]
    return ScoreRecord.objects.create(
        sheet=sheet, item=item, numerator=1, denominator=1, points=60, evidence=store(prepared=paper, by=by, at=NOON)
    )


def pay_rewards(county: County) -> RewardPlan:
    """A round from its opening to the first payee's money."""
    give_budget(county)
    fill_posts(county)
    campaign = final_round(county, {"中羊村": "98"})
    plan = make_plan(campaign_id=campaign.pk, year=2014, made_by=county.organisation_officer, at=CLOSED_AT)
    decide_plan(
        plan_id=plan.pk, is_approved=True, document_number="剑红组〔2014〕1号", reason="",
        decided_by=county.leading_group_officer, at=CLOSED_AT,
    )  # fmt: skip
    record_payout(
        payee_id=plan.payees.order_by("position")[0].pk, kind="paid", value_date=CLOSED_AT.date(),
        bank_reference="JL-1", recorded_by=county.finance_officer, at=CLOSED_AT,
    )  # fmt: skip
    return plan
