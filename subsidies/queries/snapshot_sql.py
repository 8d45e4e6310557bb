"""The set-based form of the batch: what subsidies.queries.entitlements says in words, for a million loans at once.

Whole numbers throughout: fen, millionths of the rate, 360ths (or 365ths) of a year; one rounding, at the end. A test
proves it equal to the readable form to the fen. `%(known_at)s` is the moment of the snapshot. Every table is read by
the range of loans, also where a join says as much: else the planner reads all of it for each range.
"""

# The loans of a range with the terms that hold for them.
_LOANS = """
loan AS (
    SELECT l.id, l.start_date, l.due_date, l.day_count, l.rate_percent, l.version_id, a.budget_id,
           v.subsidy_basis, v.subsidy_months_max, v.subsidy_capped_at_interest, v.subsidy_principal_max,
           v.subsidy_on_arrears, v.subsidy_grace_days, v.subsidy_on_misuse, v.subsidy_percent,
           (v.subsidy_percent * 10000)::bigint AS share_millionths,
           CASE l.day_count WHEN 'act365' THEN 365 ELSE 360 END AS year_base
    FROM loans_loan l
    -- OFFSET 0: looked up one by one, never by reading all applications.
    CROSS JOIN LATERAL (SELECT budget_id FROM loans_application WHERE id = l.application_id OFFSET 0) a
    JOIN loans_programmeversion v ON v.id = l.version_id
    WHERE l.id BETWEEN %(first_loan)s AND %(last_loan)s
      AND v.programme_id = %(programme)s AND v.subsidy_basis <> ''
      AND a.budget_id IS NOT NULL AND l.start_date < %(stop)s
)"""

# The entries that counted at the moment of the snapshot: recorded by then, and not reversed by then.
_KNOWN = """
entry AS MATERIALIZED (
    SELECT e.id, e.loan_id, e.kind, e.amount, e.value_date, e.rate_percent, e.reverses_id
    FROM loans_loanentry e
    WHERE e.loan_id BETWEEN %(first_loan)s AND %(last_loan)s AND e.recorded_at <= %(known_at)s
),
known AS (
    SELECT e.loan_id, e.kind, e.amount, e.value_date, e.rate_percent
    FROM entry e
    JOIN loan ON loan.id = e.loan_id
    WHERE e.kind <> 'reversal' AND NOT EXISTS (SELECT FROM entry r WHERE r.reverses_id = e.id)
)"""

