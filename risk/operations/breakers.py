"""Circuit breakers (熔断): measured every night, tripped above the limit, lifted by a decision only."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import User
from accounts.operations import system_user
from audit.choices import Action
from audit.operations import record
from loans.choices import StopMeasure
from loans.models import LendingStop
from loans.operations.errors import Blocked
from loans.operations.stops import impose_stop, lift_stop
from loans.steps.facts import Problem
from organizations.models import Division, Organization
from risk.choices import BreakerLevel
from risk.models import BreakerRule, WatchRule
from risk.operations.errors import UnableToBook
from risk.operations.funds import require_fund_manager
from risk.queries.breakers import Measured, counties_with_rules, level_of, measure, measured_now, rules_in_force
from web.clock import day_of
from web.display import show_percent

SETTERS = (Verb.MANAGE_FUND, Verb.APPROVE_CLAIM)


def run_breakers(*, at: datetime) -> int:
    """Measure every place of every rule in force and stop new lending above the limit. Returns the new stops.

    Standings and categories are those of the last night's work. A place that is stopped already stays as it is, so
    that twice or late is the same.
    """
    new = 0
    for county in counties_with_rules():
        for rule in rules_in_force(county, day_of(at)):
            new += _run_rule(county, rule, at)
    return new


@transaction.atomic
def _run_rule(county: Division, rule: BreakerRule, at: datetime) -> int:
    assert rule.limit_percent is not None  # rules_in_force
    above = [
        one
        for one in measure(county=county, level=rule.level, measure=rule.measure)
        if one.is_above(rule.limit_percent)
    ]
    places = _places(rule.level, above)
    new = 0
    for one in above:
        _stop, is_new = impose_stop(
            measure=rule.measure,
            reason=sentence_of(rule.measure, one, rule.limit_percent),
            imposed_by=system_user(),
            at=at,
            ratio_percent=one.ratio_percent,
            limit_percent=rule.limit_percent,
            **places[one.key],
        )
        new += is_new
    return new


def _places(level: str, measured: Sequence[Measured]) -> dict[str | int, dict[str, Any]]:
    keys = [one.key for one in measured]
    if level == BreakerLevel.OUTLET:
        return {one.pk: {"outlet": one} for one in Organization.objects.filter(pk__in=keys)}
    return {one.path: {"division": one} for one in Division.objects.filter(path__in=keys)}


def sentence_of(measure_code: str, measured: Measured, limit_percent: Decimal) -> str:
    """Return why a place is stopped, as a person reads it."""
    values = {
        "measure": StopMeasure(measure_code).label,
        "ratio": show_percent(measured.ratio_percent),
        "limit": show_percent(limit_percent),
    }
    return _("%(measure)s %(ratio)s, above the limit of %(limit)s.") % values


@transaction.atomic
def lift(*, stop_id: int, reason: str, lifted_by: User, at: datetime) -> LendingStop:
    """Lift a stop by decision. While the place is still above its limit that is not possible: it would trip again.

    Raises NotAllowed of loans, Blocked.
    """
    stop = lift_stop(stop_id=stop_id, reason=reason, lifted_by=lifted_by, at=at)
    measured = measured_now(stop)
    limit = limit_of(stop, day_of(at))
    if measured is not None and limit is not None and measured.is_above(limit):
        raise Blocked([Problem(sentence_of(stop.measure, measured, limit) + _(" It must come down first."), "reason")])
    return stop


def limit_of(stop: LendingStop, on: date) -> Decimal | None:
    """Return the limit in force now for what stopped a place."""
    place = stop.division or (stop.outlet.division if stop.outlet else None)
    assert place is not None
    for county in counties_with_rules():
        if place.path.startswith(county.path):
            for rule in rules_in_force(county, on):
                if (rule.level, rule.measure) == (level_of(stop), stop.measure):
                    return rule.limit_percent
    return None


@transaction.atomic
def set_breaker(
    *,
    division: Division,
    level: str,
    measure: str,
    limit_percent: Decimal | None,
    effective_from: date,
    set_by: User | None,
    at: datetime,
    document_number: str = "",
    is_example: bool = False,
) -> BreakerRule:
    """Set the limit of a level and measure from a day on; None ends it. Raises NotAllowed, UnableToBook."""
    require_fund_manager(set_by, division, at, *SETTERS)
    same = BreakerRule.objects.filter(
        division=division, level=level, measure=measure, effective_from=effective_from
    )  # fmt: skip
    if same.exists():
        raise UnableToBook(_("A limit from this day on is already set."), "effective_from")
    rule = BreakerRule.objects.create(
        division=division,
        level=level,
        measure=measure,
        limit_percent=limit_percent,
        effective_from=effective_from,
        document_number=document_number,
        is_example=is_example,
    )
    record(action=Action.CREATED, actor=set_by, at=at, subject=rule, detail={"limit": ["", str(limit_percent)]})
    return rule


@transaction.atomic
def set_watch(
    *, division: Division, effective_from: date, set_by: User | None, at: datetime, **rule: Any
) -> WatchRule:
    """Say when a county is warned from a day on; `rule` are the columns of WatchRule. Raises as `set_breaker`."""
    require_fund_manager(set_by, division, at, *SETTERS)
    if WatchRule.objects.filter(division=division, effective_from=effective_from).exists():
        raise UnableToBook(_("Warnings from this day on are already set."), "effective_from")
    stored = WatchRule.objects.create(division=division, effective_from=effective_from, **rule)
    record(action=Action.CREATED, actor=set_by, at=at, subject=stored)
    return stored


@transaction.atomic
def store_watch(*, data: Mapping[str, Any], stored_by: User | None, at: datetime) -> None:
    """Store limits and warnings of a county from data shaped like fixtures/risk/*.json; what is there stays."""
    county = Division.objects.get(code=data["county"])
    require_fund_manager(stored_by, county, at, *SETTERS)
    for one in data["breakers"]:
        values = {**one, "limit_percent": Decimal(one["limit_percent"]) if one["limit_percent"] else None}
        values["effective_from"] = date.fromisoformat(one["effective_from"])
        keys = {name: values.pop(name) for name in ("level", "measure", "effective_from")}
        BreakerRule.objects.get_or_create(division=county, **keys, defaults=values)
    for one in data["watch"]:
        values = {**one, "ratio_rise_percent": Decimal(one["ratio_rise_percent"])}
        day = date.fromisoformat(values.pop("effective_from"))
        WatchRule.objects.get_or_create(division=county, effective_from=day, defaults=values)
    record(action=Action.CREATED, actor=stored_by, at=at, subject=county, detail={"risk_rules": []})
