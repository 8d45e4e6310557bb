"""Units, measures and dimensions of figures, and what a comparison can end in."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from loans.choices import Purpose

BAND_LIMIT = Decimal(50_000)
"""A loan of exactly this many yuan lies in the lower band: (0, 50,000] and above."""


class Unit(models.TextChoices):
    YUAN = "yuan", _("yuan")
    PERCENT = "percent", "%"
    HOUSEHOLD = "household", pgettext_lazy("unit", "households")
    LOAN = "loan", pgettext_lazy("unit", "loans")
    PERSON = "person", pgettext_lazy("unit", "people")
    PIECE = "piece", pgettext_lazy("unit", "in number")
    TOWNSHIP = "township", pgettext_lazy("unit", "townships")
    STEP = "step", pgettext_lazy("unit", "steps")
    SIDE = "side", pgettext_lazy("unit", "sides")
    MONTH = "month", pgettext_lazy("unit", "month")
    CASE = "case", pgettext_lazy("unit", "cases")
    DAY = "day", pgettext_lazy("unit", "working days")
    TIMES = "times", pgettext_lazy("unit", "times")
    COPY = "copy", pgettext_lazy("unit", "copies")
    HEAD = "head", pgettext_lazy("unit", "head")
    ROOM = "room", pgettext_lazy("unit", "houses")
    TIME = "time", pgettext_lazy("unit", "times")
    YEAR = "year", pgettext_lazy("unit", "years")
    CALENDAR_YEAR = "calendar", pgettext_lazy("unit", "calendar year")
    DATE = "date", pgettext_lazy("unit", "day")
    HOUR = "hour", pgettext_lazy("unit", "hours")
    POINT = "point", pgettext_lazy("unit", "points")
    MU = "mu", pgettext_lazy("unit", "mu")
    SQUARE_METRE = "square_metre", pgettext_lazy("unit", "square metres")
    TEXT = "text", pgettext_lazy("unit", "in words")


class Measure(models.TextChoices):
    """What can be added up over loans, or over the households they serve."""

    AMOUNT = "amount", pgettext_lazy("measure", "Amount")
    LOANS = "loans", pgettext_lazy("measure", "Loans")
    RESERVED = "reserved", pgettext_lazy("measure", "Subsidy reserved")
    HOUSEHOLDS = "households", pgettext_lazy("measure", "Households")
    PARTY_HOUSEHOLDS = "party_households", pgettext_lazy("measure", "Party-member households")


class Dimension(models.TextChoices):
    """By what a measure can be split. The parts of every dimension add up to the whole."""

    TOWNSHIP = "township", _("Township")
    BAND = "band", _("Size of the loan")
    USE = "use", _("Use of the loan")
    PURPOSE = "purpose", pgettext_lazy("dimension", "Purpose")
    BORROWER = "borrower", _("Kind of borrower")
    PARTY = "party", _("Party-member household")
    MONTH = "month", _("Month")
    VERSION = "version", _("Programme version")
    PROGRAMME = "programme", _("Programme")
    OUTLET = "outlet", pgettext_lazy("column", "Outlet")
    VILLAGE = "village", _("Village")


class Band(models.TextChoices):
    UP_TO_LIMIT = "up_to_50000", _("50,000 yuan or less")
    ABOVE_LIMIT = "above_50000", _("More than 50,000 yuan")


class Use(models.TextChoices):
    """The purposes as the county reports them: two trades by name, the rest together."""

    LIVESTOCK = "livestock", pgettext_lazy("use of loans", "Livestock")
    CROPS = "crops", pgettext_lazy("use of loans", "Crops")
    OTHER = "other", pgettext_lazy("use of loans", "Other business")


PURPOSES_OF_USE: dict[str, tuple[str, ...]] = {
    Use.LIVESTOCK: (Purpose.LIVESTOCK,),
    Use.CROPS: (Purpose.CROPS,),
    Use.OTHER: tuple(
        purpose for purpose in Purpose.values if purpose not in (Purpose.LIVESTOCK, Purpose.CROPS)
    ),
}  # fmt: skip


class Party(models.TextChoices):
    YES = "yes", _("Household of a Party member")
    NO = "no", _("Other borrowers")


class Status(models.TextChoices):
    """How a published figure compares with the recomputed one. The values are what `check_published` prints."""

    EQUAL = "equal", _("equal")
    KNOWN = "differs as known", _("differs as known")
    DIFFERS = "differs", _("differs")
    NOT_COMPUTABLE = "not computable yet", _("not computable yet")
