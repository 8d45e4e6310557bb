"""Rewards: the year's budget, the plan of a round, its approval by the leading group, and what the bank did."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.choices import Role, Verb
from accounts.models import User
from assessments.choices import PayoutKind, PlanState, RewardKind, SubjectKind, VillageRole
from assessments.models import (
    Campaign,
    Result,
    RewardBudget,
    RewardLine,
    RewardPayee,
    RewardPayout,
    RewardPlan,
    VillagePost,
)
from assessments.operations.errors import AssessmentMoved, UnableToAssess
from assessments.operations.rounds import county_post, lock_campaign
from assessments.queries.rewards import budget_of, terms_of, village_posts_in
from assessments.rules_rewards import Award, Entry, Holder, awards_of, parts_of
from finance.money import ZERO, require_amount
from organizations.models import Division, Organization
from organizations.scope import NotAllowed
from web.clock import day_of
from web.display import show_yuan

PERSON_KINDS = (RewardKind.PERSON_TOWNSHIP, RewardKind.PERSON_COUNTY)


@dataclass(frozen=True)
class Line:
    """One reason why somebody gets money. The payee is an organization, a person or an account ("kind", key)."""

    payee: tuple[str, int]
    name: str
    subject_id: int
    kind: RewardKind
    amount: Decimal
    role: str = ""
    days: int | None = None


@transaction.atomic
def set_reward_budget(
    *, county: Division, year: int, amount: Decimal, document_number: str, request_id: UUID, set_by: User, at: datetime
) -> RewardBudget:
    """Set what may be approved for rewards in a year; a new row takes the place of the older. Finance sets it.

    Raises NotAllowed, UnableToAssess (less than is approved already), finance.money.NotAnAmount.
    """
    locked = lock_county(county)
    county_post(set_by, locked, on=day_of(at), verb=Verb.MANAGE_FUND)
    known = RewardBudget.objects.filter(request_id=request_id).first()
    if known is not None:
        return known
    approved = budget_of(locked, year).approved
    if amount < approved:
        raise UnableToAssess(
            _("%(approved)s yuan are approved already; the budget cannot be less.")
            % {"approved": show_yuan(approved)},
            "amount",
        )
    return RewardBudget.objects.create(
        county=locked, year=year, amount=require_amount(amount), document_number=document_number.strip(),
        request_id=request_id, set_by=set_by, set_at=at,
    )  # fmt: skip


def lock_county(county: Division) -> Division:
    """Let one write at a time take from the county's budget."""
    return Division.objects.select_for_update(no_key=True).get(pk=county.pk)


@transaction.atomic
def make_plan(*, campaign_id: int, year: int, made_by: User, at: datetime) -> RewardPlan:
    """Compute the rewards of a round whose results are final, out of a year's budget. It waits for approval.

    Raises NotAllowed, AssessmentMoved (there is a plan), UnableToAssess (not final, nothing to pay).
    """
    campaign = lock_campaign(campaign_id)
    county_post(made_by, campaign.county, on=day_of(at))
    if not campaign.is_final:
        raise UnableToAssess(_("The results are not final yet."))
    if campaign.plans.exclude(state=PlanState.RETURNED).exists():
        raise AssessmentMoved()
    lines, vacancies = lines_of(campaign)
    if not lines:
        raise UnableToAssess(_("Nobody reached a reward in this round."))
    plan = RewardPlan.objects.create(
        campaign=campaign,
        year=year,
        total=sum((line.amount for line in lines), start=ZERO),
        vacancies=vacancies,
        made_by=made_by,
        made_key=made_by.person_key,
        made_at=at,
    )
    _write_payees(plan, lines)
    return plan


