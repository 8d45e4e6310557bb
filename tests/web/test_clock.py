from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest
import time_machine
from django.db import IntegrityError

from web import clock
from web.models import ClockShift


@pytest.fixture(autouse=True)
def _fresh_shift():
    clock.forget_shift()
    yield
    clock.forget_shift()


@pytest.fixture
def demo(settings, db):
    settings.DEMO = True


def test_now_is_the_real_time_outside_the_demo(settings, db):
    settings.DEMO = False
    clock.set_shift(-4000)
    with time_machine.travel(datetime(2026, 11, 24, 3, tzinfo=UTC), tick=False):
        assert clock.now() == datetime(2026, 11, 24, 3, tzinfo=UTC)
        assert clock.shift_days() == 0


def test_the_clock_asks_no_database_outside_the_demo(settings):
    settings.DEMO = False
    assert clock.now().tzinfo is not None  # without the db fixture a query would fail


def test_the_demo_moves_the_clock_by_whole_days(demo):
    with time_machine.travel(datetime(2026, 11, 24, 3, 30, tzinfo=UTC), tick=False):
        clock.set_shift((date(2014, 8, 15) - date(2026, 11, 24)).days)
        assert clock.now() == datetime(2014, 8, 15, 3, 30, tzinfo=UTC)
        assert clock.today() == date(2014, 8, 15)


def test_the_shift_is_zero_before_it_was_ever_set(demo):
    assert clock.shift_days() == 0


def test_the_shift_is_read_once_in_ten_seconds(demo, django_assert_num_queries):
    clock.set_shift(5)
    with django_assert_num_queries(1):
        assert [clock.shift_days() for _ in range(20)] == [5] * 20


def test_setting_the_shift_again_replaces_it_at_once(demo):
    clock.set_shift(5)
    assert clock.shift_days() == 5
    clock.set_shift(-7)
    assert clock.shift_days() == -7
    assert ClockShift.objects.count() == 1


def test_the_database_refuses_a_second_row(db):
    with pytest.raises(IntegrityError, match="web_clock_shift_is_one_row"):
        ClockShift.objects.create(id=2, days=1)


def test_today_is_the_county_s_date_and_not_london_s():
    with clock.frozen(datetime(2014, 8, 14, 16, 30, tzinfo=UTC)):
        assert clock.today() == date(2014, 8, 15)


def test_a_frozen_clock_stands_still_in_other_threads_too():
    at, heard = datetime(2014, 8, 15, tzinfo=UTC), []
    with clock.frozen(at):
        thread = Thread(target=lambda: heard.append(clock.now()))
        thread.start()
        thread.join()
    assert heard == [at]


def test_frozen_blocks_may_stand_in_each_other():
    outer, inner = datetime(2014, 1, 1, tzinfo=UTC), datetime(2013, 1, 1, tzinfo=UTC)
    with clock.frozen(outer):
        with clock.frozen(inner):
            assert clock.now() == inner
        assert clock.now() == outer


def test_the_clock_runs_again_after_the_block_even_when_it_failed(settings):
    settings.DEMO = False
    with pytest.raises(ZeroDivisionError), clock.frozen(datetime(2013, 1, 1, tzinfo=UTC)):
        _ = 1 / 0
    assert clock.now() - datetime.now(tz=UTC) < timedelta(seconds=5)


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"), clock.frozen(datetime(2014, 8, 15)):  # noqa: DTZ001
        pass


def test_the_date_of_now_is_the_countys_date_and_not_that_of_utc():
    with clock.frozen(datetime(2014, 8, 14, 16, 30, tzinfo=UTC)):
        assert clock.now().date() == clock.today() == date(2014, 8, 15)
