"""Loans and their ledger, what cases hold of quota and budget, and the chains of decisions."""

from django.utils.translation import gettext_lazy as _

from loans.choices import LoanState, Outcome, StepCode
from loans.flow import ROUTES
from redcredit.invariants.checking import Invariant
from workflow.engine import Effect

# Entries that move principal and count: not reversed.
EFFECTIVE = """
    SELECT e.loan_id, e.kind, e.value_date,
           CASE WHEN e.kind IN ('disbursement', 'tranche') THEN e.amount ELSE -e.amount END AS moved
    FROM loans_loanentry e
    WHERE e.kind IN ('disbursement', 'tranche', 'principal', 'write_off')
      AND NOT EXISTS (SELECT FROM loans_loanentry r WHERE r.reverses_id IS NOT NULL AND r.reverses_id = e.id)
"""

NEVER_NEGATIVE = f"""
    SELECT DISTINCT l.contract_number, d.value_date, d.balance FROM (
        SELECT loan_id, value_date, sum(moved) OVER (PARTITION BY loan_id ORDER BY value_date) AS balance
        FROM ({EFFECTIVE}) AS entry
    ) AS d JOIN loans_loan l ON l.id = d.loan_id WHERE d.balance < 0
"""

STATE_FOLLOWS = f"""
    SELECT l.contract_number, l.state, coalesce(b.balance, 0) AS outstanding
    FROM loans_loan l
    LEFT JOIN (SELECT loan_id, sum(moved) AS balance FROM ({EFFECTIVE}) AS entry GROUP BY loan_id) AS b
        ON b.loan_id = l.id
    WHERE (l.state = '{LoanState.LIVE.value}') <> (coalesce(b.balance, 0) > 0)
"""

PAID_OUT_ONCE = """
    SELECT l.contract_number, count(e.id) AS disbursements
    FROM loans_loan l LEFT JOIN loans_loanentry e ON e.loan_id = l.id AND e.kind = 'disbursement'
    GROUP BY l.id HAVING count(e.id) <> 1 OR min(e.value_date) <> l.start_date
"""

AS_GRANTED = f"""
    SELECT l.contract_number, l.principal, a.amount_granted, p.paid_out
    FROM loans_loan l
    JOIN loans_application a ON a.id = l.application_id
    LEFT JOIN (
        SELECT loan_id, sum(moved) AS paid_out FROM ({EFFECTIVE}) AS entry
        WHERE kind IN ('disbursement', 'tranche') GROUP BY loan_id
    ) AS p ON p.loan_id = l.id
    WHERE l.principal <> a.amount_granted OR p.paid_out > l.principal
"""

REVERSALS = """
    SELECT l.contract_number, r.id AS reversal, e.id AS entry, e.kind
    FROM loans_loanentry r
    JOIN loans_loanentry e ON e.id = r.reverses_id
    JOIN loans_loan l ON l.id = r.loan_id
    WHERE r.reverses_id IS NOT NULL
      AND (r.loan_id <> e.loan_id OR e.kind IN ('reversal', 'disbursement') OR r.recorded_at < e.recorded_at)
"""

QUOTAS = """
    SELECT v.code AS version, d.code AS township, q.year, q.total, q.used, coalesce(h.held, 0) AS held
    FROM loans_quota q
    JOIN loans_programmeversion v ON v.id = q.version_id
    JOIN organizations_division d ON d.id = q.township_id
    LEFT JOIN (SELECT quota_id, sum(quota_amount) AS held FROM loans_application GROUP BY quota_id) AS h
        ON h.quota_id = q.id
    WHERE q.used <> coalesce(h.held, 0) OR q.used > q.total
"""

RESERVED = """
    SELECT v.code AS version, b.year, b.appropriated, b.reserved, coalesce(h.held, 0) AS held
    FROM loans_subsidybudget b
    JOIN loans_programmeversion v ON v.id = b.version_id
    LEFT JOIN (SELECT budget_id, sum(subsidy_reserved) AS held FROM loans_application GROUP BY budget_id) AS h
        ON h.budget_id = b.id
    WHERE b.reserved <> coalesce(h.held, 0) OR b.reserved > b.appropriated
"""

