import json

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.urls import reverse

from accounts.demo import demo_accounts
from accounts.operations import set_active, unlock
from audit.choices import Action
from audit.models import AuditEvent
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.county import NOON

LOGIN = "/login/"
WRONG = "not it"


def attempt(client, username="clerk", password=WRONG, **extra):
    return client.post(LOGIN, {"username": username, "password": password, **extra})


@pytest.fixture
def clerk(db):
    return UserFactory(username="clerk", name="李文亮")


def test_every_page_asks_to_sign_in_first(client, db):
    response = client.get(reverse("accounts:preferences"))
    assert response.status_code == 302
    assert response.url == f"{LOGIN}?next=/preferences/"


def test_account_and_password_open_the_door_and_the_trail_says_so(client, clerk):
    response = attempt(client, password=PASSWORD)
    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(clerk.pk)
    event = AuditEvent.objects.get()
    assert (event.action, event.actor, event.address) == (Action.SIGN_IN, clerk, "127.0.0.1")


def test_the_last_sign_in_is_dated_by_the_calendar_of_the_house(client, clerk, noon):
    attempt(client, password=PASSWORD)
    clerk.refresh_from_db()
    assert clerk.last_login == NOON


@pytest.mark.parametrize("typed", ["CLERK", " clerk ", "ｃｌｅｒｋ"])
def test_an_account_name_is_found_however_it_is_written(client, clerk, typed):
    assert attempt(client, username=typed, password=PASSWORD).status_code == 302


def test_the_page_somebody_wanted_comes_after_signing_in(client, clerk):
    response = attempt(client, password=PASSWORD, next="/preferences/?a=1")
    assert response.url == "/preferences/?a=1"


@pytest.mark.parametrize("trap", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "http:///x"])
def test_signing_in_never_leads_away_from_here(client, clerk, trap):
    assert attempt(client, password=PASSWORD, next=trap).url == reverse("home")


def test_an_unknown_account_and_a_wrong_password_are_told_apart_by_nobody(client, clerk):
    wrong = attempt(client, username="clerk").content.decode()
    unknown = attempt(client, username="clark").content.decode()
    assert "账号或密码错误" in wrong
    assert strip(wrong, "clerk") == strip(unknown, "clark")


def strip(page, username):
    """A page without the typed name and the token that differs each time."""
    lines = [line for line in page.splitlines() if "csrf" not in line.lower()]
    return "\n".join(lines).replace(username, "")


@pytest.mark.parametrize("username", ["clerk", "nobody"])
def test_the_fifth_failure_locks_the_account_name_whether_it_exists_or_not(client, clerk, username):
    codes = [attempt(client, username=username).status_code for _ in range(5)]
    assert codes == [200, 200, 200, 200, 429]
    actions = list(AuditEvent.objects.order_by("pk").values_list("action", "actor_name"))
    assert actions == [(Action.SIGN_IN_FAILED, username)] * 4 + [(Action.LOCKED, username)]


def test_a_locked_account_is_refused_even_with_the_right_password_from_another_address(client, clerk):
    for _ in range(5):
        attempt(client)
    client.defaults["REMOTE_ADDR"] = "10.0.0.7"
    response = attempt(client, password=PASSWORD)
    assert response.status_code == 429
    assert "账号已锁定" in response.content.decode()
    assert "10 分钟" in response.content.decode()


def test_writing_the_name_in_capitals_gives_no_more_attempts(client, clerk):
    codes = [attempt(client, username=name).status_code for name in ("clerk", "CLERK", "Clerk", "cLerk", "ＣＬＥＲＫ")]
    assert codes[-1] == 429


def test_the_lock_of_one_account_does_not_touch_another_at_the_same_address(client, clerk):
    UserFactory(username="neighbour")
    for _ in range(5):
        attempt(client)
    assert attempt(client, username="neighbour", password=PASSWORD).status_code == 302


def test_a_good_sign_in_forgets_the_failures_before(client, clerk):
    for _ in range(4):
        attempt(client)
    attempt(client, password=PASSWORD)
    assert not AccessAttempt.objects.exists()


def test_the_system_administrator_unlocks_an_account_on_the_record(client, county):
    for _ in range(5):
        attempt(client, username="finance")
    unlock(user=county.finance_officer, changed_by=county.system_administrator, changed_at=NOON)
    assert attempt(client, username="finance", password=PASSWORD).status_code == 302
    assert AuditEvent.objects.filter(action=Action.UNLOCKED, actor=county.system_administrator).exists()


def test_a_password_is_never_kept_by_the_guard_of_the_door(client, clerk):
    attempt(client, password="canary-8231")
    assert "canary-8231" not in "".join(AccessAttempt.objects.values_list("post_data", flat=True))


def test_signing_out_is_a_post_and_ends_the_session(client, clerk, sign_in):
    browser = sign_in(clerk)
    assert browser.get("/logout/").status_code == 405
    assert browser.post("/logout/").status_code == 302
    assert browser.get("/preferences/").status_code == 302
    assert AuditEvent.objects.filter(action=Action.SIGN_OUT, actor=clerk).exists()


def test_closing_an_account_ends_its_open_session_at_once(county, sign_in):
    browser = sign_in(county.finance_officer)
    assert browser.get("/preferences/").status_code == 200
    set_active(user=county.finance_officer, active=False, changed_by=county.system_administrator, changed_at=NOON)
    assert browser.get("/preferences/").status_code == 302


def test_a_closed_account_cannot_sign_in(client, db):
    UserFactory(username="gone", closed=True)
    response = attempt(client, username="gone", password=PASSWORD)
    assert response.status_code == 200
    assert "账号或密码错误" in response.content.decode()


def test_somebody_signed_in_is_sent_home_from_the_sign_in_page(clerk, sign_in):
    assert sign_in(clerk).get(LOGIN).url == reverse("home")


def test_the_demo_shows_its_accounts_and_nothing_else_does(client, db, settings):
    settings.DEMO = False
    assert demo_accounts() == []
    assert "data-fill" not in client.get(LOGIN).content.decode()
    settings.DEMO = True
    page = client.get(LOGIN).content.decode()
    names = [line["username"] for line in json.loads(demo_file())["accounts"]]
    assert all(f'data-fill="{name}"' in page for name in names)


def demo_file():
    return (settings.BASE_DIR / "fixtures/demo/accounts.json").read_text(encoding="utf-8")


def test_the_support_contact_is_printed_when_the_county_gives_one(client, db, settings):
    settings.SUPPORT_CONTACT = "县委组织部信息中心 0872-4520000"
    assert "0872-4520000" in client.get(LOGIN).content.decode()


def test_the_language_can_be_switched_before_signing_in(client, db):
    response = client.post("/language/", {"language": "en", "next": LOGIN})
    assert response.url == LOGIN
    assert "Sign in" in client.get(LOGIN).content.decode()


def test_a_language_that_is_not_offered_changes_nothing(client, db):
    response = client.post("/language/", {"language": "fr", "next": LOGIN})
    assert settings.LANGUAGE_COOKIE_NAME not in response.cookies
