"""Schemes: stored from data, copied, edited as drafts, put into force. In force nothing of them changes any more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import User
from assessments.choices import Direction, Formula, SchemeState
from assessments.models import RewardPrize, RewardTier, Scheme, SchemeGroup, SchemeItem
from assessments.operations.errors import AssessmentMoved, UnableToAssess
from assessments.operations.rounds import county_post
from audit.choices import Action
from audit.operations import record
from finance.money import ZERO
from organizations.models import Division
from web.clock import day_of

# What the page of a draft may set; the parts have operations of their own.
SETTINGS = (
    "name", "period_kind", "subject_kind", "document_number", "notice_days", "excellent_from", "good_from",
    "pass_from", "rank_rule", "tie_rule", "stacking_rule", "township_rule", "holder_rule", "commended",
)  # fmt: skip
ITEM_FIELDS = (
    "name", "points", "direction", "measure", "is_share", "formula", "target", "zero_at", "deduction",
    "is_full_without_basis", "is_veto", "note",
)  # fmt: skip
MONEY_PLACES = ("score_min", "amount", "person_amount", "township_amount")


@dataclass(frozen=True)
class Pay:
    """What a scheme pays: tiers as (score from, yuan), prizes as rows of RewardPrize."""

    tiers: tuple[tuple[Decimal, Decimal], ...] = ()
    prizes: tuple[Mapping[str, Any], ...] = ()


@transaction.atomic
def store_scheme(*, data: Mapping[str, Any], county: Division, stored_at: datetime) -> list[Scheme]:
    """Store the schemes of a fixture that the county does not have yet, in force. Amounts and points are texts."""
    stored = []
    for scheme_data in data["schemes"]:
        if Scheme.objects.filter(county=county, code=scheme_data["code"]).exists():
            continue
        settings = {name: scheme_data[name] for name in SETTINGS if name in scheme_data}
        scheme = Scheme.objects.create(
            county=county, code=scheme_data["code"], is_example=data["is_example"], created_at=stored_at, **settings
        )
        for position, group_data in enumerate(scheme_data["groups"], start=1):
            group = SchemeGroup.objects.create(scheme=scheme, position=position, name=group_data["name"])
            SchemeItem.objects.bulk_create(
                SchemeItem(group=group, position=place, **_typed(item))
                for place, item in enumerate(group_data["items"], start=1)
            )
        _write_pay(scheme, _pay_of(scheme_data))
        scheme.state, scheme.published_at = SchemeState.PUBLISHED, stored_at
        scheme.save()
        stored.append(scheme)
    return stored


def _typed(item: Mapping[str, Any]) -> dict[str, Any]:
    numbers = ("points", "target", "zero_at", "deduction")
    return {name: Decimal(value) if name in numbers else value for name, value in item.items()}


def _pay_of(data: Mapping[str, Any]) -> Pay:
    tiers = tuple((Decimal(tier["score_min"]), Decimal(tier["amount"])) for tier in data.get("tiers", ()))
    prizes = tuple(
        {**prize, **{name: Decimal(prize[name]) for name in MONEY_PLACES}} for prize in data.get("prizes", ())
    )
    return Pay(tiers, prizes)


@transaction.atomic
def copy_scheme(*, scheme: Scheme, copied_by: User, at: datetime) -> Scheme:
    """Copy a scheme as the draft of its next version; a draft that waits already is returned. Raises NotAllowed."""
    county = Division.objects.select_for_update(no_key=True).get(pk=scheme.county_id)
    county_post(copied_by, county, on=day_of(at))
    versions = Scheme.objects.filter(county=county, code=scheme.code)
    draft = versions.filter(state=SchemeState.DRAFT).first()
    if draft is not None:
        return draft
    newest = versions.aggregate(newest=Max("version"))["newest"]
    copy = Scheme.objects.create(
        county=county, code=scheme.code, version=newest + 1, copied_from=scheme, is_example=scheme.is_example,
        created_by=copied_by, created_at=at, **{name: getattr(scheme, name) for name in SETTINGS},
    )  # fmt: skip
    for group in scheme.groups.prefetch_related("items"):
        own = SchemeGroup.objects.create(scheme=copy, position=group.position, name=group.name)
        SchemeItem.objects.bulk_create(
            SchemeItem(group=own, position=item.position, **{name: getattr(item, name) for name in ITEM_FIELDS})
            for item in group.items.all()
        )
    _write_pay(copy, pay_of(scheme))
    record(action=Action.CREATED, actor=copied_by, at=at, subject=copy)
    return copy


def pay_of(scheme: Scheme) -> Pay:
    """Return what a scheme pays."""
    prizes = tuple(
        {name: getattr(prize, name) for name in ("level", "places", *MONEY_PLACES)} for prize in scheme.prizes.all()
    )
    return Pay(tuple((tier.score_min, tier.amount) for tier in scheme.tiers.all()), prizes)


@transaction.atomic
def edit_scheme(
    *, scheme_id: int, revision: int, settings: Mapping[str, Any], pay: Pay, edited_by: User, at: datetime
) -> Scheme:
    """Set the frame of a draft and what it pays. Raises NotAllowed, AssessmentMoved, UnableToAssess."""
    scheme = lock_draft(scheme_id, edited_by, at, revision=revision)
    changed = {name: settings[name] for name in SETTINGS if getattr(scheme, name) != settings[name]}
    for name, value in changed.items():
        setattr(scheme, name, value)
    if not scheme.excellent_from >= scheme.good_from >= scheme.pass_from:
        raise UnableToAssess(_("The grades must fall from excellent to qualified."), "good_from")
    _write_pay(scheme, pay)
    return _saved(scheme, changed, edited_by, at)


def _write_pay(scheme: Scheme, pay: Pay) -> None:
    scheme.tiers.all().delete()
    scheme.prizes.all().delete()
    RewardTier.objects.bulk_create(
        RewardTier(scheme=scheme, score_min=score, amount=amount) for score, amount in pay.tiers
    )
    RewardPrize.objects.bulk_create(RewardPrize(scheme=scheme, **prize) for prize in pay.prizes)


def lock_draft(scheme_id: int, user: User, at: datetime, *, revision: int | None = None) -> Scheme:
    """Lock a scheme that may still be changed. Raises NotAllowed, AssessmentMoved, UnableToAssess (in force)."""
    scheme = Scheme.objects.select_for_update(of=("self",)).select_related("county").get(pk=scheme_id)
    county_post(user, scheme.county, on=day_of(at), verb=Verb.ASSESS)
    if not scheme.is_draft:
        raise UnableToAssess(_("A scheme in force does not change; copy it."))
    if revision is not None and scheme.revision != revision:
        raise AssessmentMoved()
    return scheme


def _saved(scheme: Scheme, changed: Mapping[str, Any], by: User, at: datetime) -> Scheme:
    scheme.revision += 1
    scheme.save()
    record(action=Action.CHANGED, actor=by, at=at, subject=scheme, detail={name: [] for name in changed})
    return scheme


@transaction.atomic
def save_item(
    *,
    scheme_id: int,
    item_id: int | None,
    group_name: str,
    fields: Mapping[str, Any],
    saved_by: User,
    at: datetime,
) -> SchemeItem:
    """Add an item to a group of a draft (a new name makes a new group), or change one.

    Raises NotAllowed, UnableToAssess (in force; a formula without what it needs).
    """
    scheme = lock_draft(scheme_id, saved_by, at)
    _require_sense(fields)
    group = _group(scheme, group_name.strip())
    values = {name: fields[name] for name in ITEM_FIELDS}
    if item_id is None:
        item = SchemeItem(group=group, position=_last(group.items) + 1, **values)
    else:
        item = SchemeItem.objects.get(pk=item_id, group__scheme=scheme)
        if item.group_id != group.pk:
            item.group, item.position = group, _last(group.items) + 1
        for name, value in values.items():
            setattr(item, name, value)
    item.save()
    _drop_empty_groups(scheme)
    _saved(scheme, {f"item {item.name}": []}, saved_by, at)
    return item


def _group(scheme: Scheme, name: str) -> SchemeGroup:
    found = scheme.groups.filter(name=name).first()
    return found or SchemeGroup.objects.create(scheme=scheme, name=name, position=_last(scheme.groups) + 1)


def _last(parts: Any) -> int:
    return parts.aggregate(last=Max("position"))["last"] or 0


def _require_sense(fields: Mapping[str, Any]) -> None:
    """A formula has what it needs."""
    formula, higher = fields["formula"], fields["direction"] == Direction.HIGHER
    if formula == Formula.DEDUCTION and fields["deduction"] <= 0:
        raise UnableToAssess(_("Say how many points a unit costs."), "deduction")
    if formula == Formula.PROPORTION and (fields["target"] == fields["zero_at"]):
        raise UnableToAssess(_("Target and zero point must differ."), "zero_at")
    if formula == Formula.PROPORTION and (fields["target"] > fields["zero_at"]) != higher:
        raise UnableToAssess(_("The zero point lies on the wrong side of the target."), "zero_at")


@transaction.atomic
def remove_item(*, item_id: int, removed_by: User, at: datetime) -> Scheme:
    """Take an item out of a draft. Raises NotAllowed, UnableToAssess."""
    item = SchemeItem.objects.select_related("group").get(pk=item_id)
    scheme = lock_draft(item.group.scheme_id, removed_by, at)
    item.delete()
    _drop_empty_groups(scheme)
    return _saved(scheme, {f"item {item.name}": []}, removed_by, at)


def _drop_empty_groups(scheme: Scheme) -> None:
    scheme.groups.filter(items=None).delete()


@transaction.atomic
def publish_scheme(*, scheme_id: int, revision: int, published_by: User, at: datetime) -> Scheme:
    """Put a draft into force. Raises NotAllowed, AssessmentMoved, UnableToAssess (no items, points not 100)."""
    scheme = lock_draft(scheme_id, published_by, at, revision=revision)
    total = points_of_scheme(scheme)
    if total != 100:
        raise UnableToAssess(
            _("The points add up to %(total)s; they must come to 100.") % {"total": total.normalize()}
        )
    scheme.state, scheme.published_by, scheme.published_at = SchemeState.PUBLISHED, published_by, at
    scheme.revision += 1
    scheme.save()
    record(action=Action.PUBLISHED, actor=published_by, at=at, subject=scheme)
    return scheme


def points_of_scheme(scheme: Scheme) -> Decimal:
    points: Sequence[Decimal] = list(
        SchemeItem.objects.filter(group__scheme=scheme).values_list("points", flat=True)
    )  # fmt: skip
    return sum(points, start=ZERO)
