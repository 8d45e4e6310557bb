"""Forms of visits and of collection. They are filled in standing in a yard: few fields, large targets."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from files.forms import PaperField, PhotosField
from loans.choices import BusinessCondition, CollectionKind, Reached, RepaymentOutlook, UseOfFunds, VisitSide
from loans.forms.fields import PlainTextField
from loans.forms.filters import ANY, FilterForm
from loans.forms.problems import ProblemsMixin
from loans.models import Visit
from loans.models.care import TEXT_LENGTH_MAX
from loans.operations.care import PHOTOS_MAX, CollectionReport, VisitReport
from web.forms import DayField, MoneyField, OfficeForm, RequestIdField


class VisitForm(ProblemsMixin, OfficeForm):
    """What was found at a visit."""

    request_id = RequestIdField()
    visited_on = DayField(label=_("Day of the visit"))
    use_of_funds = forms.ChoiceField(label=_("Use of the money"), choices=UseOfFunds.choices, widget=forms.RadioSelect)
    business = forms.ChoiceField(label=_("Business"), choices=BusinessCondition.choices, widget=forms.RadioSelect)
    outlook = forms.ChoiceField(
        label=_("Repayment outlook"), choices=RepaymentOutlook.choices, widget=forms.RadioSelect
    )
    findings = PlainTextField(
        label=_("Findings"),
        max_length=TEXT_LENGTH_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Needed when something is not as it should be."),
    )
    photos = PhotosField(
        label=_("Photos"),
        photos_max=PHOTOS_MAX,
        required=False,
        help_text=_("Up to six photos. Where and with which telephone they were taken is not kept."),
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        kwargs["initial"] = {"visited_on": on, **kwargs.pop("initial", {})}
        super().__init__(*args, **kwargs)

    def report(self) -> VisitReport:
        kept = self.cleaned_data
        return VisitReport(
            visited_on=kept["visited_on"],
            use_of_funds=UseOfFunds(kept["use_of_funds"]),
            business=BusinessCondition(kept["business"]),
            outlook=RepaymentOutlook(kept["outlook"]),
            findings=kept["findings"],
            photos=kept["photos"],
        )


class CorrectionForm(VisitForm):
    """The visit once more, as it should have been written down."""

    keep_photos = forms.BooleanField(label=_("Keep the photos of the corrected record"), required=False, initial=True)

    def __init__(self, *args: Any, visit: Visit, **kwargs: Any) -> None:
        names = ("visited_on", "use_of_funds", "business", "outlook", "findings")
        initial = {name: getattr(visit, name) for name in names}
        super().__init__(*args, initial=initial, **kwargs)
        self.order_fields([*names, "keep_photos", "photos"])


class CollectionForm(ProblemsMixin, OfficeForm):
    """One step taken to collect a loan."""

    request_id = RequestIdField()
    kind = forms.ChoiceField(label=_("How"), choices=CollectionKind.choices, widget=forms.RadioSelect)
    done_on = DayField(label=_("Day"))
    reached = forms.ChoiceField(label=_("Who was reached"), choices=Reached.choices, widget=forms.RadioSelect)
    promise_date = DayField(label=_("Promised to pay by"), required=False)
    promise_amount = MoneyField(label=_("Promised amount"), required=False)
    note = PlainTextField(label=_("Note"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    paper = PaperField(
        label=_("Paper"), required=False, help_text=_("The demand as served, its receipt or the court's letter.")
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"done_on": on}, **kwargs)

    def report(self) -> CollectionReport:
        kept = self.cleaned_data
        return CollectionReport(
            kind=CollectionKind(kept["kind"]),
            done_on=kept["done_on"],
            reached=Reached(kept["reached"]),
            promise_date=kept["promise_date"],
            promise_amount=kept["promise_amount"],
            note=kept["note"],
            paper=kept["paper"],
        )


class VisitFilterForm(FilterForm):
    """What the list of visits can be narrowed to."""

    side = forms.ChoiceField(label=_("Visited by"), choices=VisitSide.choices, required=False)
    due = forms.ChoiceField(
        label=_("Visit due"),
        choices=[("", _("Within 14 days")), ("overdue", _("Overdue")), ("all", ANY[1])],
        required=False,
    )

    def __init__(self, *args: Any, sides: Sequence[str], **kwargs: Any) -> None:
        """`sides`: those whose duty the reader has, his own first."""
        super().__init__(*args, **kwargs)
        self.fields["side"].choices = [(side, VisitSide(side).label) for side in sides]  # type: ignore[attr-defined]
        self.sides = sides

    @property
    def narrowed(self) -> dict[str, Any]:
        """What the query takes; without a choice the first side."""
        chosen = self.chosen
        return {**chosen, "side": chosen.get("side") or self.sides[0]}
