"""Who made a case does not check it, however many posts or accounts he holds."""

from accounts.models import User
from loans.models import Application, ApplicationDecision
from tests.journeys import deeds
from tests.journeys.browser import Browser

REFUSAL = "您已在其他步骤办理过本件，本步骤须由他人办理。"


def appoint_to_committee(office, username, days):
    """The security administrator gives the post on the pages for it: whom, where, as what."""
    posts = Browser.of(office.security_administrator).home().menu("岗位任免")
    whom = posts.follow("任命").form(having="q").fill(q=username).submit()
    where = whom.follow(username).form(having="q").fill(q="羊岑乡党委").submit().follow("羊岑乡党委")
    given = where.form(having="valid_from").fill(role="乡镇党委", valid_from=days.today).submit()
    assert "羊岑乡党委" in given.text


def open_second_account(office, person):
    """The system administrator opens another account of a person and reads the first password off the page."""
    accounts = Browser.of(office.system_administrator).home().menu("账号管理")
    form = accounts.follow("开设账号").form(having="username")
    told = form.fill(username="second", name=person.name, id_number=person.read_id_number()).submit()
    return told.main.find("dd")[-1].text


def test_a_secretary_who_became_the_committees_officer_does_not_file_what_he_reviewed(office, days):
    farmer, secretary = deeds.bring_to_notice(office, days), office.yangcen.village.secretary
    days.go_by(7)
    appoint_to_committee(office, secretary.username, days)
    browser, case = Browser.of(secretary), Application.objects.get()
    assert REFUSAL in deeds.find_case(browser, farmer.name).text
    address = f"/loans/cases/{case.pk}/committee-filing/"
    assert REFUSAL in browser.open(address, expecting=403).text

    colleague = Browser.of(office.yangcen.committee_officer)
    form = deeds.take_up(colleague, "党委备案", farmer.name).form(having="received_on")
    assert REFUSAL in browser.post_by_hand(address, form.data(), expecting=403).text
    assert not ApplicationDecision.objects.filter(step="committee_filing").exists()
    assert "羊岑党备〔2014〕1号" in form.submit().text, "somebody else files it"


def test_the_second_account_of_a_person_is_the_same_decider(office, days):
    person = office.yangcen.villages[1].people[6]
    User.objects.filter(pk=office.yangcen.clerk.pk).update(person=person)
    office.yangcen.clerk.refresh_from_db()
    farmer = deeds.bring_to_notice(office, days)
    days.go_by(7)
    password = open_second_account(office, person)
    appoint_to_committee(office, "second", days)

    second = Browser()
    forced = second.sign_in("second", password).form(having="old_password")
    own = {"new_password1": "xin-mima-2014", "new_password2": "xin-mima-2014"}
    forced.fill(old_password=password, **own).submit()
    assert REFUSAL in deeds.find_case(second, farmer.name).text
    second.open(f"/loans/cases/{Application.objects.get().pk}/committee-filing/", expecting=403)
