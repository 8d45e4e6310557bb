import unicodedata
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from accounts.choices import KINDS_OF_ROLE, Role, Theme
from organizations.models import Organization, Person
from organizations.queries import find_person
from organizations.rules import InvalidIdNumber, parse_id_number
from web.forms import DayField, IdNumberField, NameField, OfficeForm, OfficeFormMixin

USERNAME_LENGTH_MAX = 60


def normalised_username(text: str) -> str:
    """Return an account name as it is stored and counted: `Ｃlerk ` and `CLERK` are one account and one lock."""
    return unicodedata.normalize("NFKC", text).strip().lower()


class SignInForm(OfficeForm):
    """Only the shape is checked here; whether account and password belong together, `authenticate` tells."""

    username = forms.CharField(
        label=_("Account"),
        max_length=USERNAME_LENGTH_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def clean_username(self) -> str:
        return normalised_username(self.cleaned_data["username"])


class OwnPasswordForm(OfficeFormMixin, PasswordChangeForm):
    """Django's form: the old password, the new one twice, the rules of settings.AUTH_PASSWORD_VALIDATORS."""


class PreferencesForm(OfficeForm):
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    theme = forms.ChoiceField(label=_("Colours"), choices=Theme.choices, required=False)
    large_text = forms.BooleanField(label=_("Large text"), required=False)


class AccountFilter(OfficeForm):
    STATES = [
        ("", _("All")),
        ("open", pgettext_lazy("account", "Open")),
        ("closed", pgettext_lazy("account", "Closed")),
    ]

    q = forms.CharField(label=_("Account or name"), max_length=60, required=False)
    state = forms.ChoiceField(label=_("State"), choices=STATES, required=False)


class AccountForm(OfficeForm):
    """A new account. The identity number tells that two accounts belong to one person, who must not check himself."""

    username = forms.CharField(
        label=_("Account"),
        max_length=USERNAME_LENGTH_MAX,
        validators=[UnicodeUsernameValidator()],
        help_text=_("Letters, digits and @ . + - _ only. Capital and small letters are the same."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    name = NameField(label=_("Name"))
    id_number = IdNumberField(
        label=_("ID number"),
        required=False,
        help_text=_("If the person is in the register: two accounts of one person then count as one decider."),
    )

    def clean_username(self) -> str:
        return normalised_username(self.cleaned_data["username"])

    def clean_id_number(self) -> Person | None:
        number = self.cleaned_data["id_number"]
        if not number:
            return None
        try:
            person = find_person(parse_id_number(number))
        except InvalidIdNumber as error:
            raise forms.ValidationError(_("This ID number is not valid. Please check it.")) from error
        if person is None:
            raise forms.ValidationError(_("Nobody with this ID number is in the register."))
        return person


class PostFilter(OfficeForm):
    STATES = [("", _("In force")), ("future", _("Not begun")), ("past", _("Ended")), ("all", _("All"))]

    q = forms.CharField(label=_("Account, name or organization"), max_length=60, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=[("", _("All")), *Role.choices], required=False)
    state = forms.ChoiceField(label=_("State"), choices=STATES, required=False)


class AppointForm(OfficeForm):
    """The last step of an appointment: account and organization are chosen, the role must fit the organization."""

    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)
    valid_from = DayField(label=_("First day"))
    valid_to = DayField(label=_("Last day"), required=False, help_text=_("Empty: until further notice."))

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [(role.value, role.label) for role in Role if organization.kind in KINDS_OF_ROLE[role]]
        self.fields["role"].choices = roles  # type: ignore[attr-defined]  # a ChoiceField
        if len(roles) == 1:
            self.fields["role"].initial = roles[0][0]


class DismissForm(OfficeForm):
    last_day = DayField(label=_("Last day"), help_text=_("The rights end with this day."))


class HandOverForm(OfficeForm):
    first_day = DayField(
        label=_("First day of the new holder"), help_text=_("The present holder's rights end with the day before.")
    )


class DelegateForm(OfficeForm):
    first_day = DayField(label=_("First day"))
    last_day = DayField(label=_("Last day"), help_text=_("The rights end with this day."))
