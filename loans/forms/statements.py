"""Forms of the bank statements: the file, the filters, the note on a difference."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from loans.choices import LineOutcome
from loans.forms.fields import PlainTextField
from loans.forms.filters import ANY
from loans.forms.problems import ProblemsMixin
from organizations.models import Organization
from web.forms import OfficeForm
from web.spreadsheet_reader import FILE_MAX
from web.spreadsheets import SENTENCES

NOTE_LENGTH_MAX = 300
NAMES = (".xlsx", ".csv", ".txt")
LOOKS = [
    ("open", pgettext_lazy("difference", "To be clarified")),
    ("clarified", pgettext_lazy("difference", "Clarified")),
]


class StatementForm(OfficeForm):
    """The bank's file. Somebody with posts at several counters says whose statement it is."""

    outlet = forms.ChoiceField(label=_("Counter"))
    file = forms.FileField(
        label=_("File of the bank"),
        widget=forms.FileInput(attrs={"accept": ",".join(NAMES)}),
        help_text=_("Excel (.xlsx) or CSV, up to 10 MB and 20,000 rows."),
        allow_empty_file=True,
        max_length=200,
    )

    def __init__(self, *args: Any, outlets: Sequence[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.outlets = {str(outlet.pk): outlet for outlet in outlets}
        self.fields["outlet"].choices = [(key, outlet.name) for key, outlet in self.outlets.items()]  # type: ignore[attr-defined]
        if len(outlets) == 1:
            del self.fields["outlet"]

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if not str(file.name).lower().endswith(NAMES):
            raise forms.ValidationError(str(SENTENCES["no_table"]))
        if (file.size or 0) > FILE_MAX:
            raise forms.ValidationError(str(SENTENCES["too_large"]))
        return file

    @property
    def chosen_outlet(self) -> Organization:
        key = self.cleaned_data.get("outlet") or next(iter(self.outlets))
        return self.outlets[key]


class LineFilterForm(OfficeForm):
    """What the lines of one statement can be narrowed to."""

    outcome = forms.ChoiceField(
        label=_("Result"), choices=[ANY, *LineOutcome.choices], required=False
    )  # fmt: skip
    look = forms.ChoiceField(label=_("Difference"), choices=[ANY, *LOOKS], required=False)

    @property
    def chosen(self) -> dict[str, Any]:
        """What was understood; the rest of a tampered URL is as if it were not there."""
        if not self.is_bound:
            return {}
        self.full_clean()
        return dict(self.cleaned_data)


class DifferenceFilterForm(LineFilterForm):
    """What the list of all differences can be narrowed to."""

    statement = forms.TypedChoiceField(label=_("Statement"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, statements: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["statement"].choices = [ANY, *((pk, name) for pk, name in statements)]  # type: ignore[attr-defined]


class ClarifyForm(ProblemsMixin, OfficeForm):
    """How a difference was clarified, and with whom."""

    note = PlainTextField(
        label=_("How it was clarified"),
        max_length=NOTE_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What the bank or the borrower said, and what was agreed."),
    )
