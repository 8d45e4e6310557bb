"""Every rule as a row: how it stands, the number behind it, its clause; and the reason that a soft rule asks for."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from loans import documents_contract, operations
from loans.choices import Outcome, StepCode
from loans.models import Application, ApplicationDecision, Loan, ProgrammeVersion, RuleReason
from loans.operations.stops import impose_stop
from loans.queries.eligibility import rows_of
from loans.queries.rule_rows import Level, Row
from loans.queries.situation import Asked, Situation, cases_to_judge
from loans.queries.versions import published_version
from organizations.models import Person
from tests.factories.county import TODAY, County
from tests.factories.loans import CaseFactory, helped, read_yulong, store_four_steps
from tests.factories.organizations import EntityFactory

D = Decimal


def judged(case: Application, on: date = TODAY, **asked) -> dict[str, Row]:
    case = cases_to_judge().get(pk=case.pk)
    version = published_version(case.version_id)
    typed = Asked(**asked) if asked else None
    return {row.code: row for row in rows_of(Situation(case, version, on, asked=typed, tells=lambda _place: True))}


def of_income(county: County, times: str | None = "1.00") -> ProgrammeVersion:
    """A programme open to everybody, under which debts up to so many years of income need no reason."""
    tiers = [tier | {"members_only": False} for tier in read_yulong()["versions"][0]["tiers"]]
    return store_four_steps(county, debts_to_income_max=times, tiers=tiers)


# --- rows ------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_good_request_keeps_every_rule_and_says_its_numbers(office):
    rows = judged(CaseFactory(office, amount="50000").draft())
    assert {row.level for row in rows.values()} == {Level.KEPT}
    assert rows["age"].figure.endswith("要求18至65周岁")
    assert rows["age"].clause.startswith("常用规定")
    assert rows["amount"].figure == "50,000.00 元；本档1,000.00至100,000.00元，1,000.00元的整数倍"
    assert rows["exposure"].figure == "在贷0.00元，在办0.00元，本笔50,000.00元；上限：300,000.00 元"
    assert rows["debts"].figure == "负债（含本笔）50,000.00元，年收入36,000.00元；一般上限：无"
    assert rows["insurance"].figure == "不投保：自愿投保，不作为贷款条件"


@pytest.mark.django_db
def test_every_hard_rule_of_the_panel_is_what_submitting_refuses(office):
    story = CaseFactory(office, amount="250500", purpose="tourism", term_months=60)
    case = story.draft()
    broken = [say for row in judged(case).values() if row.level == Level.BROKEN for say in row.sentences]
    with pytest.raises(operations.Blocked) as blocked:
        story.submit()
    assert sorted(problem.message for problem in blocked.value.problems) == sorted(broken)
    assert len(broken) == 3  # above the class, not a multiple, term outside


@pytest.mark.django_db
def test_what_is_not_filled_in_is_open_and_not_broken(office):
    rows = judged(CaseFactory(office).draft(), borrower_kind="person")
    assert {code for code, row in rows.items() if row.level == Level.OPEN} == {
        "class", "amount", "term", "use", "funding", "debts",
    }  # fmt: skip
    assert not [row for row in rows.values() if row.level == Level.BROKEN]


@pytest.mark.django_db
def test_a_member_of_the_household_in_arrears_asks_for_a_reason(office):
    village = office.yangcen.village
    story = CaseFactory(office, amount="50000")
    loan = story.lent().loan
    loan.standing.overdue_since = TODAY - timedelta(days=35)
    loan.standing.save()
    spouse = Person.objects.get(household=village.farmer.household, relation="spouse")
    row = judged(CaseFactory(office, person=spouse, begin=story.moment).draft())["arrears"]
    assert (row.level, row.sentences) == (Level.SOFT, ["户内有1笔贷款逾期。"])
    assert row.figure == f"最长已逾期35天；{loan.contract_number}"


@pytest.mark.django_db
def test_a_written_off_loan_of_the_household_asks_for_a_reason(office):
    story = CaseFactory(office, amount="50000")
    story.lent()
    Loan.objects.filter(pk=story.case.loan.pk).update(state="written_off", settled_on=TODAY)
    spouse = Person.objects.get(household=story.case.household, relation="spouse")
    assert judged(CaseFactory(office, person=spouse, begin=story.moment).draft())["arrears"].level == Level.SOFT


@pytest.mark.django_db
def test_others_of_the_household_who_apply_are_worth_knowing(office):
    first = CaseFactory(office, amount="50000")
    first.at(StepCode.BRANCH_REVIEW)
    spouse = Person.objects.get(household=first.case.household, relation="spouse")
    rows = judged(CaseFactory(office, person=spouse, amount="30000").draft())
    assert (rows["others"].level, rows["exposure"].level) == (Level.NOTED, Level.KEPT)
    assert rows["exposure"].figure == "在贷0.00元，在办50,000.00元，本笔30,000.00元；上限：300,000.00 元"


@pytest.mark.django_db
def test_quota_budget_and_stop_are_worth_knowing_and_stop_no_submission(office):
    story = CaseFactory(office, amount="50000")
    story.version.quotas.update(total=D(10000))
    story.version.budgets.update(reserved=D(250000))
    impose_stop(
        measure="by_decision", reason="清收期间暂停。", imposed_by=office.leading_group_officer, at=story.moment,
        division=office.yangcen.village.division,
    )  # fmt: skip
    rows = judged(story.draft())
    assert {code for code, row in rows.items() if row.level == Level.NOTED} == {"stop", "quota", "budget"}
    assert story.at(StepCode.REFERRAL).step == StepCode.REFERRAL


@pytest.mark.django_db
def test_a_collective_in_the_name_of_somebody_outside_the_party_asks_for_a_reason(office):
    village = office.yangcen.village
    body = EntityFactory(kind="collective", division=village.division)
    tier = CaseFactory(office).version.tiers.get(code="collective")
    story = CaseFactory(
        office, amount="80000", borrower_kind="collective", entity_id=body.pk, tier_id=tier.pk, person=village.farmer
    )
    row = judged(story.draft())["party"]
    assert (row.title, row.level) == ("名义借款人", Level.SOFT)


@pytest.mark.django_db
def test_the_rules_ask_a_constant_number_of_questions(office, django_assert_max_num_queries):
    village = office.yangcen.village
    tier = CaseFactory(office).version.tiers.get(code="leading")
    people = [office.yangcen.villages[1].members[place].person for place in (0, 1, 2, 4)]
    story = CaseFactory(
        office, amount="150000", person=village.members[0].person, tier_id=tier.pk,
        helped=helped(*people, kind="low_income_member"),
    )  # fmt: skip
    case = story.draft()
    published_version(case.version_id)
    with django_assert_max_num_queries(10):
        rows = judged(case)
        assert [row.figure for row in rows.values()]


# --- reasons ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def indebted(office) -> CaseFactory:
    """Debts of more than a year's income: a soft rule speaks against it."""
    story = CaseFactory(office, amount="50000", version=of_income(office))
    story.draft()
    return story


