from django.db import models
from django.utils.translation import gettext_lazy as _

from workflow.engine import State


class CaseState(models.TextChoices):
    """The engine's states with the words for a page."""

    DRAFT = State.DRAFT.value, _("Draft")
    OPEN = State.OPEN.value, _("In progress")
    RETURNED = State.RETURNED.value, _("Returned for correction")
    LENT = State.LENT.value, _("Paid out")
    CLOSED = State.CLOSED.value, _("Closed")
    REJECTED = State.REJECTED.value, _("Not passed")
    DECLINED = State.DECLINED.value, _("Declined by the lender")
    WITHDRAWN = State.WITHDRAWN.value, _("Withdrawn")
