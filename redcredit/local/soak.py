"""`./run soak`: the long harnesses. Every crash point of every money batch, and the races over and over."""

from pathlib import Path

from redcredit.local.places import PROJECT
from redcredit.local.processes import python
from redcredit.local.verify import WHOLE_COUNTY, Part, browser_environment, run_parts

# Each turn is a process of its own: chance deals anew.
RACE_TURNS = 5
# What takes a sample in `./run test` deals the whole pack.
SOAK = {"SOAK": "1"}


def soak_parts() -> list[Part]:
    """Return what takes long: minutes for the crash points, seconds for each turn of the races."""
    files = sorted(str(path.relative_to(PROJECT)) for path in PROJECT.glob("tests/*/test_*races.py"))
    races = [Part(f"races {turn}", python("-m", "pytest", "-q", *files), SOAK) for turn in range(1, RACE_TURNS + 1)]
    pages = Part(
        "pages", python("-m", "pytest", "-q", "tests/browser/test_every_page.py"), {**SOAK, **browser_environment()}
    )
    county = Part("whole county", python("-m", "pytest", "-q", WHOLE_COUNTY))
    return [county, Part("crash points", python("-m", "pytest", "-q", "tests/crash"), SOAK), pages, *races]


def run_soak(*, var: Path) -> int:
    """Run all of it on throwaway services. Return the exit code."""
    return run_parts(soak_parts(), var=var)
