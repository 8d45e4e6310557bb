"""The rules of a programme: storing a version, and what its townships and its budget may spend."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import User
from accounts.operations import NotAllowed
from audit.choices import Action
from audit.operations import record
from finance.money import ZERO
from finance.penalties import MarkupOutsideRule
from finance.rates import NoRate
from loans.choices import VersionState
from loans.flow import chain_problems
from loans.models import (
    LimitTier,
    Programme,
    ProgrammeVersion,
    Quota,
    RequiredDocument,
    SubsidyBudget,
    VersionStep,
)
from loans.queries.penalties import penalty_rule_on
from organizations.choices import DivisionLevel
from organizations.models import Division
from web.clock import day_of
from web.display import show_percent

# Plain columns of a version: taken from the data as they are.
PLAIN_FIELDS = (
    "code",
    "name",
    "document_number",
    "is_example",
    "benchmark_series",
    "day_count",
    "subsidy_basis",
    "subsidy_months_max",
    "subsidy_capped_at_interest",
    "term_months_min",
    "term_months_max",
    "age_min",
    "age_max",
    "purposes",
    "repayment_methods",
    "notice_days",
    "assessment_after_months",
    "clauses",
)
DECIMAL_FIELDS = (
    "rate_multiplier",
    "ordinary_multiplier",
    "subsidy_percent",
    "lending_plan",
    "consent_above",
    "amount_multiple",
)
DATE_FIELDS = ("effective_from", "effective_to")
# What older files leave out: the model's default holds then.
OPTIONAL_PLAIN_FIELDS = (
    "rate_points",
    "subsidy_on_arrears",
    "subsidy_grace_days",
    "subsidy_on_misuse",
    "subsidy_payee",
    "compound_rule",
    "holiday_rule",
    "extensions_max",
    "first_visit_days",
    "visit_every_days",
    "notice_photo_required",
    "filing_in_order",
    "escalation_days",
)
OPTIONAL_DECIMAL_FIELDS = (
    "subsidy_principal_max",
    "subsidy_household_max",
    "overdue_markup_percent",
    "misuse_markup_percent",
    "arrears_tolerance",
    "household_exposure_max",
    "body_exposure_max",
    "debts_to_income_max",
)


class UnableToSet(Exception):
    """A rule, quota or budget cannot be stored; the message is for the person at the screen."""


@transaction.atomic
def store_programme(*, data: Mapping[str, Any], stored_by: User | None, stored_at: datetime) -> list[ProgrammeVersion]:
    """Store a programme with the versions that are not there yet, and publish them. Returns the new ones.

    `data` has the shape of fixtures/programmes/*.json. A stored version is never changed: once published it is
    frozen. `stored_by` is None only for the command that sets an empty county up. Raises UnableToSet, NotAllowed.
    """
    county = Division.objects.filter(code=data["county"]).first()
    if county is None:
        raise UnableToSet(_("The county %(code)s is not in the register.") % {"code": data["county"]})
    _refuse_strangers(stored_by, county=county, at=stored_at)
    programme, _created = Programme.objects.get_or_create(
        code=data["code"], defaults={"name": data["name"], "division": county}
    )
    known = set(programme.versions.values_list("code", flat=True))
    return [
        _store_version(programme, version, stored_by=stored_by, stored_at=stored_at)
        for version in data["versions"]
        if version["code"] not in known
    ]


def _store_version(
    programme: Programme, data: Mapping[str, Any], *, stored_by: User | None, stored_at: datetime
) -> ProgrammeVersion:
    _refuse_unsound_chain(data)
    version = ProgrammeVersion(programme=programme, state=VersionState.DRAFT)
    for name in PLAIN_FIELDS:
        setattr(version, name, data[name])
    for name in DECIMAL_FIELDS:
        setattr(version, name, _decimal(data[name]))
    for name in OPTIONAL_PLAIN_FIELDS:
        if name in data:
            setattr(version, name, data[name])
    for name in OPTIONAL_DECIMAL_FIELDS:
        if name in data:
            setattr(version, name, _decimal(data[name]))
    for name in DATE_FIELDS:
        setattr(version, name, date.fromisoformat(data[name]) if data[name] else None)
    _refuse_unlawful_markups(version)
    version.save()
    _store_parts(version, data)
    # Parts first: the database refuses every change of a published version and of what belongs to it.
    version.state = VersionState.PUBLISHED
    version.save(update_fields=["state"])
    record(action=Action.PUBLISHED, actor=stored_by, at=stored_at, subject=version)
    return version


def _refuse_unsound_chain(data: Mapping[str, Any]) -> None:
    problems = chain_problems([step["code"] for step in data["steps"]])
    if problems or not data["tiers"]:
        raise UnableToSet(
            _("The steps or classes of version %(code)s are not complete: %(problems)s.")
            % {"code": data["code"], "problems": "; ".join(problems)}
        )


def _refuse_unlawful_markups(version: ProgrammeVersion) -> None:
    """What a contract may add for late payment and misuse is law of its day (fixtures/rates/penalty.csv)."""
    try:
        rule = penalty_rule_on(version.effective_from)
    except NoRate as error:
        raise UnableToSet(
            _("No rule on penalty interest is known for %(day)s, the first day of version %(code)s.")
            % {"day": version.effective_from.isoformat(), "code": version.code}
        ) from error
    try:
        rule.require_allowed(
            overdue_markup_percent=version.overdue_markup_percent, misuse_markup_percent=version.misuse_markup_percent
        )
    except MarkupOutsideRule as error:
        raise UnableToSet(
            _(
                "Version %(code)s adds %(overdue)s for late payment and %(misuse)s for misuse. From %(day)s on"
                " %(overdue_min)s to %(overdue_max)s and %(misuse_min)s to %(misuse_max)s are allowed."
            )
            % {
                "code": version.code,
                "overdue": show_percent(version.overdue_markup_percent),
                "misuse": show_percent(version.misuse_markup_percent),
                "day": rule.effective_date.isoformat(),
                "overdue_min": show_percent(rule.overdue_min_percent),
                "overdue_max": show_percent(rule.overdue_max_percent),
                "misuse_min": show_percent(rule.misuse_min_percent),
                "misuse_max": show_percent(rule.misuse_max_percent),
            }
        ) from error


def _store_parts(version: ProgrammeVersion, data: Mapping[str, Any]) -> None:
    VersionStep.objects.bulk_create(
        [VersionStep(version=version, position=place, **step) for place, step in enumerate(data["steps"], start=1)]
    )
    LimitTier.objects.bulk_create(
        [LimitTier(version=version, position=place, **_tier(tier)) for place, tier in enumerate(data["tiers"], 1)]
    )
    RequiredDocument.objects.bulk_create(
        [
            RequiredDocument(version=version, position=place, **paper)
            for place, paper in enumerate(data["documents"], start=1)
        ]
    )


def _tier(data: Mapping[str, Any]) -> dict[str, Any]:
    return {**data, "amount_min": Decimal(data["amount_min"]), "amount_max": Decimal(data["amount_max"])}


def _decimal(text: str | None) -> Decimal | None:
    """Amounts stand in the data as text, so that no float ever holds one."""
    if text is None:
        return None
    if not isinstance(text, str):
        raise TypeError(f"amounts and rates are written as text in programme data, not {text!r}")
    return Decimal(text)


@transaction.atomic
def set_quota(
    *, version: ProgrammeVersion, township: Division, year: int, total: Decimal, set_by: User, set_at: datetime
) -> Quota:
    """Say how much (yuan) a township may file in a year. Raises UnableToSet with a sentence, NotAllowed."""
    county = version.programme.division
    _refuse_strangers(set_by, county=county, at=set_at)
    if township.level != DivisionLevel.TOWNSHIP or not township.path.startswith(county.path):
        raise UnableToSet(_("“%(name)s” is not a township of “%(county)s”.") % {"name": township, "county": county})
    _refuse_negative(total)
    # The version's row is the lock under which the quotas of one plan are added up.
    plan = ProgrammeVersion.objects.select_for_update().get(pk=version.pk).lending_plan
    quotas = {
        quota.township_id: quota for quota in Quota.objects.select_for_update().filter(version=version, year=year)
    }
    quota = quotas.pop(township.pk, None) or Quota(version=version, township=township, year=year)
    if total < quota.used:
        raise UnableToSet(_("%(used)s yuan of this quota are already used.") % {"used": quota.used})
    if plan is not None and total + sum((other.total for other in quotas.values()), start=ZERO) > plan:
        raise UnableToSet(
            _("The quotas of the townships would be more than the lending plan of %(plan)s yuan.") % {"plan": plan}
        )
    before, quota.total = (quota.total if quota.pk else None), total
    quota.save()
    _record_amount(quota, "total", before=before, after=total, actor=set_by, at=set_at)
    return quota


@transaction.atomic
def set_budget(
    *,
    version: ProgrammeVersion,
    year: int,
    appropriated: Decimal,
    document_number: str,
    set_by: User,
    set_at: datetime,
) -> SubsidyBudget:
    """Say how much (yuan) the county pays for a version's subsidies in a year. Raises UnableToSet, NotAllowed."""
    _refuse_strangers(set_by, county=version.programme.division, at=set_at)
    _refuse_negative(appropriated)
    if not version.has_subsidy:
        raise UnableToSet(_("“%(version)s” has no subsidy step.") % {"version": version})
    ProgrammeVersion.objects.select_for_update().get(pk=version.pk)
    budget = SubsidyBudget.objects.select_for_update().filter(version=version, year=year).first()
    budget = budget or SubsidyBudget(version=version, year=year)
    if appropriated < budget.reserved:
        raise UnableToSet(_("%(reserved)s yuan of this budget are already reserved.") % {"reserved": budget.reserved})
    before, budget.appropriated = (budget.appropriated if budget.pk else None), appropriated
    budget.document_number = document_number
    budget.save()
    _record_amount(budget, "appropriated", before=before, after=appropriated, actor=set_by, at=set_at)
    return budget


def _refuse_strangers(user: User | None, *, county: Division, at: datetime) -> None:
    if user is None:
        return
    if user.post_covering(Verb.MANAGE_PROGRAMMES, county.place, on=day_of(at)) is None:
        raise NotAllowed


def _refuse_negative(amount: Decimal) -> None:
    if amount < 0:
        raise UnableToSet(_("An amount cannot be negative."))


def _record_amount(
    subject: Quota | SubsidyBudget, field: str, *, before: Decimal | None, after: Decimal, actor: User, at: datetime
) -> None:
    record(
        action=Action.CREATED if before is None else Action.CHANGED,
        actor=actor,
        at=at,
        subject=subject,
        detail={field: ["" if before is None else str(before), str(after)]},
    )
