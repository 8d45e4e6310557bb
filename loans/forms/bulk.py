"""Deciding several cases at once: the common opinion, and what a filing of several cases states."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from loans.choices import Outcome, StepCode
from loans.forms.county import FILED_PAPERS, filing_facts
from loans.forms.decisions import REASON_LENGTH_MAX
from loans.forms.fields import PlainTextField
from loans.models import Application
from loans.operations.bulk import Wanted
from loans.steps.facts import NO_FACTS, Facts
from web.forms import DayField, OfficeForm, RequestIdField
from web.text import number_in


class BulkForm(OfficeForm):
    """One opinion for all ticked cases. Each row brings the revision that the page showed (`revision-7`)."""

    step = StepCode.SUBSIDY_CONFIRMATION
    outcome = Outcome.CONFIRM

    reason = PlainTextField(
        label=gettext_lazy("Common opinion"),
        max_length=REASON_LENGTH_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    request_id = RequestIdField()

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on

    def facts(self) -> Facts:
        return NO_FACTS

    def wanted(self, cases: Iterable[Application]) -> list[Wanted]:
        """Return the decision to be made on each case. Call it only when the form is valid."""
        facts, reason = self.facts(), self.cleaned_data["reason"]
        return [
            Wanted(case.pk, self.step, self.outcome, self._revision_of(case), facts=facts, reason=reason)
            for case in cases
        ]

    def _revision_of(self, case: Application) -> int:
        # What nobody typed is no revision of any case: the row is refused as changed meanwhile.
        return number_in(self.data.get(f"revision-{case.pk}", "")) or 0


class BulkFilingForm(BulkForm):
    """The list that the committee files under one number."""

    step = StepCode.COMMITTEE_FILING
    outcome = Outcome.PASS

    received_on = DayField(label=gettext_lazy("Papers received on"))
    has_resolution = forms.BooleanField(label=gettext_lazy("Branch resolution"), required=False)
    has_notice = forms.BooleanField(label=gettext_lazy("Record of the public notice"), required=False)
    has_letter = forms.BooleanField(label=gettext_lazy("Letter of recommendation"), required=False)
    has_photos = forms.BooleanField(label=gettext_lazy("Photos of the notice"), required=False)

    field_order = ("received_on", *FILED_PAPERS, "reason")

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, on=on, initial={"received_on": on}, **kwargs)

    def facts(self) -> Facts:
        return filing_facts(self.cleaned_data, request_id=str(self.cleaned_data["request_id"]))


FORMS: dict[str, type[BulkForm]] = {form.step: form for form in (BulkForm, BulkFilingForm)}
