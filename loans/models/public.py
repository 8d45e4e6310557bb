"""Who looks at the pages without sign-in, counted so that nobody asks without end."""

from django.db import models


class PublicAttempt(models.Model):
    """How often one unnamed visitor did something on a public page within an hour.

    `key` is a keyed hash of address, deed and hour: no address is stored, and two hours of one visitor do not match.
    """

    key = models.CharField(max_length=64, primary_key=True, db_collation="C")
    hour = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.hour} {self.count}"
