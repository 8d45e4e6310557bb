"""The lender's side: credit decision, consent, paying out (信用社核发). No office can order a loan."""

from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.choices import Verb
from finance.daycount import add_months
from finance.money import ZERO
from finance.rates import NoRate
from loans.choices import CreditStatus, EntryKind, LoanState, Outcome, Side, StepCode
from loans.models import Application, Loan, LoanEntry, LoanUnit
from loans.queries.rates import benchmark_percent, contract_rate
from loans.queries.stops import stop_covering
from loans.steps.base import WITHDRAWAL, Context, Impossible, Rule, Step
from loans.steps.exposure import exposure_problems
from loans.steps.facts import CreditFacts, DisbursementFacts, Problem, SettlementFacts
from loans.steps.money import free_quota, free_reservation, reservation_of
from organizations.models import Person


class Disbursement(Step):
    """The credit union decides by itself: not above what was asked, at the programme's rate.

    Above the version's `consent_above` the officer's credit decision waits for the recorded consent of another person.
    """

    code = StepCode.DISBURSEMENT
    rules = {
        Outcome.PROPOSE: Rule(Verb.DISBURSE, Side.LENDER, CreditFacts),
        Outcome.CONSENT: Rule(Verb.CONSENT, Side.CONSENT),
        Outcome.REFUSE_CONSENT: Rule(Verb.CONSENT, Side.CONSENT),
        Outcome.DISBURSE: Rule(Verb.DISBURSE, Side.LENDER, DisbursementFacts),
        Outcome.DECLINE: Rule(Verb.DISBURSE, Side.LENDER),
        Outcome.RETURN: Rule(Verb.DISBURSE, Side.LENDER),
        Outcome.SETTLE: Rule(Verb.DISBURSE, Side.LENDER, SettlementFacts),
        Outcome.WRITE_OFF: Rule(Verb.CONSENT, Side.CONSENT, SettlementFacts),
        Outcome.DUE: Rule(None, Side.LENDER),
        **WITHDRAWAL,
    }

    def blockers(self, case: Application, outcome: str, facts: Any, context: Context) -> list[Problem]:
        match outcome:
            case Outcome.PROPOSE:
                return self._proposal_problems(case, facts, context)
            case Outcome.CONSENT | Outcome.REFUSE_CONSENT if case.credit_status != CreditStatus.ASKED:
                return [Problem(_("No credit decision waits for consent."))]
            case Outcome.DISBURSE:
                return self._payout_problems(case, facts, context)
            case Outcome.SETTLE | Outcome.WRITE_OFF if case.loan.state == LoanState.LIVE:
                return [Problem(_("The loan is not settled yet."))]
            case Outcome.DUE if not _is_due(case, context):
                return [Problem(_("This is not possible at this step."))]
        return []

    def _proposal_problems(self, case: Application, facts: CreditFacts, context: Context) -> list[Problem]:
        if case.credit_status == CreditStatus.ASKED:
            return [Problem(_("The credit decision already waits for consent."))]
        problems = credit_problems(case, facts, context)
        if not problems and not needs_consent(facts.amount, context):
            problems.append(Problem(_("This amount needs no consent: it can be paid out at once."), "amount"))
        return problems

    def _payout_problems(self, case: Application, facts: DisbursementFacts, context: Context) -> list[Problem]:
        problems = [*stop_problems(case), *credit_problems(case, facts, context)]
        if needs_consent(facts.amount, context) and not _is_consented(case, facts):
            problems.append(
                Problem(
                    _("Above %(limit)s yuan the manager's consent to this amount and term is needed first.")
                    % {"limit": context.version.consent_above},
                    "amount",
                )
            )
        if not problems:
            problems += exposure_problems(case, facts.amount, context)
        if not ZERO < facts.paid_now <= facts.amount:
            problems.append(Problem(_("The first part lies between zero and the amount granted."), "first_part"))
        if facts.start_date > context.on:
            problems.append(Problem(_("The day lies in the future."), "start_date"))
        if facts.start_date < case.state_since:
            problems.append(Problem(_("The day lies before the step before was decided."), "start_date"))
        if Loan.objects.filter(contract_number=facts.contract_number).exists():
            problems.append(Problem(_("This contract number is already used."), "contract_number"))
        if LoanEntry.objects.filter(bank_reference=facts.bank_reference, kind=EntryKind.DISBURSEMENT).exists():
            problems.append(Problem(_("This bank reference is already booked."), "bank_reference"))
        return problems

    def apply(self, case: Application, outcome: str, facts: Any, context: Context) -> dict[str, Any]:
        match outcome:
            case Outcome.PROPOSE:
                case.credit_status = CreditStatus.ASKED
                case.amount_granted, case.term_granted = facts.amount, facts.term_months
            case Outcome.CONSENT:
                case.credit_status = CreditStatus.GIVEN
                return {"amount": str(case.amount_granted), "term_months": case.term_granted}
            case Outcome.REFUSE_CONSENT:
                case.credit_status = CreditStatus.REFUSED
                case.amount_granted = case.term_granted = None
            case Outcome.DISBURSE:
                return pay_out(case, facts, context)
        return {}


def _is_due(case: Application, context: Context) -> bool:
    """Whether the version assesses by date, and that day has come."""
    months = context.version.assessment_after_months
    return months is not None and add_months(case.loan.start_date, months) <= context.on


