"""Forms of township and county: filing, subsidy, assessment."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from loans.choices import LeadingRole, Outcome, RepaymentConduct, UseOfFunds
from loans.forms.decisions import DecisionForm, Group
from loans.steps.facts import NO_FACTS, AssessmentFacts, Facts, FilingFacts
from web.forms import DayField, WholeNumberField

# What the committee looks for before it files (形式审查).
FILED_PAPERS = ("has_resolution", "has_notice", "has_letter", "has_photos")


class FilingForm(DecisionForm):
    """Step 3: the township committee files the case under its quota. Filing is not an approval."""

    labels = {Outcome.PASS: gettext_lazy("File the case"), Outcome.RETURN: gettext_lazy("Return for correction")}
    groups = (
        Group(gettext_lazy("Filing"), ("received_on",), (Outcome.PASS,)),
        Group(gettext_lazy("Papers that are there"), FILED_PAPERS, (Outcome.PASS,)),
    )
    optional = FILED_PAPERS

    received_on = DayField(label=gettext_lazy("Papers received on"))
    has_resolution = forms.BooleanField(label=gettext_lazy("Branch resolution"))
    has_notice = forms.BooleanField(label=gettext_lazy("Record of the public notice"))
    has_letter = forms.BooleanField(label=gettext_lazy("Letter of recommendation"))
    has_photos = forms.BooleanField(label=gettext_lazy("Photos of the notice"))

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"received_on": on}, **kwargs)

    def facts(self) -> Facts:
        if self.cleaned_data["outcome"] != Outcome.PASS:
            return NO_FACTS
        return filing_facts(self.cleaned_data)


def filing_facts(kept: Mapping[str, Any], request_id: str = "") -> FilingFacts:
    papers = {name: kept[name] for name in FILED_PAPERS}
    return FilingFacts(received_on=kept["received_on"], request_id=request_id, **papers)


class SubsidyForm(DecisionForm):
    """Step 4: finance confirms that the case is in the scope of the subsidy, or lets it go on without."""

    labels = {
        Outcome.CONFIRM: gettext_lazy("Confirm and reserve the subsidy"),
        Outcome.CONFIRM_WITHOUT: gettext_lazy("Confirm without subsidy"),
    }


class AssessmentForm(DecisionForm):
    """Step 6: how the money was used, how it came back, whom it helped."""

    labels = {Outcome.PASS: gettext_lazy("Record the assessment and close the case")}
    groups = (
        Group(
            gettext_lazy("Assessment"), ("use", "conduct", "leading_role", "households_led"), (Outcome.PASS,)
        ),
    )  # fmt: skip

    use = forms.ChoiceField(label=gettext_lazy("Use of the funds"), choices=UseOfFunds.choices)
    conduct = forms.ChoiceField(label=gettext_lazy("Repayment conduct"), choices=RepaymentConduct.choices)
    leading_role = forms.ChoiceField(label=gettext_lazy("Leading role"), choices=LeadingRole.choices)
    households_led = WholeNumberField(label=gettext_lazy("Households led"), max_value=9999, initial=0)

    def facts(self) -> Facts:
        kept = self.cleaned_data
        return AssessmentFacts(
            use=UseOfFunds(kept["use"]),
            conduct=RepaymentConduct(kept["conduct"]),
            leading_role=LeadingRole(kept["leading_role"]),
            households_led=kept["households_led"],
        )
