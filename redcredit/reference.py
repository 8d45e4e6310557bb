"""What a county starts with: its divisions, its programmes and schemes of assessment, read from fixtures/.

Everything else (organizations, people, accounts, quotas) an office enters by clicking.
"""

import csv
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from assessments.operations.inspections import store_questions
from assessments.operations.schemes import store_scheme
from loans.models import ProgrammeVersion
from loans.operations.programmes import store_programme
from organizations.choices import DivisionLevel
from organizations.models import Division

COUNTIES = ("jianchuan", "yulong")
# Schemes of assessment every county may begin with; their weights are marked as examples.
SCHEMES = ("jianchuan.json", "tongren.json")


@dataclass(frozen=True)
class Loaded:
    """What was new: nothing at a second call."""

    divisions: int
    versions: tuple[ProgrammeVersion, ...]


def fixture(*parts: str) -> Path:
    return Path(settings.BASE_DIR).joinpath("fixtures", *parts)


def read_json(*parts: str) -> Any:
    return json.loads(fixture(*parts).read_text(encoding="utf-8"))


@transaction.atomic
def load_reference(*, county: str, at: datetime) -> Loaded:
    """Write the divisions, programmes and schemes of a county (one of COUNTIES) that are not there yet."""
    divisions = load_divisions(county=county)
    versions = store_programme(data=read_json("programmes", f"{county}.json"), stored_by=None, stored_at=at)
    store_schemes(county=county, at=at)
    store_questions(
        sheets=read_json("assessments", "questions.json"),
        categories=read_json("assessments", "problem_categories.json"),
    )
    return Loaded(divisions=divisions, versions=tuple(versions))


def store_schemes(*, county: str, at: datetime) -> None:
    """Write the schemes of assessment that a county does not have yet."""
    with fixture("divisions", f"{county}.csv").open(encoding="utf-8", newline="") as file:
        code = next(row["code"] for row in csv.DictReader(file) if row["level"] == DivisionLevel.COUNTY)
    division = Division.objects.get(code=code)
    for name in SCHEMES:
        store_scheme(data=read_json("assessments", name), county=division, stored_at=at)


def load_divisions(*, county: str) -> int:
    """Write the divisions of a county that are missing, parents first, and return how many."""
    with fixture("divisions", f"{county}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    known = {division.code: division for division in Division.objects.filter(code__in=[row["code"] for row in rows])}
    missing = [row for row in rows if row["code"] not in known]
    for row in missing:
        division = Division(
            code=row["code"],
            name=row["name"],
            short_name=row["short_name"],
            level=row["level"],
            kind=row["kind"],
            parent=known[row["parent"]] if row["parent"] else None,
        )
        division.save()
        known[division.code] = division
    return len(missing)