def needs_consent(amount: Decimal, context: Context) -> bool:
    """Equal is not above."""
    return context.version.consent_above is not None and amount > context.version.consent_above


def _is_consented(case: Application, facts: CreditFacts) -> bool:
    agreed = (case.amount_granted, case.term_granted)
    return case.credit_status == CreditStatus.GIVEN and agreed == (facts.amount, facts.term_months)


def credit_problems(case: Application, facts: CreditFacts, context: Context) -> list[Problem]:
    """Return what is wrong with the lender's amount and term."""
    problems = []
    assert case.amount_asked is not None  # a case at this step was submitted
    if facts.amount <= 0:
        problems.append(Problem(_("The amount must be above zero."), "amount"))
    if facts.amount > case.amount_asked:
        problems.append(
            Problem(_("Not more than was asked for: %(asked)s yuan.") % {"asked": case.amount_asked}, "amount")
        )
    assert case.term_months is not None
    if facts.term_months > case.term_months:
        # The notice named this term, and the budget holds the subsidy of no longer one.
        problems.append(
            Problem(_("Not longer than was asked for: %(asked)s months.") % {"asked": case.term_months}, "term_months")
        )
    version = context.version
    if not version.term_months_min <= facts.term_months <= version.term_months_max:
        values = {"shortest": version.term_months_min, "longest": version.term_months_max}
        problems.append(
            Problem(_("The term must lie between %(shortest)s and %(longest)s months.") % values, "term_months")
        )
    try:
        benchmark_percent(series=version.benchmark_series, term_months=max(facts.term_months, 1), on=context.on)
    except NoRate:
        problems.append(Problem(_("No benchmark rate is known for this term and day."), "term_months"))
    return problems


def stop_problems(case: Application) -> list[Problem]:
    """Return why nobody new is lent to at this place: what stopped it, since when, and who can lift it."""
    stop = stop_covering(case.place)
    if stop is None:
        return []
    sentence = _(
        "No new loans in %(place)s since %(day)s: %(reason)s"
        " Only the Red Credit leading group of the county can lift this."
    )
    return [Problem(sentence % {"place": stop.place_name, "day": stop.imposed_on, "reason": stop.reason})]


def pay_out(case: Application, facts: DisbursementFacts, context: Context) -> dict[str, Any]:
    """Create the loan with its first entry; what was granted less goes back to quota and budget."""
    loan = _open_loan(case, facts, context)
    _serve_units(case, loan)
    case.amount_granted, case.term_granted = facts.amount, facts.term_months
    freed = {"quota_freed": free_quota(case, down_to=min(facts.amount, case.quota_amount))}
    if case.subsidy_reserved:
        needed = reservation_of(case, context.version, amount=facts.amount, term_months=facts.term_months)
        freed["subsidy_freed"] = free_reservation(case, down_to=min(needed, case.subsidy_reserved))
    return {
        "benchmark_percent": str(loan.benchmark_percent),
        "rate_percent": str(loan.rate_percent),
        **{name: str(amount) for name, amount in freed.items() if amount},
    }


def _open_loan(case: Application, facts: DisbursementFacts, context: Context) -> Loan:
    """Write the contract and its first entry. Raises Impossible where another case took the number meanwhile."""
    loan = _contract(case, facts, context)
    try:
        with transaction.atomic():
            loan.save()
            LoanEntry.objects.create(
                loan=loan,
                kind=EntryKind.DISBURSEMENT,
                amount=facts.paid_now,
                value_date=facts.start_date,
                bank_reference=facts.bank_reference,
                recorded_by=context.decided_by,
                recorded_at=context.decided_at,
            )
    except IntegrityError as error:
        if "contract_number" in str(error):
            raise Impossible(_("This contract number is already used."), "contract_number") from error
        if "bank_reference" in str(error):
            raise Impossible(_("This bank reference is already booked."), "bank_reference") from error
        raise
    return loan


def _contract(case: Application, facts: DisbursementFacts, context: Context) -> Loan:
    version = context.version
    benchmark = benchmark_percent(series=version.benchmark_series, term_months=facts.term_months, on=facts.start_date)
    return Loan(
        application=case,
        version=version,
        contract_number=facts.contract_number,
        principal=facts.amount,
        benchmark_percent=benchmark,
        rate_percent=contract_rate(version, benchmark, case.concession),
        day_count=version.day_count,
        **version.penalty_terms,
        repayment_method=case.repayment_method,
        term_months=facts.term_months,
        start_date=facts.start_date,
        due_date=add_months(facts.start_date, facts.term_months),
        purpose=case.purpose,
        division_id=case.division_id,
        branch_id=case.branch_id,
        outlet_id=case.outlet_id,
        branch_path=case.branch_path,
        division_path=case.division_path,
        outlet_path=case.outlet_path,
    )


def _serve_units(case: Application, loan: Loan) -> None:
    """Copy the served households with what is true today: whether a member of each is in the Party."""
    units = list(case.served_units.all())
    with_members = set(
        Person.objects.filter(
            household_id__in=[unit.household_id for unit in units if unit.household_id],
            party_member__joined_on__lte=loan.start_date,
        )
        .exclude(party_member__left_on__lt=loan.start_date)
        .values_list("household_id", flat=True)
    )
    LoanUnit.objects.bulk_create(
        LoanUnit(
            loan=loan,
            household_id=unit.household_id,
            entity_id=unit.entity_id,
            has_party_member=unit.household_id in with_members,
        )
        for unit in units
    )
