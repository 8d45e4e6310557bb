"""What the owner of a job is told when he has probably gone on to other work."""

from django.utils.translation import gettext_lazy as _

from inbox.registry import Kind

DONE = Kind("job_done", _("Finished: %(title)s."), tone="ok")
FAILED = Kind("job_failed", _("Could not be done: %(title)s."), tone="bad")
KINDS = (DONE, FAILED)
