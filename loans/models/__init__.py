from loans.models.applications import Application, ApplicationDecision, HelpCommitment, ServedUnit
from loans.models.lending import Loan, LoanEntry, LoanUnit
from loans.models.notices import Objection, PublicNotice
from loans.models.numbers import NumberSeries
from loans.models.programmes import (
    LimitTier,
    Programme,
    ProgrammeVersion,
    Quota,
    RequiredDocument,
    SubsidyBudget,
    VersionStep,
)
from loans.models.rates import BenchmarkRate

__all__ = [
    "Application",
    "ApplicationDecision",
    "BenchmarkRate",
    "HelpCommitment",
    "LimitTier",
    "Loan",
    "LoanEntry",
    "LoanUnit",
    "NumberSeries",
    "Objection",
    "Programme",
    "ProgrammeVersion",
    "PublicNotice",
    "Quota",
    "RequiredDocument",
    "ServedUnit",
    "SubsidyBudget",
    "VersionStep",
]
