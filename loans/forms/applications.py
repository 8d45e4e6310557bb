"""The pages of the guided application. A draft may be incomplete: what a page needs is asked for on going on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from loans.choices import BorrowerKind, Declaration, DraftPage, Purpose, RepaymentMethod
from loans.forms.chosen import HelpedField, ServedField
from loans.forms.fields import PlainTextField
from loans.forms.lender import TERM_MAX
from loans.forms.problems import ProblemsMixin
from loans.models import Application, ApplicationDraft, LimitTier, ProgrammeVersion
from loans.operations.drafts import Introduction, PageInput
from loans.queries.register import Choices
from loans.steps.requests import NEEDED_TO_SUBMIT
from organizations.models import Entity, PartyMember
from web.display import show_yuan
from web.forms import DayField, MoneyField, OfficeForm, RequestIdField, RevisionField, WholeNumberField
from web.text import number_in

BODIES = (BorrowerKind.COOPERATIVE, BorrowerKind.COLLECTIVE)
UNFINISHED_LENGTH_MAX = 4000


@dataclass(frozen=True)
class FormOptions:
    """What an applicant may be offered: rules in force, branches, outlets and bodies."""

    versions: Sequence[ProgrammeVersion]
    branches: Choices
    outlets: Choices
    entities: Sequence[Entity]


class IdChoiceField(forms.TypedChoiceField):
    """A select of rows. A number that is not offered passes on: the operation refuses what was posted by hand."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=int, empty_value=None, **kwargs)

    def valid_value(self, value: Any) -> bool:
        return (number_in(str(value)) or 0) > 0


class PurposeField(forms.ChoiceField):
    """Only what the programme lends for is offered; consumption passes on to the rule that refuses it in words."""

    def valid_value(self, value: Any) -> bool:
        return value in Purpose.values


