"""Sheets of several cases: publishing together, publishing anew, photos, the poster."""

import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from jobs import operations as jobs
from jobs.choices import JobState
from loans.choices import NoticeLevel, NoticeState, Outcome, StepCode
from loans.documents_notice import NOTICE_POSTER, NothingToShow, print_poster
from loans.models import ApplicationDecision, NoticePhoto, NoticeRoster, PublicNotice
from loans.operations import Blocked, NotAllowed, decide
from loans.operations.daily import run_daily_work
from loans.operations.rosters import PHOTOS_MAX, add_photos, publish_anew, publish_roster
from loans.queries.rosters import lines_of, rosters_in_full
from loans.queries.versions import published_version
from loans.steps.facts import FilingFacts
from tests.factories.county import NOON, TODAY
from tests.factories.jobs import JobFactory
from tests.factories.loans import CaseFactory, store_four_steps
from tests.factories.notices import (
    board,
    hanging,
    lines_of as wanted,
    object_by_page,
    publish,
    sheet,
    waiting,
)
from web import clock

pytestmark = pytest.mark.usefixtures("cupboard")


@pytest.fixture
def secretary(office):
    return office.yangcen.village.secretary


def in_full(roster):
    return rosters_in_full().get(pk=roster.pk)


def rename(person):
    person.name = "赵又廷"
    person.save()


def add(roster, by, *photos, posted_on=TODAY, request_id=None, at=NOON):
    return add_photos(
        roster_id=roster.pk, photos=photos, place="村委会公示栏", posted_on=posted_on,
        request_id=request_id or uuid.uuid4(), recorded_by=by, recorded_at=at,
    )  # fmt: skip


# --- publishing ------------------------------------------------------------------------------------------------------


def test_several_cases_stand_on_one_sheet_under_one_number(office, secretary):
    cases = waiting(office)
    published = publish(cases, secretary)
    assert [result.is_done for result in published.results] == [True, True, True]
    roster = published.roster
    assert (roster.level, roster.organization) == (NoticeLevel.VILLAGE, office.yangcen.village.branch)
    assert (roster.ends_on - roster.starts_on).days == 6
    notices = roster.notices.order_by("position")
    assert [notice.application_id for notice in notices] == [case.pk for case in cases]
    assert [notice.number for notice in notices] == [roster.number, f"{roster.number}-02", f"{roster.number}-03"]
    assert ApplicationDecision.objects.filter(outcome=Outcome.PUBLISH, decided_by=secretary).count() == 3


def test_a_case_published_alone_has_a_sheet_of_its_own(office):
    story = CaseFactory(office)
    story.at(StepCode.PUBLIC_NOTICE)
    story.publish()
    notice = story.case.notices.get()
    assert (notice.roster.number, notice.position, notice.roster.phone) == (notice.number, 1, notice.phone)


def test_a_case_that_has_gone_on_stops_no_other(office, secretary):
    cases = waiting(office)
    lines = wanted(cases)
    publish([cases[1]], secretary)
    published = publish_roster(
        lines=lines, sheet=sheet(), request_id=uuid.uuid4(), published_by=secretary, published_at=NOON
    )
    assert [result.is_done for result in published.results] == [True, False, True]
    assert published.refused[0].sentences
    assert published.roster.notices.count() == 2


def test_the_same_request_again_publishes_nothing_twice(office, secretary):
    cases, request_id = waiting(office), uuid.uuid4()
    lines = wanted(cases)
    for _ in range(2):
        published = publish_roster(
            lines=lines, sheet=sheet(), request_id=request_id, published_by=secretary, published_at=NOON
        )
        assert [result.is_done for result in published.results] == [True, True, True]
    assert (NoticeRoster.objects.count(), PublicNotice.objects.count()) == (1, 3)


def test_a_request_that_was_cut_off_is_finished_on_the_same_sheet(office, secretary):
    cases, request_id = waiting(office), uuid.uuid4()
    publish(cases[:2], secretary, request_id=request_id)
    published = publish_roster(
        lines=wanted(cases), sheet=sheet(), request_id=request_id, published_by=secretary, published_at=NOON
    )
    assert published.refused == []
    assert [notice.position for notice in published.roster.notices.order_by("position")] == [1, 2, 3]


