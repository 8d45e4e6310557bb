from django.db import models
from django.utils.translation import gettext_lazy as _, pgettext_lazy


class StepCode(models.TextChoices):
    INTAKE = "intake", _("Application")
    REFERRAL = "referral", _("Member referral")
    BRANCH_REVIEW = "branch_review", _("Branch review")
    PUBLIC_NOTICE = "public_notice", _("Public notice")
    COMMITTEE_FILING = "committee_filing", _("Committee filing")
    SUBSIDY_CONFIRMATION = "subsidy_confirmation", _("Government interest subsidy")
    DISBURSEMENT = "disbursement", _("Credit-union disbursement")
    ASSESSMENT = "assessment", _("Organisational assessment")


class Outcome(models.TextChoices):
    SUBMIT = "submit", _("Submitted")
    PASS = "pass", _("Passed")
    PUBLISH = "publish", _("Notice published")
    STOP = "stop", _("Notice stopped")
    CONFIRM = "confirm", _("Confirmed with subsidy")
    CONFIRM_WITHOUT = "confirm_without", _("Confirmed without subsidy")
    PROPOSE = "propose", _("Credit decision sent for consent")
    CONSENT = "consent", _("Consented")
    REFUSE_CONSENT = "refuse_consent", _("Consent refused")
    DISBURSE = "disburse", _("Paid out")
    SETTLE = "settle", _("Settled")
    WRITE_OFF = "write_off", pgettext_lazy("entry", "Written off")
    DUE = "due", _("Due for assessment")
    RETURN = "return", _("Returned for correction")
    REJECT = "reject", _("Not passed")
    DECLINE = "decline", _("Declined")
    WITHDRAW = "withdraw", _("Withdrawn")
    RECALL = "recall", _("Taken back by the decider")


class Side(models.TextChoices):
    """The sides that must be different people. Intake and referral are one making side."""

    MAKING = "making"
    BRANCH = "branch"
    COMMITTEE = "committee"
    FINANCE = "finance"
    LENDER = "lender"
    CONSENT = "consent"
    ASSESSMENT = "assessment"


class BorrowerKind(models.TextChoices):
    PERSON = "person", pgettext_lazy("borrower", "Person")
    HOUSEHOLD = "household", pgettext_lazy("borrower", "Household")
    COOPERATIVE = "cooperative", _("Cooperative")
    COLLECTIVE = "collective", _("Village collective")


class DraftPage(models.TextChoices):
    """The pages of the guided application, in their order."""

    APPLICANT = "applicant", _("Applicant")
    REFERRAL = "referral", pgettext_lazy("page", "Introduction")
    PROJECT = "project", _("Project and amount")
    PAPERS = "papers", pgettext_lazy("page", "Papers")
    CHECK = "check", _("Check and submit")


class Declaration(models.TextChoices):
    """What the applicant declares on paper before his application is submitted; all of it is needed."""

    TRUTH = "truth", _("What is written down is true; the loan serves this project only and is not passed on")
    PERSONAL_DATA = "personal_data", _("Agrees that his personal data are used for this application")
    CREDIT_QUERY = "credit_query", _("Allows the credit union to look up his credit record")
    NOTICE = "notice", _("Agrees that name, village, purpose and amount are published in the village")


class Purpose(models.TextChoices):
    CROPS = "crops", _("Crops")
    LIVESTOCK = "livestock", _("Livestock")
    PROCESSING = "processing", _("Processing")
    TOURISM = "tourism", _("Tourism")
    OTHER_BUSINESS = "other_business", _("Other business")
    CONSUMPTION = "consumption", _("Consumption")


class RepaymentMethod(models.TextChoices):
    QUARTERLY_INTEREST = "interest_only_then_principal", _("Interest quarterly, principal at maturity")
    LUMP_SUM = "lump_sum", _("Interest with principal at maturity")
    EQUAL_INSTALMENT = "equal_instalment", _("Equal instalments")
    EQUAL_PRINCIPAL = "equal_principal", _("Equal principal")


class HelpedKind(models.TextChoices):
    VILLAGER_IN_DIFFICULTY = "villager_in_difficulty", _("Villager in difficulty")
    LOW_INCOME_MEMBER = "low_income_member", _("Low-income Party member")
    MEMBER_IN_DIFFICULTY = "member_in_difficulty", _("Party member in difficulty")