def write(story: CaseFactory, by=None, **reasons: str) -> list[RuleReason]:
    return operations.write_reasons(
        application_id=story.case.pk,
        reasons=reasons,
        written_by=by or story.township.clerk,
        written_at=story.moment,
    )


WHY = "项目投产后每年增收约3万元，足以按期还款。"


@pytest.mark.django_db
def test_a_soft_rule_without_a_reason_blocks_and_with_one_it_does_not(indebted):
    with pytest.raises(operations.Blocked) as blocked:
        indebted.submit()
    assert [problem.field for problem in blocked.value.problems] == ["reasons"]
    write(indebted, debts_above_income=WHY)
    indebted.submit()
    kept = ApplicationDecision.objects.get(application=indebted.case, outcome=Outcome.SUBMIT).facts
    assert kept["reasons"] == [
        {
            "rule": "debts_above_income",
            "finding": "负债（含本笔）共50,000.00元，超过年收入的1.00倍。",
            "reason": WHY,
            "by": indebted.township.clerk.name,
        }
    ]
    assert kept["numbers"]["debts"].startswith("负债（含本笔）50,000.00元")


@pytest.mark.django_db
def test_a_reason_holds_for_its_numbers_only(indebted):
    write(indebted, debts_above_income=WHY)
    Application.objects.filter(pk=indebted.case.pk).update(existing_loans=D(20000))
    with pytest.raises(operations.Blocked, match="70,000.00"):
        indebted.submit()


