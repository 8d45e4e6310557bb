"""What the clerk has written down besides the application itself, while it is still his."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from loans.choices import DraftPage
from loans.models.applications import Application
from organizations.models import PartyMember


class ApplicationDraft(models.Model):
    """How far a guided application has come, and what of it waits for the day of submission.

    `unfinished` keeps, by page and name of the input, what was typed and is not valid yet. `trail` is what the
    application said when the audit trail was last written (see operations.trail): autosaves do not flood it.
    """

    application = models.OneToOneField(Application, on_delete=models.CASCADE, primary_key=True, related_name="draft")
    page_reached = models.CharField(max_length=12, choices=DraftPage, default=DraftPage.APPLICANT)
    saved_at = models.DateTimeField(_("saved at"))
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    introducer = models.ForeignKey(
        PartyMember, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("introducer")
    )
    visited_on = models.DateField(_("visited on"), null=True, blank=True)
    is_no_relative = models.BooleanField(default=False)

    unfinished = models.JSONField(default=dict, blank=True)
    trail = models.JSONField(default=dict, blank=True)
    trail_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    trail_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.application)
