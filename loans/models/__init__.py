from loans.models.applications import Application, ApplicationDecision, HelpCommitment, ServedUnit
from loans.models.care import CollectionAct, Visit, VisitPhoto
from loans.models.drafts import ApplicationDraft
from loans.models.lending import (
    ArrearsSpell,
    LendingStop,
    Loan,
    LoanEntry,
    LoanStanding,
    LoanUnit,
    PayoutAccount,
)
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
from loans.models.statements import StatementImport, StatementLine
from loans.models.write_offs import WriteOffRequest

__all__ = [
    "Application",
    "ApplicationDecision",
    "ApplicationDraft",
    "ArrearsSpell",
    "BenchmarkRate",
    "CollectionAct",
    "HelpCommitment",
    "LendingStop",
    "LimitTier",
    "Loan",
    "LoanEntry",
    "LoanStanding",
    "LoanUnit",
    "NumberSeries",
    "Objection",
    "PayoutAccount",
    "Programme",
    "ProgrammeVersion",
    "PublicNotice",
    "Quota",
    "RequiredDocument",
    "ServedUnit",
    "StatementImport",
    "StatementLine",
    "SubsidyBudget",
    "VersionStep",
    "Visit",
    "VisitPhoto",
    "WriteOffRequest",
]