@pytest.mark.django_db
def test_the_same_reason_again_writes_nothing_and_another_is_a_new_row(indebted):
    assert len(write(indebted, debts_above_income=WHY)) == 1
    assert write(indebted, debts_above_income=WHY) == []
    assert len(write(indebted, debts_above_income="另有务工收入。")) == 1
    assert RuleReason.objects.count() == 2


@pytest.mark.django_db
def test_a_rule_that_is_kept_takes_no_reason_and_a_hard_one_neither(indebted):
    for code in ("above_usual_age", "above_class", "no such rule"):
        with pytest.raises(operations.Blocked, match="不需要说明理由"):
            write(indebted, **{code: WHY})


@pytest.mark.django_db
def test_only_the_clerks_of_the_place_write_reasons_and_only_while_it_is_theirs(office, indebted):
    for user in (office.yangcen.village.secretary, office.shaxi.clerk, office.yangcen.credit_officer):
        with pytest.raises(operations.NotAllowed):
            write(indebted, by=user, debts_above_income=WHY)
    write(indebted, debts_above_income=WHY)
    indebted.submit()
    with pytest.raises(operations.Conflict):
        write(indebted, debts_above_income="后来想到的理由。")


@pytest.mark.django_db
def test_the_reviewers_read_the_reason_in_the_dossier(indebted, sign_in, noon):
    write(indebted, debts_above_income=WHY)
    indebted.at(StepCode.BRANCH_REVIEW)
    page = sign_in(indebted.village.secretary).get(reverse("loans:case", args=[indebted.case.pk]))
    assert WHY in page.content.decode()


# --- the panel -------------------------------------------------------------------------------------------------------


def ask(client, case: Application, **typed):
    return client.get(reverse("loans:eligibility", args=[case.pk]), typed)


@pytest.mark.django_db
def test_the_panel_judges_what_is_typed_and_not_what_is_saved(office, sign_in, noon):
    case = CaseFactory(office, amount="50000").draft()
    client = sign_in(office.yangcen.clerk)
    assert ask(client, case).context["broken"] == 0
    page = ask(client, case, amount_asked="１５０，０００", project_total="300000", tier=str(case.tier_id))
    assert page.context["broken"] == 1
    assert "150,000.00 元；本档1,000.00至100,000.00元" in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed",
    [
        {"amount_asked": "", "term_months": ""},
        {"amount_asked": "many", "term_months": "-1", "tier": "x", "purpose": "consumption", "own_funds": "1e9"},
        {"amount_asked": "9" * 40, "tier": "9" * 30, "helped": "9" * 30, "helped_kind": "nobody"},
        {"repayment_method": "\x00", "helped": ["1", "2"], "helped_kind": ["villager_in_difficulty"]},
        {"project_total": "NaN", "annual_income": "0", "existing_loans": "１ ０００"},
    ],
)
def test_half_a_form_and_nonsense_are_no_mistake(office, sign_in, noon, typed):
    case = CaseFactory(office).draft()
    assert ask(sign_in(office.yangcen.clerk), case, **typed).status_code == 200


@pytest.mark.django_db
def test_people_named_in_the_form_count_at_once_if_they_are_in_reach(office, sign_in, noon):
    village = office.yangcen.village
    story = CaseFactory(office, amount="150000", person=village.members[0].person)
    case = story.draft()
    tier = story.version.tiers.get(code="helping")
    client = sign_in(village.clerk)
    own, foreign = village.people[6], office.shaxi.village.people[6]
    row = {"tier": tier.pk, "amount_asked": "150000", "helped_kind": "villager_in_difficulty"}
    assert ask(client, case, helped=own.pk, **row).context["broken"] == 0
    assert ask(client, case, helped=foreign.pk, **row).context["broken"] == 1


@pytest.mark.django_db
def test_the_trial_shows_interest_subsidy_and_own_cost_of_the_contracts_day_count(office, sign_in, noon):
    case = CaseFactory(office, amount="10000", repayment_method="lump_sum").draft()
    facts = {fact.label: str(fact.value) for fact in ask(sign_in(office.yangcen.clerk), case).context["trial"]}
    assert (facts["利息合计"], facts["政府贴息"], facts["农户负担"]) == ("660.00 元", "300.00 元", "360.00 元")
    assert facts["还款方式"].startswith("共1期")


