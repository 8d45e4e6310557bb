from django.db import models
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from risk.rules import Category


class ContributorKind(models.TextChoices):
    GOVERNMENT = "government", _("County government")
    LENDER = "lender", _("Lender")
    GUARANTOR = "guarantor", _("Guarantee company")
    RE_GUARANTOR = "re_guarantor", _("Provincial re-guarantor")
    OTHER = "other", pgettext_lazy("contributor", "Other")


class FundAccountKind(models.TextChoices):
    SPECIAL = "special", _("Special account")
    CONTRIBUTOR = "contributor", _("Contribution")
    CLAIMS = "claims", _("Claims paid")
    RECOVERIES = "recoveries", _("Recoveries")
    INTEREST = "interest", _("Interest of the account")
    WRITE_OFF = "write_off", pgettext_lazy("fund account", "Written off")
    EXTERNAL = "external", _("Bank charges")


class TransferKind(models.TextChoices):
    DEPOSIT = "deposit", _("Paid in")
    TOP_UP = "top_up", _("Topped up")
    INTEREST = "interest", _("Interest credited")
    CHARGE = "charge", _("Bank charge")
    PAYOUT = "payout", _("Claim paid")
    RECOVERY = "recovery", _("Recovery returned")
    WRITE_OFF = "write_off", pgettext_lazy("transfer", "Written off")


# What a finance officer books by hand.
BOOKED_KINDS = (TransferKind.DEPOSIT, TransferKind.TOP_UP, TransferKind.INTEREST, TransferKind.CHARGE)


class ClaimBase(models.TextChoices):
    PRINCIPAL = "principal", _("Principal only")
    WITH_INTEREST = "with_interest", _("Principal and contract interest, without penalty")


class ClaimPaper(models.TextChoices):
    APPLICATION = "application", _("Claim form of the lender")
    CONTRACT = "contract", _("Loan contract and note")
    INTEREST_LIST = "interest_list", _("Interest list")
    COLLECTION = "collection", _("Collection record")
    OPINION = "opinion", _("Opinion of village and township")
    LEDGER = "ledger", _("Repayment ledger")
    LOSS_FINDING = "loss_finding", _("The lender's finding of the loss")


class ClaimFileKind(models.TextChoices):
    """Whose place a scanned paper of a claim takes: one of the papers of filing, or the finding of the write-off."""

    APPLICATION = "application", ClaimPaper.APPLICATION.label
    CONTRACT = "contract", ClaimPaper.CONTRACT.label
    INTEREST_LIST = "interest_list", ClaimPaper.INTEREST_LIST.label
    COLLECTION = "collection", ClaimPaper.COLLECTION.label
    OPINION = "opinion", ClaimPaper.OPINION.label
    LEDGER = "ledger", ClaimPaper.LEDGER.label
    LOSS_FINDING = "loss_finding", ClaimPaper.LOSS_FINDING.label
    WRITE_OFF = "write_off", _("Paper on the write-off")


class ClaimState(models.TextChoices):
    """待申请 → 待初审 → 待财政审核 → 待审批 → 待拨付 → 已代偿 → 追偿中 → 已全额追回 / 已核销; 退回补正, 不予代偿."""

    TO_FILE = "to_file", _("To be filed")
    RETURNED = "returned", pgettext_lazy("claim", "Returned for correction")
    TO_CHECK = "to_check", _("To be checked")
    TO_VERIFY = "to_verify", _("To be verified by finance")
    TO_APPROVE = "to_approve", _("To be approved")
    TO_PAY = "to_pay", _("To be paid")
    PAID = "paid", _("Compensated")
    RECOVERING = "recovering", _("In recovery")
    RECOVERED = "recovered", _("Recovered in full")
    TO_WRITE_OFF = "to_write_off", pgettext_lazy("claim", "Write-off proposed")
    WRITTEN_OFF = "written_off", pgettext_lazy("claim", "Written off")
    REFUSED = "refused", _("Not compensated")


