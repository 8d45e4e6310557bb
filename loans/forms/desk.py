"""The forms of the lender's desk: its filter, and paying out several loans at once."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _, gettext_lazy, pgettext_lazy

from loans.forms.fields import ReferenceField
from loans.forms.filters import ANY
from loans.models import Application
from loans.operations.bulk import Payout
from loans.queries.desk import DeskFilter, DeskState
from loans.queries.places import PlaceName
from loans.steps.facts import DisbursementFacts
from web.forms import DayField, MoneyField, OfficeForm, Problem, RevisionField


class DeskFilterForm(OfficeForm):
    """What the desk can be narrowed to. What is no amount narrows nothing."""

    state = forms.ChoiceField(label=gettext_lazy("State"), choices=DeskState.choices, required=False)
    place = forms.ChoiceField(label=gettext_lazy("Village"), required=False)
    amount_from = MoneyField(label=gettext_lazy("Amount from"), required=False, allow_zero=True)
    amount_to = MoneyField(label=pgettext_lazy("amount", "to"), required=False, allow_zero=True)

    def __init__(self, *args: Any, places: Sequence[PlaceName], default: str, **kwargs: Any) -> None:
        super().__init__(*args, initial={"state": default}, **kwargs)
        self.default = default
        names = [(place.path, place.name if place.is_township else f"　{place.name}") for place in places]
        self.fields["place"].choices = [ANY, *names]  # type: ignore[attr-defined]  # a ChoiceField

    def filters(self) -> DeskFilter:
        """Return what was understood; the rest of a tampered address is as if it were not there."""
        chosen: dict[str, Any] = {}
        if self.is_bound:
            self.full_clean()
            chosen = self.cleaned_data
        return DeskFilter(**{**chosen, "state": chosen.get("state") or self.default})


class PayoutForm(OfficeForm):
    """One loan of several: amount and term are those approved, the rest is on the officer's papers."""

    contract_number = ReferenceField(label=gettext_lazy("Contract number"), max_length=40)
    start_date = DayField(label=gettext_lazy("Paid out on"))
    bank_reference = ReferenceField(label=gettext_lazy("Bank reference of the payment"), max_length=60)
    revision = RevisionField()

    def __init__(self, data: Any, *, case: Application, on: date) -> None:
        self.case = case
        initial = {"contract_number": proposed_number(case), "start_date": on, "revision": case.revision}
        super().__init__(data, prefix=f"case-{case.pk}", initial=initial)

    @property
    def problems(self) -> list[Problem]:
        """The problems, each with the case it belongs to."""
        found = super().problems
        return [Problem(f"{self.case.borrower_name} {one.label}".strip(), one.message, one.target) for one in found]

    def payout(self) -> Payout:
        kept = self.cleaned_data
        facts = DisbursementFacts(
            amount=self.case.approved,  # type: ignore[attr-defined]  # of queries.desk
            term_months=self.case.term_granted or self.case.term_months or 0,
            contract_number=kept["contract_number"],
            start_date=kept["start_date"],
            bank_reference=kept["bank_reference"],
        )
        return Payout(application_id=self.case.pk, revision=kept["revision"], facts=facts)


class BulkPayoutForm(OfficeForm):
    """Several loans and the officer's password. `is_password_right` asks the sign-in, which counts the failures."""

    password = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        help_text=gettext_lazy("Money leaves the bank: please type your password once more."),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, data: Mapping[str, Any] | None, *, cases: Sequence[Application], on: date) -> None:
        super().__init__(data)
        self.rows = [PayoutForm(data, case=case, on=on) for case in cases]

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound:
            self._demand_different_numbers()

    def _demand_different_numbers(self) -> None:
        for name in ("contract_number", "bank_reference"):
            seen: set[str] = set()
            for row in self.rows:
                number = row.cleaned_data.get(name, "") if not row.errors.get(name) else ""
                if number and number in seen:
                    row.add_error(name, _("The same number stands in another row."))
                seen.add(number)

    @property
    def are_rows_valid(self) -> bool:
        """Whether every row can be tried; the password is not asked about before that."""
        return self.is_valid() and all(row.is_valid() for row in self.rows)

    @property
    def has_problems(self) -> bool:
        return bool(self.problems)

    @property
    def problems(self) -> list[Problem]:
        return [problem for form in self.rows for problem in form.problems] + super().problems

    def payouts(self) -> list[Payout]:
        return [row.payout() for row in self.rows]


def proposed_number(case: Application) -> str:
    """Return a contract number nobody else has: a case becomes one loan."""
    return f"HT-{case.number}"
