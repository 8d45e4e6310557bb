"""A round: draw up who is assessed, count what the house counts, go on level by level, settle the results."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _, ngettext

from accounts.choices import Role, Verb
from accounts.models import Post, User
from assessments.choices import CampaignState, Level, PlanState, SubjectKind
from assessments.flow import NEXT, SUBJECT_ORGANIZATIONS, levels_of
from assessments.models import (
    Campaign,
    CampaignDecision,
    MeasuredValue,
    Result,
    RewardPlan,
    Scheme,
    Subject,
)
from assessments.operations.errors import AssessmentMoved, UnableToAssess
from assessments.queries.measures import measure
from assessments.queries.ranking import results_for
from assessments.queries.rewards import unpaid_payees
from assessments.queries.rounds import items_of, open_appeals, sheets_by_subject
from organizations.choices import COMMITTEE_KINDS, CREDIT_KINDS, DivisionLevel
from organizations.models import Division, Organization
from organizations.scope import NotAllowed
from web.clock import day_of

BATCH = 500


@dataclass(frozen=True)
class RoundData:
    """What the county says of a round. `townships`: only these (all of the county when empty)."""

    name: str
    first_day: date
    last_day: date
    self_until: date
    first_until: date
    county_until: date
    townships: tuple[Division, ...] = ()


@transaction.atomic
def open_campaign(
    *, scheme: Scheme, data: RoundData, request_id: UUID, opened_by: User, at: datetime
) -> Campaign:  # fmt: skip
    """Begin a round when its period is over: subjects drawn up, figures counted. The same request opens one round.

    Raises NotAllowed, UnableToAssess (scheme not in force, period not over, used already, nobody to assess).
    """
    on = day_of(at)
    post = county_post(opened_by, scheme.county, on=on)
    known = Campaign.objects.filter(request_id=request_id).first()
    if known is not None:
        return known
    _require_ready(scheme, data, on)
    kept = {name: getattr(data, name) for name in ("name", "first_day", "last_day")}
    days = {name: getattr(data, name) for name in ("self_until", "first_until", "county_until")}
    try:
        with transaction.atomic():
            campaign = Campaign.objects.create(
                scheme=scheme, county=scheme.county, request_id=request_id, created_by=opened_by, created_at=at,
                state=str(levels_of(scheme.subject_kind)[0]), measured_at=at, **kept, **days,
            )  # fmt: skip
    except IntegrityError as error:
        raise UnableToAssess(_("This scheme has been used for this period already.")) from error
    subjects = Subject.objects.bulk_create(_draw_up(campaign, data.townships, on), batch_size=BATCH)
    if not subjects:
        raise UnableToAssess(_("There is nobody to assess."))
    _count(campaign, subjects, at)
    _record(campaign, campaign.state, post, by=opened_by, at=at, reason="")
    return campaign


def county_post(user: User, county: Division, *, on: date, verb: Verb = Verb.ASSESS) -> Post:
    """Return the post by which an account acts for the county. Raises NotAllowed."""
    user.forget_posts()
    post = user.post_covering(verb, county.place, on=on)
    if post is None:
        raise NotAllowed
    return post


def _require_ready(scheme: Scheme, data: RoundData, on: date) -> None:
    if scheme.is_draft:
        raise UnableToAssess(_("Only a scheme in force can be used."), "scheme")
    if data.last_day < data.first_day:
        raise UnableToAssess(_("The last day lies before the first."), "last_day")
    if data.last_day >= on:
        raise UnableToAssess(_("The period is not over yet."), "last_day")
    if not data.self_until <= data.first_until <= data.county_until:
        raise UnableToAssess(_("The days of the levels must follow one another."), "first_until")


def _draw_up(campaign: Campaign, townships: Sequence[Division], on: date) -> list[Subject]:
    """Return the subjects of a round, not saved: who stands on its opening day."""
    kind = campaign.scheme.subject_kind
    organizations = (
        Organization.objects.in_force(on)
        .of_kind(*SUBJECT_ORGANIZATIONS[kind])
        .filter(division__path__startswith=campaign.county.path)
        .select_related("division__parent")
    )
    paths = tuple(township.path for township in townships)
    chosen = [one for one in organizations if not paths or one.division.path.startswith(paths)]
    if kind == SubjectKind.BRANCH:
        chosen = _of_villages(chosen)
    if kind == SubjectKind.MANAGER:
        return _managers(campaign, chosen)
    return [_subject(campaign, one) for one in chosen]


def _of_villages(organizations: Sequence[Organization]) -> list[Organization]:
    """Return the Party organizations of villages: those directly under a committee."""
    parents = {one.path: one.path[: -Organization.steplen] for one in organizations}
    committees = Organization.objects.filter(path__in=set(parents.values()), kind__in=COMMITTEE_KINDS)
    above = set(committees.values_list("path", flat=True))
    return [one for one in organizations if one.division.level == DivisionLevel.VILLAGE and parents[one.path] in above]


def _managers(campaign: Campaign, outlets: Sequence[Organization]) -> list[Subject]:
    """Every credit officer who held a post at an outlet in the period, once, at his latest outlet."""
    posts = (
        Post.objects.overlapping(campaign.first_day, campaign.last_day)
        .filter(role=Role.CREDIT_OFFICER, organization__in=outlets)
        .select_related("user", "organization__division__parent")
        .order_by("valid_from", "pk")
    )
    latest = {post.user_id: post for post in posts}
    return [_subject(campaign, post.organization, post.user) for post in latest.values()]


def _subject(campaign: Campaign, organization: Organization, user: User | None = None) -> Subject:
    division = organization.division
    township = division if division.level == DivisionLevel.TOWNSHIP else division.parent
    is_below = division.level in (DivisionLevel.TOWNSHIP, DivisionLevel.VILLAGE)
    is_credit = organization.kind in CREDIT_KINDS
    return Subject(
        campaign=campaign,
        organization=organization,
        user=user,
        name=user.name if user else organization.name,
        township=township if is_below else None,
        branch_path="" if is_credit else organization.path,
        division_path=division.path,
        outlet_path=organization.path if is_credit else "",
    )


def _count(campaign: Campaign, subjects: Sequence[Subject], at: datetime) -> None:
    """Take the figures of the period's last day into the round."""
    items = [item for item in items_of(campaign.scheme_id) if item.measure]
    values = measure(
        subjects,
        {item.measure for item in items},
        kind=campaign.scheme.subject_kind,
        county=campaign.county.path,
        first_day=campaign.first_day,
        last_day=campaign.last_day,
    )
    MeasuredValue.objects.bulk_create(
        (
            MeasuredValue(
                subject=subject,
                item=item,
                numerator=values[subject.pk, item.measure].numerator,
                denominator=values[subject.pk, item.measure].denominator,
                as_of=campaign.last_day,
                measured_at=at,
            )
            for subject in subjects
            for item in items
        ),
        batch_size=BATCH,
    )


