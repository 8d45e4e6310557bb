"""How the county is loaded: whole or not at all, never over an office's own data; the clock then says 2014."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from accounts.models import User
from loans.models import Loan, ProgrammeVersion
from organizations.models import Division, Organization, Person
from redcredit.demo.history import History
from tests.factories.accounts import UserFactory
from tests.factories.organizations import OrganizationFactory
from web import clock
from web.models import ClockShift


class Killed(Exception):
    """Stands for a loader that ends in the middle."""


@pytest.fixture
def without_history(monkeypatch):
    """Load offices, registers and accounts only: what these tests ask needs no cases."""
    monkeypatch.setattr(History, "happen", lambda self, **given: None)


def load(**options: object) -> str:
    out = StringIO()
    call_command("load_demo", stdout=out, **options)
    return out.getvalue()


def test_a_loader_that_ends_in_the_middle_leaves_nothing_behind(db, monkeypatch):
    def be_killed(self, **given):
        raise Killed

    monkeypatch.setattr(History, "happen", be_killed)
    with pytest.raises(Killed):
        load(small=True)
    assert not Organization.objects.exists()
    assert not Person.objects.exists()
    assert not User.objects.filter(is_system=False).exists()
    assert not ClockShift.objects.exists()


def test_offices_of_a_real_county_are_never_loaded_over(db):
    OrganizationFactory()
    with pytest.raises(CommandError):
        load()


def test_accounts_of_a_real_county_are_never_loaded_over(db):
    UserFactory()
    with pytest.raises(CommandError):
        load()


@pytest.mark.usefixtures("db", "without_history")
class TestLoadingWithoutHistory:
    def test_in_the_demo_the_day_of_loading_is_2014_08_15(self):
        with override_settings(DEMO=True):
            load(small=True)
            assert clock.today().isoformat() == "2014-08-15"
        clock.forget_shift()

    def test_outside_the_demo_nobody_gets_a_known_password(self):
        load(small=True)
        assert not any(user.has_usable_password() for user in User.objects.all())

    def test_a_quiet_loader_says_nothing(self):
        assert load(small=True, quiet=True) == ""

    def test_progress_is_told_line_by_line(self):
        said = load(small=True).splitlines()
        assert said[0].startswith("divisions 104")
        assert said[-1].endswith("2014-08-15")


# ---- the reference data alone


def test_an_empty_county_gets_its_divisions_and_programme(db):
    out = StringIO()
    call_command("load_reference", "jianchuan", stdout=out)
    assert Division.objects.count() == 104
    assert ProgrammeVersion.objects.count() == 2
    assert not Organization.objects.exists()
    assert not Loan.objects.exists()


def test_a_second_county_stands_beside_the_first(db):
    for county in ("jianchuan", "yulong"):
        call_command("load_reference", county, stdout=StringIO())
    assert Division.objects.filter(level="province").count() == 1
    assert set(ProgrammeVersion.objects.values_list("programme__code", "code")) == {
        ("jianchuan", "2013"),
        ("jianchuan", "2014"),
        ("yulong", "2015"),
    }


def test_loading_reference_data_again_changes_nothing(db):
    call_command("load_reference", "jianchuan", stdout=StringIO())
    out = StringIO()
    call_command("load_reference", "jianchuan", stdout=out)
    assert out.getvalue() == "divisions 0 new, programme versions 0 new\n"


def test_an_unknown_county_is_refused(db):
    with pytest.raises(CommandError):
        call_command("load_reference", "atlantis")
