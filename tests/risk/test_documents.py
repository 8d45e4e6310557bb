"""The claim form on paper: every field of the form, boxes to write in where nothing is known yet."""

import io
import re

import pytest
from pypdf import PdfReader

from risk.choices import ClaimOutcome
from risk.documents import NotReadable, boxes_of, context_of, print_claim_form
from risk.models import Claim
from risk.queries.claims import claims_in_full
from tests.factories.care import collect
from tests.factories.county import TODAY
from tests.factories.risk import late_loan
from web.display import show_yuan

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def loan(office):
    return late_loan(office.yangcen.village)


def text_of(claim: Claim, reader) -> str:
    form = print_claim_form(claim_id=claim.pk, reader=reader, on=TODAY)
    pages = PdfReader(io.BytesIO(form.content)).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


def test_the_form_shows_every_field_of_a_paid_claim(story, loan):
    collect(loan, story.officer, note="已送达本人。")
    claim = story.paid(loan)
    story.recover(claim, "10000", "1200")
    claim.refresh_from_db()
    text = text_of(claim, story.finance)
    for wanted in (
        claim.number, loan.contract_number, loan.application.borrower_name, "97天", show_yuan(claim.principal_due),
        show_yuan(claim.interest_due), show_yuan(claim.fund_part), show_yuan(claim.recovered), "已送达本人。",
        "附5", "3份", "县财政局审核意见", "70.00%", "2014年8月15日",
    ):  # fmt: skip
        assert re.sub(r"\s", "", str(wanted)) in text, wanted


def test_the_same_claim_gives_the_same_bytes(story, loan):
    claim = story.filed(loan)
    first, second = (print_claim_form(claim_id=claim.pk, reader=story.finance, on=TODAY) for _ in range(2))
    assert first.content == second.content


def test_before_filing_the_boxes_are_empty(story, loan):
    claim = claims_in_full().get(pk=story.prepared(loan).pk)
    context = context_of(claim, TODAY)
    assert not context["is_filed"]
    assert [box.decision for box in boxes_of(claim)] == [None] * 4
    assert not any(paper["is_scanned"] for paper in context["papers"])


def test_the_opinions_are_those_of_the_present_filing(story, loan):
    claim = story.filed(loan)
    story.decide(claim, story.county.organisation_officer, reason="情况属实。")
    boxes = boxes_of(claims_in_full().get(pk=claim.pk))
    assert [bool(box.decision) for box in boxes] == [True, True, False, False]
    story.decide(claim, story.finance, ClaimOutcome.REJECT, reason="不符合条件。")
    boxes = boxes_of(claims_in_full().get(pk=claim.pk))
    assert boxes[2].is_against


def test_a_claim_of_another_outlet_is_not_printed(story, loan):
    claim = story.filed(loan)
    for user in (story.county.shaxi.credit_officer, story.county.yangcen.clerk, story.county.leader):
        with pytest.raises(NotReadable):
            print_claim_form(claim_id=claim.pk, reader=user, on=TODAY)
