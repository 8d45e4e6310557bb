"""What a loan costs and when: the lender's terms put into the pure calculation."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from finance.daycount import DayCount, add_months
from finance.money import ZERO
from finance.rates import benchmark_row
from finance.schedules import Instalment, RepaymentMethod as Method, Settlement, schedule
from loans.choices import RepaymentMethod
from loans.models import Loan, ProgrammeVersion
from loans.models.benefits import Concession
from loans.queries.rates import benchmark_series, contract_rate, rate_formula

# How each way of repayment is settled: interest on the 20th of the quarter's last month, instalments each month.
SETTLED: dict[str, tuple[Method, Settlement]] = {
    RepaymentMethod.QUARTERLY_INTEREST: (Method.INTEREST_ONLY, Settlement.QUARTERLY_20),
    RepaymentMethod.LUMP_SUM: (Method.LUMP_SUM, Settlement.AT_END),
    RepaymentMethod.EQUAL_INSTALMENT: (Method.EQUAL_INSTALMENT, Settlement.MONTHLY_START_DAY),
    RepaymentMethod.EQUAL_PRINCIPAL: (Method.EQUAL_PRINCIPAL, Settlement.MONTHLY_START_DAY),
}


@dataclass(frozen=True)
class Quotation:
    """A loan as it would be on these terms. Rates are percent a year, amounts yuan."""

    amount: Decimal
    benchmark_percent: Decimal
    benchmark_from: date
    rate_formula: str
    rate_percent: Decimal
    due_date: date
    instalments: list[Instalment]

    @property
    def interest(self) -> Decimal:
        return total_interest(self.instalments)


def schedule_of(loan: Loan) -> list[Instalment]:
    """Return the instalments of a loan on the terms it was signed on."""
    method, settlement = SETTLED[loan.repayment_method]
    return schedule(
        principal=loan.principal,
        rate_percent=loan.rate_percent,
        start=loan.start_date,
        end=loan.due_date,
        method=method,
        settlement=settlement,
        convention=DayCount(loan.day_count),
    )


def quote(
    *,
    version: ProgrammeVersion,
    amount: Decimal,
    term_months: int,
    repayment_method: str,
    start_date: date,
    concession: Concession | None = None,
) -> Quotation:
    """Return what a loan paid out on a day would cost. Raises finance.rates.NoRate where no benchmark is known."""
    row = benchmark_row(series=benchmark_series(version.benchmark_series), term_months=term_months, on=start_date)
    rate = contract_rate(version, row.rate_percent, concession)
    method, settlement = SETTLED[repayment_method]
    due_date = add_months(start_date, term_months)
    return Quotation(
        amount=amount,
        benchmark_percent=row.rate_percent,
        benchmark_from=row.effective_date,
        rate_formula=rate_formula(version, concession),
        rate_percent=rate,
        due_date=due_date,
        instalments=schedule(
            principal=amount,
            rate_percent=rate,
            start=start_date,
            end=due_date,
            method=method,
            settlement=settlement,
            convention=DayCount(version.day_count),
        ),
    )


def total_interest(instalments: list[Instalment]) -> Decimal:
    return sum((one.interest for one in instalments), start=ZERO)
