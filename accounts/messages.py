"""What people learn about their posts."""

from django.utils.translation import gettext_lazy as _

from inbox.registry import Kind

GIVEN_AWAY = Kind(
    "post_given_away", _("From %(day)s on %(name)s is %(role)s of %(office)s in your place."), tone="warn"
)
TAKEN_OVER = Kind("post_taken_over", _("From %(day)s on you are %(role)s of %(office)s, after %(name)s."), tone="ok")
DELEGATED = Kind(
    "post_delegated",
    _("From %(day)s to %(last_day)s %(name)s stands in for you as %(role)s of %(office)s."),
    tone="warn",
)
STANDS_IN = Kind(
    "post_stands_in", _("From %(day)s to %(last_day)s you stand in for %(name)s as %(role)s of %(office)s."), tone="ok"
)
KINDS = (GIVEN_AWAY, TAKEN_OVER, DELEGATED, STANDS_IN)
