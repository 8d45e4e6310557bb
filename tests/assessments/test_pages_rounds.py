"""The pages of a round as offices use them: a sheet filled in, a round taken on, rewards approved and paid."""

from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.choices import Verb
from assessments.choices import Level, PlanState
from assessments.documents_rounds import NotReadable, print_ranking, print_sheet
from assessments.models import Scheme
from assessments.queries.rounds import items_of
from tests.factories.assessments import (
    fill_posts,
    final_round,
    give_budget,
    go_on,
    open_round,
    rounds_in_every_state,
    store_village_scheme,
    write_sheet,
)
from tests.factories.county import TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
DAY = TODAY.isoformat()
QUERIES_MAX = 12


def of(name, *arguments):
    return reverse(f"assessments:{name}", args=arguments)


def village(campaign):
    return campaign.subjects.get(organization__division__name="中羊村")


def test_a_secretary_fills_in_the_sheet_and_reads_how_it_was_counted(office, sign_in):
    subject = village(open_round(office))
    browser = sign_in(office.yangcen.village.general_secretary)
    sent = {"revision": 1, "request_id": str(uuid4()), "opinion": "数据真实。"}
    for item in items_of(subject.campaign.scheme_id):
        if not item.measure:
            sent |= {f"value_{item.pk}": "47", f"reason_{item.pk}": "据实填报。"}
        if item.is_share:
            sent[f"of_{item.pk}"] = "50"
    answer = browser.post(of("subject-score", subject.pk), sent)
    assert answer.status_code == 302, answer.context["form"].errors
    page = browser.get(of("subject", subject.pk)).content.decode()
    assert "47 / 50 (94%) → 56.40 " in page  # 60 × 94 %
    assert subject.sheets.get().opinion == "数据真实。"


def test_a_sheet_left_empty_says_what_is_missing(office, sign_in):
    subject = village(open_round(office))
    browser = sign_in(office.yangcen.village.general_secretary)
    answer = browser.post(of("subject-score", subject.pk), {"revision": 1, "request_id": str(uuid4())})
    assert answer.status_code == 200
    assert answer.context["form"].errors


def test_the_county_is_told_what_keeps_a_round_from_going_on(office, sign_in):
    campaign = open_round(office)
    go_on(office, campaign, at=campaign.created_at.replace(month=7))
    campaign.refresh_from_db()
    browser = sign_in(office.organisation_officer)
    sent = {"action": "advance", "revision": campaign.revision, "reason": ""}
    answer = browser.post(of("round", campaign.pk), sent)
    assert "4" in str(answer.context["form"].non_field_errors())


def test_an_old_page_of_a_round_is_answered_by_who_was_quicker(office, sign_in):
    campaign = open_round(office)
    browser = sign_in(office.organisation_officer)
    assert browser.post(of("round", campaign.pk), {"action": "advance", "revision": 99}).status_code == 409


def test_rewards_go_from_the_office_to_the_group_to_finance(office, sign_in):
    fill_posts(office)
    give_budget(office)
    campaign = final_round(office, {"中羊村": "98"})
    url = of("rewards", campaign.pk)
    assert sign_in(office.organisation_officer).post(url, {"action": "plan", "year": "2014"}).status_code == 302
    plan = campaign.plans.get()
    approval = {
        "action": "approval", "plan": plan.pk, "outcome": "approve",
        "document_number": "剑红组〔2014〕2号", "reason": "",
    }  # fmt: skip
    assert sign_in(office.leading_group_officer).post(url, approval).status_code == 302
    payee = plan.payees.order_by("position")[0]
    paid = {"kind": "paid", "value_date": DAY, "bank_reference": "JL-1", "note": ""}
    finance = sign_in(office.finance_officer)
    assert finance.post(of("payee", payee.pk), paid).status_code == 302
    assert finance.post(of("payee", payee.pk), paid | {"bank_reference": "JL-2"}).status_code == 409
    plan.refresh_from_db()
    assert (plan.state, payee.payouts.count()) == (PlanState.APPROVED, 1)


def test_a_leader_reads_rankings_but_opens_no_sheet_and_no_rewards(office, sign_in):
    rounds = rounds_in_every_state(office)
    leader = sign_in(office.leader)
    assert leader.get(of("ranking", rounds.noticed.pk)).status_code == 200
    assert leader.get(of("ranking", rounds.running.pk)).status_code == 404
    assert leader.get(of("rewards", rounds.settled.pk)).status_code == 404
    assert leader.get(of("subject", rounds.settled.subjects.first().pk)).status_code == 404


def test_lists_ask_the_same_few_questions_however_long_they_are(office, sign_in, django_assert_max_num_queries):
    rounds = rounds_in_every_state(office)
    browser = sign_in(office.organisation_officer)
    addresses = (of("rounds"), of("round", rounds.settled.pk), of("ranking", rounds.settled.pk), of("schemes"))
    for address in addresses:
        browser.get(address)
        with django_assert_max_num_queries(QUERIES_MAX):
            browser.get(address)


def test_a_scheme_is_copied_changed_and_put_into_force(office, sign_in):
    scheme = store_village_scheme(office)
    browser = sign_in(office.organisation_officer)
    browser.post(of("scheme-copy", scheme.pk))
    draft = Scheme.objects.get(version=2)
    item = items_of(draft.pk)[0]
    sent = {
        "group": "收得回", "name": "档案", "points": "50", "measure": "", "direction": "higher", "is_share": "on",
        "formula": "proportion", "target": "1", "zero_at": "0", "deduction": "0", "note": "",
    }  # fmt: skip
    assert browser.post(of("item", draft.pk, item.pk), sent).status_code == 302
    browser.post(of("scheme-publish", draft.pk))
    draft.refresh_from_db()
    assert draft.is_draft  # 90 points are not 100
    browser.post(of("item-new", draft.pk), sent | {"name": "增收", "points": "10"})
    browser.post(of("scheme-publish", draft.pk))
    draft.refresh_from_db()
    assert not draft.is_draft
    assert browser.get(of("scheme-edit", draft.pk)).status_code == 404


@pytest.mark.usefixtures("cupboard")
def test_sheet_and_ranking_print_for_those_who_may_read_them(office):
    campaign = open_round(office)
    subject = village(campaign)
    write_sheet(office, subject, Level.SELF)
    sheet = print_sheet(subject_id=subject.pk, reader=office.yangcen.committee_officer, on=TODAY)
    assert sheet.content.startswith(b"%PDF")
    with pytest.raises(NotReadable):
        print_sheet(subject_id=subject.pk, reader=office.shaxi.committee_officer, on=TODAY)
    ranking = print_ranking(campaign_id=campaign.pk, reader=office.organisation_officer, on=TODAY)
    assert ranking.content.startswith(b"%PDF")
    with pytest.raises(NotReadable):
        print_ranking(campaign_id=campaign.pk, reader=office.leader, on=TODAY)
    assert office.leader.may(Verb.VIEW_FIGURES, on=TODAY)
