"""A round from its opening to its results: who scores, what stops it, what is kept."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from assessments.choices import CampaignState, Grade, Level
from assessments.models import Campaign, Result, ScoreRecord, ScoreSheet
from assessments.operations.errors import AssessmentMoved, UnableToAssess
from assessments.operations.rounds import open_campaign
from assessments.operations.scores import decide_appeal, file_appeal, record_consequence, value_of
from assessments.queries.results import results_of_year
from assessments.queries.rounds import items_of, measured_of
from organizations.scope import NotAllowed
from tests.factories.assessments import (
    CLOSED_AT,
    OPENED_AT,
    entries,
    final_round,
    go_on,
    open_round,
    score_all,
    scorer,
    store_village_scheme,
    write_sheet,
)

pytestmark = pytest.mark.django_db
ON_NOTICE = OPENED_AT + timedelta(days=3)


@pytest.fixture
def campaign(office):
    return open_round(office)


@pytest.fixture
def subject(campaign):
    return campaign.subjects.get(organization__division__name="中羊村")


def test_a_round_draws_up_the_party_organization_of_every_village(campaign):
    names = list(campaign.subjects.order_by("pk").values_list("organization__division__name", flat=True))
    assert sorted(names) == sorted(["中羊村", "新松村", "寺登村", "华龙村"])


def test_what_the_house_counts_is_taken_when_the_round_opens(campaign, subject):
    item = next(one for one in items_of(campaign.scheme_id) if one.measure)
    assert measured_of(subject)[item.pk].number == 0


def test_a_scheme_is_used_once_for_a_period(office, campaign):
    with pytest.raises(UnableToAssess):
        open_round(office, campaign.scheme)


def test_nobody_but_the_county_opens_a_round(office):
    scheme = store_village_scheme(office)
    office.organisation_officer = office.yangcen.committee_officer
    with pytest.raises(NotAllowed):
        open_round(office, scheme)


def test_a_round_waits_for_the_end_of_its_period(office):
    with pytest.raises(UnableToAssess):
        open_round(office, at=OPENED_AT.replace(year=2013))
    assert not Campaign.objects.exists()


def test_each_level_scores_in_its_turn_and_another_person_each(office, campaign, subject):
    write_sheet(office, subject, Level.SELF, "100")
    with pytest.raises(AssessmentMoved):
        write_sheet(office, subject, Level.FIRST)
    assert subject.sheets.get().score == Decimal("100.00")


@pytest.mark.parametrize("name", ["committee_officer", "clerk", "credit_manager"])
def test_only_the_secretary_of_the_organization_assesses_it_itself(office, subject, name):
    with pytest.raises(NotAllowed):
        write_sheet(office, subject, Level.SELF, scored_by=getattr(office.yangcen, name))


def test_the_committee_of_another_township_does_not_score(office, campaign, subject):
    Campaign.objects.update(state=CampaignState.FIRST)
    with pytest.raises(NotAllowed):
        write_sheet(office, subject, Level.FIRST, scored_by=office.shaxi.committee_officer)


def test_one_person_does_not_score_at_two_levels(office, campaign, subject):
    own = scorer(office, subject, Level.SELF)
    person = office.yangcen.village.people[-1]
    for user in (own, office.yangcen.committee_officer):
        user.person = person
        user.save()
    write_sheet(office, subject, Level.SELF, scored_by=own)
    Campaign.objects.update(state=CampaignState.FIRST)
    with pytest.raises(NotAllowed, match="."):
        write_sheet(office, subject, Level.FIRST, scored_by=office.yangcen.committee_officer)


def test_who_holds_a_post_in_the_assessed_organization_scores_it_only_for_itself(office, campaign, subject):
    person = office.yangcen.village.people[-1]
    for user in (office.yangcen.village.general_secretary, office.organisation_officer):
        user.person = person
        user.save()
    Campaign.objects.update(state=CampaignState.COUNTY)
    with pytest.raises(NotAllowed, match="."):
        write_sheet(office, subject, Level.COUNTY)


def test_a_self_assessment_says_on_what_it_rests(office, campaign, subject):
    with pytest.raises(UnableToAssess):
        write_sheet(office, subject, Level.SELF, entries=entries(campaign, reason=""))


def test_a_later_level_gives_a_reason_only_where_it_differs(office, campaign, subject):
    write_sheet(office, subject, Level.SELF, "90")
    Campaign.objects.update(state=CampaignState.FIRST)
    with pytest.raises(UnableToAssess):
        write_sheet(office, subject, Level.FIRST, entries=entries(campaign, "80", reason=""))
    assert write_sheet(office, subject, Level.FIRST, entries=entries(campaign, "90", reason="")).score == 90


def test_an_item_left_out_is_asked_for(office, campaign, subject):
    with pytest.raises(UnableToAssess):
        write_sheet(office, subject, Level.SELF, entries={})


def test_the_same_request_writes_one_sheet(office, subject):
    request = uuid4()
    first = write_sheet(office, subject, Level.SELF, request_id=request)
    assert write_sheet(office, subject, Level.SELF, request_id=request) == first


def test_an_old_page_writes_no_sheet(office, subject):
    write_sheet(office, subject, Level.SELF)
    with pytest.raises(AssessmentMoved):
        write_sheet(office, subject, Level.SELF, revision=1)


def test_a_correction_is_a_new_version_and_the_old_one_stays(office, subject):
    write_sheet(office, subject, Level.SELF, "90")
    write_sheet(office, subject, Level.SELF, "95")
    assert list(subject.sheets.order_by("version").values_list("version", "score")) == [(1, 90), (2, 95)]
    with pytest.raises(DatabaseError), transaction.atomic():
        ScoreRecord.objects.update(points=1)


def test_a_round_does_not_leave_a_level_while_sheets_are_missing(office, campaign, subject):
    write_sheet(office, subject, Level.SELF)
    with pytest.raises(UnableToAssess, match="3"):
        go_on(office, campaign)


def test_a_self_assessment_that_does_not_come_is_not_waited_for_for_ever(office, campaign):
    assert go_on(office, campaign, at=OPENED_AT + timedelta(days=6)).state == CampaignState.FIRST


def test_results_become_final_when_the_notice_is_over(office):
    campaign = score_all(office, open_round(office), {})
    assert campaign.state == CampaignState.NOTICE
    with pytest.raises(UnableToAssess):
        go_on(office, campaign, at=ON_NOTICE)
    assert go_on(office, campaign, at=CLOSED_AT).state == CampaignState.FINAL


def test_results_carry_grade_and_ranks_and_feed_the_years_report(office):
    final_round(office, {"中羊村": "98", "新松村": "96", "寺登村": "98", "华龙村": "60"})
    found = {one.subject.organization.division.name: one for one in Result.objects.all()}
    ranks = {name: (one.grade, one.rank_in_county, one.rank_in_township) for name, one in found.items()}
    assert ranks == {
        "中羊村": (Grade.EXCELLENT, 1, 1), "新松村": (Grade.EXCELLENT, 3, 2), "寺登村": (Grade.EXCELLENT, 1, 1),
        "华龙村": (Grade.FAIL, 4, 2),
    }  # fmt: skip
    years = {one.township.name: one for one in results_of_year(office.division, 2013)}
    assert (years["羊岑乡"].score, years["沙溪镇"].score, years["沙溪镇"].failed) == (97, 79, 1)
    assert results_of_year(office.division, 2012) == []


def appeal(office, subject, **more):
    item = items_of(subject.campaign.scheme_id)[0]
    wanted = {
        "subject_id": subject.pk, "item_id": item.pk, "reason": "漏计3份档案", "request_id": uuid4(),
        "filed_by": scorer(office, subject, Level.SELF), "at": ON_NOTICE,
    }  # fmt: skip
    return file_appeal(**(wanted | more))


def answer(office, filed, outcome, **more):
    wanted = {
        "appeal_id": filed.pk, "outcome": outcome, "reason": "经核实", "value": value_of(Decimal(90), Decimal(100)),
        "decided_by": office.organisation_officer, "at": ON_NOTICE,
    }  # fmt: skip
    return decide_appeal(**(wanted | more))


def test_an_appeal_upheld_sets_the_score_right_and_keeps_the_old_sheet(office, campaign, subject):
    campaign = score_all(office, campaign, {})
    decision = answer(office, appeal(office, subject), "upheld")
    assert decision.sheet.score == Decimal("86.00")  # 60 × 90 % + 40 × 80 %
    assert ScoreSheet.objects.filter(subject=subject, level=Level.COUNTY).count() == 2


def test_an_open_appeal_keeps_the_results_from_becoming_final(office, campaign, subject):
    campaign = score_all(office, campaign, {})
    filed = appeal(office, subject)
    with pytest.raises(UnableToAssess):
        go_on(office, campaign, at=CLOSED_AT)
    assert answer(office, filed, "rejected", value=None).sheet is None
    assert go_on(office, campaign, at=CLOSED_AT).state == CampaignState.FINAL


def test_only_the_assessed_appeals_and_only_during_the_notice(office, campaign, subject):
    with pytest.raises(UnableToAssess):
        appeal(office, subject)
    score_all(office, campaign, {})
    with pytest.raises(NotAllowed):
        appeal(office, subject, filed_by=office.yangcen.committee_officer)


def test_an_appeal_is_answered_once(office, campaign, subject):
    score_all(office, campaign, {})
    filed = appeal(office, subject)
    answer(office, filed, "rejected")
    with pytest.raises(AssessmentMoved):
        answer(office, filed, "upheld")


def test_a_consequence_is_recorded_once_with_its_paper(office):
    campaign = final_round(office, {})
    wanted = {
        "subject_id": campaign.subjects.first().pk, "kind": "criticism", "person_name": "", "reason": "工作滞后",
        "document_number": "剑组通〔2014〕9号", "decided_on": CLOSED_AT.date(), "request_id": uuid4(),
        "recorded_by": office.organisation_officer, "at": CLOSED_AT,
    }  # fmt: skip
    assert record_consequence(**wanted) == record_consequence(**wanted)
    with pytest.raises(UnableToAssess):
        record_consequence(**(wanted | {"request_id": uuid4()}))


def test_the_same_request_opens_one_round(office, campaign):
    again = open_campaign(
        scheme=campaign.scheme, data=None, request_id=campaign.request_id, opened_by=office.organisation_officer,
        at=OPENED_AT,
    )  # fmt: skip
    assert again == campaign