DEAD_HOLD_NOTHING = """
    SELECT number, state, quota_amount, subsidy_reserved FROM loans_application
    WHERE state IN ('draft', 'rejected', 'declined', 'withdrawn') AND (quota_amount > 0 OR subsidy_reserved > 0)
"""


def _routes() -> str:
    """The table of loans.flow as rows: step, outcome, effect, the state it ends in."""
    rows = (
        f"('{StepCode(step).value}', '{Outcome(outcome).value}', '{route.effect.value}', "
        f"'{route.end_state.value if route.end_state else ''}')"
        for (step, outcome), route in ROUTES.items()
    )
    return "VALUES " + ", ".join(rows)


# Each decision says where its case goes on; the next decision, or the case itself, must stand there. What was taken
# back, and the taking back, are left out of the chain: together they move nothing.
CHAINS = f"""
    WITH route (step, outcome, effect, end_state) AS ({_routes()}),
    chain AS (
        SELECT version_id, code, position,
               lead(code) OVER along AS following, min(position) OVER (PARTITION BY version_id) AS first
        FROM loans_versionstep WINDOW along AS (PARTITION BY version_id ORDER BY position)
    ),
    told AS (
        SELECT d.application_id, d.sequence, d.step, d.outcome, d.round, d.decided_at, r.effect,
               CASE r.effect WHEN '{Effect.BACK.value}' THEN d.target
                    WHEN '{Effect.FORWARD.value}' THEN coalesce(c.following, d.step)
                    WHEN '{Effect.RESUME.value}' THEN coalesce(c.following, d.step)
                    ELSE d.step END AS to_step,
               CASE r.effect WHEN '{Effect.END.value}' THEN r.end_state
                    WHEN '{Effect.REST.value}' THEN 'lent'
                    WHEN '{Effect.BACK.value}' THEN CASE WHEN t.position = t.first THEN 'returned' ELSE 'open' END
                    WHEN '{Effect.STAY.value}' THEN 'open'
                    ELSE CASE WHEN c.following IS NULL THEN 'closed' ELSE 'open' END END AS to_state,
               d.round + CASE r.effect WHEN '{Effect.BACK.value}' THEN 1 ELSE 0 END AS to_round,
               r.effect IS NULL OR (r.effect = '{Effect.BACK.value}' AND t.position IS NULL) AS is_unknown
        FROM loans_applicationdecision d
        JOIN loans_application a ON a.id = d.application_id
        LEFT JOIN route r ON r.step = d.step AND r.outcome = d.outcome
        LEFT JOIN chain c ON c.version_id = a.version_id AND c.code = d.step
        LEFT JOIN chain t ON t.version_id = a.version_id AND t.code = d.target
        WHERE d.recalls_id IS NULL
          AND NOT EXISTS (SELECT 1 FROM loans_applicationdecision r WHERE r.recalls_id = d.id)
    ),
    link AS (
        SELECT told.*, lag(to_step) OVER story AS at_step, lag(to_state) OVER story AS at_state,
               lag(to_round) OVER story AS at_round, lag(decided_at) OVER story AS before,
               lead(sequence) OVER story IS NULL AS is_last
        FROM told WINDOW story AS (PARTITION BY application_id ORDER BY sequence)
    )
    SELECT a.number, k.sequence, k.step, k.outcome, k.decided_at
    FROM link k
    JOIN loans_application a ON a.id = k.application_id
    LEFT JOIN chain f ON f.version_id = a.version_id AND f.position = f.first
    WHERE k.is_unknown
       OR k.step <> coalesce(k.at_step, f.code) OR k.round <> coalesce(k.at_round, 1) OR k.decided_at < k.before
       OR k.at_state IN ('closed', 'rejected', 'declined', 'withdrawn')
       OR (coalesce(k.at_state, 'draft') = 'lent') <> (k.effect = '{Effect.RESUME.value}')
       OR (k.is_last AND (a.step, a.state, a.round) <> (k.to_step, k.to_state, k.to_round))
    UNION ALL
    SELECT a.number, count(*), a.step, a.state, NULL
    FROM loans_application a JOIN loans_applicationdecision d ON d.application_id = a.id
    GROUP BY a.id HAVING min(d.sequence) <> 1 OR max(d.sequence) <> count(*) OR a.sequence <> count(*)
    UNION ALL
    SELECT a.number, 0, a.step, a.state, NULL FROM loans_application a
    WHERE (a.state <> 'draft' OR a.sequence <> 0)
      AND NOT EXISTS (SELECT 1 FROM loans_applicationdecision d WHERE d.application_id = a.id)
"""

