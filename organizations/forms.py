"""Forms of the tree and the registers. They turn input into values; the operations judge and write."""

import re
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from organizations.choices import (
    EntityKind,
    EthnicGroup,
    HouseholdRelation,
    MemberStanding,
    MemberStatus,
    OrganizationKind,
)
from organizations.models import Division, Household, Organization
from web.forms import CodeField, DayField, IdNumberField, NameField, OfficeForm
from web.text import compact

# A mobile number, or a landline with or without its area code (0872 in Dali).
PHONE = re.compile(r"1[3-9]\d{9}|(0\d{2,3})?\d{7,8}")


class DivisionChoice(forms.ModelChoiceField):
    """Villages under their township, in official order."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("queryset", Division.objects.none())
        kwargs.setdefault("empty_label", _("Please choose"))
        super().__init__(**kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return obj.place_name


class PhoneField(CodeField):
    default_error_messages = {
        "phone": _("Write a mobile number with 11 digits, or a landline number with its area code."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 20)
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("inputmode", "tel")

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not PHONE.fullmatch(value):
            raise forms.ValidationError(self.error_messages["phone"], code="phone")


class PlacedForm(OfficeForm):
    """A form that offers only the divisions within the person's reach (`divisions`, in official order)."""

    def __init__(self, *args: Any, divisions: "QuerySet[Division]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["division"].queryset = divisions.select_related("parent")  # type: ignore[attr-defined]


class ConfirmForm(OfficeForm):
    """A form whose operation may answer that something is unusual: the person then confirms it by a check box."""

    confirmed = forms.BooleanField(
        label=_("I have checked this. Save it all the same."), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.warning = ""
        if self.field_order is None:
            self.order_fields([name for name in self.fields if name != "confirmed"] + ["confirmed"])

    def ask(self, warning: str) -> None:
        """Show the warning and the check box."""
        self.warning = warning
        self.fields["confirmed"].widget = forms.CheckboxInput()


# --- Tree ------------------------------------------------------------------------------------------------------------


class OrganizationForm(PlacedForm, ConfirmForm):
    """A new organization under `parent`."""

    kind = forms.ChoiceField(label=_("Kind"), choices=OrganizationKind.choices)
    name = forms.CharField(label=pgettext_lazy("organization", "Name"), max_length=100)
    short_name = forms.CharField(
        label=_("Short name"), max_length=40, required=False, help_text=_("For lists; empty: the name itself.")
    )
    code = forms.CharField(label=_("Code"), max_length=30, help_text=_("Unique in the county."))
    division = DivisionChoice(label=_("Division"))
    phone = PhoneField(label=_("Telephone"), required=False)
    valid_from = DayField(label=_("Founded on"))

    def clean_code(self) -> str:
        return compact(self.cleaned_data["code"])


class OrganizationChangeForm(PlacedForm):
    name = forms.CharField(label=pgettext_lazy("organization", "Name"), max_length=100)
    short_name = forms.CharField(label=_("Short name"), max_length=40, required=False)
    phone = PhoneField(label=_("Telephone"), required=False)
    division = DivisionChoice(label=_("Division"))


class MoveForm(ConfirmForm):
    """The last look before a move: where to, has been chosen before."""


class LastDayForm(OfficeForm):
    last_day = DayField(label=_("Last day"))


class ServiceAreaForm(OfficeForm):
    divisions = forms.ModelMultipleChoiceField(
        label=_("Townships and villages served"),
        queryset=Division.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, divisions: "QuerySet[Division]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["divisions"].queryset = divisions  # type: ignore[attr-defined]


class DivisionForm(OfficeForm):
    code = CodeField(label=_("Code"), help_text=_("Twelve digits of the statistical code; never make one up."))
    name = forms.CharField(label=pgettext_lazy("organization", "Name"), max_length=60)
    short_name = forms.CharField(label=_("Short name"), max_length=60, required=False)
    valid_from = DayField(label=_("Valid from"), required=False)


# --- People ----------------------------------------------------------------------------------------------------------


class RegisterFilter(OfficeForm):
    """The filter bar of every register: a division within one's reach and a text."""

    division = forms.ChoiceField(label=_("Township or village"), required=False)
    q = forms.CharField(
        label=_("Name, pinyin initials or last four of the ID"), max_length=40, required=False
    )  # fmt: skip

    def __init__(self, *args: Any, divisions: list[Division], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["division"].choices = [("", _("All")), *((d.path, d.name) for d in divisions)]  # type: ignore[attr-defined]

    @property
    def wanted(self) -> dict[str, Any]:
        """The valid filters by the names that the queries use."""
        cleaned = dict(self.cleaned_data) if self.is_valid() else {}
        cleaned["text"] = cleaned.pop("q", "")
        return cleaned


class PeopleFilter(RegisterFilter):
    poor = forms.BooleanField(label=_("Registered poor"), required=False)


class MemberFilter(RegisterFilter):
    status = forms.ChoiceField(label=_("Status"), choices=[("", _("All")), *MemberStatus.choices], required=False)


class EntityFilter(RegisterFilter):
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("All")), *EntityKind.choices], required=False)


class HouseholdField(forms.CharField):
    """A household by its number; cleans to the household, or None when left empty."""

    def clean(self, value: Any) -> Any:
        code = compact(super().clean(value))
        if not code:
            return None
        household = Household.objects.filter(code=code).first()
        if household is None:
            raise forms.ValidationError(_("There is no household with this number."))
        return household


class PersonForm(PlacedForm):
    """A new person, the identity number first: it fills birth date and sex and finds somebody already known."""

    id_number = IdNumberField(label=_("ID number"))
    name = NameField(label=_("Name"))
    division = DivisionChoice(label=_("Village"))
    ethnic_group = forms.ChoiceField(label=_("Ethnic group"), choices=EthnicGroup.choices, initial=EthnicGroup.BAI)
    phone = PhoneField(label=_("Telephone"), required=False)
    household = HouseholdField(
        label=_("Household number"), required=False, help_text=_("Of a household in the register; may be given later.")
    )
    relation = forms.ChoiceField(
        label=_("Relation to the head"), choices=HouseholdRelation.choices, initial=HouseholdRelation.HEAD
    )


class PersonChangeForm(OfficeForm):
    name = NameField(label=_("Name"))
    pinyin = forms.CharField(
        label=_("Reading"),
        max_length=80,
        required=False,
        help_text=_("Only where the machine reads the name wrongly: pinyin with a space between syllables."),
    )
    ethnic_group = forms.ChoiceField(label=_("Ethnic group"), choices=EthnicGroup.choices)
    phone = PhoneField(label=_("Telephone"), required=False, help_text=_("Empty: the telephone stays as it is."))

    def clean_pinyin(self) -> str:
        reading = self.cleaned_data["pinyin"].strip()
        if reading and not re.fullmatch(r"[A-Za-z]+[1-5]?( +[A-Za-z]+[1-5]?)*", reading):
            raise forms.ValidationError(_("Write the reading with letters, syllable by syllable."))
        return reading

    def clean_phone(self) -> str | None:
        return self.cleaned_data["phone"] or None


class IdNumberForm(OfficeForm):
    """A correction of a number that was typed wrongly."""

    id_number = IdNumberField(label=_("Right ID number"))
    reason = forms.CharField(label=_("Reason"), max_length=200)


class MovePersonForm(PlacedForm):
    division = DivisionChoice(label=_("New village"))


class RevealForm(OfficeForm):
    reason = forms.CharField(label=_("Reason for looking"), max_length=200)


# --- Households ------------------------------------------------------------------------------------------------------


class HouseholdForm(PlacedForm):
    division = DivisionChoice(label=_("Village"))
    code = forms.CharField(
        label=_("Household number"),
        max_length=30,
        required=False,
        help_text=_("As in the household book; empty: the next number of the village."),
    )
    address = forms.CharField(label=_("Group and house number"), max_length=100, required=False)
    poor_from = DayField(label=_("Registered poor from"), required=False)


class HouseholdChangeForm(OfficeForm):
    address = forms.CharField(label=_("Group and house number"), max_length=100, required=False)
    poor_from = DayField(label=_("Registered poor from"), required=False)
    poor_to = DayField(label=_("Registered poor to"), required=False)


class HouseholdMemberForm(OfficeForm):
    """Somebody of the village by his identity number: names are not unique."""

    id_number = IdNumberField(label=_("ID number"))
    relation = forms.ChoiceField(
        label=_("Relation to the head"), choices=HouseholdRelation.choices, initial=HouseholdRelation.SPOUSE
    )


# --- Party members ---------------------------------------------------------------------------------------------------


class BranchChoice(forms.ModelChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("queryset", Organization.objects.none())
        kwargs.setdefault("empty_label", _("Please choose"))
        super().__init__(**kwargs)


class BranchForm(OfficeForm):
    """A form that offers only the branches within the person's reach."""

    def __init__(self, *args: Any, branches: "QuerySet[Organization]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branch"].queryset = branches  # type: ignore[attr-defined]


class AdmitForm(BranchForm):
    branch = BranchChoice(label=_("Branch"))
    joined_on = DayField(label=_("Joined on"))
    full_from = DayField(
        label=_("Full member from"), required=False, help_text=_("Empty: a probationary member.")
    )  # fmt: skip


class FullMemberForm(OfficeForm):
    full_from = DayField(label=_("Full member from"))


class TransferForm(BranchForm):
    branch = BranchChoice(label=_("New branch"))
    first_day = DayField(label=_("From"))


class StandingForm(OfficeForm):
    standing = forms.ChoiceField(
        label=_("Standing"), choices=[choice for choice in MemberStanding.choices if choice[0] != MemberStanding.LEFT]
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)


class LeaveForm(OfficeForm):
    left_on = DayField(label=_("Last day of membership"))
    reason = forms.CharField(label=_("Reason"), max_length=200)


# --- Entities --------------------------------------------------------------------------------------------------------


class EntityChangeForm(ConfirmForm):
    name = forms.CharField(label=pgettext_lazy("organization", "Name"), max_length=100)
    registration_code = CodeField(
        label=_("Registration code"),
        required=False,
        help_text=_("18 characters, or the organisation code with 9 for bodies registered before 2015."),
    )
    representative = IdNumberField(
        label=_("ID number of the representative"),
        required=False,
        help_text=_("Of somebody in the register. Empty: the representative stays as it is."),
    )

    def clean_registration_code(self) -> str:
        return self.cleaned_data["registration_code"].upper()


class EntityForm(PlacedForm, EntityChangeForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=EntityKind.choices)
    division = DivisionChoice(label=_("Village"))
    valid_from = DayField(label=_("Founded on"), required=False)

    field_order = ["name", "kind", "division", "registration_code", "representative", "valid_from", "confirmed"]
