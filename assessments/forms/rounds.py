"""Forms of rounds: opening one, going on, sheets, appeals, consequences."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _, gettext_lazy, pgettext_lazy

from assessments.choices import AppealOutcome, ConsequenceKind, Level
from assessments.models import Scheme, SchemeItem, ScoreRecord
from assessments.operations.errors import UnableToAssess
from assessments.operations.rounds import RoundData
from assessments.operations.scores import Entry, value_of
from assessments.queries.explaining import demand_of, number
from files.forms import PaperField
from loans.forms.fields import PlainTextField
from organizations.models import Division
from web.forms import DayField, OfficeForm, RequestIdField, RevisionField

TEXT_LENGTH_MAX = 1000
ROWS = forms.Textarea(attrs={"rows": 3})


class AssessmentForm(OfficeForm):
    """A form of one operation of this room: it shows what the operation refused at the input to blame."""

    def blame(self, error: UnableToAssess) -> None:
        self.add_error(error.field if error.field in self.fields else None, str(error))


class ActionForm(AssessmentForm):
    """One of several forms of a page, told apart by `action`."""

    action = forms.CharField(widget=forms.HiddenInput)

    title: Any = ""
    button: Any = ""
    code: Any = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        initial = {"action": self.code, **kwargs.pop("initial", {})}
        super().__init__(*args, initial=initial, auto_id=f"id_{self.code}_%s", **kwargs)


class NumberField(forms.DecimalField):
    """A value of an item: plain digits, two decimals at most, not negative."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(min_value=Decimal(0), max_digits=16, decimal_places=2, **kwargs)


class RoundForm(AssessmentForm):
    """A new round."""

    scheme = forms.ModelChoiceField(
        label=gettext_lazy("Scheme"), queryset=Scheme.objects.none(), empty_label=gettext_lazy("Please choose")
    )
    name = PlainTextField(label=gettext_lazy("Name of the round"), max_length=80)
    first_day = DayField(label=gettext_lazy("Period from"))
    last_day = DayField(label=gettext_lazy("Period to"), help_text=gettext_lazy("Figures are counted as of this day."))
    self_until = DayField(label=gettext_lazy("Self-assessment until"))
    first_until = DayField(label=gettext_lazy("First assessment until"))
    county_until = DayField(label=gettext_lazy("County assessment until"))
    townships = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Only these townships"), queryset=Division.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple, help_text=gettext_lazy("Left empty, the whole county is assessed."),
    )  # fmt: skip
    request_id = RequestIdField()

    def __init__(self, *args: Any, schemes: Any, townships: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scheme"].queryset = schemes  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["townships"].queryset = townships  # type: ignore[attr-defined]

    def campaign(self) -> RoundData:
        kept = self.cleaned_data
        names = ("name", "first_day", "last_day", "self_until", "first_until", "county_until")
        return RoundData(**{name: kept[name] for name in names}, townships=tuple(kept["townships"]))


class AdvanceForm(ActionForm):
    """Take a round one step on."""

    code = "advance"
    title = gettext_lazy("Next step of the round")

    revision = RevisionField()
    reason = PlainTextField(
        label=gettext_lazy("Remark"), max_length=TEXT_LENGTH_MAX, required=False, widget=ROWS
    )  # fmt: skip


class SheetForm(AssessmentForm):
    """A level's values of the items that are not counted, with reasons and evidence."""

    revision = RevisionField()
    request_id = RequestIdField()

    def __init__(
        self,
        *args: Any,
        items: Sequence[SchemeItem],
        before: Mapping[int, ScoreRecord],
        level: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.items, self.level = [item for item in items if not item.measure], level
        for item in self.items:
            self._add(item, before.get(item.pk))
        self.fields["opinion"] = PlainTextField(
            label=_("Opinion"), max_length=TEXT_LENGTH_MAX, required=False, widget=ROWS
        )  # fmt: skip

    def _add(self, item: SchemeItem, before: ScoreRecord | None) -> None:
        names = {"item": item.name}
        hint = _("%(points)s points; %(demand)s.") % {"points": number(item.points), "demand": demand_of(item)}
        self.fields[f"value_{item.pk}"] = NumberField(
            label=_("%(item)s: so many") % names if item.is_share else item.name,
            help_text=hint,
            initial=number(before.numerator) if before else None,
        )
        if item.is_share:
            self.fields[f"of_{item.pk}"] = NumberField(
                label=_("%(item)s: of so many") % names,
                help_text=_("Zero when there is nothing to measure."),
                initial=number(before.denominator) if before else None,
            )
        label = _("%(item)s: grounds") if self.level == Level.SELF else _("%(item)s: reason for a different value")
        self.fields[f"reason_{item.pk}"] = PlainTextField(label=label % names, max_length=200, required=False)
        if self.level != Level.COUNTY:
            self.fields[f"evidence_{item.pk}"] = PaperField(label=_("%(item)s: evidence") % names, required=False)

    def entries(self) -> dict[int, Entry]:
        kept = self.cleaned_data
        return {
            item.pk: Entry(
                value_of(kept[f"value_{item.pk}"], kept.get(f"of_{item.pk}")),
                kept[f"reason_{item.pk}"],
                kept.get(f"evidence_{item.pk}"),
            )
            for item in self.items
        }


class AppealForm(ActionForm):
    """What the assessed says against an item."""

    code = "appeal"
    title, button = gettext_lazy("Appeal"), gettext_lazy("File the appeal")

    item = forms.TypedChoiceField(label=gettext_lazy("Item"), coerce=int)
    reason = PlainTextField(label=gettext_lazy("Reason"), max_length=TEXT_LENGTH_MAX, widget=ROWS)
    evidence = PaperField(label=gettext_lazy("Evidence"), required=False)
    request_id = RequestIdField()

    def __init__(self, *args: Any, items: Sequence[SchemeItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].choices = [(item.pk, item.name) for item in items]  # type: ignore[attr-defined]


class AnswerForm(ActionForm):
    """The county's answer to an appeal; upheld it brings the right value."""

    code = "answer"
    title, button = gettext_lazy("Answer the appeal"), gettext_lazy("Confirm the answer")

    appeal = forms.IntegerField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=gettext_lazy("Decision"), choices=AppealOutcome.choices, widget=forms.RadioSelect
    )  # fmt: skip
    numerator = NumberField(
        label=gettext_lazy("The right value"), required=False, help_text=gettext_lazy("Only when it is upheld.")
    )
    denominator = NumberField(label=gettext_lazy("of so many"), required=False)
    reason = PlainTextField(label=gettext_lazy("Reason"), max_length=TEXT_LENGTH_MAX, widget=ROWS)


class ConsequenceForm(ActionForm):
    """What followed poor work."""

    code = "consequence"
    title, button = gettext_lazy("Record a consequence"), pgettext_lazy("consequence", "Record")

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=ConsequenceKind.choices)
    person_name = PlainTextField(
        label=gettext_lazy("Person concerned"), max_length=40, required=False,
        help_text=gettext_lazy("Empty: the organization as a whole."),
    )  # fmt: skip
    document_number = PlainTextField(label=gettext_lazy("Document number"), max_length=60)
    decided_on = DayField(label=gettext_lazy("Decided on"))
    reason = PlainTextField(label=gettext_lazy("Reason"), max_length=TEXT_LENGTH_MAX, widget=ROWS)
    request_id = RequestIdField()
