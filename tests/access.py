"""Who may open which page: the policy of the house, one line for every address, and what follows from it.

The table is written down from the rules of the programme and not derived from the code: roles that may look, roles
that may send, and what the address's object belongs to. tests/test_access.py walks the URL resolver and tries every
account on every address with an object of its own township, one of the other township and one that does not exist.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from accounts.choices import Role
from accounts.models import User
from loans.models import CommitteeFiling
from tests.access_world import OTHER, OWN, Objects
from tests.factories.county import County

NO_POST = "no post"
EVERYBODY = frozenset([*Role.values, NO_POST])
CLERKS = frozenset([Role.VILLAGE_CLERK, Role.TOWNSHIP_CLERK])
SECRETARY = frozenset([Role.BRANCH_SECRETARY])
COMMITTEE = frozenset([Role.COMMITTEE_OFFICER])
DEPARTMENT = frozenset([Role.ORGANISATION_OFFICER])
FINANCE = frozenset([Role.FINANCE_OFFICER])
DIRECTOR = frozenset([Role.FINANCE_DIRECTOR])
LEADING_GROUP = frozenset([Role.LEADING_GROUP_OFFICER])
CREDIT = frozenset([Role.CREDIT_OFFICER])
MANAGER = frozenset([Role.CREDIT_MANAGER])
LEADER = frozenset([Role.COUNTY_LEADER])
AUDITOR = frozenset([Role.AUDITOR])
SYSTEM = frozenset([Role.SYSTEM_ADMINISTRATOR])
SECURITY = frozenset([Role.SECURITY_ADMINISTRATOR])

COUNTY_OFFICES = DEPARTMENT | FINANCE | DIRECTOR | LEADING_GROUP
CASE_READERS = CLERKS | SECRETARY | COMMITTEE | COUNTY_OFFICES | CREDIT | MANAGER
# Who looks after a loan that is paid out: the branch and its clerk, and the lender.
CARING = CLERKS | SECRETARY | CREDIT
SUBSIDY_READERS = COMMITTEE | COUNTY_OFFICES | CREDIT | MANAGER
REGISTER_READERS = CLERKS | SECRETARY | COMMITTEE | DEPARTMENT | SYSTEM
REGISTER_KEEPERS = CLERKS | DEPARTMENT | SYSTEM
TREE_KEEPERS = DEPARTMENT | SYSTEM
# Who settles or accepts objections, and the county's office that sees what is late.
OBJECTION_READERS = SECRETARY | COMMITTEE | DEPARTMENT
REVEALERS = CLERKS | SECRETARY | COMMITTEE | DEPARTMENT
FIGURE_READERS = COMMITTEE | COUNTY_OFFICES | MANAGER | LEADER


RISK_READERS = CREDIT | MANAGER | DEPARTMENT | FINANCE | LEADING_GROUP
FUND_READERS = COUNTY_OFFICES
SHEET_READERS = SECRETARY | COMMITTEE | COUNTY_OFFICES
ASSESSMENT_READERS = SHEET_READERS | CREDIT | MANAGER | LEADER
HONOUR_READERS = CLERKS | SECRETARY | COMMITTEE | CREDIT | MANAGER | DEPARTMENT | LEADING_GROUP
INSPECTION_READERS = COMMITTEE | DEPARTMENT | LEADING_GROUP
PROBLEM_OFFICES = SECRETARY | COMMITTEE | DEPARTMENT | LEADING_GROUP | CREDIT | MANAGER | FINANCE
PUBLICITY_READERS = CLERKS | SECRETARY | FIGURE_READERS
# Offices that stand above another one: they are shown what is late below.
SUPERVISORS = COMMITTEE | DEPARTMENT | DIRECTOR | LEADING_GROUP | MANAGER


class Of(Enum):
    """What an object belongs to, and so who reaches it."""

    NOBODY = "nobody"  # open before signing in
    HOUSE = "house"  # whoever may open the page at all may open it for every object
    CASES = "cases"
    REGISTERS = "registers"
    OWNER = "owner"


@dataclass(frozen=True)
class Policy:
    """`read` may GET and `write` may POST; None: the address answers 405 to the method."""

    read: frozenset[str] | None = None
    write: frozenset[str] | None = None
    of: Of = Of.HOUSE
    at: Callable[[Objects], dict[str, Any]] | None = None  # the arguments of the address
    query: Callable[[Objects], dict[str, Any]] | None = None
    is_nested: bool = False  # the second argument must belong to the first


@dataclass(frozen=True)
class Actor:
    """An account of 羊岑乡 or of the county, and in which township it reaches cases and registers."""

    label: str
    role: str
    find: Callable[[County], User | None]
    cases: frozenset[str] = frozenset()
    registers: frozenset[str] = frozenset()
    sees_names: bool = True
    # The role has been tried on every address already: this account only on what belongs to a place.
    has_a_twin: bool = False

    def reaches(self, of: Of, place: str) -> bool:
        match of:
            case Of.CASES:
                return place in self.cases
            case Of.REGISTERS:
                return place in self.registers
            case Of.OWNER:
                return place == OWN
        return True


HERE, BOTH, NOWHERE = frozenset([OWN]), frozenset([OWN, OTHER]), frozenset()
ACTORS = (
    Actor("village clerk", Role.VILLAGE_CLERK, lambda c: c.yangcen.village.clerk, HERE, HERE),
    Actor("township clerk", Role.TOWNSHIP_CLERK, lambda c: c.yangcen.clerk, HERE, HERE),
    Actor("secretary", Role.BRANCH_SECRETARY, lambda c: c.yangcen.village.secretary, HERE, HERE),
    Actor(
        "general secretary", Role.BRANCH_SECRETARY, lambda c: c.yangcen.village.general_secretary, HERE, HERE,
        has_a_twin=True,
    ),
    Actor("committee officer", Role.COMMITTEE_OFFICER, lambda c: c.yangcen.committee_officer, HERE, HERE),
    Actor("credit officer", Role.CREDIT_OFFICER, lambda c: c.yangcen.credit_officer, HERE),
    Actor("credit manager", Role.CREDIT_MANAGER, lambda c: c.yangcen.credit_manager, HERE),
    Actor("union manager", Role.CREDIT_MANAGER, lambda c: c.union_manager, BOTH, has_a_twin=True),
    Actor("organisation department", Role.ORGANISATION_OFFICER, lambda c: c.organisation_officer, BOTH, BOTH),
    Actor("finance bureau", Role.FINANCE_OFFICER, lambda c: c.finance_officer, BOTH),
    Actor("head of the finance bureau", Role.FINANCE_DIRECTOR, lambda c: c.finance_director, BOTH),
    Actor("leading group", Role.LEADING_GROUP_OFFICER, lambda c: c.leading_group_officer, BOTH),
    Actor("leader", Role.COUNTY_LEADER, lambda c: c.leader, sees_names=False),
    Actor("auditor", Role.AUDITOR, lambda c: c.auditor, sees_names=False),
    Actor("system administrator", Role.SYSTEM_ADMINISTRATOR, lambda c: c.system_administrator, NOWHERE, BOTH),
    Actor("security administrator", Role.SECURITY_ADMINISTRATOR, lambda c: c.security_administrator, sees_names=False),
    Actor("outsider", NO_POST, lambda c: c.outsider, sees_names=False),
    # Of the same village but another branch: its register, not the other branch's cases.
    Actor(
        "secretary of the next branch", Role.BRANCH_SECRETARY, lambda c: c.yangcen.village.other_secretary,
        NOWHERE, HERE, has_a_twin=True,
    ),
    Actor(
        "clerk of the next village", Role.VILLAGE_CLERK, lambda c: c.yangcen.villages[1].clerk, has_a_twin=True
    ),
    Actor("nobody signed in", "", lambda c: None, sees_names=False),
)  # fmt: skip


def _round(objects: Objects) -> dict[str, Any]:
    return {"campaign_id": objects.rounds.noticed.pk}


def _draft_scheme(objects: Objects) -> dict[str, Any]:
    return {"scheme_id": objects.rounds.draft.pk}


def _draft_item(objects: Objects) -> dict[str, Any]:
    items = [item for group in objects.rounds.draft.groups.all() for item in group.items.all()]
    return {**_draft_scheme(objects), "item_id": items[0].pk}


def _assessed(state: str) -> Callable[[Objects], dict[str, Any]]:
    return lambda objects: {"subject_id": objects.assessed[state].pk}


def _inspection(objects: Objects) -> dict[str, Any]:
    return {"inspection_id": objects.item.inspection_id}


def _item(objects: Objects) -> dict[str, Any]:
    return {**_inspection(objects), "item_id": objects.item.pk}


def _honour(objects: Objects) -> dict[str, Any]:
    return {"honour_id": objects.honour.pk}


def _event(objects: Objects) -> dict[str, Any]:
    return {"event_id": objects.event.pk}


def _case(kind: str) -> Callable[[Objects], dict[str, Any]]:
    return lambda objects: {"case_id": objects.cases[kind].pk}


def _page(page: str) -> Callable[[Objects], dict[str, Any]]:
    return lambda objects: {"case_id": objects.cases["draft"].pk, "page": page}


def _step(step: str, kind: str = "") -> Callable[[Objects], dict[str, Any]]:
    return lambda objects: {"case_id": objects.cases[kind or step].pk, "step": step}


def _queue(step: str) -> Policy:
    return Policy(QUEUES[step], at=lambda objects: {"step": step})


def _person(objects: Objects) -> dict[str, Any]:
    return {"person_id": objects.person.pk}


def _member(objects: Objects) -> dict[str, Any]:
    return {"member_id": objects.member.pk}


def _household(objects: Objects) -> dict[str, Any]:
    return {"household_id": objects.household.pk}


def _housemate(objects: Objects) -> dict[str, Any]:
    return {"household_id": objects.household.pk, "person_id": objects.spouse.pk}


def _entity(objects: Objects) -> dict[str, Any]:
    return {"entity_id": objects.entity.pk}


def _branch(objects: Objects) -> dict[str, Any]:
    return {"organization_id": objects.branch.pk}


def _outlet(objects: Objects) -> dict[str, Any]:
    return {"organization_id": objects.township.outlet.pk}


def _account(objects: Objects) -> dict[str, Any]:
    return {"user_id": objects.account.pk}


def _post(objects: Objects) -> dict[str, Any]:
    return {"post_id": objects.account.posts.get().pk}


def _somebody(objects: Objects) -> dict[str, Any]:
    """Whom a post is given to: an account without one."""
    return {"account": objects.county.outsider.pk}


def _job(objects: Objects) -> dict[str, Any]:
    return {"job_id": objects.job.pk}


def _loan(objects: Objects) -> dict[str, Any]:
    return {"loan_id": objects.cases["lent"].loan.pk}


def _visit(objects: Objects) -> dict[str, Any]:
    return {**_loan(objects), "visit_id": objects.visit.pk}


def _photo(objects: Objects) -> dict[str, Any]:
    return {**_loan(objects), "photo": objects.visit.photos.get().uuid}


def _statement(objects: Objects) -> dict[str, Any]:
    return {"statement_id": objects.statement.pk}


def _version(objects: Objects) -> dict[str, Any]:
    return {"version_id": objects.version.pk}


def _fund(objects: Objects) -> dict[str, Any]:
    return {"fund_id": objects.fund.pk}


def _fund_statement(objects: Objects) -> dict[str, Any]:
    return {"statement_id": objects.fund_statement.pk}


def _publication(objects: Objects) -> dict[str, Any]:
    return {"publication_id": objects.printed.publication_id}


def _report(objects: Objects) -> dict[str, Any]:
    return {"code": "monthly_progress"}


def _edition(objects: Objects) -> dict[str, Any]:
    return {"edition_id": objects.edition.pk}


def _bulletin(objects: Objects) -> dict[str, Any]:
    return {"bulletin_id": objects.bulletin.pk}


def _printed(objects: Objects) -> dict[str, Any]:
    return {"figure_id": objects.printed.pk}


def _late(state: str) -> Callable[[Objects], dict[str, Any]]:
    return lambda objects: {"loan_id": objects.late[state].pk}


def _write_off(objects: Objects) -> dict[str, Any]:
    return {"request_id": objects.write_off.pk}


def _claim(state: str, writers: frozenset[str]) -> Policy:
    return Policy(RISK_READERS, writers, Of.CASES, lambda objects: {"claim_id": objects.claims[state].pk})


def _claim_of(objects: Objects) -> dict[str, Any]:
    return {"claim_id": objects.claims["paid"].pk}


def _batch(state: str, **arguments: str) -> Callable[[Objects], dict[str, Any]]:
    return lambda objects: {"batch_id": getattr(objects.batches, state).pk, **arguments}


def _returned(objects: Objects) -> dict[str, Any]:
    return {"payment_id": objects.batches.returned.pk}


def _answers(objects: Objects) -> dict[str, Any]:
    return {"file_id": objects.batches.answers.pk}


def _clawback(deed: str) -> Policy:
    return Policy(FINANCE, FINANCE, at=lambda o: {"clawback_id": o.batches.claim.pk, "deed": deed})


def _subsidised(objects: Objects) -> dict[str, Any]:
    return {"loan_id": objects.cases["lent"].loan.pk}


def _meeting(state: str) -> Callable[[Objects], dict[str, Any]]:
    return lambda objects: {"meeting_id": objects.meetings[state].pk}


def _paper(objects: Objects) -> dict[str, Any]:
    return {**_case("draft")(objects), "paper_id": objects.papers[0].pk}


def _filing(objects: Objects) -> dict[str, Any]:
    number = objects.cases["subsidy_confirmation"].filing_number
    return {"filing_id": CommitteeFiling.objects.get(number=number).pk}


def _roster(objects: Objects) -> dict[str, Any]:
    return {"roster_id": objects.cases["noticed"].notices.get().roster_id}


def _notice_photo(objects: Objects) -> dict[str, Any]:
    return {**_roster(objects), "photo": objects.cases["noticed"].notices.get().roster.photos.get().attachment.uuid}


def _objection(state: str) -> Callable[[Objects], dict[str, Any]]:
    return lambda objects: {"objection_id": getattr(objects, state).pk}


def _evidence(objects: Objects) -> dict[str, Any]:
    return {**_objection("objection")(objects), "paper": objects.objection.evidence.get().attachment.uuid}


def _token(objects: Objects) -> dict[str, Any]:
    return {"token": objects.cases["noticed"].notices.get().roster.token}


# Whose queue a step's page is.
QUEUES = {
    "intake": CLERKS,
    "referral": CLERKS,
    "branch_review": SECRETARY,
    "public_notice": SECRETARY | COMMITTEE,
    "committee_filing": COMMITTEE,
    "subsidy_confirmation": FINANCE,
    "disbursement": CREDIT | MANAGER,
    "assessment": DEPARTMENT,
}

# The key is the name of the address; what stands after a space tells several lines of one name apart.
POLICY: dict[str, Policy] = {
    "home": Policy(EVERYBODY),
    "search": Policy(EVERYBODY),
    "help": Policy(EVERYBODY),
    "guide": Policy(EVERYBODY, at=lambda o: {"slug": "start"}),
    "invariants": Policy(FIGURE_READERS | AUDITOR, FIGURE_READERS | AUDITOR),
    "health": Policy(EVERYBODY, of=Of.NOBODY),
    "alive": Policy(EVERYBODY, of=Of.NOBODY),
    "web:styleguide": Policy(EVERYBODY),
    "web:views": Policy(EVERYBODY, EVERYBODY, query=lambda o: {"path": "/loans/cases/"}),
    "web:view-delete": Policy(None, EVERYBODY, Of.OWNER, lambda o: {"view_id": o.view.pk}),
    # accounts
    "accounts:login": Policy(EVERYBODY, EVERYBODY, Of.NOBODY),
    "accounts:logout": Policy(None, EVERYBODY),
    "accounts:language": Policy(None, EVERYBODY, Of.NOBODY),
    "accounts:password": Policy(EVERYBODY, EVERYBODY),
    "accounts:preferences": Policy(EVERYBODY, EVERYBODY),
    "accounts:account-list": Policy(SYSTEM),
    "accounts:account-open": Policy(SYSTEM, SYSTEM),
    "accounts:account-detail": Policy(SYSTEM | SECURITY, at=_account),
    "accounts:account-close": Policy(None, SYSTEM, at=_account),
    "accounts:account-reopen": Policy(None, SYSTEM, at=_account),
    "accounts:account-reset": Policy(None, SYSTEM, at=_account),
    "accounts:account-unlock": Policy(None, SYSTEM, at=_account),
    "accounts:post-list": Policy(SECURITY),
    "accounts:appoint": Policy(
        SECURITY, SECURITY, query=lambda o: {"account": o.account.pk, "organization": o.branch.pk}
    ),
    "accounts:hand-over": Policy(SECURITY, SECURITY, at=_post, query=_somebody),
    "accounts:delegate": Policy(SECURITY, SECURITY, at=_post, query=_somebody),
    "accounts:dismiss": Policy(SECURITY, SECURITY, at=lambda o: {"post_id": o.account.posts.get().pk}),
    # audit, jobs
    "audit:event-list": Policy(AUDITOR),
    "jobs:list": Policy(EVERYBODY),
    "jobs:detail": Policy(EVERYBODY, of=Of.OWNER, at=_job),
    "jobs:progress": Policy(EVERYBODY, of=Of.OWNER, at=_job),
    "jobs:file": Policy(EVERYBODY, of=Of.OWNER, at=_job),
    "jobs:restart": Policy(None, EVERYBODY, Of.OWNER, _job),
    "inbox:list": Policy(EVERYBODY),
    "inbox:open": Policy(None, EVERYBODY, Of.OWNER, lambda o: {"message_id": o.message.pk}),
    "inbox:read-all": Policy(None, EVERYBODY),
    # the tree: who sits where is no secret inside the house
    "organizations:tree": Policy(EVERYBODY),
    "organizations:detail": Policy(EVERYBODY, at=_branch),
    "organizations:children": Policy(EVERYBODY, at=_branch),
    "organizations:root-add": Policy(TREE_KEEPERS, TREE_KEEPERS),
    "organizations:add": Policy(TREE_KEEPERS, TREE_KEEPERS, at=_branch),
    "organizations:change": Policy(TREE_KEEPERS, TREE_KEEPERS, at=_branch),
    "organizations:service-areas": Policy(TREE_KEEPERS, TREE_KEEPERS, at=_outlet),
    "organization-move": Policy(
        TREE_KEEPERS, TREE_KEEPERS, at=_branch, query=lambda o: {"parent": o.township.committee.pk}
    ),
    "organization-close": Policy(
        TREE_KEEPERS, TREE_KEEPERS, at=lambda o: {"organization_id": o.township.village.leading_group.pk}
    ),
    "organizations:divisions": Policy(TREE_KEEPERS),
    "organizations:division-add": Policy(TREE_KEEPERS, TREE_KEEPERS),
    # people
    "organizations:people": Policy(REGISTER_READERS),
    "organizations:person-register": Policy(REGISTER_KEEPERS, REGISTER_KEEPERS),
    "organizations:check-number": Policy(None, REGISTER_KEEPERS),
    "organizations:person": Policy(REGISTER_READERS, None, Of.REGISTERS, _person),
    "organizations:reveal": Policy(None, REVEALERS, Of.REGISTERS, _person),
    "organizations:person-change": Policy(REGISTER_KEEPERS, REGISTER_KEEPERS, Of.REGISTERS, _person),
    "organizations:person-correct-number": Policy(REGISTER_KEEPERS, REGISTER_KEEPERS, Of.REGISTERS, _person),
    "organizations:person-move": Policy(REGISTER_KEEPERS, REGISTER_KEEPERS, Of.REGISTERS, _person),
    "organizations:admit": Policy(TREE_KEEPERS, TREE_KEEPERS, Of.REGISTERS, _person),
    "organizations:households": Policy(REGISTER_READERS),
    "organizations:household-add": Policy(REGISTER_KEEPERS, REGISTER_KEEPERS),
    "organizations:household": Policy(REGISTER_READERS, None, Of.REGISTERS, _household),
    "organizations:household-change": Policy(REGISTER_KEEPERS, REGISTER_KEEPERS, Of.REGISTERS, _household),
    "organizations:household-add-member": Policy(REGISTER_KEEPERS, REGISTER_KEEPERS, Of.REGISTERS, _household),
    "organizations:household-remove-member": Policy(None, REGISTER_KEEPERS, Of.REGISTERS, _housemate, is_nested=True),
    "organizations:household-set-head": Policy(None, REGISTER_KEEPERS, Of.REGISTERS, _housemate, is_nested=True),
    "organizations:members": Policy(REGISTER_READERS),
    "organizations:member-full": Policy(
        TREE_KEEPERS, TREE_KEEPERS, Of.REGISTERS, lambda o: {"member_id": o.probationer.pk}
    ),
    "organizations:member-transfer": Policy(TREE_KEEPERS, TREE_KEEPERS, Of.REGISTERS, _member),
    "organizations:member-standing": Policy(TREE_KEEPERS, TREE_KEEPERS, Of.REGISTERS, _member),
    "organizations:member-leave": Policy(TREE_KEEPERS, TREE_KEEPERS, Of.REGISTERS, _member),
    "organizations:entities": Policy(REGISTER_READERS),
    "organizations:entity-register": Policy(REGISTER_KEEPERS, REGISTER_KEEPERS),
    "organizations:entity": Policy(REGISTER_READERS, None, Of.REGISTERS, _entity),
    "organizations:entity-change": Policy(REGISTER_KEEPERS, REGISTER_KEEPERS, Of.REGISTERS, _entity),
    "organizations:entity-dissolve": Policy(REGISTER_KEEPERS, REGISTER_KEEPERS, Of.REGISTERS, _entity),
    # cases
    **{f"loans:queue {step}": _queue(step) for step in QUEUES},
    "loans:bulk committee_filing": Policy(
        COMMITTEE,
        COMMITTEE,
        Of.CASES,
        at=lambda o: {"step": "committee_filing"},
        query=lambda o: {"case": o.cases["committee_filing"].pk},
    ),
    "loans:bulk subsidy_confirmation": Policy(
        FINANCE,
        FINANCE,
        Of.CASES,
        at=lambda o: {"step": "subsidy_confirmation"},
        query=lambda o: {"case": o.cases["subsidy_confirmation"].pk},
    ),
    "loans:bulk-results committee_filing": Policy(COMMITTEE, at=lambda o: {"step": "committee_filing"}),
    "loans:bulk-results subsidy_confirmation": Policy(FINANCE, at=lambda o: {"step": "subsidy_confirmation"}),
    "loans:filings": Policy(COMMITTEE | FINANCE | DEPARTMENT),
    "loans:filing": Policy(COMMITTEE | FINANCE | DEPARTMENT, None, Of.CASES, _filing),
    "loans:phrases": Policy(SECRETARY | COMMITTEE | FINANCE, SECRETARY | COMMITTEE | FINANCE),
    "loans:phrase-delete": Policy(None, COMMITTEE, Of.OWNER, lambda o: {"phrase_id": o.phrase.pk}),
    "loans:recall": Policy(
        None,
        COMMITTEE,
        Of.CASES,
        lambda o: {"case_id": o.recent.application_id, "decision_id": o.recent.pk},
        is_nested=True,
    ),
    "loans:desk": Policy(CREDIT | MANAGER),
    "loans:desk-export": Policy(None, CREDIT | MANAGER),
    "loans:desk-chosen": Policy(None, CREDIT),
    "loans:desk-bulk": Policy(CREDIT, CREDIT, Of.CASES, query=lambda o: {"case": o.cases["disbursement"].pk}),
    "loans:desk-results": Policy(CREDIT),
    "loans:find-applicant": Policy(CLERKS, CLERKS),
    "loans:applicant-check": Policy(None, CLERKS),
    "loans:applicant-register": Policy(None, CLERKS),
    "loans:checklist": Policy(CLERKS),
    "loans:application-new": Policy(CLERKS, CLERKS, Of.REGISTERS, query=lambda o: {"person": o.person.pk}),
    "loans:application-edit": Policy(CLERKS, None, Of.CASES, _case("draft")),
    "loans:application-page": Policy(CLERKS, CLERKS, Of.CASES, _page("project")),
    "loans:application-page applicant": Policy(CLERKS, CLERKS, Of.CASES, _page("applicant")),
    "loans:application-page referral": Policy(CLERKS, CLERKS, Of.CASES, _page("referral")),
    "loans:application-page check": Policy(CLERKS, CLERKS, Of.CASES, _page("check")),
    "loans:application-autosave": Policy(None, CLERKS, Of.CASES, _page("project")),
    "loans:application-submitted": Policy(CLERKS, None, Of.CASES, _case("referral")),
    "loans:application-people": Policy(None, CLERKS, Of.CASES, _case("draft")),
    "loans:draft-introducers": Policy(CLERKS, None, Of.CASES, _case("draft")),
    "loans:cases": Policy(CASE_READERS, CASE_READERS),
    "loans:late": Policy(SUPERVISORS),
    "loans:urge": Policy(None, COMMITTEE | DEPARTMENT, Of.CASES, _case("branch_review")),
    "loans:case": Policy(CASE_READERS, None, Of.CASES, _case("lent")),
    "loans:case in notice": Policy(CASE_READERS, None, Of.CASES, _case("noticed")),
    "loans:decide referral": Policy(CLERKS, CLERKS, Of.CASES, _step("referral")),
    "loans:decide branch_review": Policy(SECRETARY, SECRETARY, Of.CASES, _step("branch_review")),
    "loans:decide public_notice": Policy(SECRETARY, SECRETARY, Of.CASES, _step("public_notice")),
    "loans:decide objected": Policy(COMMITTEE, COMMITTEE, Of.CASES, _step("public_notice", "objected")),
    "loans:decide committee_filing": Policy(COMMITTEE, COMMITTEE, Of.CASES, _step("committee_filing")),
    "loans:decide subsidy_confirmation": Policy(FINANCE, FINANCE, Of.CASES, _step("subsidy_confirmation")),
    "loans:decide disbursement": Policy(CREDIT, CREDIT, Of.CASES, _step("disbursement")),
    "loans:decide assessment": Policy(DEPARTMENT, DEPARTMENT, Of.CASES, _step("assessment")),
    "loans:introducers": Policy(CLERKS, None, Of.CASES, _case("referral")),
    "loans:eligibility": Policy(CASE_READERS, None, Of.CASES, _case("draft")),
    "loans:reasons": Policy(None, CLERKS, Of.CASES, _case("draft")),
    "loans:help-verify": Policy(SECRETARY, SECRETARY, Of.CASES, _case("branch_review")),
    "loans:help-lapse": Policy(
        SECRETARY | COMMITTEE,
        SECRETARY | COMMITTEE,
        Of.CASES,
        lambda o: {**_case("lent")(o), "person_id": o.cases["lent"].commitments.get().person_id},
    ),
    "loans:withdraw": Policy(CLERKS, CLERKS, Of.CASES, _case("referral")),
    "loans:print": Policy(None, CASE_READERS, Of.CASES, lambda o: {**_case("lent")(o), "paper": "application_form"}),
    "public:paper": Policy(EVERYBODY, of=Of.NOBODY, at=lambda o: {"code": o.paper_code}),
    # branch meetings: the branch holds them, the township committee reads
    "loans:meetings": Policy(SECRETARY | COMMITTEE),
    "loans:meeting-new": Policy(SECRETARY, SECRETARY),
    "loans:meeting": Policy(SECRETARY | COMMITTEE, SECRETARY, Of.CASES, _meeting("open")),
    "loans:meeting-agenda": Policy(SECRETARY, SECRETARY, Of.CASES, _meeting("open")),
    "loans:meeting-votes": Policy(SECRETARY, SECRETARY, Of.CASES, _meeting("open")),
    "loans:meeting-close": Policy(SECRETARY, SECRETARY, Of.CASES, _meeting("ready")),
    "loans:meeting-minutes": Policy(None, SECRETARY | COMMITTEE, Of.CASES, _meeting("ready")),
    # papers of a case: who sees the case sees them, the clerk's side changes them while it is its turn
    "loans:papers": Policy(CASE_READERS, CLERKS, Of.CASES, _case("draft")),
    "loans:paper-order": Policy(None, CLERKS, Of.CASES, _case("draft")),
    "loans:paper-missing": Policy(None, CLERKS, Of.CASES, _case("draft")),
    "loans:paper": Policy(CASE_READERS, None, Of.CASES, _paper, is_nested=True),
    "loans:paper-file": Policy(CASE_READERS, None, Of.CASES, _paper, is_nested=True),
    "loans:paper-thumbnail": Policy(CASE_READERS, None, Of.CASES, _paper, is_nested=True),
    "loans:paper-seen": Policy(None, CASE_READERS, Of.CASES, _paper, is_nested=True),
    "loans:paper-rotate": Policy(None, CLERKS, Of.CASES, _paper, is_nested=True),
    "loans:paper-replace": Policy(None, CLERKS, Of.CASES, _paper, is_nested=True),
    "loans:paper-withdraw": Policy(None, CLERKS, Of.CASES, _paper, is_nested=True),
    "loans:object": Policy(CLERKS | SECRETARY | COMMITTEE, CLERKS | SECRETARY | COMMITTEE, Of.CASES, _case("noticed")),
    "loans:settle": Policy(
        COMMITTEE,
        COMMITTEE,
        Of.CASES,
        lambda o: {"case_id": o.cases["noticed"].pk, "objection_id": o.objection.pk},
        is_nested=True,
    ),
    # sheets of notices: who sees one of its cases sees it; whoever walks past takes a photo
    "loans:notices": Policy(CASE_READERS),
    "loans:notice-new": Policy(SECRETARY, SECRETARY, Of.CASES, query=lambda o: {"case": o.cases["public_notice"].pk}),
    "loans:notice": Policy(CASE_READERS, None, Of.CASES, _roster),
    "loans:notice-anew": Policy(None, SECRETARY, Of.CASES, _roster),
    "loans:notice-poster": Policy(None, CASE_READERS, Of.CASES, _roster),
    "loans:notice-photo-new": Policy(
        CLERKS | SECRETARY | COMMITTEE, CLERKS | SECRETARY | COMMITTEE, Of.CASES, _roster
    ),
    "loans:notice-photo": Policy(CASE_READERS, None, Of.CASES, _notice_photo, is_nested=True),
    "loans:notice-thumbnail": Policy(CASE_READERS, None, Of.CASES, _notice_photo, is_nested=True),
    "loans:objections": Policy(OBJECTION_READERS),
    "loans:objection": Policy(OBJECTION_READERS, None, Of.CASES, _objection("objection")),
    "loans:objection-accept": Policy(None, SECRETARY | COMMITTEE, Of.CASES, _objection("received")),
    "loans:objection-aside": Policy(COMMITTEE, COMMITTEE, Of.CASES, _objection("received")),
    "loans:objection-extend": Policy(COMMITTEE, COMMITTEE, Of.CASES, _objection("objection")),
    "loans:objection-reply": Policy(COMMITTEE, COMMITTEE, Of.CASES, _objection("dismissed")),
    "loans:evidence-new": Policy(COMMITTEE, COMMITTEE, Of.CASES, _objection("objection")),
    "loans:evidence": Policy(COMMITTEE, None, Of.CASES, _evidence, is_nested=True),
    # by the code on the paper, without signing in
    "public:notice": Policy(EVERYBODY, of=Of.NOBODY, at=_token),
    "public:objection": Policy(EVERYBODY, EVERYBODY, Of.NOBODY, _token),
    "public:received": Policy(EVERYBODY, of=Of.NOBODY, at=_token),
    # loans and rules
    "loans:loans": Policy(CASE_READERS, CASE_READERS),
    "loans:loan": Policy(CASE_READERS, CREDIT, Of.CASES, lambda o: {"loan_id": o.cases["lent"].loan.pk}),
    "loans:allocation": Policy(CREDIT, None, Of.CASES, _loan),
    "loans:act": Policy(CREDIT, CREDIT, Of.CASES, lambda o: {**_loan(o), "kind": "misuse"}),
    "loans:write-off-new": Policy(CREDIT, CREDIT, Of.CASES, _late("short")),
    "loans:write-offs": Policy(CREDIT | MANAGER),
    "loans:write-off": Policy(CREDIT | MANAGER, MANAGER, Of.CASES, _write_off),
    "loans:write-off-paper": Policy(CREDIT | MANAGER, None, Of.CASES, _write_off),
    "loans:reversal": Policy(
        CREDIT, CREDIT, Of.CASES, lambda o: {**_loan(o), "entry_id": o.payment.pk}, is_nested=True
    ),
    "loans:arrears": Policy(CASE_READERS, CASE_READERS),
    "loans:visits": Policy(CASE_READERS, CASE_READERS),
    "loans:visit-new": Policy(CARING, CARING, Of.CASES, _loan),
    "loans:visit": Policy(CASE_READERS, None, Of.CASES, _visit, is_nested=True),
    "loans:visit-correct": Policy(CLERKS | SECRETARY, CLERKS | SECRETARY, Of.CASES, _visit, is_nested=True),
    "loans:visit-photo": Policy(CASE_READERS, None, Of.CASES, _photo, is_nested=True),
    "loans:visit-thumbnail": Policy(CASE_READERS, None, Of.CASES, _photo, is_nested=True),
    "loans:collection-new": Policy(CARING, CARING, Of.CASES, _loan),
    "loans:collection-paper": Policy(
        CASE_READERS, None, Of.CASES, lambda o: {**_loan(o), "act_id": o.act.pk}, is_nested=True
    ),
    "loans:statements": Policy(CREDIT, CREDIT),
    "loans:statement-template": Policy(CREDIT),
    "loans:statement-differences": Policy(CREDIT),
    "loans:statement": Policy(CREDIT, None, Of.CASES, _statement),
    "loans:statement-post": Policy(None, CREDIT, Of.CASES, _statement),
    "loans:statement-check": Policy(None, CREDIT, Of.CASES, _statement),
    "loans:statement-discard": Policy(None, CREDIT, Of.CASES, _statement),
    "loans:statement-line": Policy(
        CREDIT, CREDIT, Of.CASES, lambda o: {"line_id": o.statement.lines.get(outcome="unknown").pk}
    ),
    "loans:trial": Policy(CLERKS | CREDIT | MANAGER),
    "loans:quote": Policy(CASE_READERS | LEADER),
    "loans:programmes": Policy(EVERYBODY),
    "loans:version": Policy(EVERYBODY, at=_version),
    "loans:quota": Policy(DEPARTMENT | FINANCE, DEPARTMENT | FINANCE, at=_version),
    "loans:budget": Policy(DEPARTMENT | FINANCE, DEPARTMENT | FINANCE, at=_version),
    # the risk fund
    "risk:funds": Policy(FUND_READERS),
    "risk:fund-new": Policy(FINANCE, FINANCE),
    "risk:fund": Policy(FUND_READERS, at=_fund),
    "risk:fund-book": Policy(FINANCE, FINANCE, at=_fund),
    "risk:fund-shares": Policy(FINANCE, FINANCE, at=_fund),
    "risk:fund-rule": Policy(FINANCE, FINANCE, at=_fund),
    "risk:fund-statement": Policy(FUND_READERS, FINANCE, at=_fund),
    "risk:statement": Policy(FINANCE, at=_fund_statement),
    "risk:statement-keep": Policy(None, FINANCE, at=_fund_statement),
    "risk:claims": Policy(RISK_READERS),
    "risk:write-offs": Policy(RISK_READERS),
    "risk:claim to_file": _claim("to_file", CREDIT),
    "risk:claim to_check": _claim("to_check", DEPARTMENT),
    "risk:claim to_verify": _claim("to_verify", FINANCE),
    "risk:claim to_approve": _claim("to_approve", LEADING_GROUP),
    "risk:claim to_pay": _claim("to_pay", FINANCE),
    "risk:claim recovered": _claim("paid", FINANCE),
    "risk:claim proposed": _claim("paid", FINANCE),
    "risk:claim written_off": _claim("to_write_off", LEADING_GROUP),
    "risk:claim-paper": Policy(
        RISK_READERS,
        None,
        Of.CASES,
        lambda o: _claim_of(o) | {"file_id": o.claims["paid"].files.first().pk},
        is_nested=True,
    ),
    "risk:claim-form": Policy(None, RISK_READERS, Of.CASES, lambda o: _claim_of(o)),
    "risk:claim-new": Policy(None, CREDIT, Of.CASES, _late("none")),
    "risk:loan": Policy(RISK_READERS, None, Of.CASES, _late("none")),
    "risk:judge": Policy(MANAGER | FINANCE, MANAGER | FINANCE, Of.CASES, _late("none")),
    "risk:technical": Policy(MANAGER, MANAGER, Of.CASES, _late("short")),
    "risk:insure": Policy(CREDIT, CREDIT, Of.CASES, _late("none")),
    "risk:diligence": Policy(RISK_READERS, LEADING_GROUP, Of.CASES, _late("none")),
    "risk:stops": Policy(RISK_READERS),
    "risk:stop-new": Policy(LEADING_GROUP, LEADING_GROUP),
    "risk:stop-lift": Policy(LEADING_GROUP, LEADING_GROUP, at=lambda o: {"stop_id": o.stop.pk}),
    "risk:breaker-new": Policy(FINANCE | LEADING_GROUP, FINANCE | LEADING_GROUP),
    "risk:watch-new": Policy(FINANCE | LEADING_GROUP, FINANCE | LEADING_GROUP),
    "risk:categories": Policy(RISK_READERS),
    "risk:warnings": Policy(RISK_READERS),
    "risk:warning": Policy(
        CREDIT | MANAGER | DEPARTMENT,
        CREDIT | MANAGER | DEPARTMENT,
        Of.CASES,
        lambda o: {"warning_id": o.warning.pk},
    ),
    # subsidies
    "subsidies:batches": Policy(SUBSIDY_READERS | AUDITOR),
    "subsidies:batch-new": Policy(FINANCE, FINANCE),
    "subsidies:batch": Policy(SUBSIDY_READERS | AUDITOR, at=_batch("computed")),
    "subsidies:batch paying": Policy(SUBSIDY_READERS | AUDITOR, at=_batch("paying")),
    "subsidies:progress": Policy(SUBSIDY_READERS | AUDITOR, at=_batch("computed")),
    "subsidies:compute": Policy(None, FINANCE, at=_batch("computed")),
    "subsidies:review": Policy(DEPARTMENT, DEPARTMENT, at=_batch("computed")),
    "subsidies:publish": Policy(FINANCE, FINANCE, at=_batch("reviewed")),
    "subsidies:decide close-notice": Policy(FINANCE, FINANCE, at=_batch("hanging", deed="close-notice")),
    "subsidies:decide approve": Policy(DIRECTOR | LEADING_GROUP, DIRECTOR, at=_batch("noticed", deed="approve")),
    "subsidies:decide send-back": Policy(
        DEPARTMENT | DIRECTOR | LEADING_GROUP, DEPARTMENT, at=_batch("computed", deed="send-back")
    ),
    "subsidies:decide void": Policy(FINANCE, FINANCE, at=_batch("computed", deed="void")),
    "subsidies:paper": Policy(None, SUBSIDY_READERS, at=_batch("computed")),
    "subsidies:payments": Policy(COUNTY_OFFICES | AUDITOR, at=_batch("paying")),
    "subsidies:payment-file": Policy(None, FINANCE, at=_batch("approved")),
    "subsidies:file-sent": Policy(FINANCE, FINANCE, at=lambda o: {"file_id": o.batches.file.pk}),
    "subsidies:answers": Policy(FINANCE, FINANCE, at=_batch("paying")),
    "subsidies:answers-template": Policy(FINANCE, at=_batch("paying")),
    "subsidies:close": Policy(None, FINANCE, at=_batch("approved")),
    "subsidies:return-file": Policy(FINANCE, at=_answers),
    "subsidies:return-file-book": Policy(None, FINANCE, at=_answers),
    "subsidies:return-file-discard": Policy(None, FINANCE, at=_answers),
    "subsidies:pay-again": Policy(None, FINANCE, at=_returned),
    "subsidies:give-up": Policy(DIRECTOR, DIRECTOR, at=_returned),
    "subsidies:clawback notify": _clawback("notify"),
    "subsidies:clawback take-back": _clawback("take-back"),
    "subsidies:clawback hand-over": _clawback("hand-over"),
    "subsidies:line": Policy(
        SUBSIDY_READERS, None, Of.CASES, lambda o: {"line_id": o.batches.line_of(o.cases["lent"].loan).pk}
    ),
    "subsidies:loan": Policy(SUBSIDY_READERS, None, Of.CASES, _subsidised),
    "subsidies:account": Policy(FINANCE | CREDIT, FINANCE | CREDIT, Of.CASES, _subsidised),
    "subsidies:exclude": Policy(FINANCE | COMMITTEE, FINANCE | COMMITTEE, Of.CASES, _subsidised),
    "subsidies:cancel-exclusion": Policy(
        FINANCE | COMMITTEE,
        FINANCE | COMMITTEE,
        Of.CASES,
        lambda o: {**_subsidised(o), "exclusion_id": o.finding.pk},
    ),
    "subsidies:rules": Policy(COUNTY_OFFICES | AUDITOR),
    "subsidies:rule-new": Policy(LEADING_GROUP, LEADING_GROUP),
    "subsidies:lenders": Policy(FINANCE | MANAGER),
    "subsidies:lender-account": Policy(FINANCE | MANAGER, FINANCE | MANAGER, Of.CASES, _outlet),
    "subsidies:budgets": Policy(COUNTY_OFFICES | AUDITOR),
    "subsidies:year-end": Policy(DIRECTOR, DIRECTOR, at=lambda o: {"budget_id": o.county_budget("2013").pk}),
    # model households, inspections, problems, publicity
    "assessments:rounds": Policy(ASSESSMENT_READERS),
    "assessments:round-new": Policy(DEPARTMENT, DEPARTMENT),
    "assessments:round": Policy(ASSESSMENT_READERS, DEPARTMENT, at=lambda o: {"campaign_id": o.rounds.running.pk}),
    "assessments:ranking": Policy(ASSESSMENT_READERS, ASSESSMENT_READERS, at=_round),
    "assessments:ranking-paper": Policy(None, ASSESSMENT_READERS, at=_round),
    "assessments:rewards compute": Policy(
        COUNTY_OFFICES, DEPARTMENT, at=lambda o: {"campaign_id": o.rounds.settled.pk}
    ),
    "assessments:rewards approve": Policy(
        COUNTY_OFFICES, LEADING_GROUP, at=lambda o: {"campaign_id": o.rounds.planned.campaign_id}
    ),
    "assessments:payee": Policy(
        COUNTY_OFFICES, FINANCE, at=lambda o: {"payee_id": o.rounds.approved.payees.order_by("position")[0].pk}
    ),
    "assessments:reward-budgets": Policy(COUNTY_OFFICES, FINANCE),
    "assessments:subject appeal": Policy(SHEET_READERS, SECRETARY, Of.CASES, _assessed("notice")),
    "assessments:subject consequence": Policy(SHEET_READERS, DEPARTMENT, Of.CASES, _assessed("final")),
    "assessments:subject-score": Policy(SECRETARY, SECRETARY, Of.CASES, _assessed("self")),
    "assessments:subject-paper": Policy(None, SHEET_READERS, Of.CASES, _assessed("notice")),
    "assessments:evidence": Policy(
        SHEET_READERS,
        None,
        Of.CASES,
        lambda o: {**_assessed("notice")(o), "file_id": o.evidence.evidence.uuid},
        is_nested=True,
    ),
    "assessments:schemes": Policy(ASSESSMENT_READERS),
    "assessments:scheme": Policy(ASSESSMENT_READERS, at=_draft_scheme),
    "assessments:scheme-copy": Policy(None, DEPARTMENT, at=lambda o: {"scheme_id": o.rounds.other_scheme.pk}),
    "assessments:scheme-publish": Policy(None, DEPARTMENT, at=_draft_scheme),
    "assessments:scheme-edit": Policy(DEPARTMENT, DEPARTMENT, at=_draft_scheme),
    "assessments:item-new": Policy(DEPARTMENT, DEPARTMENT, at=_draft_scheme),
    "assessments:item": Policy(DEPARTMENT, DEPARTMENT, at=_draft_item),
    "assessments:item-remove": Policy(None, DEPARTMENT, at=_draft_item),
    "assessments:village-posts": Policy(COMMITTEE | DEPARTMENT),
    "assessments:village-post-new": Policy(COMMITTEE | DEPARTMENT, COMMITTEE | DEPARTMENT),
    "assessments:village-post-end": Policy(
        COMMITTEE | DEPARTMENT, COMMITTEE | DEPARTMENT, Of.REGISTERS, lambda o: {"post_id": o.village_post.pk}
    ),
    "assessments:households": Policy(HONOUR_READERS),
    "assessments:household-new": Policy(CLERKS | SECRETARY, CLERKS | SECRETARY),
    "assessments:household": Policy(HONOUR_READERS, CREDIT | MANAGER, Of.CASES, _honour),
    "assessments:household-certificate": Policy(None, HONOUR_READERS, Of.CASES, _honour),
    "assessments:award-schemes": Policy(HONOUR_READERS, DEPARTMENT),
    "assessments:inspections": Policy(INSPECTION_READERS, DEPARTMENT),
    "assessments:inspection": Policy(INSPECTION_READERS, DEPARTMENT, at=_inspection),
    "assessments:inspection-list": Policy(DEPARTMENT | LEADING_GROUP, at=_inspection),
    "assessments:inspection-record": Policy(None, INSPECTION_READERS, at=_inspection),
    "assessments:inspection-item": Policy(INSPECTION_READERS, COMMITTEE | DEPARTMENT, Of.CASES, _item),
    "assessments:inspection-photo": Policy(
        INSPECTION_READERS,
        None,
        Of.CASES,
        lambda o: {**_inspection(o), "photo": o.item.answers.get().shots.get().attachment.uuid},
    ),
    "assessments:problems": Policy(PROBLEM_OFFICES, DEPARTMENT),
    "assessments:problem-new": Policy(COMMITTEE | DEPARTMENT, COMMITTEE | DEPARTMENT),
    "assessments:problem": Policy(
        SECRETARY | COMMITTEE | DEPARTMENT,
        COMMITTEE | DEPARTMENT,
        Of.REGISTERS,
        lambda o: {"problem_id": o.problem.pk},
    ),
    "assessments:accountability": Policy(SECRETARY | COMMITTEE | DEPARTMENT, SECRETARY | COMMITTEE | DEPARTMENT),
    "assessments:accountability-loans": Policy(
        SECRETARY | COMMITTEE | DEPARTMENT,
        None,
        Of.CASES,
        lambda o: {"by": "branch", "key": o.township.village.branch.pk},
    ),
    "assessments:publicity": Policy(PUBLICITY_READERS, PUBLICITY_READERS),
    "assessments:publicity-new": Policy(
        CLERKS | SECRETARY | COMMITTEE | DEPARTMENT, CLERKS | SECRETARY | COMMITTEE | DEPARTMENT
    ),
    "assessments:publicity-event": Policy(PUBLICITY_READERS, DEPARTMENT, at=_event),
    "assessments:publicity-photo": Policy(
        PUBLICITY_READERS,
        at=lambda o: {**_event(o), "photo": o.event.shots.get().attachment.uuid},
        is_nested=True,
    ),
    # figures
    "dashboards:county": Policy(FIGURE_READERS),
    "dashboards:hall": Policy(FIGURE_READERS),
    "dashboards:board-json": Policy(FIGURE_READERS),
    "dashboards:board-workbook": Policy(None, FIGURE_READERS),
    "dashboards:cases": Policy(FIGURE_READERS),
    "dashboards:overdue": Policy(FIGURE_READERS),
    "dashboards:loans": Policy(FIGURE_READERS),
    "dashboards:background": Policy(FIGURE_READERS),
    "dashboards:published": Policy(FIGURE_READERS | AUDITOR),
    "dashboards:reports": Policy(FIGURE_READERS),
    "dashboards:report": Policy(FIGURE_READERS, at=_report),
    "dashboards:report-fill": Policy(DEPARTMENT, DEPARTMENT, at=_report),
    "dashboards:report-paper": Policy(None, FIGURE_READERS, at=_report),
    "dashboards:annual-report": Policy(None, COUNTY_OFFICES | LEADER),
    "dashboards:editions": Policy(FIGURE_READERS),
    "dashboards:edition": Policy(COUNTY_OFFICES | LEADER, at=_edition),
    "dashboards:edition-paper": Policy(None, COUNTY_OFFICES | LEADER, at=_edition),
    "dashboards:bulletins": Policy(FIGURE_READERS),
    "dashboards:bulletin-new": Policy(DEPARTMENT, DEPARTMENT),
    "dashboards:bulletin": Policy(DEPARTMENT, at=_bulletin),
    "dashboards:bulletin-write": Policy(DEPARTMENT, DEPARTMENT, at=_bulletin),
    "dashboards:bulletin-issue": Policy(DEPARTMENT, DEPARTMENT, at=_bulletin),
    "dashboards:bulletin-paper": Policy(None, DEPARTMENT, at=_bulletin),
    "dashboards:publication-new": Policy(DEPARTMENT | FINANCE, DEPARTMENT | FINANCE),
    "dashboards:publication": Policy(FIGURE_READERS | AUDITOR, at=_publication),
    "dashboards:printed-figure-new": Policy(DEPARTMENT | FINANCE, DEPARTMENT | FINANCE, at=_publication),
    "dashboards:figure-explain": Policy(DEPARTMENT | FINANCE, DEPARTMENT | FINANCE, at=_printed),
    "dashboards:figure-withdraw": Policy(DEPARTMENT | FINANCE, DEPARTMENT | FINANCE, at=_printed),
}