# Only the last decision is taken back, by who made it, within ten minutes.
RECALLS = """
    SELECT a.number, r.sequence, r.step, r.decided_at
    FROM loans_applicationdecision r
    JOIN loans_applicationdecision d ON d.id = r.recalls_id
    JOIN loans_application a ON a.id = r.application_id
    WHERE d.application_id <> r.application_id OR d.decided_by_id <> r.decided_by_id OR d.sequence + 1 <> r.sequence
       OR (r.step, r.round, r.side) <> (d.step, d.round, d.side) OR d.recalls_id IS NOT NULL
       OR NOT r.decided_at BETWEEN d.decided_at AND d.decided_at + interval '10 minutes'
"""

# A case says under which number it was filed; the filing lists it, and lists no more than was asked for.
FILED = """
    SELECT a.number, a.filing_number, i.amount, a.amount_asked
    FROM loans_application a
    LEFT JOIN loans_committeefiling f ON f.number = a.filing_number
    LEFT JOIN loans_filingitem i ON i.filing_id = f.id AND i.application_id = a.id
    WHERE a.filing_number <> '' AND (i.id IS NULL OR i.amount <> a.amount_asked)
"""

PERSONS = """
    SELECT a.number, d.person_key, d.one_side, d.other_side
    FROM (
        SELECT application_id, person_key, min(side) AS one_side, max(side) AS other_side
        FROM loans_applicationdecision
        WHERE decided_by_id NOT IN (SELECT id FROM accounts_user WHERE is_system)
        GROUP BY application_id, person_key HAVING min(side) <> max(side)
    ) AS d JOIN loans_application a ON a.id = d.application_id
"""

LENDING = (
    Invariant(
        "loan_never_owes_less_than_nothing", _("No loan was ever repaid beyond what was paid out."), NEVER_NEGATIVE
    ),
    Invariant(
        "loan_state_follows_ledger", _("A loan is settled or written off exactly when nothing is owed."), STATE_FOLLOWS
    ),
    Invariant("loan_is_paid_out_once", _("Every loan was paid out once, on its first day."), PAID_OUT_ONCE),
    Invariant("loan_pays_out_what_was_granted", _("No loan paid out more than was granted."), AS_GRANTED),
    Invariant("reversal_undoes_one_entry", _("Every reversal undoes one entry of its own loan."), REVERSALS),
    Invariant(
        "quota_is_what_filings_hold", _("Every quota used is the sum of its filings, within its total."), QUOTAS
    ),
    Invariant(
        "reserved_is_what_cases_hold",
        _("Every budget has reserved what its cases hold, within its appropriation."),
        RESERVED,
    ),
    Invariant(
        "ended_case_holds_nothing",
        _("A case that came to nothing holds neither quota nor subsidy."),
        DEAD_HOLD_NOTHING,
    ),
    Invariant(
        "decisions_follow_the_rules", _("Every case stands where its decisions led, each of them allowed."), CHAINS
    ),
    Invariant("filed_cases_stand_in_their_filing", _("Every filed case stands in the list of its filing."), FILED),
    Invariant(
        "recalls_undo_the_last_decision",
        _("Whatever was taken back was the last decision on its case, by the same person, within ten minutes."),
        RECALLS,
    ),
    Invariant("deciders_are_different_people", _("Nobody decided on two sides of one case."), PERSONS),
)
