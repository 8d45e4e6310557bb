"""Deciding several cases at once: the page that asks once more, a result for each row, nothing twice."""

from uuid import uuid4

import pytest
from django.urls import reverse

from loans.choices import Outcome, StepCode
from loans.models import ApplicationDecision, CommitteeFiling, Quota, SubsidyBudget
from loans.views.bulk import AT_ONCE_MAX
from tests.factories.county import TODAY
from tests.factories.loans import CaseFactory
from tests.loans.pages import text_of

FILING = reverse("loans:bulk", args=[StepCode.COMMITTEE_FILING])
SUBSIDY = reverse("loans:bulk", args=[StepCode.SUBSIDY_CONFIRMATION])


def cases_at(office, step, number):
    people = [person for village in office.yangcen.villages for person in village.people[::2]][:number]
    found = []
    for person in people:
        village = next(one for one in office.yangcen.villages if one.division == person.division)
        found.append(CaseFactory(office, person=person, village=village).at(step))
    return found


def posted(cases, *, without=(), **fields):
    data = {"request_id": str(uuid4()), "reason": "", "received_on": TODAY.isoformat(), **fields}
    data["listed"] = [case.pk for case in cases]
    data["case"] = [case.pk for case in cases if case not in without]
    for case in cases:
        case.refresh_from_db()
        data[f"revision-{case.pk}"] = case.revision
    return data


@pytest.fixture
def officer(office, sign_in, noon):
    return sign_in(office.yangcen.committee_officer)


@pytest.fixture
def finance(office, sign_in, noon):
    return sign_in(office.finance_officer)


def test_the_page_shows_the_ticked_cases_with_their_sum_in_both_writings(office, officer):
    cases = cases_at(office, StepCode.COMMITTEE_FILING, 3)
    page = text_of(officer.get(FILING, {"case": [case.pk for case in cases[:2]]}))
    assert all(case.number in page for case in cases[:2])
    assert cases[2].number not in page
    assert "100,000.00" in page
    assert "壹拾万元整" in page


def test_opening_the_page_decides_nothing(office, officer):
    cases = cases_at(office, StepCode.COMMITTEE_FILING, 2)
    officer.get(FILING, {"case": [case.pk for case in cases]})
    assert not ApplicationDecision.objects.filter(step=StepCode.COMMITTEE_FILING).exists()


def test_what_stays_ticked_is_filed_under_one_number_with_the_common_opinion(office, officer):
    cases = cases_at(office, StepCode.COMMITTEE_FILING, 4)
    data = posted(cases, without=cases[:1], reason="材料齐全，予以备案。", has_notice="on")
    page = officer.post(FILING, data, follow=True)
    filing = CommitteeFiling.objects.get()
    assert filing.items.count() == 3
    assert filing.has_notice
    assert filing.number in text_of(page)
    decided = ApplicationDecision.objects.filter(step=StepCode.COMMITTEE_FILING)
    assert {one.reason for one in decided} == {"材料齐全，予以备案。"}
    cases[0].refresh_from_db()
    assert cases[0].step == StepCode.COMMITTEE_FILING


def test_a_failing_row_stops_no_other_and_says_why(office, officer):
    cases = cases_at(office, StepCode.COMMITTEE_FILING, 4)
    data = posted(cases)
    Quota.objects.filter(version__code="2014", township=office.yangcen.division).update(total=150000)
    data[f"revision-{cases[0].pk}"] = 1
    page = officer.post(FILING, data, follow=True)
    assert (len(page.context["done"]), page.context["failed"]) == (2, 2)
    said = [sentence for result, _case in page.context["rows"] for sentence in result.sentences]
    assert len(said) == 2
    assert "额度不足" in said[1]


def test_sending_the_page_again_decides_nothing_twice(office, officer):
    cases = cases_at(office, StepCode.COMMITTEE_FILING, 3)
    data = posted(cases)
    first, second = officer.post(FILING, data, follow=True), officer.post(FILING, data, follow=True)
    assert len(first.context["done"]) == len(second.context["done"]) == 3
    assert ApplicationDecision.objects.filter(step=StepCode.COMMITTEE_FILING).count() == 3
    assert CommitteeFiling.objects.count() == 1


