"""Every write of this app. A page, an import, a job and the demo loader all come through here."""

from loans.operations.applications import ApplicationData, Helped, create_application, edit_application
from loans.operations.decisions import decide
from loans.operations.errors import Blocked, Conflict, NotAllowed
from loans.operations.help import Finding, report_lapse, verify_commitments
from loans.operations.notices import close_due_notices, record_objection, settle_objection
from loans.operations.reasons import write_reasons
from loans.operations.recall import recall_decision
from loans.operations.relocation import close_organization, relocate
from loans.operations.servicing import (
    Repayment,
    change_rate,
    end_misuse,
    extend,
    find_misuse,
    pay_tranche,
    record_repayment,
    renew,
    reverse,
)
from loans.operations.submission import submit_application

__all__ = [
    "ApplicationData",
    "Blocked",
    "Conflict",
    "Finding",
    "Helped",
    "NotAllowed",
    "Repayment",
    "change_rate",
    "close_due_notices",
    "close_organization",
    "create_application",
    "decide",
    "edit_application",
    "end_misuse",
    "extend",
    "find_misuse",
    "pay_tranche",
    "recall_decision",
    "record_objection",
    "record_repayment",
    "relocate",
    "renew",
    "report_lapse",
    "reverse",
    "settle_objection",
    "submit_application",
    "verify_commitments",
    "write_reasons",
]
