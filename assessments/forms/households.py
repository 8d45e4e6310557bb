"""Forms of the model households: recommend, rate, decide, object, and the rules of the honour."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from assessments.choices_households import Grade, HonourOutcome, HonourState, HonourTitle
from loans.choices import Purpose
from loans.forms.fields import PlainTextField, ReferenceField
from loans.forms.problems import ProblemsMixin
from web.forms import DayField, MoneyField, OfficeForm, PercentField, RequestIdField, RevisionField, WholeNumberField

REASON_LENGTH_MAX = 1000
ANY = ("", _("All"))
PURPOSES = [choice for choice in Purpose.choices if choice[0] != Purpose.CONSUMPTION]


def reason_field(label: Any, *, required: bool = True) -> PlainTextField:
    return PlainTextField(
        label=label, max_length=REASON_LENGTH_MAX, required=required, widget=forms.Textarea(attrs={"rows": 3})
    )


class HonourFilterForm(OfficeForm):
    """What the list can be narrowed to."""

    state = forms.ChoiceField(label=_("State"), choices=[ANY, *HonourState.choices], required=False)
    title = forms.ChoiceField(
        label=pgettext_lazy("honour", "Title"), choices=[ANY, *HonourTitle.choices], required=False
    )
    due = forms.BooleanField(label=_("Review due within 60 days"), required=False)


class BorrowerSearchForm(OfficeForm):
    """Whom to recommend: a borrower of the account's area."""

    text = forms.CharField(
        label=_("Name, initials or last four digits"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_text(self) -> str:
        return str(self.cleaned_data["text"]).replace("\x00", "").strip()


class RecommendForm(ProblemsMixin, OfficeForm):
    """The recommendation of one household."""

    request_id = RequestIdField()
    household = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.ChoiceField(
        label=pgettext_lazy("honour", "Title"), choices=HonourTitle.choices, widget=forms.RadioSelect
    )
    reason = reason_field(_("Reasons and deeds"))


class ActionForm(ProblemsMixin, OfficeForm):
    """One of several forms on a page. `action` tells them apart, `revision` is what the person saw."""

    action = forms.CharField(widget=forms.HiddenInput)
    revision = RevisionField()
    code = ""
    title: Any = ""
    button: Any = _("Confirm the decision")

    def __init__(self, *args: Any, revision: int, **kwargs: Any) -> None:
        initial = {"action": self.code, "revision": revision, **kwargs.pop("initial", {})}
        super().__init__(*args, initial=initial, auto_id=f"id_{self.code}_%s", **kwargs)


class HonourForm(ActionForm):
    """What may be decided now, with a reason where it is needed."""

    code, title = "decide", pgettext_lazy("honour", "Decide")

    outcome = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    reason = reason_field(_("Opinion or reason"), required=False)

    def __init__(self, *args: Any, outcomes: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(code, LABELS[HonourOutcome(code)]) for code in outcomes]
        self.fields["outcome"].choices = offered  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["outcome"].initial = offered[0][0]

    @property
    def grades(self) -> dict[str, str]:
        names = [name for name in ("repayment", "industry", "leading") if name in self.fields]
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data[name]}


class RatingForm(HonourForm):
    """The credit union's rating of the three criteria of the report."""

    title = _("Rate this household")

    repayment = forms.ChoiceField(
        label=_("Repayment"), choices=Grade.choices, widget=forms.RadioSelect, required=False
    )
    industry = forms.ChoiceField(
        label=_("Project and its effect"), choices=Grade.choices, widget=forms.RadioSelect, required=False
    )
    leading = forms.ChoiceField(
        label=_("Leads others to prosperity"), choices=Grade.choices, widget=forms.RadioSelect, required=False
    )

    field_order = ("action", "revision", "repayment", "industry", "leading", "outcome", "reason")


LABELS = {
    HonourOutcome.RECOMMEND: _("Recommend again"),
    HonourOutcome.PASS: pgettext_lazy("honour", "Agree"),
    HonourOutcome.RETURN: _("Send back for correction"),
    HonourOutcome.REJECT: _("Do not award"),
    HonourOutcome.AWARD: _("Award the title"),
    HonourOutcome.RENEW: _("Keep the title for another year"),
    HonourOutcome.WITHDRAW: _("Withdraw the title"),
}


class ObjectForm(ActionForm):
    """An objection that came in."""

    code, title, button = "object", _("Record an objection"), _("Record")

    request_id = RequestIdField()
    raised_by = PlainTextField(label=_("Raised by"), max_length=60, required=False)
    text = reason_field(_("Objection"))


class SettleForm(ActionForm):
    """What came out of an objection."""

    code, title, button = "settle", _("Settle an objection"), _("Settle")

    objection = forms.ChoiceField(label=_("Objection"))
    is_upheld = forms.TypedChoiceField(
        label=_("Result"),
        choices=[("no", pgettext_lazy("objection", "Not upheld")), ("yes", pgettext_lazy("objection", "Upheld"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    finding = reason_field(_("Finding"))

    def __init__(self, *args: Any, objections: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["objection"].choices = [(str(pk), text) for pk, text in objections]  # type: ignore[attr-defined]


class AwardSchemeForm(ProblemsMixin, OfficeForm):
    """The rules of the honour from a day on."""

    name = PlainTextField(label=_("Name of the rules"), max_length=80)
    document_number = ReferenceField(label=_("Document number"), max_length=60)
    effective_from = DayField(label=_("In force from"))
    notice_days = WholeNumberField(label=_("Days of notice"), min_value=1, max_value=60, initial=7)
    review_months = WholeNumberField(label=_("Reviewed again after (months)"), min_value=1, max_value=60, initial=12)
    supported_purposes = forms.MultipleChoiceField(
        label=_("Supported industries"), choices=PURPOSES, widget=forms.CheckboxSelectMultiple
    )
    gives_priority = forms.BooleanField(label=_("Priority in the queues"), required=False, initial=True)
    limit_uplift = MoneyField(label=_("Above the class"), allow_zero=True)
    rate_points_off = PercentField(label=_("Percentage points off the rate"))
    rate_floor_multiplier = forms.DecimalField(
        label=_("Never below so many times the benchmark"), min_value=0, max_value=3, max_digits=6, decimal_places=4,
        initial=1,
    )  # fmt: skip
