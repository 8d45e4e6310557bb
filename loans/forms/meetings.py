"""Forms of a branch meeting: calling it, who came, how each case was voted on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy, pgettext_lazy

from loans.choices import ItemOutcome, MeetingKind, RecusalCause
from loans.forms.fields import PlainTextField
from loans.forms.problems import ProblemsMixin
from loans.models import Application, Meeting, MeetingAttendance, MeetingItem
from loans.models.meetings import TEXT_LENGTH_MAX
from loans.operations.meetings import CASES_MAX, Attended, MeetingData, Voted
from loans.queries.meetings import is_full_member
from web.display import show_yuan
from web.forms import DayField, OfficeForm, RequestIdField, RevisionField, WholeNumberField

COUNT_MAX = 9999
NOBODY = [("", gettext_lazy("Choose a member"))]
VOTE_FIELDS = ("in_favour", "against", "abstained")
CHECK_FIELDS = ("plan_is_sound", "prospects_are_good", "credit_is_good", "can_repay")


class MeetingDataForm(ProblemsMixin, OfficeForm):
    """When, where and about what a branch meets."""

    shown_at = {"held_at": "held_on"}

    kind = forms.ChoiceField(label=gettext_lazy("Kind of meeting"), choices=MeetingKind.choices)
    held_on = DayField(label=gettext_lazy("Day of the meeting"))
    held_time = forms.TimeField(
        label=gettext_lazy("Beginning"),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"invalid": gettext_lazy("Write the time as hours and minutes, for example 09:30.")},
    )
    place = PlainTextField(label=gettext_lazy("Place"), max_length=100)
    topic = PlainTextField(label=gettext_lazy("Topic"), max_length=200)

    def meeting_data(self) -> MeetingData:
        kept = self.cleaned_data
        return MeetingData(
            kind=MeetingKind(kept["kind"]),
            held_at=moment_of(kept["held_on"], kept["held_time"]),
            place=kept["place"],
            topic=kept["topic"],
            chair_id=int(kept["chair"]) if kept.get("chair") else None,
            recorder_id=int(kept["recorder"]) if kept.get("recorder") else None,
            discussion=kept.get("discussion", ""),
        )


def moment_of(day: date, at: time) -> datetime:
    """Return the moment in the county's own time."""
    return timezone.make_aware(datetime.combine(day, at))