class HelpVerdict(models.TextChoices):
    """What the branch found when it asked after a person whom a borrower promises to help."""

    CONFIRMED = "confirmed", pgettext_lazy("help", "Confirmed")
    REFUTED = "refuted", pgettext_lazy("help", "Not as stated")


class DayCountChoice(models.TextChoices):
    """The codes of finance.daycount.DayCount with the words for a page."""

    ACT_360 = "act360", _("Actual days / 360")
    PER_LOAN = "zhubi", _("Whole months, odd days / 360")
    ACT_365 = "act365", _("Actual days / 365")


class SubsidyBasis(models.TextChoices):
    PRINCIPAL = "principal", _("Percent of the principal a year")
    INTEREST = "interest", _("Share of the interest")


class VersionState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


class CreditStatus(models.TextChoices):
    NONE = "", _("No credit decision yet")
    ASKED = "asked", _("Waiting for consent")
    GIVEN = "given", _("Consented")
    REFUSED = "refused", _("Consent refused")


class NoticeState(models.TextChoices):
    RUNNING = "running", _("In notice")
    PASSED = "passed", _("Ended without open objection")
    STOPPED = "stopped", _("Stopped")


class NoticeLevel(models.TextChoices):
    """For whom a notice hangs (公示级别)."""

    VILLAGE = "village", pgettext_lazy("notice", "Village")
    TOWNSHIP = "township", pgettext_lazy("notice", "Township")
    COUNTY = "county", pgettext_lazy("notice", "County")


class ObjectionState(models.TextChoices):
    RECEIVED = "received", _("Received, not yet accepted")
    OPEN = "open", _("Under investigation")
    DISMISSED = "dismissed", _("Not upheld")
    UPHELD = "upheld", _("Upheld")
    ASIDE = "aside", _("Set aside")


# What somebody still has to do something about, and what keeps a notice from closing.
PENDING_OBJECTIONS = (ObjectionState.RECEIVED, ObjectionState.OPEN)
HOLDING_OBJECTIONS = (*PENDING_OBJECTIONS, ObjectionState.UPHELD)


class ObjectionChannel(models.TextChoices):
    PHONE = "phone", _("By phone")
    PAPER = "paper", _("On paper")
    VISIT = "visit", _("In person")
    PAGE = "page", _("By the public page")


class InquiryMethod(models.TextChoices):
    """How an objection was looked into."""

    VISIT = "visit", _("Visit on the spot")
    TALKS = "talks", _("Talks with those concerned")
    PAPERS = "papers", _("Examination of papers")
    MEETING = "meeting", _("Meeting of the branch")


class ReplyManner(models.TextChoices):
    """How the objector was told."""

    PHONE = "phone", _("By phone")
    PAPER = "paper", _("On paper")
    VISIT = "visit", _("Face to face")
    POSTED = "posted", _("Posted beside the notice")
    UNKNOWN = "unknown", _("The objector is not known")


class WriteOffState(models.TextChoices):
    WAITING = "waiting", _("Waiting for a second person")
    APPROVED = "approved", pgettext_lazy("write-off", "Written off")
    REFUSED = "refused", pgettext_lazy("write-off", "Refused")


class LoanState(models.TextChoices):
    LIVE = "live", _("Current")
    SETTLED = "settled", _("Repaid in full")
    WRITTEN_OFF = "written_off", _("Written off")


class EntryKind(models.TextChoices):
    DISBURSEMENT = "disbursement", _("Paid out")
    TRANCHE = "tranche", _("Further part paid out")
    PRINCIPAL = "principal", _("Principal repaid")
    INTEREST = "interest", _("Interest paid")
    PENALTY = "penalty", _("Penalty interest paid")
    COMPOUND = "compound", _("Interest on interest paid")
    COSTS = "costs", _("Costs paid")
    WRITE_OFF = "write_off", pgettext_lazy("entry", "Written off")
    EXTENSION = "extension", _("Extended")
    RENEWAL = "renewal", _("Renewed without repayment")
    RATE_CHANGE = "rate_change", _("Rate changed")
    MISUSE = "misuse", _("Misuse found")
    MISUSE_ENDED = "misuse_ended", _("Misuse mended")
    REVERSAL = "reversal", _("Entry reversed")


# What moves money, and what a borrower's payment can consist of.
PAYMENT_KINDS = (
    EntryKind.PRINCIPAL,
    EntryKind.INTEREST,
    EntryKind.PENALTY,
    EntryKind.COMPOUND,
    EntryKind.COSTS,
)
PAID_OUT_KINDS = (EntryKind.DISBURSEMENT, EntryKind.TRANCHE)
MONEY_KINDS = (*PAID_OUT_KINDS, *PAYMENT_KINDS, EntryKind.WRITE_OFF)


