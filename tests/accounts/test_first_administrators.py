from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.choices import Role
from accounts.models import User
from organizations.models import Organization
from tests.factories.accounts import UserFactory
from tests.factories.organizations import DivisionFactory
from web import clock

CODE = "532931000000"


@pytest.fixture
def place(db):
    return DivisionFactory(county=True, code=CODE, name="剑川县")


def run(code=CODE):
    out = StringIO()
    call_command("first_administrators", code, stdout=out, stderr=StringIO())
    return dict(line.split("\t") for line in out.getvalue().splitlines())


def test_an_empty_county_gets_two_administrators_who_must_change_their_passwords(place):
    passwords = run()
    assert set(passwords) == {"sysadmin", "secadmin"}
    for username, password in passwords.items():
        user = User.objects.get(username=username)
        assert user.check_password(password)
        assert user.must_change_password
    roles = {user.username: user.posts.get().role for user in User.objects.all()}
    assert roles == {"sysadmin": Role.SYSTEM_ADMINISTRATOR, "secadmin": Role.SECURITY_ADMINISTRATOR}


def test_each_of_the_two_has_his_own_rights_and_not_the_other_ones(place):
    run()
    system, security = User.objects.get(username="sysadmin"), User.objects.get(username="secadmin")
    today = clock.today()
    assert (system.may("manage_accounts", on=today), system.may("appoint", on=today)) == (True, False)
    assert (security.may("manage_accounts", on=today), security.may("appoint", on=today)) == (False, True)


def test_the_root_of_the_county_is_written_when_it_is_missing_and_only_then(place):
    run()
    assert Organization.objects.get().name == "中共剑川县委"


def test_the_command_refuses_when_there_are_accounts(place):
    UserFactory()
    with pytest.raises(CommandError, match="accounts already"):
        run()


def test_the_command_names_what_to_do_when_the_county_is_not_known(place):
    with pytest.raises(CommandError, match="load_reference"):
        run("530721000000")
