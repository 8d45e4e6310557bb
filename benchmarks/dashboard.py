"""How long the leader's page takes: from its last counting, and from the books.

DATABASE_URL=postgresql://… python benchmarks/dashboard.py --loans 10000 100000
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "redcredit.settings.test")

import django

django.setup()

from django.db import connection

from benchmarks.county import build_model, multiply
from dashboards.board.reading import read_board
from dashboards.board.snapshots import current_board, refresh_boards
from dashboards.figures import Selection
from dashboards.models import BoardReading
from organizations.scope import Scope
from tests.factories.county import NOON, TODAY

COUNTY = Scope(division_paths=("532931",))
TURNS = 5


def main(sizes: Sequence[int]) -> None:
    """Print one line for each size: seconds from the books and from the counting (best of some turns)."""
    print(
        "| loans | books s | counting ms | books ÷ counting | refresh s | KiB of a reading |\n"
        "|---|---|---|---|---|---|"
    )
    for loans in sizes:
        name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
        try:
            print(_measure(loans), flush=True)
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)


def _measure(loans: int) -> str:
    build_model()
    multiply(loans)
    whole = Selection(scope=COUNTY, registers=COUNTY, as_of=TODAY)
    books = _best(lambda: read_board(whole, at=NOON), turns=2)
    began = perf_counter()
    refresh_boards(at=NOON, today=TODAY)
    refresh = perf_counter() - began
    counting = _best(lambda: current_board(whole, at=NOON, today=TODAY), turns=TURNS)
    assert current_board(whole, at=NOON, today=TODAY) == read_board(whole, at=NOON)
    size = max(len(str(one.content)) for one in BoardReading.objects.all()) / 1024
    return f"| {loans:,} | {books:.2f} | {counting * 1000:.1f} | {books / counting:.0f} | {refresh:.1f} | {size:.0f} |"


def _best(work: Callable[[], object], *, turns: int) -> float:
    times = []
    for _turn in range(turns):
        began = perf_counter()
        work()
        times.append(perf_counter() - began)
    return min(times)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--loans", type=int, nargs="+", default=[10_000, 100_000])
    main(parser.parse_args().loans)
