"""Several people at once, on real transactions: how every race starts and what comes of it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection


def race(refusals: tuple[type[Exception], ...], *acts: Callable[[], object]) -> list[object]:
    """Run the acts in threads that start together; return each result, or the refusal it raised."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            gate.wait()
            return act()
        except refusals as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
