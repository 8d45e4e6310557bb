"""A case's whole dossier as one PDF: contents, bookmarks, pictures, attached files, history."""

import io
import re
from datetime import timedelta
from decimal import Decimal

import pypdf
import pytest

from files.models import Attachment
from loans.choices import StepCode
from loans.documents_dossier import ledger_rows
from loans.documents_printing import print_paper
from loans.models import IssuedPaper, PaperNumber
from loans.operations.papers import withdraw_paper
from loans.queries.detail import cases_in_full
from tests.factories import care
from tests.factories.county import NOON
from tests.factories.loans import CaseFactory
from tests.factories.papers import hand_in, photo, scan


def dossier(story, *, by=None, at=NOON):
    return print_paper(
        kind="dossier", application_id=story.case.pk, reader=by or story.township.clerk, at=at
    ).content  # fmt: skip


def read(content):
    return pypdf.PdfReader(io.BytesIO(content))


def words_of(page):
    return "".join(page.extract_text().split())


def bookmarks(reader):
    """Return title and page of the outermost bookmarks."""
    flat = [mark for mark in reader.outline if not isinstance(mark, list)]
    return {mark.title.split("\u3000")[-1]: reader.get_destination_page_number(mark) + 1 for mark in flat}


def closed(office):
    story = CaseFactory(office)
    story.lent()
    care.visit(story.case.loan, story.village.secretary, findings="母猪已产仔。")
    care.collect(story.case.loan, story.township.credit_officer, note="提醒结息。")
    story.repay(story.case.loan.principal, Decimal("27.50"))
    story.assess()
    return story


def draft_with_files(office, *files, **how):
    story = CaseFactory(office)
    story.draft()
    hand_in(story.case, story.township.clerk, *files, name="身份证复印件", at=story.moment, **how)
    story.at(StepCode.BRANCH_REVIEW)
    return story


def test_every_part_is_in_the_contents_with_its_page_and_has_a_bookmark(office, cupboard):
    reader = read(dossier(closed(office)))
    found = bookmarks(reader)
    lines = re.findall(r"^(\S+) \.+ (\d+)$", reader.pages[1].extract_text(), re.MULTILINE)
    parts = ["申请审批表", "公示记录", "备案表（摘录）", "借款合同和借据", "放款通知书", "还款台账",
             "贷后走访和催收记录", "组织考核表", "办理经过"]  # fmt: skip
    assert [title for title in found if title in parts] == parts
    assert lines == [(title, str(found[title])) for title in parts]


def test_the_pages_are_numbered_through(office, cupboard):
    reader = read(dossier(closed(office)))
    for number, page in enumerate(reader.pages, start=1):
        assert f"第{number}页共{len(reader.pages)}页" in words_of(page)
        assert "532931-2014-000012014年8月15日打印" in words_of(page)


def test_the_ledger_the_visits_and_the_history_are_told_from_the_first_day_on(office, cupboard):
    reader = read(dossier(closed(office)))
    found = bookmarks(reader)
    ledger = words_of(reader.pages[found["还款台账"] - 1])
    assert ledger.index("50,000.00") < ledger.index("27.50")
    care_page = words_of(reader.pages[found["贷后走访和催收记录"] - 1])
    assert "母猪已产仔。" in care_page
    assert "提醒结息。" in care_page
    history = words_of(reader.pages[found["办理经过"] - 1])
    assert history.index("登记") < history.index("党员介绍") < history.index("信用社核发") < history.index("组织考核")


