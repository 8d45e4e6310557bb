"""Opening warnings each night, once per cause; closing them with what came of it."""

from datetime import datetime
from itertools import islice

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import User
from audit.choices import Action
from audit.operations import record
from organizations.scope import NotAllowed
from risk.models import EarlyWarning
from risk.operations.errors import UnableToBook
from risk.queries.breakers import counties_with_rules
from risk.queries.classes import watch_rule_for
from risk.queries.warnings import causes
from web.clock import day_of

CHUNK = 1000
HANDLERS = (Verb.DISBURSE, Verb.CONSENT, Verb.ASSESS)


def open_warnings(*, at: datetime) -> int:
    """Open what is not open yet. Returns how many are new; run twice, none is."""
    on, before = day_of(at), EarlyWarning.objects.count()
    for county in counties_with_rules():
        rule = watch_rule_for(county.path, on)
        if rule is None:
            continue
        rows = causes(county, rule, on)
        while chunk := list(islice(rows, CHUNK)):
            EarlyWarning.objects.bulk_create(chunk, ignore_conflicts=True)
    return EarlyWarning.objects.count() - before


@transaction.atomic
def close_warning(*, warning_id: int, outcome: str, note: str, closed_by: User, at: datetime) -> EarlyWarning:
    """Say what came of a warning. Raises NotAllowed, UnableToBook (closed before, nothing said)."""
    warning = (
        EarlyWarning.objects.select_for_update(of=("self",)).select_related("loan", "division").get(pk=warning_id)
    )
    closed_by.forget_posts()
    place = warning.loan.place if warning.loan else warning.division.place
    if not any(closed_by.post_covering(verb, place, on=day_of(at)) for verb in HANDLERS):
        raise NotAllowed
    if warning.closed_at is not None:
        raise UnableToBook(_("This warning is closed already."))
    if not note.strip():
        raise UnableToBook(_("Please say what was done."), "note")
    warning.outcome, warning.note = outcome, note.strip()
    warning.closed_by, warning.closed_at = closed_by, at
    warning.save(update_fields=["outcome", "note", "closed_by", "closed_at"])
    record(action=Action.CLOSED, actor=closed_by, at=at, subject=warning, reason=warning.note)
    return warning
