from datetime import date, timedelta
from decimal import Decimal

import pytest

from finance.daycount import DayCount
from finance.interest import interest
from tests.finance.cases import case_id, read_cases


@pytest.mark.parametrize("case", read_cases("penalties.csv"), ids=case_id)
def test_the_worked_penalties_come_out(case):
    start = date(2014, 9, 10)

    penalty = interest(
        principal=Decimal(case["principal"]),
        rate_percent=Decimal(case["penalty_rate_percent"]),
        start=start,
        end=start + timedelta(days=int(case["days"])),
        convention=DayCount.ACT_360,
    )
    assert str(penalty) == case["interest"]


@pytest.mark.parametrize(("rate_percent", "compound"), [("7.20", "16.38"), ("10.80", "24.57")])
def test_unpaid_interest_bears_interest_like_any_sum(rate_percent, compound):
    due = interest(
        principal=Decimal("910.00"),
        rate_percent=Decimal(rate_percent),
        start=date(2013, 12, 21),
        end=date(2014, 3, 21),
        convention=DayCount.ACT_360,
    )

    assert str(due) == compound
