"""Everything that happens to a loan after it was paid out. All of it writes entries; nothing is ever changed."""

from loans.operations.servicing.agreements import change_rate, extend, pay_tranche, renew
from loans.operations.servicing.conduct import end_misuse, find_misuse
from loans.operations.servicing.payments import Repayment, record_repayment
from loans.operations.servicing.reversals import reverse

__all__ = [
    "Repayment",
    "change_rate",
    "end_misuse",
    "extend",
    "find_misuse",
    "pay_tranche",
    "record_repayment",
    "renew",
    "reverse",
]
