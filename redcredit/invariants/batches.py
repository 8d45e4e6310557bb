"""Subsidy batches: their snapshot, their lines, what they cost the budgets, and what was paid on them."""

from django.utils.translation import gettext_lazy as _

from redcredit.invariants.checking import Invariant
from subsidies.operations.entitled import MAKING, SIDES
from subsidies.queries.entitled_sql import ENTITLED, TERMS

CLOSED = "('approved', 'paying', 'reconciled')"

# The very hash that the batch was closed with, from the rows as they are now.
HASHES = f"""
    WITH chunk AS (
        SELECT c.batch_id, c.first_loan_id, c.sha256,
               encode(sha256(convert_to(coalesce(string_agg(
                   concat_ws('|', s.loan_id, s.start, s."end", s.balance_fen, s.base_fen, s.rate_millionths,
                             s.exclusion), E'\\n' ORDER BY s.loan_id, s.start), ''), 'UTF8')), 'hex') AS found
        FROM subsidies_batchchunk c
        JOIN subsidies_subsidybatch b ON b.id = c.batch_id
        LEFT JOIN subsidies_inputsegment s
            ON s.batch_id = c.batch_id AND s.loan_id BETWEEN c.first_loan_id AND c.last_loan_id
        WHERE b.state IN {CLOSED}
        GROUP BY c.id
    )
    SELECT b.id AS batch, b.last_day, min(c.first_loan_id) FILTER (WHERE c.sha256 <> c.found) AS chunk_from_loan
    FROM subsidies_subsidybatch b LEFT JOIN chunk c ON c.batch_id = b.id
    WHERE b.state IN {CLOSED}
    GROUP BY b.id
    HAVING bool_or(c.sha256 <> c.found) OR b.inputs_sha256 <> encode(sha256(convert_to(
        coalesce(string_agg(c.found, E'\\n' ORDER BY c.first_loan_id), ''), 'UTF8')), 'hex')
"""

ORDINARY_ONCE = """
    SELECT l.contract_number, x.batch_id AS batch, x.first_day, x.last_day, x.before AS earlier_until
    FROM (
        SELECT id, loan_id, batch_id, first_day, last_day,
               lag(last_day) OVER (PARTITION BY loan_id ORDER BY last_day, id) AS before
        FROM subsidies_subsidyline WHERE kind = 'ordinary'
    ) AS x JOIN loans_loan l ON l.id = x.loan_id
    WHERE x.first_day <= x.before
"""

OF_ITS_PERIOD = """
    SELECT l.contract_number, line.id AS line, line.kind, line.first_day, line.last_day
    FROM subsidies_subsidyline line
    JOIN subsidies_subsidybatch batch ON batch.id = line.batch_id
    JOIN loans_loan l ON l.id = line.loan_id
    JOIN loans_application a ON a.id = l.application_id
    JOIN loans_subsidybudget budget ON budget.id = line.budget_id
    LEFT JOIN subsidies_subsidybatch period ON period.programme_id = batch.programme_id
        AND period.first_day = line.first_day AND period.last_day = line.last_day AND period.state <> 'void'
    LEFT JOIN subsidies_subsidyline old ON old.id = line.corrects_id
    WHERE period.id IS NULL OR line.last_day > batch.last_day OR line.budget_id <> a.budget_id
       OR budget.version_id <> l.version_id
       OR (line.kind = 'difference' AND (old.loan_id, old.last_day, old.kind)
           <> (line.loan_id, line.last_day, 'ordinary'))
"""

# What all lines of a loan must come to: the entitlement, reckoned anew on the newest closed batch's snapshot, from the
# first closed period's first day to the last one's end.
LINES_ADD_UP = f"""
    WITH newest AS (
        SELECT DISTINCT ON (b.programme_id) b.id, b.programme_id, b.known_at, b.last_day + 1 AS stop,
               min(b.first_day) OVER (PARTITION BY b.programme_id) AS start
        FROM subsidies_subsidybatch b WHERE b.state IN {CLOSED} ORDER BY b.programme_id, b.last_day DESC
    ),
    period AS (
        SELECT id AS batch_id, id AS snapshot_id, start, stop, date 'infinity' AS expected_after FROM newest
    ),
    loan AS (
        SELECT {TERMS}, n.id AS batch_id, n.known_at
        FROM loans_loan l
        JOIN loans_programmeversion v ON v.id = l.version_id
        JOIN newest n ON n.programme_id = v.programme_id
    ),
    segment AS (SELECT * FROM subsidies_inputsegment WHERE batch_id IN (SELECT id FROM newest)),
    -- MATERIALIZED: looked up in memory, not one by one in the table.
    reversed AS MATERIALIZED (SELECT reverses_id, recorded_at FROM loans_loanentry WHERE reverses_id IS NOT NULL),
    known AS MATERIALIZED (
        SELECT loan.batch_id, e.loan_id, e.value_date, e.amount
        FROM loans_loanentry e
        JOIN loan ON loan.id = e.loan_id
        WHERE e.kind = 'interest' AND e.recorded_at <= loan.known_at
          AND NOT EXISTS (SELECT FROM reversed r WHERE r.reverses_id = e.id AND r.recorded_at <= loan.known_at)
    ),
    {ENTITLED},
    given AS (
        SELECT n.id AS batch_id, line.loan_id, sum(line.amount) * 100 AS fen
        FROM subsidies_subsidyline line
        JOIN subsidies_subsidybatch b ON b.id = line.batch_id AND b.state IN {CLOSED}
        JOIN newest n ON n.programme_id = b.programme_id
        GROUP BY n.id, line.loan_id
    )
    SELECT l.contract_number, coalesce(e.fen, 0) / 100.0 AS entitled, coalesce(given.fen, 0) / 100 AS lines
    FROM entitled e FULL JOIN given ON given.batch_id = e.batch_id AND given.loan_id = e.loan_id
    JOIN loans_loan l ON l.id = coalesce(e.loan_id, given.loan_id)
    WHERE coalesce(e.fen, 0) <> coalesce(given.fen, 0)
"""

