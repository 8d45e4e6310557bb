"""What a loan would cost on the terms typed so far: interest by the contract, subsidy, own cost, instalments."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _, ngettext

from finance.interest import BalanceSegment
from finance.money import ZERO
from finance.rates import NoRate
from finance.subsidy import entitlement
from loans.choices import DayCountChoice
from loans.models import ProgrammeVersion
from loans.models.benefits import Concession
from loans.queries.quotes import subsidy_terms
from loans.queries.schedules import Quotation, quote
from loans.queries.situation import Asked
from web.display import show_day, show_percent, show_yuan
from web.layout import Fact
from web.uppercase import uppercase_amount


@dataclass(frozen=True)
class Trial:
    """A loan as if it were paid out on a day and repaid as agreed. Amounts are yuan."""

    version: ProgrammeVersion
    quotation: Quotation
    subsidy: Decimal

    @property
    def own_cost(self) -> Decimal:
        return self.quotation.interest - self.subsidy


def trial_of(
    version: ProgrammeVersion, asked: Asked, on: date, *, concession: Concession | None = None
) -> Trial | None:
    """Return the trial, or None while amount, term or way of repayment are missing or have no price."""
    if not asked.amount or not asked.term_months or not asked.repayment_method:
        return None
    try:
        quotation = quote(
            version=version,
            amount=asked.amount,
            term_months=asked.term_months,
            repayment_method=asked.repayment_method,
            start_date=on,
            concession=concession,
        )
    except NoRate:
        return None
    return Trial(version, quotation, _subsidy(version, quotation, on))


def _subsidy(version: ProgrammeVersion, quotation: Quotation, on: date) -> Decimal:
    """Return the subsidy of a loan repaid on time: the same formula as the batch, on the balances of the schedule."""
    if not version.has_subsidy:
        return ZERO
    balance, segments = quotation.amount, []
    for one in quotation.instalments:
        segments.append(BalanceSegment(one.start, one.end, balance, quotation.rate_percent))
        balance = one.balance_after
    terms = subsidy_terms(version)
    return entitlement(
        terms=terms, start=on, segments=segments, to=quotation.due_date, interest_paid=quotation.interest
    ).amount


def trial_facts(trial: Trial) -> list[Fact]:
    """Return the trial as the panel shows it."""
    found, version = trial.quotation, trial.version
    rate = _("benchmark %(benchmark)s %(formula)s, since %(day)s") % {
        "benchmark": show_percent(found.benchmark_percent),
        "formula": found.rate_formula,
        "day": show_day(found.benchmark_from),
    }
    facts = [
        Fact(_("Amount"), _yuan(found.amount), uppercase_amount(found.amount)),
        Fact(_("Rate a year"), show_percent(found.rate_percent), rate),
        Fact(_("Interest in all"), _yuan(found.interest), str(DayCountChoice(version.day_count).label)),
    ]
    if version.has_subsidy:
        basis = _("%(percent)s, %(basis)s") % {
            "percent": show_percent(version.subsidy_percent),
            "basis": version.get_subsidy_basis_display(),
        }
        facts.append(Fact(_("Government interest subsidy"), _yuan(trial.subsidy), basis))
    return [
        *facts,
        Fact(_("Borrower's own cost"), _yuan(trial.own_cost), _("interest under these rules less subsidy")),
        Fact(_("Repayment"), _instalments(found), _("as if paid out on %(day)s") % {"day": show_day(_start(found))}),
    ]


def _start(found: Quotation) -> date:
    return found.instalments[0].start


def _instalments(found: Quotation) -> str:
    number = len(found.instalments)
    text = ngettext(
        "%(number)s instalment, the last on %(day)s with %(amount)s yuan",
        "%(number)s instalments, the last on %(day)s with %(amount)s yuan",
        number,
    )
    last = found.instalments[-1]
    return text % {"number": number, "day": show_day(last.due_date), "amount": show_yuan(last.total)}


def _yuan(amount: Decimal) -> str:
    return _("%(amount)s yuan") % {"amount": show_yuan(amount)}
