"""Whether staff are free of blame for a loss. Never while a mandatory item of the file is missing."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import User
from loans.models import ApplicationDecision, Loan
from organizations.scope import NotAllowed
from risk.choices import ExemptionOutcome
from risk.models import ClaimDecision, ExemptionDecision
from risk.operations.errors import UnableToBook
from risk.queries.diligence import diligence_file
from web.clock import day_of

STEP = "exemption"


@transaction.atomic
def decide_exemption(
    *, loan: Loan, outcome: str, staff: str, reason: str, decided_by: User, at: datetime
) -> ExemptionDecision:
    """Decide for the staff named (尽职免责认定); the evidence of the moment is kept with the decision.

    Nobody who decided on the loan decides here. Raises NotAllowed, UnableToBook (an item is missing, no loss).
    """
    on = day_of(at)
    loans = Loan.objects.select_for_update(of=("self",)).select_related("application__introducer__person")
    loan = loans.get(pk=loan.pk)
    decided_by.forget_posts()
    post = decided_by.post_covering(Verb.APPROVE_CLAIM, loan.place, on=on)
    if post is None:
        raise NotAllowed
    _require_outsider(loan, decided_by)
    file = diligence_file(loan, on=on)
    if not file.is_loss:
        raise UnableToBook(_("This loan is not in arrears and the fund paid nothing for it."))
    if outcome == ExemptionOutcome.GRANT and file.missing:
        names = "、".join(item.label for item in file.missing)
        raise UnableToBook(_("Not possible while these items are missing: %(items)s.") % {"items": names}, "outcome")
    if not reason.strip():
        raise UnableToBook(_("Please give the reason."), "reason")
    return ExemptionDecision.objects.create(
        loan=loan,
        step=STEP,
        outcome=ExemptionOutcome(outcome),
        round=1,
        sequence=loan.exemptions.count() + 1,
        reason=reason.strip(),
        facts={"staff": staff, "evidence": file.as_json()},
        decided_at=at,
        decided_by=decided_by,
        person_key=decided_by.person_key,
        role=post.role,
        organization=post.organization,
    )


def _require_outsider(loan: Loan, user: User) -> None:
    key = user.person_key
    on_case = ApplicationDecision.objects.filter(application=loan.application_id, person_key=key)
    filed = ClaimDecision.objects.filter(claim__loan=loan, person_key=key, side="lender")
    introducer = loan.application.introducer
    is_introducer = introducer is not None and user.person_id == introducer.person_id
    if is_introducer or on_case.exists() or filed.exists():
        raise NotAllowed(_("Whoever decided on the loan does not decide whether he is to blame."))
