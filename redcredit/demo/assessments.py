"""The assessment of the villages: the year 2013 settled and rewarded, the first half of 2014 under way."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from uuid import UUID

from django.db.models import Sum

from accounts.choices import Role
from accounts.models import User
from assessments.choices import AppealOutcome, ConsequenceKind, Level, Measure, PayoutKind, VillageRole
from assessments.models import Campaign, RewardPlan, Scheme, SchemeItem, Subject
from assessments.operations import rewards, rounds, schemes, scores, village_posts
from assessments.queries.rounds import items_of
from assessments.rules import Value
from loans.models import Loan
from organizations.models import BranchMembership, Person
from redcredit.demo.organizations import Township, Village
from redcredit.demo.stories import Dated, Desk
from redcredit.demo.timeline import HERE

OWN_TOWNSHIP = "532931201000"
TOWNSHIPS = 3
YEAR = (date(2013, 1, 1), date(2013, 12, 31))
HALF = (date(2014, 1, 1), date(2014, 6, 30))
BUDGET = Decimal(600_000)
# The targets of a village: this part of what the villages lent on average.
TARGET_PART = Decimal("0.4")
GRADES = {"excellent_from": Decimal(90), "good_from": Decimal(80), "pass_from": Decimal(60)}
FILES = 50
GROUNDS = "据村级台账和入户核查填报。"


def moment(year: int, month: int, day: int, hour: int = 10) -> datetime:
    return datetime(year, month, day, hour, 15, tzinfo=HERE)


@dataclass(frozen=True)
class Place:
    """A village with who answers for it and who assesses it first."""

    village: Village
    secretary: User
    committee: User


class Assessments:
    """The rounds of a few townships, acted by the offices."""

    def __init__(self, desk: Desk) -> None:
        at, name = desk.staff.at, desk.offices.by_name
        self.county = desk.offices.county
        self.office = at(Role.ORGANISATION_OFFICER, name["县委组织部"])[0]
        self.finance = at(Role.FINANCE_OFFICER, name["县财政局"])[0]
        self.group = at(Role.LEADING_GROUP_OFFICER, name["红色信贷办"])[0]
        own = desk.offices.townships[OWN_TOWNSHIP]
        others = [one for code, one in desk.offices.townships.items() if code != OWN_TOWNSHIP]
        self.townships: list[Township] = [own, *others[: TOWNSHIPS - 1]]
        self.places = {
            village.general_branch.pk: Place(
                village, at(Role.BRANCH_SECRETARY, village.general_branch)[0],
                at(Role.COMMITTEE_OFFICER, township.committee)[0],
            )
            for township in self.townships
            for village in township.villages
            if at(Role.BRANCH_SECRETARY, village.general_branch)
        }  # fmt: skip
        self.rng = Random("assessments")  # noqa: S311  # the same county every time

    def acts(self) -> Iterator[Dated]:
        yield moment(2014, 1, 6), self._fill_posts
        yield moment(2014, 1, 7), self._open_year
        yield moment(2014, 1, 9), partial(self._score, Level.SELF, YEAR)
        yield moment(2014, 1, 14, 16), self._advance
        yield moment(2014, 1, 16), partial(self._score, Level.FIRST, YEAR)
        yield moment(2014, 1, 17, 16), self._advance
        yield moment(2014, 1, 20), self._set_budget
        yield moment(2014, 1, 21), partial(self._score, Level.COUNTY, YEAR)
        yield moment(2014, 1, 22, 16), self._advance
        yield moment(2014, 1, 24), self._appeal
        yield moment(2014, 1, 26), self._answer
        yield moment(2014, 2, 7), self._advance
        yield moment(2014, 2, 10), self._plan
        yield moment(2014, 2, 14), self._approve
        yield moment(2014, 2, 20), self._pay
        yield moment(2014, 2, 24), self._criticise
        yield moment(2014, 7, 10), self._open_half
        yield moment(2014, 7, 16), partial(self._score, Level.SELF, HALF)
        yield moment(2014, 7, 22), self._advance
        yield moment(2014, 8, 5), partial(self._score, Level.FIRST, HALF)

    def _uuid(self) -> UUID:
        return UUID(int=self.rng.getrandbits(128), version=4)

    def _fill_posts(self, at: datetime) -> None:
        """Register the three posts of every village; in the first of them the head changed in October."""
        for place in self.places.values():
            branch = place.village.general_branch
            members = BranchMembership.objects.filter(branch__path__startswith=branch.path).order_by("pk")
            people = [one.member.person for one in members.select_related("member__person")[:5]]
            secretary = place.secretary.person or people[0]
            others = [person for person in people if person.pk != secretary.pk]
            for role, person in zip(VillageRole, [secretary, *others], strict=False):
                self._take(place, role, person, YEAR[0], at)
            if place.village.division.code == self.townships[0].villages[0].division.code:
                self._take(place, VillageRole.DIRECTOR, others[-1], date(2013, 10, 1), at)

    def _take(self, place: Place, role: VillageRole, person: Person, since: date, at: datetime) -> None:
        village_posts.take_office(
            organization=place.village.general_branch, person=person, role=role, valid_from=since,
            recorded_by=self.office, at=at,
        )  # fmt: skip

    def _open_year(self, at: datetime) -> None:
        """Copy the example with the county's own targets, put it into force and open the round of the year."""
        example = Scheme.objects.get(county=self.county, code="branch-year", version=1)
        draft = schemes.copy_scheme(scheme=example, copied_by=self.office, at=at)
        lent = Loan.objects.filter(start_date__range=YEAR, division_path__startswith=self.county.path)
        villages = max(1, lent.values("division").distinct().count())
        amount = (lent.aggregate(total=Sum("principal"))["total"] or Decimal(0)) / 10_000
        targets = {Measure.LENT_AMOUNT: amount, Measure.LOANS_MADE: Decimal(lent.count())}
        for item in items_of(draft.pk):
            if item.measure in targets:
                self._set_target(draft, item, targets[Measure(item.measure)] * TARGET_PART / villages, at)
        self._set_grades(draft, at)
        scheme = schemes.publish_scheme(
            scheme_id=draft.pk, revision=draft.revision, published_by=self.office, at=at
        )  # fmt: skip
        self._open(scheme, "2013年度基层党组织考核", YEAR, at)

    def _set_target(self, draft: Scheme, item: SchemeItem, target: Decimal, at: datetime) -> None:
        fields = {name: getattr(item, name) for name in schemes.ITEM_FIELDS}
        fields["target"] = max(Decimal(1), target.quantize(Decimal(1)))
        schemes.save_item(
            scheme_id=draft.pk, item_id=item.pk, group_name=item.group.name, fields=fields, saved_by=self.office, at=at
        )

    def _set_grades(self, draft: Scheme, at: datetime) -> None:
        draft.refresh_from_db()
        settings = {name: getattr(draft, name) for name in schemes.SETTINGS} | GRADES
        schemes.edit_scheme(
            scheme_id=draft.pk, revision=draft.revision, settings=settings, pay=schemes.pay_of(draft),
            edited_by=self.office, at=at,
        )  # fmt: skip
        draft.refresh_from_db()

    def _open_half(self, at: datetime) -> None:
        scheme = Scheme.objects.get(county=self.county, code="branch-half", version=1)
        self._open(scheme, "2014年上半年基层党组织小结", HALF, at)

    def _open(self, scheme: Scheme, name: str, period: tuple[date, date], at: datetime) -> None:
        until = [at.date() + timedelta(days=number) for number in (7, 35, 42)]
        data = rounds.RoundData(
            name=name, first_day=period[0], last_day=period[1], self_until=until[0], first_until=until[1],
            county_until=until[2], townships=tuple(one.division for one in self.townships),
        )  # fmt: skip
        rounds.open_campaign(scheme=scheme, data=data, request_id=self._uuid(), opened_by=self.office, at=at)

    def _campaign(self) -> Campaign:
        return Campaign.objects.order_by("-pk")[0]

    def _advance(self, at: datetime) -> None:
        campaign = self._campaign()
        rounds.advance(campaign_id=campaign.pk, revision=campaign.revision, by=self.office, at=at)

    def _score(self, level: Level, period: tuple[date, date], at: datetime) -> None:
        """Let a level score everybody; of the running round the first assessment has begun only."""
        campaign = Campaign.objects.get(first_day=period[0], county=self.county)
        subjects = list(campaign.subjects.select_related("campaign", "organization"))
        if period == HALF and level == Level.FIRST:
            subjects = subjects[::2]
        for subject in subjects:
            self._score_one(subject, level, at)

    def _score_one(self, subject: Subject, level: Level, at: datetime) -> None:
        place = self.places.get(subject.organization_id)
        if place is None and level == Level.SELF:
            return
        assert place is not None
        by = {Level.SELF: place.secretary, Level.FIRST: place.committee, Level.COUNTY: self.office}[level]
        quality = Random(subject.organization.code)  # noqa: S311  # the same village is as good at every level
        entries = {}
        for item in items_of(subject.campaign.scheme_id):
            if item.measure:
                continue
            done, stricter = quality.randrange(43, FILES + 1), quality.randrange(2)
            if level != Level.SELF:
                done -= stricter
            value = Value(Decimal(done), Decimal(FILES)) if item.is_share else Value(Decimal(done * 2))
            entries[item.pk] = scores.Entry(value, GROUNDS if level == Level.SELF else "经抽查核实。")
        scores.score_subject(
            subject_id=subject.pk, level=level, revision=subject.revision, entries=entries, request_id=self._uuid(),
            scored_by=by, at=at, opinion=OPINIONS[level],
        )  # fmt: skip

    def _first(self) -> Subject:
        own = self.townships[0].villages[0].general_branch
        return Subject.objects.select_related("campaign").get(campaign=self._campaign(), organization=own.pk)

    def _appeal(self, at: datetime) -> None:
        """The first village says that files were left out of the count."""
        subject = self._first()
        item = next(one for one in items_of(subject.campaign.scheme_id) if one.is_share and not one.measure)
        scores.file_appeal(
            subject_id=subject.pk, item_id=item.pk, reason="抽查时有1份档案正在办理展期，未计入齐全数，请复核。",
            request_id=self._uuid(), filed_by=self.places[subject.organization_id].secretary, at=at,
        )  # fmt: skip

    def _answer(self, at: datetime) -> None:
        appeal = self._first().appeals.get()
        scores.decide_appeal(
            appeal_id=appeal.pk, outcome=AppealOutcome.UPHELD, reason="经核实档案齐全，予以更正。",
            value=Value(Decimal(FILES), Decimal(FILES)), decided_by=self.office, at=at,
        )  # fmt: skip

    def _set_budget(self, at: datetime) -> None:
        rewards.set_reward_budget(
            county=self.county, year=at.year, amount=BUDGET, document_number="剑财预〔2014〕示例号",
            request_id=self._uuid(), set_by=self.finance, at=at,
        )  # fmt: skip

    def _plan(self, at: datetime) -> None:
        rewards.make_plan(campaign_id=self._campaign().pk, year=at.year, made_by=self.office, at=at)

    def _approve(self, at: datetime) -> None:
        rewards.decide_plan(
            plan_id=RewardPlan.objects.get().pk, is_approved=True, document_number="剑红信组〔2014〕示例号",
            reason="同意兑现。", decided_by=self.group, at=at,
        )  # fmt: skip

    def _pay(self, at: datetime) -> None:
        """The bank pays everybody; one account was closed, its money came back and is not paid again yet."""
        payees = list(RewardPlan.objects.get().payees.order_by("position"))
        book: Callable[..., object] = partial(
            rewards.record_payout, value_date=at.date(), recorded_by=self.finance, at=at
        )
        for payee in payees:
            book(payee_id=payee.pk, kind=PayoutKind.PAID, bank_reference=f"JL{at:%Y%m%d}{payee.position:04}")
        last = payees[-1]
        book(
            payee_id=last.pk,
            kind=PayoutKind.RETURNED,
            bank_reference=f"TH{at:%Y%m%d}{last.position:04}",
            note="账户已销户",
        )

    def _criticise(self, at: datetime) -> None:
        """The last of the ranking is criticised by notice."""
        subject = Subject.objects.filter(campaign=self._campaign()).order_by("result__score", "pk")[0]
        scores.record_consequence(
            subject_id=subject.pk, kind=ConsequenceKind.CRITICISM, person_name="",
            document_number="剑组通〔2014〕示例号", decided_on=at.date(),
            reason="贷后走访和档案管理落后，在全县通报批评，限期整改。", request_id=self._uuid(),
            recorded_by=self.office, at=at,
        )  # fmt: skip


OPINIONS = {
    Level.SELF: "对照方案逐项自评，数据真实。",
    Level.FIRST: "经乡镇党委核查，情况属实。",
    Level.COUNTY: "经复核，同意初评意见。",
}
