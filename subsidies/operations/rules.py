"""Setting the rule by which batches are reviewed, shown and approved."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import User
from audit.choices import Action
from audit.operations import record
from finance.money import require_amount
from loans.models import Programme
from subsidies.models import ApprovalRule
from subsidies.operations.entitled import LEADING_KINDS, require_county_post
from subsidies.operations.errors import blocked
from web.clock import day_of

NOTICE_DAYS = range(1, 31)


@dataclass(frozen=True)
class RuleData:
    """What a rule says: yuan above which a second approval is needed, the sample in percent and lines, days."""

    effective_from: date
    second_above: Decimal
    sample_percent: Decimal
    sample_min: int
    notice_days: int
    document_number: str


@transaction.atomic
def set_approval_rule(*, programme: Programme, rule: RuleData, set_by: User, set_at: datetime) -> ApprovalRule:
    """Set the rule from a day on, by the county's Red Credit office: not by the bureau whose batches it binds.

    A rule never changes on the day it is used: it begins tomorrow at the earliest, unless the programme has none yet.
    The same rule again changes nothing; another one from the same later day takes its place. Raises Blocked,
    NotAllowed.
    """
    # Two offices at once: the programme's row is the lock.
    programme = Programme.objects.select_for_update(of=("self",)).select_related("division").get(pk=programme.pk)
    on = day_of(set_at)
    require_county_post(set_by, Verb.APPROVE_PAYMENT, programme, on=on, kinds=LEADING_KINDS)
    rules = ApprovalRule.objects.filter(programme=programme)
    last = rules.filter(effective_from=rule.effective_from).order_by("-pk").first()
    if last is not None and all(getattr(last, name) == value for name, value in asdict(rule).items()):
        return last
    _refuse_nonsense(rule, on, is_first=not rules.filter(effective_from__lte=on).exists())
    stored = ApprovalRule.objects.create(programme=programme, set_by=set_by, set_at=set_at, **asdict(rule))
    record(
        action=Action.CREATED, actor=set_by, at=set_at, subject=stored, reason=rule.document_number,
        detail={name: ["", str(value)] for name, value in asdict(rule).items()},
    )  # fmt: skip
    return stored


def _refuse_nonsense(rule: RuleData, on: date, *, is_first: bool) -> None:
    require_amount(rule.second_above)
    if not rule.document_number.strip():
        raise blocked(_("Please give the document number."), "document_number")
    if rule.effective_from < on or (rule.effective_from == on and not is_first):
        raise blocked(_("A rule can only begin from tomorrow on."), "effective_from")
    if not 0 <= rule.sample_percent <= 100:
        raise blocked(_("The sample is between 0 and 100 percent."), "sample_percent")
    if rule.notice_days not in NOTICE_DAYS:
        raise blocked(
            _("The notice hangs between %(least)s and %(most)s days.")
            % {"least": NOTICE_DAYS.start, "most": NOTICE_DAYS.stop - 1},
            "notice_days",
        )
