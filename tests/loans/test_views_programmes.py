"""The rules of the programmes; quotas and budgets are set by those who manage them."""

from decimal import Decimal

import pytest
from django.urls import reverse

from audit.models import AuditEvent
from loans.models import Quota, SubsidyBudget
from tests.factories.loans import CaseFactory, store_four_steps
from tests.loans.pages import text_of


@pytest.fixture
def version(office):
    return CaseFactory(office).version


def url_of(name, version):
    return reverse(f"loans:{name}", args=[version.pk])


def test_the_programmes_are_listed_with_their_versions(office, version, sign_in, noon):
    page = text_of(sign_in(office.yangcen.clerk).get(reverse("loans:programmes")))
    assert "2013年办法" in page
    assert url_of("version", version) in page


def test_a_version_shows_every_rule_with_its_clause(office, version, sign_in, noon):
    page = text_of(sign_in(office.yangcen.clerk).get(url_of("version", version)))
    for words in ("× 1.10", "3.00%", version.clauses["rate_multiplier"], "党委备案", "300,000.00", "创业致富计划"):
        assert words in page


def test_a_version_of_four_steps_has_no_subsidy(county, sign_in, noon):
    version = store_four_steps(county)
    page = text_of(sign_in(county.organisation_officer).get(url_of("version", version)))
    assert "农信审批" in page
    assert "数字为示例" in page
    assert "贴息预算" not in page.partition("<main")[2]


def test_quotas_are_shown_to_those_who_work_with_cases(office, version, sign_in, noon):
    assert ">5,000,000.00<" in text_of(sign_in(office.yangcen.committee_officer).get(url_of("version", version)))
    assert ">5,000,000.00<" not in text_of(sign_in(office.outsider).get(url_of("version", version)))


@pytest.mark.parametrize("year", ["2013", "x", "", "0", "99999", "²"])
def test_a_strange_year_is_no_error(office, version, sign_in, noon, year):
    assert sign_in(office.yangcen.clerk).get(url_of("version", version), {"year": year}).status_code == 200


def test_a_quota_is_set_and_recorded(office, version, sign_in, noon):
    client = sign_in(office.organisation_officer)
    posted = {"township": office.shaxi.division.pk, "year": "2014", "total": "６００万".replace("万", "0000")}
    assert client.get(url_of("quota", version)).status_code == 200
    assert client.post(url_of("quota", version), posted).status_code == 302
    assert Quota.objects.get(version=version, township=office.shaxi.division, year=2014).total == 6_000_000
    assert AuditEvent.objects.filter(actor=office.organisation_officer, subject_type="loans.quota").exists()


@pytest.mark.parametrize("who", ["yangcen.clerk", "yangcen.committee_officer", "leader", "auditor", "outsider"])
def test_others_set_neither_quota_nor_budget(office, version, sign_in, noon, who):
    user = office
    for name in who.split("."):
        user = getattr(user, name)
    client = sign_in(user)
    quota = {"township": office.shaxi.division.pk, "year": "2014", "total": "1"}
    for name, posted in (("quota", quota), ("budget", {"year": "2014", "appropriated": "1"})):
        assert client.get(url_of(name, version)).status_code == 404
        assert client.post(url_of(name, version), posted).status_code == 404
    assert Quota.objects.get(version=version, township=office.shaxi.division, year=2014).total == 5_000_000


@pytest.mark.parametrize(
    ("fields", "blamed"),
    [
        ({"total": "-1"}, "total"),
        ({"total": "1e12"}, "total"),
        ({"total": "1.001"}, "total"),
        ({"total": ""}, "total"),
        ({"total": "60000000"}, "total"),
        ({"year": "1999"}, "year"),
        ({"year": "x"}, "year"),
        ({"township": "x"}, "township"),
        ({"township": "99999999"}, "township"),
    ],
)
def test_a_quota_that_cannot_be_is_refused(office, version, sign_in, noon, fields, blamed):
    posted = {"township": office.shaxi.division.pk, "year": "2014", "total": "1000000", **fields}
    page = sign_in(office.organisation_officer).post(url_of("quota", version), posted)
    assert blamed in page.context["form"].errors


def test_a_quota_is_not_set_below_what_is_used(office, version, sign_in, noon):
    CaseFactory(office).at("subsidy_confirmation")
    posted = {"township": office.yangcen.division.pk, "year": "2014", "total": "49999"}
    page = sign_in(office.organisation_officer).post(url_of("quota", version), posted)
    assert "50000" in page.context["form"].errors["total"][0]


def test_a_budget_is_set(office, version, sign_in, noon):
    posted = {"year": "2014", "appropriated": "1,750,000.00", "document_number": "剑财〔2014〕15号"}
    client = sign_in(office.finance_officer)
    assert client.get(url_of("budget", version)).status_code == 200
    assert client.post(url_of("budget", version), posted).status_code == 302
    budget = SubsidyBudget.objects.get(version=version, year=2014)
    assert (budget.appropriated, budget.document_number) == (Decimal(1750000), "剑财〔2014〕15号")


def test_a_programme_without_subsidy_has_no_budget(county, sign_in, noon):
    version = store_four_steps(county)
    assert sign_in(county.finance_officer).get(url_of("budget", version)).status_code == 404


def test_a_version_that_is_not_there_is_not_found(office, sign_in, noon):
    assert sign_in(office.yangcen.clerk).get(reverse("loans:version", args=[10**9])).status_code == 404
