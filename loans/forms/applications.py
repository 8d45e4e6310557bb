"""The application: one page for what the applicant says. A draft may be incomplete, submitting asks for everything."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from loans.choices import BorrowerKind, HelpedKind, Purpose, RepaymentMethod
from loans.forms.fields import PlainTextField
from loans.forms.lender import TERM_MAX
from loans.forms.people import RegisterField
from loans.forms.problems import ProblemsMixin
from loans.models import Application, LimitTier, ProgrammeVersion
from loans.operations import ApplicationData, Helped
from loans.queries.register import Choices, label_of
from loans.steps.requests import NEEDED_TO_SUBMIT
from organizations.models import Entity, Person
from organizations.scope import Scope
from web.display import show_yuan
from web.forms import DayField, MoneyField, OfficeForm, RequestIdField, RevisionField, WholeNumberField

ROWS = range(1, 6)
BODIES = (BorrowerKind.COOPERATIVE, BorrowerKind.COLLECTIVE)


@dataclass(frozen=True)
class FormOptions:
    """What an applicant may be offered: rules in force, branches, outlets, bodies, and whose register is searched."""

    versions: Sequence[ProgrammeVersion]
    branches: Choices
    outlets: Choices
    entities: Sequence[Entity]
    scope: Scope


class IdChoiceField(forms.TypedChoiceField):
    """A select of rows. A number that is not offered passes on: the operation refuses what was posted by hand."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=int, empty_value=None, **kwargs)

    def valid_value(self, value: Any) -> bool:
        text = str(value)
        return text.isascii() and text.isdigit() and len(text) < 19 and int(text) > 0


class PurposeField(forms.ChoiceField):
    """Only what the programme lends for is offered; consumption passes on to the rule that refuses it in words."""

    def valid_value(self, value: Any) -> bool:
        return value in Purpose.values


