"""What happened to a batch, newest first, for its timeline."""

from django.utils.translation import gettext as _

from subsidies.choices import BatchOutcome
from subsidies.models import SubsidyBatch
from subsidies.queries.batches import decisions_of
from web.layout import Event, Tone

TONES = {
    BatchOutcome.RETURN: Tone.WARN,
    BatchOutcome.VOID: Tone.BAD,
    BatchOutcome.APPROVE: Tone.OK,
    BatchOutcome.PASS: Tone.OK,
}


def history_of(batch: SubsidyBatch) -> list[Event]:
    """Return the decisions, the computation and the opening. At most one query."""
    decisions = reversed(decisions_of(batch))
    events = [
        Event(
            title=_("%(step)s: %(outcome)s")
            % {"step": decision.get_step_display(), "outcome": decision.get_outcome_display()},
            by=" · ".join(filter(None, [str(decision.organization or ""), str(decision.decided_by)])),
            at=decision.decided_at,
            tone=TONES.get(BatchOutcome(decision.outcome), Tone.NEUTRAL),
            quote=decision.reason,
        )
        for decision in decisions
    ]
    if batch.computed_at is not None:
        events.append(Event(title=_("Computed"), at=batch.computed_at, tone=Tone.SYSTEM))
    return [*events, Event(title=_("Opened"), by=str(batch.created_by), at=batch.created_at)]
