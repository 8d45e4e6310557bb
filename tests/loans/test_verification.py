"""The public page of a paper's code: what it tells, when a paper no longer holds, and that guessing finds none."""

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from loans.choices import Outcome, PaperKind, StepCode
from loans.documents_code import address_of
from loans.documents_printing import print_paper
from loans.models import Application, IssuedPaper
from loans.operations import public_pages
from loans.operations.issuing import issue_paper, number_paper
from loans.queries.issued import check_number_of, code_of, digest_of, verdict_on
from tests.factories.county import NOON
from tests.factories.issued import letter_issued
from tests.factories.loans import CaseFactory
from tests.races import race


@pytest.fixture
def codes(monkeypatch):
    """Every code that is given out, as the paper carries it."""
    given = []
    monkeypatch.setattr(
        "loans.documents_code.address_of", lambda code: given.append(code) or address_of(code)
    )  # fmt: skip
    return given


@pytest.fixture
def visitor():
    return Client()


def look(visitor, code):
    return visitor.get(reverse("public:paper", args=[code]))


def text_of(response):
    return re.sub(r"<[^>]+>|\s", "", response.content.decode())


def printed(story, kind, reader):
    print_paper(kind=kind, application_id=story.case.pk, reader=reader, at=NOON)


def letter(office, codes):
    story = CaseFactory(office)
    story.at(StepCode.COMMITTEE_FILING)
    printed(story, "referral_letter", story.village.secretary)
    return story, codes[-1]


# --- what it tells


def test_whoever_has_the_paper_sees_masked_what_it_says_and_that_it_holds(office, codes, visitor):
    story, code = letter(office, codes)
    said = text_of(look(visitor, code))
    for expected in ["有效", "推荐函", "〔2014〕第001号", "中羊村第一党支部", "罗*芳", "50,000.00元", "人民币伍万元整",
                     "2014-07-26", check_number_of(code)]:  # fmt: skip
        assert expected in said
    assert story.case.person.name not in said
    assert story.case.person.id_number_masked not in said
    assert story.case.number not in said


def test_a_list_tells_how_many_and_how_much_but_nobody(office, codes, visitor):
    story = CaseFactory(office)
    story.at(StepCode.SUBSIDY_CONFIRMATION)
    printed(story, "filing_form", story.township.committee_officer)
    said = text_of(look(visitor, codes[-1]))
    assert "件数1" in said
    assert "羊岑党备〔2014〕1号" in said
    assert "罗" not in said


def test_the_page_sets_no_cookie_and_is_kept_by_nobody(office, codes, visitor):
    response = look(visitor, letter(office, codes)[1])
    assert response.status_code == 200
    assert not response.cookies
    assert "noindex" in response["X-Robots-Tag"]
    assert response["Cache-Control"] == "no-store"
    assert '<meta name="robots" content="noindex' in response.content.decode()


def test_the_address_on_the_paper_is_that_of_the_site(settings):
    settings.SITE_URL = "https://loans.example/"
    assert address_of("abc") == "https://loans.example/public/papers/abc/"


# --- when a paper no longer holds


def test_a_paper_whose_content_changed_says_that_another_took_its_place(office, codes, visitor):
    story, code = letter(office, codes)
    Application.objects.filter(pk=story.case.pk).update(project_name="肉牛养殖")
    printed(story, "referral_letter", story.village.secretary)
    assert "已有新版本" in text_of(look(visitor, code))
    assert "有效" in text_of(look(visitor, codes[-1]))


def test_what_was_changed_and_changed_back_holds_again(office, codes, visitor):
    story, code = letter(office, codes)
    for name in ("肉牛养殖", "生猪养殖"):
        Application.objects.filter(pk=story.case.pk).update(project_name=name)
        printed(story, "referral_letter", story.village.secretary)
    assert codes[0] == codes[2] == code
    assert "有效" in text_of(look(visitor, code))
    assert [paper.sequence for paper in IssuedPaper.objects.order_by("sequence")] == [1, 2, 3]


def test_a_letter_is_void_once_the_case_was_sent_back_behind_its_review(office, codes, visitor):
    story, code = letter(office, codes)
    story.decide(Outcome.RETURN, story.township.committee_officer, reason="缺照片。", target=StepCode.BRANCH_REVIEW)
    assert "已失效" in text_of(look(visitor, code))


def test_a_letter_is_void_once_the_applicant_withdrew(office, codes, visitor):
    story, code = letter(office, codes)
    story.decide(Outcome.WITHDRAW, story.township.clerk, reason="不贷了。")
    assert "已失效" in text_of(look(visitor, code))


