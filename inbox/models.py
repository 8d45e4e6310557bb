"""What the house tells a person by itself (the bell). The row keeps what was told, not the sentence."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inbox.registry import sentence_of, tone_of


class MessageQuerySet(models.QuerySet["Message"]):
    def of_recipient(self, recipient: Any) -> "MessageQuerySet":
        """The messages a person may see: his own."""
        return self.filter(recipient=recipient)

    def unread(self) -> "MessageQuerySet":
        return self.filter(read_at=None)


class Message(models.Model):
    """One thing told to one person. `key` names the event: nobody is told of it twice."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=80, db_collation="C")
    kind = models.CharField(max_length=40, db_collation="C")
    # What the sentence of the kind names: numbers of cases, counts, days, masked names. No identity numbers.
    facts = models.JSONField(default=dict, blank=True)
    url = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(_("told at"))
    read_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        constraints = [
            models.UniqueConstraint(fields=["recipient", "key"], name="person_is_told_once"),
            models.CheckConstraint(
                name="message_leads_into_the_house",
                condition=Q(url="") | Q(url__startswith="/") & ~Q(url__startswith="//"),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["recipient", "-created_at", "-id"], name="messages_of_person"),
            models.Index(fields=["recipient"], name="unread_messages", condition=Q(read_at=None)),
            models.Index(fields=["created_at"], name="messages_by_age"),
        ]

    def __str__(self) -> str:
        return self.sentence

    @property
    def sentence(self) -> str:
        return sentence_of(self.kind, self.facts)

    @property
    def tone(self) -> str:
        return tone_of(self.kind)
