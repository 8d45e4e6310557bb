"""Whether a request may be submitted: the version's rules on the case as it is written down."""

from collections import Counter
from datetime import date

from django.utils.translation import gettext as _

from loans.choices import BorrowerKind, HelpedKind, Purpose
from loans.models import Application, LimitTier, ProgrammeVersion
from loans.queries.papers import missing_documents
from loans.rules import Request, RequestRules, TierRule, check_request
from loans.steps.base import sentence
from loans.steps.facts import Problem
from organizations.models import PartyMember

NEEDED_TO_SUBMIT = (
    "tier",
    "amount_asked",
    "term_months",
    "repayment_method",
    "purpose",
    "project_name",
    "plan",
    "project_total",
    "own_funds",
    "annual_income",
    "existing_loans",
    "consent_signed_on",
)

HELPED_MEMBERS = (HelpedKind.LOW_INCOME_MEMBER, HelpedKind.MEMBER_IN_DIFFICULTY)


def tier_rule(tier: LimitTier) -> TierRule:
    return TierRule(
        borrower_kinds=tier.borrower_kinds,
        amount_min=tier.amount_min,
        amount_max=tier.amount_max,
        members_only=tier.members_only,
        helped=tier.helped,
    )


def request_rules(version: ProgrammeVersion) -> RequestRules:
    return RequestRules(
        amount_multiple=version.amount_multiple,
        term_months_min=version.term_months_min,
        term_months_max=version.term_months_max,
        age_min=version.age_min,
        purposes=version.purposes,
        repayment_methods=version.repayment_methods,
    )


def is_party_member(person_id: int, on: date) -> bool:
    """Whether a person is in the Party on a day, full or probationary."""
    return (
        PartyMember.objects.filter(person_id=person_id, joined_on__lte=on)
        .exclude(left_on__lt=on)  # the last day is a day of membership
        .exists()
    )  # fmt: skip


def request_problems(case: Application, version: ProgrammeVersion, on: date) -> list[Problem]:
    """Return every reason why a case cannot be submitted on a day: empty fields, then broken rules."""
    empty = [name for name in NEEDED_TO_SUBMIT if getattr(case, name) in (None, "")]
    if empty:
        return [Problem(_("Please fill this in before submitting."), name) for name in empty]
    return [*_broken_rules(case, version, on), *_register_problems(case, on), *_paper_problems(case)]


def _paper_problems(case: Application) -> list[Problem]:
    """Return the papers without which the version takes no application, and for which no file is there."""
    sentence_of = _("The paper “%(name)s” is missing.")
    return [
        Problem(sentence_of % {"name": document.name}, "papers")
        for document in missing_documents(case, only_blocking=True)
    ]


def _broken_rules(case: Application, version: ProgrammeVersion, on: date) -> list[Problem]:
    assert case.tier is not None and case.amount_asked is not None and case.term_months is not None  # noqa: PT018
    assert case.project_total is not None and case.own_funds is not None  # noqa: PT018
    request = Request(
        borrower_kind=case.borrower_kind,
        amount=case.amount_asked,
        term_months=case.term_months,
        purpose=case.purpose,
        repayment_method=case.repayment_method,
        birth_date=case.person.birth_date,
        is_party_member=is_party_member(case.person_id, on) if case.tier.members_only else False,
        helped=Counter(commitment.kind for commitment in case.commitments.all()),
        project_total=case.project_total,
        own_funds=case.own_funds,
    )
    breaches = check_request(request, tier=tier_rule(case.tier), rules=request_rules(version), on=on)
    return [sentence(breach) for breach in breaches]


def _help_problems(case: Application, on: date) -> list[Problem]:
    """Return what is wrong with those who open the class of the limit: helping oneself is no help."""
    problems = []
    for commitment in case.commitments.select_related("person"):
        person = commitment.person
        if person.pk == case.person_id:
            problems.append(Problem(_("The applicant cannot be among those he helps."), "helped"))
        elif case.household_id and person.household_id == case.household_id:
            problems.append(Problem(_("Those he helps cannot be of the applicant's own household."), "helped"))
        if commitment.kind in HELPED_MEMBERS and not is_party_member(person.pk, on):
            problems.append(Problem(_("%(name)s is not a Party member.") % {"name": person.name}, "helped"))
    return problems


def _register_problems(case: Application, on: date) -> list[Problem]:
    """Return what the register says against the case: no household, dissolved body, nobody served, self-help."""
    problems = []
    if case.borrower_kind in (BorrowerKind.PERSON, BorrowerKind.HOUSEHOLD) and case.household_id is None:
        problems.append(Problem(_("The applicant is in no household of the register."), "person"))
    if case.entity and case.entity.valid_to and case.entity.valid_to <= on:
        problems.append(Problem(_("This body has been dissolved."), "entity"))
    if not case.served_units.all():
        problems.append(Problem(_("Name at least one household that the loan serves."), "served"))
    problems += _help_problems(case, on)
    if case.consent_signed_on and case.consent_signed_on > on:
        problems.append(Problem(_("The day lies in the future."), "consent_signed_on"))
    if case.purpose == Purpose.CONSUMPTION:
        problems.append(Problem(_("The programme does not lend for consumption."), "purpose"))
    return problems
