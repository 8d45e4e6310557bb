"""Everything the harness kills, by name."""

from tests.crash.batch import BATCH, DOUBLING, LOSING
from tests.crash.claim import CLAIM
from tests.crash.payments import PAYMENTS
from tests.crash.statement import STATEMENT

SUBJECTS = {subject.name: subject for subject in (BATCH, PAYMENTS, STATEMENT, CLAIM, DOUBLING, LOSING)}
