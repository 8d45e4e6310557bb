from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ClockShift(models.Model):
    """By how many whole days the demo's clock is away from the real one. One row; only `web.clock` touches it."""

    THE_ROW = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=THE_ROW, editable=False)
    days = models.IntegerField(_("days"), default=0)

    class Meta:
        verbose_name = _("clock shift")
        verbose_name_plural = _("clock shifts")
        constraints = [models.CheckConstraint(name="web_clock_shift_is_one_row", condition=Q(id=1))]

    def __str__(self) -> str:
        return f"{self.days:+d}"
