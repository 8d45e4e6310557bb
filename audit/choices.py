from django.db import models
from django.utils.translation import pgettext_lazy


class Action(models.TextChoices):
    SIGN_IN = "sign_in", pgettext_lazy("audit", "Signed in")
    SIGN_OUT = "sign_out", pgettext_lazy("audit", "Signed out")
    SIGN_IN_FAILED = "sign_in_failed", pgettext_lazy("audit", "Sign-in failed")
    LOCKED = "locked", pgettext_lazy("audit", "Account locked")
    UNLOCKED = "unlocked", pgettext_lazy("audit", "Account unlocked")
    PASSWORD_CHANGED = "password_changed", pgettext_lazy("audit", "Password changed")
    DENIED = "denied", pgettext_lazy("audit", "Access denied")
    UNMASKED = "unmasked", pgettext_lazy("audit", "Full number shown")
    OPENED = "opened", pgettext_lazy("audit", "File opened")
    EXPORTED = "exported", pgettext_lazy("audit", "Exported")
    CREATED = "created", pgettext_lazy("audit", "Created")
    CHANGED = "changed", pgettext_lazy("audit", "Changed")
    MOVED = "moved", pgettext_lazy("audit", "Moved")
    CLOSED = "closed", pgettext_lazy("audit", "Closed")
    APPOINTED = "appointed", pgettext_lazy("audit", "Appointed")
    DISMISSED = "dismissed", pgettext_lazy("audit", "Dismissed")
    DECIDED = "decided", pgettext_lazy("audit", "Decided")
    PUBLISHED = "published", pgettext_lazy("audit", "Published")
    URGED = "urged", pgettext_lazy("audit", "Urged")
