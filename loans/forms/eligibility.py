"""What is typed into an application so far, for the panel beside it: half a form is no mistake here."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _, gettext_lazy

from loans.choices import HelpedKind, HelpVerdict, Purpose, RepaymentMethod
from loans.forms.fields import PlainTextField
from loans.forms.lender import TERM_MAX
from loans.forms.problems import ProblemsMixin
from loans.models import Application, HelpCommitment, HelpVerification, ProgrammeVersion
from loans.models.eligibility import REASON_LENGTH_MAX
from loans.operations import Finding
from loans.queries.situation import Asked, asked_by, tier_of
from organizations.models import Person
from web.forms import DayField, MoneyField, OfficeForm, WholeNumberField
from web.text import number_in

REASON_PREFIX = "reason_"
HELPED_MAX = 20


class TypedForm(OfficeForm):
    """The answers of the page 项目与金额. What is not valid counts as not filled in."""

    tier = WholeNumberField(min_value=1, max_value=2**31 - 1, required=False)
    amount_asked = MoneyField(required=False)
    term_months = WholeNumberField(min_value=1, max_value=TERM_MAX, required=False)
    repayment_method = forms.ChoiceField(choices=RepaymentMethod.choices, required=False)
    purpose = forms.ChoiceField(choices=Purpose.choices, required=False)
    project_total = MoneyField(required=False)
    own_funds = MoneyField(required=False, allow_zero=True)
    annual_income = MoneyField(required=False, allow_zero=True)
    existing_loans = MoneyField(required=False, allow_zero=True)

    def asked(self, case: Application, version: ProgrammeVersion) -> Asked:
        """Return what the form says where it says something, and what the case says elsewhere."""
        self.is_valid()
        stored = asked_by(case, version)
        kept = {name: self.cleaned_data.get(name) for name in self.fields if name in self.data}
        typed: dict[str, Any] = {
            ("amount" if name == "amount_asked" else name): value for name, value in kept.items() if name != "tier"
        }
        for name in ("repayment_method", "purpose"):
            if name in typed:
                typed[name] = typed[name] or ""
        tier = tier_of(version, kept["tier"]) if "tier" in kept else stored.tier
        return Asked(**{**stored.__dict__, **typed, "tier": tier})


def helped_in(data: Mapping[str, Any], lists: Any) -> list[tuple[int, str]] | None:
    """Return the people named by the rows of the form with their kinds, or None where it has no such rows."""
    if "helped" not in data:
        return None
    people, kinds = lists("helped")[:HELPED_MAX], lists("helped_kind")
    pairs = zip(people, kinds, strict=False)
    return [(key, kind) for text, kind in pairs if (key := number_in(text)) and kind in HelpedKind.values]


def promises(
    case: Application, named: Iterable[tuple[int, str]], people: Mapping[int, Person]
) -> list[HelpCommitment]:
    """Return promises as they would be written down; whom the account cannot reach is not among them."""
    return [HelpCommitment(application=case, person=people[key], kind=kind) for key, kind in named if key in people]


def reasons_in(data: Mapping[str, Any]) -> dict[str, str]:
    """Return the reasons typed, by the code of their rule."""
    found = {}
    for name in data:
        if name.startswith(REASON_PREFIX):
            text = str(data[name]).replace("\x00", "").strip()
            found[name.removeprefix(REASON_PREFIX)] = text[:REASON_LENGTH_MAX]
    return found


class VerificationForm(ProblemsMixin, OfficeForm):
    """What the branch found about each of those whom the borrower promises to help."""

    def __init__(
        self,
        *args: Any,
        commitments: Sequence[HelpCommitment],
        verdicts: Mapping[int, HelpVerification],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.commitments = commitments
        for one in commitments:
            known = verdicts.get(one.person_id)
            holds = known is not None and known.kind == one.kind
            self.fields[f"verdict_{one.person_id}"] = forms.ChoiceField(
                label=_("%(name)s, %(kind)s") % {"name": one.person.name, "kind": one.get_kind_display()},
                choices=HelpVerdict.choices,
                widget=forms.RadioSelect,
                initial=known.verdict if known and holds else None,
            )
            self.fields[f"note_{one.person_id}"] = PlainTextField(
                label=_("What the branch found"),
                help_text=_("Needed where something is not as stated."),
                max_length=REASON_LENGTH_MAX,
                required=False,
                initial=known.note if known and holds else "",
            )

    @property
    def rows(self) -> list[tuple[HelpCommitment, forms.BoundField, forms.BoundField]]:
        return [(one, self[f"verdict_{one.person_id}"], self[f"note_{one.person_id}"]) for one in self.commitments]

    def findings(self) -> list[Finding]:
        kept = self.cleaned_data
        return [
            Finding(
                person_id=one.person_id,
                verdict=HelpVerdict(kept[f"verdict_{one.person_id}"]),
                note=kept[f"note_{one.person_id}"],
            )
            for one in self.commitments
        ]


class LapseForm(ProblemsMixin, OfficeForm):
    """A promise of help that is not kept: since when, and how that is known."""

    lapsed_on = DayField(label=gettext_lazy("Not kept since"))
    reason = PlainTextField(
        label=gettext_lazy("Reason"), max_length=REASON_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"lapsed_on": on}, **kwargs)
