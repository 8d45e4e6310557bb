"""What came in on paper and what the books say of it: bank statements, the bank's answers, write-offs, traces."""

from django.utils.translation import gettext_lazy as _

from redcredit.invariants.checking import Invariant

# A booked row of a bank's statement is in the ledger to the fen, under its reference, whatever was reversed later.
STATED_IS_BOOKED = """
    WITH stated AS (
        SELECT loan_id, bank_reference, kind, coalesce(principal, 0) AS principal, coalesce(interest, 0) AS interest,
               coalesce(penalty, 0) AS penalty, row_number
        FROM loans_statementline WHERE outcome = 'booked'
    ),
    booked AS (
        SELECT e.loan_id, e.bank_reference,
               coalesce(sum(e.amount) FILTER (WHERE e.kind = 'principal'), 0) AS principal,
               coalesce(sum(e.amount) FILTER (WHERE e.kind = 'interest'), 0) AS interest,
               coalesce(sum(e.amount) FILTER (WHERE e.kind IN ('penalty', 'compound')), 0) AS penalty,
               bool_and(r.id IS NOT NULL) AS is_reversed
        FROM loans_loanentry e
        LEFT JOIN loans_loanentry r ON r.reverses_id = e.id
        WHERE e.kind IN ('principal', 'interest', 'penalty', 'compound')
          AND (e.loan_id, e.bank_reference) IN (SELECT loan_id, bank_reference FROM stated)
        GROUP BY e.loan_id, e.bank_reference
    )
    SELECT l.contract_number, s.bank_reference, s.kind, s.principal, s.interest, s.penalty,
           b.principal AS booked_principal, b.interest AS booked_interest, b.penalty AS booked_penalty
    FROM stated s
    JOIN loans_loan l ON l.id = s.loan_id
    LEFT JOIN booked b ON b.loan_id = s.loan_id AND b.bank_reference = s.bank_reference
    WHERE b.loan_id IS NULL
       OR (s.kind = 'reversal' AND NOT b.is_reversed)
       OR (s.kind <> 'reversal'
           AND (s.principal, s.interest, s.penalty) <> (b.principal, b.interest, b.penalty))
"""

ANSWERED_AS_READ = """
    SELECT f.id AS file, line.row_number, line.payment_id AS payment, line.bank_reference, r.bank_reference AS booked
    FROM subsidies_returnline line
    JOIN subsidies_returnfile f ON f.id = line.file_id
    LEFT JOIN subsidies_paymentresult r ON r.payment_id = line.payment_id
    LEFT JOIN subsidies_payment p ON p.id = line.payment_id
    WHERE f.state = 'booked'
      AND (r.id IS NULL OR p.batch_id <> f.batch_id OR line.outcome = 'faulty'
           OR (r.is_credited, r.code, r.value_date, r.bank_reference)
              <> (line.is_credited, line.code, line.value_date, line.bank_reference))
"""

WRITTEN_OFF_BY_TWO = """
    SELECT l.contract_number, e.id AS entry, q.id AS proposal, q.state
    FROM (
        SELECT e.* FROM loans_loanentry e
        WHERE e.kind = 'write_off' AND NOT EXISTS (SELECT 1 FROM loans_loanentry r WHERE r.reverses_id = e.id)
    ) AS e
    JOIN loans_loan l ON l.id = e.loan_id
    LEFT JOIN loans_writeoffrequest q ON q.loan_id = e.loan_id AND q.state = 'approved'
        AND q.document_number = e.document_number
    WHERE q.id IS NULL OR q.decider_key = q.proposer_key OR q.value_date <> e.value_date
    UNION ALL
    SELECT l.contract_number, NULL, q.id, q.state
    FROM loans_writeoffrequest q JOIN loans_loan l ON l.id = q.loan_id
    WHERE q.state = 'approved' AND NOT EXISTS (
        SELECT 1 FROM loans_loanentry e
        WHERE e.loan_id = q.loan_id AND e.kind = 'write_off' AND e.document_number = q.document_number
    )
"""

# A change of state that moves money or ends a claim on it has its row in the audit trail.
TRACED = """
    WITH moved AS (
        SELECT 'subsidies.paymentfile' AS kind, f.id, 'changed' AS action
        FROM subsidies_paymentfile f WHERE f.sent_on IS NOT NULL
        UNION ALL
        SELECT 'loans.writeoffrequest', q.id, 'decided' FROM loans_writeoffrequest q WHERE q.state <> 'waiting'
        UNION ALL
        SELECT 'subsidies.returnfile', f.id, 'created' FROM subsidies_returnfile f WHERE f.state = 'booked'
        UNION ALL
        SELECT 'risk.fundstatement', s.id, 'changed' FROM risk_fundstatement s WHERE s.state = 'kept'
    )
    SELECT m.kind, m.id, m.action FROM moved m
    WHERE NOT EXISTS (
        SELECT 1 FROM audit_auditevent a
        WHERE a.subject_type = m.kind AND a.subject_id = m.id::text AND a.action = m.action
    )
"""

PAPERS = (
    Invariant(
        "booked_statement_is_in_the_ledger",
        _("Every booked row of a bank statement stands in the ledger with its amounts."),
        STATED_IS_BOOKED,
    ),
    Invariant(
        "booked_answer_is_its_payments_result",
        _("Every booked answer of the bank is the result of its payment."),
        ANSWERED_AS_READ,
    ),
    Invariant(
        "write_off_was_decided_by_two",
        _("Every write-off was proposed and decided by two people."),
        WRITTEN_OFF_BY_TWO,
    ),
    Invariant(
        "money_papers_have_their_trace",
        _("Everything that was sent, booked or written off has its trace in the audit trail."),
        TRACED,
    ),
)
