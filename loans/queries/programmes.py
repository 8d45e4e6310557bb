"""The rules of programmes as their pages show them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet, TextChoices
from django.utils.translation import gettext as _

from loans.choices import BorrowerKind, Purpose, RepaymentMethod
from loans.models import Programme, ProgrammeVersion, Quota, SubsidyBudget
from loans.queries.rates import rate_formula
from organizations.choices import DivisionLevel
from organizations.models import Division
from web.display import show_day, show_percent, show_yuan
from web.layout import Fact


def versions_for_new_cases(*, county_path: str, on: date) -> list[ProgrammeVersion]:
    """Return the newest version in force of each programme of the county, with its classes."""
    newest: dict[int, ProgrammeVersion] = {}
    rows = ProgrammeVersion.objects.in_force(on).filter(programme__division__path=county_path)
    for version in rows.select_related("programme").prefetch_related("tiers"):
        newest.setdefault(version.programme_id, version)
    return list(newest.values())


def programmes_with_versions() -> "QuerySet[Programme]":
    return Programme.objects.select_related("division").prefetch_related("versions").order_by("name", "pk")


def versions_in_full() -> "QuerySet[ProgrammeVersion]":
    return ProgrammeVersion.objects.select_related("programme__division").prefetch_related(
        "steps", "tiers", "documents"
    )


def quotas_of(version: ProgrammeVersion, year: int) -> list[Quota]:
    """Return the townships' quotas of a year in the official order."""
    return list(Quota.objects.filter(version=version, year=year).select_related("township").order_by("township__code"))


def budgets_of(version: ProgrammeVersion) -> list[SubsidyBudget]:
    return list(SubsidyBudget.objects.filter(version=version).order_by("-year"))


def townships_of(version: ProgrammeVersion) -> "QuerySet[Division]":
    """Return the townships of a programme's county in the official order."""
    county = version.programme.division
    return Division.objects.below(county).filter(level=DivisionLevel.TOWNSHIP).in_official_order()


def rules_of(version: ProgrammeVersion) -> list[Fact]:
    """Return every rule of a version with the clause it comes from."""

    def rule(label: str, value: object, clause: str) -> Fact:
        return Fact(label, value, version.clauses.get(clause, ""))

    return [
        Fact(_("Document number"), version.document_number),
        Fact(_("Period of validity"), _("%(first)s to %(last)s") % _period(version)),
        rule(_("Rate on the benchmark"), rate_formula(version), "rate_multiplier"),
        rule(_("Ordinary loans of the lender"), f"× {version.ordinary_multiplier:.2f}", "ordinary_multiplier"),
        rule(_("Day count"), version.get_day_count_display(), "day_count"),
        *_subsidy_rules(version),
        *_penalty_rules(version),
        rule(_("Lending plan"), _yuan(version.lending_plan), "lending_plan"),
        rule(_("Manager's consent above"), _yuan(version.consent_above), "consent_above"),
        rule(_("Amounts in multiples of"), _yuan(version.amount_multiple), "amount_multiple"),
        *_limit_rules(version),
        rule(_("Term"), _("%(shortest)s to %(longest)s months") % _terms(version), "term"),
        rule(_("Age"), _("from %(least)s, usually up to %(most)s") % _ages(version), "age"),
        rule(_("Purposes"), _names(Purpose, version.purposes), "purposes"),
        rule(_("Repayment"), _names(RepaymentMethod, version.repayment_methods), "repayment_methods"),
        rule(_("Public notice"), _("%(days)s days") % {"days": version.notice_days}, "notice_days"),
        rule(
            _("Photo of the notice"),
            _("needed before filing") if version.notice_photo_required else _("not needed for filing"),
            "notice_photo_required",
        ),
        rule(_("Use of the quota"), _filing_order(version), "filing_in_order"),
        rule(_("Visits after lending"), _visits(version), "visits"),
        rule(_("Assessment"), _assessment(version), "assessment"),
    ]


@dataclass(frozen=True)
class TierLine:
    """A class of borrowers as a page shows it."""

    name: str
    borrowers: str
    amount_min: Decimal
    amount_max: Decimal
    clause: str
    is_example: bool


@dataclass(frozen=True)
class PaperLine:
    """A paper that an application needs, and of whom; nobody named means of everybody."""

    name: str
    borrowers: str
    is_blocking: bool


def tiers_of(version: ProgrammeVersion) -> list[TierLine]:
    return [
        TierLine(
            name=tier.name,
            borrowers=_names(BorrowerKind, tier.borrower_kinds),
            amount_min=tier.amount_min,
            amount_max=tier.amount_max,
            clause=tier.clause,
            is_example=tier.is_example,
        )
        for tier in version.tiers.all()
    ]


def papers_of(version: ProgrammeVersion) -> list[PaperLine]:
    return [
        PaperLine(paper.name, _names(BorrowerKind, paper.borrower_kinds), paper.is_blocking)
        for paper in version.documents.all()
    ]