def test_where_no_case_can_be_published_there_is_no_sheet_and_no_number_is_lost(office, secretary):
    published = publish_roster(
        lines=wanted(waiting(office)), sheet=sheet(TODAY - timedelta(days=1)), request_id=uuid.uuid4(),
        published_by=secretary, published_at=NOON,
    )  # fmt: skip
    assert published.roster is None
    assert len(published.refused) == 3
    assert publish(waiting(office, 1, first=3), secretary).roster.number.endswith("-001")


def test_the_sheet_hangs_as_long_as_the_longest_notice_of_its_cases(office, secretary):
    longer = store_four_steps(office, notice_days=10)
    cases = waiting(office, 1)
    other = CaseFactory(
        office, person=office.yangcen.village.people[4], version=longer, begin=NOON - timedelta(days=6)
    )
    cases.append(other.at(StepCode.PUBLIC_NOTICE))
    roster = publish(cases, secretary).roster
    assert (roster.ends_on - roster.starts_on).days == 9
    assert {notice.ends_on for notice in roster.notices.all()} == {roster.ends_on}


def test_another_office_publishes_nothing(office):
    cases = waiting(office)
    for user in (office.yangcen.clerk, office.yangcen.committee_officer, office.outsider):
        published = publish(cases, user)
        assert published.roster is None
    assert not NoticeRoster.objects.exists()


def test_somebody_elses_request_number_is_refused(office, secretary):
    request_id = uuid.uuid4()
    cases = waiting(office)
    publish(cases[:1], secretary, request_id=request_id)
    with pytest.raises(NotAllowed):
        publish(cases[1:], office.yangcen.village.general_secretary, request_id=request_id)


def test_a_sheet_is_written_once(office):
    roster = hanging(office, 1)
    with pytest.raises(DatabaseError), transaction.atomic():
        NoticeRoster.objects.filter(pk=roster.pk).update(place="别处")


# --- changed since published -----------------------------------------------------------------------------------------


def test_what_is_no_longer_true_is_published_anew_with_one_act(office, secretary):
    roster = hanging(office)
    case = roster.notices.get(position=2).application
    rename(case.person)
    tomorrow = NOON + timedelta(days=1)
    assert [line.is_outdated for line in lines_of(in_full(roster), on=TODAY)] == [False, True, False]
    again = publish_anew(roster_id=roster.pk, request_id=uuid.uuid4(), published_by=secretary, published_at=tomorrow)
    assert [result.application_id for result in again.results] == [case.pk]
    assert (again.roster.starts_on, again.roster.place) == (tomorrow.date(), roster.place)
    assert [notice.state for notice in roster.notices.order_by("position")] == ["running", "stopped", "running"]
    assert case.notices.get(state=NoticeState.RUNNING).snapshot["name"] == "赵*廷"


def test_what_the_night_took_down_is_published_anew_as_well(office, secretary):
    roster = hanging(office)
    rename(roster.notices.get(position=1).application.person)
    assert run_daily_work(at=NOON)["notices_stopped"] == 1
    assert [line.waits_anew for line in lines_of(in_full(roster), on=TODAY)] == [True, False, False]
    request_id = uuid.uuid4()
    for _ in range(2):
        publish_anew(roster_id=roster.pk, request_id=request_id, published_by=secretary, published_at=NOON)
    assert NoticeRoster.objects.count() == 2
    assert [line.waits_anew for line in lines_of(in_full(roster), on=TODAY)] == [False, False, False]


def test_where_everything_is_true_nothing_is_published_anew(office, secretary):
    with pytest.raises(Blocked):
        publish_anew(
            roster_id=hanging(office).pk, request_id=uuid.uuid4(), published_by=secretary, published_at=NOON
        )  # fmt: skip


def test_an_objection_keeps_a_changed_notice_hanging(office, secretary):
    roster = hanging(office, 1)
    object_by_page(roster)
    rename(roster.notices.get().application.person)
    with pytest.raises(Blocked):
        publish_anew(roster_id=roster.pk, request_id=uuid.uuid4(), published_by=secretary, published_at=NOON)
    assert roster.notices.get().state == NoticeState.RUNNING


# --- photos ----------------------------------------------------------------------------------------------------------


