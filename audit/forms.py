from django import forms
from django.utils.translation import gettext_lazy as _

from audit.choices import Action
from web.forms import DayField, OfficeForm


class EventFilter(OfficeForm):
    """The filter bar of the audit page; everything is optional."""

    account = forms.CharField(label=_("Account or name"), max_length=60, required=False)
    action = forms.ChoiceField(label=_("Action"), choices=[("", _("All")), *Action.choices], required=False)
    subject = forms.CharField(label=_("Subject"), max_length=60, required=False)
    first_day = DayField(label=_("From"), required=False)
    last_day = DayField(label=_("To"), required=False)
