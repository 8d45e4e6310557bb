"""What a person fills in on the pages of this room."""

from uuid import uuid4

from django.urls import reverse

from loans.choices import Declaration, StepCode
from loans.models import Application
from organizations.models import PartyMember
from tests.factories.accounts import PASSWORD
from tests.factories.county import TODAY, County, Township
from tests.factories.loans import CaseFactory


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


def applicant_page(county: County, township: Township | None = None, **fields: object) -> dict[str, object]:
    """Return page 1 for the first village's farmer, as the clerk posts it to begin a draft."""
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
        "request_id": str(uuid4()),
        "revision": "",
        "action": "continue",
        **fields,
    }


def project_page(case: Application, **fields: object) -> dict[str, object]:
    """Return page 3 of a draft, completely filled in, for the revision it has now."""
    case.refresh_from_db()
    return {
        "tier": case.version.tiers.order_by("position").first().pk,
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
        "revision": case.revision,
        "action": "continue",
        **fields,
    }


def referral_page(case: Application, member: PartyMember, **fields: object) -> dict[str, object]:
    """Return page 2 of a draft: this member introduces the applicant."""
    case.refresh_from_db()
    return {
        "introducer": member.pk,
        "visited_on": TODAY.isoformat(),
        "is_no_relative": "on",
        "revision": case.revision,
        "action": "continue",
        **fields,
    }


def check_page(case: Application, **fields: object) -> dict[str, object]:
    """Return page 5 of a draft: everything is declared, and it is submitted."""
    case.refresh_from_db()
    return {
        "declarations": list(Declaration.values),
        "consent_signed_on": TODAY.isoformat(),
        "revision": case.revision,
        "action": "submit",
        **fields,
    }


def page_url(case: Application, page: str) -> str:
    return reverse("loans:application-page", args=[case.pk, page])


def autosave_url(case: Application, page: str) -> str:
    return reverse("loans:application-autosave", args=[case.pk, page])


def text_of(response) -> str:
    return response.content.decode()


def decide_url(case: Application, step: str = "") -> str:
    return reverse("loans:decide", args=[case.pk, step or case.step])


def case_at(office: County, step: str, **data: object) -> Application:
    """Return a case that waits at a step; at the assessment its loan is repaid."""
    story = CaseFactory(office, **data)
    return story.settled() if step == StepCode.ASSESSMENT else story.at(step)


def payouts(*cases: Application, password: str = PASSWORD, **fields: object) -> dict[str, object]:
    """Return the posted page on which several cases are paid out; `fields` change every row."""
    posted: dict[str, object] = {"case": [case.pk for case in cases], "password": password}
    for case in cases:
        case.refresh_from_db()
        row = {
            "contract_number": f"HT-{case.number}",
            "start_date": TODAY.isoformat(),
            "bank_reference": f"FK-{case.number}",
            "revision": case.revision,
        }
        posted |= {f"case-{case.pk}-{name}": value for name, value in (row | fields).items()}
    return posted


def payout(**fields: object) -> dict[str, object]:
    """Return what the officer fills in to pay 50,000 yuan out."""
    return {
        "amount": "50,000.00",
        "term_months": "12",
        "start_date": TODAY.isoformat(),
        "contract_number": "剑信（2014）农贷-0087号",
        "bank_reference": "FK-2014-0001",
        **fields,
    }
