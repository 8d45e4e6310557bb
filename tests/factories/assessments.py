"""Rounds of assessment in the small county: a scheme of two entered items and one counted, scored level by level."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from accounts.models import User
from assessments.choices import Level, VillageRole
from assessments.models import Campaign, Scheme, ScoreSheet, Subject
from assessments.operations.rewards import set_reward_budget
from assessments.operations.rounds import RoundData, advance, open_campaign
from assessments.operations.schemes import store_scheme
from assessments.operations.scores import Entry, score_subject
from assessments.operations.village_posts import take_office
from assessments.queries.rounds import items_of
from assessments.rules import Value
from tests.factories.county import NOON, County

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
