"""Where a round goes and who scores: one table each, so that no page and no operation says it twice."""

from dataclasses import dataclass

from accounts.choices import Role, Verb
from assessments.choices import CampaignState as S, Level, SubjectKind
from organizations.choices import OrganizationKind as Kind

# A round goes one way only.
NEXT: dict[str, S] = {
    S.SELF: S.FIRST,
    S.FIRST: S.COUNTY,
    S.COUNTY: S.NOTICE,
    S.NOTICE: S.FINAL,
    S.FINAL: S.ARCHIVED,
}
STATE_OF_LEVEL: dict[str, S] = {Level.SELF: S.SELF, Level.FIRST: S.FIRST, Level.COUNTY: S.COUNTY}


@dataclass(frozen=True)
class Chair:
    """Who scores at a level: one of the verbs; `is_own`: only by a post on the assessed organization itself."""

    verbs: tuple[Verb, ...]
    is_own: bool = False


COUNTY = Chair((Verb.ASSESS,))
# Departments of the county have no account that scores: the organisation department assesses them alone.
CHAIRS: dict[str, dict[str, Chair]] = {
    SubjectKind.BRANCH: {
        Level.SELF: Chair((Verb.REVIEW,)),
        Level.FIRST: Chair((Verb.FILE,)),
        Level.COUNTY: COUNTY,
    },
    SubjectKind.TOWNSHIP: {Level.SELF: Chair((Verb.FILE,), is_own=True), Level.COUNTY: COUNTY},
    SubjectKind.OUTLET: {
        Level.SELF: Chair((Verb.DISBURSE, Verb.CONSENT), is_own=True),
        Level.FIRST: Chair((Verb.CONSENT,)),
        Level.COUNTY: COUNTY,
    },
    SubjectKind.MANAGER: {
        Level.SELF: Chair((Verb.DISBURSE,)),
        Level.FIRST: Chair((Verb.CONSENT,)),
        Level.COUNTY: COUNTY,
    },
    SubjectKind.DEPARTMENT: {Level.COUNTY: COUNTY},
}
# Posts by which somebody answers for the assessed organization: who holds one scores it only for itself.
ANSWERING: dict[str, tuple[Role, ...]] = {
    SubjectKind.BRANCH: (Role.BRANCH_SECRETARY, Role.VILLAGE_CLERK),
    SubjectKind.TOWNSHIP: (Role.COMMITTEE_OFFICER, Role.TOWNSHIP_CLERK),
    SubjectKind.OUTLET: (Role.CREDIT_OFFICER, Role.CREDIT_MANAGER),
    SubjectKind.MANAGER: (),
    SubjectKind.DEPARTMENT: (Role.COUNTY_LEADER,),
}
SUBJECT_ORGANIZATIONS: dict[str, tuple[Kind, ...]] = {
    SubjectKind.BRANCH: (Kind.GENERAL_PARTY_BRANCH, Kind.PARTY_BRANCH, Kind.JOINT_PARTY_BRANCH),
    SubjectKind.TOWNSHIP: (Kind.TOWNSHIP_PARTY_COMMITTEE, Kind.PARTY_WORKING_COMMITTEE),
    SubjectKind.OUTLET: (Kind.OUTLET,),
    SubjectKind.MANAGER: (Kind.OUTLET,),
    SubjectKind.DEPARTMENT: (Kind.GOVERNMENT_DEPARTMENT, Kind.FINANCE_BUREAU),
}

# Who opens sheets of his scope. Leaders read rounds and rankings, not who scored what.
SHEET_READERS = (
    Verb.ASSESS, Verb.FILE, Verb.REVIEW, Verb.DISBURSE, Verb.CONSENT, Verb.APPROVE_PAYMENT, Verb.MANAGE_FUND,
)  # fmt: skip
READERS = (*SHEET_READERS, Verb.VIEW_FIGURES)
# Who reads rewards: those who compute, approve and pay them, and leaders.
REWARD_READERS = (Verb.ASSESS, Verb.APPROVE_PAYMENT, Verb.MANAGE_FUND)


def levels_of(kind: str) -> list[Level]:
    """Return the levels at which a kind of subject is scored, in order."""
    return [level for level in Level if level in CHAIRS[kind]]
