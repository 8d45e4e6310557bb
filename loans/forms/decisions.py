"""What every step's form shares: the outcome, the fields each outcome needs, reason and target, what the page saw."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from loans.choices import DraftPage, Outcome, StepCode
from loans.flow import NEEDS_REASON
from loans.forms.fields import PlainTextField
from loans.forms.problems import ProblemsMixin
from loans.models import Application
from loans.steps.facts import NO_FACTS, Facts, ReturnFacts
from web.forms import OfficeForm, RequestIdField, RevisionField

REASON_LENGTH_MAX = 1000
RETURNS = (Outcome.RETURN,)


@dataclass(frozen=True)
class Group:
    """Fields that belong together, and the outcomes that need them (none: all of them)."""

    legend: Promise
    names: Sequence[str]
    outcomes: Sequence[str] = ()
    is_grid: bool = False


@dataclass(frozen=True)
class ShownGroup:
    """A group with its fields for the template."""

    legend: Promise
    fields: Sequence[BoundField]
    outcomes: str
    is_grid: bool


class DecisionForm(ProblemsMixin, OfficeForm):
    """The decision of one step. Subclasses add fields, say which outcome needs them and turn them into facts."""

    # Two outcomes may need different fields, so the browser must not insist on all of them.
    use_required_attribute = False

    labels: ClassVar[dict[str, Promise]] = {}
    groups: ClassVar[Sequence[Group]] = ()
    optional: ClassVar[Sequence[str]] = ()
    reasoned: ClassVar[Sequence[str]] = NEEDS_REASON

    outcome = forms.ChoiceField(label=gettext_lazy("Decision"), widget=forms.RadioSelect)
    target = forms.ChoiceField(label=gettext_lazy("Return to"))
    pages = forms.MultipleChoiceField(
        label=gettext_lazy("Pages to correct"),
        choices=DraftPage.choices[:-1],  # the last page repeats the others
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Where it goes back to the clerk: the pages that he must correct."),
    )
    reason = PlainTextField(
        label=gettext_lazy("Opinion or reason"),
        max_length=REASON_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("A reason is needed to return, refuse or decline; it is kept with the decision."),
    )
    revision = RevisionField()
    request_id = RequestIdField()

    def __init__(self, *args: Any, case: Application, outcomes: Sequence[str], **kwargs: Any) -> None:
        self.case = case
        initial = {"revision": case.revision, "outcome": outcomes[0] if outcomes else ""}
        super().__init__(*args, initial=initial | kwargs.pop("initial", {}), **kwargs)
        self._offer_outcomes(outcomes)
        self._demand_fields()

    def _offer_outcomes(self, outcomes: Sequence[str]) -> None:
        choices = [(code, self.labels.get(code, Outcome(code).label)) for code in outcomes]
        self.fields["outcome"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        steps = {step.code: step.name for step in self.case.version.ordered_steps}
        earlier = self.case.version.workflow.earlier_steps(self.case.step)
        self.fields["target"].choices = [(code, steps[code]) for code in reversed(earlier)]  # type: ignore[attr-defined]
        if Outcome.RETURN not in outcomes:
            del self.fields["target"]
        if Outcome.RETURN not in outcomes or StepCode.INTAKE not in earlier:
            del self.fields["pages"]
        elif StepCode.REFERRAL not in steps:
            named = [choice for choice in DraftPage.choices[:-1] if choice[0] != DraftPage.REFERRAL]
            self.fields["pages"].choices = named  # type: ignore[attr-defined]

    def _demand_fields(self) -> None:
        """Mark each field as the outcomes need it that show it; `clean` forgets what the chosen one does not ask."""
        for name in self._all_needed() & self.fields.keys():
            self.fields[name].required = name not in (*self.optional, "pages")

    @property
    def chosen_outcome(self) -> str:
        if self.is_bound:
            return str(self.data.get(self.add_prefix("outcome"), ""))
        return str(self.initial.get("outcome", ""))

    def _needed(self, outcome: str) -> set[str]:
        return {
            name
            for group in self.all_groups
            for name in group.names
            if not group.outcomes or outcome in group.outcomes
        }

    def _all_needed(self) -> set[str]:
        return {name for group in self.all_groups for name in group.names}

    @property
    def all_groups(self) -> list[Group]:
        names = [name for name in ("target", "pages") if name in self.fields]
        return [*self.groups, *([Group(gettext_lazy("Return for correction"), names, RETURNS)] if names else [])]

    @property
    def shown_groups(self) -> list[ShownGroup]:
        """The groups of outcomes on offer, for the template."""
        offered = {code for code, _label in self.fields["outcome"].choices}  # type: ignore[attr-defined]
        return [
            ShownGroup(group.legend, [self[name] for name in group.names], " ".join(group.outcomes), group.is_grid)
            for group in self.all_groups
            if not group.outcomes or offered & set(group.outcomes)
        ]

    def clean(self) -> dict[str, Any]:
        """Forget mistakes in fields that the chosen outcome does not use."""
        for name in self._all_needed() - self._needed(self.chosen_outcome):
            self.errors.pop(name, None)
        if self.chosen_outcome not in self.reasoned and self.has_error("reason", "required"):
            self.errors.pop("reason")
        return self.cleaned_data

    def facts(self) -> Facts:
        """Return what the chosen outcome states. Call it only when the form is valid."""
        return NO_FACTS

    def decision(self) -> dict[str, Any]:
        """Return the arguments of `operations.decide` that this form fills."""
        outcome = self.cleaned_data["outcome"]
        target = self.cleaned_data.get("target", "") if outcome == Outcome.RETURN else ""
        pages = tuple(self.cleaned_data.get("pages") or ()) if target == StepCode.INTAKE else ()
        return {
            "outcome": outcome,
            "facts": ReturnFacts(pages) if pages else self.facts(),
            "reason": self.cleaned_data.get("reason", ""),
            "target": target,
            "revision": self.cleaned_data["revision"],
        }


class WithdrawForm(DecisionForm):
    """The applicant takes his request back; the clerk records why."""

    labels = {Outcome.WITHDRAW: gettext_lazy("Withdraw the application")}
    reasoned = (Outcome.WITHDRAW,)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].widget = forms.HiddenInput()
        self.fields["reason"].label = _("Why the applicant withdraws")
        self.fields["reason"].help_text = ""
