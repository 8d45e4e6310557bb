"""Forms of the fund: movements, the bank's statement, agreements and rules."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _, gettext_lazy

from loans.forms.fields import PlainTextField, ReferenceField
from loans.models import Programme
from risk.choices import BOOKED_KINDS, ClaimBase, ClaimPaper, ContributorKind
from risk.models import FundContributor
from risk.operations.errors import UnableToBook
from risk.operations.funds import Party, RuleData
from risk.rules import Band
from web.forms import DayField, MoneyField, OfficeForm, PercentField, WholeNumberField
from web.spreadsheet_reader import FILE_MAX
from web.spreadsheets import SENTENCES

PARTIES, BANDS = 5, 3
NOTHING_CHOSEN = ("", "--")
DAYS_MAX = 720
NAMES = (".xlsx", ".csv", ".txt")


class BlamingForm(OfficeForm):
    """A form of one operation of this room: it shows what the operation refused at the input to blame."""

    def blame(self, error: UnableToBook) -> None:
        self.add_error(error.field if error.field in self.fields else None, str(error))


class FundForm(BlamingForm):
    """A new fund."""

    name = PlainTextField(label=gettext_lazy("Name of the fund"), max_length=80)
    programme = forms.ModelChoiceField(
        label=gettext_lazy("Programme"),
        queryset=Programme.objects.none(),
        required=False,
        empty_label=gettext_lazy("All programmes"),
    )
    opened_on = DayField(label=gettext_lazy("Opened on"))

    def __init__(self, *args: Any, programmes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = programmes  # type: ignore[attr-defined]  # a ModelChoiceField


class BookingForm(BlamingForm):
    """A movement that the bank's statement shows, besides claims."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of movement"), choices=[(kind.value, kind.label) for kind in BOOKED_KINDS]
    )
    contributor = forms.ModelChoiceField(
        label=gettext_lazy("Party that pays in"),
        queryset=FundContributor.objects.none(),
        required=False,
        empty_label="--",
        help_text=gettext_lazy("For payments in and top-ups only."),
    )
    amount = MoneyField(label=gettext_lazy("Amount"))
    value_date = DayField(label=gettext_lazy("Day"))
    bank_reference = ReferenceField(label=gettext_lazy("Bank reference"), max_length=60)
    note = PlainTextField(label=gettext_lazy("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, contributors: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contributor"].queryset = contributors  # type: ignore[attr-defined]  # a ModelChoiceField


class StatementForm(BlamingForm):
    """The bank's statement of the special account."""

    file = forms.FileField(
        label=gettext_lazy("File of the bank"),
        widget=forms.FileInput(attrs={"accept": ",".join(NAMES)}),
        help_text=gettext_lazy(
            "Excel (.xlsx) or CSV with the columns 日期, 流水号, 收入 and 支出. The same rows again are kept once."
        ),
        allow_empty_file=True,
        max_length=200,
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if not str(file.name).lower().endswith(NAMES):
            raise forms.ValidationError(str(SENTENCES["no_table"]))
        if (file.size or 0) > FILE_MAX:
            raise forms.ValidationError(str(SENTENCES["too_large"]))
        return file


class SharesForm(BlamingForm):
    """Who bears what: up to five parties in the order of the agreement."""

    effective_from = DayField(label=gettext_lazy("In force from"))
    document_number = PlainTextField(label=gettext_lazy("Document number"), max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [NOTHING_CHOSEN, *ContributorKind.choices]
        for number in range(1, PARTIES + 1):
            is_needed = number <= 2
            values = {"number": number}
            self.fields[f"name_{number}"] = PlainTextField(
                label=_("Party %(number)s") % values, max_length=60, required=is_needed
            )
            self.fields[f"kind_{number}"] = forms.ChoiceField(
                label=_("Kind of party %(number)s") % values, choices=kinds, required=is_needed
            )
            self.fields[f"weight_{number}"] = PercentField(
                label=_("Share of party %(number)s") % values, required=is_needed
            )
        self.fields[f"name_{PARTIES}"].help_text = _("The party named last takes what rounding leaves.")

    def clean(self) -> dict[str, Any]:
        for number in range(1, PARTIES + 1):
            values = [self.cleaned_data.get(f"{part}_{number}") for part in ("name", "kind", "weight")]
            if any(values) and not all(values):
                self.add_error(f"name_{number}", _("Name, kind and share belong together."))
        return self.cleaned_data

    def parties(self) -> list[Party]:
        """Return the parties named, in order."""
        kept = self.cleaned_data
        return [
            Party(kept[f"name_{number}"], kept[f"kind_{number}"], kept[f"weight_{number}"])
            for number in range(1, PARTIES + 1)
            if kept.get(f"name_{number}")
        ]


class RuleForm(BlamingForm):
    """When claims may be filed and on what."""

    effective_from = DayField(label=gettext_lazy("In force from"))
    document_number = PlainTextField(label=gettext_lazy("Document number"), max_length=60)
    trigger_days = WholeNumberField(label=gettext_lazy("Days overdue"), min_value=1, max_value=DAYS_MAX)
    is_more_than = forms.BooleanField(
        label=gettext_lazy("Only after that day (over 90 days begins on day 91)"), required=False
    )
    base = forms.ChoiceField(label=gettext_lazy("Base"), choices=ClaimBase.choices)
    leverage_max = forms.DecimalField(
        label=gettext_lazy("Lending limit, times the fund"), min_value=Decimal("0.01"), max_digits=7, decimal_places=2,
        required=False, widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip
    deposit_percent = PercentField(label=gettext_lazy("Fund demanded, of the balance lent"), required=False)
    notices_min = WholeNumberField(label=gettext_lazy("Collection notices at least"), initial=2, max_value=20)
    required_papers = forms.MultipleChoiceField(
        label=gettext_lazy("Papers of a claim"), choices=ClaimPaper.choices, initial=ClaimPaper.values,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, BANDS + 1):
            values = {"number": number}
            self.fields[f"from_{number}"] = MoneyField(
                label=_("Band %(number)s from") % values, required=False, allow_zero=True
            )
            self.fields[f"to_{number}"] = MoneyField(label=_("Band %(number)s to") % values, required=False)
            self.fields[f"percent_{number}"] = PercentField(label=_("Band %(number)s counts") % values, required=False)
        self.fields["from_1"].help_text = _("Without bands the whole loss counts.")

    def rule(self) -> RuleData:
        kept = self.cleaned_data
        plain = ("effective_from", "document_number", "trigger_days", "is_more_than", "base", "leverage_max")
        return RuleData(
            **{name: kept[name] for name in (*plain, "deposit_percent", "notices_min", "required_papers")},
            bands=self._bands(),
        )

    def _bands(self) -> Sequence[Band]:
        kept = self.cleaned_data
        return [
            Band(kept.get(f"from_{number}") or Decimal(0), kept.get(f"to_{number}"), kept[f"percent_{number}"])
            for number in range(1, BANDS + 1)
            if kept.get(f"percent_{number}") is not None
        ]
