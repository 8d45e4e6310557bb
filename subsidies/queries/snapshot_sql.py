"""The set-based form of the batch: what subsidies.queries.entitlements says in words, for a million loans at once.

Whole numbers throughout: fen, millionths of the rate, 360ths (or 365ths) of a year; one rounding, at the end. A test
proves it equal to the readable form to the fen. `%(known_at)s` is the moment of the snapshot. Every table is read by
the range of loans, also where a join says as much: else the planner reads all of it for each range.
"""

from subsidies.queries.entitled_sql import ENTITLED, TERMS

# The loans of a range with the terms that hold for them.
_LOANS = f"""
loan AS (
    SELECT {TERMS}, l.due_date, l.rate_percent, a.budget_id, v.subsidy_months_max, v.subsidy_principal_max,
           v.subsidy_on_arrears, v.subsidy_grace_days, v.subsidy_on_misuse, v.subsidy_percent
    FROM loans_loan l
    -- OFFSET 0: looked up one by one, never by reading all applications.
    CROSS JOIN LATERAL (SELECT budget_id FROM loans_application WHERE id = l.application_id OFFSET 0) a
    JOIN loans_programmeversion v ON v.id = l.version_id
    WHERE l.id BETWEEN %(first_loan)s AND %(last_loan)s
      AND v.programme_id = %(programme)s AND v.subsidy_basis <> ''
      AND a.budget_id IS NOT NULL AND l.start_date < %(stop)s
)"""

# The entries of some kinds that counted at the moment of the snapshot: recorded by then, and not reversed by then.
_KNOWN = """
entry AS MATERIALIZED (
    SELECT e.id, e.loan_id, e.kind, e.amount, e.value_date, e.rate_percent, e.reverses_id
    FROM loans_loanentry e
    WHERE e.loan_id BETWEEN %(first_loan)s AND %(last_loan)s AND e.recorded_at <= %(known_at)s
      AND e.kind IN ('reversal', {kinds})
),
known AS MATERIALIZED (
    SELECT %(batch)s AS batch_id, e.loan_id, e.kind, e.amount, e.value_date, e.rate_percent
    FROM entry e
    WHERE e.kind <> 'reversal'
      AND NOT EXISTS (SELECT FROM entry r WHERE r.reverses_id IS NOT NULL AND r.reverses_id = e.id)
)"""
_MOVING = "'disbursement', 'tranche', 'principal', 'write_off', 'extension', 'renewal', 'rate_change', 'misuse'"

