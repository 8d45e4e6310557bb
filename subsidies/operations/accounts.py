"""The account to which a borrower's subsidy goes. Dated: a new one ends the old one, none is ever changed."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from stdnum import luhn

from accounts.choices import Verb
from accounts.models import User
from audit.choices import Action
from audit.operations import record
from loans.choices import AccountKind
from loans.models import Loan, PayoutAccount
from subsidies.operations.entitled import require_loan_post
from subsidies.operations.errors import blocked
from web.clock import day_of

VERBS = (Verb.DISBURSE, Verb.CONFIRM_SUBSIDY)
CARD_LENGTHS = range(16, 20)
PASSBOOK_LENGTHS = range(10, 25)


def number_problem(kind: str, number: str) -> str:
    """Return what is wrong with an account number of digits; "" when nothing is.

    Only cards bear a check digit (Luhn, ISO/IEC 7812); passbooks of credit unions have none.
    """
    if not (number.isascii() and number.isdigit()):
        return _("An account number has digits only.")
    if kind == AccountKind.CARD:
        if len(number) not in CARD_LENGTHS:
            return _("A card number has 16 to 19 digits.")
        return "" if luhn.is_valid(number) else _("The card number is mistyped: its check digit is wrong.")
    return "" if len(number) in PASSBOOK_LENGTHS else _("A passbook number has 10 to 24 digits.")


@transaction.atomic
def set_payout_account(
    *, loan_id: int, kind: str, number: str, bank_name: str, holder_name: str, set_by: User, set_at: datetime
) -> PayoutAccount:
    """Set where the subsidy of a loan's borrower goes from today on; the same account again changes nothing.

    Payments already in a file go where the file says. Raises Blocked, NotAllowed.
    """
    # The borrower's row, not the loan's, is the lock: two loans of one person share the account.
    loan = Loan.objects.select_related("application").get(pk=loan_id)
    on = day_of(set_at)
    require_loan_post(set_by, VERBS, loan, on=on)
    case = loan.application
    owner = case.entity or case.person
    type(owner).objects.select_for_update().get(pk=owner.pk)
    problem = number_problem(kind, number)
    if problem:
        raise blocked(problem, "number")
    field = "entity" if case.entity_id else "person"
    current = PayoutAccount.objects.filter(**{field: owner}, valid_to=None).first()
    if current is not None:
        same = (current.kind, current.bank_name, current.holder_name, current.number())
        if same == (kind, bank_name, holder_name, number):
            return current
        current.valid_to = max(on, current.valid_from)
        current.save(update_fields=["valid_to"])
    account = PayoutAccount(
        **{field: owner}, kind=kind, bank_name=bank_name, holder_name=holder_name, valid_from=on
    )  # fmt: skip
    account.seal(number)
    account.save()
    record(
        action=Action.CHANGED if current else Action.CREATED, actor=set_by, at=set_at, subject=account,
        label=loan.contract_number, detail={"number": [], "holder_name": []},
    )  # fmt: skip
    return account
