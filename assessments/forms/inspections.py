"""Forms of inspections, problems and publicity. Those of a visit are filled in standing in a yard."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from assessments.choices_inspections import Channel, HigherLevel, ProblemOutcome, ProblemState
from assessments.forms.households import ANY, ActionForm, reason_field
from assessments.models import ProblemCategory, QuestionSheet
from assessments.operations.inspections import PHOTOS_MAX, SAMPLE_MAX, SEED_LENGTH_MAX, Filled
from assessments.operations.publicity import NUMBER_MAX, EventReport
from files.forms import PhotosField
from loans.forms.fields import PlainTextField
from loans.forms.problems import ProblemsMixin
from loans.queries.places import PlaceName
from organizations.models import Organization
from web.forms import DayField, OfficeForm, RequestIdField, WholeNumberField

YES_NO = [("yes", _("Yes")), ("no", _("No"))]
ANSWER_PREFIX = "q_"
PHOTO_HELP = _("Up to six photos. Where and with which telephone they were taken is not kept.")


class DrawForm(ProblemsMixin, OfficeForm):
    """A new draw."""

    request_id = RequestIdField()
    title = PlainTextField(label=pgettext_lazy("inspection", "Title"), max_length=80)
    seed = forms.CharField(
        label=_("Seed number"),
        max_length=SEED_LENGTH_MAX,
        help_text=_("Drawn in front of witnesses, for example by lot. Letters and digits only."),
    )
    size = WholeNumberField(label=_("Loans to be drawn"), min_value=1, max_value=SAMPLE_MAX, initial=20)


class CloseForm(ProblemsMixin, OfficeForm):
    """The conclusion of an inspection."""

    conclusion = PlainTextField(label=_("Conclusion"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}))


class SheetForm(ProblemsMixin, OfficeForm):
    """One form with its questions as fields: large targets, nothing to type where one can choose."""

    request_id = RequestIdField()
    visited_on = DayField(label=_("Day of the visit"))

    def __init__(self, *args: Any, sheet: QuestionSheet, on: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"visited_on": on}, **kwargs)
        self.sheet = sheet
        for question in sheet.questions:
            self.fields[ANSWER_PREFIX + question["code"]] = _field_of(question)
        self.fields["findings"] = reason_field(_("Findings"), required=False)
        self.fields["photos"] = PhotosField(
            label=_("Photos"), photos_max=PHOTOS_MAX, required=False, help_text=PHOTO_HELP
        )
        for field in self.fields.values():
            field.widget.is_required = field.required

    def filled(self) -> Filled:
        kept = self.cleaned_data
        return Filled(
            sheet_id=self.sheet.pk,
            visited_on=kept["visited_on"],
            answers={one["code"]: kept[ANSWER_PREFIX + one["code"]] for one in self.sheet.questions},
            findings=kept["findings"],
            photos=tuple(kept["photos"]),
        )


def _field_of(question: dict[str, Any]) -> forms.Field:
    label = question["text"]
    match question["kind"]:
        case "yes_no":
            return forms.ChoiceField(label=label, choices=YES_NO, widget=forms.RadioSelect)
        case "choice":
            options = [(option, option) for option in question["options"]]
            return forms.ChoiceField(label=label, choices=options, widget=forms.RadioSelect)
        case "number":
            return WholeNumberField(label=label, min_value=0, max_value=1_000_000)
    return PlainTextField(label=label, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class ProblemFilterForm(OfficeForm):
    """What the register of problems can be narrowed to."""

    state = forms.ChoiceField(
        label=_("State"), choices=[ANY, ("late", _("Past the deadline")), *ProblemState.choices], required=False
    )
    category = forms.ChoiceField(label=_("Category"), required=False)
    place = forms.ChoiceField(label=_("Township"), required=False)

    def __init__(
        self, *args: Any, categories: Sequence[ProblemCategory], places: Sequence[PlaceName], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [ANY, *((one.code, one.name) for one in categories)]  # type: ignore[attr-defined]
        towns = [(one.path, one.name) for one in places if one.is_township]
        self.fields["place"].choices = [ANY, *towns]  # type: ignore[attr-defined]


class ProblemForm(ProblemsMixin, OfficeForm):
    """A problem to be registered."""

    request_id = RequestIdField()
    category = forms.ModelChoiceField(label=_("Category"), queryset=ProblemCategory.objects.all(), empty_label=None)
    division = forms.ChoiceField(label=_("Where"))
    text = reason_field(_("Problem"))
    owner = forms.ModelChoiceField(label=_("Who solves it"), queryset=Organization.objects.none())
    due_date = DayField(label=_("Deadline"))

    def __init__(
        self, *args: Any, places: Sequence[tuple[str, str]], owners: Sequence[Organization], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["division"].choices = list(places)  # type: ignore[attr-defined]
        rows = Organization.objects.filter(pk__in=[one.pk for one in owners]).order_by("path")
        self.fields["owner"].queryset = rows  # type: ignore[attr-defined]


class HandleForm(ActionForm):
    """What was done about a problem."""

    code, title, button = "handle", _("Handle the problem"), _("Save")

    outcome = forms.ChoiceField(label=_("What"), widget=forms.RadioSelect)
    words = reason_field(_("What was done or answered"))
    level = forms.ChoiceField(
        label=_("Reported to"), choices=[("", "--"), *HigherLevel.choices], required=False,
        help_text=_("Only when it is reported upwards."),
    )  # fmt: skip
    due_date = DayField(
        label=_("New deadline"),
        required=False,
        help_text=_("When the deadline is moved or the problem is reported upwards."),
    )

    def __init__(self, *args: Any, outcomes: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(code, HANDLING_LABELS[ProblemOutcome(code)]) for code in outcomes]
        self.fields["outcome"].choices = offered  # type: ignore[attr-defined]


HANDLING_LABELS = {
    ProblemOutcome.SOLVE: pgettext_lazy("problem", "It is solved"),
    ProblemOutcome.EXTEND: _("Move the deadline"),
    ProblemOutcome.ESCALATE: _("Report it upwards"),
    ProblemOutcome.REPLY: _("Write the reply from above down"),
}


class CategoryForm(ProblemsMixin, OfficeForm):
    """One more category."""

    name = PlainTextField(label=_("New category"), max_length=60)


class PublicityFilterForm(OfficeForm):
    """What the log can be narrowed to."""

    channel = forms.ChoiceField(label=_("Channel"), choices=[ANY, *Channel.choices], required=False)
    place = forms.ChoiceField(label=_("Township or village"), required=False)
    year = forms.TypedChoiceField(label=_("Year"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, places: Sequence[PlaceName], years: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, auto_id="filter_%s", **kwargs)
        self.fields["place"].choices = [ANY, *((one.path, one.name) for one in places)]  # type: ignore[attr-defined]
        self.fields["year"].choices = [ANY, *((year, str(year)) for year in years)]  # type: ignore[attr-defined]


class EventForm(ProblemsMixin, OfficeForm):
    """One event of the log."""

    request_id = RequestIdField()
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices)
    held_on = DayField(label=_("Day"))
    division = forms.ChoiceField(label=_("Township or village"))
    place = PlainTextField(label=_("Place"), max_length=80)
    topic = PlainTextField(label=pgettext_lazy("publicity", "Topic"), max_length=120)
    attendance = WholeNumberField(label=_("People reached"), min_value=0, max_value=NUMBER_MAX)
    copies = WholeNumberField(label=_("Copies handed out"), min_value=0, max_value=NUMBER_MAX, initial=0)
    photos = PhotosField(label=_("Photos"), photos_max=PHOTOS_MAX, required=False, help_text=PHOTO_HELP)

    def __init__(self, *args: Any, places: Sequence[tuple[str, str]], on: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"held_on": on}, **kwargs)
        self.fields["division"].choices = list(places)  # type: ignore[attr-defined]

    def report(self) -> EventReport:
        kept = self.cleaned_data
        names = ("channel", "held_on", "place", "topic", "attendance", "copies")
        return EventReport(**{name: kept[name] for name in names}, photos=tuple(kept["photos"]))


class StrikeForm(ProblemsMixin, OfficeForm):
    """Why an event is struck out."""

    reason = reason_field(_("Reason"))


class AnswerForFilterForm(OfficeForm):
    """Whose loans, where and when."""

    by = forms.ChoiceField(
        label=_("Listed by"), choices=[("introducer", _("Introducer")), ("branch", _("Branch that reviewed"))],
        required=False,
    )  # fmt: skip
    place = forms.ChoiceField(label=_("Township or village"), required=False)
    year = forms.TypedChoiceField(label=_("Year of paying out"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, places: Sequence[PlaceName], years: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [ANY, *((one.path, one.name) for one in places)]  # type: ignore[attr-defined]
        self.fields["year"].choices = [ANY, *((year, str(year)) for year in years)]  # type: ignore[attr-defined]
