"""What was late, and which level above was told of it (超期上报). The rows are facts of a day and never change."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from loans.choices import StepCode
from loans.models.applications import Application


class Escalation(models.Model):
    """A case that was late at a step was shown to a level above: 1 the next office, 2 the one over that.

    One row for each wait (the case's sequence), level and case: the nightly work may run as often as it likes.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="escalations")
    step = models.CharField(_("step"), max_length=30, choices=StepCode.choices)
    sequence = models.PositiveSmallIntegerField()
    level = models.PositiveSmallIntegerField(_("level"))
    due_date = models.DateField(_("deadline"))
    escalated_on = models.DateField(_("shown to the level above on"))

    class Meta:
        verbose_name = _("escalation")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "sequence", "level"], name="wait_is_escalated_once_a_level"
            ),
            models.CheckConstraint(name="escalation_has_a_level", condition=Q(level__gte=1)),
            models.CheckConstraint(
                name="escalation_follows_the_deadline", condition=Q(escalated_on__gt=models.F("due_date"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.step} {self.escalated_on}"
