import re

import pytest
from django.urls import reverse

from accounts.models import User
from accounts.operations import NotAllowed, UnableToAppoint, open_account, reset_password, set_active, system_user
from audit.choices import Action
from audit.models import AuditEvent
from tests.factories.accounts import UserFactory
from tests.factories.county import NOON

LIST, OPEN = "/accounts/", "/accounts/open/"


def everybody_but(county, *allowed):
    roles = ["organisation_officer", "finance_officer", "leader", "auditor", "outsider"]
    roles += ["system_administrator", "security_administrator"]
    return [getattr(county, role) for role in roles if role not in allowed] + [
        county.yangcen.clerk, county.yangcen.committee_officer, county.yangcen.credit_officer,
    ]  # fmt: skip


def test_only_the_system_administrator_sees_the_accounts(county, sign_in):
    assert sign_in(county.system_administrator).get(LIST).status_code == 200
    for user in everybody_but(county, "system_administrator"):
        browser = sign_in(user)
        assert [browser.get(page).status_code for page in (LIST, OPEN)] == [404, 404]
        assert browser.post(OPEN, {"username": "new", "name": "新人"}).status_code == 404
        assert browser.post(f"/accounts/{county.finance_officer.pk}/close/").status_code == 404
    assert not User.objects.filter(username="new").exists()


def test_a_refusal_is_on_the_record(county, sign_in):
    sign_in(county.finance_officer).get(LIST)
    event = AuditEvent.objects.get(action=Action.DENIED)
    assert (event.actor, event.subject_label) == (county.finance_officer, "GET /accounts/")


def test_opening_an_account_tells_a_first_password_once(county, sign_in, client):
    browser = sign_in(county.system_administrator)
    response = browser.post(OPEN, {"username": "Ｚhang.San", "name": "张三"})
    password = re.search(r"[a-z2-9]{4}(-[a-z2-9]{4}){3}", response.content.decode()).group()
    user = User.objects.get(username="zhang.san")
    assert user.must_change_password
    assert user.check_password(password)
    assert response["Cache-Control"] == "no-store"
    assert password not in browser.get(reverse("accounts:account-detail", args=[user.pk])).content.decode()
    assert AuditEvent.objects.get(action=Action.CREATED).actor == county.system_administrator


@pytest.mark.parametrize(
    ("field", "value"),
    [("username", "sysadmin"), ("username", "SYSADMIN"), ("username", "a b"), ("name", "张"), ("name", "张3")],
)
def test_a_bad_account_is_refused_at_its_field(county, sign_in, field, value):
    data = {"username": "new", "name": "新人", field: value}
    response = sign_in(county.system_administrator).post(OPEN, data)
    assert response.status_code == 200
    assert field in response.context["form"].errors


def test_an_account_is_tied_to_a_person_by_the_identity_number(county, sign_in):
    person = county.yangcen.village.farmer
    browser = sign_in(county.system_administrator)
    browser.post(OPEN, {"username": "farmer", "name": person.name, "id_number": person.read_id_number().lower()})
    assert User.objects.get(username="farmer").person == person
    response = browser.post(OPEN, {"username": "other", "name": "新人", "id_number": "53299919750312000"})
    assert "id_number" in response.context["form"].errors


def test_two_accounts_of_one_person_count_as_one_decider(county):
    person = county.yangcen.village.farmer
    first, second = UserFactory(person=person), UserFactory(person=person)
    assert first.person_key == second.person_key != UserFactory().person_key


def test_nobody_opens_accounts_without_the_right(county):
    with pytest.raises(NotAllowed):
        open_account(
            username="x", name="新人", password=None, person=None, opened_by=county.security_administrator,
            opened_at=NOON,
        )  # fmt: skip


def test_nobody_closes_or_resets_his_own_account(county):
    administrator = county.system_administrator
    with pytest.raises(UnableToAppoint):
        set_active(user=administrator, active=False, changed_by=administrator, changed_at=NOON)
    with pytest.raises(UnableToAppoint):
        reset_password(user=administrator, password="x", changed_by=administrator, changed_at=NOON)


def test_the_second_account_of_the_administrator_is_his_own_too(county):
    administrator = county.system_administrator
    administrator.person = county.yangcen.village.farmer
    administrator.save()
    twin = UserFactory(person=county.yangcen.village.farmer)
    with pytest.raises(UnableToAppoint):
        set_active(user=twin, active=False, changed_by=administrator, changed_at=NOON)


def test_closing_and_opening_again_from_the_page(county, sign_in):
    browser, user = sign_in(county.system_administrator), county.finance_officer
    browser.post(reverse("accounts:account-close", args=[user.pk]))
    user.refresh_from_db()
    assert not user.is_active
    browser.post(reverse("accounts:account-reopen", args=[user.pk]))
    user.refresh_from_db()
    assert user.is_active
    assert list(AuditEvent.objects.order_by("pk").values_list("action", flat=True)) == ["closed", "changed"]


def test_a_sentence_says_why_an_administrator_cannot_close_himself(county, sign_in):
    user = county.system_administrator
    response = sign_in(user).post(reverse("accounts:account-close", args=[user.pk]), follow=True)
    assert "不得停用自己的账号" in response.content.decode()


def test_the_account_of_the_calendar_is_not_an_account_of_a_person(county, sign_in):
    account = system_user()
    browser = sign_in(county.system_administrator)
    assert account.get_username() not in re.findall(r'class="mono"[^>]*>([^<]+)<', browser.get(LIST).content.decode())
    assert browser.get(reverse("accounts:account-detail", args=[account.pk])).status_code == 404
    with pytest.raises(NotAllowed):
        reset_password(user=account, password="x", changed_by=county.system_administrator, changed_at=NOON)


def test_the_list_is_filtered_and_takes_the_same_queries_whatever_its_length(
    county, sign_in, django_assert_max_num_queries
):
    browser = sign_in(county.system_administrator)
    page = browser.get(LIST, {"q": "finance", "state": "open"})
    assert [account.username for account in page.context["page"]] == ["finance"]
    UserFactory.create_batch(40)
    with django_assert_max_num_queries(8):
        browser.get(LIST)
