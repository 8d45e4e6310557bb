"""What lies in another township does not exist: no address of the case, no list, no search knows it."""

import re

import pytest

from loans.choices import PaperKind
from loans.models import Application, Objection
from tests.journeys import deeds
from tests.journeys.browser import Browser

STEPS = (
    "referral", "branch-review", "public-notice", "committee-filing", "subsidy-confirmation", "disbursement",
    "assessment",
)  # fmt: skip
# Pages that only take what is posted: they answer the same to everybody who opens them.
POST_ONLY = ("/reveal/", *(f"/print/{kind}/" for kind in PaperKind))


@pytest.fixture
def case(office, days):
    """A case of 羊岑乡 in notice with an objection."""
    farmer = deeds.bring_to_notice(office, days)
    page = deeds.find_case(Browser.of(office.yangcen.village.secretary), farmer.name)
    page.follow("登记异议").form(having="text").fill(channel="电话", text="申请人已有外债未还。").submit()
    return Application.objects.get()


@pytest.fixture
def strangers(office):
    """Those who make, review, file and pay in 沙溪镇."""
    township = office.shaxi
    users = (township.clerk, township.village.secretary, township.committee_officer, township.credit_officer)
    return [Browser.of(user) for user in users]


def addresses_of(case, township):
    """Return the addresses of the case and its people that its own people click, and those that one may guess."""
    found = {f"/loans/cases/{case.pk}/{step}/" for step in (*STEPS, "introducers", "withdraw", "objections")}
    found |= {f"/loans/cases/{case.pk}/", f"/loans/applications/{case.pk}/edit/"}
    found |= {f"/loans/cases/{case.pk}/objections/{Objection.objects.get().pk}/"}
    found |= {f"/organizations/people/{case.person_id}/", f"/organizations/households/{case.household_id}/"}
    for user in (township.clerk, township.village.secretary, township.committee_officer):
        page = deeds.find_case(Browser.of(user), case.person.name)
        clicked = [link.get("href") for link in page.main.find("a")]
        clicked += [form.get("action") for form in page.main.find("form")]
        found |= {one for one in clicked if re.search(rf"/(cases|applications)/{case.pk}/|/people/|/households/", one)}
    return sorted(found)


def test_nobody_of_another_township_opens_a_page_of_the_case(office, case, strangers):
    addresses = addresses_of(case, office.yangcen)
    assert any(address.endswith(POST_ONLY) for address in addresses), "the pages were read"
    for stranger in strangers:
        for address in addresses:
            stranger.open(address, expecting=405 if address.endswith(POST_ONLY) else 404)


def test_nobody_of_another_township_posts_to_the_case(office, case, strangers):
    posted = {"outcome": ["pass"], "revision": [str(case.revision)], "reason": ["不同意。"], "text": ["反对。"]}
    addresses = addresses_of(case, office.yangcen)
    for stranger in strangers:
        for address in addresses:
            reads_only = "/introducers/" in address or re.search(r"/(cases|people|households)/\d+/$|/edit/$", address)
            stranger.post_by_hand(address, posted, expecting=405 if reads_only else 404)
    before, case = case, Application.objects.get()
    assert (case.revision, case.step, case.state) == (before.revision, before.step, before.state)
    assert Objection.objects.count() == 1


def test_no_list_and_no_search_shows_the_case(case, strangers):
    person = case.person
    for stranger in strangers:
        home = stranger.home()
        assert case.number not in home.text + home.menu("全部申请").text + home.menu("贷款台账").text
        for words in (case.number, person.name, person.initials, person.id_number_last_four):
            found = stranger.open("/search/", {"q": words})
            assert not found.has_link(case.number), words
            assert not [link for link in found.main.find("a") if f"/people/{person.pk}/" in link.get("href")], words


def test_the_clerk_of_another_township_registers_no_application_for_the_farmer(office, case):
    clerk, farmer = Browser.of(office.shaxi.clerk), case.person
    search = clerk.home().menu("登记新申请").form(having="text")
    answer = search.fill(text=farmer.read_id_number()).submit_in_vain()
    assert answer.problems == ["该身份证号已登记，但不在您的辖区，请与县委组织部联系。"]
    assert not answer.has_link(farmer.name)
    clerk.open(f"/loans/applications/new/?person={farmer.pk}", expecting=404)
