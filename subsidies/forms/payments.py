"""Forms of payments, clawbacks, accounts, findings and the end of the year."""

from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from loans.choices import AccountKind
from loans.forms.fields import PlainTextField, ReferenceField
from loans.forms.problems import ProblemsMixin
from subsidies.choices import MANUAL_REASONS, YearEnd
from web.forms import CodeField, DayField, MoneyField, NameField, OfficeForm
from web.spreadsheet_reader import FILE_MAX
from web.spreadsheets import SENTENCES

NAMES = (".xlsx", ".csv", ".txt")


class SentForm(ProblemsMixin, OfficeForm):
    """The file went to the bank."""

    treasury_reference = ReferenceField(label=_("Number of the treasury's voucher"), max_length=60)
    sent_on = DayField(label=_("Sent on"))


class AnswersForm(ProblemsMixin, OfficeForm):
    """The bank's answer as a file."""

    file = forms.FileField(
        label=_("File of the bank"),
        widget=forms.FileInput(attrs={"accept": ",".join(NAMES)}),
        help_text=_(
            "Excel (.xlsx) or CSV, up to 10 MB and 20,000 rows, with the columns 支付编号, 结果 (成功 or 退票), "
            "退票代码, 日期 and 流水号. The same file again books nothing twice."
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


class NotifyForm(ProblemsMixin, OfficeForm):
    """The notice of a claim was delivered."""

    notified_on = DayField(label=_("Notice delivered on"))


class TakeBackForm(ProblemsMixin, OfficeForm):
    """Money that came back."""

    amount = MoneyField(label=_("Amount"))
    value_date = DayField(label=_("Day"))
    bank_reference = ReferenceField(label=_("Bank reference"), max_length=60)


class YearEndForm(ProblemsMixin, OfficeForm):
    """What becomes of a budget's open money."""

    outcome = forms.ChoiceField(
        label=pgettext_lazy("end of the year", "Decision"), choices=YearEnd.choices, widget=forms.RadioSelect
    )
    document_number = PlainTextField(label=_("Document number"), max_length=60)


class AccountForm(ProblemsMixin, OfficeForm):
    """Where the borrower's subsidy goes."""

    kind = forms.ChoiceField(label=_("Kind"), choices=AccountKind.choices)
    number = CodeField(label=_("Account number"), max_length=40)
    holder_name = NameField(label=_("Account holder"))
    bank_name = PlainTextField(label=_("Bank"), max_length=60)


class ExclusionForm(ProblemsMixin, OfficeForm):
    """What was found about the borrower."""

    reason = forms.ChoiceField(label=_("Reason"), choices=[(reason.value, reason.label) for reason in MANUAL_REASONS])
    from_day = DayField(label=_("From"))
    until_day = DayField(
        label=_("Until"), required=False, help_text=_("This day is subsidised again. Empty: for good.")
    )
    note = PlainTextField(label=_("Note"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"from_day": on}, **kwargs)