class CompoundChoice(models.TextChoices):
    """The codes of finance.penalties.CompoundRule with the words for a page."""

    CONTRACT_RATE = "contract", _("Contract rate within the term, penalty rate after it")
    PENALTY_RATE = "penalty", _("Penalty rate")


class HolidayChoice(models.TextChoices):
    """The codes of finance.periods.HolidayRule with the words for a page."""

    UNCHANGED = "unchanged", _("The due date stays")
    BEFORE = "before", _("The working day before")
    AFTER = "after", _("The working day after")


class OverdueSubsidy(models.TextChoices):
    """What arrears do to the subsidy."""

    DAYS = "days", _("No subsidy for the days in arrears")
    STOP = "stop", _("No subsidy from the first arrears on")


class MisuseSubsidy(models.TextChoices):
    """What misuse does to the subsidy."""

    VOID = "void", _("The whole subsidy is taken back")
    STOP = "stop", _("No subsidy from the finding on")


class Payee(models.TextChoices):
    BORROWER = "borrower", _("The borrower, afterwards")
    LENDER = "lender", _("The lender, directly")


class AccountKind(models.TextChoices):
    CARD = "card", _("Bank card")
    PASSBOOK = "passbook", _("Passbook")
    COMPANY = "company", _("Company account")


class StopMeasure(models.TextChoices):
    """What a circuit breaker measures (risk)."""

    NPL_RATIO = "npl_ratio", _("Share of bad loans")
    OVERDUE_RATIO = "overdue_ratio", _("Share of overdue loans")
    COMPENSATION_RATE = "compensation_rate", _("Compensation rate")
    BY_DECISION = "by_decision", _("By decision")


class MeetingKind(models.TextChoices):
    MEMBERS = "members", _("Branch members' meeting")
    COMMITTEE = "committee", _("Branch committee meeting")
    REPRESENTATIVES = "representatives", _("Meeting of members' representatives")


class MeetingState(models.TextChoices):
    OPEN = "open", pgettext_lazy("meeting", "In preparation")
    CLOSED = "closed", pgettext_lazy("meeting", "Closed")


class ItemOutcome(models.TextChoices):
    """What a meeting resolved about a case; an open item waits for the vote, a postponed one for another meeting."""

    OPEN = "open", pgettext_lazy("meeting", "Not voted on yet")
    PASS = "pass", pgettext_lazy("meeting", "Agreed")
    REJECT = "reject", pgettext_lazy("meeting", "Not agreed")
    POSTPONED = "postponed", pgettext_lazy("meeting", "Postponed")


class RecusalCause(models.TextChoices):
    """Why a member leaves the room for a case. All but the last the register tells."""

    APPLICANT = "applicant", _("The applicant himself")
    REPRESENTATIVE = "representative", _("Representative of the borrowing body")
    HOUSEHOLD = "household", _("Of the applicant's household")
    SERVED = "served", _("Of a household that the loan serves")
    INTRODUCER = "introducer", _("Introducer of the applicant")
    RELATIVE = "relative", _("Relative of the applicant")


class UseOfFunds(models.TextChoices):
    AS_AGREED = "as_agreed", _("Used as agreed")
    PARTLY = "partly", _("Partly used for something else")
    MISUSED = "misused", _("Misused")


class VisitSide(models.TextChoices):
    """Who visits after paying out: both have the duty, neither visit stands for the other's."""

    BRANCH = "branch", _("Party branch")
    LENDER = "lender", _("Lender")


class BusinessCondition(models.TextChoices):
    GOOD = "good", _("Going well")
    FAIR = "fair", _("Going as usual")
    POOR = "poor", _("In difficulty")
    STOPPED = "stopped", _("Given up")


class RepaymentOutlook(models.TextChoices):
    SURE = "sure", _("Can repay on time")
    DOUBTFUL = "doubtful", _("Repayment on time is doubtful")
    UNLIKELY = "unlikely", _("Cannot repay on time")


class CollectionKind(models.TextChoices):
    PHONE = "phone", _("Telephone call")
    NOTICE = "notice", _("Written demand")
    VISIT = "visit", _("Visit to collect")
    LAWSUIT = "lawsuit", _("Lawsuit")