def test_pictures_are_printed_one_a_page_and_a_pdf_lies_inside_with_its_hash_in_the_list(office, cupboard):
    story = draft_with_files(office, photo(1), photo(2), scan("合作协议.pdf"))
    reader = read(dossier(story))
    first = bookmarks(reader)["附件"]
    listed = "".join(words_of(page) for page in reader.pages[first - 1 :])
    for attachment in Attachment.objects.all():
        assert attachment.sha256 in listed
    sheets = [words_of(page) for page in reader.pages[first:]]
    assert ["附件1身份证复印件" in sheets[0], "附件2身份证复印件" in sheets[1], len(sheets)] == [True, True, 2]
    name = next(name for name in reader.attachments if name.endswith("合作协议.pdf"))
    kept = Attachment.objects.get(content_type="application/pdf")
    with kept.file.open() as stored:
        assert reader.attachments[name] == [stored.read()]


def test_a_paper_that_was_withdrawn_is_not_in_the_dossier(office, cupboard):
    story = CaseFactory(office)
    story.draft()
    kept, gone = hand_in(
        story.case, story.township.clerk, photo(1), photo(2), name="照片", at=story.moment
    )  # fmt: skip
    withdraw_paper(
        paper_id=gone.pk, reason="拍错了。", withdrawn_by=story.township.clerk, withdrawn_at=story.moment
    )  # fmt: skip
    story.at(StepCode.BRANCH_REVIEW)
    said = "".join(words_of(page) for page in read(dossier(story)).pages)
    assert kept.attachment.sha256 in said
    assert gone.attachment.sha256 not in said


def test_a_file_that_is_lost_is_named_and_the_rest_is_printed(office, cupboard):
    story = draft_with_files(office, photo(1), photo(2))
    lost = Attachment.objects.order_by("pk").first()
    lost.file.storage.delete(lost.file.name)
    reader = read(dossier(story))
    assert "文件缺失或已变动" in words_of(reader.pages[bookmarks(reader)["附件"] - 1])
    assert "附件2身份证复印件" in words_of(reader.pages[-1])


def test_a_dossier_gives_out_no_number_but_shows_the_letter_that_was_sent(office, cupboard):
    story = CaseFactory(office)
    story.at(StepCode.COMMITTEE_FILING)
    assert "推荐函" not in bookmarks(read(dossier(story)))
    assert not PaperNumber.objects.exists()
    print_paper(
        kind="referral_letter", application_id=story.case.pk, reader=story.village.secretary, at=NOON
    )  # fmt: skip
    assert "推荐函" in bookmarks(read(dossier(story)))


def test_the_filing_form_in_a_dossier_tells_nothing_of_the_other_cases(office, cupboard):
    story = CaseFactory(office)
    story.at(StepCode.SUBSIDY_CONFIRMATION)
    other = CaseFactory(office, person=office.yangcen.village.members[1].person)
    other.at(StepCode.SUBSIDY_CONFIRMATION)
    other.case.filing_number = story.case.filing_number
    other.case.save()
    said = "".join(words_of(page) for page in read(dossier(story)).pages)
    assert story.case.filing_number in said
    assert other.case.number not in said


def test_a_dossier_of_the_next_day_is_another_file_but_the_same_paper(office, cupboard):
    story = closed(office)
    first, second = dossier(story), dossier(story, at=NOON + timedelta(days=1))
    assert first != second
    assert IssuedPaper.objects.filter(kind="dossier").count() == 1


def test_the_balance_after_each_entry_leaves_out_what_was_reversed(office):
    story = CaseFactory(office)
    story.lent()
    story.repay(Decimal(20000), Decimal(10))
    rows = ledger_rows(cases_in_full().get(pk=story.case.pk).loan)
    assert rows[0].balance == 50000
    assert rows[-1].balance == 30000


@pytest.mark.parametrize("files", [0, 3])
def test_a_dossier_asks_as_many_questions_for_many_files_as_for_none(office, cupboard, questions, files):
    story = CaseFactory(office)
    story.draft()
    if files:
        hand_in(
            story.case, story.township.clerk, *[photo(n) for n in range(files)], name="照片", at=story.moment
        )  # fmt: skip
    story.at(StepCode.BRANCH_REVIEW)
    with questions() as asked:
        dossier(story)
    assert len(asked) <= 50
