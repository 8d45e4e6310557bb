from django.db import models


class NumberSeries(models.Model):
    """A running number, taken by a conditional update. A refused transaction gives its number back."""

    key = models.CharField(max_length=60, unique=True, db_collation="C")
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.key} {self.last}"
