"""Whether a case is eligible: every rule of its version as a row with the number behind it and its clause.

The same rows are the panel beside the form, what submitting asks, and what the reviewers see. Hard rules stop a
submission, soft ones need a written reason, and some things are only worth knowing.
"""

from collections.abc import Iterable, Mapping

from loans.models import RuleReason
from loans.queries.rule_rows import Row
from loans.queries.rules_read import NOTES, RULES
from loans.queries.situation import Situation
from loans.rules import SOFT, WORTH_KNOWING, Breach

# The numbers that the record of a submission keeps.
RECORDED = ("age", "help", "amount", "exposure", "arrears", "debts")


def rows_of(situation: Situation) -> list[Row]:
    """Return every rule of the version as it stands for a case: first what decides, then what is worth knowing."""
    return [*deciding_rows(situation), *(row for rule in NOTES if (row := rule(situation)))]


def deciding_rows(situation: Situation) -> list[Row]:
    """Return the rules on which submitting depends: the same that the panel shows."""
    return [row for rule in RULES if (row := rule(situation))]


def breaches_of(rows: Iterable[Row]) -> list[Breach]:
    return [breach for row in rows for breach in row.breaches]


def hard_breaches(rows: Iterable[Row]) -> list[Breach]:
    return [breach for breach in breaches_of(rows) if breach.code not in SOFT | WORTH_KNOWING]


def soft_breaches(rows: Iterable[Row]) -> list[Breach]:
    return [breach for breach in breaches_of(rows) if breach.code in SOFT]


def reasons_of(case_id: int) -> dict[tuple[str, str], RuleReason]:
    """Return the newest reason written for each soft rule and its numbers. One question."""
    rows = RuleReason.objects.filter(application=case_id).select_related("written_by").order_by("pk")
    return {(row.rule, row.finding): row for row in rows}


def numbers_of(rows: Iterable[Row]) -> Mapping[str, str]:
    """Return the numbers behind the rules by their codes, in the words of the moment."""
    return {row.code: row.figure for row in rows if row.code in RECORDED and row.figure}
