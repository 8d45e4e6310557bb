from organizations.models.divisions import Division
from organizations.models.organizations import Organization, OrganizationPlacement, ServiceArea
from organizations.models.people import BranchMembership, Entity, Household, PartyMember, Person

__all__ = [
    "BranchMembership",
    "Division",
    "Entity",
    "Household",
    "Organization",
    "OrganizationPlacement",
    "PartyMember",
    "Person",
    "ServiceArea",
]