def test_whoever_walks_past_adds_photos_once(office):
    roster, request_id = hanging(office), uuid.uuid4()
    for _ in range(2):
        kept = add(roster, office.yangcen.village.clerk, board(1), board(2), request_id=request_id)
        assert [photo.position for photo in kept] == [1, 2]
    assert NoticePhoto.objects.count() == 2


def test_a_stranger_adds_no_photo(office):
    for user in (office.shaxi.clerk, office.yangcen.credit_officer, office.outsider):
        with pytest.raises(NotAllowed):
            add(hanging(office, 1) if not NoticeRoster.objects.exists() else NoticeRoster.objects.get(), user, board())


@pytest.mark.parametrize("days", [-1, 1, 40])
def test_a_photo_of_a_day_on_which_the_paper_did_not_hang_is_refused(office, secretary, days):
    with pytest.raises(Blocked) as refused:
        add(hanging(office, 1), secretary, board(), posted_on=TODAY + timedelta(days=days))
    assert refused.value.problems[0].field == "posted_on"


def test_a_photo_that_proved_another_notice_proves_nothing(office, secretary):
    add(hanging(office, 1), secretary, board())
    other = publish(waiting(office, 1, first=2), secretary).roster
    with pytest.raises(Blocked):
        add(other, secretary, board())


def test_a_sheet_takes_six_photos_and_none_is_no_photo(office, secretary):
    roster = hanging(office, 1)
    add(roster, secretary, *(board(number) for number in range(PHOTOS_MAX)))
    for photos in ([board(99)], []):
        with pytest.raises(Blocked):
            add(roster, secretary, *photos)


def test_where_the_rules_ask_for_a_photo_nothing_is_filed_without_one(office, monkeypatch):
    story = CaseFactory(office, begin=NOON - timedelta(days=20))
    # A published version is frozen in the database; the copy that the process keeps is not.
    monkeypatch.setattr(published_version(story.version.pk), "notice_photo_required", True)
    story.at(StepCode.PUBLIC_NOTICE)
    story.publish()
    roster = story.case.notices.get().roster
    from_day = roster.starts_on
    story.moment += timedelta(days=story.version.notice_days)
    run_daily_work(at=story.moment)
    story.case.refresh_from_db()

    def file():
        story.case.refresh_from_db()
        decide(
            application_id=story.case.pk, step=StepCode.COMMITTEE_FILING, outcome=Outcome.PASS,
            decided_by=office.yangcen.committee_officer, decided_at=story.moment, revision=story.case.revision,
            facts=FilingFacts(story.day),
        )  # fmt: skip

    with pytest.raises(Blocked, match="照片"):
        file()
    add(roster, office.yangcen.clerk, board(), posted_on=from_day, at=story.moment)
    file()
    story.case.refresh_from_db()
    assert story.case.filing_number


def test_a_version_says_whether_a_photo_is_needed(office):
    assert store_four_steps(office, notice_photo_required=True).notice_photo_required
    assert not CaseFactory(office).version.notice_photo_required


# --- the poster ------------------------------------------------------------------------------------------------------


def test_the_same_sheet_gives_the_same_bytes_on_any_day(office, secretary):
    roster = hanging(office)
    first = print_poster(roster_id=roster.pk, reader=secretary, on=TODAY)
    later = print_poster(roster_id=roster.pk, reader=office.yangcen.clerk, on=TODAY + timedelta(days=9))
    assert first.content == later.content
    assert first.name == f"公示_{roster.number}.pdf"


def test_a_stranger_prints_no_poster_and_an_empty_one_is_not_made(office, secretary):
    roster = hanging(office, 1)
    with pytest.raises(NothingToShow):
        print_poster(roster_id=roster.pk, reader=office.shaxi.clerk, on=TODAY)
    rename(roster.notices.get().application.person)
    run_daily_work(at=NOON)
    with pytest.raises(NothingToShow):
        print_poster(roster_id=roster.pk, reader=secretary, on=TODAY)


def test_the_job_leaves_the_poster(office, secretary, noon):
    roster = hanging(office)
    job = JobFactory(owner=secretary, kind=NOTICE_POSTER, arguments={"roster_id": roster.pk})
    jobs.run_job(job_id=job.pk, now=clock.now)
    job.refresh_from_db()
    assert (job.state, job.error, job.content_type) == (JobState.DONE, "", "application/pdf")
