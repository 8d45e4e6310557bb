"""Forms of the sheets of a notice and of its objections; those of the public page too."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _, gettext_lazy, pgettext_lazy

from files.forms import PhotosField
from files.operations import Prepared
from loans.choices import ObjectionState, ReplyManner
from loans.forms.fields import PhoneField, PlainTextField
from loans.forms.filters import ANY, FilterForm
from loans.forms.problems import ProblemsMixin
from loans.models import Application, NoticeRoster
from loans.operations.objections import EVIDENCE_MAX, Reply
from loans.operations.public_pages import PublicObjection
from loans.operations.rosters import PHOTOS_MAX, Line, Sheet
from loans.queries.rosters import Shown
from web.forms import DayField, NameField, OfficeForm, RequestIdField, RevisionField


class SheetForm(ProblemsMixin, OfficeForm):
    """What a sheet says besides its cases, and the revision of each case that the page showed."""

    request_id = RequestIdField()
    title = PlainTextField(label=gettext_lazy("Title"), max_length=80)
    place = PlainTextField(label=gettext_lazy("Where it hangs"), max_length=100)
    phone = PhoneField(label=gettext_lazy("Telephone for objections"))
    address = PlainTextField(
        label=gettext_lazy("Address for objections"),
        max_length=100,
        help_text=gettext_lazy("Where somebody can come in person, for example the village committee."),
    )
    starts_on = DayField(label=pgettext_lazy("notice", "First day"))

    def __init__(self, *args: Any, cases: Sequence[Application], days: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cases = cases
        self.fields["starts_on"].help_text = _("The notice hangs for %(days)s days, this one included.") % {
            "days": days
        }
        for case in cases:
            self.fields[f"revision_{case.pk}"] = RevisionField(initial=case.revision)

    def lines(self) -> list[Line]:
        return [Line(case.pk, self.cleaned_data[f"revision_{case.pk}"]) for case in self.cases]

    def sheet(self) -> Sheet:
        kept = self.cleaned_data
        return Sheet(kept["title"], kept["place"], kept["phone"], kept["starts_on"], kept["address"])


class NoticePhotoForm(ProblemsMixin, OfficeForm):
    """Photos of the paper as it hangs. Filled in before the board: two fields and the camera."""

    request_id = RequestIdField()
    place = PlainTextField(label=gettext_lazy("Where it hangs"), max_length=100)
    posted_on = DayField(label=gettext_lazy("Hung up on"))
    photos = PhotosField(
        label=gettext_lazy("Photos"),
        photos_max=PHOTOS_MAX,
        help_text=gettext_lazy("Up to six photos. Where and with which telephone they were taken is not kept."),
    )

    def __init__(self, *args: Any, roster: NoticeRoster, on: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"place": roster.place, "posted_on": min(on, roster.ends_on)}, **kwargs)


class RosterFilterForm(FilterForm):
    """What the list of sheets can be narrowed to."""

    text = None  # type: ignore[assignment]  # a sheet has no name of its own
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        choices=[("", gettext_lazy("Hanging now")), ("ended", gettext_lazy("Ended"))],
        required=False,
    )
    without_photo = forms.BooleanField(label=gettext_lazy("Only those without a photo"), required=False)

    def narrowed(self) -> dict[str, Any]:
        chosen = self.chosen
        return {
            "is_running": chosen.get("state", "") != "ended",
            "place": chosen.get("place", ""),
            "without_photo": chosen.get("without_photo", False),
        }


class ObjectionFilterForm(FilterForm):
    """What the list of objections can be narrowed to."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        choices=[("", gettext_lazy("Still to be settled")), *ObjectionState.choices, ("all", ANY[1])],
        required=False,
    )
    late = forms.BooleanField(label=gettext_lazy("Overdue only"), required=False)


class AsideForm(ProblemsMixin, OfficeForm):
    """Why what came by the public page is no objection."""

    reason = PlainTextField(
        label=gettext_lazy("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("For example: advertising, or it concerns somebody else."),
    )


class ExtensionForm(ProblemsMixin, OfficeForm):
    """More time to settle an objection."""

    request_id = RequestIdField()
    due_date = DayField(label=gettext_lazy("New last day"))
    reason = PlainTextField(
        label=gettext_lazy("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )  # fmt: skip


class EvidenceForm(ProblemsMixin, OfficeForm):
    """Photos and scanned papers of the investigation."""

    request_id = RequestIdField()
    note = PlainTextField(label=gettext_lazy("What it shows"), max_length=100, required=False)
    papers = PhotosField(label=gettext_lazy("Photos or scanned papers"), photos_max=EVIDENCE_MAX)

    def chosen_files(self) -> tuple[Prepared, ...]:
        return tuple(self.cleaned_data["papers"])


class ReplyForm(ProblemsMixin, OfficeForm):
    """What the objector was told."""

    replied_on = DayField(label=gettext_lazy("Told on"))
    manner = forms.ChoiceField(label=gettext_lazy("Told how"), choices=ReplyManner.choices, widget=forms.RadioSelect)
    text = PlainTextField(
        label=gettext_lazy("What was said"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"replied_on": on}, **kwargs)

    def reply(self) -> Reply:
        kept = self.cleaned_data
        return Reply(kept["replied_on"], ReplyManner(kept["manner"]), kept["text"])


class PublicObjectionForm(ProblemsMixin, OfficeForm):
    """The only form that somebody may fill in who is not signed in."""

    request_id = RequestIdField()
    position = forms.TypedChoiceField(
        label=gettext_lazy("Whom it concerns"), coerce=int, widget=forms.RadioSelect, empty_value=None
    )
    text = PlainTextField(
        label=gettext_lazy("What do you object to?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("Please write what you know yourself: what, when, where."),
    )
    objector = NameField(
        label=gettext_lazy("Your name"),
        required=False,
        help_text=gettext_lazy("Only those who look into it will see your name and telephone."),
    )
    phone = PhoneField(
        label=gettext_lazy("Your telephone"),
        required=False,
        help_text=gettext_lazy("So that you can be asked and told the result."),
    )

    def __init__(self, *args: Any, lines: Sequence[Shown], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(line.position, _choice(line)) for line in lines]
        self.fields["position"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        if len(lines) == 1:
            self.fields["position"].initial = lines[0].position

    def said(self) -> PublicObjection:
        kept = self.cleaned_data
        return PublicObjection(kept["text"], kept["objector"], kept["phone"])


def _choice(line: Shown) -> str:
    return _("%(name)s, %(village)s, %(project)s") % {
        "name": line.name, "village": line.village, "project": line.project,
    }  # fmt: skip
