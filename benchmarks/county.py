"""A county with as many loans as wanted, for benchmarks: one loan made by the factories, multiplied in the database.

The stories are dealt by the loan's number: three day counts, both bases, no, one or two prepayments, quarterly
interest that some pay late, arrears, misuse, extensions, changes of rate, reversals, findings of the township.
"""

from datetime import date

from django.db import connection

from loans.models import Loan, LoanEntry, LoanUnit, ProgrammeVersion
from tests.factories.county import County, build_county
from tests.factories.lending import Order, lend
from tests.factories.loans import store_jianchuan
from tests.subsidies.world import store_variant

FIRST_DAY, LAST_DAY = date(2014, 3, 21), date(2014, 6, 20)


def build_model() -> County:
    """Build a county with one loan, and versions with other day counts and bases beside the usual two."""
    county = build_county()
    store_jianchuan()
    version = store_variant("share", subsidy_basis="interest", subsidy_percent="50.0000", day_count="act365")
    store_variant("days", day_count="act360")
    lend(Order(county.yangcen.village, "50000", date(2013, 9, 10), reserved="1", version=version.code))
    return county


def multiply(loans: int) -> None:
    """Make so many loans of the model's, with all that belongs to them; the model itself is left out of the count."""
    model = Loan.objects.select_related("version").get()
    versions = list(ProgrammeVersion.objects.filter(programme=model.version.programme).order_by("pk"))
    budgets = [version.budgets.order_by("pk")[0].pk for version in versions]
    values = {
        "loans": loans,
        "loan": model.pk,
        "clerk": LoanEntry.objects.get().recorded_by_id,
        "last": LAST_DAY,
        "day_counts": [version.day_count for version in versions],
        "versions": [version.pk for version in versions],
        "budgets": budgets,
    }
    with connection.cursor() as cursor:
        # The rows are right by their making; checking a million references one by one is not what is measured.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(_copy("loans_application", _APPLICATION, "loans_application t, story s"), values)
        cursor.execute(_copy("loans_loan", _LOAN, "loans_loan t, story s"), values)
        for statement in _ENTRIES:
            cursor.execute(f"WITH {_STORY} {statement}", values)
        cursor.execute(_REVERSALS, values)
        cursor.execute(f"WITH {_STORY} {_SPELLS}", values)
        cursor.execute(f"WITH {_STORY} {_STANDINGS}", values)
        cursor.execute(f"WITH {_STORY} {_FINDINGS}", values)
        for rows in (LoanEntry.objects.filter(loan=model), LoanUnit.objects.filter(loan=model)):
            rows._raw_delete("default")
        Loan.objects.filter(pk=model.pk)._raw_delete("default")
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("ANALYZE")


