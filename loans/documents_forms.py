"""What the papers of the six steps show: application form, referral letter, filing form, notice of disbursement,
assessment form. What no row holds is left as a box to write in.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext

from finance.money import ZERO
from finance.periods import SETTLEMENT_DAY
from loans.choices import EntryKind, LoanState, PaperKind, StepCode
from loans.documents import (
    PAPER_LANGUAGE,
    Opinion,
    application_form,
    branch_name_on,
    cases_for_papers,
    opinions_of,
    party_member_on,
)
from loans.documents_code import Content
from loans.models import Application, Loan
from loans.operations.issuing import number_paper
from loans.queries.desk import masked_account
from loans.queries.detail import effective_entries, loan_of
from loans.queries.filed import cases_filed_under, sheet_of
from loans.queries.schedules import schedule_of, total_interest
from web.clock import day_of
from web.display import show_percent
from web.masking import masked_name

MONTHS_A_YEAR, PERMILLE_IN_PERCENT = 12, 10


class NotPrintable(Exception):
    """The case is not so far that this paper exists, or not any more."""

    def __init__(self) -> None:
        super().__init__(gettext("The case has not reached the step of this paper, or was sent back from it."))


def subject_of(case: Application) -> str:
    return f"case:{case.pk}"


def public_facts(case: Application, *, amount: Decimal | None, office: str, day: date | None) -> dict[str, str]:
    """Return what the public page of a paper on one case says: a person's name is masked, a body's is not."""
    name = case.entity.name if case.entity else masked_name(case.person.name)
    facts = {
        "name": name,
        "amount": str(amount) if amount is not None else "",
        "office": office,
        "day": day.isoformat() if day else "",
    }
    return {key: value for key, value in facts.items() if value}


def case_for_paper(application_id: int) -> Application:
    """Return a case with what its papers show. Raises Application.DoesNotExist."""
    case: Application = cases_for_papers().annotate(account_masked=masked_account()).get(pk=application_id)
    return case


def opinions_by_step(case: Application) -> dict[str, Opinion]:
    """Return what was decided at each step and still stands, steps shown under another included."""
    return {opinion.step.code: opinion for opinion in _flat(opinions_of(case))}


def _flat(opinions: Sequence[Opinion]) -> Iterator[Opinion]:
    for opinion in opinions:
        yield opinion
        yield from _flat(opinion.below)


def standing_opinion(opinions: dict[str, Opinion], *steps: str) -> Opinion | None:
    """Return the opinion of the last of these steps that the version has, if it was decided in favour."""
    opinion = next((opinions[step] for step in reversed(steps) if step in opinions), None)
    return opinion if opinion is not None and opinion.decision is not None and not opinion.is_against else None


def application_form_content(application_id: int, *, printed_on: date) -> Content:
    """The application and approval form (申请审批表) as it stands: a draft too, with boxes for what comes."""
    context = application_form(application_id)
    case: Application = context["case"]
    return Content(
        kind=PaperKind.APPLICATION_FORM,
        subject=subject_of(case),
        number=case.number,
        title=f"申请审批表 {case.number}",
        template="loans/documents/paper.html",
        created_on=printed_on,
        context={**context, "body": "loans/documents/_paper_application_form.html"},
        facts=public_facts(case, amount=case.amount_asked, office=case.branch.name, day=context["applied_on"]),
        case=case,
    )


def referral_letter_content(application_id: int, *, printed_on: date) -> Content:
    """The branch's letter to the outlet (推荐函): once reviewed and, where the programme has it, shown to the village.

    Raises NotPrintable.
    """
    with translation.override(PAPER_LANGUAGE):
        case = case_for_paper(application_id)
        opinions = opinions_by_step(case)
        review = standing_opinion(opinions, StepCode.BRANCH_REVIEW)
        last = standing_opinion(opinions, StepCode.BRANCH_REVIEW, StepCode.PUBLIC_NOTICE)
        if review is None or last is None or last.decision is None:
            raise NotPrintable
        day = day_of(last.decision.decided_at)
        number = number_paper(
            kind=PaperKind.REFERRAL_LETTER, subject=subject_of(case), series=str(case.branch_id), year=day.year
        )
        member = party_member_on(case.person, day)
        context = {
            "case": case,
            "number": str(number),
            "review": review,
            "notice": last.notice,
            "opinion": last,
            "is_member": member is not None,
            "member_branch": branch_name_on(member, day),
            "day": day,
            "body": "loans/documents/_paper_referral_letter.html",
        }
    return Content(
        kind=PaperKind.REFERRAL_LETTER,
        subject=subject_of(case),
        number=str(number),
        title=f"推荐函 {case.number}",
        template="loans/documents/paper.html",
        created_on=day,
        context=context,
        facts=public_facts(case, amount=case.amount_asked, office=case.branch.name, day=day),
        case=case,
        decision=last.decision,
    )


def filing_form_content(application_id: int, *, printed_on: date) -> Content:
    """The filing form (备案表) of the list a case was filed on, with all cases of its number. Raises NotPrintable."""
    with translation.override(PAPER_LANGUAGE):
        case = case_for_paper(application_id)
        opinion = standing_opinion(opinions_by_step(case), StepCode.COMMITTEE_FILING)
        if opinion is None or opinion.decision is None or not case.filing_number:
            raise NotPrintable
        filed_on = day_of(opinion.decision.decided_at)
        cases = list(cases_filed_under(case.filing_number))
        amount = sum((one.amount_asked or ZERO for one in cases), start=ZERO)
        office = opinion.decision.organization.name if opinion.decision.organization else ""
        context = {
            "case": case,
            "cases": cases,
            "amount": amount,
            "office": office,
            "received_on": opinion.facts.get("received_on"),
            "filed_on": filed_on,
            "opinion": opinion,
            "sheet": sheet_of(case.filing_number),
            "body": "loans/documents/_paper_filing_form.html",
        }
    return Content(
        kind=PaperKind.FILING_FORM,
        subject=f"filing:{case.filing_number}",
        number=case.filing_number,
        title=f"备案表 {case.filing_number}",
        template="loans/documents/paper.html",
        created_on=filed_on,
        context=context,
        facts={"cases": len(cases), "amount": str(amount), "office": office, "day": filed_on.isoformat()},
    )


def disbursement_notice_content(application_id: int, *, printed_on: date) -> Content:
    """The lender's notice to the borrower (放款通知书) of a loan that was paid out. Raises NotPrintable."""
    with translation.override(PAPER_LANGUAGE):
        case = case_for_paper(application_id)
        loan = loan_of(case)
        opinion = standing_opinion(opinions_by_step(case), StepCode.DISBURSEMENT)
        if loan is None or opinion is None or opinion.decision is None:
            raise NotPrintable
        instalments = schedule_of(loan)
        context = {
            "case": case,
            "loan": loan,
            "opinion": opinion,
            "monthly_permille": show_percent(monthly_permille(loan.rate_percent)).rstrip("%"),
            "settlement_day": SETTLEMENT_DAY,
            "drawings": drawings_of(loan),
            "instalments": instalments,
            "interest_total": total_interest(instalments),
            "body": "loans/documents/_paper_disbursement_notice.html",
        }
    return Content(
        kind=PaperKind.DISBURSEMENT_NOTICE,
        subject=subject_of(case),
        number=loan.contract_number,
        title=f"放款通知书 {case.number}",
        template="loans/documents/paper.html",
        created_on=loan.start_date,
        context=context,
        facts=public_facts(case, amount=loan.principal, office=case.outlet.name, day=loan.start_date),
        case=case,
        decision=opinion.decision,
    )