# Each mark is a day on which something changes; summed up in order of days they give the stretches of equal facts.
# What holds from one day on for good is a column of `life` instead: its day is a mark without any sums.
TAKE_SNAPSHOT = f"""
WITH {_LOANS}, {_KNOWN.format(kinds=_MOVING)},
later AS (
    SELECT loan_id, bool_or(kind <> 'misuse') AS is_extended, min(value_date) FILTER (WHERE kind = 'misuse') AS misused
    FROM known WHERE kind IN ('extension', 'renewal', 'misuse') GROUP BY loan_id
),
life AS MATERIALIZED (
    SELECT loan.id, loan.start_date, loan.due_date, loan.rate_percent, later.is_extended,
           CASE WHEN later.misused IS NULL OR loan.subsidy_on_misuse <> 'void' THEN later.misused
                ELSE loan.start_date END AS misused_from,
           (loan.start_date + loan.subsidy_months_max * interval '1 month')::date AS used_up_from,
           (loan.subsidy_principal_max * 100)::bigint AS base_max_fen
    FROM loan LEFT JOIN later ON later.loan_id = loan.id
),
arrears AS (
    SELECT s.loan_id, s.since + loan.subsidy_grace_days AS since,
           CASE loan.subsidy_on_arrears WHEN 'days' THEN s.until END AS until
    FROM loans_arrearsspell s
    JOIN loan ON loan.id = s.loan_id
    WHERE s.loan_id BETWEEN %(first_loan)s AND %(last_loan)s
      AND (s.until IS NULL OR s.until > s.since + loan.subsidy_grace_days)
),
finding AS (
    SELECT x.loan_id, greatest(x.from_day, loan.start_date) AS from_day, x.until_day, x.reason
    FROM subsidies_subsidyexclusion x JOIN loan ON loan.id = x.loan_id
    WHERE x.loan_id BETWEEN %(first_loan)s AND %(last_loan)s
      AND (x.until_day IS NULL OR x.until_day > loan.start_date)
      AND x.recorded_at <= %(known_at)s AND (x.cancelled_at IS NULL OR x.cancelled_at > %(known_at)s)
),
mark (loan_id, day, moved_fen, rate_millionths, arrears, held, reason) AS (
    SELECT loan_id, value_date,
           CASE WHEN kind IN ('disbursement', 'tranche') THEN (amount * 100)::bigint
                WHEN kind IN ('principal', 'write_off') THEN -(amount * 100)::bigint ELSE 0 END,
           (known.rate_percent * 10000)::int, 0, 0, NULL
    FROM known JOIN life ON life.id = known.loan_id WHERE kind <> 'misuse'
    UNION ALL SELECT id, start_date, 0, (rate_percent * 10000)::int, 0, 0, NULL FROM life
    UNION ALL SELECT id, due_date, 0, NULL, 0, 0, NULL FROM life
    UNION ALL SELECT id, used_up_from, 0, NULL, 0, 0, NULL FROM life
    UNION ALL SELECT id, misused_from, 0, NULL, 0, 0, NULL FROM life WHERE misused_from IS NOT NULL
    UNION ALL SELECT loan_id, since, 0, NULL, 1, 0, NULL FROM arrears
    UNION ALL SELECT loan_id, until, 0, NULL, -1, 0, NULL FROM arrears WHERE until IS NOT NULL
    UNION ALL SELECT loan_id, from_day, 0, NULL, 0, 1, reason FROM finding
    UNION ALL SELECT loan_id, until_day, 0, NULL, 0, -1, NULL FROM finding WHERE until_day IS NOT NULL
),
day AS (
    SELECT loan_id, day, sum(moved_fen)::bigint AS moved_fen, max(rate_millionths) AS rate_millionths,
           sum(arrears)::int AS arrears, sum(held)::int AS held, max(reason) AS reason
    FROM mark WHERE day < %(stop)s GROUP BY loan_id, day
),
stretch AS (
    SELECT loan_id, day AS start, coalesce(lead(day) OVER so_far, %(stop)s) AS stop,
           (sum(moved_fen) OVER so_far)::bigint AS balance_fen,
           -- The newest rate so far: the one behind the highest day. A rate has nine digits at most.
           (max((day - date '1900-01-01') * 1000000000::bigint + rate_millionths) OVER so_far %% 1000000000)::int
               AS rate_millionths,
           sum(arrears) OVER so_far AS arrears, sum(held) OVER so_far AS held, max(reason) OVER so_far AS reason
    FROM day WINDOW so_far AS (PARTITION BY loan_id ORDER BY day)
)
INSERT INTO subsidies_inputsegment
    (batch_id, loan_id, start, "end", balance_fen, base_fen, rate_millionths, exclusion)
SELECT %(batch)s, s.loan_id, s.start, s.stop, s.balance_fen, least(s.balance_fen, life.base_max_fen),
       s.rate_millionths,
       CASE WHEN s.start >= life.misused_from THEN 'misuse'
            WHEN s.held > 0 THEN s.reason
            WHEN s.start >= life.used_up_from THEN 'months'
            WHEN s.start >= life.due_date AND life.is_extended THEN 'extension'
            WHEN s.start >= life.due_date THEN 'past_due'
            WHEN s.arrears > 0 THEN 'overdue'
            ELSE '' END
FROM stretch s JOIN life ON life.id = s.loan_id
WHERE s.balance_fen > 0
ORDER BY s.loan_id, s.start
"""

HASH_SNAPSHOT = """
SELECT encode(sha256(convert_to(coalesce(string_agg(
    concat_ws('|', loan_id, start, "end", balance_fen, base_fen, rate_millionths, exclusion), E'\\n'
    ORDER BY loan_id, start), ''), 'UTF8')), 'hex')
FROM subsidies_inputsegment WHERE batch_id = %(batch)s AND loan_id BETWEEN %(first_loan)s AND %(last_loan)s
"""