def lines_of(campaign: Campaign) -> tuple[list[Line], list[list[str]]]:
    """Return what everybody gets by the scheme of a round, and the posts that nobody held."""
    results = list(
        Result.objects.filter(subject__campaign=campaign, is_vetoed=False)
        .select_related("subject__organization", "subject__user__person", "subject__township")
        .order_by("subject__division_path", "pk")
    )
    # Keys follow the official order, so that what is listed first is first.
    by_key = dict(enumerate(results))
    entries = [Entry(key, one.subject.township_id, one.score) for key, one in by_key.items()]
    awards = awards_of(entries, terms_of(campaign.scheme))
    holders = village_posts_in(
        {one.subject.organization_id for one in results}, campaign.first_day, campaign.last_day
    )  # fmt: skip
    committees = _committees(results)
    lines, vacancies = [], []
    for award in awards:
        result = by_key[award.key]
        if award.kind in PERSON_KINDS:
            found, vacant = _of_persons(campaign, result, award, holders)
            lines += found
            vacancies += [one for one in vacant if one not in vacancies]
        else:
            lines.append(_of_organization(campaign, result, award, committees))
    return lines, vacancies


def _committees(results: Iterable[Result]) -> dict[int, Organization]:
    """Return the Party committee of each township among the results: it takes the township's award."""
    townships = {one.subject.township_id for one in results if one.subject.township_id}
    found = Organization.objects.of_kind("township_party_committee").filter(division__in=townships)
    return {one.division_id: one for one in found}


def _of_organization(campaign: Campaign, result: Result, award: Award, committees: dict[int, Organization]) -> Line:
    subject = result.subject
    if award.kind == RewardKind.TOWNSHIP and subject.township_id in committees:
        committee = committees[subject.township_id]
        return Line(("organization", committee.pk), committee.name, subject.pk, award.kind, award.amount)
    if campaign.scheme.subject_kind == SubjectKind.MANAGER:
        user = subject.user
        assert user is not None
        payee = ("person", user.person_id) if user.person_id else ("user", user.pk)
        return Line(payee, user.name, subject.pk, award.kind, award.amount)
    return Line(
        ("organization", subject.organization_id), subject.organization.name, subject.pk, award.kind, award.amount
    )


def _of_persons(
    campaign: Campaign, result: Result, award: Award, holders: dict[tuple[int, str], list[VillagePost]]
) -> tuple[list[Line], list[list[str]]]:
    """Return what the holders of a village's three posts get, and which posts nobody held."""
    lines, vacancies = [], []
    for role in VillageRole:
        posts = holders.get((result.subject.organization_id, role), [])
        names = {post.person_id: post.person.name for post in posts}
        parts = parts_of(
            award.amount,
            [_holder(post, campaign) for post in posts],
            last_day=campaign.last_day,
            rule=campaign.scheme.holder_rule,
        )
        if not parts:
            vacancies.append([result.subject.name, str(role.value)])
        lines += [
            Line(
                ("person", part.key), names[part.key], result.subject_id, award.kind, part.amount, role, part.days
            )
            for part in parts
        ]  # fmt: skip
    return lines, vacancies


def _holder(post: VillagePost, campaign: Campaign) -> Holder:
    """The days of a post that lie in the round's period."""
    last_day = min(post.valid_to or campaign.last_day, campaign.last_day)
    return Holder(post.person_id, max(post.valid_from, campaign.first_day), last_day)


def _write_payees(plan: RewardPlan, lines: list[Line]) -> None:
    """Write one row for everybody who gets something, and below it why."""
    by_payee: dict[tuple[str, int], list[Line]] = defaultdict(list)
    for line in lines:
        by_payee[line.payee].append(line)
    payees = RewardPayee.objects.bulk_create(
        RewardPayee(
            plan=plan,
            name=own[0].name,
            amount=sum((line.amount for line in own), start=ZERO),
            position=position,
            **{f"{kind}_id": key},
        )
        for position, ((kind, key), own) in enumerate(by_payee.items(), start=1)
    )
    RewardLine.objects.bulk_create(
        RewardLine(
            payee=payee, subject_id=line.subject_id, kind=line.kind, role=line.role, days=line.days,
            amount=line.amount,
        )
        for payee, own in zip(payees, by_payee.values(), strict=True)
        for line in own
    )  # fmt: skip


