"""The risk-compensation fund: its books, its claims, what came back."""

from django.utils.translation import gettext_lazy as _

from redcredit.invariants.checking import Invariant

MOVED = """
    SELECT t.fund_id, t.id, t.value_date,
           CASE WHEN debit.kind = 'special' THEN t.amount ELSE 0 END
           - CASE WHEN credit.kind = 'special' THEN t.amount ELSE 0 END AS moved
    FROM risk_fundtransfer t
    JOIN risk_fundaccount debit ON debit.id = t.debit_id
    JOIN risk_fundaccount credit ON credit.id = t.credit_id
"""

BALANCE = f"""
    SELECT f.name, f.balance, coalesce(sum(m.moved), 0) AS transfers
    FROM risk_riskfund f LEFT JOIN ({MOVED}) AS m ON m.fund_id = f.id
    GROUP BY f.id HAVING f.balance <> coalesce(sum(m.moved), 0)
"""

NEVER_OVERDRAWN = f"""
    SELECT f.name, d.value_date, d.balance FROM (
        SELECT fund_id, value_date, sum(sum(moved)) OVER (PARTITION BY fund_id ORDER BY value_date) AS balance
        FROM ({MOVED}) AS m GROUP BY fund_id, value_date
    ) AS d JOIN risk_riskfund f ON f.id = d.fund_id WHERE d.balance < 0
"""

OWN_ACCOUNTS = """
    SELECT f.name, t.transfer_key, t.kind, t.amount
    FROM risk_fundtransfer t
    JOIN risk_riskfund f ON f.id = t.fund_id
    JOIN risk_fundaccount debit ON debit.id = t.debit_id
    JOIN risk_fundaccount credit ON credit.id = t.credit_id
    LEFT JOIN risk_claim c ON c.id = t.claim_id
    WHERE debit.fund_id <> t.fund_id OR credit.fund_id <> t.fund_id OR c.fund_id <> t.fund_id
"""

CLAIMS_PAID = """
    SELECT c.number, c.state, c.fund_part, coalesce(t.paid, 0) AS paid, c.recovered, coalesce(t.back, 0) AS back,
           coalesce(r.to_fund, 0) AS recovery_to_fund
    FROM risk_claim c
    LEFT JOIN (
        SELECT claim_id, sum(amount) FILTER (WHERE kind = 'payout') AS paid,
               sum(amount) FILTER (WHERE kind = 'recovery') AS back
        FROM risk_fundtransfer GROUP BY claim_id
    ) AS t ON t.claim_id = c.id
    LEFT JOIN (SELECT claim_id, sum(to_fund) AS to_fund FROM risk_claimrecovery GROUP BY claim_id) AS r
        ON r.claim_id = c.id
    WHERE coalesce(t.paid, 0) <> CASE WHEN c.paid_on IS NULL THEN 0 ELSE c.fund_part END
       OR coalesce(t.back, 0) <> c.recovered OR coalesce(r.to_fund, 0) <> c.recovered
       OR c.recovered > coalesce(t.paid, 0)
"""

CLAIM_SHARES = """
    SELECT c.number, c.round, c.base_amount, coalesce(sum(s.amount), 0) AS shares
    FROM risk_claim c LEFT JOIN risk_claimshare s ON s.claim_id = c.id AND s.round = c.round
    WHERE c.state NOT IN ('to_file', 'returned', 'refused')
    GROUP BY c.id HAVING c.base_amount <> coalesce(sum(s.amount), 0)
"""

RECOVERY_SHARES = """
    SELECT c.number, r.bank_reference, r.to_fund + r.to_lender AS shared, coalesce(sum(s.amount), 0) AS shares
    FROM risk_claimrecovery r
    JOIN risk_claim c ON c.id = r.claim_id
    LEFT JOIN risk_recoveryshare s ON s.recovery_id = r.id
    GROUP BY r.id, c.number HAVING r.to_fund + r.to_lender <> coalesce(sum(s.amount), 0)
"""

CLAIM_CHAINS = """
    SELECT c.number, c.sequence, count(d.id) AS decisions
    FROM risk_claim c LEFT JOIN risk_claimdecision d ON d.claim_id = c.id
    GROUP BY c.id
    HAVING c.sequence <> count(d.id) OR coalesce(max(d.sequence), 0) <> count(d.id)
"""

CLAIM_PERSONS = """
    SELECT c.number, d.person_key, string_agg(DISTINCT d.side, ', ') AS sides
    FROM risk_claimdecision d JOIN risk_claim c ON c.id = d.claim_id
    GROUP BY c.number, d.person_key HAVING count(DISTINCT d.side) > 1
"""

FUND = (
    Invariant("fund_balance_is_its_transfers", _("Every fund's balance is the sum of its transfers."), BALANCE),
    Invariant("fund_was_never_overdrawn", _("No fund was overdrawn at the end of any day."), NEVER_OVERDRAWN),
    Invariant(
        "transfer_stays_in_its_fund", _("Every transfer moves money between accounts of one fund."), OWN_ACCOUNTS
    ),
    Invariant("claim_is_paid_once", _("Every claim was paid what was approved, and got back no more."), CLAIMS_PAID),
    Invariant("claim_shares_add_up", _("The shares of every claim add up to its loss."), CLAIM_SHARES),
    Invariant("recovery_shares_add_up", _("The shares of every recovery add up to what was shared."), RECOVERY_SHARES),
    Invariant("claim_decisions_are_complete", _("The decisions of every claim follow one another."), CLAIM_CHAINS),
    Invariant("claim_deciders_are_different_people", _("Nobody decided on two sides of one claim."), CLAIM_PERSONS),
)
