"""Rewards: the year's budget, the plan of a round, who gets what, and what the bank did. Money is written once."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessments.choices import PayoutKind, PlanState, RewardKind, VillageRole
from assessments.models.campaigns import Campaign, Subject
from organizations.models import Division, Organization, Person


class VillagePost(models.Model):
    """Who held one of a village's three posts, from the first day to the last day included."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="village_posts", verbose_name=_("village organization")
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="village_posts", verbose_name=_("person")
    )
    role = models.CharField(_("village post"), max_length=10, choices=VillageRole.choices)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("village post")
        ordering = ["organization__path", "role", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "role"], condition=Q(valid_to=None), name="village_post_is_held_by_one",
            ),
            models.CheckConstraint(
                name="village_post_ends_after_it_begins", condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from"))
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.person} · {self.organization} · {self.get_role_display()}"


class RewardBudget(models.Model):
    """What may be approved for rewards in a year. Written once; the newest row of a year counts."""

    county = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(_("year"))
    amount = models.DecimalField(_("budget (yuan)"), max_digits=14, decimal_places=2)
    document_number = models.CharField(_("document number"), max_length=60)
    request_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        ordering = ["-year", "-pk"]
        constraints = [models.CheckConstraint(name="reward_budget_is_not_negative", condition=Q(amount__gte=0))]

    def __str__(self) -> str:
        return f"{self.year} {self.amount}"


class RewardPlan(models.Model):
    """The rewards of a round as computed, and who approved them. One that was returned gives way to the next."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="plans")
    # The year whose budget it takes from: that of the approval, as the money is paid then.
    year = models.PositiveSmallIntegerField(_("budget year"))
    state = models.CharField(max_length=10, choices=PlanState.choices, default=PlanState.COMPUTED)
    total = models.DecimalField(_("total (yuan)"), max_digits=14, decimal_places=2)
    # Posts nobody held in the period: [[village, post], …].
    vacancies = models.JSONField(default=list)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_key = models.CharField(max_length=30)
    made_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(_("opinion"), max_length=1000, blank=True)
    document_number = models.CharField(_("document number"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("reward plan")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign"], condition=~Q(state="returned"), name="round_has_one_live_reward_plan"
            ),
            models.CheckConstraint(
                name="decided_plan_says_by_whom",
                condition=Q(state="computed", decided_at=None, decided_by=None)
                | Q(state__in=["approved", "returned"], decided_at__isnull=False, decided_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} {self.total}"


class RewardPayee(models.Model):
    """Who gets money by a plan: one row for all he gets. Written once."""

    plan = models.ForeignKey(RewardPlan, on_delete=models.PROTECT, related_name="payees")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(_("payee"), max_length=100)
    amount = models.DecimalField(_("amount (yuan)"), max_digits=14, decimal_places=2)
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["plan", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "organization", "person", "user"], nulls_distinct=False, name="payee_stands_once"
            ),
            models.CheckConstraint(
                name="payee_is_one_of_three",
                condition=Q(organization__isnull=False, person=None, user=None)
                | Q(organization=None, person__isnull=False, user=None)
                | Q(organization=None, person=None, user__isnull=False),
            ),
            models.CheckConstraint(name="payee_gets_something", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return self.name


class RewardLine(models.Model):
    """One reason why a payee gets money: the subject, and for what. Written once."""

    payee = models.ForeignKey(RewardPayee, on_delete=models.PROTECT, related_name="lines")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("for"), max_length=16, choices=RewardKind.choices)
    role = models.CharField(_("village post"), max_length=10, choices=VillageRole.choices, blank=True)
    days = models.PositiveSmallIntegerField(_("days in the post"), null=True)
    amount = models.DecimalField(_("amount (yuan)"), max_digits=14, decimal_places=2)

    class Meta:
        ordering = ["payee", "pk"]
        constraints = [models.CheckConstraint(name="reward_line_pays_something", condition=Q(amount__gt=0))]

    def __str__(self) -> str:
        return f"{self.payee} {self.amount}"


class RewardPayout(models.Model):
    """The bank paid a payee, or sent the money back. Written once; the newest row tells how it stands."""

    payee = models.ForeignKey(RewardPayee, on_delete=models.PROTECT, related_name="payouts")
    sequence = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=10, choices=PayoutKind.choices)
    amount = models.DecimalField(_("amount (yuan)"), max_digits=14, decimal_places=2)
    value_date = models.DateField(_("day"))
    bank_reference = models.CharField(_("bank reference"), max_length=60, unique=True, db_collation="C")
    note = models.CharField(_("note"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["payee", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["payee", "sequence"], name="payouts_follow_one_another"),
            # Paid, returned, paid again: never twice in a row.
            models.CheckConstraint(
                name="payout_alternates",
                condition=Q(kind="paid", sequence__in=[1, 3, 5, 7, 9]) | Q(kind="returned", sequence__in=[2, 4, 6, 8]),
            ),
            models.CheckConstraint(name="payout_moves_something", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.payee} {self.get_kind_display()} {self.amount}"