# Each mark changes something on its day; summed up in order of days they give the stretches of equal facts.
TAKE_SNAPSHOT = f"""
WITH {_LOANS}, {_KNOWN},
arrears AS (
    SELECT s.loan_id, s.since + loan.subsidy_grace_days AS since,
           CASE loan.subsidy_on_arrears WHEN 'days' THEN s.until END AS until
    FROM loans_arrearsspell s
    JOIN loan ON loan.id = s.loan_id
    WHERE s.loan_id BETWEEN %(first_loan)s AND %(last_loan)s
      AND (s.until IS NULL OR s.until > s.since + loan.subsidy_grace_days)
),
mark (loan_id, day, moved, rate, arrears, past_due, extended, misused, held, held_reason, used_up) AS (
    SELECT loan_id, value_date,
           CASE WHEN kind IN ('disbursement', 'tranche') THEN amount
                WHEN kind IN ('principal', 'write_off') THEN -amount ELSE 0 END,
           rate_percent, 0, 0, 0, 0, 0, NULL, 0
    FROM known WHERE kind IN ('disbursement', 'tranche', 'principal', 'write_off',
                              'extension', 'renewal', 'rate_change')
    UNION ALL SELECT id, start_date, 0, rate_percent, 0, 0, 0, 0, 0, NULL, 0 FROM loan
    UNION ALL SELECT loan_id, since, 0, NULL, 1, 0, 0, 0, 0, NULL, 0 FROM arrears
    UNION ALL SELECT loan_id, until, 0, NULL, -1, 0, 0, 0, 0, NULL, 0 FROM arrears WHERE until IS NOT NULL
    UNION ALL SELECT id, due_date, 0, NULL, 0, 1, 0, 0, 0, NULL, 0 FROM loan
    UNION ALL SELECT DISTINCT k.loan_id, loan.due_date, 0, NULL::numeric, 0, 0, 1, 0, 0, NULL, 0
              FROM known k JOIN loan ON loan.id = k.loan_id WHERE k.kind IN ('extension', 'renewal')
    UNION ALL SELECT k.loan_id,
                     CASE loan.subsidy_on_misuse WHEN 'void' THEN loan.start_date ELSE min(k.value_date) END,
                     0, NULL, 0, 0, 0, 1, 0, NULL, 0
              FROM known k JOIN loan ON loan.id = k.loan_id WHERE k.kind = 'misuse'
              GROUP BY k.loan_id, loan.subsidy_on_misuse, loan.start_date
    UNION ALL SELECT x.loan_id, greatest(x.from_day, loan.start_date), 0, NULL, 0, 0, 0, 0, 1, x.reason, 0
              FROM subsidies_subsidyexclusion x JOIN loan ON loan.id = x.loan_id
              WHERE x.loan_id BETWEEN %(first_loan)s AND %(last_loan)s
                AND x.recorded_at <= %(known_at)s AND (x.cancelled_at IS NULL OR x.cancelled_at > %(known_at)s)
    UNION ALL SELECT x.loan_id, x.until_day, 0, NULL, 0, 0, 0, 0, -1, NULL, 0
              FROM subsidies_subsidyexclusion x JOIN loan ON loan.id = x.loan_id
              WHERE x.loan_id BETWEEN %(first_loan)s AND %(last_loan)s
                AND x.until_day IS NOT NULL AND x.until_day > loan.start_date
                AND x.recorded_at <= %(known_at)s AND (x.cancelled_at IS NULL OR x.cancelled_at > %(known_at)s)
    UNION ALL SELECT id, (start_date + subsidy_months_max * interval '1 month')::date,
                     0, NULL, 0, 0, 0, 0, 0, NULL, 1 FROM loan
),
day AS (
    SELECT loan_id, day, sum(moved) AS moved, max(rate) AS rate, sum(arrears) AS arrears, sum(past_due) AS past_due,
           sum(extended) AS extended, sum(misused) AS misused, sum(held) AS held, max(held_reason) AS held_reason,
           sum(used_up) AS used_up
    FROM mark WHERE day < %(stop)s GROUP BY loan_id, day
),
stretch AS (
    SELECT loan_id, day AS start, coalesce(lead(day) OVER so_far, %(stop)s) AS stop, rate,
           sum(moved) OVER so_far AS balance, count(rate) OVER so_far AS rates,
           sum(arrears) OVER so_far AS arrears, sum(past_due) OVER so_far AS past_due,
           sum(extended) OVER so_far AS extended, sum(misused) OVER so_far AS misused, sum(held) OVER so_far AS held,
           max(held_reason) OVER so_far AS held_reason, sum(used_up) OVER so_far AS used_up
    FROM day WINDOW so_far AS (PARTITION BY loan_id ORDER BY day)
)
INSERT INTO subsidies_inputsegment
    (batch_id, loan_id, start, "end", balance_fen, base_fen, rate_millionths, exclusion)
SELECT %(batch)s, s.loan_id, s.start, s.stop, (s.balance * 100)::bigint,
       (least(s.balance, loan.subsidy_principal_max) * 100)::bigint,
       (first_value(s.rate) OVER (PARTITION BY s.loan_id, s.rates ORDER BY s.start) * 10000)::int,
       CASE WHEN s.misused > 0 THEN 'misuse'
            WHEN s.held > 0 THEN s.held_reason
            WHEN s.used_up > 0 THEN 'months'
            WHEN s.past_due > 0 AND s.extended > 0 THEN 'extension'
            WHEN s.past_due > 0 THEN 'past_due'
            WHEN s.arrears > 0 THEN 'overdue'
            ELSE '' END
FROM stretch s JOIN loan ON loan.id = s.loan_id
WHERE s.balance > 0
ORDER BY s.loan_id, s.start
"""

HASH_SNAPSHOT = """
SELECT encode(sha256(convert_to(coalesce(string_agg(
    concat_ws('|', loan_id, start, "end", balance_fen, base_fen, rate_millionths, exclusion), E'\\n'
    ORDER BY loan_id, start), ''), 'UTF8')), 'hex')
FROM subsidies_inputsegment WHERE batch_id = %(batch)s AND loan_id BETWEEN %(first_loan)s AND %(last_loan)s
"""

