from django.db import models
from django.utils.translation import gettext_lazy as _


class Action(models.TextChoices):
    SIGN_IN = "sign_in", _("Signed in")
    SIGN_OUT = "sign_out", _("Signed out")
    SIGN_IN_FAILED = "sign_in_failed", _("Sign-in failed")
    LOCKED = "locked", _("Account locked")
    UNLOCKED = "unlocked", _("Account unlocked")
    PASSWORD_CHANGED = "password_changed", _("Password changed")
    DENIED = "denied", _("Access denied")
    UNMASKED = "unmasked", _("Full number shown")
    EXPORTED = "exported", _("Exported")
    CREATED = "created", _("Created")
    CHANGED = "changed", _("Changed")
    MOVED = "moved", _("Moved")
    CLOSED = "closed", _("Closed")
    APPOINTED = "appointed", _("Appointed")
    DISMISSED = "dismissed", _("Dismissed")
    DECIDED = "decided", _("Decided")
    PUBLISHED = "published", _("Published")
