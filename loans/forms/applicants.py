"""Somebody new in the register on the way to his application, and the list of what to bring."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _, gettext_lazy

from loans.choices import BorrowerKind
from loans.forms.people import RegisterField
from loans.models import ProgrammeVersion
from organizations.choices import EthnicGroup, HouseholdRelation
from organizations.forms import DivisionChoice, PhoneField
from organizations.models import Division
from organizations.scope import Scope
from web.forms import IdNumberField, NameField, OfficeForm


class RegisterApplicantForm(OfficeForm):
    """Who is not in the register yet. He heads a new household, or joins that of somebody who is in it."""

    id_number = IdNumberField(label=gettext_lazy("ID number"))
    name = NameField(label=gettext_lazy("Name"))
    division = DivisionChoice(label=gettext_lazy("Village"))
    address = forms.CharField(label=gettext_lazy("Group and house number"), max_length=100, required=False)
    ethnic_group = forms.ChoiceField(
        label=gettext_lazy("Ethnic group"), choices=EthnicGroup.choices, initial=EthnicGroup.BAI
    )
    phone = PhoneField(label=gettext_lazy("Telephone"), required=False)
    relation = forms.ChoiceField(
        label=gettext_lazy("Relation to the head"), choices=HouseholdRelation.choices, initial=HouseholdRelation.HEAD
    )

    def __init__(self, *args: Any, divisions: "QuerySet[Division]", scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["division"].queryset = divisions  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["housemate"] = RegisterField(
            label=_("Somebody of his household"),
            scope=scope,
            needs_household=True,
            help_text=_("Name or identity number of a member in the register. Empty: he begins a new household."),
        )

    def clean(self) -> dict[str, Any]:
        kept = self.cleaned_data
        if kept.get("housemate") is None and "housemate" not in self.errors:
            if kept.get("relation", HouseholdRelation.HEAD) != HouseholdRelation.HEAD:
                self.add_error("housemate", _("Name somebody of the household whose member he is."))
        elif kept.get("housemate") is not None and kept.get("relation") == HouseholdRelation.HEAD:
            self.add_error("relation", _("This household already has a head."))
        return kept

    def applicant(self) -> dict[str, Any]:
        """Return the arguments of `operations.register_applicant` that this form fills."""
        return dict(self.cleaned_data)


class ChecklistForm(OfficeForm):
    """Whose list it is."""

    version = forms.ChoiceField(label=gettext_lazy("Programme"), required=False)
    borrower_kind = forms.ChoiceField(label=gettext_lazy("Borrower"), choices=BorrowerKind.choices, required=False)

    def __init__(self, *args: Any, versions: Sequence[ProgrammeVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.versions = {str(version.pk): version for version in versions}
        self.fields["version"].choices = [(key, version.name) for key, version in self.versions.items()]  # type: ignore[attr-defined]

    @property
    def chosen_version(self) -> ProgrammeVersion | None:
        """The version asked for, else the first one in force; None where no programme is in force."""
        key = self.cleaned_data.get("version", "") if self.is_valid() else ""
        return self.versions.get(key) or next(iter(self.versions.values()), None)

    @property
    def chosen_kind(self) -> str:
        key = self.cleaned_data.get("borrower_kind", "") if self.is_valid() else ""
        return key or BorrowerKind.HOUSEHOLD
