from django.db import models
from django.utils.translation import gettext_lazy as _


class DivisionLevel(models.TextChoices):
    PROVINCE = "province", _("Province")
    PREFECTURE = "prefecture", _("Prefecture")
    COUNTY = "county", _("County")
    TOWNSHIP = "township", _("Township")
    VILLAGE = "village", _("Village")


class VillageKind(models.TextChoices):
    """What the last three digits of the statistical code tell: 001–199 communities, 200–399 villages."""

    VILLAGE = "village", _("Administrative village")
    COMMUNITY = "community", _("Community")


class OrganizationKind(models.TextChoices):
    COUNTY_PARTY_COMMITTEE = "county_party_committee", _("County Party committee")
    ORGANISATION_DEPARTMENT = "organisation_department", _("Organisation department")
    PARTY_WORKING_COMMITTEE = "party_working_committee", _("Party working committee")
    TOWNSHIP_PARTY_COMMITTEE = "township_party_committee", _("Township Party committee")
    GRASSROOTS_PARTY_COMMITTEE = "grassroots_party_committee", _("Grassroots Party committee")
    LEADING_PARTY_GROUP = "leading_party_group", _("Leading Party group")
    GENERAL_PARTY_BRANCH = "general_party_branch", _("General Party branch")
    PARTY_BRANCH = "party_branch", _("Party branch")
    JOINT_PARTY_BRANCH = "joint_party_branch", _("Joint Party branch")
    TEMPORARY_PARTY_BRANCH = "temporary_party_branch", _("Temporary Party branch")
    PARTY_GROUP = "party_group", _("Party group")
    RED_CREDIT_LEADING_GROUP = "red_credit_leading_group", _("Red Credit leading group")
    RED_CREDIT_OFFICE = "red_credit_office", _("Red Credit office")
    COUNTY_GOVERNMENT = "county_government", _("County government")
    FINANCE_BUREAU = "finance_bureau", _("Finance bureau")
    GOVERNMENT_DEPARTMENT = "government_department", _("Government department")
    COUNTY_UNION = "county_union", _("County credit union")
    OUTLET = "outlet", _("Credit-union outlet")


class Reach(models.TextChoices):
    """How an organization reaches cases: down its tree, across its division, or through its counters."""

    PARTY = "party"
    DIVISION = "division"
    OUTLET = "outlet"


BRANCH_KINDS = (
    OrganizationKind.PARTY_BRANCH,
    OrganizationKind.JOINT_PARTY_BRANCH,
    OrganizationKind.TEMPORARY_PARTY_BRANCH,
)
REVIEWING_KINDS = (*BRANCH_KINDS, OrganizationKind.GENERAL_PARTY_BRANCH)
COMMITTEE_KINDS = (
    OrganizationKind.TOWNSHIP_PARTY_COMMITTEE,
    OrganizationKind.GRASSROOTS_PARTY_COMMITTEE,
    OrganizationKind.PARTY_WORKING_COMMITTEE,
)
PARTY_TREE_KINDS = (*COMMITTEE_KINDS, *REVIEWING_KINDS, OrganizationKind.PARTY_GROUP)
CREDIT_KINDS = (OrganizationKind.COUNTY_UNION, OrganizationKind.OUTLET)


class Sex(models.TextChoices):
    MALE = "male", _("Male")
    FEMALE = "female", _("Female")


class EthnicGroup(models.TextChoices):
    """GB/T 3304 codes of the peoples met in north-west Yunnan first; the list of all 56 is data of a later year."""

    HAN = "HA", _("Han")
    BAI = "BA", _("Bai")
    YI = "YI", _("Yi")
    LISU = "LS", _("Lisu")
    NAXI = "NX", _("Naxi")
    PUMI = "PM", _("Pumi")
    TIBETAN = "ZA", _("Tibetan")
    HUI = "HU", _("Hui")
    DAI = "DA", _("Dai")
    MIAO = "MH", _("Miao")
    OTHER = "QT", _("Other")


class HouseholdRelation(models.TextChoices):
    HEAD = "head", _("Head of household")
    SPOUSE = "spouse", _("Spouse")
    CHILD = "child", _("Child")
    PARENT = "parent", _("Parent")
    OTHER = "other", _("Other member")


class MemberStatus(models.TextChoices):
    FULL = "full", _("Full member")
    PROBATIONARY = "probationary", _("Probationary member")


class MemberStanding(models.TextChoices):
    GOOD = "good", _("In good standing")
    WARNED = "warned", _("Under disciplinary warning")
    ON_PROBATION = "on_probation", _("Kept in the Party on probation")
    LEFT = "left", _("No longer a member")


class EntityKind(models.TextChoices):
    COOPERATIVE = "cooperative", _("Farmers' cooperative")
    COLLECTIVE = "collective", _("Village collective")
    FAMILY_FARM = "family_farm", _("Family farm")
    ENTERPRISE = "enterprise", _("Leading enterprise")