class Reached(models.TextChoices):
    BORROWER = "borrower", _("The borrower")
    FAMILY = "family", _("A member of the household")
    OTHER = "other", _("Somebody else")
    NOBODY = "nobody", _("Nobody")


class StatementState(models.TextChoices):
    READ = "read", pgettext_lazy("statement", "To be checked")
    POSTING = "posting", pgettext_lazy("statement", "Being booked")
    POSTED = "posted", pgettext_lazy("statement", "Booked")
    DISCARDED = "discarded", pgettext_lazy("statement", "Discarded")


class LineKind(models.TextChoices):
    """What a line of a bank statement is."""

    REPAYMENT = "repayment", pgettext_lazy("statement line", "Repayment")
    PREPAYMENT = "prepayment", pgettext_lazy("statement line", "Early repayment")
    SETTLEMENT = "settlement", pgettext_lazy("statement line", "Settlement")
    REVERSAL = "reversal", pgettext_lazy("statement line", "Reversal")


class LineOutcome(models.TextChoices):
    """What became of a line, or will when the statement is booked. Only `new` lines are booked."""

    NEW = "new", pgettext_lazy("statement line", "New")
    KNOWN = "known", pgettext_lazy("statement line", "In the ledger already")
    ALTERED = "altered", pgettext_lazy("statement line", "Altered")
    UNKNOWN = "unknown", pgettext_lazy("statement line", "No such contract")
    FAULTY = "faulty", pgettext_lazy("statement line", "Faulty")
    BOOKED = "booked", pgettext_lazy("statement line", "Booked")
    REFUSED = "refused", pgettext_lazy("statement line", "Not bookable")


class LineFault(models.TextChoices):
    """The sentence of each thing that can be wrong with a line, beside the faults of a cell (web.spreadsheets)."""

    UNKNOWN_KIND = "unknown_kind", _("Unknown kind. Write 还款, 提前还款, 结清 or 冲正.")
    NOT_A_REFERENCE = "not_a_reference", _("Letters, digits and - / . ( ) only, not more than %(length)s characters.")
    IN_THE_FUTURE = "in_the_future", _("The day lies in the future.")
    NOTHING_PAID = "nothing_paid", _("Principal, interest and penalty interest are all zero.")
    NO_SUCH_PAYMENT = "no_such_payment", _("There is no payment with this reference that could be reversed.")
    OTHER_LOAN = "other_loan", _("This reference is booked for another contract.")
    OTHER_DAY = "other_day", _("Booked before for %(booked)s.")
    OTHER_AMOUNT = "other_amount", _("Booked before with %(booked)s yuan.")
    TWICE_DIFFERENT = "twice_different", _("The same reference stands in row %(row)s with something else.")


class RepaymentConduct(models.TextChoices):
    ON_TIME = "on_time", _("Repaid on time")
    LATE = "late", _("Repaid late")
    STILL_OWED = "still_owed", _("Not yet repaid")


class LeadingRole(models.TextChoices):
    STRONG = "strong", _("Led others to income")
    SOME = "some", _("Helped some")
    NONE = "none", _("No effect on others")


