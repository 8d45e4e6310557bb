"""Sentences that offices write again and again (常用意见)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from loans.choices import Outcome, StepCode


class Phrase(models.Model):
    """A sentence for the opinion of a decision: everybody's without an owner, else the owner's alone."""

    step = models.CharField(_("step"), max_length=30)
    outcome = models.CharField(_("decision"), max_length=30)
    text = models.CharField(_("sentence"), max_length=200)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="phrases"
    )

    class Meta:
        verbose_name = _("phrase")
        ordering = ["step", "outcome", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "step", "outcome", "text"], nulls_distinct=False, name="phrase_is_kept_once"
            ),
            models.CheckConstraint(name="phrase_says_something", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return self.text

    def get_step_display(self) -> str:
        return str(StepCode(self.step).label)

    def get_outcome_display(self) -> str:
        return str(Outcome(self.outcome).label)