def test_nothing_ticked_is_told_and_changes_nothing(office, officer):
    cases = cases_at(office, StepCode.COMMITTEE_FILING, 2)
    page = officer.post(FILING, posted(cases, without=cases))
    assert 'id="errors"' in text_of(page)
    assert not CommitteeFiling.objects.exists()


@pytest.mark.parametrize("day", ["", "昨天", "2014-13-01"])
def test_a_wrong_day_is_told_before_anything_is_filed(office, officer, day):
    cases = cases_at(office, StepCode.COMMITTEE_FILING, 2)
    page = officer.post(FILING, posted(cases, received_on=day))
    assert "received_on" in page.context["form"].errors
    assert not CommitteeFiling.objects.exists()


def test_subsidies_are_confirmed_together_as_far_as_the_budget_goes(office, finance):
    cases = cases_at(office, StepCode.SUBSIDY_CONFIRMATION, 3)
    SubsidyBudget.objects.filter(version__code="2014").update(appropriated=3200)
    page = finance.post(SUBSIDY, posted(cases, reason="符合贴息范围。"), follow=True)
    assert (len(page.context["done"]), page.context["failed"]) == (2, 1)
    assert SubsidyBudget.objects.get(version__code="2014").reserved == 3000
    confirmed = ApplicationDecision.objects.filter(outcome=Outcome.CONFIRM)
    assert confirmed.count() == 2


def test_the_finance_desk_shows_what_is_left_of_the_budget(office, finance):
    cases_at(office, StepCode.SUBSIDY_CONFIRMATION, 1)
    page = finance.get(reverse("loans:queue", args=[StepCode.SUBSIDY_CONFIRMATION]))
    assert [(pot.year, pot.total, pot.used) for pot in page.context["pots"]] == [
        (2014, 250000, 0), (2013, 250000, 0),
    ]  # fmt: skip


def test_a_case_of_another_township_is_not_there(office, officer):
    other = CaseFactory(office, township=office.shaxi).at(StepCode.COMMITTEE_FILING)
    assert officer.get(FILING, {"case": other.pk}).status_code == 404
    assert officer.post(FILING, posted([other])).status_code == 404
    other.refresh_from_db()
    assert other.step == StepCode.COMMITTEE_FILING


@pytest.mark.parametrize("who", ["clerk", "credit_officer"])
def test_other_offices_find_no_such_page(office, sign_in, noon, who):
    case = cases_at(office, StepCode.COMMITTEE_FILING, 1)[0]
    client = sign_in(getattr(office.yangcen, who))
    assert client.get(FILING, {"case": case.pk}).status_code == 404
    assert client.post(FILING, posted([case])).status_code == 404


def test_a_review_has_no_bulk_page_because_a_meeting_votes(office, sign_in, noon):
    case = cases_at(office, StepCode.BRANCH_REVIEW, 1)[0]
    url = reverse("loans:bulk", args=[StepCode.BRANCH_REVIEW])
    assert sign_in(office.yangcen.village.secretary).get(url, {"case": case.pk}).status_code == 404


def test_too_many_at_once_are_refused_before_they_are_read(office, officer):
    page = officer.get(FILING, {"case": [str(number) for number in range(1, AT_ONCE_MAX + 2)]}, follow=True)
    assert f"一次最多办理 {AT_ONCE_MAX} 件" in text_of(page)


def test_the_questions_of_the_page_do_not_grow_with_its_rows(office, officer, questions):
    cases = cases_at(office, StepCode.COMMITTEE_FILING, 6)
    officer.get(FILING, {"case": cases[0].pk})
    with questions() as few:
        officer.get(FILING, {"case": cases[0].pk})
    with questions() as many:
        officer.get(FILING, {"case": [case.pk for case in cases]})
    assert len(few) == len(many) <= 6, many