PAID_STATES = (
    ClaimState.PAID,
    ClaimState.RECOVERING,
    ClaimState.RECOVERED,
    ClaimState.TO_WRITE_OFF,
    ClaimState.WRITTEN_OFF,
)


class ClaimOutcome(models.TextChoices):
    FILE = "file", pgettext_lazy("claim", "Filed")
    PASS = "pass", pgettext_lazy("claim", "Agreed")
    RETURN = "return", pgettext_lazy("claim outcome", "Returned for correction")
    REJECT = "reject", pgettext_lazy("claim outcome", "Not compensated")
    PAY = "pay", pgettext_lazy("claim outcome", "Paid")
    RECOVER = "recover", _("Recovery booked")
    PROPOSE_WRITE_OFF = "propose_write_off", pgettext_lazy("claim outcome", "Write-off proposed")
    WRITE_OFF = "write_off", pgettext_lazy("claim outcome", "Written off")
    KEEP = "keep", pgettext_lazy("claim outcome", "Not written off")


class ClaimSide(models.TextChoices):
    """The sides that must be different people."""

    LENDER = "lender"
    OFFICE = "office"
    FINANCE = "finance"
    GROUP = "group"


class BreakerLevel(models.TextChoices):
    VILLAGE = "village", pgettext_lazy("breaker", "Village")
    TOWNSHIP = "township", pgettext_lazy("breaker", "Township")
    OUTLET = "outlet", pgettext_lazy("breaker", "Outlet")
    COUNTY = "county", pgettext_lazy("breaker", "County")


class CategoryChoice(models.IntegerChoices):
    """The codes of rules.Category with the words for a page."""

    NORMAL = Category.NORMAL.value, pgettext_lazy("five categories", "Normal")
    SPECIAL_MENTION = Category.SPECIAL_MENTION.value, _("Special mention")
    SUBSTANDARD = Category.SUBSTANDARD.value, _("Substandard")
    DOUBTFUL = Category.DOUBTFUL.value, _("Doubtful")
    LOSS = Category.LOSS.value, pgettext_lazy("five categories", "Loss")


class WarningKind(models.TextChoices):
    MATURITY = "maturity", _("Due soon")
    OVERDUE = "overdue", pgettext_lazy("warning", "Overdue")
    MISUSE = "misuse", pgettext_lazy("warning", "Misuse")
    RATIO_RISING = "ratio_rising", _("The village's overdue share is rising")
    NO_VISIT = "no_visit", _("No visit for long")


class WarningOutcome(models.TextChoices):
    REMINDED = "reminded", _("Borrower reminded, will pay")
    REPAID = "repaid", _("Repaid")
    EXTENDED = "extended", pgettext_lazy("warning", "Extended")
    VISITED = "visited", _("Visited, in order")
    CLAIMED = "claimed", _("Goes to a claim")
    COURT = "court", _("Goes to court")
    OTHER = "other", pgettext_lazy("warning", "Other")


class StatementState(models.TextChoices):
    READ = "read", pgettext_lazy("statement", "Read, not kept")
    KEPT = "kept", pgettext_lazy("statement", "Kept")
    REPLACED = "replaced", pgettext_lazy("statement", "Replaced")


class StatementOutcome(models.TextChoices):
    NEW = "new", pgettext_lazy("statement row", "New")
    KNOWN = "known", pgettext_lazy("statement row", "Kept before")
    FAULTY = "faulty", pgettext_lazy("statement row", "Not in order")


class StatementFault(models.TextChoices):
    """The sentence of each thing that can be wrong with a row, beside the faults of a cell (web.spreadsheets)."""

    IN_THE_FUTURE = "in_the_future", _("The day lies in the future.")
    NOT_A_REFERENCE = "not_a_reference", _("No bank reference of at most 60 characters.")
    IN_OR_OUT = "in_or_out", _("Exactly one of the amounts in and out must be filled in.")
    TWICE = "twice", _("The bank reference stands in this file twice.")
    ALTERED = "altered", _("This bank reference is known with another day or amount.")


class ExemptionOutcome(models.TextChoices):
    GRANT = "grant", _("Exempt")
    REJECT = "reject", _("Not exempt")