# What each loan is entitled to from its first day to each boundary of a period, and thereby for each period.
_OWED = f"""
WITH {_LOANS}, {_KNOWN},
period AS (
    SELECT * FROM unnest(%(batches)s::bigint[], %(starts)s::date[], %(stops)s::date[]) AS p (batch_id, start, stop)
),
boundary AS (SELECT start AS day FROM period UNION SELECT stop FROM period),
-- OFFSET 0 keeps the planner from counting the days once for each use of `units`.
span AS (
    SELECT s.loan_id, b.day, s.base_fen, s.balance_fen * s.rate_millionths AS interest_base,
           CASE WHEN s.exclusion = '' THEN
               (redcredit_units(loan.start_date, least(s."end", b.day), loan.day_count)
                - redcredit_units(loan.start_date, s.start, loan.day_count))::bigint
           ELSE 0 END AS units
    FROM subsidies_inputsegment s
    JOIN loan ON loan.id = s.loan_id
    JOIN boundary b ON b.day > s.start
    WHERE s.batch_id = %(batch)s AND s.loan_id BETWEEN %(first_loan)s AND %(last_loan)s
    OFFSET 0
),
worth AS (
    SELECT loan_id, day, sum(base_fen * units) AS base_units, sum(interest_base * units) AS interest_units
    FROM span GROUP BY loan_id, day
),
paid AS (
    SELECT k.loan_id, b.day, sum(k.amount * 100) AS fen
    FROM known k JOIN boundary b ON k.value_date < b.day
    WHERE k.kind = 'interest' GROUP BY k.loan_id, b.day
),
-- Interest paid for the subsidised days: what is paid goes to the oldest days first.
cover AS (
    SELECT w.loan_id, w.day, w.base_units, coalesce(paid.fen, 0) AS paid_fen,
           CASE WHEN w.day > %(expected_after)s THEN accrued.fen
                ELSE least(accrued.fen, coalesce(paid.fen, 0)) END AS cap_fen
    FROM worth w
    JOIN loan ON loan.id = w.loan_id
    LEFT JOIN paid ON paid.loan_id = w.loan_id AND paid.day = w.day
    CROSS JOIN LATERAL (
        SELECT div(2 * w.interest_units + loan.year_base * 1000000, 2 * loan.year_base * 1000000) AS fen
    ) accrued
),
entitled AS (
    SELECT c.loan_id, c.day, c.paid_fen, before.fen AS before_fen,
           CASE WHEN loan.subsidy_capped_at_interest THEN least(before.fen, c.cap_fen) ELSE before.fen END AS fen
    FROM cover c
    JOIN loan ON loan.id = c.loan_id
    CROSS JOIN LATERAL (
        SELECT CASE loan.subsidy_basis
            WHEN 'interest' THEN div(2 * c.cap_fen * loan.share_millionths + 1000000, 2000000)
            ELSE div(2 * c.base_units * loan.share_millionths + loan.year_base * 1000000, 2 * loan.year_base * 1000000)
        END AS fen
    ) before
),
inside AS (
    SELECT s.loan_id, p.batch_id,
           coalesce(sum(days.n) FILTER (WHERE s.exclusion = ''), 0) AS days,
           coalesce(max(s.base_fen) FILTER (WHERE s.exclusion = ''), 0) AS base_fen,
           coalesce(bool_or(s.base_fen < s.balance_fen), false) AS is_above_limit,
           (array_agg(s.exclusion ORDER BY s.start DESC)
                FILTER (WHERE s.exclusion NOT IN ('', 'months')))[1] AS exclusion,
           bool_or(s.exclusion <> 'months') AS is_alive
    FROM subsidies_inputsegment s
    JOIN period p ON s.start < p.stop AND s."end" > p.start
    CROSS JOIN LATERAL (SELECT least(s."end", p.stop) - greatest(s.start, p.start) AS n) days
    WHERE s.batch_id = %(batch)s AND s.loan_id BETWEEN %(first_loan)s AND %(last_loan)s
    GROUP BY s.loan_id, p.batch_id
),
owed AS (
    SELECT loan.id AS loan_id, loan.version_id, loan.budget_id, loan.subsidy_percent, p.batch_id,
           p.start, p.stop,
           coalesce(upto.fen, 0) - coalesce(since.fen, 0) AS fen,
           (coalesce(upto.before_fen, 0) - coalesce(since.before_fen, 0)) AS before_fen,
           coalesce(upto.paid_fen, 0) - coalesce(since.paid_fen, 0) AS paid_fen,
           coalesce(i.days, 0) AS days, coalesce(i.base_fen, 0) AS base_fen,
           coalesce(i.is_above_limit, false) AS is_above_limit, coalesce(i.exclusion, '') AS exclusion,
           coalesce(i.is_alive, false) AS is_alive
    FROM loan
    CROSS JOIN period p
    LEFT JOIN entitled upto ON upto.loan_id = loan.id AND upto.day = p.stop
    LEFT JOIN entitled since ON since.loan_id = loan.id AND since.day = p.start
    LEFT JOIN inside i ON i.loan_id = loan.id AND i.batch_id = p.batch_id
    WHERE loan.start_date < p.stop
)"""

# This period's lines, and those of closed periods in which the loan was not known yet.
WRITE_ORDINARY = f"""{_OWED}
INSERT INTO subsidies_subsidyline
    (batch_id, loan_id, kind, corrects_id, first_day, last_day, version_id, budget_id, days, base, rate_percent,
     interest_paid, amount, status, reason)
SELECT %(batch)s, o.loan_id, 'ordinary', NULL, o.start, o.stop - 1, o.version_id, o.budget_id, o.days,
       o.base_fen / 100.0, o.subsidy_percent, o.paid_fen / 100.0, o.fen / 100.0,
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
    (batch_id, loan_id, kind, corrects_id, first_day, last_day, version_id, budget_id, days, base, rate_percent,
     interest_paid, amount, status, reason)
SELECT %(batch)s, o.loan_id, 'difference', old.id, old.first_day, old.last_day, o.version_id, o.budget_id,
       o.days - old.days_so_far, o.base_fen / 100.0, o.subsidy_percent, o.paid_fen / 100.0 - old.paid_so_far,
       (o.fen - old.fen) / 100.0, 'attention', o.exclusion
FROM owed o
JOIN old ON old.loan_id = o.loan_id AND old.last_day = o.stop - 1
WHERE o.batch_id <> %(batch)s AND o.fen <> old.fen
ORDER BY o.loan_id, old.last_day
"""
