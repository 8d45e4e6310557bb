"""The contract (借款合同) and the note (借据) of loans, as one PDF. Chinese whatever the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext

from accounts.choices import Verb
from accounts.models import User
from finance.rates import NoRate
from finance.schedules import Instalment
from loans.choices import PAID_OUT_KINDS, CreditStatus, StepCode
from loans.documents import PAPER_LANGUAGE, NotReadable, cases_for_papers
from loans.models import Application, Loan, LoanEntry, ProgrammeVersion
from loans.queries.desk import AMOUNT, masked_account
from loans.queries.detail import effective_entries, loan_of
from loans.queries.rates import rate_formula
from loans.queries.schedules import quote, schedule_of, total_interest
from loans.queries.versions import published_version
from web.documents import render_pdf

LOAN_CONTRACTS = "loan_contracts"


class NotAgreed(Exception):
    """The terms of a loan are not settled yet, so there is nothing to sign."""


@dataclass(frozen=True)
class Paper:
    """A finished PDF. `name` is what it is saved as, `numbers` are the cases in it."""

    content: bytes
    name: str
    numbers: tuple[str, ...]


@dataclass(frozen=True)
class Contract:
    """What a contract and its notes print. Amounts in yuan, rates in percent a year.

    Before paying out, number and days are left to the pen, and the schedule is reckoned from the day of printing.
    """

    case: Application
    loan: Loan | None
    terms: Loan | ProgrammeVersion  # both say how days are counted and what late payment costs
    principal: Decimal
    term_months: int
    benchmark_percent: Decimal
    rate_percent: Decimal
    formula: str
    start_date: date
    due_date: date
    instalments: Sequence[Instalment]
    drawings: Sequence[LoanEntry]

    @property
    def number(self) -> str:
        return self.loan.contract_number if self.loan else ""

    @property
    def interest(self) -> Decimal:
        return total_interest(list(self.instalments))

    @property
    def is_subsidised(self) -> bool:
        return self.case.subsidy_reserved > 0


def print_contracts(*, application_ids: Sequence[int], reader: User, on: date) -> Paper:
    """Return the contracts of several cases as one PDF, dated `on`. The same cases on a day give the same bytes.

    Raises NotReadable for a case outside the reader's counters, NotAgreed with a sentence, and what
    web.documents.render_pdf raises.
    """
    scope = reader.scope(Verb.DISBURSE, on=on)
    reachable = Application.objects.for_scope(scope).filter(pk__in=application_ids).count()
    if not application_ids or reachable != len(set(application_ids)):
        raise NotReadable
    with translation.override(PAPER_LANGUAGE):
        contracts = [contract_of(case, on=on) for case in _cases(application_ids)]
    numbers = tuple(one.case.number for one in contracts)
    title = f"借款合同和借据 {numbers[0]}" + (f" 等{len(numbers)}件" if len(numbers) > 1 else "")
    context = {"contracts": contracts, "printed_on": on}
    pdf = render_pdf("loans/documents/contract.html", context, title=title, created_on=on)
    return Paper(content=pdf, name=f"{title}.pdf", numbers=numbers)


def _cases(application_ids: Sequence[int]) -> list[Application]:
    cases = cases_for_papers().filter(pk__in=application_ids)
    found = list(cases.annotate(approved=AMOUNT, account_masked=masked_account()).order_by("number"))
    for case in found:
        case.version = published_version(case.version_id)
    return found


def contract_of(case: Any, *, on: date) -> Contract:
    """Return what the contract of a case says: of a loan what was signed, else what will be. Raises NotAgreed."""
    loan = loan_of(case)
    return _signed(case, loan) if loan is not None else _to_be_signed(case, on)


def _signed(case: Application, loan: Loan) -> Contract:
    return Contract(
        case=case,
        loan=loan,
        terms=loan,
        principal=loan.principal,
        term_months=loan.term_months,
        benchmark_percent=loan.benchmark_percent,
        rate_percent=loan.rate_percent,
        formula=rate_formula(case.version, case.concession),
        start_date=loan.start_date,
        due_date=loan.due_date,
        instalments=schedule_of(loan),
        drawings=[entry for entry in effective_entries(loan) if entry.kind in PAID_OUT_KINDS],
    )


def _to_be_signed(case: Any, on: date) -> Contract:
    require_agreement(case)
    term_months = case.term_granted or case.term_months
    try:
        quotation = quote(
            version=case.version,
            amount=case.approved,
            term_months=term_months,
            repayment_method=case.repayment_method,
            start_date=on,
            concession=case.concession,
        )
    except NoRate as error:
        raise NotAgreed(gettext("No benchmark rate is known for this term and day.")) from error
    return Contract(
        case=case,
        loan=None,
        terms=case.version,
        principal=quotation.amount,
        term_months=term_months,
        benchmark_percent=quotation.benchmark_percent,
        rate_percent=quotation.rate_percent,
        formula=quotation.rate_formula,
        start_date=on,
        due_date=quotation.due_date,
        instalments=quotation.instalments,
        drawings=[],
    )


def require_agreement(case: Any) -> None:
    """Raise NotAgreed unless the case waits to be paid out and, where needed, the manager has consented."""
    limit = case.version.consent_above
    is_settled = case.credit_status == CreditStatus.GIVEN or limit is None or case.approved <= limit
    is_asked = case.credit_status == CreditStatus.ASKED
    if case.step != StepCode.DISBURSEMENT or not case.is_waiting or is_asked or not is_settled:
        raise NotAgreed(gettext("The terms of %(number)s are not agreed yet.") % {"number": case.number})
