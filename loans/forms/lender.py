"""Forms of the lender: credit decision, consent, paying out, repayments, and the trial of what a loan costs."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _, gettext_lazy

from finance.money import ZERO
from loans.choices import CreditStatus, Outcome, RepaymentMethod
from loans.forms.decisions import DecisionForm, Group
from loans.forms.fields import ReferenceField
from loans.forms.problems import ProblemsMixin
from loans.models import ProgrammeVersion
from loans.operations import Repayment
from loans.queries.schedules import Quotation, quote
from loans.steps.facts import NO_FACTS, CreditFacts, DisbursementFacts, Facts
from web.display import show_yuan
from web.forms import DayField, MoneyField, OfficeForm, WholeNumberField

TERM_MAX = 600  # months: fifty years


class DisbursementForm(DecisionForm):
    """Step 5: the lender decides by itself; above the version's limit the manager consents first."""

    labels = {
        Outcome.PROPOSE: gettext_lazy("Send the credit decision for consent"),
        Outcome.DISBURSE: gettext_lazy("Pay out"),
        Outcome.CONSENT: gettext_lazy("Consent"),
        Outcome.REFUSE_CONSENT: gettext_lazy("Refuse consent"),
        Outcome.DECLINE: gettext_lazy("Decline the loan"),
        Outcome.RETURN: gettext_lazy("Return for correction"),
    }
    groups = (
        Group(gettext_lazy("Credit decision"), ("amount", "term_months"), (Outcome.PROPOSE, Outcome.DISBURSE)),
        Group(
            gettext_lazy("Paying out"),
            ("start_date", "first_part", "contract_number", "bank_reference"),
            (Outcome.DISBURSE,),
        ),
    )

    optional = ("first_part",)

    amount = MoneyField(label=gettext_lazy("Amount granted"))
    term_months = WholeNumberField(label=gettext_lazy("Term (months)"), min_value=1, max_value=TERM_MAX)
    start_date = DayField(label=gettext_lazy("Paid out on"))
    first_part = MoneyField(
        label=gettext_lazy("First part"),
        required=False,
        help_text=gettext_lazy("Only where the loan is paid out in parts; empty: the whole amount."),
    )
    contract_number = ReferenceField(label=gettext_lazy("Contract number"), max_length=40)
    bank_reference = ReferenceField(label=gettext_lazy("Bank reference of the payment"), max_length=60)

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        case = kwargs["case"]
        initial = {
            "amount": case.amount_granted or case.amount_asked,
            "term_months": case.term_granted or case.term_months,
            "start_date": on,
        }
        super().__init__(*args, initial=initial, **kwargs)
        limit = case.version.consent_above
        if limit is not None and case.credit_status != CreditStatus.GIVEN:
            text = _("Above %(limit)s yuan the manager's consent is needed first.") % {"limit": show_yuan(limit)}
            self.fields["amount"].help_text = text

    def facts(self) -> Facts:
        kept = self.cleaned_data
        match kept["outcome"]:
            case Outcome.PROPOSE:
                return CreditFacts(amount=kept["amount"], term_months=kept["term_months"])
            case Outcome.DISBURSE:
                return DisbursementFacts(
                    amount=kept["amount"],
                    term_months=kept["term_months"],
                    contract_number=kept["contract_number"],
                    start_date=kept["start_date"],
                    bank_reference=kept["bank_reference"],
                    first_part=kept["first_part"],
                )
        return NO_FACTS


class TrialForm(OfficeForm):
    """The terms of a loan that is only thought about."""

    amount = MoneyField()
    term_months = WholeNumberField(min_value=1, max_value=TERM_MAX)
    repayment_method = forms.ChoiceField(choices=RepaymentMethod.choices)
    start_date = DayField()

    def quotation(self, version: ProgrammeVersion) -> Quotation:
        """Return what the loan would cost. Raises finance.rates.NoRate."""
        kept = self.cleaned_data
        return quote(
            version=version,
            amount=kept["amount"],
            term_months=kept["term_months"],
            repayment_method=kept["repayment_method"],
            start_date=kept["start_date"],
        )


class RepaymentForm(ProblemsMixin, OfficeForm):
    """A payment as the bank booked it. Where the whole sum is written too, its parts must add up to it."""

    PARTS = ("principal", "interest", "penalty", "compound", "costs")

    amount = MoneyField(
        label=gettext_lazy("Amount brought"),
        required=False,
        help_text=gettext_lazy("The system proposes how it is split; what the bank booked counts."),
    )
    value_date = DayField(label=gettext_lazy("Day"))
    costs_first = forms.BooleanField(
        label=gettext_lazy("By the contract the costs of collection come first"), required=False
    )
    principal = MoneyField(label=gettext_lazy("Principal"), allow_zero=True)
    interest = MoneyField(label=gettext_lazy("Interest"), allow_zero=True)
    penalty = MoneyField(label=gettext_lazy("Penalty interest"), allow_zero=True, required=False)
    compound = MoneyField(label=gettext_lazy("Interest on unpaid interest"), allow_zero=True, required=False)
    costs = MoneyField(label=gettext_lazy("Costs of collection"), allow_zero=True, required=False)
    bank_reference = ReferenceField(label=gettext_lazy("Bank reference"), max_length=60)

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"value_date": on, **kwargs.pop("initial", {})}, **kwargs)

    @property
    def part_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.PARTS]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        amount = cleaned.get("amount")
        total = sum((cleaned.get(name) or ZERO for name in self.PARTS), start=ZERO)
        if amount is not None and amount != total and not self.errors:
            text = _("The parts come to %(total)s yuan, not to the amount brought.") % {"total": show_yuan(total)}
            self.add_error("amount", text)
        return cleaned

    def repayment(self) -> Repayment:
        kept = self.cleaned_data
        return Repayment(
            value_date=kept["value_date"],
            bank_reference=kept["bank_reference"],
            **{name: kept[name] or ZERO for name in self.PARTS},
        )
