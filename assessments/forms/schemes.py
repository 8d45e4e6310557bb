"""Forms of a scheme's draft: its frame with what it pays, and one item."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _, gettext_lazy, pgettext_lazy

from assessments.choices import (
    Direction,
    Formula,
    HolderRule,
    Measure,
    PeriodKind,
    PrizeLevel,
    RankRule,
    StackingRule,
    SubjectKind,
    TieRule,
    TownshipRule,
)
from assessments.forms.rounds import AssessmentForm
from assessments.operations.schemes import ITEM_FIELDS, SETTINGS, Pay
from loans.forms.fields import PlainTextField
from web.forms import MoneyField, RevisionField, WholeNumberField

TIERS = 4
ENTERED = ("", gettext_lazy("Entered with evidence"))
NOT_PRINTED = gettext_lazy("Not printed in the report: the county decides.")


class PointsField(forms.DecimalField):
    """Points or a score: two decimals at most."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(min_value=Decimal(0), max_value=Decimal(999), max_digits=6, decimal_places=2, **kwargs)


class ValueField(forms.DecimalField):
    """A target or a zero point: four decimals at most."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(max_digits=12, decimal_places=4, **kwargs)


class SchemeForm(AssessmentForm):
    """The frame of a draft, its grades, and what it pays."""

    revision = RevisionField()
    name = PlainTextField(label=gettext_lazy("Name of the scheme"), max_length=80)
    document_number = PlainTextField(label=gettext_lazy("Document number"), max_length=60, required=False)
    period_kind = forms.ChoiceField(label=pgettext_lazy("assessment", "Period"), choices=PeriodKind.choices)
    subject_kind = forms.ChoiceField(label=gettext_lazy("Who is assessed"), choices=SubjectKind.choices)
    notice_days = WholeNumberField(label=gettext_lazy("Days of notice"), min_value=1, max_value=60)
    excellent_from = PointsField(label=gettext_lazy("Excellent from"))
    good_from = PointsField(label=gettext_lazy("Good from"))
    pass_from = PointsField(label=gettext_lazy("Qualified from"))
    commended = WholeNumberField(label=gettext_lazy("How many are commended"), max_value=200)
    rank_rule = forms.ChoiceField(
        label=gettext_lazy("Counting of ranks"), choices=RankRule.choices, help_text=NOT_PRINTED
    )  # fmt: skip
    tie_rule = forms.ChoiceField(
        label=gettext_lazy("Ties for the last place"), choices=TieRule.choices, help_text=NOT_PRINTED
    )
    stacking_rule = forms.ChoiceField(
        label=gettext_lazy("Awards of township and county"), choices=StackingRule.choices, help_text=NOT_PRINTED
    )
    township_rule = forms.ChoiceField(
        label=gettext_lazy("The township's award"), choices=TownshipRule.choices, help_text=NOT_PRINTED
    )
    holder_rule = forms.ChoiceField(
        label=gettext_lazy("A post held by several"), choices=HolderRule.choices, help_text=NOT_PRINTED
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place in range(1, TIERS + 1):
            values = {"number": place}
            self.fields[f"tier_{place}_from"] = PointsField(
                label=_("Tier %(number)s: score from") % values, required=False
            )
            self.fields[f"tier_{place}_amount"] = MoneyField(
                label=_("Tier %(number)s: working funds") % values, required=False, allow_zero=True
            )
        for level, label in PrizeLevel.choices:
            self._add_prize(level, str(label))

    def _add_prize(self, level: str, label: str) -> None:
        values = {"level": label}
        self.fields[f"{level}_places"] = WholeNumberField(
            label=_("First of the %(level)s: places") % values, required=False, max_value=50,
            help_text=_("Empty: no award at this level."),
        )  # fmt: skip
        self.fields[f"{level}_score_min"] = PointsField(
            label=_("First of the %(level)s: score from") % values, required=False
        )
        for name, text in (
            ("amount", _("First of the %(level)s: to the assessed")),
            ("person_amount", _("First of the %(level)s: to each post")),
            ("township_amount", _("First of the %(level)s: to its township")),
        ):
            self.fields[f"{level}_{name}"] = MoneyField(label=text % values, required=False, allow_zero=True)

    def settings(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in SETTINGS}

    def pay(self) -> Pay:
        kept, zero = self.cleaned_data, Decimal(0)
        tiers = {
            kept[f"tier_{place}_from"]: kept[f"tier_{place}_amount"] or zero
            for place in range(1, TIERS + 1)
            if kept.get(f"tier_{place}_from") is not None
        }
        prizes = [
            {
                "level": level,
                "places": kept[f"{level}_places"],
                **{
                    name: kept[f"{level}_{name}"] or zero
                    for name in ("score_min", "amount", "person_amount", "township_amount")
                },
            }
            for level in PrizeLevel.values
            if kept.get(f"{level}_places")
        ]
        return Pay(tuple(tiers.items()), tuple(prizes))


def initial_of(settings: dict[str, Any], pay: Pay, revision: int) -> dict[str, Any]:
    """Return what the form of a draft shows first."""
    found: dict[str, Any] = {**settings, "revision": revision}
    for place, (score, amount) in enumerate(pay.tiers[:TIERS], start=1):
        found |= {f"tier_{place}_from": score, f"tier_{place}_amount": amount}
    for prize in pay.prizes:
        found |= {f"{prize['level']}_{name}": value for name, value in prize.items() if name != "level"}
    return found


class ItemForm(AssessmentForm):
    """One item of a draft."""

    group = PlainTextField(label=gettext_lazy("Group"), max_length=40)
    name = PlainTextField(label=gettext_lazy("Item"), max_length=80)
    points = PointsField(label=gettext_lazy("Points"))
    measure = forms.ChoiceField(label=gettext_lazy("Value"), choices=[ENTERED, *Measure.choices], required=False)
    is_share = forms.BooleanField(
        label=gettext_lazy("The value is so many of so many (47 of 50)"), required=False
    )  # fmt: skip
    direction = forms.ChoiceField(label=gettext_lazy("Direction"), choices=Direction.choices)
    formula = forms.ChoiceField(label=gettext_lazy("Formula"), choices=Formula.choices)
    target = ValueField(
        label=gettext_lazy("Target"), help_text=gettext_lazy("A share as a number: 0.95 stands for 95 %.")
    )  # fmt: skip
    zero_at = ValueField(label=gettext_lazy("No points at"), initial=0)
    deduction = PointsField(label=gettext_lazy("Points off for a unit"), initial=0)
    is_full_without_basis = forms.BooleanField(
        label=gettext_lazy("Full points when there is nothing to measure"), required=False, initial=True
    )
    is_veto = forms.BooleanField(
        label=gettext_lazy("Veto: who misses the target is not qualified"), required=False
    )  # fmt: skip
    note = PlainTextField(label=gettext_lazy("Note"), max_length=200, required=False)

    def item(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ITEM_FIELDS}