@transaction.atomic
def decide_plan(
    *, plan_id: int, is_approved: bool, document_number: str, reason: str, decided_by: User, at: datetime
) -> RewardPlan:
    """Approve or return a plan: the leading group, never who computed it. An approval fits into the year's budget.

    Raises NotAllowed, AssessmentMoved (decided already), UnableToAssess (over budget: both sums; no reason).
    """
    plan = RewardPlan.objects.select_related("campaign__county").get(pk=plan_id)
    county = lock_county(plan.campaign.county)
    plan = RewardPlan.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=plan_id)
    post = county_post(decided_by, county, on=day_of(at), verb=Verb.APPROVE_PAYMENT)
    if post.role != Role.LEADING_GROUP_OFFICER:
        raise NotAllowed(_("The leading group approves rewards."))
    if plan.made_key == decided_by.person_key:
        raise NotAllowed(_("Who computed the rewards does not approve them."))
    if plan.state != PlanState.COMPUTED:
        raise AssessmentMoved(
            by=plan.decided_by.name if plan.decided_by else "", what=plan.get_state_display(), at=plan.decided_at
        )
    if is_approved:
        _require_budget(plan, county)
        if not document_number.strip():
            raise UnableToAssess(_("An approval needs its document number."), "document_number")
    elif not reason.strip():
        raise UnableToAssess(_("Please give the reason."), "reason")
    plan.state = PlanState.APPROVED if is_approved else PlanState.RETURNED
    plan.document_number, plan.reason = document_number.strip(), reason.strip()
    plan.decided_by, plan.decided_at = decided_by, at
    plan.save()
    return plan


def _require_budget(plan: RewardPlan, county: Division) -> None:
    budget = budget_of(county, plan.year)
    if plan.total > budget.left:
        raise UnableToAssess(
            _("The rewards come to %(total)s yuan, but only %(left)s yuan of the budget of %(year)s are left.")
            % {"total": show_yuan(plan.total), "left": show_yuan(budget.left), "year": plan.year}
        )


@transaction.atomic
def record_payout(
    *,
    payee_id: int,
    kind: str,
    value_date: date,
    bank_reference: str,
    recorded_by: User,
    at: datetime,
    note: str = "",
) -> RewardPayout:
    """Book that the bank paid a payee, or sent the money back. The same reference books once; nobody is paid twice.

    Raises NotAllowed (finance only, never who approved), UnableToAssess, AssessmentMoved (paid already, not paid).
    """
    payee = (
        RewardPayee.objects.select_for_update(of=("self",)).select_related("plan__campaign__county").get(pk=payee_id)
    )
    plan, on = payee.plan, day_of(at)
    county_post(recorded_by, plan.campaign.county, on=on, verb=Verb.MANAGE_FUND)
    decider = plan.decided_by
    if plan.state != PlanState.APPROVED or decider is None:
        raise UnableToAssess(_("The rewards are not approved yet."))
    if decider.person_key == recorded_by.person_key:
        raise NotAllowed(_("Who approved the rewards does not pay them."))
    reference = bank_reference.strip()
    known = RewardPayout.objects.filter(bank_reference=reference).first()
    if known is not None and (known.payee_id, known.kind) == (payee.pk, kind):
        return known
    last = payee.payouts.order_by("-sequence").first()
    if (last.kind if last else PayoutKind.RETURNED) == kind:
        raise AssessmentMoved(
            by=last.recorded_by.name if last else "", what=last.get_kind_display() if last else "",
            at=last.recorded_at if last else None,
        )  # fmt: skip
    _require_day(plan, value_date, on, after=last.value_date if last else None)
    try:
        with transaction.atomic():
            return RewardPayout.objects.create(
                payee=payee, sequence=last.sequence + 1 if last else 1, kind=PayoutKind(kind), amount=payee.amount,
                value_date=value_date, bank_reference=reference, note=note.strip(), recorded_by=recorded_by,
                recorded_at=at,
            )  # fmt: skip
    except IntegrityError as error:
        raise UnableToAssess(_("This bank reference has been booked already."), "bank_reference") from error


def _require_day(plan: RewardPlan, value_date: date, on: date, *, after: date | None) -> None:
    assert plan.decided_at is not None
    if value_date > on:
        raise UnableToAssess(_("The day lies in the future."), "value_date")
    if value_date < max(after or date.min, day_of(plan.decided_at)):
        raise UnableToAssess(_("The day lies before the approval or the last booking."), "value_date")
