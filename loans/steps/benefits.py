"""Taking a borrower's benefits along when his case is submitted: what ends or begins later changes nothing of it."""

from datetime import datetime
from typing import Any

from finance.money import ZERO
from loans.models import Application, UsedBenefit
from loans.queries.benefits import Benefits


def take_along(case: Application, benefits: Benefits, *, at: datetime) -> dict[str, Any]:
    """Write the benefits into a case that is submitted, and return what its record says of them.

    `benefits` are those of the day, or of the first submission where it was returned. The caller saves the case.
    """
    if not benefits.rows and not case.has_benefits:
        return {}
    case.is_priority, case.limit_uplift = benefits.is_priority, benefits.limit_uplift
    given = benefits.concession
    case.rate_points_off = given.points if given else ZERO
    case.rate_floor_multiplier = given.floor_multiplier if given else None
    if case.submitted_at is None:
        UsedBenefit.objects.bulk_create(
            UsedBenefit(application=case, benefit=one, used_at=at) for one in benefits.rows
        )
    return {"benefits": [f"{one.kind} {one.document_number}" for one in benefits.rows]}
