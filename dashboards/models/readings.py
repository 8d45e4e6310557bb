"""The leader's page as it was counted last: a copy for speed, never a source. It may be deleted at any time."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BoardReading(models.Model):
    """The board of one selection. `key` says which; `mark` what the books held when it was counted."""

    key = models.CharField(max_length=64, unique=True, db_collation="C")
    day = models.DateField(_("day"))
    counted_at = models.DateTimeField()
    mark = models.CharField(max_length=64)
    content = models.JSONField()

    class Meta:
        verbose_name = _("reading of the board")

    def __str__(self) -> str:
        return f"{self.key} {self.day}"