class BreachText(models.TextChoices):
    """The sentence of each breach of loans.rules. Placeholders are filled from the breach's values."""

    TOO_YOUNG = "too_young", _("The applicant is younger than %(age_min)s.")
    CLASS_IS_FOR_OTHERS = "class_is_for_others", _("This class is for other kinds of borrowers.")
    CLASS_IS_FOR_MEMBERS = "class_is_for_members", _("This class is for Party members only.")
    TOO_FEW_HELPED = "too_few_helped", _("The named helped people are too few for this class.")
    AMOUNT_NOT_POSITIVE = "amount_not_positive", _("The amount must be above zero.")
    ABOVE_CLASS = "above_class", _("The amount is above the limit of its class, %(limit)s yuan.")
    BELOW_CLASS = "below_class", _("The amount is below the least of its class, %(limit)s yuan.")
    NOT_A_MULTIPLE = "not_a_multiple", _("The amount must be a multiple of %(multiple)s yuan.")
    TERM_OUTSIDE = "term_outside", _("The term must lie between %(shortest)s and %(longest)s months.")
    PURPOSE_NOT_ALLOWED = "purpose_not_allowed", _("The programme does not lend for this purpose.")
    METHOD_NOT_ALLOWED = "method_not_allowed", _("The programme does not offer this way of repayment.")
    MORE_THAN_NEEDED = (
        "more_than_the_project_needs",
        _("Total investment less own funds is smaller than the amount asked."),
    )
    ABOVE_USUAL_AGE = "above_usual_age", _("The applicant is older than %(age_max)s, the usual limit.")
    HELP_LAPSED = (
        "help_lapsed",
        _("This household did not keep earlier promises of help: %(number)s people count less for this class."),
    )
    HELPS_HIMSELF = "helps_himself", _("The applicant cannot be among those he helps.")
    HELPS_OWN_HOUSEHOLD = "helps_own_household", _("Those he helps cannot be of the applicant's own household.")
    HELPED_IS_NO_MEMBER = "helped_is_no_member", _("%(name)s is not a Party member.")
    HELPED_ELSEWHERE = (
        "helped_elsewhere",
        _("%(name)s is helped under %(case)s already: a helped person counts once in the county."),
    )
    NO_HOUSEHOLD = "no_household", _("The applicant is in no household of the register.")
    OUTSIDE_COUNTY = "outside_county", _("The applicant lives outside the county of the programme.")
    OTHER_TOWNSHIP = "other_township", _("The branch lies in another township than the applicant.")
    BODY_DISSOLVED = "body_dissolved", _("This body has been dissolved.")
    NOBODY_SERVED = "nobody_served", _("Name at least one household that the loan serves.")
    NOMINAL_IS_NO_MEMBER = (
        "nominal_is_no_member",
        _("Who borrows in his name for the collective is not a Party member."),
    )
    OTHERS_APPLY = "others_apply", _("Of the same household or body %(number)s other applications are under way.")
    HOUSEHOLD_ABOVE_LIMIT = (
        "household_above_limit",
        _("All loans of the household would come to %(total)s yuan, above its limit of %(limit)s yuan."),
    )
    BODY_ABOVE_LIMIT = (
        "body_above_limit",
        _("All loans of this body would come to %(total)s yuan, above its limit of %(limit)s yuan."),
    )
    IN_ARREARS = "household_in_arrears", _("Loans of the household in arrears: %(number)s.")
    WRITTEN_OFF = "household_written_off", _("Loans of the household written off: %(number)s.")
    DEBTS_ABOVE_INCOME = (
        "debts_above_income",
        _("Debts with this loan are %(debts)s yuan, above %(limit)s times the income of a year."),
    )
    LENDING_STOPPED = "lending_stopped", _("No new loans in %(place)s since %(day)s: %(reason)s")
    NO_QUOTA = "no_quota", _("No quota of the township is set for this year.")
    QUOTA_SHORT = "quota_short", _("The quota of the township is not enough for this case.")
    NO_BUDGET = "no_budget", _("No subsidy budget is set for this year.")
    BUDGET_SHORT = "budget_short", _("The subsidy budget is not enough for this case.")
    COUNT_NEGATIVE = "count_negative", _("A count cannot be negative.")
    NOBODY_ENTITLED = "nobody_entitled", _("Nobody is left who may vote.")
    MORE_PRESENT = "more_present_than_entitled", _("More are present than may vote (%(base)s).")
    VOTES_DO_NOT_ADD_UP = (
        "votes_do_not_add_up",
        _("For, against and abstained must add up to those present (%(present)s)."),
    )


class PaperKind(models.TextChoices):
    """The papers that carry a code by which anybody can check them."""

    APPLICATION_FORM = "application_form", _("Application and approval form")
    REFERRAL_LETTER = "referral_letter", _("Referral letter")
    BRANCH_RESOLUTION = "branch_resolution", _("Branch resolution")
    PUBLIC_NOTICE = "public_notice", _("Public notice")
    FILING_FORM = "filing_form", _("Filing form")
    SUBSIDY_APPROVAL = "subsidy_approval", _("Subsidy approval form")
    DISBURSEMENT_NOTICE = "disbursement_notice", _("Notice of disbursement")
    ASSESSMENT_FORM = "assessment_form", _("Assessment form")
    DOSSIER = "dossier", _("Dossier")
    AWARD_CERTIFICATE = "award_certificate", _("Certificate of a model household")


class BenefitKind(models.TextChoices):
    """What an honour brings at the next loan."""

    PRIORITY = "priority", _("Priority in the queues")
    LIMIT_UPLIFT = "limit_uplift", _("Higher limit")
    RATE_REDUCTION = "rate_reduction", _("Lower rate")
