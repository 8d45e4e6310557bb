"""What every test may ask for. Situations are in tests/factories/."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from tests.factories.county import NOON, County, build_county
from web import clock


@pytest.fixture
def county(db: None) -> County:
    """A small county with somebody in every office (tests/factories/county.py)."""
    return build_county()


@pytest.fixture
def noon() -> Iterator[datetime]:
    """Stop the clock at noon of 2014-08-15, the demo's day."""
    with clock.frozen(NOON):
        yield NOON
