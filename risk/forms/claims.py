"""Forms of a claim: filing with papers, handling, paying, recovery, write-off; and the exemption."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext as _, gettext_lazy, pgettext_lazy

from files.forms import PaperField
from loans.forms.fields import PlainTextField, ReferenceField
from risk.choices import ClaimOutcome, ClaimPaper, ClaimState, ExemptionOutcome
from risk.forms.funds import BlamingForm
from risk.operations.claims import Paper
from web.forms import DayField, MoneyField, OfficeForm, RevisionField, WholeNumberField

REASON_LENGTH_MAX = 1000


class ClaimFilterForm(OfficeForm):
    """What the list of claims can be narrowed to."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"), choices=[("", gettext_lazy("All")), *ClaimState.choices], required=False
    )


class ClaimForm(BlamingForm):
    """A move of a claim. `action` tells the forms of one page apart, `revision` is what the person saw."""

    action = forms.CharField(widget=forms.HiddenInput)
    revision = RevisionField()

    title: Any = ""
    button: Any = ""
    code: Any = ""

    def __init__(self, *args: Any, revision: int, **kwargs: Any) -> None:
        initial = {"action": self.code, "revision": revision, **kwargs.pop("initial", {})}
        super().__init__(*args, initial=initial, auto_id=f"id_{self.code}_%s", **kwargs)


class FilingForm(ClaimForm):
    """The papers handed in as scans, with their numbers. What was scanned for an earlier filing stays."""

    code = ClaimOutcome.FILE
    title, button = gettext_lazy("File the claim"), pgettext_lazy("claim", "File")

    copies = WholeNumberField(label=gettext_lazy("Collection notices handed in"), min_value=1, max_value=50, initial=2)
    opinion = PlainTextField(
        label=gettext_lazy("Opinion of the lender"), max_length=REASON_LENGTH_MAX, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(
        self, *args: Any, required: Collection[str] = (), scanned: Collection[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.scanned = scanned
        papers: dict[str, forms.Field] = {}
        for code, label in ClaimPaper.choices:
            is_there = code in scanned
            papers[f"file_{code}"] = PaperField(
                label=label,
                required=code in required and not is_there,
                help_text=gettext_lazy("Scanned for an earlier filing; a new file takes its place.")
                if is_there
                else "",
            )
            papers[f"number_{code}"] = ReferenceField(
                label=_("Number: %(paper)s") % {"paper": label}, max_length=60, required=False
            )
        self.fields = {**papers, **self.fields}

    def papers(self) -> list[Paper]:
        kept = self.cleaned_data
        return [
            Paper(
                code,
                kept[f"number_{code}"],
                kept["copies"] if code == ClaimPaper.COLLECTION else 1,
                kept[f"file_{code}"],
            )
            for code in ClaimPaper.values
            if kept[f"file_{code}"] is not None or code in self.scanned
        ]


class HandlingForm(ClaimForm):
    """Agree, send back, refuse."""

    code = "handle"
    title, button = gettext_lazy("Decide"), gettext_lazy("Confirm the decision")
    labels = {
        ClaimOutcome.PASS: gettext_lazy("Agree"),
        ClaimOutcome.RETURN: gettext_lazy("Send back for correction"),
        ClaimOutcome.REJECT: gettext_lazy("Do not compensate"),
    }

    outcome = forms.ChoiceField(label=gettext_lazy("Decision"), widget=forms.RadioSelect)
    reason = PlainTextField(
        label=gettext_lazy("Opinion or reason"), max_length=REASON_LENGTH_MAX, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, *args: Any, outcomes: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(code, self.labels[ClaimOutcome(code)]) for code in outcomes]
        self.fields["outcome"].choices = offered  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["outcome"].initial = offered[0][0]


class PayForm(ClaimForm):
    """The payout as the bank booked it."""

    code = ClaimOutcome.PAY
    title, button = gettext_lazy("Pay out of the special account"), gettext_lazy("Book the payout")

    value_date = DayField(label=gettext_lazy("Day"))
    bank_reference = ReferenceField(label=gettext_lazy("Bank reference"), max_length=60)


class RecoveryForm(ClaimForm):
    """Money that came in after the payout."""

    code = ClaimOutcome.RECOVER
    title, button = gettext_lazy("Book a recovery"), gettext_lazy("Book the recovery")

    amount = MoneyField(label=gettext_lazy("Recovered"))
    costs = MoneyField(label=gettext_lazy("Costs of recovery"), allow_zero=True)
    value_date = DayField(label=gettext_lazy("Day"))
    bank_reference = ReferenceField(label=gettext_lazy("Bank reference"), max_length=60)


class ProposeWriteOffForm(ClaimForm):
    """Nothing more is expected: finance proposes to write the rest off, with the paper on it."""

    code = ClaimOutcome.PROPOSE_WRITE_OFF
    title, button = gettext_lazy("Propose to write the rest off"), gettext_lazy("Send for decision")

    document_number = PlainTextField(label=gettext_lazy("Document number"), max_length=60)
    paper = PaperField(label=gettext_lazy("Paper on the write-off"))
    reason = PlainTextField(
        label=gettext_lazy("Reason"), max_length=REASON_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": 3})
    )


class WriteOffForm(ClaimForm):
    """The leading group's decision on the proposal."""

    code = ClaimOutcome.WRITE_OFF
    title, button = gettext_lazy("Decide on the write-off"), gettext_lazy("Confirm the decision")

    outcome = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[
            (ClaimOutcome.WRITE_OFF.value, gettext_lazy("Write the rest off")),
            (ClaimOutcome.KEEP.value, gettext_lazy("Do not write it off")),
        ],
        widget=forms.RadioSelect,
    )
    reason = PlainTextField(
        label=gettext_lazy("Opinion or reason"), max_length=REASON_LENGTH_MAX, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class ExemptionForm(BlamingForm):
    """Whether the staff named are free of blame."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Decision"), choices=ExemptionOutcome.choices, widget=forms.RadioSelect
    )
    staff = PlainTextField(label=gettext_lazy("Staff concerned"), max_length=200)
    reason = PlainTextField(
        label=gettext_lazy("Reason"), max_length=REASON_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": 4})
    )
