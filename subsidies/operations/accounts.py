"""The accounts to which subsidies go. Dated: a new one ends the old one, none is ever changed."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from stdnum import luhn

from accounts.choices import Verb
from accounts.models import User
from audit.choices import Action
from audit.operations import record
from loans.choices import AccountKind
from loans.models import Loan, PayoutAccount
from organizations.choices import CREDIT_KINDS
from organizations.models import Organization
from organizations.scope import NotAllowed, Place
from subsidies.operations.entitled import require_loan_post
from subsidies.operations.errors import blocked
from web.clock import day_of

VERBS = (Verb.DISBURSE, Verb.CONFIRM_SUBSIDY)
LENDER_VERBS = (Verb.CONSENT, Verb.CONFIRM_SUBSIDY)
CARD_LENGTHS = range(16, 20)
PASSBOOK_LENGTHS = range(10, 25)
COMPANY_LENGTHS = range(10, 33)


def number_problem(kind: str, number: str) -> str:
    """Return what is wrong with an account number of digits; "" when nothing is.

    Only cards bear a check digit (Luhn, ISO/IEC 7812); passbooks and company accounts have none.
    """
    if not (number.isascii() and number.isdigit()):
        return _("An account number has digits only.")
    if kind == AccountKind.CARD:
        if len(number) not in CARD_LENGTHS:
            return _("A card number has 16 to 19 digits.")
        return "" if luhn.is_valid(number) else _("The card number is mistyped: its check digit is wrong.")
    if kind == AccountKind.COMPANY:
        return "" if len(number) in COMPANY_LENGTHS else _("The number of a company account has 10 to 32 digits.")
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
    require_loan_post(set_by, VERBS, loan, on=day_of(set_at))
    case = loan.application
    owner = case.entity or case.person
    type(owner).objects.select_for_update().get(pk=owner.pk)
    new = PayoutAccount(
        **{"entity" if case.entity_id else "person": owner}, kind=kind, bank_name=bank_name, holder_name=holder_name
    )
    return _replace(new, number, loan.contract_number, set_by, set_at)


@transaction.atomic
def set_lender_account(
    *, organization_id: int, kind: str, number: str, bank_name: str, holder_name: str, set_by: User, set_at: datetime
) -> PayoutAccount:
    """Set where subsidies paid to a lender go from today on: to an outlet's own account, or its union's.

    By the lender's manager or the finance bureau. The same account again changes nothing. Raises Blocked, NotAllowed.
    """
    lender = Organization.objects.select_for_update(of=("self",)).select_related("division").get(pk=organization_id)
    if lender.kind not in CREDIT_KINDS or not may_set_lender_account(set_by, lender, on=day_of(set_at), anew=True):
        raise NotAllowed
    new = PayoutAccount(organization=lender, kind=kind, bank_name=bank_name, holder_name=holder_name)
    return _replace(new, number, lender.name, set_by, set_at)


def may_set_lender_account(user: User, lender: Organization, *, on: date, anew: bool = False) -> bool:
    """Whether a post of the account covers the lender. `anew` reads the posts again, under the caller's lock."""
    if anew:
        user.forget_posts()
    place = Place(branch_path="", division_path=lender.division.path, outlet_path=lender.path)
    return any(user.post_covering(verb, place, on=on) is not None for verb in LENDER_VERBS)


def _replace(new: PayoutAccount, number: str, label: str, user: User, at: datetime) -> PayoutAccount:
    """Let a new account follow the owner's present one, in the caller's transaction and under the owner's lock."""
    problem = number_problem(new.kind, number)
    if problem:
        raise blocked(problem, "number")
    on = day_of(at)
    current = PayoutAccount.objects.filter(
        person=new.person, entity=new.entity, organization=new.organization, valid_to=None
    ).first()
    if current is not None:
        same = (current.kind, current.bank_name, current.holder_name, current.number())
        if same == (new.kind, new.bank_name, new.holder_name, number):
            return current
        current.valid_to = max(on, current.valid_from)
        current.save(update_fields=["valid_to"])
    new.valid_from = on
    new.seal(number)
    new.save()
    record(
        action=Action.CHANGED if current else Action.CREATED, actor=user, at=at, subject=new, label=label,
        detail={"number": [], "holder_name": []},
    )  # fmt: skip
    return new
