"""What the roster of a batch can be narrowed to."""

from django import forms
from django.utils.translation import gettext_lazy as _

from loans.forms.filters import ANY, FilterForm
from subsidies.choices import LineStatus
from subsidies.queries.lines import NOT_PLAIN


class RosterFilterForm(FilterForm):
    """Text, township or village, and the check."""

    status = forms.ChoiceField(
        label=_("Check"),
        choices=[ANY, (NOT_PLAIN, _("To be looked at and not eligible")), *LineStatus.choices],
        required=False,
    )
