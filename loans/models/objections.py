"""What an objection gathers on its way: evidence, more time, an answer. Each row is written once."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from files.models import Attachment
from loans.choices import ReplyManner
from loans.models.notices import Objection
from organizations.models import Organization


class ObjectionEvidence(models.Model):
    """A paper or photo of the investigation. Seen only by those who settle. Append-only."""

    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="evidence")
    request_id = models.UUIDField(editable=False)
    position = models.PositiveSmallIntegerField()
    attachment = models.OneToOneField(Attachment, on_delete=models.PROTECT, related_name="objection_evidence")
    note = models.CharField(_("what it shows"), max_length=100, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        verbose_name = _("evidence about an objection")
        ordering = ["objection", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["request_id", "position"], name="evidence_is_sent_once"),
        ]

    def __str__(self) -> str:
        return f"{self.objection} {self.position}"


class ObjectionExtension(models.Model):
    """More time to settle an objection, given by the committee with its reason. Append-only."""

    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="extensions")
    request_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    due_before = models.DateField()
    due_date = models.DateField(_("to be settled by"))
    reason = models.CharField(_("reason"), max_length=300)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("extension of an objection's deadline")
        ordering = ["objection", "pk"]
        constraints = [
            models.CheckConstraint(
                name="extension_gives_more_time", condition=Q(due_date__gt=F("due_before")) & ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.objection} {self.due_date}"


class ObjectionReply(models.Model):
    """What the objector was told about the outcome, how and when. One for each objection. Append-only."""

    objection = models.OneToOneField(Objection, on_delete=models.PROTECT, related_name="reply")
    replied_on = models.DateField(_("told on"))
    manner = models.CharField(_("told how"), max_length=10, choices=ReplyManner.choices)
    text = models.TextField(_("what was said"), max_length=1000)
    replied_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("answer to an objector")
        constraints = [models.CheckConstraint(name="reply_says_something", condition=~Q(text=""))]

    def __str__(self) -> str:
        return f"{self.objection} {self.replied_on}"
