"""Words of the model households, from the recommendation to the yearly review."""

from django.db import models
from django.utils.translation import gettext_lazy as _, pgettext_lazy


class HonourTitle(models.TextChoices):
    """The two titles of the report. The first needs a Party member in the household."""

    PARTY = "party", _("Party member model household")
    MODEL = "model", _("Model household")


class HonourState(models.TextChoices):
    """待评定 → 待审核 → 公示中 → 已授予 (yearly review) → 已撤销; 退回补正, 不予授予."""

    RETURNED = "returned", pgettext_lazy("honour", "Returned for correction")
    TO_RATE = "to_rate", _("To be rated by the credit union")
    TO_REVIEW = "to_review", _("To be reviewed by the organisation department")
    IN_NOTICE = "in_notice", pgettext_lazy("honour", "In public notice")
    AWARDED = "awarded", _("Title awarded")
    WITHDRAWN = "withdrawn", _("Title withdrawn")
    REFUSED = "refused", _("Not awarded")


class HonourOutcome(models.TextChoices):
    RECOMMEND = "recommend", pgettext_lazy("honour", "Recommended")
    PASS = "pass", pgettext_lazy("honour", "Agreed")
    RETURN = "return", pgettext_lazy("honour outcome", "Returned for correction")
    REJECT = "reject", pgettext_lazy("honour outcome", "Not awarded")
    AWARD = "award", pgettext_lazy("honour", "Awarded")
    RENEW = "renew", pgettext_lazy("honour", "Kept at the yearly review")
    WITHDRAW = "withdraw", pgettext_lazy("honour", "Withdrawn")


class HonourSide(models.TextChoices):
    """The sides that must be different people."""

    BRANCH = "branch"
    LENDER = "lender"
    DEPARTMENT = "department"
    GROUP = "group"


class Grade(models.TextChoices):
    """How the credit union rates one of the three criteria."""

    GOOD = "good", pgettext_lazy("rating", "Good")
    FAIR = "fair", pgettext_lazy("rating", "Fair")
    POOR = "poor", pgettext_lazy("rating", "Poor")


class HonourObjectionState(models.TextChoices):
    OPEN = "open", pgettext_lazy("objection", "Being examined")
    UPHELD = "upheld", pgettext_lazy("objection", "Upheld")
    DISMISSED = "dismissed", pgettext_lazy("objection", "Not upheld")
