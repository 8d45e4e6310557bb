"""Insurance a borrower took of his own will: written down by the lender, asked for by nothing."""

from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import User
from audit.choices import Action
from audit.operations import record
from loans.models import Loan
from organizations.scope import NotAllowed
from risk.models import AccidentInsurance
from risk.operations.errors import UnableToBook
from web.clock import day_of


@transaction.atomic
def record_insurance(
    *,
    loan: Loan,
    insurer: str,
    policy_number: str,
    cover: Decimal,
    valid_from: date,
    valid_to: date,
    recorded_by: User,
    at: datetime,
) -> AccidentInsurance:
    """Write a policy of the borrower down. Raises NotAllowed, UnableToBook."""
    recorded_by.forget_posts()
    if recorded_by.post_covering(Verb.DISBURSE, loan.place, on=day_of(at)) is None:
        raise NotAllowed
    if valid_to <= valid_from:
        raise UnableToBook(_("The last day lies before the first."), "valid_to")
    try:
        with transaction.atomic():
            insurance = AccidentInsurance.objects.create(
                loan=loan, person=loan.application.person, insurer=insurer, policy_number=policy_number, cover=cover,
                valid_from=valid_from, valid_to=valid_to, recorded_by=recorded_by, recorded_at=at,
            )  # fmt: skip
    except IntegrityError as error:
        raise UnableToBook(_("This policy is recorded already."), "policy_number") from error
    record(action=Action.CREATED, actor=recorded_by, at=at, subject=insurance)
    return insurance