@pytest.mark.django_db
def test_a_reason_is_kept_from_the_panel_and_shown_there(indebted, sign_in, noon):
    client = sign_in(indebted.township.clerk)
    assert "尚未填写" in ask(client, indebted.case).content.decode()
    url = reverse("loans:reasons", args=[indebted.case.pk])
    page = client.post(url, {"reason_debts_above_income": WHY}, headers={"hx-request": "true"})
    assert WHY in page.content.decode()
    assert "尚未填写" not in page.content.decode()
    assert client.post(url, {"reason_debts_above_income": WHY}).status_code == 302
    assert RuleReason.objects.get().reason == WHY


@pytest.mark.django_db
def test_the_panel_asks_few_questions(office, sign_in, noon, questions):
    case = CaseFactory(office, amount="50000").draft()
    client = sign_in(office.yangcen.clerk)
    ask(client, case)
    with questions() as asked:
        ask(client, case, amount_asked="60000")
    assert len(asked) <= 15, asked


# --- verifying and reporting on pages --------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_secretary_verifies_on_a_page_and_comes_back_to_the_decision(office, sign_in, noon):
    village = office.yangcen.village
    tier = CaseFactory(office).version.tiers.get(code="helping")
    poor = office.yangcen.villages[1].people[8]
    story = CaseFactory(
        office, amount="150000", person=village.members[0].person, tier_id=tier.pk, helped=helped(poor)
    )
    case = story.at(StepCode.BRANCH_REVIEW)
    client = sign_in(village.secretary)
    url = reverse("loans:help-verify", args=[case.pk])
    assert poor.name in client.get(url).content.decode()
    refused = client.post(url, {f"verdict_{poor.pk}": "refuted", f"note_{poor.pk}": ""})
    assert f"note_{poor.pk}" in refused.context["form"].errors
    done = client.post(url, {f"verdict_{poor.pk}": "confirmed", f"note_{poor.pk}": ""})
    assert done.status_code == 302
    assert "属实" in client.get(reverse("loans:case", args=[case.pk])).content.decode()


@pytest.mark.django_db
def test_the_committee_reports_a_promise_that_is_not_kept(office, sign_in, noon):
    village = office.yangcen.village
    tier = CaseFactory(office).version.tiers.get(code="helping")
    poor = office.yangcen.villages[1].people[8]
    story = CaseFactory(
        office, amount="150000", person=village.members[0].person, tier_id=tier.pk, helped=helped(poor)
    )
    case = story.lent()
    client = sign_in(office.yangcen.committee_officer)
    url = reverse("loans:help-lapse", args=[case.pk, poor.pk])
    assert client.post(url, {"lapsed_on": "2014-08-14", "reason": ""}).context["form"].errors.keys() == {"reason"}
    assert client.post(url, {"lapsed_on": "2014-08-14", "reason": "未开展帮扶。"}).status_code == 302
    assert "未落实" in client.get(reverse("loans:case", args=[case.pk])).content.decode()


@pytest.mark.django_db
def test_a_collectives_dossier_names_beneficiary_and_nominal_borrower(office, sign_in, noon):
    village = office.yangcen.village
    body = EntityFactory(kind="collective", name="中羊村股份经济合作社", division=village.division)
    tier = CaseFactory(office).version.tiers.get(code="collective")
    member = village.members[0].person
    story = CaseFactory(
        office, amount="80000", borrower_kind="collective", entity_id=body.pk, tier_id=tier.pk, person=member
    )
    case = story.at(StepCode.BRANCH_REVIEW)
    page = sign_in(village.secretary).get(reverse("loans:case", args=[case.pk])).content.decode()
    assert "受益主体" in page
    assert "名义借款人" in page
    assert "计入村集体的贷款" in page


@pytest.mark.django_db
def test_a_collectives_contract_names_beneficiary_and_nominal_borrower(office):
    village = office.yangcen.village
    body = EntityFactory(kind="collective", name="中羊村股份经济合作社", division=village.division)
    tier = CaseFactory(office).version.tiers.get(code="collective")
    story = CaseFactory(
        office, amount="80000", borrower_kind="collective", entity_id=body.pk, tier_id=tier.pk,
        person=village.members[0].person,
    )  # fmt: skip
    case = story.at(StepCode.DISBURSEMENT)
    case = documents_contract._cases([case.pk])[0]
    page = render_to_string(
        "loans/documents/_contract.html", {"case": case, "contract": documents_contract.contract_of(case, on=TODAY)}
    )
    assert "名义借款人" in page
    assert "由本集体使用并偿还" in page
