"""What a title brings its household: benefits of the loans room, granted at the award and ended with the title."""

from datetime import date, datetime
from typing import Any

from django.utils import translation

from accounts.models import User
from assessments.models import HouseholdHonour
from finance.money import ZERO
from loans.choices import BenefitKind
from loans.models import BorrowerBenefit
from loans.operations.benefits import BenefitTerms, end_benefit, grant_benefit

RECORD_LANGUAGE = "zh-hans"


def grant_benefits(honour: HouseholdHonour, *, start: date, by: User, at: datetime) -> list[str]:
    """Grant what the scheme promises until the next review. Returns their kinds. In the caller's transaction."""
    assert honour.review_due is not None
    scheme = honour.scheme
    # What is kept on record is Chinese, whoever awards it in whichever language.
    with translation.override(RECORD_LANGUAGE):
        source = f"{honour.get_title_display()} {honour.award_number}"
    common: dict[str, Any] = {
        "source": source,
        "document_number": scheme.document_number,
        "valid_from": start,
        "valid_to": honour.review_due,
    }
    terms = []
    if scheme.gives_priority:
        terms.append(BenefitTerms(kind=BenefitKind.PRIORITY, **common))
    if scheme.limit_uplift > ZERO:
        terms.append(BenefitTerms(kind=BenefitKind.LIMIT_UPLIFT, amount=scheme.limit_uplift, **common))
    if scheme.rate_points_off > ZERO:
        terms.append(
            BenefitTerms(
                kind=BenefitKind.RATE_REDUCTION,
                points=scheme.rate_points_off,
                floor_multiplier=scheme.rate_floor_multiplier,
                **common,
            )
        )
    for one in terms:
        grant_benefit(owner=honour.household, terms=one, granted_by=by, at=at)
    return [one.kind for one in terms]


def withdraw_benefits(honour: HouseholdHonour, *, reason: str, by: User, at: datetime) -> int:
    """End every benefit that came with the title, and return how many. Cases submitted before keep theirs."""
    rows = BorrowerBenefit.objects.filter(
        household=honour.household, ended_on=None, source__endswith=honour.award_number
    )  # fmt: skip
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    for key in keys:
        end_benefit(benefit_id=key, reason=reason, ended_by=by, at=at)
    return len(keys)