class CasesField(forms.TypedMultipleChoiceField):
    """Cases that wait for the branch, each with what tells it from the others."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {"required": gettext_lazy("Choose at least one case.")})
        super().__init__(label=gettext_lazy("Cases"), coerce=int, **kwargs)


def case_choices(cases: Sequence[Application]) -> list[tuple[int, str]]:
    return [(case.pk, case_label(case)) for case in cases[:CASES_MAX]]


def case_label(case: Application) -> str:
    amount = _("%(amount)s yuan") % {"amount": show_yuan(case.amount_asked)}
    return " · ".join([case.borrower_name, case.division.short_name, case.project_name, amount, case.number])


class CallForm(MeetingDataForm):
    """A new meeting of a branch on some of the cases that wait for it."""

    request_id = RequestIdField()
    cases = CasesField()

    def __init__(self, *args: Any, cases: Sequence[Application], on: date, **kwargs: Any) -> None:
        initial = {
            "kind": MeetingKind.MEMBERS,
            "held_on": on,
            "held_time": time(9, 0),
            "topic": _("Applications for loans of the programme"),
            "cases": [case.pk for case in cases[:CASES_MAX]],
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["cases"].choices = case_choices(cases)  # type: ignore[attr-defined]  # a choice field


class AgendaForm(OfficeForm):
    """Which cases a meeting decides on."""

    revision = RevisionField()
    cases = CasesField()

    def __init__(self, *args: Any, meeting: Meeting, cases: Sequence[Application], **kwargs: Any) -> None:
        chosen = [item.application_id for item in meeting.items.all()]
        super().__init__(*args, initial={"revision": meeting.revision, "cases": chosen}, **kwargs)
        self.fields["cases"].choices = case_choices(cases)  # type: ignore[attr-defined]  # a choice field


@dataclass(frozen=True)
class MemberLine:
    """One member of the list with the inputs about him."""

    row: MeetingAttendance
    is_full: bool
    present: BoundField
    called: BoundField
    reason: BoundField


class RecordForm(MeetingDataForm):
    """What is said about the meeting, and who came."""

    revision = RevisionField()
    chair = forms.ChoiceField(label=gettext_lazy("Chair"), required=False)
    recorder = forms.ChoiceField(label=gettext_lazy("Recorder"), required=False)
    discussion = PlainTextField(
        label=pgettext_lazy("meeting", "What was said"),
        max_length=TEXT_LENGTH_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Needed when the meeting is closed; what concerns one case is written at the case."),
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        self.rows = list(meeting.attendance.all())
        held_at = timezone.localtime(meeting.held_at)
        self.day = held_at.date()
        names = ("kind", "place", "topic", "discussion", "revision")
        initial = {name: getattr(meeting, name) for name in names}
        initial |= {"held_on": held_at.date(), "held_time": held_at.time()}
        initial |= {"chair": meeting.chair_id or "", "recorder": meeting.recorder_id or ""}
        super().__init__(*args, initial=initial, **kwargs)
        members = [(str(row.member_id), row.member.person.name) for row in self.rows]
        for name in ("chair", "recorder"):
            self.fields[name].choices = [*NOBODY, *members]  # type: ignore[attr-defined]  # a choice field
        for row in self.rows:
            self._ask_about(row)

    def _ask_about(self, row: MeetingAttendance) -> None:
        name, key = row.member.person.name, row.member_id
        self.fields[f"present_{key}"] = forms.BooleanField(label=name, required=False, initial=row.is_present)
        self.fields[f"called_{key}"] = forms.BooleanField(
            label=_("Called to this meeting"), required=False, initial=row.is_called
        )
        self.fields[f"reason_{key}"] = PlainTextField(
            label=_("Why %(name)s is absent") % {"name": name}, max_length=100, required=False, initial=row.reason
        )

    @property
    def lines(self) -> list[MemberLine]:
        return [
            MemberLine(
                row=row,
                is_full=is_full_member(row.member, self.day),
                present=self[f"present_{row.member_id}"],
                called=self[f"called_{row.member_id}"],
                reason=self[f"reason_{row.member_id}"],
            )
            for row in self.rows
        ]

    @property
    def plain_fields(self) -> list[BoundField]:
        return [self[name] for name in ("kind", "held_on", "held_time", "place", "topic", "chair", "recorder")]

    def attendance(self) -> list[Attended]:
        kept = self.cleaned_data
        return [
            Attended(
                member_id=row.member_id,
                is_present=kept[f"present_{row.member_id}"],
                is_called=kept[f"called_{row.member_id}"],
                reason=kept[f"reason_{row.member_id}"],
            )
            for row in self.rows
        ]


class ItemForm(OfficeForm):
    """The vote on one case. Everything may be left empty until it is known; closing asks for it."""

    use_required_attribute = False

    in_favour = WholeNumberField(label=gettext_lazy("In favour"), max_value=COUNT_MAX, required=False)
    against = WholeNumberField(label=gettext_lazy("Against"), max_value=COUNT_MAX, required=False)
    abstained = WholeNumberField(label=gettext_lazy("Abstained"), max_value=COUNT_MAX, required=False)
    plan_is_sound = forms.BooleanField(label=gettext_lazy("Business plan is sound"), required=False)
    prospects_are_good = forms.BooleanField(label=gettext_lazy("Prospects of the project are good"), required=False)
    credit_is_good = forms.BooleanField(label=gettext_lazy("Personal credit is good"), required=False)
    can_repay = forms.BooleanField(label=gettext_lazy("Able to repay"), required=False)
    discussion = PlainTextField(
        label=gettext_lazy("What was said about this case"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Needed where the case is not agreed to; it is kept as the reason."),
    )
    is_postponed = forms.BooleanField(
        label=gettext_lazy("Postpone this case to another meeting"), required=False
    )  # fmt: skip
    relatives = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Other relatives who left the room"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, item: MeetingItem, rows: Sequence[MeetingAttendance], **kwargs: Any) -> None:
        self.item = item
        tied = {one.member_id: one for one in item.recusals.all() if one.cause != RecusalCause.RELATIVE}
        initial = {name: getattr(item, name) for name in (*VOTE_FIELDS, *CHECK_FIELDS, "discussion")}
        initial["is_postponed"] = item.outcome == ItemOutcome.POSTPONED
        initial["relatives"] = [one.member_id for one in item.recusals.all() if one.member_id not in tied]
        super().__init__(*args, prefix=f"item-{item.pk}", initial=initial, **kwargs)
        self.tied = list(tied.values())
        self.fields["relatives"].choices = [  # type: ignore[attr-defined]  # a choice field
            (row.member_id, row.member.person.name) for row in rows if row.has_vote and row.member_id not in tied
        ]

    @property
    def vote_fields(self) -> list[BoundField]:
        return [self[name] for name in VOTE_FIELDS]

    @property
    def check_fields(self) -> list[BoundField]:
        return [self[name] for name in CHECK_FIELDS]

    def voted(self) -> Voted:
        kept = self.cleaned_data
        return Voted(
            item_id=self.item.pk,
            **{name: kept[name] for name in (*VOTE_FIELDS, *CHECK_FIELDS, "discussion", "is_postponed")},
            relatives=tuple(kept["relatives"]),
        )


class VotesForm(ProblemsMixin, OfficeForm):
    """The page of all votes: what it saw. The counts are in one ItemForm for each case."""

    revision = RevisionField()
