"""Promises of help: they count for a case only while it is under way or its loan lives."""

from django.utils.translation import gettext_lazy as _

from redcredit.invariants.checking import Invariant

# A case sent back may ask for another class meanwhile: its promises are looked at again when it is submitted.
COUNTED_WHILE_ALIVE = """
    SELECT a.number, h.id AS promise, h.kind, a.state
    FROM loans_helpcommitment h
    JOIN loans_application a ON a.id = h.application_id
    LEFT JOIN loans_limittier t ON t.id = a.tier_id
    LEFT JOIN loans_loan l ON l.application_id = a.id
    WHERE h.is_live AND NOT (
        a.submitted_at IS NOT NULL
        AND (l.state = 'live' OR (l.id IS NULL AND a.state IN ('open', 'returned')))
        AND (a.state = 'returned'
             OR coalesce(t.helped @> jsonb_build_array(jsonb_build_object('kind', h.kind)), false))
        AND NOT EXISTS (
            SELECT 1 FROM loans_helplapse x WHERE x.application_id = a.id AND x.person_id = h.person_id
        )
    )
"""

PROMISES = (
    Invariant(
        "promise_counts_while_its_case_lives",
        _("A promise of help counts only for a case under way or a live loan whose class rests on it."),
        COUNTED_WHILE_ALIVE,
    ),
)
