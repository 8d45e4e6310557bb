"""Writing down why an application goes on although a soft rule speaks against it."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import User
from audit.choices import Action
from audit.operations import record
from loans.choices import Side
from loans.models import RuleReason
from loans.operations.decisions import lock_application
from loans.operations.errors import Blocked, Conflict, NotAllowed
from loans.operations.separation import require_another_person
from loans.queries.eligibility import deciding_rows, reasons_of, soft_breaches
from loans.queries.help import teller
from loans.queries.rule_rows import finding_of
from loans.queries.situation import Asked, Situation
from loans.steps.facts import Problem
from web.clock import day_of


@transaction.atomic
def write_reasons(
    *,
    application_id: int,
    reasons: Mapping[str, str],
    written_by: User,
    written_at: datetime,
    asked: Asked | None = None,
) -> list[RuleReason]:
    """Keep reasons by the code of the soft rule, each for the numbers it finds now. Returns the new rows.

    A reason holds as long as those numbers do. `asked` is what the form says, where it is not saved yet. The same
    text again writes nothing; the application itself is not changed. Raises Blocked for a rule that asks for no
    reason, Conflict when the case is not the clerk's any more, NotAllowed.
    """
    case = lock_application(application_id)
    on = day_of(written_at)
    written_by.forget_posts()
    if written_by.post_covering(Verb.REFER, case.place, on=on) is None:
        raise NotAllowed
    require_another_person(case, Side.MAKING, written_by)
    if not case.is_editable:
        raise Conflict(case, case.decisions.order_by("-sequence").first())
    situation = Situation(case, case.version, on, asked=asked, tells=teller(written_by, on))
    soft = {breach.code: breach for breach in soft_breaches(deciding_rows(situation))}
    said = {code: text.strip() for code, text in reasons.items() if text.strip()}
    if not said.keys() <= soft.keys():
        raise Blocked([Problem(_("This rule asks for no reason any more."), "reasons")])
    standing = reasons_of(case.pk)
    rows = []
    for code, text in said.items():
        known = standing.get((code, finding_of(soft[code])))
        if known is None or known.reason != text:
            rows.append(
                RuleReason.objects.create(
                    application=case, rule=code, finding=finding_of(soft[code]), reason=text, written_by=written_by,
                    written_at=written_at,
                )
            )  # fmt: skip
    if rows:
        detail: dict[str, list[str]] = {"reasons": []}
        record(action=Action.CHANGED, actor=written_by, at=written_at, subject=case, detail=detail)
    return rows
