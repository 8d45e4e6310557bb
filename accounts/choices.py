from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.choices import BRANCH_KINDS, OrganizationKind as Kind


class Role(models.TextChoices):
    VILLAGE_CLERK = "village_clerk", _("Village clerk")
    TOWNSHIP_CLERK = "township_clerk", _("Township clerk")
    BRANCH_SECRETARY = "branch_secretary", _("Branch secretary")
    COMMITTEE_OFFICER = "committee_officer", _("Township committee officer")
    ORGANISATION_OFFICER = "organisation_officer", _("County organisation department")
    FINANCE_OFFICER = "finance_officer", _("County finance bureau")
    FINANCE_DIRECTOR = "finance_director", _("Head of the finance bureau")
    LEADING_GROUP_OFFICER = "leading_group_officer", _("Red Credit leading group")
    CREDIT_OFFICER = "credit_officer", _("Credit-union officer")
    CREDIT_MANAGER = "credit_manager", _("Credit-union manager")
    COUNTY_LEADER = "county_leader", _("County leader")
    AUDITOR = "auditor", _("Auditor")
    SYSTEM_ADMINISTRATOR = "system_administrator", _("System administrator")
    SECURITY_ADMINISTRATOR = "security_administrator", _("Security administrator")


class Verb(models.TextChoices):
    """What a post allows on its organization. The codes are the permissions declared on Organization."""

    REFER = "refer"
    REVIEW = "review"
    FILE = "file"
    CONFIRM_SUBSIDY = "confirm_subsidy"
    DISBURSE = "disburse"
    CONSENT = "consent"
    ASSESS = "assess"
    APPROVE_PAYMENT = "approve_payment"
    MANAGE_FUND = "manage_fund"
    APPROVE_CLAIM = "approve_claim"
    VIEW_CASES = "view_cases"
    VIEW_FIGURES = "view_figures"
    MANAGE_PROGRAMMES = "manage_programmes"
    MANAGE_ORGANIZATIONS = "manage_organizations"
    MANAGE_ACCOUNTS = "manage_accounts"
    APPOINT = "appoint"
    VIEW_AUDIT = "view_audit"


VERBS_OF_ROLE: dict[str, tuple[Verb, ...]] = {
    Role.VILLAGE_CLERK: (Verb.REFER, Verb.VIEW_CASES),
    Role.TOWNSHIP_CLERK: (Verb.REFER, Verb.VIEW_CASES),
    Role.BRANCH_SECRETARY: (Verb.REVIEW, Verb.VIEW_CASES),
    Role.COMMITTEE_OFFICER: (Verb.FILE, Verb.VIEW_CASES, Verb.VIEW_FIGURES),
    Role.ORGANISATION_OFFICER: (
        Verb.ASSESS,
        Verb.VIEW_CASES,
        Verb.VIEW_FIGURES,
        Verb.MANAGE_PROGRAMMES,
        Verb.MANAGE_ORGANIZATIONS,
    ),
    Role.FINANCE_OFFICER: (
        Verb.CONFIRM_SUBSIDY,
        Verb.MANAGE_FUND,
        Verb.VIEW_CASES,
        Verb.VIEW_FIGURES,
        Verb.MANAGE_PROGRAMMES,
    ),
    Role.FINANCE_DIRECTOR: (Verb.APPROVE_PAYMENT, Verb.VIEW_CASES, Verb.VIEW_FIGURES),
    Role.LEADING_GROUP_OFFICER: (Verb.APPROVE_CLAIM, Verb.APPROVE_PAYMENT, Verb.VIEW_CASES, Verb.VIEW_FIGURES),
    Role.CREDIT_OFFICER: (Verb.DISBURSE, Verb.VIEW_CASES),
    Role.CREDIT_MANAGER: (Verb.CONSENT, Verb.VIEW_CASES, Verb.VIEW_FIGURES),
    Role.COUNTY_LEADER: (Verb.VIEW_FIGURES,),
    Role.AUDITOR: (Verb.VIEW_AUDIT,),
    Role.SYSTEM_ADMINISTRATOR: (Verb.MANAGE_ORGANIZATIONS, Verb.MANAGE_ACCOUNTS),
    Role.SECURITY_ADMINISTRATOR: (Verb.APPOINT,),
}

# The three administrators (三员) exclude each other and every other role: nobody keeps the house and acts in it.
EXCLUSIVE_ROLES = (Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR)

_COUNTY = (
    Kind.COUNTY_PARTY_COMMITTEE,
    Kind.COUNTY_GOVERNMENT,
    Kind.ORGANISATION_DEPARTMENT,
    Kind.RED_CREDIT_LEADING_GROUP,
    Kind.RED_CREDIT_OFFICE,
    Kind.GOVERNMENT_DEPARTMENT,
)

# On which kinds of organization a role may be held.
KINDS_OF_ROLE: dict[str, tuple[str, ...]] = {
    Role.VILLAGE_CLERK: (Kind.GENERAL_PARTY_BRANCH, *BRANCH_KINDS),
    Role.TOWNSHIP_CLERK: (Kind.TOWNSHIP_PARTY_COMMITTEE, Kind.PARTY_WORKING_COMMITTEE),
    Role.BRANCH_SECRETARY: (Kind.GENERAL_PARTY_BRANCH, *BRANCH_KINDS),
    Role.COMMITTEE_OFFICER: (
        Kind.TOWNSHIP_PARTY_COMMITTEE,
        Kind.PARTY_WORKING_COMMITTEE,
        Kind.GRASSROOTS_PARTY_COMMITTEE,
    ),
    Role.ORGANISATION_OFFICER: (Kind.ORGANISATION_DEPARTMENT, Kind.RED_CREDIT_OFFICE),
    Role.FINANCE_OFFICER: (Kind.FINANCE_BUREAU,),
    Role.FINANCE_DIRECTOR: (Kind.FINANCE_BUREAU,),
    Role.LEADING_GROUP_OFFICER: (Kind.RED_CREDIT_LEADING_GROUP, Kind.RED_CREDIT_OFFICE),
    Role.CREDIT_OFFICER: (Kind.OUTLET, Kind.COUNTY_UNION),
    Role.CREDIT_MANAGER: (Kind.OUTLET, Kind.COUNTY_UNION),
    Role.COUNTY_LEADER: _COUNTY,
    Role.AUDITOR: _COUNTY,
    Role.SYSTEM_ADMINISTRATOR: _COUNTY,
    Role.SECURITY_ADMINISTRATOR: _COUNTY,
}


class Theme(models.TextChoices):
    SYSTEM = "", _("As the computer")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")
