from django.conf import settings
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


class SavedView(models.Model):
    """A list as a person wants to see it again: the address of the list and its filters, under a name of his own."""

    PATH_LENGTH_MAX = 120
    NAME_LENGTH_MAX = 20
    QUERY_LENGTH_MAX = 500

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    path = models.CharField(max_length=PATH_LENGTH_MAX, db_collation="C")
    name = models.CharField(_("name of the view"), max_length=NAME_LENGTH_MAX)
    query = models.CharField(max_length=QUERY_LENGTH_MAX)
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("saved view")
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "path", "name"],
                name="view_name_is_used_once",
                violation_error_message=_("You already have a view of this name."),
            ),
            models.CheckConstraint(name="view_shows_something", condition=~Q(query="") & ~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        return f"{self.path}?{self.query}"