def _copy(table: str, changed: dict[str, str], source: str) -> str:
    """Return the statement that copies the model's row for every story, some columns changed."""
    with connection.cursor() as cursor:
        # What the table works out itself is not copied.
        cursor.execute("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
                       " AND NOT attisdropped AND attgenerated = '' ORDER BY attnum", [table])  # fmt: skip
        columns = [name for (name,) in cursor.fetchall()]
    values = ", ".join(changed.get(column, f't."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    return f"WITH {_STORY} INSERT INTO {table} ({names}) SELECT {values} FROM {source} WHERE t.id = {_MODEL[table]}"


# Numbers above a million, so that they lie apart from what the factories made.
_STORY = """
story AS (
    SELECT n, 1000000 + n AS id, date '2013-03-01' + (n * 131 %% 440)::int AS start,
           (date '2013-03-01' + (n * 131 %% 440)::int + interval '12 months')::date AS due,
           (1 + n %% 10) * 10000.00 AS principal, 1 + n %% 4 AS version,
           6.0000 + (n %% 5) * 0.3 AS rate,
           n %% 20 = 0 AS is_extended, n %% 10 = 3 AS is_late, n %% 50 = 7 AS is_misused
    FROM generate_series(1, %(loans)s) AS n
)"""
_MODEL = {
    "loans_application": "(SELECT application_id FROM loans_loan WHERE id = %(loan)s)",
    "loans_loan": "%(loan)s",
}
_APPLICATION = {
    "id": "s.id",
    "number": "'B' || s.id",
    "request_id": "gen_random_uuid()",
    "version_id": "(%(versions)s::bigint[])[s.version]",
    "budget_id": "(%(budgets)s::bigint[])[s.version]",
    "amount_asked": "s.principal",
    "amount_granted": "s.principal",
}
_LOAN = {
    "id": "s.id",
    "application_id": "s.id",
    "version_id": "(%(versions)s::bigint[])[s.version]",
    "contract_number": "'合同B' || s.id",
    "principal": "s.principal",
    "rate_percent": "s.rate",
    "day_count": "(%(day_counts)s::text[])[s.version]",
    "repayment_method": "'interest_only_then_principal'",
    "start_date": "s.start",
    # An extended loan ran six months at first.
    "due_date": "CASE WHEN s.is_extended THEN (s.start + interval '6 months')::date ELSE s.due END",
}
_INTO = """
INSERT INTO loans_loanentry (loan_id, kind, amount, value_date, bank_reference, new_due_date, rate_percent,
                             document_number, reason, recorded_by_id, recorded_at)
SELECT id, {kind}, {amount}, {day}, {reference}, {due}, {rate}, '', '', %(clerk)s, {day} + time '12:00' FROM {rows}
"""
_QUARTERS = "generate_series(date '2013-06-20', %(last)s, interval '3 months') AS q (quarter_end)"


def _entry(kind: str, amount: str, day: str, rows: str, *, due: str = "NULL", rate: str = "NULL") -> str:
    reference = f"'{kind}' || id || {day}" if amount != "0" else "''"
    return _INTO.format(kind=f"'{kind}'", amount=amount, day=day, rows=rows, due=due, rate=rate, reference=reference)


_ENTRIES = (
    _entry("disbursement", "principal", "start", "story"),
    _entry("principal", "round(principal * 0.3, 2)", "(start + 90 + n %% 60)::date", "story WHERE n %% 3 <> 0"),
    _entry("principal", "round(principal * 0.2, 2)", "(start + 170 + n %% 90)::date", "story WHERE n %% 3 = 1"),
    _entry(
        "interest",
        "round(principal * rate / 400, 2)",
        "(q.quarter_end::date + CASE WHEN is_late THEN 25 ELSE 0 END)",
        f"story JOIN {_QUARTERS} ON q.quarter_end > start AND q.quarter_end < due",
    ),
    _entry("misuse", "0", "(start + 150)", "story WHERE is_misused"),
    _entry("extension", "0", "(start + 170)", "story WHERE is_extended", due="due"),
    _entry("rate_change", "0", "(start + 200)", "story WHERE n %% 25 = 11", rate="rate + 0.5"),
)
_REVERSALS = """
INSERT INTO loans_loanentry (loan_id, kind, amount, value_date, bank_reference, document_number, reason, reverses_id,
                             recorded_by_id, recorded_at)
SELECT loan_id, 'reversal', 0, value_date + 2, '', '', '', min(id), %(clerk)s, value_date + 2 + time '12:00'
FROM loans_loanentry WHERE kind = 'interest' AND loan_id %% 40 = 9 AND value_date < date '2013-12-01'
GROUP BY loan_id, value_date
"""
_SPELLS = """
INSERT INTO loans_arrearsspell (loan_id, since, until)
SELECT id, q.quarter_end::date + 1, q.quarter_end::date + 25
FROM story JOIN generate_series(date '2013-06-20', %(last)s, interval '3 months') AS q (quarter_end)
  ON q.quarter_end > start AND q.quarter_end < due
WHERE is_late
"""
_STANDINGS = """
INSERT INTO loans_loanstanding (loan_id, checked_on, maturity, next_due, overdue_principal, overdue_interest,
                                is_misused)
SELECT id, date '2014-08-15', due, date '2014-09-20', 0, 0, is_misused FROM story
"""
_FINDINGS = """
INSERT INTO subsidies_subsidyexclusion (loan_id, reason, from_day, note, recorded_by_id, recorded_at)
SELECT id, 'moved_away', start + 120, '迁出本县', %(clerk)s, start + 125 + time '12:00' FROM story WHERE n %% 100 = 55
"""