# What each loan is entitled to for each period, on this batch's snapshot.
_OWED = f"""
WITH {_LOANS}, {_KNOWN.format(kinds="'interest'")},
period AS (
    SELECT p.batch_id, %(batch)s AS snapshot_id, p.start, p.stop, %(expected_after)s::date AS expected_after
    FROM unnest(%(batches)s::bigint[], %(starts)s::date[], %(stops)s::date[]) AS p (batch_id, start, stop)
),
segment AS (
    SELECT * FROM subsidies_inputsegment
    WHERE batch_id = %(batch)s AND loan_id BETWEEN %(first_loan)s AND %(last_loan)s
),
{ENTITLED},
owed AS (
    SELECT loan.id AS loan_id, loan.budget_id, loan.subsidy_percent, p.batch_id, p.start, p.stop,
           coalesce(e.fen, 0) AS fen, coalesce(e.before_fen, 0) AS before_fen, coalesce(e.paid_fen, 0) AS paid_fen,
           coalesce(e.days, 0) AS days, coalesce(e.base_fen, 0) AS base_fen,
           coalesce(e.is_above_limit, false) AS is_above_limit, coalesce(e.exclusion, '') AS exclusion,
           coalesce(e.is_alive, false) AS is_alive
    FROM loan
    JOIN period p ON loan.start_date < p.stop
    LEFT JOIN entitled e ON e.loan_id = loan.id AND e.batch_id = p.batch_id
)"""

# This period's lines, and those of closed periods in which the loan was not known yet.
WRITE_ORDINARY = f"""{_OWED}
INSERT INTO subsidies_subsidyline
    (batch_id, loan_id, kind, corrects_id, first_day, last_day, budget_id, days, base, rate_percent,
     interest_paid, amount, status, reason)
SELECT %(batch)s, o.loan_id, 'ordinary', NULL, o.start, o.stop - 1, o.budget_id, o.days,
       o.base_fen * 0.01, o.subsidy_percent, o.paid_fen * 0.01, o.fen * 0.01,
       CASE WHEN o.fen <= 0 AND o.before_fen <= 0 THEN 'excluded'
            WHEN o.exclusion <> '' OR o.is_above_limit OR o.fen < o.before_fen THEN 'attention'
            ELSE 'eligible' END,
       CASE WHEN o.exclusion <> '' THEN o.exclusion
            WHEN o.fen < o.before_fen AND o.paid_fen = 0 THEN 'interest_unpaid'
            WHEN o.fen < o.before_fen THEN 'interest_cap'
            WHEN o.is_above_limit THEN 'above_limit'
            ELSE '' END
FROM owed o
WHERE (o.batch_id = %(batch)s AND (o.is_alive OR o.fen <> 0)
       OR o.batch_id <> %(batch)s AND o.fen <> 0)
  AND NOT EXISTS (
      SELECT 1 FROM subsidies_subsidyline x
      WHERE x.loan_id BETWEEN %(first_loan)s AND %(last_loan)s
        AND x.loan_id = o.loan_id AND x.last_day = o.stop - 1 AND x.kind = 'ordinary')
ORDER BY o.loan_id, o.start
"""

WRITE_DIFFERENCES = f"""{_OWED},
old AS (
    SELECT line.id, line.loan_id, line.batch_id, line.first_day, line.last_day, line.days,
           line.interest_paid, (line.amount * 100)::bigint
             + coalesce(sum((diff.amount * 100)::bigint), 0) AS fen,
           line.days + coalesce(sum(diff.days), 0) AS days_so_far,
           line.interest_paid + coalesce(sum(diff.interest_paid), 0) AS paid_so_far
    FROM subsidies_subsidyline line
    LEFT JOIN subsidies_subsidyline diff
      ON diff.corrects_id = line.id AND diff.batch_id <> %(batch)s
      AND diff.loan_id BETWEEN %(first_loan)s AND %(last_loan)s
    WHERE line.kind = 'ordinary' AND line.batch_id <> %(batch)s
      AND line.loan_id BETWEEN %(first_loan)s AND %(last_loan)s
    GROUP BY line.id
)
INSERT INTO subsidies_subsidyline
    (batch_id, loan_id, kind, corrects_id, first_day, last_day, budget_id, days, base, rate_percent,
     interest_paid, amount, status, reason)
SELECT %(batch)s, o.loan_id, 'difference', old.id, old.first_day, old.last_day, o.budget_id,
       o.days - old.days_so_far, o.base_fen * 0.01, o.subsidy_percent, o.paid_fen * 0.01 - old.paid_so_far,
       (o.fen - old.fen) * 0.01, 'attention', o.exclusion
FROM owed o
JOIN old ON old.loan_id = o.loan_id AND old.last_day = o.stop - 1
WHERE o.batch_id <> %(batch)s AND o.fen <> old.fen
ORDER BY o.loan_id, old.last_day
"""
