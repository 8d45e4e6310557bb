"""The split review: list, dossier and decision on one page, swapped in parts where there is a script."""

from datetime import timedelta

import pytest
from django.urls import reverse

from loans.choices import Outcome, StepCode
from loans.models import ApplicationDecision, Phrase
from loans.operations.phrases import PHRASES_MAX
from tests.factories.county import NOON, TODAY
from tests.factories.loans import CaseFactory
from tests.factories.papers import hand_in, photo
from tests.loans.pages import decide_url, decision, meeting, text_of

REVIEW = reverse("loans:queue", args=[StepCode.BRANCH_REVIEW])
PHRASES = reverse("loans:phrases")


def cases_at_review(office, number):
    people = office.yangcen.village.people[: 2 * number : 2]
    return [CaseFactory(office, person=person).at(StepCode.BRANCH_REVIEW) for person in people]


@pytest.fixture
def secretary(office, sign_in, noon):
    return sign_in(office.yangcen.village.secretary)


def test_the_page_of_a_case_shows_the_list_beside_it(office, secretary):
    cases = cases_at_review(office, 3)
    page = secretary.get(decide_url(cases[1]))
    assert [entry.case for entry in page.context["entries"] if entry.is_current] == [cases[1]]
    assert all(case.person.name in text_of(page) for case in cases)


def test_a_script_gets_the_case_without_the_list(office, secretary):
    cases = cases_at_review(office, 2)
    page = text_of(secretary.get(decide_url(cases[0]), headers={"hx-request": "true"}))
    assert "<html" not in page
    assert cases[0].person.name in page
    assert 'class="queue"' not in page
    assert 'name="outcome"' in page


def test_filter_and_page_stay_in_every_address_of_the_review(office, secretary):
    cases = cases_at_review(office, 3)
    page = secretary.get(decide_url(cases[1]) + "?purpose=livestock&x=1")
    for url in (page.context["decide_url"], page.context["next_url"], page.context["previous_url"]):
        assert url.endswith("?purpose=livestock")


def test_after_deciding_the_next_case_opens_and_taking_back_is_offered(office, secretary):
    cases = cases_at_review(office, 3)
    posted = decision(cases[0], Outcome.PASS, **meeting(), following=cases[1].pk)
    answer = secretary.post(decide_url(cases[0]), posted)
    last = cases[0].decisions.latest("sequence")
    assert answer.url == f"{decide_url(cases[1])}?done={last.pk}"
    page = text_of(secretary.get(answer.url))
    assert reverse("loans:recall", args=[cases[0].pk, last.pk]) in page


def test_after_the_last_case_the_empty_queue_says_so(office, secretary):
    [case] = cases_at_review(office, 1)
    page = secretary.post(decide_url(case), decision(case, Outcome.PASS, **meeting()), follow=True)
    assert page.redirect_chain[-1][0].startswith(REVIEW)
    assert "该环节暂无待办" in text_of(page)
    assert "撤回" in text_of(page)


def test_taking_back_on_the_page_opens_the_case_again(office, secretary):
    [case] = cases_at_review(office, 1)
    secretary.post(decide_url(case), decision(case, Outcome.PASS, **meeting()))
    last = case.decisions.latest("sequence")
    url = reverse("loans:recall", args=[case.pk, last.pk])
    page = secretary.post(url, follow=True)
    assert page.redirect_chain[-1][0] == decide_url(case)
    case.refresh_from_db()
    assert case.step == StepCode.BRANCH_REVIEW
    assert secretary.post(url).status_code == 302
    assert case.decisions.filter(outcome=Outcome.RECALL).count() == 1


def test_taking_back_too_late_is_told(office, secretary, at):
    [case] = cases_at_review(office, 1)
    secretary.post(decide_url(case), decision(case, Outcome.PASS, **meeting()))
    last = case.decisions.latest("sequence")
    with at(moment=NOON + timedelta(minutes=11)):
        page = secretary.post(reverse("loans:recall", args=[case.pk, last.pk]), follow=True)
        assert "不能撤回" in text_of(page)
        shown = text_of(secretary.get(f"{REVIEW}?done={last.pk}"))
        assert reverse("loans:recall", args=[case.pk, last.pk]) not in shown


def test_nobody_finds_what_another_may_take_back(office, secretary, sign_in):
    [case] = cases_at_review(office, 1)
    secretary.post(decide_url(case), decision(case, Outcome.PASS, **meeting()))
    last = case.decisions.latest("sequence")
    url = reverse("loans:recall", args=[case.pk, last.pk])
    for user in (office.yangcen.village.general_secretary, office.yangcen.clerk, office.shaxi.village.secretary):
        assert sign_in(user).post(url).status_code == 404
    assert f"done={last.pk}" not in text_of(sign_in(office.yangcen.village.general_secretary).get(REVIEW))


@pytest.mark.parametrize("done", ["0", "x", "9" * 30, "-1", "%00"])
def test_a_tampered_address_offers_nothing(office, secretary, done):
    assert secretary.get(f"{REVIEW}?done={done}").context["offer"] is None


