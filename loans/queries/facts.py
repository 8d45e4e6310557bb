"""The facts of a case as its pages show them: what was applied for, and what each step found."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _, ngettext

from loans.choices import (
    CreditStatus,
    LeadingRole,
    LoanState,
    MeetingKind,
    Outcome,
    RepaymentConduct,
    StepCode,
    UseOfFunds,
)
from loans.models import Application, Loan
from loans.queries.detail import decisions_of, interest_paid
from loans.queries.lending import outstanding_principal
from loans.queries.recalls import effective
from web.display import show_day, show_percent, show_yuan
from web.layout import Fact
from web.uppercase import uppercase_amount

CHECKS = ("plan_is_sound", "prospects_are_good", "credit_is_good", "can_repay")


def yuan(amount: Decimal | None) -> str:
    """50,000.00 元; nothing for nothing."""
    return "" if amount is None else _("%(amount)s yuan") % {"amount": show_yuan(amount)}


def months(number: int | None) -> str:
    return "" if number is None else ngettext("%(n)s month", "%(n)s months", number) % {"n": number}


def money_fact(label: str, amount: Decimal | None, note: str = "") -> Fact:
    """An amount with its capital form below."""
    capital = uppercase_amount(amount) if amount is not None else ""
    return Fact(label, yuan(amount), " ".join(filter(None, [capital, note])))


def applicant_facts(case: Application, *, on: date) -> list[Fact]:
    """Who applies: never the full identity number."""
    person = case.person
    about = [
        person.get_sex_display(),
        _("%(age)s years") % {"age": person.age_on(on)},
        person.get_ethnic_group_display(),
    ]
    address = case.household.address if case.household else ""
    facts = [
        Fact(
            _("Applicant"), _("%(name)s (%(about)s)") % {"name": person.name, "about": _(", ").join(map(str, about))}
        ),
        Fact(_("ID number"), person.id_number_masked, mono=True),
        Fact(_("Phone"), person.phone_masked, mono=True),
        Fact(_("Home address"), f"{case.division.place_name} {address}".strip()),
        Fact(_("Borrower"), case.get_borrower_kind_display()),
        Fact(_("Branch that reviews"), case.branch.name),
        Fact(_("Outlet"), case.outlet.name),
    ]
    if case.entity:
        code = case.entity.registration_code
        facts.insert(0, Fact(_("Body that borrows"), case.entity.name, code, wide=True))
        if case.is_nominal:
            facts[1:1] = _nominal_facts(case)
    return facts


def _nominal_facts(case: Application) -> list[Fact]:
    """A collective borrows in a member's name: whose money it is, and in whose name the contract runs."""
    assert case.entity is not None
    counted = _("his household's loans") if case.version.nominal_borrower_is_exposed else _("the collective's loans")
    return [
        Fact(_("Beneficiary"), case.entity.name, _("the loan is used and repaid by the collective")),
        Fact(_("Nominal borrower"), case.person.name, _("it counts for %(whose)s") % {"whose": counted}),
    ]


def request_facts(case: Application) -> list[Fact]:
    """What is asked for."""
    tier = case.tier
    return [
        money_fact(_("Amount asked"), case.amount_asked),
        Fact(_("Term"), months(case.term_months)),
        Fact(_("Purpose"), case.get_purpose_display()),
        Fact(_("Project"), case.project_name, case.project_scale),
        Fact(_("Class"), tier.name if tier else "", _tier_note(case), wide=True),
        Fact(_("Repayment"), case.get_repayment_method_display()),
        Fact(_("Total investment"), yuan(case.project_total)),
        Fact(_("Own funds"), yuan(case.own_funds)),
        Fact(_("Household income a year"), yuan(case.annual_income)),
        Fact(_("Other loans owed"), yuan(case.existing_loans)),
        *_household_facts(case),
        Fact(_("Consents signed on"), show_day(case.consent_signed_on)),
        Fact(_("Business plan"), case.plan, wide=True),
    ]


def _household_facts(case: Application) -> list[Fact]:
    """What older applications do not say is left out."""
    facts = []
    if case.labour_count is not None:
        facts.append(Fact(_("People able to work"), str(case.labour_count)))
    if case.wants_insurance:
        facts.append(Fact(_("Accident insurance"), _("wished by the applicant")))
    return facts


def _tier_note(case: Application) -> str:
    if case.tier is None:
        return ""
    limit = _("up to %(limit)s yuan") % {"limit": show_yuan(case.tier.amount_max)}
    return _(", ").join(filter(None, [limit, case.tier.clause]))


def reason_facts(case: Application) -> list[Fact]:
    """Why the application went on although a soft rule spoke against it: as it was submitted."""
    kept = _kept(case, StepCode.INTAKE, Outcome.SUBMIT) or {}
    return [
        Fact(_("Reason given"), one["reason"], f"{one['finding']} {one['by']}", wide=True)
        for one in kept.get("reasons", [])
    ]


def referral_facts(case: Application) -> list[Fact]:
    decision = _kept(case, StepCode.REFERRAL, Outcome.PASS)
    if decision is None or case.introducer is None:
        return []
    return [
        Fact(_("Introducer"), case.introducer.person.name, case.introducer.get_status_display()),
        Fact(_("Visited on"), decision["visited_on"]),
    ]


