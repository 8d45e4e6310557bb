"""The mark-ups that a contract may put on its rate for late payment and misuse."""

from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from finance.penalties import PenaltyRule, penalty_rule
from finance.rate_files import read_penalty_rules


@lru_cache(maxsize=1)
def penalty_rules() -> tuple[PenaltyRule, ...]:
    """Return the dated rules of the People's Bank as shipped, read once per process: law, not a county's data."""
    with Path(settings.BASE_DIR, "fixtures", "rates", "penalty.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(read_penalty_rules(lines))


def penalty_rule_on(signed_on: date) -> PenaltyRule:
    """Return the rule for a contract signed on a day. Raises finance.rates.NoRate before the first one."""
    return penalty_rule(rules=penalty_rules(), on=signed_on)
