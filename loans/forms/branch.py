"""Forms of the making side and of the branch: referral, review, notice, objections."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _, gettext_lazy, pgettext_lazy

from loans.choices import InquiryMethod, MeetingKind, ObjectionChannel, Outcome
from loans.forms.decisions import DecisionForm, Group
from loans.forms.fields import NamesField, PhoneField, PlainTextField
from loans.forms.problems import ProblemsMixin
from loans.models import PublicNotice
from loans.rules import Votes
from loans.steps.facts import NO_FACTS, Facts, NoticeFacts, ReferralFacts, ReviewFacts
from organizations.models import PartyMember
from web.forms import DayField, NameField, OfficeForm, WholeNumberField

COUNT_MAX = 9999
# What comes by the public page is written down by the page itself.
HEARD_BY_OFFICE = [choice for choice in ObjectionChannel.choices if choice[0] != ObjectionChannel.PAGE]


class ReferralForm(DecisionForm):
    """Step 1: a Party member introduces the applicant and declares that he is no relative."""

    labels = {
        Outcome.PASS: gettext_lazy("The member recommends the applicant"),
        Outcome.RETURN: gettext_lazy("Return for correction"),
    }
    groups = (
        Group(
            gettext_lazy("Referral by a Party member"), ("introducer", "visited_on", "is_no_relative"), (Outcome.PASS,)
        ),
    )

    introducer = forms.ModelChoiceField(
        label=gettext_lazy("Introducer"),
        queryset=PartyMember.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": gettext_lazy("Choose the member who introduces the applicant.")},
    )
    visited_on = DayField(label=gettext_lazy("Visited the applicant on"))
    is_no_relative = forms.BooleanField(
        label=gettext_lazy("The introducer declares that he is no relative of the applicant"),
        error_messages={"required": gettext_lazy("A relative of the applicant cannot introduce him.")},
    )

    def __init__(self, *args: Any, candidates: Sequence[tuple[int, str]], members: Any, **kwargs: Any) -> None:
        """`members` may introduce, `candidates` are those of them that the page shows."""
        super().__init__(*args, **kwargs)
        self.fields["introducer"].queryset = members  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["introducer"].choices = candidates  # type: ignore[attr-defined]

    def facts(self) -> Facts:
        if self.cleaned_data["outcome"] != Outcome.PASS:
            return NO_FACTS
        return ReferralFacts(
            introducer_id=self.cleaned_data["introducer"].pk,
            visited_on=self.cleaned_data["visited_on"],
            is_no_relative=self.cleaned_data["is_no_relative"],
        )


class BranchReviewForm(DecisionForm):
    """Step 2: the meeting with its count, the four checks, the branch's opinion."""

    labels = {
        Outcome.PASS: gettext_lazy("Agree and recommend"),
        Outcome.RETURN: gettext_lazy("Return for correction"),
        Outcome.REJECT: gettext_lazy("Do not pass"),
    }
    groups = (
        Group(
            gettext_lazy("Meeting"),
            ("held_on", "place", "kind", "chair", "recorder"),
            (Outcome.PASS, Outcome.REJECT),
        ),
        Group(
            gettext_lazy("Count"),
            ("entitled", "present", "in_favour", "against", "abstained"),
            (Outcome.PASS, Outcome.REJECT),
            is_grid=True,
        ),
        Group(
            gettext_lazy("Recusal"),
            ("recused_names",),
            (Outcome.PASS, Outcome.REJECT),
        ),
        Group(
            gettext_lazy("Checks"),
            ("plan_is_sound", "prospects_are_good", "credit_is_good", "can_repay"),
            (Outcome.PASS, Outcome.REJECT),
        ),
    )
    optional = ("recused_names", "plan_is_sound", "prospects_are_good", "credit_is_good", "can_repay")

    held_on = DayField(label=gettext_lazy("Day of the meeting"))
    place = PlainTextField(label=gettext_lazy("Place"), max_length=100)
    kind = forms.ChoiceField(label=gettext_lazy("Kind of meeting"), choices=MeetingKind.choices)
    chair = NameField(label=gettext_lazy("Chair"))
    recorder = NameField(label=gettext_lazy("Recorder"))
    entitled = WholeNumberField(
        label=gettext_lazy("Entitled to vote"),
        max_value=COUNT_MAX,
        help_text=gettext_lazy("All full members, those recused included."),
    )
    recused_names = NamesField(
        label=gettext_lazy("Recused members"),
        max_length=400,
        help_text=gettext_lazy("The applicant himself and his relatives; they leave the room and do not count."),
    )
    present = WholeNumberField(label=gettext_lazy("Present and voting"), max_value=COUNT_MAX)
    in_favour = WholeNumberField(label=gettext_lazy("In favour"), max_value=COUNT_MAX)
    against = WholeNumberField(label=gettext_lazy("Against"), max_value=COUNT_MAX)
    abstained = WholeNumberField(label=gettext_lazy("Abstained"), max_value=COUNT_MAX)
    plan_is_sound = forms.BooleanField(label=gettext_lazy("Business plan is sound"))
    prospects_are_good = forms.BooleanField(label=gettext_lazy("Prospects of the project are good"))
    credit_is_good = forms.BooleanField(label=gettext_lazy("Personal credit is good"))
    can_repay = forms.BooleanField(label=gettext_lazy("Able to repay"))

    def facts(self) -> Facts:
        if self.cleaned_data["outcome"] == Outcome.RETURN:
            return NO_FACTS
        kept = self.cleaned_data
        counts = {name: kept[name] for name in ("entitled", "present", "in_favour", "against", "abstained")}
        return ReviewFacts(
            held_on=kept["held_on"],
            place=kept["place"],
            kind=MeetingKind(kept["kind"]),
            votes=Votes(**counts, recused=len(kept["recused_names"])),
            chair=kept["chair"],
            recorder=kept["recorder"],
            recused_names=kept["recused_names"],
            plan_is_sound=kept["plan_is_sound"],
            prospects_are_good=kept["prospects_are_good"],
            credit_is_good=kept["credit_is_good"],
            can_repay=kept["can_repay"],
        )


