"""The paper of a notice (公示): one sheet with the cases it shows, where it hangs, and photos of it as it hangs."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from files.models import Attachment
from loans.choices import NoticeLevel, NoticeState
from loans.models.notices import PublicNotice
from loans.models.programmes import ProgrammeVersion
from organizations.models import Organization
from organizations.scope import Scope


def _notices_of_sheet() -> "models.QuerySet[PublicNotice]":
    return PublicNotice.objects.filter(roster=OuterRef("pk"))


class NoticeRosterQuerySet(models.QuerySet["NoticeRoster"]):
    def for_scope(self, scope: Scope) -> "NoticeRosterQuerySet":
        """The sheets that show at least one case of the scope."""
        return self.filter(Exists(_notices_of_sheet().filter(scope.rows("application__"))))

    def running(self) -> "NoticeRosterQuerySet":
        """The sheets on which at least one case is still in notice."""
        return self.filter(Exists(_notices_of_sheet().filter(state=NoticeState.RUNNING)))

    def ended(self) -> "NoticeRosterQuerySet":
        return self.exclude(Exists(_notices_of_sheet().filter(state=NoticeState.RUNNING)))


class NoticeRoster(models.Model):
    """What is published together, by one office, under one number. Whether it runs is told by its notices.

    `token` is the secret of its public page: whoever stands before the paper has it, nobody can guess it.
    """

    number = models.CharField(_("notice number"), max_length=40, unique=True, db_collation="C")
    request_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=80)
    level = models.CharField(_("level of the notice"), max_length=10, choices=NoticeLevel.choices)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("published by")
    )
    version = models.ForeignKey(ProgrammeVersion, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(_("place"), max_length=100)
    phone = models.CharField(_("phone for objections"), max_length=30)
    address = models.CharField(_("address for objections"), max_length=100, blank=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField()

    objects = NoticeRosterQuerySet.as_manager()

    class Meta:
        verbose_name = _("sheet of a public notice")
        constraints = [
            models.CheckConstraint(name="roster_ends_after_it_begins", condition=Q(ends_on__gte=F("starts_on"))),
        ]
        indexes = [models.Index(fields=["-ends_on", "-id"], name="rosters_by_last_day")]

    def __str__(self) -> str:
        return self.number


class NoticePhoto(models.Model):
    """The paper as it hangs: where, from which day. Append-only."""

    roster = models.ForeignKey(NoticeRoster, on_delete=models.PROTECT, related_name="photos")
    request_id = models.UUIDField(editable=False)
    position = models.PositiveSmallIntegerField()
    attachment = models.OneToOneField(Attachment, on_delete=models.PROTECT, related_name="notice_photo")
    place = models.CharField(_("where it hangs"), max_length=100)
    posted_on = models.DateField(_("posted on"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("photo of a public notice")
        ordering = ["roster", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["request_id", "position"], name="notice_photo_is_sent_once"),
        ]

    def __str__(self) -> str:
        return f"{self.roster} {self.posted_on}"
