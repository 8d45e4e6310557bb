"""All invariants of the house, in the order in which they are asked and shown."""

from redcredit.invariants.assessments import ASSESSMENTS
from redcredit.invariants.batches import BATCHES
from redcredit.invariants.fund import FUND
from redcredit.invariants.lending import LENDING
from redcredit.invariants.papers import PAPERS
from redcredit.invariants.promises import PROMISES

INVARIANTS = (*LENDING, *BATCHES, *FUND, *PAPERS, *PROMISES, *ASSESSMENTS)