DUE = """
    SELECT v.code AS version, b.year, b.due, coalesce(p.ordered, 0) - coalesce(p.given_up, 0) - coalesce(c.back, 0)
               AS payments, b.paid, coalesce(p.credited, 0) - coalesce(c.back, 0) AS credited
    FROM loans_subsidybudget b
    JOIN loans_programmeversion v ON v.id = b.version_id
    LEFT JOIN (
        SELECT budget_id, sum(amount) FILTER (WHERE reissues_id IS NULL) AS ordered,
               sum(amount) FILTER (WHERE state = 'given_up') AS given_up,
               sum(amount) FILTER (WHERE state = 'credited') AS credited
        FROM subsidies_payment GROUP BY budget_id
    ) AS p ON p.budget_id = b.id
    LEFT JOIN (
        SELECT claim.budget_id, sum(e.amount) AS back
        FROM subsidies_clawbackentry e JOIN subsidies_clawback claim ON claim.id = e.clawback_id
        GROUP BY claim.budget_id
    ) AS c ON c.budget_id = b.id
    WHERE b.due <> coalesce(p.ordered, 0) - coalesce(p.given_up, 0) - coalesce(c.back, 0)
       OR b.paid <> coalesce(p.credited, 0) - coalesce(c.back, 0)
"""

PAID_AS_DUE = f"""
    WITH net AS (
        SELECT line.batch_id, line.loan_id, line.budget_id, sum(line.amount) AS amount
        FROM subsidies_subsidyline line JOIN subsidies_subsidybatch b ON b.id = line.batch_id
        WHERE b.state IN {CLOSED} GROUP BY line.batch_id, line.loan_id, line.budget_id
    ),
    ordered AS (
        SELECT batch_id, loan_id, budget_id, sum(amount) AS amount FROM (
            SELECT batch_id, loan_id, budget_id, amount FROM subsidies_payment WHERE reissues_id IS NULL
            UNION ALL SELECT batch_id, loan_id, budget_id, -amount FROM subsidies_clawback
        ) AS row GROUP BY batch_id, loan_id, budget_id
    )
    SELECT l.contract_number, b.last_day, coalesce(net.amount, 0) AS lines, coalesce(ordered.amount, 0) AS payments
    FROM net FULL JOIN ordered USING (batch_id, loan_id, budget_id)
    JOIN subsidies_subsidybatch b ON b.id = batch_id
    JOIN loans_loan l ON l.id = loan_id
    WHERE coalesce(net.amount, 0) <> coalesce(ordered.amount, 0)
"""

# Of a payment and those that stand for it, one at most is on its way or has arrived.
PAID_ONCE = """
    SELECT l.contract_number, p.batch_id AS batch,
           count(*) FILTER (WHERE p.state IN ('planned', 'sent', 'credited')) AS live,
           sum(p.amount) FILTER (WHERE p.state = 'credited') AS credited, max(p.amount) AS due
    FROM subsidies_payment p JOIN loans_loan l ON l.id = p.loan_id
    GROUP BY l.id, p.batch_id, p.budget_id
    HAVING count(*) FILTER (WHERE p.state IN ('planned', 'sent', 'credited')) > 1
        OR min(p.amount) <> max(p.amount) OR count(*) FILTER (WHERE p.reissues_id IS NULL) > 1
"""

ANSWERED = """
    SELECT p.id AS payment, p.state, r.is_credited, b.state AS batch_state
    FROM subsidies_payment p
    JOIN subsidies_subsidybatch b ON b.id = p.batch_id
    LEFT JOIN subsidies_paymentresult r ON r.payment_id = p.id
    LEFT JOIN subsidies_payment old ON old.id = p.reissues_id
    WHERE (p.state = 'credited' AND r.is_credited IS NOT TRUE)
       OR (p.state = 'returned' AND r.is_credited IS NOT FALSE)
       OR (p.state IN ('planned', 'sent') AND (r.id IS NOT NULL OR b.state = 'reconciled'))
       OR (p.state = 'given_up' AND r.is_credited)
       OR (old.id IS NOT NULL AND (old.state <> 'returned' OR (old.batch_id, old.loan_id, old.budget_id, old.amount)
           <> (p.batch_id, p.loan_id, p.budget_id, p.amount)))
"""