def meeting_facts(case: Application) -> list[Fact]:
    """The record of the branch meeting: count, chair, the four checks."""
    kept = _kept(case, StepCode.BRANCH_REVIEW, Outcome.PASS) or _kept(case, StepCode.BRANCH_REVIEW, Outcome.REJECT)
    if kept is None:
        return []
    votes = kept["votes"]
    count = _("%(present)s of %(base)s present, %(in_favour)s for, %(against)s against, %(abstained)s abstained")
    recused = _("Recused: %(names)s") % {"names": "、".join(kept["recused_names"])} if kept["recused_names"] else ""
    passed = [_label_of_check(name) for name in CHECKS if kept[name]]
    failed = [_label_of_check(name) for name in CHECKS if not kept[name]]
    return [
        Fact(
            _("Meeting"),
            f"{kept['held_on']} {kept['place']}",
            " ".join(filter(None, [str(MeetingKind(kept["kind"]).label), kept.get("meeting", "")])),
        ),
        Fact(_("Chair and recorder"), f"{kept['chair']}、{kept['recorder']}"),
        Fact(_("Count"), count % {**votes, "base": votes["entitled"] - votes["recused"]}, recused, wide=True),
        Fact(
            _("Checks"),
            "、".join(passed) or _("none passed"),
            _("Not passed: %(checks)s") % {"checks": "、".join(failed)} if failed else "",
            wide=True,
        ),
    ]


def _label_of_check(name: str) -> str:
    return {
        "plan_is_sound": _("Business plan is sound"),
        "prospects_are_good": _("Prospects of the project are good"),
        "credit_is_good": _("Personal credit is good"),
        "can_repay": _("Able to repay"),
    }[name]


def county_facts(case: Application) -> list[Fact]:
    """Filing number, quota, subsidy: what township and county wrote down."""
    facts = []
    if case.filing_number:
        facts += [Fact(_("Filing number"), case.filing_number), Fact(_("Quota taken"), yuan(case.quota_amount))]
    if case.subsidy_reserved:
        percent = show_percent(case.version.subsidy_percent)
        facts.append(
            Fact(_("Subsidy reserved"), yuan(case.subsidy_reserved), _("%(percent)s a year") % {"percent": percent})
        )
    elif _kept(case, StepCode.SUBSIDY_CONFIRMATION, Outcome.CONFIRM_WITHOUT) is not None:
        facts.append(Fact(_("Subsidy reserved"), _("confirmed without subsidy")))
    return facts


def credit_facts(case: Application) -> list[Fact]:
    """The lender's own decision."""
    if case.amount_granted is None:
        return []
    facts = [money_fact(_("Amount granted"), case.amount_granted), Fact(_("Term granted"), months(case.term_granted))]
    if case.credit_status != CreditStatus.NONE:
        facts.append(Fact(_("Consent"), CreditStatus(case.credit_status).label))
    return facts


def assessment_facts(case: Application) -> list[Fact]:
    kept = _kept(case, StepCode.ASSESSMENT, Outcome.PASS)
    if kept is None:
        return []
    return [
        Fact(_("Use of the funds"), UseOfFunds(kept["use"]).label),
        Fact(_("Repayment conduct"), RepaymentConduct(kept["conduct"]).label),
        Fact(_("Leading role"), LeadingRole(kept["leading_role"]).label),
        Fact(_("Households led"), str(kept["households_led"])),
    ]


def loan_facts(loan: Loan) -> list[Fact]:
    """The contract as it was signed, and what was paid."""
    rate = _("benchmark %(benchmark)s") % {"benchmark": show_percent(loan.benchmark_percent)}
    return [
        Fact(_("Contract number"), loan.contract_number, mono=True),
        money_fact(_("Principal"), loan.principal),
        Fact(_("Rate a year"), show_percent(loan.rate_percent), rate),
        Fact(_("Day count"), loan.get_day_count_display()),
        Fact(_("Paid out on"), show_day(loan.start_date)),
        Fact(_("Due on"), show_day(loan.due_date), months(loan.term_months)),
        Fact(_("Repayment"), loan.get_repayment_method_display()),
        Fact(_("Interest paid"), yuan(interest_paid(loan))),
        Fact(
            _("Written off on") if loan.state == LoanState.WRITTEN_OFF else _("Settled on"), show_day(loan.settled_on)
        ),
        Fact(_("Penalties (on the rate)"), _penalties(loan), loan.get_compound_rule_display()),
    ]


def owed_fact(loan: Loan) -> Fact:
    """What is not repaid yet of the principal."""
    return Fact(_("Still owed"), yuan(outstanding_principal(loan)))


def _penalties(loan: Loan) -> str:
    return _("late %(late)s, misuse %(misuse)s") % {
        "late": show_percent(loan.overdue_markup_percent),
        "misuse": show_percent(loan.misuse_markup_percent),
    }


def _kept(case: Application, step: str, outcome: str) -> Mapping[str, Any] | None:
    """Return the facts of the newest decision of a kind, if no later return has gone behind its step."""
    order = case.version.step_codes
    for decision in effective(decisions_of(case)):
        if decision.step == step and decision.outcome == outcome:
            kept: Mapping[str, Any] = decision.facts
            return kept
        if decision.target and order.index(decision.target) <= order.index(step):
            return None
    return None
