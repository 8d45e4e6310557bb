"""The sentences by which people learn of a problem that is theirs, or that is late."""

from django.utils.translation import gettext_lazy as _

from inbox.registry import Kind

GIVEN = Kind("problem_given", _("A problem for your office: %(number)s, to be solved by %(day)s."), tone="warn")
LATE = Kind("problem_late", _("Past its deadline: problem %(number)s, due on %(day)s."), tone="bad")
KINDS = (GIVEN, LATE)
