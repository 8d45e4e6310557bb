"""The due-diligence file (尽职免责): evidence that gathers itself from the case, item by item."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts.queries import principals_of
from finance.money import ZERO
from loans.choices import PAYMENT_KINDS, NoticeState, Outcome, StepCode
from loans.models import ApplicationDecision, Loan, LoanEntry, PublicNotice, Visit
from loans.queries.care import collection_record
from loans.queries.ledger import account_of
from loans.queries.recalls import effective_rows
from loans.queries.versions import published_version
from risk.models import ExemptionDecision
from web.display import show_day, show_yuan


@dataclass(frozen=True)
class Evidence:
    """One item of the file. `text` is what was found, "" when nothing was: then a mandatory item is missing."""

    code: str
    label: str
    text: str
    is_mandatory: bool = True

    @property
    def is_missing(self) -> bool:
        return self.is_mandatory and not self.text


@dataclass(frozen=True)
class DiligenceFile:
    """The evidence of one loan on a day."""

    items: list[Evidence]
    is_loss: bool  # a loan that is late or that the fund paid for: only then is there anything to exempt from

    @property
    def missing(self) -> list[Evidence]:
        return [item for item in self.items if item.is_missing]

    def as_json(self) -> list[dict[str, Any]]:
        """Return what a decision keeps of the file."""
        return [{"code": item.code, "text": item.text, "mandatory": item.is_mandatory} for item in self.items]


def diligence_file(loan: Loan, *, on: date) -> DiligenceFile:
    """Gather the evidence of a loan: who introduced and visited, how it was voted, shown, filed, granted, followed."""
    steps = published_version(loan.version_id).step_codes
    decisions = _decisions(loan)
    items = [_referral(loan, decisions)] if StepCode.REFERRAL in steps else []
    if StepCode.BRANCH_REVIEW in steps:
        items.append(_review(decisions))
    if StepCode.PUBLIC_NOTICE in steps:
        items.append(_notice(loan))
    if StepCode.COMMITTEE_FILING in steps:
        items.append(
            _decided("filing", _("Committee filing"), decisions.get((StepCode.COMMITTEE_FILING, Outcome.PASS)))
        )
    items += [
        _decided(
            "credit", _("Credit decision of the lender"), decisions.get((StepCode.DISBURSEMENT, Outcome.DISBURSE))
        ),
        _visits(loan),
        _repayments(loan),
        _collection(loan, on),
    ]
    is_late = account_of(loan, on=on).overdue_since is not None
    return DiligenceFile(items, is_loss=is_late or loan.claims.filter(paid_on__isnull=False).exists())


def _decisions(loan: Loan) -> dict[tuple[str, str], ApplicationDecision]:
    """Return the newest decision of each step and outcome that was not taken back."""
    rows = effective_rows(ApplicationDecision.objects.filter(application=loan.application_id))
    rows = rows.select_related("decided_by")
    return {(row.step, row.outcome): row for row in rows.order_by("sequence")}


def _decided(code: str, label: str, decision: ApplicationDecision | None) -> Evidence:
    return Evidence(code, label, "" if decision is None else _by_and_day(decision))


def _by_and_day(decision: ApplicationDecision) -> str:
    return f"{decision.decider_name} · {show_day(decision.decided_at)}"


def _referral(loan: Loan, decisions: dict[tuple[str, str], ApplicationDecision]) -> Evidence:
    decision, introducer = decisions.get((StepCode.REFERRAL, Outcome.PASS)), loan.application.introducer
    visited = (decision.facts.get("visited_on") or "") if decision else ""
    text = ""
    if decision and introducer and visited:
        text = _("Introduced by %(name)s, household visited on %(day)s") % {
            "name": introducer.person.name,
            "day": visited,
        }
    return Evidence("referral", _("Introducer and household visit"), text)


def _review(decisions: dict[tuple[str, str], ApplicationDecision]) -> Evidence:
    decision = decisions.get((StepCode.BRANCH_REVIEW, Outcome.PASS))
    votes = decision.facts.get("votes", decision.facts) if decision else {}
    text = ""
    if decision and votes.get("present"):
        text = _("%(present)s of %(entitled)s present, %(favour)s in favour, %(against)s against; %(by)s") % {
            "present": votes["present"],
            "entitled": votes["entitled"],
            "favour": votes["in_favour"],
            "against": votes["against"],
            "by": _by_and_day(decision),
        }
    return Evidence("review", _("Branch review and votes"), text)


def _notice(loan: Loan) -> Evidence:
    notices = PublicNotice.objects.filter(application=loan.application_id, state=NoticeState.PASSED)
    notice = notices.order_by("-pk").first()
    text = ""
    if notice:
        objections = list(notice.objections.all())
        settled = sum(not one.is_pending for one in objections)
        text = _("%(number)s, %(start)s to %(end)s, objections %(all)s, settled %(settled)s") % {
            "number": notice.number,
            "start": show_day(notice.starts_on),
            "end": show_day(notice.ends_on),
            "all": len(objections),
            "settled": settled,
        }
    return Evidence("notice", _("Public notice and objections"), text)


def _visits(loan: Loan) -> Evidence:
    visits = list(
        Visit.objects.effective().filter(loan=loan).order_by("visited_on").values_list("visited_on", flat=True)
    )
    text = ""
    if visits:
        text = _("%(number)s visits, the last on %(day)s") % {"number": len(visits), "day": show_day(visits[-1])}
    return Evidence("visits", _("Visits after paying out"), text)


def _repayments(loan: Loan) -> Evidence:
    entries = list(LoanEntry.objects.effective().filter(loan=loan, kind__in=PAYMENT_KINDS))
    total = sum((entry.amount for entry in entries), start=ZERO)
    text = _("%(number)s entries, %(amount)s yuan in all") % {"number": len(entries), "amount": show_yuan(total)}
    return Evidence("repayments", _("Repayment record"), text)


def _collection(loan: Loan, on: date) -> Evidence:
    record = collection_record(loan, on=on)
    text = ""
    if record.notices:
        text = _("%(steps)s steps, %(notices)s of them written notices, the last on %(day)s") % {
            "steps": len(record.lines),
            "notices": record.notices,
            "day": show_day(record.last_on),
        }
    return Evidence("collection", _("Collection record with written notices"), text)


def exemptions_of(loan: Loan) -> list[ExemptionDecision]:
    """Return what was decided about a loan's staff, newest first."""
    rows = principals_of(ExemptionDecision.objects.filter(loan=loan).select_related("decided_by", "organization"))
    return list(rows.order_by("-sequence"))
