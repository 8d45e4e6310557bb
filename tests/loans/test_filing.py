"""Filing: one number for many cases, the quota in the order of arrival, cases that leave the list."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.urls import reverse

from loans import operations
from loans.choices import Outcome, StepCode
from loans.models import CommitteeFiling, FilingItem, ProgrammeVersion, Quota
from loans.operations.bulk import Wanted, decide_several
from loans.queries.filings import filing_of, sums_of
from loans.queries.versions import published_version
from loans.steps.facts import FilingFacts
from loans.steps.filings import line_before
from tests.factories.county import TODAY, build_county
from tests.factories.loans import CaseFactory, store_jianchuan
from tests.loans.pages import text_of
from tests.races import race

REFUSALS = (operations.Blocked, operations.Conflict, operations.NotAllowed, OperationalError)


@pytest.fixture
def story(office):
    return CaseFactory(office)


def stories_at_filing(office, *amounts):
    """Cases of different households that came to the township one after the other."""
    people = [person for village in office.yangcen.villages for person in village.people[::2]]
    found = []
    for amount, person in zip(amounts, people, strict=False):
        village = next(one for one in office.yangcen.villages if one.division == person.division)
        story = CaseFactory(office, amount=str(amount), person=person, village=village)
        story.at(StepCode.COMMITTEE_FILING)
        found.append(story)
    return found


def set_quota(office, total):
    Quota.objects.filter(version__code="2014", township=office.yangcen.division).update(total=Decimal(total))


def quota(office):
    return Quota.objects.get(version__code="2014", township=office.yangcen.division)


def file_together(office, stories, **facts):
    facts = FilingFacts(**{"received_on": stories[0].day, "request_id": str(uuid4()), **facts})
    moment = stories[-1].moment + timedelta(hours=1)
    wanted = []
    for story in stories:
        story.case.refresh_from_db()
        wanted.append(
            Wanted(story.case.pk, StepCode.COMMITTEE_FILING, Outcome.PASS, story.case.revision, facts, "予以备案。")
        )
    officer = office.yangcen.committee_officer
    return wanted, decide_several(wanted=wanted, decided_by=officer, decided_at=moment), moment


def test_a_case_filed_alone_is_a_filing_of_one(office, story):
    story.at(StepCode.SUBSIDY_CONFIRMATION)
    filing = filing_of(story.case.filing_number)
    assert [item.application for item in filing.items.all()] == [story.case]
    assert (filing.township, filing.organization) == (office.yangcen.division, office.yangcen.committee)
    assert sums_of(filing).amount == story.case.amount_asked


def test_a_list_has_one_number_and_what_was_looked_at(office):
    stories = stories_at_filing(office, 30000, 40000, 50000)
    _wanted, results, _moment = file_together(office, stories, has_resolution=True, has_notice=True)
    assert [one.is_done for one in results] == [True] * 3
    for story in stories:
        story.case.refresh_from_db()
    [number] = {story.case.filing_number for story in stories}
    filing = filing_of(number)
    assert (filing.items.count(), sums_of(filing).amount) == (3, 120000)
    assert (filing.has_resolution, filing.has_notice, filing.has_letter, filing.has_photos) == (
        True,
        True,
        False,
        False,
    )
    assert quota(office).used == 120000


def test_sending_a_list_twice_files_nothing_twice(office):
    stories = stories_at_filing(office, 30000, 40000)
    wanted, _results, moment = file_together(office, stories)
    again = decide_several(wanted=wanted, decided_by=office.yangcen.committee_officer, decided_at=moment)
    assert [one.is_done for one in again] == [True, True]
    assert (CommitteeFiling.objects.count(), FilingItem.objects.count()) == (1, 2)
    assert quota(office).used == 70000


def test_what_the_machine_left_undone_goes_into_the_same_filing(office):
    stories = stories_at_filing(office, 30000, 40000)
    facts = {"request_id": str(uuid4()), "received_on": stories[0].day}
    file_together(office, stories[:1], **facts)
    file_together(office, stories[1:], **facts)
    assert CommitteeFiling.objects.get().items.count() == 2


def test_a_refused_row_leaves_no_trace_in_the_filing(office):
    stories = stories_at_filing(office, 30000, 40000, 50000)
    stories[1].decide(Outcome.WITHDRAW, office.yangcen.clerk, reason="不再申请。", days=0)
    _wanted, results, _moment = file_together(office, stories)
    assert [one.is_done for one in results] == [True, False, True]
    assert CommitteeFiling.objects.get().items.count() == 2


def test_a_list_of_which_nothing_could_be_filed_takes_no_number(office):
    stories = stories_at_filing(office, 30000, 40000)
    set_quota(office, 0)
    _wanted, results, _moment = file_together(office, stories)
    assert [one.is_done for one in results] == [False, False]
    assert not CommitteeFiling.objects.exists()
    set_quota(office, 100000)
    file_together(office, stories)
    assert CommitteeFiling.objects.get().number.endswith("1号")


def test_a_list_holds_cases_of_one_township_only(office):
    [ours] = stories_at_filing(office, 30000)
    theirs = CaseFactory(office, township=office.shaxi)
    theirs.at(StepCode.COMMITTEE_FILING)
    facts = FilingFacts(received_on=ours.day, request_id=str(uuid4()))
    ours.decide(Outcome.PASS, office.yangcen.committee_officer, facts)
    with pytest.raises(operations.Blocked):
        theirs.decide(Outcome.PASS, office.shaxi.committee_officer, facts)


def test_a_later_smaller_case_does_not_overtake_while_the_quota_is_scarce(office):
    first, second = stories_at_filing(office, 60000, 20000)
    set_quota(office, 50000)
    with pytest.raises(operations.Blocked, match="60000|60,000"):
        second.decide(Outcome.PASS, office.yangcen.committee_officer, FilingFacts(second.day))
    set_quota(office, 80000)
    second.decide(Outcome.PASS, office.yangcen.committee_officer, FilingFacts(second.day))
    first.decide(Outcome.PASS, office.yangcen.committee_officer, FilingFacts(first.day))
    assert quota(office).used == 80000


def test_the_first_in_line_is_filed_first_when_quota_comes_free(office):
    first, second, third = stories_at_filing(office, 50000, 50000, 10000)
    set_quota(office, 50000)
    filed = first.decide(Outcome.PASS, office.yangcen.committee_officer, FilingFacts(first.day))
    for waiting in (second, third):
        with pytest.raises(operations.Blocked):
            waiting.decide(Outcome.PASS, office.yangcen.committee_officer, FilingFacts(waiting.day))
    operations.recall_decision(
        decision_id=filed.pk, recalled_by=filed.decided_by, recalled_at=filed.decided_at + timedelta(minutes=1)
    )
    first.decide(Outcome.RETURN, office.yangcen.committee_officer, reason="缺少照片。", target=StepCode.INTAKE, days=0)
    with pytest.raises(operations.Blocked):
        third.decide(Outcome.PASS, office.yangcen.committee_officer, FilingFacts(third.day))
    second.decide(Outcome.PASS, office.yangcen.committee_officer, FilingFacts(second.day))
    assert second.case.filing_number


def test_rules_may_let_a_smaller_case_overtake(office, monkeypatch):
    _first, second = stories_at_filing(office, 60000, 20000)
    set_quota(office, 50000)
    version = ProgrammeVersion.objects.get(programme__code="jianchuan", code="2014")
    monkeypatch.setattr(published_version(version.pk), "filing_in_order", False)
    second.decide(Outcome.PASS, office.yangcen.committee_officer, FilingFacts(second.day))
    assert second.case.filing_number


def test_the_place_in_the_line_counts_those_who_came_before(office):
    stories = stories_at_filing(office, 10000, 20000, 30000)
    lines = [line_before(story.case) for story in stories]
    assert [(line.place, line.amount) for line in lines] == [(1, 0), (2, 10000), (3, 30000)]


def test_a_case_that_was_sent_back_has_left_the_filing_that_still_tells_of_it(office, sign_in, noon):
    stories = stories_at_filing(office, 30000, 40000)
    file_together(office, stories)
    number = CommitteeFiling.objects.get().number
    gone = stories[0]
    gone.case.refresh_from_db()
    gone.moment += timedelta(hours=2)
    gone.confirm()
    gone.decide(Outcome.RETURN, office.yangcen.credit_officer, reason="材料不符。", target=StepCode.COMMITTEE_FILING)
    filing = filing_of(number)
    assert (filing.items.count(), sums_of(filing).cases) == (2, 1)
    page = text_of(sign_in(office.yangcen.committee_officer).get(reverse("loans:filing", args=[filing.pk])))
    assert "已退出" in page
    assert page.count("已备案") == 1


def test_the_list_of_filings_asks_few_questions(office, sign_in, noon, questions):
    for story in stories_at_filing(office, 10000, 20000, 30000, 40000):
        story.file()
    client = sign_in(office.yangcen.committee_officer)
    client.get(reverse("loans:filings"))
    with questions() as asked:
        page = client.get(reverse("loans:filings"))
    assert len(page.context["rows"]) == 4
    assert len(asked) <= 5, asked


def test_filings_of_another_township_are_not_there(office, sign_in, noon, story):
    story.at(StepCode.SUBSIDY_CONFIRMATION)
    filing = CommitteeFiling.objects.get()
    client = sign_in(office.shaxi.committee_officer)
    assert client.get(reverse("loans:filing", args=[filing.pk])).status_code == 404
    assert list(client.get(reverse("loans:filings")).context["rows"]) == []
    assert sign_in(office.yangcen.village.secretary).get(reverse("loans:filings")).status_code == 404


def test_the_review_shows_what_is_left_of_the_quota(office, sign_in, noon):
    [story] = stories_at_filing(office, 30000)
    set_quota(office, 400000)
    page = sign_in(office.yangcen.committee_officer).get(reverse("loans:queue", args=[StepCode.COMMITTEE_FILING]))
    [pot] = page.context["pots"]
    assert (pot.total, pot.used, pot.left, pot.year) == (400000, 0, 400000, TODAY.year)
    assert "剩余 40.00 万元" in text_of(page)
    assert story.case.person.name in text_of(page)


@pytest.mark.django_db(transaction=True)
def test_two_who_send_the_same_list_at_once_make_one_filing(transactional_db):
    county = build_county()
    store_jianchuan()
    stories = stories_at_filing(county, 30000, 40000)
    facts = FilingFacts(received_on=stories[0].day, request_id=str(uuid4()))
    moment = stories[1].moment + timedelta(hours=1)

    def send(order):
        wanted = [
            Wanted(one.case.pk, StepCode.COMMITTEE_FILING, Outcome.PASS, one.case.revision, facts) for one in order
        ]
        officer = county.yangcen.committee_officer
        return lambda: decide_several(wanted=wanted, decided_by=officer, decided_at=moment)

    results = race(REFUSALS, send(stories), send(stories[::-1]))
    assert all(one.is_done for result in results for one in result)
    assert CommitteeFiling.objects.get().items.count() == 2
    assert quota(county).used == 70000
