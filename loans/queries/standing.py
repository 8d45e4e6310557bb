"""Which decisions of a case still stand: a return undoes those after its target, a recall the one before it."""

from loans.flow import ROUTES
from loans.models import Application, ApplicationDecision
from loans.queries.recalls import effective
from workflow.engine import Effect


def standing_decisions(case: Application) -> list[ApplicationDecision]:
    """Return the decisions that no later return or recall undid, oldest first, without the returns themselves.

    Asks nothing of the database when decisions and steps of the version are read already.
    """
    order = case.version.step_codes
    standing: list[ApplicationDecision] = []
    for decision in sorted(effective(case.decisions.all()), key=lambda decision: decision.sequence):
        if ROUTES[decision.step, decision.outcome].effect is Effect.BACK:
            kept = order[: order.index(decision.target)]
            standing = [earlier for earlier in standing if earlier.step in kept]
        else:
            standing.append(decision)
    return standing
