"""What those who answer for the printed statistics are told."""

from django.utils.translation import gettext_lazy as _

from inbox.registry import Kind

REPORT_OWED = Kind("report_owed", _("%(report)s (%(period)s) is to be handed in by %(day)s."), tone="warn")
REPORT_LATE = Kind("report_late", _("%(report)s (%(period)s) is late; it was due on %(day)s."), tone="bad")
KINDS = (REPORT_OWED, REPORT_LATE)
