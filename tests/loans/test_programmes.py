"""Storing the rules of a programme, and what its townships and its budget may spend."""

import copy
import json
from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction

from accounts.operations import NotAllowed
from audit.models import AuditEvent
from loans.choices import StepCode, VersionState
from loans.flow import chain_problems, workflow_of
from loans.models import LimitTier, Programme, ProgrammeVersion, Quota, SubsidyBudget, VersionStep
from loans.operations.programmes import UnableToSet, set_budget, set_quota, store_programme
from tests.factories.county import NOON, County

PROGRAMMES = settings.BASE_DIR / "fixtures" / "programmes"


def read_programme(name: str) -> dict:
    return json.loads((PROGRAMMES / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture
def data() -> dict:
    return read_programme("jianchuan")


@pytest.fixture
def versions(county: County, data: dict) -> dict[str, ProgrammeVersion]:
    return {version.code: version for version in store_programme(data=data, stored_by=None, stored_at=NOON)}


# ---- storing


def test_a_stored_programme_has_published_versions_with_all_their_parts(versions):
    assert set(versions) == {"2013", "2014"}
    for version in ProgrammeVersion.objects.all():
        assert version.state == VersionState.PUBLISHED
        assert version.steps.count() == 8
        assert version.tiers.count() == 4
        assert version.documents.count() > 0


def test_the_versions_hold_the_printed_terms(versions):
    terms = {
        code: (v.rate_multiplier, v.subsidy_percent, v.lending_plan, v.subsidy_months_max, v.effective_from)
        for code, v in versions.items()
    }
    assert terms == {
        "2013": (Decimal("1.2"), Decimal(5), Decimal(50_000_000), 12, date(2013, 5, 1)),
        "2014": (Decimal("1.1"), Decimal(3), Decimal(55_000_000), 12, date(2014, 1, 1)),
    }


def test_the_bar_of_jianchuan_shows_six_named_steps(versions):
    bar = [step.name for step in versions["2014"].ordered_steps if step.on_bar and not step.shown_under]
    assert bar == ["党员介绍", "支部审核", "党委备案", "政府贴息", "信用社核发", "组织考核"]


def test_the_notice_is_shown_under_the_branch_review(versions):
    assert versions["2013"].step(StepCode.PUBLIC_NOTICE).shown_under == StepCode.BRANCH_REVIEW


def test_the_guessed_middle_limit_is_marked_as_an_example(versions):
    examples = {tier.code: tier.is_example for tier in LimitTier.objects.filter(version=versions["2013"])}
    assert examples == {"self": False, "helping": True, "leading": False, "collective": False}


def test_the_inferred_multiplier_says_that_it_is_inferred(versions):
    assert versions["2013"].clauses["ordinary_multiplier"].startswith("推算")


def test_storing_again_changes_nothing(county, data, versions):
    assert store_programme(data=data, stored_by=None, stored_at=NOON) == []
    assert Programme.objects.count() == 1
    assert ProgrammeVersion.objects.count() == 2


def test_only_a_new_version_of_a_known_programme_is_added(county, data, versions):
    later = copy.deepcopy(data)
    later["versions"].append(
        later["versions"][1] | {"code": "2016", "name": "2016年办法", "effective_from": "2016-01-01"}
    )
    assert [version.code for version in store_programme(data=later, stored_by=None, stored_at=NOON)] == ["2016"]


def test_storing_leaves_a_trace_of_each_version(county, data):
    actor = county.organisation_officer
    store_programme(data=data, stored_by=actor, stored_at=NOON)
    events = AuditEvent.objects.filter(action="published", actor=actor)
    assert [event.subject_label for event in events.order_by("pk")] == [v["name"] for v in data["versions"]]


def test_a_stored_version_is_frozen_by_the_database_too(versions):
    with pytest.raises(DatabaseError), transaction.atomic():
        ProgrammeVersion.objects.filter(pk=versions["2013"].pk).update(rate_multiplier=Decimal("0.1"))
    with pytest.raises(DatabaseError), transaction.atomic():
        VersionStep.objects.filter(version=versions["2013"]).delete()


def test_a_chain_without_a_way_forward_is_refused(county, data):
    data["versions"][0]["steps"].append(dict(data["versions"][0]["steps"][0]))
    with pytest.raises(UnableToSet):
        store_programme(data=data, stored_by=None, stored_at=NOON)
    assert not Programme.objects.exists()


def test_a_version_without_classes_is_refused(county, data):
    data["versions"][0]["tiers"] = []
    with pytest.raises(UnableToSet):
        store_programme(data=data, stored_by=None, stored_at=NOON)


@pytest.mark.parametrize(
    ("name", "markup"),
    [
        ("overdue_markup_percent", "29.9999"),
        ("overdue_markup_percent", "50.0001"),
        ("misuse_markup_percent", "49.9999"),
        ("misuse_markup_percent", "100.0001"),
    ],
)
def test_a_mark_up_outside_the_law_of_the_day_is_refused_with_what_is_allowed(county, data, name, markup):
    data["versions"][0][name] = markup
    with pytest.raises(UnableToSet, match=r"30.00%.*50.00%.*50.00%.*100.00%"):
        store_programme(data=data, stored_by=None, stored_at=NOON)
    assert not Programme.objects.exists()


def test_the_ends_of_the_law_are_allowed(county, data):
    data["versions"][0] |= {"overdue_markup_percent": "30", "misuse_markup_percent": "50"}
    store_programme(data=data, stored_by=None, stored_at=NOON)


def test_a_version_from_before_any_rule_on_penalties_is_refused(county, data):
    data["versions"][0]["effective_from"] = "2003-12-31"
    with pytest.raises(UnableToSet, match="2003-12-31"):
        store_programme(data=data, stored_by=None, stored_at=NOON)


def test_an_amount_that_is_no_text_is_refused(county, data):
    data["versions"][0]["rate_multiplier"] = 1.2
    with pytest.raises(TypeError):
        store_programme(data=data, stored_by=None, stored_at=NOON)


def test_a_programme_of_an_unknown_county_is_refused(data, db):
    with pytest.raises(UnableToSet):
        store_programme(data=data, stored_by=None, stored_at=NOON)


@pytest.mark.parametrize("name", ["leader", "auditor", "union_manager", "outsider"])
def test_others_store_no_rules(county, data, name):
    with pytest.raises(NotAllowed):
        store_programme(data=data, stored_by=getattr(county, name), stored_at=NOON)


def test_yulong_has_four_named_steps_and_no_subsidy(county):
    data = read_programme("yulong") | {"county": county.division.code}
    (version,) = store_programme(data=data, stored_by=None, stored_at=NOON)
    assert [step.name for step in version.ordered_steps] == ["个人申请", "组织推荐", "群众监督", "农信审批"]
    assert not version.has_subsidy
    assert version.is_example


@pytest.mark.parametrize("name", ["jianchuan", "yulong"])
def test_every_stored_chain_leads_from_a_draft_to_its_end(name):
    for version in read_programme(name)["versions"]:
        chain = workflow_of([step["code"] for step in version["steps"]])
        assert chain.problems() == []
        assert chain.steps[0] == StepCode.INTAKE


# ---- quotas


def quota_of(county: County, version: ProgrammeVersion, total: str, **more) -> Quota:
    given = {"township": county.yangcen.division, "year": 2014, "set_by": county.organisation_officer, "set_at": NOON}
    return set_quota(version=version, total=Decimal(total), **(given | more))


def test_a_quota_is_set_and_then_changed(county, versions):
    quota_of(county, versions["2014"], "4000000")
    quota = quota_of(county, versions["2014"], "4500000.00")
    assert Quota.objects.get() == quota
    assert quota.total == Decimal(4_500_000)
    assert [event.detail for event in AuditEvent.objects.filter(subject_type="loans.quota").order_by("pk")] == [
        {"total": ["", "4000000"]},
        {"total": ["4000000.00", "4500000.00"]},
    ]


def test_a_quota_never_falls_below_what_is_used(county, versions):
    quota_of(county, versions["2014"], "4000000")
    Quota.objects.update(used=Decimal(300_000))
    with pytest.raises(UnableToSet):
        quota_of(county, versions["2014"], "299999.99")
    assert quota_of(county, versions["2014"], "300000").used == Decimal(300_000)


def test_quotas_together_stay_within_the_lending_plan(county, versions):
    quota_of(county, versions["2013"], "30000000", year=2013)
    with pytest.raises(UnableToSet):
        quota_of(county, versions["2013"], "20000000.01", year=2013, township=county.shaxi.division)
    quota_of(county, versions["2013"], "20000000", year=2013, township=county.shaxi.division)


def test_each_year_of_a_version_has_a_plan_of_its_own(county, versions):
    quota_of(county, versions["2014"], "50000000", year=2014)
    quota_of(county, versions["2014"], "50000000", year=2015)


def test_a_quota_is_for_a_township_of_the_programmes_county(county, versions):
    for place in (county.division, county.yangcen.village.division):
        with pytest.raises(UnableToSet):
            quota_of(county, versions["2014"], "1000", township=place)


def test_a_negative_quota_is_refused(county, versions):
    with pytest.raises(UnableToSet):
        quota_of(county, versions["2014"], "-0.01")


def test_a_township_sets_no_quota_for_itself(county, versions):
    with pytest.raises(NotAllowed):
        quota_of(county, versions["2014"], "1000", set_by=county.yangcen.committee_officer)


# ---- budgets


def budget_of(county: County, version: ProgrammeVersion, appropriated: str, **more) -> SubsidyBudget:
    given = {"year": 2014, "document_number": "剑财预〔2014〕1号", "set_by": county.finance_officer, "set_at": NOON}
    return set_budget(version=version, appropriated=Decimal(appropriated), **(given | more))


def test_a_budget_is_set_and_then_changed(county, versions):
    budget_of(county, versions["2014"], "1000000")
    budget_of(county, versions["2014"], "1650000", document_number="剑财预〔2014〕2号")
    budget = SubsidyBudget.objects.get()
    assert (budget.appropriated, budget.document_number) == (Decimal(1_650_000), "剑财预〔2014〕2号")
    assert AuditEvent.objects.filter(subject_type="loans.subsidybudget", actor=county.finance_officer).count() == 2


def test_a_budget_never_falls_below_what_is_reserved(county, versions):
    budget_of(county, versions["2014"], "1650000")
    SubsidyBudget.objects.update(reserved=Decimal(1_000_000))
    with pytest.raises(UnableToSet):
        budget_of(county, versions["2014"], "999999.99")


def test_a_programme_without_a_subsidy_step_has_no_budget(county):
    data = read_programme("yulong") | {"county": county.division.code}
    (version,) = store_programme(data=data, stored_by=None, stored_at=NOON)
    with pytest.raises(UnableToSet):
        budget_of(county, version, "1000")


def test_the_lender_sets_no_budget(county, versions):
    with pytest.raises(NotAllowed):
        budget_of(county, versions["2014"], "1000", set_by=county.union_manager)


# ---- chains of steps


@pytest.mark.parametrize(
    "steps",
    [
        ["referral", "branch_review", "disbursement"],  # nobody writes the application down
        ["intake", "branch_review", "public_notice"],  # nothing is lent
        ["intake", "assessment", "disbursement"],  # judged before it is lent
        ["intake", "public_notice", "branch_review", "disbursement"],
        ["intake", "approval", "disbursement"],
        [],
    ],
)
def test_a_version_whose_steps_make_no_sense_is_refused(county, data, steps):
    names = {step["code"]: step for step in data["versions"][0]["steps"]}
    data["versions"][0]["steps"] = [names.get(code, names["referral"] | {"code": code}) for code in steps]
    with pytest.raises(UnableToSet):
        store_programme(data=data, stored_by=None, stored_at=NOON)
    assert not ProgrammeVersion.objects.exists()


def test_the_chains_of_the_shipped_programmes_are_sound():
    for name in ("jianchuan", "yulong"):
        for version in read_programme(name)["versions"]:
            assert chain_problems([step["code"] for step in version["steps"]]) == []