def test_nobody_agrees_before_every_paper_is_seen(office, secretary):
    story = CaseFactory(office)
    case = story.draft()
    hand_in(case, office.yangcen.clerk, photo(1), photo(2), document="identity_card")
    story.at(StepCode.BRANCH_REVIEW)
    refused = secretary.post(decide_url(case), decision(story.case, Outcome.PASS, **meeting()))
    assert "尚未查看" in text_of(refused)
    returned = decision(story.case, Outcome.RETURN, target=StepCode.INTAKE, reason="照片不清。")
    assert secretary.post(decide_url(case, StepCode.BRANCH_REVIEW), returned).status_code == 302


def test_the_next_case_of_the_sitting_knows_the_meeting_but_not_its_votes(office, secretary):
    cases = cases_at_review(office, 2)
    secretary.post(decide_url(cases[0]), decision(cases[0], Outcome.PASS, **meeting(place="村委会二楼")))
    form = secretary.get(decide_url(cases[1])).context["form"]
    assert (form["place"].value(), form["held_on"].value(), form["entitled"].value()) == (
        "村委会二楼", TODAY.isoformat(), "9",
    )  # fmt: skip
    assert form["in_favour"].value() is None


def test_the_checks_name_what_needs_attention(office, secretary):
    [case] = cases_at_review(office, 1)
    checks = secretary.get(decide_url(case)).context["checks"]
    assert len(checks.kept) > 5
    assert all(check.tone for check in checks.attention)


@pytest.mark.parametrize("number", [2, 9])
def test_the_questions_of_a_case_do_not_grow_with_its_list(office, secretary, questions, number):
    cases = cases_at_review(office, number)
    secretary.get(decide_url(cases[0]))
    with questions() as asked:
        secretary.get(decide_url(cases[0]))
    assert len(asked) < 60


def test_everybodys_phrases_and_ones_own_are_offered_at_their_step(office, secretary):
    [case] = cases_at_review(office, 1)
    Phrase.objects.create(step="branch_review", outcome="pass", text="公用意见。")
    Phrase.objects.create(step="committee_filing", outcome="pass", text="备案意见。")
    other = office.yangcen.village.general_secretary
    Phrase.objects.create(step="branch_review", outcome="pass", text="他人的意见。", owner=other)
    secretary.post(PHRASES, {"place": "branch_review/pass", "text": "自己的意见。"})
    page = text_of(secretary.get(decide_url(case)))
    assert [words in page for words in ("公用意见。", "自己的意见。", "备案意见。", "他人的意见。")] == [
        True, True, False, False,
    ]  # fmt: skip


def test_a_phrase_is_kept_once_and_deleted_by_its_owner_only(office, secretary, sign_in):
    posted = {"place": "branch_review/return", "text": "材料不全。"}
    assert secretary.post(PHRASES, posted).status_code == 302
    secretary.post(PHRASES, posted)
    phrase = Phrase.objects.get(owner=office.yangcen.village.secretary)
    url = reverse("loans:phrase-delete", args=[phrase.pk])
    assert sign_in(office.yangcen.village.general_secretary).post(url).status_code == 404
    assert secretary.post(url).status_code == 302
    assert not Phrase.objects.filter(pk=phrase.pk).exists()


def test_everybodys_phrases_are_nobodys_to_delete(office, secretary):
    shared = Phrase.objects.create(step="branch_review", outcome="pass", text="公用意见二。")
    assert secretary.post(reverse("loans:phrase-delete", args=[shared.pk])).status_code == 404


@pytest.mark.parametrize(
    "posted",
    [
        {"place": "branch_review/pass", "text": ""},
        {"place": "branch_review/pass", "text": "同" * 201},
        {"place": "committee_filing/pass", "text": "不是我的环节。"},
        {"place": "branch_review/settle", "text": "没有这个结论。"},
        {"place": "x", "text": "无此选项。"},
    ],
)
def test_a_phrase_that_cannot_be_kept_is_told(office, secretary, posted):
    page = secretary.post(PHRASES, posted)
    assert page.status_code == 200
    assert page.context["form"].errors
    assert not Phrase.objects.filter(owner=office.yangcen.village.secretary).exists()


def test_nobody_keeps_more_phrases_than_a_person_can_read(office, secretary):
    owner = office.yangcen.village.secretary
    Phrase.objects.bulk_create(
        Phrase(step="branch_review", outcome="pass", text=f"意见{n}。", owner=owner) for n in range(PHRASES_MAX)
    )
    page = secretary.post(PHRASES, {"place": "branch_review/pass", "text": "再来一条。"})
    assert f"最多 {PHRASES_MAX} 条" in text_of(page)


def test_a_page_of_phrases_is_for_those_who_write_opinions(office, sign_in, noon):
    assert sign_in(office.yangcen.clerk).get(PHRASES).status_code == 404
    assert sign_in(office.yangcen.committee_officer).get(PHRASES).status_code == 200


def test_opening_the_review_writes_nothing(office, secretary):
    cases_at_review(office, 2)
    before = ApplicationDecision.objects.count()
    secretary.get(REVIEW)
    assert ApplicationDecision.objects.count() == before
