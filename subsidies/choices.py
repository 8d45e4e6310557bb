from django.db import models
from django.utils.translation import gettext_lazy as _, pgettext_lazy


class BatchState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("batch", "Draft")
    COMPUTING = "computing", _("Being computed")
    COMPUTED = "computed", _("Computed")
    REVIEWED = "reviewed", _("Reviewed")
    ON_NOTICE = "on_notice", pgettext_lazy("batch", "On notice")
    APPROVED = "approved", pgettext_lazy("batch", "Approved")
    PAYING = "paying", _("Being paid")
    RECONCILED = "reconciled", _("Reconciled")
    VOID = "void", pgettext_lazy("batch", "Given up")


# From approval on nothing of a batch changes any more.
CLOSED_STATES = (BatchState.APPROVED, BatchState.PAYING, BatchState.RECONCILED)
OPEN_STATES = (
    BatchState.DRAFT,
    BatchState.COMPUTING,
    BatchState.COMPUTED,
    BatchState.REVIEWED,
    BatchState.ON_NOTICE,
)


class BatchStep(models.TextChoices):
    COMPUTATION = "computation", _("Computation")
    REVIEW = "review", _("Review with sample")
    NOTICE = "notice", pgettext_lazy("batch", "Public notice")
    APPROVAL = "approval", _("Approval")
    SECOND_APPROVAL = "second_approval", _("Second approval")


class BatchOutcome(models.TextChoices):
    PASS = "pass", pgettext_lazy("batch", "Passed")
    RETURN = "return", _("Sent back to be computed again")
    PUBLISH = "publish", pgettext_lazy("batch", "Published")
    APPROVE = "approve", pgettext_lazy("batch", "Approved")
    VOID = "void", pgettext_lazy("batch", "Given up")


class LineKind(models.TextChoices):
    ORDINARY = "ordinary", _("Ordinary")
    DIFFERENCE = "difference", pgettext_lazy("line", "Difference")


class LineStatus(models.TextChoices):
    ELIGIBLE = "eligible", _("Eligible")
    ATTENTION = "attention", _("To be looked at")
    EXCLUDED = "excluded", _("Not eligible")


class Reason(models.TextChoices):
    """Why a line is cut or empty."""

    NONE = "", _("No remark")
    OVERDUE = "overdue", _("In arrears")
    PAST_DUE = "past_due", _("After the due date")
    EXTENSION = "extension", _("Extended")
    MISUSE = "misuse", pgettext_lazy("subsidy", "Misused")
    ABOVE_LIMIT = "above_limit", _("Above the limit")
    HOUSEHOLD_LIMIT = "household_limit", _("Above the limit of the household")
    MOVED_AWAY = "moved_away", _("Moved away")
    OUT_OF_SCOPE = "out_of_scope", _("Outside the programme")
    SECOND_SUBSIDY = "second_subsidy", _("Second subsidy for one loan")
    DECEASED = "deceased", _("Deceased")
    FALSE_PAPERS = "false_papers", _("False papers")
    INTEREST_CAP = "interest_cap", _("Capped at the interest paid")
    INTEREST_UNPAID = "interest_unpaid", _("No interest paid yet")
    MONTHS_USED = "months", _("Subsidised months used up")


# What the township finds when it checks residents, and an officer records by hand.
MANUAL_REASONS = (
    Reason.MOVED_AWAY,
    Reason.OUT_OF_SCOPE,
    Reason.SECOND_SUBSIDY,
    Reason.DECEASED,
    Reason.FALSE_PAPERS,
)


class PaymentState(models.TextChoices):
    PLANNED = "planned", _("To be paid")
    SENT = "sent", _("Sent to the bank")
    CREDITED = "credited", _("Credited")
    RETURNED = "returned", pgettext_lazy("payment", "Returned")
    GIVEN_UP = "given_up", pgettext_lazy("payment", "Given up")


class ReturnCode(models.TextChoices):
    NAME_MISMATCH = "name_mismatch", _("Name and account do not agree")
    NO_ACCOUNT = "no_account", _("No such account")
    CLOSED = "closed", _("Account closed")
    FROZEN = "frozen", _("Account frozen")
    ID_MISMATCH = "id_mismatch", _("ID number does not agree")
    DORMANT = "dormant", _("Dormant account")
    OVER_LIMIT = "over_limit", _("Above the account's limit")
    OTHER = "other", pgettext_lazy("payment", "Other reason")


class ReturnFileState(models.TextChoices):
    READ = "read", pgettext_lazy("return file", "Read, not booked")
    BOOKED = "booked", pgettext_lazy("return file", "Booked")
    DISCARDED = "discarded", pgettext_lazy("return file", "Discarded")


class ReturnOutcome(models.TextChoices):
    NEW = "new", pgettext_lazy("answer", "New")
    KNOWN = "known", pgettext_lazy("answer", "Booked before")
    FAULTY = "faulty", pgettext_lazy("answer", "Not in order")


class ReturnFault(models.TextChoices):
    """The sentence of each thing that can be wrong with an answer, beside the faults of a cell (web.spreadsheets)."""

    NOT_A_PAYMENT = "not_a_payment", _("No payment number.")
    OF_ANOTHER_BATCH = "of_another_batch", _("This batch has no such payment.")
    UNKNOWN_RESULT = "unknown_result", _("Not a result: 成功 or 退票.")
    UNKNOWN_CODE = "unknown_code", _("The return code is missing or unknown.")
    NOT_A_REFERENCE = "not_a_reference", _("No bank reference of at most 60 characters.")
    TWICE = "twice", _("Payment or bank reference stands in this file twice.")
    REFERENCE_TAKEN = "reference_taken", _("This bank reference belongs to another payment.")
    ALTERED = "altered", _("The bank answered otherwise before; nothing is overwritten.")
    NOT_SENT = "not_sent", _("This payment was not sent to the bank.")
    NOT_IN_TIME = "not_in_time", _("The day must lie between the sending and today.")
    OTHER_AMOUNT = "other_amount", _("The amount is not that of the payment.")


class ClawbackState(models.TextChoices):
    OPEN = "open", _("To be taken back")
    NOTIFIED = "notified", _("Notice delivered")
    PARTLY = "partly", _("Partly taken back")
    DONE = "done", _("Taken back")
    HANDED_OVER = "handed_over", _("Handed over")


class YearEnd(models.TextChoices):
    TO_TREASURY = "to_treasury", _("Back to the treasury")
    CARRIED_OVER = "carried_over", _("Carried over")
