"""Public notice (公示): what was shown to the village, for how long, and who objected."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from loans.choices import InquiryMethod, NoticeState, ObjectionChannel, ObjectionState
from loans.models.applications import Application
from organizations.scope import Scope


class PublicNotice(models.Model):
    """A masked snapshot, shown from the first to the last day included. It never shows numbers of people."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="notices")
    roster = models.ForeignKey("loans.NoticeRoster", on_delete=models.PROTECT, related_name="notices")
    position = models.PositiveSmallIntegerField(default=1)
    number = models.CharField(_("notice number"), max_length=40, unique=True, db_collation="C")
    snapshot = models.JSONField()
    # What of the case was published: a change of any of it asks for a new notice.
    fingerprint = models.CharField(max_length=64)
    place = models.CharField(_("place"), max_length=100)
    phone = models.CharField(_("phone for objections"), max_length=30)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    state = models.CharField(max_length=10, choices=NoticeState.choices, default=NoticeState.RUNNING)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("public notice")
        constraints = [
            models.CheckConstraint(name="notice_ends_after_it_begins", condition=Q(ends_on__gte=F("starts_on"))),
            models.CheckConstraint(
                name="ended_notice_has_its_time", condition=Q(state="running") | Q(closed_at__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["application"], condition=Q(state="running"), name="case_is_in_one_notice_at_a_time"
            ),
            models.UniqueConstraint(fields=["roster", "position"], name="notice_has_its_line_on_the_sheet"),
        ]
        indexes = [models.Index(fields=["ends_on"], condition=Q(state="running"), name="running_notices")]

    def __str__(self) -> str:
        return self.number

    def is_over(self, on: date) -> bool:
        return on > self.ends_on


class ObjectionQuerySet(models.QuerySet["Objection"]):
    def for_scope(self, scope: Scope) -> "ObjectionQuerySet":
        return self.filter(scope.rows("notice__application__"))


class Objection(models.Model):
    """An objection, its investigation and its outcome. The objector's name is never on a page of the public.

    One sent in by the public page is `received` until branch or committee accepts it (`due_date` is the day for that
    then) or the committee sets it aside; its `recorded_by` is empty.
    """

    notice = models.ForeignKey(PublicNotice, on_delete=models.PROTECT, related_name="objections")
    request_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    received_on = models.DateField(_("received on"))
    channel = models.CharField(_("how"), max_length=8, choices=ObjectionChannel.choices)
    objector = models.CharField(_("objector"), max_length=40, blank=True)
    objector_phone = models.CharField(_("objector's telephone"), max_length=30, blank=True)
    text = models.TextField(_("objection"), max_length=1000)
    due_date = models.DateField(_("to be settled by"))
    state = models.CharField(max_length=10, choices=ObjectionState.choices, default=ObjectionState.OPEN)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    investigators = models.CharField(_("looked into by"), max_length=80, blank=True)
    method = models.CharField(_("how it was looked into"), max_length=10, choices=InquiryMethod.choices, blank=True)
    finding = models.TextField(_("finding"), max_length=1000, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("objection to a notice")
        constraints = [
            models.CheckConstraint(
                name="settled_objection_has_its_finding",
                condition=Q(state__in=["received", "open"], settled_by=None, settled_at=None)
                | (
                    Q(settled_by__isnull=False, settled_at__isnull=False)
                    & ~Q(finding="")
                    & ~Q(state__in=["received", "open"])
                ),
            ),
            models.CheckConstraint(
                name="only_the_public_page_has_no_recorder",
                condition=Q(channel="page", recorded_by=None) | (~Q(channel="page") & Q(recorded_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="received_objection_is_of_the_page",
                condition=~Q(state__in=["received", "aside"]) | Q(channel="page", accepted_by=None),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_date"], condition=Q(state__in=["received", "open"]), name="objections_to_settle"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice} {self.received_on}"

    @property
    def is_pending(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.state in (ObjectionState.RECEIVED, ObjectionState.OPEN)
