"""The log of publicity and training (宣传培训): what was done where, who came, what was handed out."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.choices_inspections import Channel
from files.models import Attachment
from organizations.models import Division, Organization
from organizations.scope import Scope


class PublicityEventQuerySet(models.QuerySet["PublicityEvent"]):
    def for_scope(self, scope: Scope) -> "PublicityEventQuerySet":
        return self.filter(scope.divisions("division__path"))

    def valid(self) -> "PublicityEventQuerySet":
        """What counts: not what was struck out."""
        return self.filter(struck_at=None)


class PublicityEvent(models.Model):
    """One meeting, broadcast, training or hand-out. Written once; a mistake is struck out with its reason."""

    request_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    channel = models.CharField(_("channel"), max_length=14, choices=Channel.choices)
    held_on = models.DateField(_("day"))
    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, related_name="+", verbose_name=_("township or village")
    )
    place = models.CharField(_("place"), max_length=80)
    topic = models.CharField(_("topic"), max_length=120)
    attendance = models.PositiveIntegerField(_("people reached"))
    copies = models.PositiveIntegerField(_("copies handed out"), default=0)
    photos = models.ManyToManyField(Attachment, through="PublicityPhoto", related_name="+")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    struck_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    struck_at = models.DateTimeField(null=True, blank=True)
    strike_reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = PublicityEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("publicity event")
        constraints = [
            models.CheckConstraint(
                name="struck_event_says_who_and_why",
                condition=Q(struck_at=None, struck_by=None, strike_reason="")
                | (Q(struck_at__isnull=False, struck_by__isnull=False) & ~Q(strike_reason="")),
            ),
        ]
        indexes = [models.Index(fields=["-held_on", "-id"], name="publicity_by_day")]

    def __str__(self) -> str:
        return f"{self.topic} {self.held_on}"


class PublicityPhoto(models.Model):
    """A photo of an event, in the order of the page. Append-only."""

    event = models.ForeignKey(PublicityEvent, on_delete=models.PROTECT, related_name="shots")
    attachment = models.OneToOneField(Attachment, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["event", "position"]

    def __str__(self) -> str:
        return f"{self.event} {self.position}"
