from loans.models.applications import Application, ApplicationDecision, HelpCommitment, ServedUnit
from loans.models.benefits import BorrowerBenefit, UsedBenefit
from loans.models.care import CollectionAct, Visit, VisitPhoto
from loans.models.drafts import ApplicationDraft
from loans.models.eligibility import HelpLapse, HelpVerification, RuleReason
from loans.models.escalations import Escalation
from loans.models.filings import CommitteeFiling, FilingItem
from loans.models.issued import IssuedPaper, PaperNumber
from loans.models.lending import (
    ArrearsSpell,
    LendingStop,
    Loan,
    LoanEntry,
    LoanStanding,
    LoanUnit,
    PayoutAccount,
)
from loans.models.meetings import Meeting, MeetingAttendance, MeetingItem, MeetingRecusal
from loans.models.notices import Objection, PublicNotice
from loans.models.numbers import NumberSeries
from loans.models.objections import ObjectionEvidence, ObjectionExtension, ObjectionReply
from loans.models.papers import CasePaper, CasePaperSeen, MissingPaper, PaperWithdrawal
from loans.models.phrases import Phrase
from loans.models.programmes import (
    LimitTier,
    Programme,
    ProgrammeVersion,
    Quota,
    RequiredDocument,
    SubsidyBudget,
    VersionStep,
)
from loans.models.public import PublicAttempt
from loans.models.rates import BenchmarkRate
from loans.models.rosters import NoticePhoto, NoticeRoster
from loans.models.statements import StatementImport, StatementLine
from loans.models.write_offs import WriteOffRequest

__all__ = [
    "IssuedPaper",
    "PaperNumber",
    "MeetingRecusal",
    "MeetingItem",
    "MeetingAttendance",
    "Meeting",
    "PaperWithdrawal",
    "MissingPaper",
    "CasePaperSeen",
    "CasePaper",
    "Application",
    "ApplicationDecision",
    "ApplicationDraft",
    "ArrearsSpell",
    "BenchmarkRate",
    "BorrowerBenefit",
    "CollectionAct",
    "CommitteeFiling",
    "Escalation",
    "FilingItem",
    "Phrase",
    "HelpCommitment",
    "HelpLapse",
    "HelpVerification",
    "LendingStop",
    "LimitTier",
    "Loan",
    "LoanEntry",
    "LoanStanding",
    "LoanUnit",
    "NoticePhoto",
    "NoticeRoster",
    "NumberSeries",
    "Objection",
    "ObjectionEvidence",
    "ObjectionExtension",
    "ObjectionReply",
    "PayoutAccount",
    "Programme",
    "ProgrammeVersion",
    "PublicAttempt",
    "PublicNotice",
    "Quota",
    "RequiredDocument",
    "RuleReason",
    "ServedUnit",
    "StatementImport",
    "StatementLine",
    "SubsidyBudget",
    "UsedBenefit",
    "VersionStep",
    "Visit",
    "VisitPhoto",
    "WriteOffRequest",
]