class ApplicationForm(ProblemsMixin, OfficeForm):
    """What the clerk writes down. `action` is "save" (nothing but the form of each answer is checked) or "submit"."""

    use_required_attribute = False
    shown_at = {"served": "served_1", "helped": "helped_1"}

    version = IdChoiceField(label=gettext_lazy("Programme"))
    borrower_kind = forms.ChoiceField(
        label=gettext_lazy("Borrower"), choices=BorrowerKind.choices, initial=BorrowerKind.HOUSEHOLD
    )
    entity = IdChoiceField(
        label=gettext_lazy("Body that borrows"),
        required=False,
        help_text=gettext_lazy("Only for a cooperative or village collective; the applicant signs for it."),
    )
    branch = IdChoiceField(label=gettext_lazy("Branch that reviews"))
    outlet = IdChoiceField(label=gettext_lazy("Outlet that pays out"))
    tier = IdChoiceField(label=gettext_lazy("Class"))
    amount_asked = MoneyField(label=gettext_lazy("Amount asked"))
    term_months = WholeNumberField(label=gettext_lazy("Term (months)"), min_value=1, max_value=TERM_MAX)
    repayment_method = forms.ChoiceField(label=gettext_lazy("Repayment"))
    purpose = PurposeField(label=gettext_lazy("Purpose"), widget=forms.RadioSelect)
    project_name = PlainTextField(label=gettext_lazy("Project"), max_length=60)
    plan = PlainTextField(
        label=gettext_lazy("Business plan"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5})
    )
    project_total = MoneyField(label=gettext_lazy("Total investment"))
    own_funds = MoneyField(label=gettext_lazy("Own funds"), allow_zero=True)
    annual_income = MoneyField(label=gettext_lazy("Household income a year"), allow_zero=True)
    existing_loans = MoneyField(label=gettext_lazy("Other loans owed"), allow_zero=True)
    consent_signed_on = DayField(label=gettext_lazy("Consents signed on"))
    request_id = RequestIdField()
    revision = RevisionField(required=False)

    def __init__(self, *args: Any, person: Person, options: FormOptions, action: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person, self.options = person, options
        self._offer_rules(options.versions)
        self._offer_places(options)
        self._add_rows()
        if action == "save":
            for name in NEEDED_TO_SUBMIT:
                self.fields[name].required = False

    def _choose(self, name: str, choices: Sequence[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # every field asked for is a ChoiceField

    def _offer_rules(self, versions: Sequence[ProgrammeVersion]) -> None:
        self._choose("version", [(version.pk, version.name) for version in versions])
        tiers = [(version.name, [tier_choice(t) for t in version.tiers.all()]) for version in versions]
        flat = tiers[0][1] if len(tiers) == 1 else tiers
        self._choose("tier", [("", _("Choose")), *flat])
        purposes = {code for version in versions for code in version.purposes}
        methods = {code for version in versions for code in version.repayment_methods}
        self._choose("purpose", [(code, label) for code, label in Purpose.choices if code in purposes])
        self._choose("repayment_method", [(code, label) for code, label in RepaymentMethod.choices if code in methods])

    def _offer_places(self, options: FormOptions) -> None:
        entities = [(entity.pk, entity.name) for entity in options.entities]
        self._choose("entity", [("", _("None: a person or household borrows")), *entities])
        self._choose("branch", grouped(options.branches, _("Of the applicant's village"), _("Others of the township")))
        self._choose("outlet", grouped(options.outlets, _("Serving the village"), _("Others of the county")))

    def _add_rows(self) -> None:
        for row in ROWS:
            self.fields[f"helped_{row}"] = RegisterField(
                label=_("Helped person %(row)s") % {"row": row}, scope=self.options.scope
            )
            self.fields[f"helped_kind_{row}"] = forms.ChoiceField(
                label=_("Kind of person %(row)s") % {"row": row}, choices=HelpedKind.choices, required=False
            )
            self.fields[f"served_{row}"] = RegisterField(
                label=_("Other household %(row)s") % {"row": row}, scope=self.options.scope, needs_household=True
            )

    @property
    def helped_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"helped_{row}"], self[f"helped_kind_{row}"]) for row in ROWS]

    @property
    def served_rows(self) -> list[forms.BoundField]:
        return [self[f"served_{row}"] for row in ROWS]

    def clean(self) -> dict[str, Any]:
        people = [self.cleaned_data.get(f"helped_{row}") for row in ROWS]
        for row, person in zip(ROWS, people, strict=True):
            if person is not None and person in people[: row - 1]:
                self.add_error(f"helped_{row}", _("This person is named twice."))
        return self.cleaned_data

    def application_data(self) -> ApplicationData:
        """Return what the operation writes. Call it only when the form is valid."""
        kept = self.cleaned_data
        plain: dict[str, Any] = {name: kept.get(name) for name in NEEDED_TO_SUBMIT if name != "tier"}
        return ApplicationData(
            version_id=kept["version"],
            borrower_kind=kept["borrower_kind"],
            person_id=self.person.pk,
            branch_id=kept["branch"],
            outlet_id=kept["outlet"],
            entity_id=kept["entity"],
            tier_id=kept["tier"],
            served_household_ids=self._served(),
            helped=tuple(
                Helped(person_id=kept[f"helped_{row}"].pk, kind=kept[f"helped_kind_{row}"])
                for row in ROWS
                if kept.get(f"helped_{row}")
            ),
            **plain,
        )

    def _served(self) -> tuple[int, ...]:
        """A person's or household's loan serves his own household besides those named."""
        named = [person.household_id for row in ROWS if (person := self.cleaned_data.get(f"served_{row}"))]
        own = [] if self.cleaned_data["borrower_kind"] in BODIES else [self.person.household_id]
        return tuple(dict.fromkeys(pk for pk in [*own, *named] if pk)) if named else ()


def tier_choice(tier: LimitTier) -> tuple[int, str]:
    limit = _("up to %(limit)s yuan") % {"limit": show_yuan(tier.amount_max)}
    return tier.pk, _("%(name)s, %(limit)s") % {"name": tier.name, "limit": limit}


def grouped(choices: Choices, near: str | Promise, others: str | Promise) -> list[Any]:
    """Return the choices of a select: the near ones first, each group under its heading."""
    groups = [(near, choices.near), (others, choices.others)]
    shown = [(label, [(option.pk, option.label) for option in options]) for label, options in groups if options]
    return shown if len(shown) > 1 else [choice for _label, group in shown for choice in group]


def initial_of(case: Application) -> dict[str, Any]:
    """Return what the page of a draft or returned case begins with. Needs `queries.detail.cases_in_full`."""
    initial = {name: getattr(case, name) for name in NEEDED_TO_SUBMIT if name != "tier"}
    initial |= {
        "version": case.version_id,
        "borrower_kind": case.borrower_kind,
        "entity": case.entity_id,
        "branch": case.branch_id,
        "outlet": case.outlet_id,
        "tier": case.tier_id,
        "revision": case.revision,
        "request_id": case.request_id,
    }
    for row, commitment in zip(ROWS, case.commitments.all(), strict=False):
        initial |= {f"helped_{row}": label_of(commitment.person), f"helped_kind_{row}": commitment.kind}
    others = [unit.household for unit in case.served_units.all() if unit.household_id not in (None, case.household_id)]
    for row, household in zip(ROWS, others, strict=False):
        head = household.head if household else None
        initial[f"served_{row}"] = label_of(head) if head else ""
    return initial