FILES = """
    SELECT f.number, f.payments_count, count(p.id) AS payments, f.amount, coalesce(sum(p.amount), 0) AS total
    FROM subsidies_paymentfile f LEFT JOIN subsidies_payment p ON p.file_id = f.id
    GROUP BY f.id HAVING f.payments_count <> count(p.id) OR f.amount <> coalesce(sum(p.amount), 0)
"""

TAKEN_BACK = """
    SELECT l.contract_number, c.amount, c.state, coalesce(sum(e.amount), 0) AS back
    FROM subsidies_clawback c
    JOIN loans_loan l ON l.id = c.loan_id
    LEFT JOIN subsidies_clawbackentry e ON e.clawback_id = c.id
    GROUP BY c.id, l.id
    HAVING coalesce(sum(e.amount), 0) > c.amount OR (c.state = 'done') <> (coalesce(sum(e.amount), 0) = c.amount)
"""

_SIDES = ", ".join(f"('{step}', '{side}')" for step, side in SIDES.items())
# Approval needs another step each time it is reached; a closed batch was reviewed, on notice, approved.
BATCH_DECISIONS = f"""
    WITH told AS (
        SELECT d.batch_id, d.sequence, d.step, d.outcome, d.round, d.decided_at,
               row_number() OVER story AS place, lag(d.decided_at) OVER story AS before,
               max(d.round) OVER (PARTITION BY d.batch_id) AS last_round
        FROM subsidies_batchdecision d WINDOW story AS (PARTITION BY d.batch_id ORDER BY d.sequence)
    )
    SELECT b.id AS batch, b.last_day, b.state, t.sequence, t.step, t.outcome
    FROM told t JOIN subsidies_subsidybatch b ON b.id = t.batch_id
    WHERE t.sequence <> t.place OR t.decided_at < t.before
    UNION ALL
    SELECT b.id, b.last_day, b.state, NULL, NULL, NULL
    FROM subsidies_subsidybatch b
    LEFT JOIN told t ON t.batch_id = b.id AND t.round = t.last_round
    WHERE b.state IN {CLOSED}
    GROUP BY b.id
    HAVING count(*) FILTER (WHERE (t.step, t.outcome) = ('review', 'pass')) <> 1
        OR count(*) FILTER (WHERE (t.step, t.outcome) = ('notice', 'publish')) <> 1
        OR count(*) FILTER (WHERE (t.step, t.outcome) = ('notice', 'pass')) <> 1
        OR count(*) FILTER (WHERE (t.step, t.outcome) = ('approval', 'approve')) <> 1
        OR b.is_estimate
"""

BATCH_PERSONS = f"""
    WITH side (step, name) AS (VALUES {_SIDES}),
    hand AS (
        SELECT d.batch_id, d.person_key, side.name FROM subsidies_batchdecision d JOIN side ON side.step = d.step
        UNION
        SELECT b.id, CASE WHEN u.person_id IS NULL THEN 'user:' || u.id ELSE 'person:' || u.person_id END, '{MAKING}'
        FROM subsidies_subsidybatch b JOIN accounts_user u ON u.id = b.created_by_id
    )
    SELECT batch_id AS batch, person_key, string_agg(name, ', ') AS sides
    FROM hand GROUP BY batch_id, person_key HAVING count(*) > 1
"""

BATCHES = (
    Invariant(
        "snapshot_is_as_it_was", _("The snapshot of every closed batch is the one it was computed from."), HASHES
    ),
    Invariant("loan_has_one_line_for_a_day", _("No loan has two ordinary lines for the same day."), ORDINARY_ONCE),
    Invariant(
        "line_is_of_its_period",
        _("Every line is of a period, a loan and a budget that belong together."),
        OF_ITS_PERIOD,
    ),
    Invariant(
        "lines_add_up_to_entitlement", _("All closed lines of a loan add up to what it is entitled to."), LINES_ADD_UP
    ),
    Invariant("payments_are_the_lines", _("Every closed batch orders exactly what its lines come to."), PAID_AS_DUE),
    Invariant("loan_is_paid_once", _("No loan is paid twice by one batch."), PAID_ONCE),
    Invariant("budget_is_what_payments_say", _("Every budget's due and paid are the sums of its payments."), DUE),
    Invariant("payment_is_as_the_bank_answered", _("Every payment stands as the bank answered."), ANSWERED),
    Invariant("file_is_what_it_holds", _("Every payment file says how much it holds."), FILES),
    Invariant("clawback_takes_back_what_it_says", _("No more is taken back than was paid too much."), TAKEN_BACK),
    Invariant(
        "batch_was_decided_in_order", _("Every closed batch was reviewed, on notice and approved."), BATCH_DECISIONS
    ),
    Invariant("batch_deciders_are_different_people", _("Nobody decided on two sides of one batch."), BATCH_PERSONS),
)
