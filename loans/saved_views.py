"""The views that the lists of this room bring along."""

from django.utils.translation import gettext_lazy as _

from web.built_in_views import BuiltIn

BUILT_IN = (
    BuiltIn("loans:cases", _("Registered by me"), "mine=on"),
    BuiltIn("loans:cases", _("Cases I handled"), "handled=on"),
    BuiltIn("loans:cases", _("Overdue"), "due=overdue"),
    BuiltIn("loans:loans", _("Loans in arrears"), "state=overdue"),
    BuiltIn("loans:loans", _("Current loans"), "state=live"),
    BuiltIn("loans:loans", _("Loans repaid in full"), "state=settled"),
    BuiltIn("loans:arrears", _("Due within 30 days"), "bucket=soon"),
)
