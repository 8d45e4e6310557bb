"""Classifying loans: the night records what days demand, a person may judge worse, never better."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import User
from accounts.operations import system_user
from finance.daycount import add_months
from loans.models import Loan
from organizations.models import Division
from organizations.scope import NotAllowed
from risk.choices import CategoryChoice
from risk.models import LoanCategory, LoanClassification, TechnicalDelay
from risk.operations.errors import UnableToBook
from risk.queries.breakers import counties_with_rules
from risk.queries.classes import loans_to_classify, minimums, watch_rule_for
from risk.rules import TECHNICAL_DAYS_MAX, Category
from web.clock import day_of

CHUNK = 500


def classify_loans(*, at: datetime) -> int:
    """Record what days overdue demand of every loan that may differ from normal. Returns how many changed.

    The least category follows from the spells and the day: a night twice or a week left out leads to the same.
    """
    return sum(_classify_county(county, at) for county in counties_with_rules())


def _classify_county(county: Division, at: datetime) -> int:
    rule = watch_rule_for(county.path, day_of(at))
    if rule is None:
        return 0
    changed, last = 0, 0
    while True:
        loans = list(loans_to_classify(county.path).filter(pk__gt=last).order_by("pk")[:CHUNK])
        if not loans:
            return changed
        changed += _classify(loans, rule.clean_months, at)
        last = loans[-1].pk


@transaction.atomic
def _classify(loans: list[Loan], clean_months: int, at: datetime) -> int:
    """Four statements for a chunk, however many of it change."""
    on, system = day_of(at), system_user()
    least = minimums(loans, on=on, clean_months=clean_months)
    rows, log = [], []
    for loan in loans:
        old: LoanCategory | None = getattr(loan, "category", None)
        minimum = least[loan.pk]
        if (old.minimum if old else CategoryChoice.NORMAL) == minimum:
            continue
        approved = old.approved if old else None
        category = max(minimum, approved or 0)
        rows.append(LoanCategory(loan=loan, as_of=on, minimum=minimum, approved=approved, category=category))
        log.append(
            LoanClassification(
                loan=loan, as_of=on, minimum=minimum, category=category, decided_by=system, decided_at=at
            )
        )  # fmt: skip
    fields = ["as_of", "minimum", "approved", "category"]
    LoanCategory.objects.bulk_create(rows, update_conflicts=True, unique_fields=["loan"], update_fields=fields)
    LoanClassification.objects.bulk_create(log)
    return len(rows)


@transaction.atomic
def judge_category(*, loan: Loan, category: int, reason: str, judged_by: User, at: datetime) -> LoanClassification:
    """Approve a category: as the days demand or worse, with the reason. Who lends judges first, finance may too.

    A bad loan's least category stays bad until it has been clean long enough, so no judgement lifts it before.
    Raises NotAllowed, UnableToBook.
    """
    on = day_of(at)
    _require_judge(judged_by, loan, at)
    loan = Loan.objects.select_for_update(of=("self",)).select_related("standing").get(pk=loan.pk)
    rule = watch_rule_for(loan.division_path, on)
    if rule is None:
        raise UnableToBook(_("The county has not said how long a bad loan must be clean."))
    minimum = minimums([loan], on=on, clean_months=rule.clean_months)[loan.pk]
    if category < minimum:
        raise UnableToBook(
            _("Not better than “%(category)s”: that is what the days overdue demand.")
            % {"category": CategoryChoice(minimum).label},
            "category",
        )
    _require_clean_period(loan, category, rule.clean_months, on)
    if not reason.strip():
        raise UnableToBook(_("Please give the reason."), "reason")
    values = {"as_of": on, "minimum": minimum, "approved": category, "category": category}
    LoanCategory.objects.update_or_create(loan=loan, defaults=values)
    return LoanClassification.objects.create(
        loan=loan, as_of=on, minimum=minimum, category=category, is_judged=True, reason=reason.strip(),
        decided_by=judged_by, decided_at=at,
    )  # fmt: skip


def _require_clean_period(loan: Loan, category: int, clean_months: int, on: date) -> None:
    """A loan that was judged bad is judged better only after the clean period, too."""
    old = LoanCategory.objects.filter(loan=loan).first()
    if old and is_bad(old.category) and category < old.category and on < add_months(old.as_of, clean_months):
        raise UnableToBook(
            _("A bad loan is judged better only after %(months)s clean months.") % {"months": clean_months}, "category"
        )


def _require_judge(user: User, loan: Loan, at: datetime) -> None:
    user.forget_posts()
    on = day_of(at)
    if not any(user.post_covering(verb, loan.place, on=on) for verb in (Verb.CONSENT, Verb.MANAGE_FUND)):
        raise NotAllowed


@transaction.atomic
def mark_technical(*, loan: Loan, reason: str, marked_by: User, at: datetime) -> TechnicalDelay:
    """Say that a loan is late by the bank's own doing; for up to seven days that is no reason to classify it.

    Raises NotAllowed, UnableToBook.
    """
    marked_by.forget_posts()
    if marked_by.post_covering(Verb.CONSENT, loan.place, on=day_of(at)) is None:
        raise NotAllowed
    since = getattr(loan, "standing", None) and loan.standing.overdue_since
    if not since or (day_of(at) - since).days > TECHNICAL_DAYS_MAX:
        raise UnableToBook(_("Only a loan at most seven days late can be late for a technical reason."))
    if not reason.strip():
        raise UnableToBook(_("Please give the reason."), "reason")
    delay, _new = TechnicalDelay.objects.get_or_create(
        loan=loan, since=since, defaults={"reason": reason.strip(), "marked_by": marked_by, "marked_at": at}
    )
    return delay


def is_bad(category: int) -> bool:
    """Whether a category counts as a bad loan (次级、可疑、损失)."""
    return Category(category).is_bad
