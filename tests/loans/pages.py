"""What a person fills in on the pages of this room."""

from uuid import uuid4

from loans.models import Application
from tests.factories.county import TODAY, County, Township


def decision(case: Application, outcome: str, **fields: object) -> dict[str, object]:
    """Return the posted form of a decision on a case as it stands."""
    case.refresh_from_db()
    return {"outcome": outcome, "revision": case.revision, "request_id": str(uuid4()), "reason": "", **fields}


def meeting(**fields: object) -> dict[str, object]:
    """Return a branch meeting that carries: nine entitled, eight present, seven in favour."""
    return {
        "held_on": TODAY.isoformat(),
        "place": "村党员活动室",
        "kind": "members",
        "chair": "和秀兰",
        "recorder": "段军",
        "entitled": "9",
        "present": "8",
        "in_favour": "7",
        "against": "0",
        "abstained": "1",
        "plan_is_sound": "on",
        "prospects_are_good": "on",
        "credit_is_good": "on",
        "can_repay": "on",
        **fields,
    }


def application(county: County, township: Township | None = None, **fields: object) -> dict[str, object]:
    """Return a complete application of the first village's farmer, as the clerk posts it."""
    township = township or county.yangcen
    village = township.village
    version = fields.pop("rules")
    return {
        "person": village.farmer.pk,
        "version": version.pk,
        "borrower_kind": "household",
        "entity": "",
        "branch": village.branch.pk,
        "outlet": township.outlet.pk,
        "tier": version.tiers.order_by("position").first().pk,
        "amount_asked": "50000",
        "term_months": "12",
        "repayment_method": "interest_only_then_principal",
        "purpose": "livestock",
        "project_name": "生猪养殖",
        "plan": "扩建猪舍，存栏由40头增至120头。",
        "project_total": "100000",
        "own_funds": "50000",
        "annual_income": "36000",
        "existing_loans": "0",
        "consent_signed_on": TODAY.isoformat(),
        "request_id": str(uuid4()),
        "revision": "",
        "action": "submit",
        **{f"helped_kind_{row}": "villager_in_difficulty" for row in range(1, 6)},
        **fields,
    }


def text_of(response) -> str:
    return response.content.decode()
