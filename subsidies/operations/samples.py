"""The sample of a review: drawn by a seed that nobody can choose, judged line by line."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, Decimal

from django.db import transaction
from django.db.models import F, Value
from django.db.models.fields import TextField
from django.db.models.functions import MD5, Cast, Concat
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import User
from subsidies.choices import BatchState, BatchStep
from subsidies.models import ApprovalRule, SampledLine, SubsidyBatch, SubsidyLine
from subsidies.operations.entitled import require_another_person, require_county_post
from subsidies.operations.errors import blocked
from subsidies.queries.rules import approval_rule
from web.clock import day_of

SEED_LENGTH = 16


@dataclass(frozen=True)
class Verdict:
    """What the reviewer found about a sampled line."""

    is_right: bool
    note: str = ""


def seed_of(batch: SubsidyBatch) -> str:
    """Return the seed of the draw: it follows from the snapshot, so nobody can draw until the sample suits him."""
    return f"{batch.pk}-{batch.inputs_sha256[:SEED_LENGTH]}"


def sample_size(rule: ApprovalRule, lines: int) -> int:
    """Return how many of so many lines are drawn: the percentage rounded up, at least the minimum, at most all."""
    share = (Decimal(lines) * rule.sample_percent / 100).to_integral_value(ROUND_CEILING)
    return min(lines, max(int(share), rule.sample_min))


@transaction.atomic
def draw_sample(*, batch_id: int, drawn_by: User, drawn_at: datetime) -> list[SampledLine]:
    """Draw the lines to be looked at; drawn once, the same sample comes back.

    Lines are ordered by the MD5 of seed and line number. Raises Blocked, NotAllowed.
    """
    batch = SubsidyBatch.objects.select_for_update(of=("self",)).select_related("programme__division").get(pk=batch_id)
    on = day_of(drawn_at)
    require_county_post(drawn_by, Verb.ASSESS, batch.programme, on=on)
    require_another_person(batch, drawn_by, side=BatchStep.REVIEW)
    drawn = list(batch.sample.all())
    if drawn:
        return drawn
    if batch.state != BatchState.COMPUTED:
        raise blocked(_("Only a computed batch is reviewed."))
    lines = SubsidyLine.objects.filter(batch=batch)
    size = sample_size(approval_rule(programme=batch.programme, on=on), lines.count())
    shuffled = lines.annotate(
        lot=MD5(Concat(Value(f"{seed_of(batch)}|"), Cast(F("pk"), TextField()), output_field=TextField()))
    ).order_by("lot", "pk")
    return SampledLine.objects.bulk_create(
        SampledLine(batch=batch, line_id=line_id, place=place)
        for place, line_id in enumerate(shuffled.values_list("pk", flat=True)[:size], start=1)
    )


@transaction.atomic
def record_verdicts(
    *, batch_id: int, verdicts: Mapping[int, Verdict], recorded_by: User, recorded_at: datetime
) -> None:  # fmt: skip
    """Write what was found about sampled lines, by their place in the sample. Raises Blocked, NotAllowed."""
    batch = SubsidyBatch.objects.select_for_update(of=("self",)).select_related("programme__division").get(pk=batch_id)
    require_county_post(recorded_by, Verb.ASSESS, batch.programme, on=day_of(recorded_at))
    require_another_person(batch, recorded_by, side=BatchStep.REVIEW)
    if batch.state != BatchState.COMPUTED:
        raise blocked(_("Only a computed batch is reviewed."))
    sample = list(batch.sample.filter(place__in=verdicts))
    for line in sample:
        verdict = verdicts[line.place]
        if not verdict.is_right and not verdict.note.strip():
            raise blocked(_("Please write what is wrong with line %(place)s.") % {"place": line.place})
        line.is_right, line.note = verdict.is_right, verdict.note.strip()
    SampledLine.objects.bulk_update(sample, ["is_right", "note"])
