"""Every page of the house: its address, and who opens it. The names are those of the URL configuration."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.urls import reverse

from accounts.models import User
from loans.choices import DraftPage, StepCode
from loans.models import CommitteeFiling, SubsidyBudget
from tests.browser.situation import Situation

ACTS = ("extension", "renewal", "rate_change", "misuse")
Opener = Callable[[Situation], User | None]
Arguments = Callable[[Situation], list[object]]


def nobody(here: Situation) -> None:
    return None


def clerk(here: Situation) -> User:
    return here.county.yangcen.clerk


def secretary(here: Situation) -> User:
    return here.village.secretary


def general_secretary(here: Situation) -> User:
    return here.village.general_secretary


def keeper(here: Situation) -> User:
    """The secretary of the branch whose meeting is closed."""
    return here.county.shaxi.villages[1].secretary


def committee(here: Situation) -> User:
    return here.county.yangcen.committee_officer


def organisation(here: Situation) -> User:
    return here.county.organisation_officer


def finance(here: Situation) -> User:
    return here.county.finance_officer


def director(here: Situation) -> User:
    return here.county.finance_director


def officer(here: Situation) -> User:
    return here.county.yangcen.credit_officer


def manager(here: Situation) -> User:
    return here.county.shaxi.credit_manager


def visitor(here: Situation) -> User:
    """The secretary of the branch whose loan is looked after."""
    return here.visits["corrected"].visitor


def union(here: Situation) -> User:
    return here.county.union_manager


def leader(here: Situation) -> User:
    return here.county.leader


def group(here: Situation) -> User:
    return here.county.leading_group_officer


def auditor(here: Situation) -> User:
    return here.county.auditor


def sysadmin(here: Situation) -> User:
    return here.county.system_administrator


def secadmin(here: Situation) -> User:
    return here.county.security_administrator


def outsider(here: Situation) -> User:
    return here.county.outsider


EVERYBODY = (
    clerk,
    secretary,
    committee,
    organisation,
    finance,
    officer,
    manager,
    leader,
    auditor,
    sysadmin,
    secadmin,
    outsider,
)


def _different_line(here: Situation) -> list[object]:
    return [here.statements["booked"].lines.get().pk]


@dataclass(frozen=True)
class PageOf:
    """A page as one account sees it. `query` is filled in with the keys that `fill` returns."""

    name: str
    opener: Opener
    arguments: Arguments = lambda here: []
    query: str = ""
    fill: Callable[[Situation], dict[str, object]] = lambda here: {}
    variant: str = ""
    label: str = field(init=False)

    def __post_init__(self) -> None:
        words = [self.name, self.opener.__name__, *([self.variant] if self.variant else [])]
        object.__setattr__(self, "label", "-".join(words))

    def url(self, here: Situation) -> str:
        return reverse(self.name, args=self.arguments(here)) + self.query.format(**self.fill(here))


def batch(state: str) -> Arguments:
    return lambda here: [getattr(here.batches, state).pk]


def of_case(name: str) -> Arguments:
    return lambda here: [here.cases[name].pk]


def page_of_case(name: str, page: str) -> Arguments:
    return lambda here: [here.cases[name].pk, page]


def step_of(name: str, step: str) -> Arguments:
    return lambda here: [here.cases[name].pk, step]


def sheet(here: Situation) -> list[object]:
    return [here.objection.notice.roster_id]


def token(here: Situation) -> list[object]:
    return [here.objection.notice.roster.token]


def paper_of(place: int) -> Arguments:
    return lambda here: [here.cases["draft"].pk, here.papers[place].pk]


def meeting(state: str) -> Arguments:
    return lambda here: [here.meetings[state].pk]


def farmer(here: Situation) -> list[object]:
    return [here.village.farmer.pk]


def branch(here: Situation) -> list[object]:
    return [here.village.branch.pk]


def member(here: Situation) -> list[object]:
    return [here.village.members[3].pk]


def household(here: Situation) -> list[object]:
    return [here.village.households[0].pk]


def entity(here: Situation) -> list[object]:
    return [here.entity.pk]


def version(here: Situation) -> list[object]:
    return [here.version.pk]


def account(here: Situation) -> list[object]:
    return [here.county.yangcen.clerk.pk]


def job(state: str) -> Arguments:
    return lambda here: [here.jobs[state].pk]


DECISIONS = (
    ("referral", StepCode.REFERRAL, clerk),
    ("branch_review", StepCode.BRANCH_REVIEW, secretary),
    ("public_notice", StepCode.PUBLIC_NOTICE, secretary),
    ("committee_filing", StepCode.COMMITTEE_FILING, committee),
    ("subsidy_confirmation", StepCode.SUBSIDY_CONFIRMATION, finance),
    ("disbursement", StepCode.DISBURSEMENT, officer),
    ("consent", StepCode.DISBURSEMENT, manager),
    ("assessment", StepCode.ASSESSMENT, organisation),
)
QUEUES = (
    (StepCode.INTAKE, clerk),
    (StepCode.REFERRAL, clerk),
    (StepCode.BRANCH_REVIEW, secretary),
    (StepCode.PUBLIC_NOTICE, committee),
    (StepCode.COMMITTEE_FILING, committee),
    (StepCode.SUBSIDY_CONFIRMATION, finance),
    (StepCode.DISBURSEMENT, officer),
    (StepCode.ASSESSMENT, organisation),
)
CASES = (
    ("draft", clerk),
    ("returned", clerk),
    ("withdrawn", clerk),
    ("objected", committee),
    ("consent", manager),
    ("lent", officer),
    ("closed", organisation),
)

HOUSE = [
    *(PageOf("home", somebody) for somebody in EVERYBODY),
    PageOf("search", clerk, variant="empty"),
    PageOf("search", clerk, query="?q=杨", variant="found"),
    PageOf("search", outsider, query="?q=杨", variant="nothing"),
    PageOf("help", secretary),
    PageOf("guide", clerk, lambda here: ["clerk"]),
    PageOf("web:styleguide", sysadmin),
    PageOf("web:views", clerk, query="?path=/loans/cases/&query=mine%3Don"),
]
ACCOUNTS = [
    PageOf("accounts:login", nobody),
    PageOf("accounts:password", clerk),
    PageOf("accounts:preferences", clerk),
    PageOf("accounts:account-list", sysadmin),
    PageOf("accounts:account-open", sysadmin),
    PageOf("accounts:account-detail", sysadmin, account),
    PageOf("accounts:account-detail", sysadmin, lambda here: [here.closed_account.pk], variant="closed"),
    PageOf("accounts:account-detail", secadmin, account),
    PageOf("accounts:post-list", secadmin),
    PageOf("accounts:appoint", secadmin, query="?q=yangcen", variant="whom"),
    PageOf(
        "accounts:appoint",
        secadmin,
        query="?account={account}&q=信用社",
        fill=lambda here: {"account": here.county.outsider.pk},
        variant="where",
    ),
    PageOf(
        "accounts:appoint",
        secadmin,
        query="?account={account}&organization={outlet}",
        fill=lambda here: {"account": here.county.outsider.pk, "outlet": here.county.yangcen.outlet.pk},
        variant="as-what",
    ),
    PageOf("accounts:dismiss", secadmin, lambda here: [here.post.pk]),
    PageOf("accounts:hand-over", secadmin, lambda here: [here.post.pk], query="?q=yangcen", variant="to-whom"),
    PageOf(
        "accounts:delegate",
        secadmin,
        lambda here: [here.post.pk],
        query="?account={account}",
        fill=lambda here: {"account": here.county.outsider.pk},
        variant="when",
    ),
    PageOf("audit:event-list", auditor),
    PageOf("jobs:list", clerk),
    PageOf("inbox:list", clerk),
    PageOf("loans:late", committee),
    PageOf("invariants", leader),
    *(PageOf("jobs:detail", clerk, job(state), variant=state) for state in ("finished", "running", "failed")),
]
ORGANIZATIONS = [
    PageOf("organizations:tree", organisation),
    PageOf("organizations:tree", clerk, query="?q=中羊", variant="searched"),
    PageOf("organizations:root-add", organisation),
    PageOf("organizations:detail", organisation, branch),
    PageOf("organizations:detail", leader, lambda here: [here.county.yangcen.committee.pk]),
    PageOf("organizations:add", organisation, lambda here: [here.village.general_branch.pk]),
    PageOf("organizations:change", organisation, branch),
    PageOf("organizations:service-areas", organisation, lambda here: [here.county.yangcen.outlet.pk]),
    PageOf("organization-move", organisation, branch, query="?q=新松", variant="where"),
    PageOf(
        "organization-move",
        organisation,
        branch,
        query="?parent={parent}",
        fill=lambda here: {"parent": here.county.yangcen.villages[1].general_branch.pk},
        variant="confirm",
    ),
    PageOf("organization-close", organisation, branch),
    PageOf("organizations:divisions", organisation),
    PageOf("organizations:division-add", organisation),
]
REGISTERS = [
    PageOf("organizations:people", clerk),
    PageOf("organizations:person-register", clerk),
    PageOf("organizations:person", clerk, farmer),
    PageOf("organizations:person", organisation, lambda here: [here.village.members[0].person_id], variant="member"),
    PageOf("organizations:person-change", clerk, farmer),
    PageOf("organizations:person-correct-number", organisation, farmer),
    PageOf("organizations:person-move", organisation, farmer),
    PageOf("organizations:admit", organisation, farmer),
    PageOf("organizations:households", clerk),
    PageOf("organizations:household-add", clerk),
    PageOf("organizations:household", clerk, household),
    PageOf("organizations:household-change", clerk, household),
    PageOf("organizations:household-add-member", clerk, household),
    PageOf("organizations:members", organisation),
    PageOf("organizations:member-full", organisation, member),
    PageOf("organizations:member-transfer", organisation, member),
    PageOf("organizations:member-standing", organisation, member),
    PageOf("organizations:member-leave", organisation, member),
    PageOf("organizations:entities", organisation),
    PageOf("organizations:entity-register", clerk),
    PageOf("organizations:entity", organisation, entity),
    PageOf("organizations:entity-change", organisation, entity),
    PageOf("organizations:entity-dissolve", organisation, entity),
]
LOANS = [
    *(PageOf("loans:queue", who, lambda here, step=step: [step], variant=step.value) for step, who in QUEUES),
    *(
        PageOf(
            "loans:bulk",
            who,
            lambda here, step=step: [step],
            query="?case={case}",
            variant=step.value,
            fill=lambda here, step=step: {"case": here.cases[step].pk},
        )
        for step, who in ((StepCode.COMMITTEE_FILING, committee), (StepCode.SUBSIDY_CONFIRMATION, finance))
    ),
    PageOf("loans:bulk-results", committee, lambda here: [StepCode.COMMITTEE_FILING], variant="nothing"),
    PageOf("loans:filings", committee),
    PageOf(
        "loans:filing",
        committee,
        lambda here: [CommitteeFiling.objects.get(number=here.cases[StepCode.DISBURSEMENT].filing_number).pk],
    ),
    PageOf("loans:phrases", secretary),
    PageOf("loans:papers", clerk, of_case("draft"), variant="draft"),
    PageOf("loans:papers", secretary, of_case("branch_review"), variant="branch"),
    *(
        PageOf("loans:paper", who, paper_of(place), variant=name)
        for who, place, name in ((clerk, 0, "photo"), (committee, 1, "reader"), (clerk, 2, "pdf"), (clerk, 3, "past"))
    ),
    PageOf("loans:meetings", secretary),
    PageOf("loans:meeting-new", secretary),
    PageOf("loans:meeting", secretary, meeting("open"), variant="open"),
    PageOf("loans:meeting", committee, meeting("open"), variant="read"),
    PageOf("loans:meeting", keeper, meeting("closed"), variant="closed"),
    PageOf("loans:meeting-agenda", secretary, meeting("open")),
    PageOf("loans:meeting-votes", secretary, meeting("open")),
    PageOf("loans:meeting-close", secretary, meeting("open")),
    PageOf("loans:desk", officer),
    PageOf("loans:desk", officer, query="?state=overdue&amount_from=1000000", variant="nothing"),
    PageOf("loans:desk", manager),
    PageOf(
        "loans:desk-bulk", officer, query="?case={case}", fill=lambda here: {"case": here.cases["disbursement"].pk}
    ),
    PageOf("loans:desk-results", officer, variant="nothing"),
    PageOf("loans:find-applicant", clerk),
    PageOf(
        "loans:application-new",
        clerk,
        query="?person={person}",
        fill=lambda here: {"person": here.village.farmer.pk},
    ),
    *(
        PageOf("loans:application-page", clerk, page_of_case("draft", page), variant=f"draft-{page}")
        for page in DraftPage.values
    ),
    PageOf("loans:application-page", clerk, page_of_case("returned", "check"), variant="returned-check"),
    PageOf("loans:application-submitted", clerk, of_case("referral")),
    PageOf("loans:checklist", clerk),
    PageOf("loans:cases", clerk),
    PageOf("loans:cases", secretary, query="?q=nobody", variant="nothing"),
    *(PageOf("loans:case", who, of_case(name), variant=name) for name, who in CASES),
    *(PageOf("loans:decide", who, step_of(name, step), variant=name) for name, step, who in DECISIONS),
    PageOf("loans:eligibility", clerk, of_case("draft")),
    PageOf("loans:help-verify", secretary, of_case("helping")),
    PageOf(
        "loans:help-lapse",
        committee,
        lambda here: [here.cases["helped"].pk, here.cases["helped"].commitments.get().person_id],
    ),
    PageOf("loans:withdraw", clerk, of_case("draft")),
    PageOf("loans:notices", secretary),
    PageOf("loans:notices", committee, query="?state=ended", variant="ended"),
    PageOf(
        "loans:notice-new", secretary, query="?case={case}", fill=lambda here: {"case": here.cases["public_notice"].pk}
    ),
    PageOf("loans:notice", committee, sheet),
    PageOf("loans:notice", officer, sheet),
    PageOf("loans:notice-photo-new", clerk, sheet),
    PageOf("loans:objections", committee),
    PageOf("loans:objections", organisation, query="?state=all", variant="all"),
    PageOf("loans:objection", committee, lambda here: [here.objection.pk]),
    PageOf("loans:objection", committee, lambda here: [here.received.pk], variant="received"),
    PageOf("loans:objection", committee, lambda here: [here.answered.pk], variant="answered"),
    PageOf("loans:objection-aside", committee, lambda here: [here.received.pk]),
    PageOf("loans:objection-extend", committee, lambda here: [here.objection.pk]),
    PageOf("loans:evidence-new", committee, lambda here: [here.objection.pk]),
    PageOf("loans:objection-reply", committee, lambda here: [here.answered.pk]),
    PageOf("public:notice", nobody, token),
    PageOf("public:objection", nobody, token),
    PageOf("public:received", nobody, token),
    PageOf("public:paper", nobody, lambda here: [here.paper_code]),
    PageOf("loans:object", committee, of_case("objected")),
    PageOf("loans:settle", committee, lambda here: [here.cases["objected"].pk, here.objection.pk]),
    PageOf("loans:loans", officer),
    PageOf("loans:loan", officer, lambda here: [here.loan.pk]),
    PageOf("loans:loan", officer, lambda here: [here.settled_loan.pk], variant="settled"),
    PageOf("loans:statements", officer),
    PageOf("loans:statement", officer, lambda here: [here.statements["read"].pk], variant="read"),
    PageOf("loans:statement", officer, lambda here: [here.statements["booked"].pk], variant="booked"),
    PageOf("loans:statement-differences", officer),
    PageOf("loans:statement-differences", officer, query="?look=clarified", variant="nothing"),
    PageOf("loans:statement-line", officer, _different_line, variant="differs"),
    PageOf("loans:visits", visitor),
    PageOf("loans:visits", officer, query="?due=all"),
    PageOf("loans:visits", organisation, query="?side=lender&due=overdue", variant="nothing"),
    PageOf("loans:arrears", officer),
    PageOf("loans:arrears", officer, query="?bucket=soon", variant="soon"),
    *(PageOf("loans:act", officer, lambda here, kind=kind: [here.loan.pk, kind], variant=kind) for kind in ACTS),
    PageOf("loans:write-off-new", officer, lambda here: [here.loan.pk]),
    PageOf("loans:write-offs", officer),
    PageOf("loans:write-off", officer, lambda here: [here.write_off.pk], variant="own"),
    PageOf("loans:write-off", union, lambda here: [here.write_off.pk]),
    PageOf(
        "loans:reversal",
        officer,
        lambda here: [here.settled_loan.pk, here.settled_loan.entries.filter(kind="principal").latest("pk").pk],
    ),
    PageOf("loans:visit-new", visitor, lambda here: [here.loan.pk]),
    PageOf("loans:visit", officer, lambda here: [here.loan.pk, here.visits["misuse"].pk], variant="misuse"),
    PageOf("loans:visit", visitor, lambda here: [here.loan.pk, here.visits["corrected"].pk], variant="corrected"),
    PageOf("loans:visit-correct", officer, lambda here: [here.loan.pk, here.visits["misuse"].pk]),
    PageOf("loans:collection-new", officer, lambda here: [here.loan.pk]),
    PageOf("loans:quote", leader),
    PageOf(
        "loans:quote",
        clerk,
        query="?version={version}&amount=10000&start=2014-08-15&end=2015-08-15",
        fill=lambda here: {"version": version(here)[0]},
        variant="calculated",
    ),
    PageOf("loans:quote", officer, query="?version=0&amount=1e3&start=&end=2014-08-15", variant="refused"),
    PageOf("loans:programmes", clerk),
    PageOf("loans:version", organisation, version),
    PageOf("loans:quota", organisation, version),
    PageOf("loans:budget", finance, version),
]


def fund(here: Situation) -> list[object]:
    return [here.fund.pk]


def late(state: str) -> Arguments:
    return lambda here: [here.late[state].pk]


def claim(state: str) -> Arguments:
    return lambda here: [here.claims[state].pk]


CLAIMS = (
    ("to_file", officer),
    ("to_check", organisation),
    ("to_approve", group),
    ("to_pay", finance),
    ("recovering", finance),
    ("to_write_off", group),
    ("written_off", group),
)
SUBSIDIES = [
    PageOf("subsidies:batches", finance),
    PageOf("subsidies:batch-new", finance),
    PageOf("subsidies:batch", finance, batch("computed")),
    PageOf("subsidies:batch", committee, batch("computed"), query="?status=not_plain", variant="empty"),
    PageOf("subsidies:batch", auditor, batch("paying"), variant="masked"),
    PageOf("subsidies:batch", director, batch("hanging"), variant="obstacle"),
    PageOf("subsidies:review", organisation, batch("computed"), variant="before-the-draw"),
    PageOf("subsidies:review", organisation, batch("reviewed")),
    PageOf("subsidies:publish", finance, batch("reviewed")),
    PageOf("subsidies:decide", director, lambda here: [here.batches.noticed.pk, "approve"]),
    PageOf("subsidies:decide", finance, lambda here: [here.batches.computed.pk, "void"], variant="void"),
    PageOf("subsidies:payments", finance, batch("paying")),
    PageOf("subsidies:payments", finance, batch("approved"), variant="clawback"),
    PageOf("subsidies:answers", finance, batch("paying")),
    PageOf("subsidies:return-file", finance, lambda here: [here.batches.answers.pk]),
    PageOf("subsidies:file-sent", finance, lambda here: [here.batches.file.pk]),
    PageOf("subsidies:give-up", director, lambda here: [here.batches.returned.pk]),
    PageOf("subsidies:clawback", finance, lambda here: [here.batches.claim.pk, "take-back"]),
    PageOf("subsidies:line", finance, lambda here: [here.batches.line_of(here.loan).pk]),
    PageOf("subsidies:loan", finance, lambda here: [here.loan.pk]),
    PageOf("subsidies:account", officer, lambda here: [here.loan.pk]),
    PageOf("subsidies:exclude", committee, lambda here: [here.loan.pk]),
    PageOf("subsidies:cancel-exclusion", finance, lambda here: [here.loan.pk, here.finding.pk]),
    PageOf("subsidies:budgets", director),
    PageOf("subsidies:rules", group),
    PageOf("subsidies:rule-new", group),
    PageOf("subsidies:lenders", finance),
    PageOf("subsidies:lender-account", finance, lambda here: [here.county.yangcen.outlet.pk]),
    PageOf("subsidies:year-end", director, lambda here: [SubsidyBudget.objects.get(version__code="2013").pk]),
]
RISK = [
    PageOf("risk:funds", finance),
    PageOf("risk:fund-new", finance),
    PageOf("risk:fund", finance, fund),
    PageOf("risk:fund", group, fund, query="?as_of=2013-07-15", variant="empty"),
    PageOf("risk:fund-book", finance, fund),
    PageOf("risk:fund-shares", finance, fund),
    PageOf("risk:fund-rule", finance, fund),
    PageOf("risk:fund-statement", finance, fund),
    PageOf("risk:statement", finance, lambda here: [here.statement.pk]),
    PageOf("risk:claims", officer),
    *(PageOf("risk:claim", who, claim(state), variant=state) for state, who in CLAIMS),
    PageOf("risk:write-offs", group),
    PageOf("risk:loan", officer, late("none")),
    PageOf("risk:loan", finance, late("recovering"), variant="claimed"),
    PageOf("risk:judge", finance, late("none")),
    PageOf("risk:technical", union, late("none")),
    PageOf("risk:insure", officer, late("none")),
    PageOf("risk:diligence", group, late("none")),
    PageOf("risk:stops", group),
    PageOf("risk:stop-new", group),
    PageOf("risk:stop-lift", group, lambda here: [here.stop.pk]),
    PageOf("risk:breaker-new", finance),
    PageOf("risk:watch-new", finance),
    PageOf("risk:categories", finance),
    PageOf("risk:warnings", officer),
    PageOf("risk:warnings", organisation, query="?closed=on", variant="closed"),
    PageOf("risk:warning", officer, lambda here: [here.warning.pk]),
]
FIELD_WORK = [
    PageOf("assessments:rounds", leader),
    PageOf("assessments:round-new", organisation),
    PageOf("assessments:round", organisation, lambda here: [here.rounds.running.pk]),
    PageOf("assessments:ranking", leader, lambda here: [here.rounds.settled.pk]),
    PageOf("assessments:rewards", group, lambda here: [here.rounds.planned.campaign_id]),
    PageOf("assessments:payee", finance, lambda here: [here.rounds.approved.payees.order_by("position")[0].pk]),
    PageOf("assessments:reward-budgets", finance),
    PageOf("assessments:subject", organisation, lambda here: [here.assessed["notice"].pk]),
    PageOf("assessments:subject-score", general_secretary, lambda here: [here.assessed["self"].pk]),
    PageOf("assessments:schemes", committee),
    PageOf("assessments:scheme", organisation, lambda here: [here.rounds.draft.pk]),
    PageOf("assessments:scheme-edit", organisation, lambda here: [here.rounds.draft.pk]),
    PageOf("assessments:item-new", organisation, lambda here: [here.rounds.draft.pk]),
    PageOf(
        "assessments:item",
        organisation,
        lambda here: [here.rounds.draft.pk, here.rounds.draft.groups.first().items.first().pk],
    ),
    PageOf("assessments:village-posts", committee),
    PageOf("assessments:village-post-new", committee),
    PageOf(
        "assessments:village-post-end",
        organisation,
        lambda here: [here.village.general_branch.village_posts.first().pk],
    ),
    PageOf("assessments:households", manager),
    PageOf("assessments:household-new", secretary, query="?text=a"),
    PageOf("assessments:household", officer, lambda here: [here.honours["to_rate"].pk], variant="to_rate"),
    PageOf("assessments:household", group, lambda here: [here.honours["in_notice"].pk], variant="in_notice"),
    PageOf("assessments:household", organisation, lambda here: [here.honours["awarded"].pk], variant="awarded"),
    PageOf("assessments:award-schemes", organisation),
    PageOf("assessments:inspections", organisation),
    PageOf("assessments:inspection", organisation, lambda here: [here.item.inspection_id]),
    PageOf("assessments:inspection-item", organisation, lambda here: [here.item.inspection_id, here.item.pk]),
    PageOf("assessments:problems", organisation),
    PageOf("assessments:problem-new", committee),
    PageOf("assessments:problem", organisation, lambda here: [here.problem.pk]),
    PageOf("assessments:accountability", organisation),
    PageOf("assessments:accountability", committee, query="?by=branch", variant="branches"),
    PageOf(
        "assessments:accountability-loans",
        organisation,
        lambda here: ["branch", here.loan.branch_id],
    ),
    PageOf("assessments:publicity", leader),
    PageOf("assessments:publicity-new", clerk),
    PageOf("assessments:publicity-event", organisation, lambda here: [here.event.pk]),
]
FIGURES = [
    PageOf("dashboards:county", leader),
    PageOf("dashboards:county", committee),
    PageOf("dashboards:hall", leader),
    PageOf("dashboards:cases", leader),
    PageOf("dashboards:overdue", leader),
    PageOf("dashboards:loans", leader),
    PageOf("dashboards:background", leader),
    PageOf("dashboards:published", leader),
    PageOf("dashboards:reports", leader),
    PageOf("dashboards:report", committee, lambda here: ["monthly_progress"]),
    PageOf("dashboards:report-fill", organisation, lambda here: ["monthly_progress"], query="?period=2014-07"),
    PageOf("dashboards:editions", leader),
    PageOf("dashboards:edition", leader, lambda here: [here.editions[-1].pk]),
    PageOf("dashboards:bulletins", organisation),
    PageOf("dashboards:bulletin-new", organisation),
    PageOf("dashboards:bulletin", organisation, lambda here: [here.bulletin.pk]),
    PageOf("dashboards:bulletin-write", organisation, lambda here: [here.bulletin.pk]),
    PageOf("dashboards:bulletin-issue", organisation, lambda here: [here.bulletin.pk]),
    PageOf("dashboards:publication", organisation, lambda here: [here.printed.publication_id]),
    PageOf("dashboards:publication-new", organisation),
    PageOf("dashboards:printed-figure-new", organisation, lambda here: [here.printed.publication_id]),
    PageOf("dashboards:figure-explain", organisation, lambda here: [here.printed.pk]),
    PageOf("dashboards:figure-withdraw", organisation, lambda here: [here.printed.pk]),
]
PAGES = [*HOUSE, *ACCOUNTS, *ORGANIZATIONS, *REGISTERS, *LOANS, *SUBSIDIES, *RISK, *FIELD_WORK, *FIGURES]

# Addresses that are no page of their own, and what they are.
NO_PAGES = {
    "dashboards:board-json": "JSON for another program",
    "dashboards:board-workbook": "posted only",
    "dashboards:report-paper": "posted only",
    "dashboards:annual-report": "posted only",
    "dashboards:edition-paper": "posted only",
    "dashboards:bulletin-paper": "posted only",
    "health": "JSON for a load balancer",
    "alive": "JSON for a load balancer",
    "accounts:logout": "posted only",
    "accounts:language": "posted only",
    "accounts:account-close": "posted only",
    "accounts:account-reopen": "posted only",
    "accounts:account-reset": "posted only",
    "accounts:account-unlock": "posted only",
    "organizations:children": "part of the tree",
    "organizations:reveal": "posted only",
    "organizations:check-number": "posted only",
    "organizations:household-remove-member": "posted only",
    "organizations:household-set-head": "posted only",
    "loans:application-edit": "leads on to the page reached",
    "loans:applicant-check": "a fragment of find-applicant",
    "loans:applicant-register": "posted only",
    "loans:application-autosave": "posted only",
    "loans:reasons": "answers with the panel of loans:eligibility, or leads on",
    "loans:application-people": "a fragment of the project page",
    "loans:draft-introducers": "a fragment of the introduction page",
    "loans:print": "posted only",
    "loans:desk-export": "posted only",
    "loans:desk-chosen": "posted only",
    "loans:phrase-delete": "posted only",
    "loans:recall": "posted only",
    "loans:meeting-minutes": "posted only",
    "loans:paper-order": "posted only",
    "loans:paper-missing": "posted only",
    "loans:paper-seen": "posted only",
    "loans:paper-rotate": "posted only",
    "loans:paper-replace": "posted only",
    "loans:paper-withdraw": "posted only",
    "loans:paper-file": "a file",
    "loans:paper-thumbnail": "a file",
    "loans:notice-anew": "posted only",
    "loans:notice-poster": "posted only",
    "loans:notice-photo": "a file",
    "loans:notice-thumbnail": "a file",
    "loans:objection-accept": "posted only",
    "loans:evidence": "a file",
    "loans:introducers": "part of the referral",
    "loans:trial": "part of the application",
    "loans:allocation": "part of a loan",
    "loans:statement-template": "a file",
    "loans:statement-post": "posted only",
    "loans:statement-check": "posted only",
    "loans:statement-discard": "posted only",
    "loans:visit-photo": "a file",
    "loans:visit-thumbnail": "a file",
    "loans:collection-paper": "a file",
    "risk:claim-new": "posted only",
    "subsidies:progress": "part of the batch's page",
    "subsidies:compute": "posted only",
    "subsidies:paper": "posted only",
    "subsidies:payment-file": "posted only",
    "subsidies:pay-again": "posted only",
    "jobs:progress": "part of the job's page",
    "jobs:file": "a file",
    "jobs:restart": "posted only",
    "inbox:open": "posted only",
    "risk:claim-paper": "a file",
    "risk:claim-form": "posted only",
    "risk:statement-keep": "posted only",
    "loans:write-off-paper": "a file",
    "subsidies:answers-template": "a file",
    "subsidies:return-file-book": "posted only",
    "subsidies:return-file-discard": "posted only",
    "subsidies:close": "posted only",
    "web:view-delete": "posted only",
    "inbox:read-all": "posted only",
    "loans:urge": "posted only",
    "assessments:ranking-paper": "posted only",
    "assessments:subject-paper": "posted only",
    "assessments:scheme-copy": "posted only",
    "assessments:scheme-publish": "posted only",
    "assessments:item-remove": "posted only",
    "assessments:evidence": "a file",
    "assessments:household-certificate": "posted only",
    "assessments:inspection-record": "posted only",
    "assessments:inspection-list": "a file",
    "assessments:inspection-photo": "a file",
    "assessments:publicity-photo": "a file",
}
