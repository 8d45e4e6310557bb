"""One's own sentences for opinions (常用意见)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from loans.models import Phrase
from loans.operations.errors import Blocked, NotAllowed
from loans.queries.work import steps_of
from loans.steps import STEPS
from loans.steps.facts import Problem
from web.clock import day_of

PHRASES_MAX = 50


@transaction.atomic
def keep_phrase(*, step: str, outcome: str, text: str, owner: User, kept_at: datetime) -> Phrase:
    """Keep a sentence for an account. The same sentence twice is one. Raises NotAllowed, Blocked."""
    owner = User.objects.select_for_update().get(pk=owner.pk)
    if step not in steps_of(owner, on=day_of(kept_at)) or outcome not in STEPS[step].rules:
        raise NotAllowed
    if not text.strip():
        raise Blocked([Problem(_("Please fill this in."), "text")])
    mine = Phrase.objects.filter(owner=owner)
    if mine.count() >= PHRASES_MAX:
        raise Blocked([Problem(_("You keep %(number)s phrases: delete one first.") % {"number": PHRASES_MAX})])
    phrase, _created = Phrase.objects.get_or_create(owner=owner, step=step, outcome=outcome, text=text.strip())
    return phrase


@transaction.atomic
def drop_phrase(*, phrase_id: int, owner: User) -> None:
    """Forget a sentence of one's own; one that is not there any more is forgotten already."""
    Phrase.objects.filter(pk=phrase_id, owner=owner).delete()
