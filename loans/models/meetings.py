"""A branch meeting that decides on many cases: who came, how they voted on each, who left the room."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from loans.choices import ItemOutcome, MeetingKind, MeetingState, RecusalCause
from loans.models.applications import Application, ApplicationDecision
from organizations.models import Organization, PartyMember
from organizations.scope import Scope

TEXT_LENGTH_MAX = 4000


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def for_scope(self, scope: Scope) -> "MeetingQuerySet":
        """The meetings of the branches of a scope. A counter has no meetings."""
        condition = Q(pk__in=[])
        for path in scope.branch_paths:
            condition |= Q(branch__path__startswith=path)
        for path in scope.division_paths:
            condition |= Q(branch__division__path__startswith=path)
        return self.filter(condition)


class Meeting(models.Model):
    """A meeting of a branch on loan cases. Once it is closed, only what became of its items is added.

    `members_total` and `full_members_total` are those of the register on the day of the meeting; `revision` grows
    with every change, so that two recorders do not overwrite one another.
    """

    branch = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="meetings", verbose_name=_("branch")
    )
    number = models.CharField(_("number"), max_length=50, unique=True, db_collation="C")
    request_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind of meeting"), max_length=16, choices=MeetingKind.choices)
    held_at = models.DateTimeField(_("time"))
    place = models.CharField(_("place"), max_length=100)
    chair = models.ForeignKey(
        PartyMember, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("chair")
    )
    recorder = models.ForeignKey(
        PartyMember, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("recorder")
    )
    topic = models.CharField(_("topic"), max_length=200)
    discussion = models.TextField(_("discussion"), max_length=TEXT_LENGTH_MAX, blank=True)
    members_total = models.PositiveSmallIntegerField(_("members"), default=0)
    full_members_total = models.PositiveSmallIntegerField(_("full members"), default=0)
    state = models.CharField(max_length=8, choices=MeetingState.choices, default=MeetingState.OPEN)
    revision = models.PositiveIntegerField(default=1)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("branch meeting")
        constraints = [
            models.CheckConstraint(
                name="closed_meeting_has_its_record",
                condition=~Q(state="closed")
                | (
                    Q(chair__isnull=False, recorder__isnull=False, closed_by__isnull=False, closed_at__isnull=False)
                    & ~Q(place="")
                    & ~Q(discussion="")
                ),
            ),
            models.CheckConstraint(
                name="full_members_are_members", condition=Q(full_members_total__lte=F("members_total"))
            ),
        ]
        indexes = [models.Index(fields=["branch", "-held_at"], name="meetings_of_branch")]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.state == MeetingState.OPEN


class MeetingAttendance(models.Model):
    """A member of the branch on the day: whether the meeting is his, whether he votes, whether he came."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendance")
    member = models.ForeignKey(PartyMember, on_delete=models.PROTECT, related_name="+")
    # Of a members' meeting everybody; of a committee or of representatives those who sit on it.
    is_called = models.BooleanField(default=True)
    has_vote = models.BooleanField()
    is_present = models.BooleanField(_("present"), default=False)
    reason = models.CharField(_("reason of absence"), max_length=100, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "member"], name="member_is_listed_once")]

    def __str__(self) -> str:
        return f"{self.meeting} {self.member}"


class MeetingItem(models.Model):
    """A case on the agenda: the count, the four checks, what was said, and the decision that came of it.

    `case_revision` is the case as the meeting saw it; `failure` is why the decision could not be written.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="meeting_items")
    position = models.PositiveSmallIntegerField()
    case_revision = models.PositiveIntegerField()
    in_favour = models.PositiveSmallIntegerField(_("in favour"), null=True, blank=True)
    against = models.PositiveSmallIntegerField(_("against"), null=True, blank=True)
    abstained = models.PositiveSmallIntegerField(_("abstained"), null=True, blank=True)
    discussion = models.TextField(_("discussion"), max_length=1000, blank=True)
    plan_is_sound = models.BooleanField(_("business plan is sound"), default=False)
    prospects_are_good = models.BooleanField(_("prospects of the project are good"), default=False)
    credit_is_good = models.BooleanField(_("personal credit is good"), default=False)
    can_repay = models.BooleanField(_("able to repay"), default=False)
    outcome = models.CharField(max_length=9, choices=ItemOutcome.choices, default=ItemOutcome.OPEN)
    decision = models.OneToOneField(
        ApplicationDecision, on_delete=models.PROTECT, null=True, blank=True, related_name="meeting_item"
    )
    failure = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["meeting", "position"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "application"], name="case_is_on_an_agenda_once"),
            models.CheckConstraint(
                name="decided_item_has_its_count",
                condition=~Q(outcome__in=["pass", "reject"])
                | Q(in_favour__isnull=False, against__isnull=False, abstained__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting} {self.application}"

    @property
    def all_checks_passed(self) -> bool:
        return self.plan_is_sound and self.prospects_are_good and self.credit_is_good and self.can_repay


class MeetingRecusal(models.Model):
    """A member who left the room for one case, and does not count for it."""

    item = models.ForeignKey(MeetingItem, on_delete=models.PROTECT, related_name="recusals")
    member = models.ForeignKey(PartyMember, on_delete=models.PROTECT, related_name="+")
    cause = models.CharField(_("cause"), max_length=14, choices=RecusalCause.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "member"], name="member_is_recused_once")]

    def __str__(self) -> str:
        return f"{self.item} {self.member}"
