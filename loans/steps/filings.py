"""The filing (备案) into which a case goes, and the line in which cases wait for the township's quota."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, DecimalField, F, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _, ngettext

from accounts.choices import Verb
from finance.money import ZERO
from loans.choices import StepCode
from loans.models import Application, CommitteeFiling, FilingItem, Quota
from loans.steps.base import Context, Impossible
from loans.steps.facts import FilingFacts, Problem
from loans.steps.locks import hold_request
from loans.steps.numbers import take
from organizations.models import Division
from workflow.engine import State

TOWNSHIP_PATH_LENGTH = 9
MONEY = DecimalField(max_digits=14, decimal_places=2)


@dataclass(frozen=True)
class Line:
    """How many cases stand before one in the line for the quota, and how much they ask for together (yuan)."""

    cases: int = 0
    amount: Decimal = ZERO

    @property
    def place(self) -> int:
        return self.cases + 1


def township_path(case: Application) -> str:
    return case.division_path[:TOWNSHIP_PATH_LENGTH]


def quota_of(case: Application, context: Context) -> Quota | None:
    """Return the quota of the case's township for the year."""
    return _quotas(case, context).select_related("township").first()


def _quotas(case: Application, context: Context) -> "QuerySet[Quota]":
    return Quota.objects.filter(
        version=context.version, year=context.on.year, township__path=township_path(case)
    )  # fmt: skip


def locked_quota(case: Application, context: Context) -> Quota | None:
    """Return the quota under its row lock, so that nobody files between looking at the line and taking.

    `ahead` (yuan) is what stood before the case when the statement began; those who filed since make it too high.
    """
    ahead = _before(case).order_by().annotate(one=Value(1)).values("one").annotate(a=Sum("amount_asked")).values("a")
    return (
        _quotas(case, context)
        .annotate(ahead=Coalesce(Subquery(ahead, output_field=MONEY), ZERO, output_field=MONEY))
        .select_for_update(of=("self",))
        .first()
    )


def _before(case: Application) -> "QuerySet[Application]":
    """Return the cases that came to this township's filing before one: the same rules, the same quota."""
    earlier = Q(state_since__lt=case.state_since) | Q(state_since=case.state_since, pk__lt=case.pk)
    waiting = Application.objects.filter(step=StepCode.COMMITTEE_FILING, state=State.OPEN, version=case.version_id)
    return waiting.filter(earlier, division_path__startswith=township_path(case))


def line_before(case: Application) -> Line:
    """Return who stands before a case in the line. One query."""
    found = _before(case).aggregate(cases=Count("pk"), amount=Coalesce(Sum("amount_asked"), ZERO, output_field=MONEY))
    return Line(**found)


def line_problems(case: Application, quota: Quota, context: Context) -> list[Problem]:
    """Return why a case must wait though the quota would do for it alone: those before it come first.

    Only where the quota is scarce does the order matter: as long as it does for all, cases are filed in any order.
    """
    amount, left = case.amount_asked, quota.total - quota.used
    assert amount is not None  # a case at this step was submitted
    if not context.version.filing_in_order or left < amount or left >= quota.ahead + amount:  # type: ignore[attr-defined]
        return []
    line = line_before(case)
    if left >= line.amount + amount:
        return []
    sentence = ngettext(
        "The quota left is not enough for all: %(number)s case came before and asks for %(amount)s yuan.",
        "The quota left is not enough for all: %(number)s cases came before and ask for %(amount)s yuan.",
        line.cases,
    )
    return [Problem(sentence % {"number": line.cases, "amount": line.amount})]


def file_into(case: Application, facts: FilingFacts, quota: Quota, context: Context) -> CommitteeFiling:
    """Write a case into its filing and return that. The first case of a request makes the filing for all.

    Must run in the transaction of the decision: a refused case takes its filing and number back.
    """
    assert case.amount_asked is not None  # a case at this step was submitted
    filing = _filing_of_request(facts, quota, context) if facts.request_id else None
    filing = filing or _make(case, facts, quota, context)
    FilingItem.objects.create(filing=filing, application=case, amount=case.amount_asked)
    return filing


def _filing_of_request(facts: FilingFacts, quota: Quota, context: Context) -> CommitteeFiling | None:
    # The lock ends with this case's transaction: of two tabs that send the same request one waits for the other.
    hold_request(UUID(facts.request_id))
    filing = CommitteeFiling.objects.filter(request_id=facts.request_id).first()
    if filing is None:
        return None
    if (filing.township_id, filing.version_id) != (quota.township_id, context.version.pk):
        raise Impossible(_("A filing holds the cases of one township under one set of rules."))
    if filing.filed_by_id != context.decided_by.pk:
        raise Impossible(_("Somebody else began this filing."))
    return filing


def _make(case: Application, facts: FilingFacts, quota: Quota, context: Context) -> CommitteeFiling:
    post = context.decided_by.post_covering(Verb.FILE, case.place, on=context.on)
    assert post is not None  # entitled_post found it under the same lock
    year = context.on.year
    serial = take(f"filing-{township_path(case)}-{year}")
    return CommitteeFiling.objects.create(
        number=f"{short_name_of(quota.township)}党备〔{year}〕{serial}号",
        request_id=facts.request_id or None,
        version=context.version,
        township=quota.township,
        organization=post.organization,
        received_on=facts.received_on,
        filed_on=context.on,
        has_resolution=facts.has_resolution,
        has_notice=facts.has_notice,
        has_letter=facts.has_letter,
        has_photos=facts.has_photos,
        filed_by=context.decided_by,
        filed_at=context.decided_at,
    )


def short_name_of(township: Division) -> str:
    """Return `羊岑` for 羊岑乡: how a township's documents are numbered."""
    return township.short_name.removesuffix("镇").removesuffix("乡")


def take_quota(case: Application, quota: Quota) -> bool:
    """Take the amount from the quota in one conditional UPDATE. Two at once never overdraw."""
    amount = case.amount_asked
    assert amount is not None  # a case at this step was submitted
    taken = Quota.objects.filter(pk=quota.pk, used__lte=F("total") - amount).update(used=F("used") + amount)
    if taken:
        case.quota, case.quota_amount = quota, amount
    return bool(taken)
