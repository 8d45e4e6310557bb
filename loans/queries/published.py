"""What a notice shows of a case, and whether it is still true."""

import json
from hashlib import sha256
from typing import Any

from loans.models import Application, PublicNotice
from web.masking import masked_name


def is_outdated(notice: PublicNotice, case: Application) -> bool:
    """Whether what was published is no longer true."""
    return notice.fingerprint != fingerprint(case)


def published_facts(case: Application) -> dict[str, Any]:
    """Return what a notice shows: masked name, village, project, amount, term. Never numbers of people."""
    return {
        "name": case.entity.name if case.entity else masked_name(case.person.name),
        "village": case.division.name,
        "purpose": case.purpose,
        "project": case.project_name,
        "amount": str(case.amount_asked),
        "term_months": case.term_months,
        "branch": case.branch.name,
    }


def fingerprint(case: Application) -> str:
    """Return a hash of what was published, with the full name: a change of any of it shows."""
    facts = {**published_facts(case), "person": case.person_id, "entity": case.entity_id}
    return sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
