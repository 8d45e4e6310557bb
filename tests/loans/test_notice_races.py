"""Two tabs, two people, a hasty finger: notices and objections on real transactions."""

import uuid

import pytest

from loans.models import NoticeRoster, Objection, PublicNotice
from loans.operations import Blocked, Conflict
from loans.operations.objections import accept_objection, set_objection_aside
from loans.operations.public_pages import TooMany
from loans.operations.rosters import publish_roster
from tests.factories.county import NOON
from tests.factories.notices import hanging, lines_of, object_by_page, sheet, waiting
from tests.races import race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_one_request_sent_by_two_tabs_makes_one_sheet(office):
    secretary = office.yangcen.village.secretary
    lines, request_id = lines_of(waiting(office)), uuid.uuid4()

    def send():
        return publish_roster(
            lines=lines, sheet=sheet(), request_id=request_id, published_by=secretary, published_at=NOON
        )

    race((), send, send)
    assert (NoticeRoster.objects.count(), PublicNotice.objects.count()) == (1, 3)
    assert sorted(PublicNotice.objects.values_list("position", flat=True)) == [1, 2, 3]


def test_one_objection_clicked_ten_times_is_one(office):
    roster, request_id = hanging(office, 1), uuid.uuid4()
    race((TooMany,), *[lambda: object_by_page(roster, request_id=request_id)] * 10)
    assert Objection.objects.count() == 1


def test_of_accepting_and_setting_aside_one_wins(office):
    committee, secretary = office.yangcen.committee_officer, office.yangcen.village.secretary
    objection = object_by_page(hanging(office, 1))
    results = race(
        (Conflict, Blocked),
        lambda: accept_objection(objection_id=objection.pk, accepted_by=secretary, accepted_at=NOON),
        lambda: set_objection_aside(
            objection_id=objection.pk, reason="广告。", decided_by=committee, decided_at=NOON
        ),
    )  # fmt: skip
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "Objection"]
