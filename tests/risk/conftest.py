from pathlib import Path

import pytest

from tests.factories.county import County
from tests.factories.risk import RiskFactory


@pytest.fixture(autouse=True)
def _own_cupboard(cupboard: Path) -> None:
    """Claims keep their papers as files."""


@pytest.fixture
def story(office: County) -> RiskFactory:
    """The county's fund at 7:3 with one million in its special account."""
    return RiskFactory(office)