def monthly_permille(rate_percent: Decimal) -> Decimal:
    """Return a yearly rate in percent as the ‰ a month that banks write beside it: 6.60 % a year is 5.5 ‰."""
    return rate_percent * PERMILLE_IN_PERCENT / MONTHS_A_YEAR


def drawings_of(loan: Loan) -> list[Any]:
    """Return the entries by which a loan was paid out, oldest first. Needs `loan__entries`."""
    return [entry for entry in effective_entries(loan) if entry.kind in (EntryKind.DISBURSEMENT, EntryKind.TRANCHE)]


@dataclass(frozen=True)
class Record:
    """What the ledger says for an assessment, in yuan."""

    principal_repaid: Decimal
    interest_paid: Decimal
    is_settled: bool


def record_of(loan: Loan) -> Record:
    """Return how a loan came back. Needs `loan__entries`."""
    paid = dict.fromkeys(EntryKind.values, ZERO)
    for entry in effective_entries(loan):
        paid[entry.kind] += entry.amount
    return Record(paid[EntryKind.PRINCIPAL], paid[EntryKind.INTEREST], loan.state == LoanState.SETTLED)


def assessment_form_content(application_id: int, *, printed_on: date) -> Content:
    """The assessment form (组织考核表) of a loan: filled in from the step, or empty before it. Raises NotPrintable."""
    with translation.override(PAPER_LANGUAGE):
        case = case_for_paper(application_id)
        loan = loan_of(case)
        opinions = opinions_by_step(case)
        opinion = opinions.get(StepCode.ASSESSMENT)
        if loan is None or opinion is None or case.step != StepCode.ASSESSMENT:
            raise NotPrintable
        day = day_of(opinion.decision.decided_at) if opinion.decision else printed_on
        context = {
            "case": case,
            "loan": loan,
            "opinion": opinion,
            "record": record_of(loan),
            "until": loan.settled_on or (day if opinion.decision else None),
            "body": "loans/documents/_paper_assessment_form.html",
        }
        office = opinion.decision.organization.name if opinion.decision and opinion.decision.organization else ""
    return Content(
        kind=PaperKind.ASSESSMENT_FORM,
        subject=subject_of(case),
        number=case.number,
        title=f"考核表 {case.number}",
        template="loans/documents/paper.html",
        created_on=day,
        context=context,
        facts=public_facts(case, amount=loan.principal, office=office, day=day if opinion.decision else None),
        case=case,
        decision=opinion.decision,
    )