def _subsidy_rules(version: ProgrammeVersion) -> list[Fact]:
    if not version.has_subsidy:
        return [Fact(_("Interest subsidy"), _("none"))]
    basis = _("%(percent)s, %(basis)s") % {
        "percent": show_percent(version.subsidy_percent),
        "basis": version.get_subsidy_basis_display(),
    }
    capped = _("never more than the interest paid") if version.subsidy_capped_at_interest else _("not capped")
    return [
        Fact(_("Interest subsidy"), basis, version.clauses.get("subsidy_percent", "")),
        Fact(
            _("Subsidised months"),
            _("at most %(months)s, %(capped)s") % {"months": version.subsidy_months_max, "capped": capped},
            version.clauses.get("subsidy_months_max", ""),
        ),
        *_conduct_rules(version),
    ]


def _conduct_rules(version: ProgrammeVersion) -> list[Fact]:
    """Whose subsidy, of how much of a loan, and what arrears and misuse do to it."""
    limits = [
        (_("Subsidised up to"), version.subsidy_principal_max, "subsidy_principal_max"),
        (_("Subsidised for one household up to"), version.subsidy_household_max, "subsidy_household_max"),
    ]
    grace = _("%(days)s days of grace") % {"days": version.subsidy_grace_days} if version.subsidy_grace_days else ""
    arrears = "、".join(filter(None, [version.get_subsidy_on_arrears_display(), grace]))
    named = [
        (_("Subsidy and arrears"), arrears, "subsidy_on_arrears"),
        (_("Subsidy and misuse"), version.get_subsidy_on_misuse_display(), "subsidy_on_misuse"),
        (_("Subsidy is paid to"), version.get_subsidy_payee_display(), "subsidy_payee"),
    ]
    shown = [(label, _yuan(amount), clause) for label, amount, clause in limits if amount is not None]
    return [Fact(label, value, version.clauses.get(clause, "")) for label, value, clause in [*shown, *named]]


def _limit_rules(version: ProgrammeVersion) -> list[Fact]:
    """What all loans together may come to, and what else is weighed before lending."""
    counts, times = version.nominal_borrower_is_exposed, version.debts_to_income_max
    nominal = _("counts for the household of the nominal borrower, too") if counts else _("counts for the body only")
    debts = _("none") if times is None else _("%(times)s times the income of a year") % {"times": times}
    lapse = _("counts for %(months)s months against the household's next request")
    rules = [
        (_("All loans of a household"), _limit(version.household_exposure_max), "household_exposure_max"),
        (_("All loans of a cooperative or collective"), _limit(version.body_exposure_max), "body_exposure_max"),
        (_("Loan of a collective"), nominal, "nominal_borrower_is_exposed"),
        (_("Debts and income"), debts, "debts_to_income_max"),
        (_("Promise of help not kept"), lapse % {"months": version.help_lapse_months}, "help_lapse_months"),
    ]
    return [Fact(label, value, version.clauses.get(clause, "")) for label, value, clause in rules]


def _limit(amount: Decimal | None) -> str:
    return _("none") if amount is None else _("up to %(amount)s yuan") % {"amount": show_yuan(amount)}


def _penalty_rules(version: ProgrammeVersion) -> list[Fact]:
    """What a loan that is late, misused or extended meets."""
    rules = [
        (_("Penalty for late payment"), _markup(version.overdue_markup_percent), "overdue_markup_percent"),
        (_("Penalty for misuse"), _markup(version.misuse_markup_percent), "misuse_markup_percent"),
        (_("Interest on unpaid interest"), version.get_compound_rule_display(), "compound_rule"),
        (_("Due date on a holiday"), version.get_holiday_rule_display(), "holiday_rule"),
        (_("Arrears counted above"), _yuan(version.arrears_tolerance), "arrears_tolerance"),
        (_("Extensions at most"), _("%(times)s times") % {"times": version.extensions_max}, "extensions_max"),
    ]
    return [Fact(label, value, version.clauses.get(clause, "")) for label, value, clause in rules]


def _markup(percent: Decimal) -> str:
    return _("%(percent)s on the rate") % {"percent": show_percent(percent)}


def _period(version: ProgrammeVersion) -> dict[str, str]:
    last = show_day(version.effective_to) if version.effective_to else _("further notice")
    return {"first": show_day(version.effective_from), "last": last}


def _terms(version: ProgrammeVersion) -> dict[str, int]:
    return {"shortest": version.term_months_min, "longest": version.term_months_max}


def _ages(version: ProgrammeVersion) -> dict[str, int]:
    return {"least": version.age_min, "most": version.age_max}


def _filing_order(version: ProgrammeVersion) -> str:
    return _("in the order of arrival") if version.filing_in_order else _("whatever still fits is filed")


def _assessment(version: ProgrammeVersion) -> str:
    months = version.assessment_after_months
    if months is None:
        return _("when the loan is settled")
    return _("%(months)s months after paying out") % {"months": months}


def _visits(version: ProgrammeVersion) -> str:
    return _("first within %(first)s days, then every %(every)s days") % {
        "first": version.first_visit_days,
        "every": version.visit_every_days,
    }


def _yuan(amount: Decimal | None) -> str:
    return "" if amount is None else _("%(amount)s yuan") % {"amount": show_yuan(amount)}


def _names(choices: type[TextChoices], codes: list[str]) -> str:
    return "、".join(str(choices(code).label) for code in codes)