class PageForm(ProblemsMixin, OfficeForm):
    """One page. Valid answers can be stored though others are not: `typed` tells them apart."""

    use_required_attribute = False

    page: ClassVar[DraftPage]
    # Name of the input → name of the answer in ApplicationData.
    answers: ClassVar[Mapping[str, str]] = {}
    # What going on asks for.
    needed: ClassVar[Sequence[str]] = ()

    revision = RevisionField(required=False)

    def demand(self, is_demanded: bool) -> None:
        """Ask for everything the page needs, or for nothing (an autosave)."""
        for name in self.needed:
            self.fields[name].required = is_demanded

    def typed(self) -> PageInput:
        """Return what can be stored and what cannot yet. Call it after `is_valid()`."""
        texts = {name: self.text_of(name) for name in self.errors if name in self.answers}
        return PageInput(
            page=self.page,
            answers={
                answer: self.cleaned_data[name] for name, answer in self.answers.items() if name in self.cleaned_data
            },
            unfinished={name: text for name, text in texts.items() if text},
        )

    def text_of(self, name: str) -> str:
        """Return what was typed into an input, as far as it can be kept."""
        value = self[name].value()
        text = value if isinstance(value, str) else ""
        return "" if "\x00" in text else text[:UNFINISHED_LENGTH_MAX]

    def show_unfinished(self, texts: Mapping[str, str]) -> None:
        """Show on a page that is opened anew what was typed before and is not valid, with its sentences."""
        known = {name: text for name, text in texts.items() if name in self.fields}
        if not known:
            return
        self.full_clean()
        self.cleaned_data: dict[str, Any] = {}
        for name, text in known.items():
            self.initial[name] = text
            try:
                self.fields[name].clean(text)
            except ValidationError as error:
                self.add_error(name, error)

    def choose(self, name: str, choices: Sequence[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # every field asked for is a ChoiceField


class ApplicantPageForm(PageForm):
    """Page 1: who borrows, under which rules, where the case goes. All of it is needed to begin."""

    page = DraftPage.APPLICANT
    answers = {
        "borrower_kind": "borrower_kind", "version": "version_id", "entity": "entity_id",
        "branch": "branch_id", "outlet": "outlet_id",
    }  # fmt: skip

    borrower_kind = forms.ChoiceField(
        label=gettext_lazy("Borrower"),
        choices=BorrowerKind.choices,
        initial=BorrowerKind.HOUSEHOLD,
        widget=forms.RadioSelect,
    )
    entity = IdChoiceField(
        label=gettext_lazy("Body that borrows"),
        required=False,
        help_text=gettext_lazy("Only for a cooperative or village collective; the applicant signs for it."),
    )
    version = IdChoiceField(label=gettext_lazy("Programme"))
    branch = IdChoiceField(label=gettext_lazy("Branch that reviews"))
    outlet = IdChoiceField(label=gettext_lazy("Outlet that pays out"))
    request_id = RequestIdField()

    def __init__(self, *args: Any, options: FormOptions, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("version", [(version.pk, version.name) for version in options.versions])
        entities = [(entity.pk, entity.name) for entity in options.entities]
        self.choose("entity", [("", _("None: a person or household borrows")), *entities])
        self.choose("branch", grouped(options.branches, _("Of the applicant's village"), _("Others of the township")))
        self.choose("outlet", grouped(options.outlets, _("Serving the village"), _("Others of the county")))


class ReferralPageForm(PageForm):
    """Page 2: who introduces the applicant. Left empty as a whole, the introduction is recorded later."""

    page = DraftPage.REFERRAL

    introducer = forms.ModelChoiceField(
        label=gettext_lazy("Introducer"),
        queryset=PartyMember.objects.none(),
        required=False,
        widget=forms.RadioSelect,
        empty_label=None,
    )
    visited_on = DayField(label=gettext_lazy("Visited the applicant on"), required=False)
    is_no_relative = forms.BooleanField(
        label=gettext_lazy("The introducer declares that he is no relative of the applicant"), required=False
    )

    def __init__(self, *args: Any, candidates: Sequence[tuple[int, str]], members: Any, **kwargs: Any) -> None:
        """`members` may introduce, `candidates` are those of them that the page shows."""
        super().__init__(*args, **kwargs)
        self.is_demanded = False
        self.fields["introducer"].queryset = members  # type: ignore[attr-defined]  # a ModelChoiceField
        self.choose("introducer", candidates)

    def demand(self, is_demanded: bool) -> None:
        self.is_demanded = is_demanded

    def clean(self) -> dict[str, Any]:
        """All three or none of them, once the clerk goes on."""
        kept = self.cleaned_data
        is_begun = any(kept.get(name) for name in ("introducer", "visited_on", "is_no_relative"))
        if self.is_demanded and is_begun:
            if not kept.get("introducer") and "introducer" not in self.errors:
                self.add_error("introducer", _("Choose the member who introduces the applicant."))
            if not kept.get("visited_on") and "visited_on" not in self.errors:
                self.add_error("visited_on", _("Please fill this in."))
            if not kept.get("is_no_relative"):
                self.add_error("is_no_relative", _("A relative of the applicant cannot introduce him."))
        return kept

    def typed(self) -> PageInput:
        member = self.cleaned_data.get("introducer")
        texts = {name: self.text_of(name) for name in self.errors if name == "visited_on"}
        return PageInput(
            page=self.page,
            introduction=Introduction(
                introducer_id=member.pk if member else None,
                visited_on=self.cleaned_data.get("visited_on"),
                is_no_relative=bool(self.cleaned_data.get("is_no_relative")),
            ),
            unfinished={name: text for name, text in texts.items() if text},
        )


class ProjectPageForm(PageForm):
    """Page 3: what the money is for, how much, for how long, whom it helps."""

    page = DraftPage.PROJECT
    needed = tuple(name for name in NEEDED_TO_SUBMIT if name != "consent_signed_on")
    answers = {name: name for name in needed if name != "tier"} | {
        "tier": "tier_id", "project_scale": "project_scale", "labour_count": "labour_count",
        "wants_insurance": "wants_insurance", "helped": "helped", "served": "served_household_ids",
    }  # fmt: skip

    purpose = PurposeField(label=gettext_lazy("Purpose"), widget=forms.RadioSelect)
    project_name = PlainTextField(label=gettext_lazy("Project"), max_length=60)
    project_scale = PlainTextField(
        label=gettext_lazy("Scale of the project"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("With its unit: 20 mu, 120 pigs, 6 rooms."),
    )
    plan = PlainTextField(
        label=gettext_lazy("Business plan"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5})
    )
    tier = IdChoiceField(label=gettext_lazy("Class"))
    amount_asked = MoneyField(label=gettext_lazy("Amount asked"))
    term_months = WholeNumberField(label=gettext_lazy("Term (months)"), min_value=1, max_value=TERM_MAX)
    repayment_method = forms.ChoiceField(label=gettext_lazy("Repayment"))
    project_total = MoneyField(label=gettext_lazy("Total investment"))
    own_funds = MoneyField(label=gettext_lazy("Own funds"), allow_zero=True)
    annual_income = MoneyField(label=gettext_lazy("Household income a year"), allow_zero=True)
    existing_loans = MoneyField(label=gettext_lazy("Other loans owed"), allow_zero=True)
    labour_count = WholeNumberField(label=gettext_lazy("People able to work"), max_value=99, required=False)
    wants_insurance = forms.BooleanField(
        label=gettext_lazy("Wishes an accident insurance"),
        required=False,
        help_text=gettext_lazy("The applicant's own choice. It changes nothing about the loan."),
    )
    helped = HelpedField(label=gettext_lazy("People whom the borrower helps"), required=False)
    served = ServedField(label=gettext_lazy("Other households that the loan serves"), required=False)

    def __init__(self, *args: Any, case: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case
        version = case.version
        self.choose("tier", [("", _("Choose")), *(tier_choice(tier) for tier in version.tiers.all())])
        purposes, methods = set(version.purposes), set(version.repayment_methods)
        self.choose("purpose", [(code, label) for code, label in Purpose.choices if code in purposes])
        offered = [(code, label) for code, label in RepaymentMethod.choices if code in methods]
        self.choose("repayment_method", offered if len(offered) == 1 else [("", _("Choose")), *offered])

    def typed(self) -> PageInput:
        """A person's or household's loan serves his own household besides those named."""
        typed = super().typed()
        named = typed.answers.get("served_household_ids")
        own = self.case.household_id
        if named and own and self.case.borrower_kind not in BODIES:
            answers = {**typed.answers, "served_household_ids": tuple(dict.fromkeys([own, *named]))}
            return PageInput(page=typed.page, answers=answers, unfinished=typed.unfinished)
        return typed


class PapersPageForm(PageForm):
    """Page 4: the papers are handed in one by one; going on only remembers how far the clerk is."""

    page = DraftPage.PAPERS


class CheckPageForm(PageForm):
    """Page 5: what the applicant has signed, and submitting."""

    page = DraftPage.CHECK
    needed = ("consent_signed_on", "declarations")
    answers = {"consent_signed_on": "consent_signed_on"}

    declarations = forms.MultipleChoiceField(
        label=gettext_lazy("The applicant has signed"),
        choices=Declaration.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("All declarations are needed.")},
    )
    consent_signed_on = DayField(label=gettext_lazy("Consents signed on"))

    def clean_declarations(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["declarations"]
        if chosen and set(chosen) != set(Declaration.values):
            raise forms.ValidationError(_("All declarations are needed."), "all")
        return chosen


def tier_choice(tier: LimitTier) -> tuple[int, str]:
    limit = _("up to %(limit)s yuan") % {"limit": show_yuan(tier.amount_max)}
    return tier.pk, _("%(name)s, %(limit)s") % {"name": tier.name, "limit": limit}


def grouped(choices: Choices, near: str | Promise, others: str | Promise) -> list[Any]:
    """Return the choices of a select: the near ones first, each group under its heading."""
    groups = [(near, choices.near), (others, choices.others)]
    shown = [(label, [(option.pk, option.label) for option in options]) for label, options in groups if options]
    return shown if len(shown) > 1 else [choice for _label, group in shown for choice in group]


def initial_of(case: Application, draft: ApplicationDraft | None) -> dict[str, Any]:
    """Return what the pages of a case begin with. Needs `queries.detail.cases_in_full`."""
    names = ("project_scale", "labour_count", "wants_insurance")
    initial = {name: getattr(case, name) for name in (*NEEDED_TO_SUBMIT, *names) if name != "tier"}
    initial |= {
        "version": case.version_id,
        "borrower_kind": case.borrower_kind,
        "entity": case.entity_id,
        "branch": case.branch_id,
        "outlet": case.outlet_id,
        "tier": case.tier_id,
        "revision": case.revision,
        "request_id": case.request_id,
        "helped": [f"{one.person_id}:{one.kind}" for one in case.commitments.all()],
        "served": [str(unit.household_id) for unit in case.served_units.all() if is_other_household(case, unit)],
    }
    if draft is not None:
        initial |= {
            "introducer": draft.introducer_id,
            "visited_on": draft.visited_on,
            "is_no_relative": draft.is_no_relative,
        }
    return initial


def is_other_household(case: Application, unit: Any) -> bool:
    return unit.household_id is not None and unit.household_id != case.household_id
