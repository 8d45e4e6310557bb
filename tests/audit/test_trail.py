from datetime import date, timedelta

import pytest
from django.db import InternalError, connection, transaction

from audit import queries
from audit.choices import Action
from audit.models import AuditEvent
from audit.operations import record
from tests.factories.county import NOON

PAGE = "/audit/"


def write(number, actor=None, action=Action.CHANGED, **fields):
    return [record(action=action, actor=actor, at=NOON + timedelta(minutes=n // 3), **fields) for n in range(number)]


def test_a_line_cannot_be_changed_or_deleted_by_sql(db):
    (line,) = write(1)
    for statement in ("UPDATE audit_auditevent SET reason = 'x'", "DELETE FROM audit_auditevent"):
        with pytest.raises(Exception, match="written once"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert AuditEvent.objects.get() == line
    assert InternalError


def test_only_the_auditor_reads_the_trail(county, sign_in):
    assert sign_in(county.auditor).get(PAGE).status_code == 200
    others = (county.system_administrator, county.security_administrator, county.leader, county.yangcen.clerk)
    for user in (*others, county.outsider):
        assert sign_in(user).get(PAGE).status_code == 404


def test_the_trail_cannot_be_posted_to(county, sign_in):
    assert sign_in(county.auditor).post(PAGE).status_code == 405


def test_pages_follow_one_another_without_a_gap_or_a_double(db):
    lines = [event.pk for event in write(17)][::-1]
    seen, cursor = [], None
    while True:
        page = queries.page_of_events(events=queries.get_events(), before=cursor, size=5)
        seen += [event.pk for event in page.events]
        cursor = page.older
        if cursor is None:
            break
    assert seen == lines


def test_going_back_shows_the_page_before(db):
    write(17)
    first = queries.page_of_events(events=queries.get_events(), size=5)
    second = queries.page_of_events(events=queries.get_events(), before=first.older, size=5)
    back = queries.page_of_events(events=queries.get_events(), after=second.newer, size=5)
    assert [event.pk for event in back.events] == [event.pk for event in first.events]
    assert back.newer is None


@pytest.mark.parametrize(
    "text", ["", "x", "2014-08-15~1", "2014-08-15T12:00:00+08:00~", "2014-08-15T12:00:00+08:00~x"]
)
def test_a_cursor_edited_by_hand_is_the_first_page(text, county, sign_in):
    assert queries.Cursor.parse(text) is None
    assert sign_in(county.auditor).get(PAGE, {"before": text, "after": text}).status_code == 200


def test_the_filters_find_account_action_subject_and_days(county, sign_in):
    write(1, actor=county.finance_officer, action=Action.EXPORTED, label="2014 贴息花名册")
    browser = sign_in(county.auditor)

    def count(**query):
        return len(browser.get(PAGE, query).context["rows"])

    assert count(account="finance") == count(action="exported") == count(subject="贴息") == 1
    assert count(first_day="2014-08-15", last_day="2014-08-15") == 1
    assert count(last_day="2014-08-14") == count(account="nobody") == 0
    assert "last_day" in browser.get(PAGE, {"last_day": "2014-02-30"}).context["form"].errors


def test_a_day_is_the_countys_day_and_not_that_of_utc(db):
    early = NOON.replace(hour=0, minute=30)  # still the day before in UTC
    record(action=Action.CHANGED, actor=None, at=early)
    assert queries.get_events(first_day=date(2014, 8, 15), last_day=date(2014, 8, 15)).count() == 1


def test_a_change_is_told_in_the_words_of_the_office(county):
    member = county.yangcen.village.members[0]
    event = record(
        action=Action.CHANGED, actor=county.organisation_officer, at=NOON, subject=member,
        detail={"standing": ["good", "warned"], "branch": ["", "一支部"], "unknown": []},
    )  # fmt: skip
    assert queries.kind_of_subject(event) == "党员"
    assert queries.changed_fields(event) == [
        ("党籍状况", "正常 → 受警告处分"),
        ("党支部", "-- → 一支部"),
        ("unknown", ""),
    ]


def test_a_subject_whose_model_is_gone_is_still_shown(db):
    event = AuditEvent(subject_type="loans.nosuch", detail={"a": ["1", "2"]})
    assert queries.kind_of_subject(event) == "loans.nosuch"
    assert queries.changed_fields(event) == [("a", "1 → 2")]


def test_the_page_takes_the_same_queries_whatever_its_length(county, sign_in, django_assert_max_num_queries):
    browser = sign_in(county.auditor)
    write(60, actor=county.finance_officer)
    with django_assert_max_num_queries(7):
        page = browser.get(PAGE)
    assert len(page.context["rows"]) == queries.PAGE_SIZE
    assert page.context["next_url"]


def test_a_post_without_a_token_is_refused_and_recorded(county, client):
    client.handler.enforce_csrf_checks = True
    client.force_login(county.finance_officer, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post("/logout/").status_code == 403
    assert AuditEvent.objects.get(action=Action.DENIED).subject_label == "POST /logout/"