def test_a_list_is_void_once_a_case_was_taken_off_it(office, codes, visitor):
    story = CaseFactory(office)
    story.at(StepCode.SUBSIDY_CONFIRMATION)
    printed(story, "filing_form", story.township.committee_officer)
    story.at(StepCode.DISBURSEMENT)
    story.decide(Outcome.RETURN, story.township.credit_officer, reason="材料不全。", target=StepCode.BRANCH_REVIEW)
    assert "已失效" in text_of(look(visitor, codes[-1]))


# --- nobody finds one by guessing


def test_codes_are_long_and_another_county_with_another_key_has_others(settings):
    ours = code_of(kind="dossier", subject="case:1", content="x")
    settings.PERSONAL_DATA_KEY = "another"
    assert len(ours) == 24
    assert code_of(kind="dossier", subject="case:1", content="x") != ours


def test_kind_subject_and_every_word_of_a_paper_count():
    said = {"kind": "dossier", "subject": "case:1", "content": "贷款"}
    changed = [said | {"kind": "x"}, said | {"subject": "case:2"}, said | {"content": "贷款。"}]
    assert len({code_of(**one) for one in [said, *changed]}) == 4


@pytest.mark.parametrize("wrong", ["1", "x" * 24, "a" * 500, "%F0%A0%AE%B7", "..%2F"])
def test_every_wrong_code_gets_the_same_answer(office, visitor, wrong):
    right = letter_issued(CaseFactory(office).at(StepCode.REFERRAL))
    almost = right[:-1] + ("A" if right[-1] != "A" else "B")
    first, second = look(visitor, almost), look(visitor, wrong)
    assert first.status_code == second.status_code == 404
    assert text_of(first) == text_of(second)
    assert "未查到该文书" in text_of(first)


def test_the_code_itself_is_not_stored(office):
    code = letter_issued(CaseFactory(office).at(StepCode.REFERRAL))
    row = IssuedPaper.objects.values().get()
    assert code not in str(row)
    assert row["digest"] == digest_of(code)


def test_who_asks_without_end_is_told_to_come_again(office, visitor, monkeypatch, at):
    code = letter_issued(CaseFactory(office).at(StepCode.REFERRAL))
    monkeypatch.setitem(public_pages.HOURLY_MAX, public_pages.Deed.LOOK, 2)
    with at():
        assert [look(visitor, one).status_code for one in ("x", code, "y", code)] == [404, 200, 429, 429]
    with at(moment=NOON + timedelta(hours=1)):
        assert look(visitor, code).status_code == 200


def test_nothing_can_be_sent_to_the_page(office, visitor):
    code = letter_issued(CaseFactory(office).at(StepCode.REFERRAL))
    assert visitor.post(reverse("public:paper", args=[code])).status_code == 405


def test_looking_takes_a_handful_of_questions(office, codes, visitor, questions):
    _story, code = letter(office, codes)
    with questions() as asked:
        look(visitor, code)
    assert len(asked) <= 7


# --- what is written down


def test_what_was_handed_out_is_never_changed_or_deleted(office):
    letter_issued(CaseFactory(office).at(StepCode.REFERRAL))
    for statement in (IssuedPaper.objects.all().delete, lambda: IssuedPaper.objects.update(number="x")):
        with pytest.raises(DatabaseError), transaction.atomic():
            statement()


def test_the_same_paper_twice_is_one_row(office):
    case = CaseFactory(office).at(StepCode.REFERRAL)
    assert letter_issued(case) == letter_issued(case)
    assert IssuedPaper.objects.count() == 1
    assert verdict_on(letter_issued(case)).paper.number == "〔2014〕第001号"


@pytest.mark.django_db(transaction=True)
def test_eight_printers_at_once_write_one_row_and_take_one_number(office):
    case = CaseFactory(office).at(StepCode.REFERRAL)

    def write():
        number = number_paper(kind=PaperKind.REFERRAL_LETTER, subject=f"case:{case.pk}", series="1", year=2014)
        code = code_of(kind=PaperKind.REFERRAL_LETTER, subject=f"case:{case.pk}", content="x")
        issue_paper(
            kind=PaperKind.REFERRAL_LETTER, subject=f"case:{case.pk}", code=code, number=str(number), facts={},
            application=case, issued_by=case.created_by, issued_at=NOON,
        )  # fmt: skip
        return number.serial

    assert set(race((), *[write] * 8)) == {1}
    assert IssuedPaper.objects.count() == 1
