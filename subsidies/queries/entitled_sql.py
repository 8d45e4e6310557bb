"""The one set-based definition of an entitlement: what the batch writes by, and what the check of the books asks by.

It says for a million loans what subsidies.queries.entitlements says in words for one. Whole numbers throughout: fen,
millionths of the rate, 360ths (or 365ths) of a year; one rounding, at the end. Sums that 64 bits do not hold are an
error of the database, never a wrong figure: they begin with loans of several hundred million yuan.
"""

# The terms that hold for a loan, out of `l` (the loan) and `v` (its version).
TERMS = """l.id, l.start_date, l.day_count, v.subsidy_basis, v.subsidy_capped_at_interest,
           (v.subsidy_percent * 10000)::bigint AS share_millionths,
           CASE l.day_count WHEN 'act365' THEN 365 ELSE 360 END * 1000000::bigint AS year_base"""

# Needs `loan` (TERMS), `segment` (stretches of a snapshot), `known` (interest that counts) and `period` with batch_id,
# snapshot_id (the batch whose snapshot it is reckoned on), start, stop and expected_after (interest for days up to a
# later day counts as paid). Gives `entitled`: per loan and period what it gets, before the cap too, and what was paid.
ENTITLED = """
stretch AS (
    SELECT s.loan_id, s.batch_id, s.start, s."end", s.base_fen, s.balance_fen, s.exclusion, loan.start_date,
           loan.day_count, s.balance_fen * s.rate_millionths AS interest_base,
           redcredit_units(loan.start_date, s.start, loan.day_count) AS start_units,
           redcredit_units(loan.start_date, s."end", loan.day_count) AS end_units
    FROM segment s JOIN loan ON loan.id = s.loan_id
    -- OFFSET 0 keeps the planner from counting days anew for each use of them; here and below.
    OFFSET 0
),
counted AS (
    SELECT s.loan_id, p.batch_id, s.start, s.base_fen, s.balance_fen, s.interest_base, s.exclusion,
           least(s."end", p.stop) - greatest(s.start, p.start) AS days,
           CASE WHEN s.exclusion <> '' THEN 0
                WHEN s."end" <= p.stop THEN s.end_units - s.start_units
                ELSE redcredit_units(s.start_date, p.stop, s.day_count) - s.start_units END AS upto,
           CASE WHEN s.exclusion <> '' OR s.start >= p.start THEN 0
                WHEN s."end" <= p.start THEN s.end_units - s.start_units
                ELSE redcredit_units(s.start_date, p.start, s.day_count) - s.start_units END AS since
    FROM stretch s JOIN period p ON p.snapshot_id = s.batch_id AND s.start < p.stop
    OFFSET 0
),
worth AS (
    SELECT loan_id, batch_id,
           sum(base_fen * upto)::bigint AS base_upto, sum(base_fen * since)::bigint AS base_since,
           sum(interest_base * upto)::bigint AS interest_upto, sum(interest_base * since)::bigint AS interest_since,
           coalesce(sum(days) FILTER (WHERE exclusion = '' AND days > 0), 0) AS days,
           coalesce(max(base_fen) FILTER (WHERE exclusion = '' AND days > 0), 0) AS base_fen,
           coalesce(bool_or(base_fen < balance_fen) FILTER (WHERE days > 0), false) AS is_above_limit,
           -- The last exclusion: the one behind the highest day.
           coalesce(substr(max(to_char(start, 'YYYYMMDD') || exclusion)
               FILTER (WHERE exclusion NOT IN ('', 'months') AND days > 0), 9), '') AS exclusion,
           coalesce(bool_or(exclusion <> 'months') FILTER (WHERE days > 0), false) AS is_alive
    FROM counted GROUP BY loan_id, batch_id
),
paid AS (
    SELECT k.loan_id, p.batch_id, (sum(k.amount) * 100)::bigint AS upto,
           (coalesce(sum(k.amount) FILTER (WHERE k.value_date < p.start), 0) * 100)::bigint AS since
    FROM known k JOIN period p ON p.snapshot_id = k.batch_id AND k.value_date < p.stop
    GROUP BY k.loan_id, p.batch_id
),
-- Interest paid goes to the oldest days first, so it caps what the subsidised days before a boundary have cost. Where
-- it is expected the CASE gives NULL, which least() passes over.
cover AS (
    SELECT w.*, loan.subsidy_basis, loan.subsidy_capped_at_interest, loan.share_millionths, loan.year_base,
           coalesce(paid.upto, 0) - coalesce(paid.since, 0) AS paid_fen,
           least((2 * w.interest_upto + loan.year_base) / (2 * loan.year_base),
                 CASE WHEN p.stop <= p.expected_after THEN coalesce(paid.upto, 0) END) AS cap_upto,
           least((2 * w.interest_since + loan.year_base) / (2 * loan.year_base),
                 CASE WHEN p.start <= p.expected_after THEN coalesce(paid.since, 0) END) AS cap_since
    FROM worth w
    JOIN period p ON p.batch_id = w.batch_id
    JOIN loan ON loan.id = w.loan_id
    LEFT JOIN paid ON paid.loan_id = w.loan_id AND paid.batch_id = w.batch_id
    OFFSET 0
),
uncapped AS (
    SELECT c.*,
           CASE subsidy_basis WHEN 'interest' THEN (2 * cap_upto * share_millionths + 1000000) / 2000000
               ELSE (2 * base_upto * share_millionths + year_base) / (2 * year_base) END AS upto,
           CASE subsidy_basis WHEN 'interest' THEN (2 * cap_since * share_millionths + 1000000) / 2000000
               ELSE (2 * base_since * share_millionths + year_base) / (2 * year_base) END AS since
    FROM cover c
    OFFSET 0
),
entitled AS (
    SELECT loan_id, batch_id, days, base_fen, is_above_limit, exclusion, is_alive, paid_fen,
           upto - since AS before_fen,
           CASE WHEN subsidy_capped_at_interest THEN least(upto, cap_upto) - least(since, cap_since)
                ELSE upto - since END AS fen
    FROM uncapped
)"""