class NoticeForm(DecisionForm):
    """The public notice: the branch publishes it; after an upheld objection the committee returns or ends the case."""

    labels = {
        Outcome.PUBLISH: gettext_lazy("Publish the notice"),
        Outcome.RETURN: gettext_lazy("Return for correction"),
        Outcome.REJECT: gettext_lazy("Do not pass"),
    }
    groups = (Group(gettext_lazy("Public notice"), ("place", "phone", "address", "starts_on"), (Outcome.PUBLISH,)),)
    optional = ("address",)

    place = PlainTextField(label=gettext_lazy("Where it hangs"), max_length=100)
    phone = PhoneField(label=gettext_lazy("Telephone for objections"))
    address = PlainTextField(label=gettext_lazy("Address for objections"), max_length=100, required=False)
    starts_on = DayField(label=pgettext_lazy("notice", "First day"))

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"starts_on": on}, **kwargs)
        days = self.case.version.notice_days
        self.fields["starts_on"].help_text = _("The notice hangs for %(days)s days, this one included.") % {
            "days": days
        }

    def facts(self) -> Facts:
        if self.cleaned_data["outcome"] != Outcome.PUBLISH:
            return NO_FACTS
        return NoticeFacts(
            place=self.cleaned_data["place"],
            phone=self.cleaned_data["phone"],
            starts_on=self.cleaned_data["starts_on"],
            address=self.cleaned_data["address"],
        )


class ObjectionForm(ProblemsMixin, OfficeForm):
    """Somebody objects to what is published."""

    received_on = DayField(label=gettext_lazy("Received on"))
    channel = forms.ChoiceField(
        label=gettext_lazy("How"), choices=HEARD_BY_OFFICE, widget=forms.RadioSelect, initial=ObjectionChannel.PHONE
    )
    objector = NameField(
        label=gettext_lazy("Name of the objector"),
        required=False,
        help_text=gettext_lazy("Seen only by those who settle the objection."),
    )
    objector_phone = PhoneField(label=gettext_lazy("Telephone of the objector"), required=False)
    text = PlainTextField(
        label=gettext_lazy("Objection"), max_length=1000, widget=forms.Textarea(attrs={"rows": 5})
    )  # fmt: skip

    def __init__(self, *args: Any, notice: PublicNotice, on: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"received_on": on}, **kwargs)
        self.notice = notice


class SettlementForm(ProblemsMixin, OfficeForm):
    """The township committee's finding about an objection."""

    upheld = forms.ChoiceField(
        label=gettext_lazy("Result"),
        choices=[("no", gettext_lazy("Not upheld")), ("yes", gettext_lazy("Upheld"))],
        widget=forms.RadioSelect,
    )
    investigators = PlainTextField(
        label=gettext_lazy("Looked into by"), max_length=80, help_text=gettext_lazy("Names, at least two if possible.")
    )
    method = forms.ChoiceField(
        label=gettext_lazy("How it was looked into"), choices=InquiryMethod.choices, widget=forms.RadioSelect
    )
    finding = PlainTextField(
        label=gettext_lazy("What was found"), max_length=1000, widget=forms.Textarea(attrs={"rows": 5})
    )

    @property
    def is_upheld(self) -> bool:
        return bool(self.cleaned_data["upheld"] == "yes")
