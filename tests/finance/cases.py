"""Reading the worked examples of tests/cases/ and the rates that the programme ships."""

import csv
from pathlib import Path

from hypothesis import strategies as st

from finance.daycount import DayCount
from finance.money import from_fen

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "tests" / "cases"
RATES = ROOT / "fixtures" / "rates"

amounts = st.integers(min_value=0, max_value=10**14 - 1).map(from_fen)
loan_amounts = st.integers(min_value=1, max_value=50_000_000).map(from_fen)
rates = st.decimals(min_value=0, max_value=36, places=4, allow_nan=False)
conventions = st.sampled_from(DayCount)


def read_cases(name: str) -> list[dict[str, str]]:
    with (CASES / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def case_id(case: dict[str, str]) -> str:
    return " ".join(value for key, value in case.items() if key != "source")
