import pytest
from django.urls import reverse

from accounts.operations import reset_password
from audit.choices import Action
from audit.models import AuditEvent
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.county import NOON

NEW = "qing-shan-lv-shui-9"


def change(browser, old=PASSWORD, new=NEW, again=None):
    data = {"old_password": old, "new_password1": new, "new_password2": again or new}
    return browser.post("/password/", data)


@pytest.fixture
def user(db):
    return UserFactory(username="clerk", name="李文亮")


def test_a_person_changes_his_own_password_and_stays_signed_in(user, sign_in):
    browser, other = sign_in(user), sign_in(user)
    assert change(browser).status_code == 302
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert browser.get("/preferences/").status_code == 200
    assert other.get("/preferences/").status_code == 302
    assert AuditEvent.objects.filter(action=Action.PASSWORD_CHANGED, actor=user).exists()


@pytest.mark.parametrize(
    "new", ["short-1", "123456789012", "password1234", "clerk-clerk", "李文亮李文亮李文亮李文亮"]
)  # fmt: skip
def test_a_weak_password_is_refused_with_a_sentence(user, sign_in, new):
    response = change(sign_in(user), new=new)
    assert response.status_code == 200
    assert response.context["form"].errors["new_password2"]
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


@pytest.mark.parametrize("new", ["  spaces count  ", "红旗渠红旗渠红旗渠红", "x" * 64 + "-Y9"])
def test_long_chinese_and_spaced_passwords_are_kept_as_typed(user, sign_in, new):
    assert change(sign_in(user), new=new).status_code == 302
    user.refresh_from_db()
    assert user.check_password(new)


def test_the_old_password_must_be_right(user, sign_in):
    assert change(sign_in(user), old="wrong").status_code == 200


def test_a_password_made_by_somebody_else_must_be_changed_before_anything_else(sign_in, db):
    browser = sign_in(UserFactory(new=True))
    for page in ("home", "accounts:preferences", "organizations:tree"):
        response = browser.get(reverse(page))
        assert (response.status_code, response.url) == (302, "/password/")
    assert browser.get("/password/").status_code == 200
    assert browser.post("/language/", {"language": "en"}).status_code == 302
    assert change(browser).status_code == 302
    assert browser.get(reverse("accounts:preferences")).status_code == 200


def test_a_reset_ends_open_sessions_and_asks_for_a_new_password(county, sign_in):
    browser = sign_in(county.finance_officer)
    reset_password(user=county.finance_officer, password=NEW, changed_by=county.system_administrator, changed_at=NOON)
    assert browser.get("/preferences/").url.startswith("/login/")
    county.finance_officer.refresh_from_db()
    assert county.finance_officer.must_change_password


def test_settings_are_kept_with_the_account_and_in_cookies_for_the_frame(user, sign_in):
    browser = sign_in(user)
    response = browser.post("/preferences/", {"language": "en", "theme": "dark", "large_text": "on"})
    assert response.cookies["theme"].value == "dark"
    user.refresh_from_db()
    assert (user.language, user.theme) == ("en", "dark")
    page = browser.get("/preferences/").content.decode()
    assert "Personal settings" in page
    assert 'data-text="large"' in page


def test_signing_in_on_another_computer_brings_the_colours_along(client, db):
    UserFactory(username="clerk", theme="dark")
    response = client.post("/login/", {"username": "clerk", "password": PASSWORD})
    assert response.cookies["theme"].value == "dark"


def test_the_settings_page_names_the_posts_one_holds(county, sign_in):
    page = sign_in(county.finance_officer).get("/preferences/").content.decode()
    assert "县财政局" in page
    assert "您尚无岗位" in sign_in(county.outsider).get("/preferences/").content.decode()
