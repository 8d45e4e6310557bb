"""Sheets, appeals and consequences. A sheet is written once; a correction is the next version of its level."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import Post, User
from assessments.choices import AppealOutcome, CampaignState, Level, SubjectKind
from assessments.flow import ANSWERING, CHAIRS, STATE_OF_LEVEL
from assessments.models import (
    Appeal,
    AppealDecision,
    Campaign,
    Consequence,
    SchemeItem,
    ScoreRecord,
    ScoreSheet,
    Subject,
)
from assessments.operations.errors import AssessmentMoved, UnableToAssess
from assessments.operations.rounds import county_post
from assessments.queries.rounds import items_of, latest_of, measured_of, rule_of
from assessments.rules import Value, misses_veto, points_of, score_of
from files.models import Attachment
from files.operations import Prepared, store
from organizations.scope import NotAllowed, scope_of
from web.clock import day_of


@dataclass(frozen=True)
class Entry:
    """What a level enters for an item. `reason` says why it differs from the level before, or on what it rests."""

    value: Value
    reason: str = ""
    evidence: Prepared | None = None


@transaction.atomic
def score_subject(
    *,
    subject_id: int,
    level: str,
    revision: int,
    entries: Mapping[int, Entry],
    request_id: UUID,
    scored_by: User,
    at: datetime,
    opinion: str = "",
) -> ScoreSheet:
    """Write a level's sheet. `entries` by the item's key; counted items are not entered. One sheet a request.

    Raises NotAllowed (no such post, or the person may not score this one), AssessmentMoved, UnableToAssess (an item
    left out, a value that differs without a reason), files.operations.UnableToStore.
    """
    on = day_of(at)
    subject = lock_subject(subject_id)
    known = ScoreSheet.objects.filter(request_id=request_id).first()
    if known is not None:
        return known
    scored_by.forget_posts()
    post = post_for(subject, level, scored_by, on=on)
    if post is None:
        raise NotAllowed
    sentence = reason_against(subject, level, scored_by)
    if sentence:
        raise NotAllowed(sentence)
    if subject.revision != revision or subject.campaign.state != STATE_OF_LEVEL[level]:
        raise _moved(subject)
    records = _records(subject, level, entries, by=scored_by, at=at)
    return _write(
        subject, level, records, request_id=request_id, by=scored_by, post=post, at=at, opinion=opinion
    )  # fmt: skip


def lock_subject(subject_id: int) -> Subject:
    """Lock a subject and keep its round from moving meanwhile."""
    subject = Subject.objects.select_for_update(of=("self",)).get(pk=subject_id)
    campaigns = Campaign.objects.select_for_update(of=("self",), no_key=True).select_related("scheme", "county")
    subject.campaign = campaigns.get(pk=subject.campaign_id)
    return subject


def _moved(subject: Subject) -> AssessmentMoved:
    last = subject.sheets.select_related("scored_by").order_by("-pk").first()
    if last is None:
        return AssessmentMoved()
    return AssessmentMoved(by=last.scored_by.name, what=last.get_level_display(), at=last.scored_at)


def post_for(subject: Subject, level: str, user: User, *, on: date) -> Post | None:
    """Return the post by which an account scores a subject at a level, or None."""
    kind = subject.campaign.scheme.subject_kind
    chair = CHAIRS[kind].get(level)
    if chair is None or (kind == SubjectKind.MANAGER and level == Level.SELF and subject.user_id != user.pk):
        return None
    for post in user.posts_for(*chair.verbs, on=on):
        is_own = not chair.is_own or post.organization_id == subject.organization_id
        if is_own and scope_of(post.organization).covers(subject.place):
            return post
    return None


def reason_against(subject: Subject, level: str, user: User) -> str:
    """Return why this person may not score a subject at a level though his post would allow it; "" when he may."""
    if subject.sheets.filter(person_key=user.person_key).exclude(level=level).exists():
        return _("You have already scored this one at another level; somebody else must do it here.")
    if level == Level.SELF:
        return ""
    own = Q(user=user) if user.person_id is None else Q(user=user) | Q(user__person=user.person_id)
    roles = ANSWERING[subject.campaign.scheme.subject_kind]
    posts = Post.objects.overlapping(subject.campaign.first_day, None)
    if posts.filter(own, organization=subject.organization_id, role__in=roles).exists():
        return _("You hold or held a post in the organization assessed; somebody else must score it.")
    assessed = subject.user
    if assessed is not None and assessed.person_key == user.person_key:
        return _("Nobody scores himself but in the self-assessment.")
    return ""


def _records(
    subject: Subject, level: str, entries: Mapping[int, Entry], *, by: User, at: datetime
) -> list[ScoreRecord]:
    """Return the records of a sheet, not saved: counted items from the snapshot, the others as entered."""
    measured = measured_of(subject)
    before = _level_before(subject, level)
    records = []
    for item in items_of(subject.campaign.scheme_id):
        if item.measure:
            records.append(_record(item, measured[item.pk]))
            continue
        entry = entries.get(item.pk)
        if entry is None:
            raise UnableToAssess(_("Please fill in every item."), f"value_{item.pk}")
        _require_grounds(item, entry, before.get(item.pk), level)
        evidence = store(prepared=entry.evidence, by=by, at=at) if entry.evidence else None
        records.append(_record(item, entry.value, reason=entry.reason, evidence=evidence))
    return records


def _level_before(subject: Subject, level: str) -> dict[int, ScoreRecord]:
    """Return the records of the nearest level before, by item."""
    sheets = latest_of(subject.sheets.all())
    levels = list(Level)
    for earlier in reversed(levels[: levels.index(Level(level))]):
        if earlier in sheets:
            return {record.item_id: record for record in sheets[earlier].records.all()}
    return {}


def _require_grounds(item: SchemeItem, entry: Entry, before: ScoreRecord | None, level: str) -> None:
    value, names = entry.value, {"item": item.name}
    if value.numerator < 0 or value.denominator < 0 or (item.is_share and value.numerator > value.denominator):
        raise UnableToAssess(_("The value of “%(item)s” is not possible.") % names, f"value_{item.pk}")
    if entry.reason.strip() or entry.evidence:
        return
    if level == Level.SELF:
        raise UnableToAssess(
            _("Please add evidence or say on what the value of “%(item)s” rests.") % names, f"reason_{item.pk}"
        )
    if before is not None and (before.numerator, before.denominator) != (value.numerator, value.denominator):
        raise UnableToAssess(
            _("Please say why the value of “%(item)s” differs from the level before.") % names, f"reason_{item.pk}"
        )


def _record(
    item: SchemeItem, value: Value, *, reason: str = "", evidence: Attachment | None = None
) -> ScoreRecord:  # fmt: skip
    rule = rule_of(item)
    return ScoreRecord(
        item=item,
        numerator=value.numerator,
        denominator=value.denominator,
        points=points_of(rule, value),
        is_missed=misses_veto(rule, value),
        reason=reason.strip(),
        evidence=evidence,
    )


def _write(
    subject: Subject,
    level: str,
    records: Sequence[ScoreRecord],
    *,
    request_id: UUID,
    by: User,
    post: Post,
    at: datetime,
    opinion: str,
) -> ScoreSheet:
    score = score_of(
        [(rule_of(record.item), Value(record.numerator, record.denominator)) for record in records]
    )  # fmt: skip
    sheet = ScoreSheet.objects.create(
        subject=subject,
        level=level,
        version=subject.sheets.filter(level=level).count() + 1,
        score=score.total,
        is_vetoed=score.is_vetoed,
        opinion=opinion.strip(),
        request_id=request_id,
        scored_by=by,
        person_key=by.person_key,
        role=post.role,
        organization=post.organization,
        scored_at=at,
    )
    for record in records:
        record.sheet = sheet
    ScoreRecord.objects.bulk_create(records)
    subject.revision += 1
    subject.save(update_fields=["revision"])
    return sheet


@transaction.atomic
def file_appeal(
    *,
    subject_id: int,
    item_id: int,
    reason: str,
    request_id: UUID,
    filed_by: User,
    at: datetime,
    evidence: Prepared | None = None,
) -> Appeal:
    """Appeal against the points of one item while the results are on notice; only the assessed may.

    Raises NotAllowed, UnableToAssess (no notice, an appeal on the item waits), files.operations.UnableToStore.
    """
    on = day_of(at)
    subject = lock_subject(subject_id)
    known = Appeal.objects.filter(request_id=request_id).first()
    if known is not None:
        return known
    filed_by.forget_posts()
    if post_for(subject, Level.SELF, filed_by, on=on) is None:
        raise NotAllowed
    if not is_open_to_appeals(subject.campaign, on):
        raise UnableToAssess(_("An appeal is possible only while the results are on notice."))
    if not reason.strip():
        raise UnableToAssess(_("Please give the reason."), "reason")
    item = next((one for one in items_of(subject.campaign.scheme_id) if one.pk == item_id), None)
    if item is None:
        raise UnableToAssess(_("Please choose an item of the sheet."), "item")
    if subject.appeals.filter(item=item, decision=None).exists():
        raise UnableToAssess(_("An appeal on this item waits for its answer."), "item")
    return Appeal.objects.create(
        subject=subject,
        item=item,
        request_id=request_id,
        reason=reason.strip(),
        evidence=store(prepared=evidence, by=filed_by, at=at) if evidence else None,
        filed_by=filed_by,
        person_key=filed_by.person_key,
        filed_at=at,
    )


def is_open_to_appeals(campaign: Campaign, on: date) -> bool:
    return (
        campaign.state == CampaignState.NOTICE and campaign.notice_until is not None and on <= campaign.notice_until
    )  # fmt: skip


@transaction.atomic
def decide_appeal(
    *, appeal_id: int, outcome: str, reason: str, value: Value | None, decided_by: User, at: datetime
) -> AppealDecision:
    """Answer an appeal. Upheld, the value given becomes the item's in a new version of the county's sheet.

    Raises NotAllowed, AssessmentMoved (answered already), UnableToAssess.
    """
    appeal = Appeal.objects.select_related("item").get(pk=appeal_id)
    subject = lock_subject(appeal.subject_id)
    post = county_post(decided_by, subject.campaign.county, on=day_of(at))
    sentence = reason_against(subject, Level.COUNTY, decided_by)
    if sentence or appeal.person_key == decided_by.person_key:
        raise NotAllowed(sentence or _("Nobody answers his own appeal."))
    if AppealDecision.objects.filter(appeal=appeal).exists() or subject.campaign.state != CampaignState.NOTICE:
        raise AssessmentMoved()
    if not reason.strip():
        raise UnableToAssess(_("Please give the reason."), "reason")
    sheet = None
    if outcome == AppealOutcome.UPHELD:
        sheet = _corrected(subject, appeal, value, reason, by=decided_by, post=post, at=at)
    return AppealDecision.objects.create(
        appeal=appeal,
        outcome=AppealOutcome(outcome),
        reason=reason.strip(),
        sheet=sheet,
        decided_by=decided_by,
        organization=post.organization,
        decided_at=at,
    )


def _corrected(
    subject: Subject, appeal: Appeal, value: Value | None, reason: str, *, by: User, post: Post, at: datetime
) -> ScoreSheet:
    """Write the county's sheet anew with the item's right value."""
    if value is None:
        raise UnableToAssess(_("Please enter the right value."), "numerator")
    entry = Entry(value, reason)
    _require_grounds(appeal.item, entry, None, Level.COUNTY)
    old = latest_of(subject.sheets.all())[Level.COUNTY]
    records = [
        _record(one.item, value, reason=reason[:200])
        if one.item_id == appeal.item_id
        else _record(one.item, Value(one.numerator, one.denominator), reason=one.reason, evidence=one.evidence)
        for one in old.records.select_related("item__group", "evidence")
    ]
    return _write(
        subject, Level.COUNTY, records, request_id=appeal.request_id, by=by, post=post, at=at, opinion=old.opinion
    )


@transaction.atomic
def record_consequence(
    *,
    subject_id: int,
    kind: str,
    person_name: str,
    document_number: str,
    decided_on: date,
    reason: str,
    request_id: UUID,
    recorded_by: User,
    at: datetime,
) -> Consequence:
    """Record what followed poor work, by the paper that ordered it. Raises NotAllowed, UnableToAssess."""
    subject = lock_subject(subject_id)
    county_post(recorded_by, subject.campaign.county, on=day_of(at), verb=Verb.ASSESS)
    known = Consequence.objects.filter(request_id=request_id).first()
    if known is not None:
        return known
    if not subject.campaign.is_final:
        raise UnableToAssess(_("The results are not final yet."))
    if decided_on > day_of(at):
        raise UnableToAssess(_("The day lies in the future."), "decided_on")
    values = {"kind": kind, "person_name": person_name.strip(), "document_number": document_number.strip()}
    if subject.consequences.filter(**values).exists():
        raise UnableToAssess(_("This is recorded already."), "document_number")
    return Consequence.objects.create(
        subject=subject, decided_on=decided_on, reason=reason.strip(), request_id=request_id,
        recorded_by=recorded_by, recorded_at=at, **values,
    )  # fmt: skip


def value_of(numerator: Decimal, denominator: Decimal | None) -> Value:
    """Return an entered value: so many of so many, or one number."""
    return Value(numerator, Decimal(1) if denominator is None else denominator)
