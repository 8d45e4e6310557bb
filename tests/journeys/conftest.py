from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.journeys.days import Days


@pytest.fixture
def days() -> Iterator[Days]:
    with ExitStack() as stack:
        yield Days(stack)