@transaction.atomic
def advance(*, campaign_id: int, revision: int, by: User, at: datetime, reason: str = "") -> Campaign:
    """Take a round one step on. Raises NotAllowed, AssessmentMoved, UnableToAssess with what is still missing."""
    on = day_of(at)
    campaign = lock_campaign(campaign_id)
    post = county_post(by, campaign.county, on=on)
    if campaign.revision != revision or campaign.state not in NEXT:
        raise moved(campaign)
    subjects = list(campaign.subjects.all())
    match campaign.state:
        case CampaignState.SELF | CampaignState.FIRST | CampaignState.COUNTY:
            _require_sheets(campaign, subjects, on)
        case CampaignState.NOTICE:
            _require_notice_over(campaign, on)
        case _:
            _require_paid(campaign)
    target = next_state(campaign)
    if target == CampaignState.NOTICE:
        campaign.notice_from = on
        campaign.notice_until = on + timedelta(days=campaign.scheme.notice_days - 1)
    if target == CampaignState.FINAL:
        _settle(campaign, subjects)
    _record(campaign, target, post, by=by, at=at, reason=reason)
    return campaign


def next_state(campaign: Campaign) -> CampaignState:
    """Return where a round goes next: a level that does not exist for its subjects is left out."""
    target = NEXT[campaign.state]
    if target == CampaignState.FIRST and Level.FIRST not in levels_of(campaign.scheme.subject_kind):
        return NEXT[target]
    return target


def lock_campaign(campaign_id: int) -> Campaign:
    return Campaign.objects.select_for_update(of=("self",)).select_related("scheme", "county").get(pk=campaign_id)


def moved(campaign: Campaign) -> AssessmentMoved:
    last = campaign.decisions.select_related("decided_by").order_by("-sequence").first()
    if last is None:
        return AssessmentMoved()
    return AssessmentMoved(by=last.decided_by.name, what=CampaignState(last.outcome).label, at=last.decided_at)


def _require_sheets(campaign: Campaign, subjects: Sequence[Subject], on: date) -> None:
    """Everybody is scored at the level; a self-assessment that does not come until its day is not waited for."""
    if campaign.state == CampaignState.SELF and on > campaign.self_until:
        return
    sheets = sheets_by_subject(subjects)
    missing = sum(campaign.state not in sheets.get(subject.pk, {}) for subject in subjects)
    if missing:
        raise UnableToAssess(
            ngettext(
                "%(count)s sheet is missing at this level.", "%(count)s sheets are missing at this level.", missing
            )
            % {"count": missing}
        )


def _require_notice_over(campaign: Campaign, on: date) -> None:
    assert campaign.notice_until is not None
    if on <= campaign.notice_until:
        raise UnableToAssess(_("The notice runs until %(day)s.") % {"day": campaign.notice_until.isoformat()})
    if open_appeals(campaign).exists():
        raise UnableToAssess(_("An appeal is not answered yet."))


def _require_paid(campaign: Campaign) -> None:
    plan = RewardPlan.objects.filter(campaign=campaign).exclude(state=PlanState.RETURNED).first()
    if plan is not None and (plan.state != PlanState.APPROVED or unpaid_payees(plan).exists()):
        raise UnableToAssess(_("The rewards of this round are not all paid yet."))


def _settle(campaign: Campaign, subjects: Sequence[Subject]) -> None:
    """Write every subject's result: score, grade, ranks among those not vetoed, who is commended."""
    Result.objects.bulk_create(results_for(campaign.scheme, subjects), batch_size=BATCH)


def _record(campaign: Campaign, target: str, post: Post, *, by: User, at: datetime, reason: str) -> None:
    """Move the round and write down who moved it. `outcome` is the state it is in now."""
    step, campaign.state = campaign.state, str(target)
    campaign.sequence += 1
    campaign.revision += 1
    campaign.save()
    CampaignDecision.objects.create(
        campaign=campaign,
        step=step,
        outcome=campaign.state,
        round=1,
        sequence=campaign.sequence,
        reason=reason.strip(),
        decided_at=at,
        decided_by=by,
        person_key=by.person_key,
        role=post.role,
        organization=post.organization,
    )
