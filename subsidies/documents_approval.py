"""The approval form of a batch (贴息审批表): what is asked for, out of which budget, who is not subsidised and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum
from django.utils import translation

from accounts.models import User
from accounts.queries import principals_of
from finance.money import ZERO
from loans.choices import PaperKind
from loans.documents_code import Content, Paper, make_paper
from loans.models import SubsidyBudget
from subsidies.choices import BatchOutcome, BatchStep, LineStatus, Reason
from subsidies.documents import PAPER_LANGUAGE, NothingToPrint, uppercase_of
from subsidies.models import BatchDecision, SubsidyBatch, SubsidyLine
from subsidies.operations.entitled import NAME_READERS
from subsidies.queries.lines import lines_of, with_borrowers
from web.clock import day_of

APPROVAL = "approval"
# A form that is read before it is signed lists the loans itself up to here; above, the rosters of the townships do.
LINES_MAX = 300


@dataclass(frozen=True)
class BudgetSum:
    """What a batch takes from one budget, in yuan."""

    budget: SubsidyBudget
    loans: int
    amount: Decimal


@dataclass(frozen=True)
class ReasonSum:
    """How many lines got nothing for a reason."""

    reason: str
    lines: int


def print_approval(*, batch_id: int, reader: User, at: datetime) -> Paper:
    """Return the form as PDF and write down that it was handed out. The same batch gives the same bytes.

    Raises NothingToPrint for whoever does not reach every line of the batch, and what web.documents.render_pdf raises.
    """
    batch = SubsidyBatch.objects.select_related("programme", "created_by").get(pk=batch_id)
    reader.forget_posts()
    lines = lines_of(batch=batch, scope=reader.scope(*NAME_READERS, on=day_of(at)))
    if not lines.exists() or lines.count() != SubsidyLine.objects.filter(batch=batch).count():
        raise NothingToPrint
    with translation.override(PAPER_LANGUAGE):
        content = approval_content(batch, lines, at=at)
    return make_paper(content, issued_by=reader, issued_at=at)


def approval_content(batch: SubsidyBatch, lines: "QuerySet[SubsidyLine]", *, at: datetime) -> Content:
    """Return what the form says. Until the batch is approved it is dated by the day of printing."""
    decided = decisions_of_round(batch)
    approval = decided.get(BatchStep.SECOND_APPROVAL) or decided.get(BatchStep.APPROVAL)
    total = lines.aggregate(amount=Sum("amount", default=ZERO), principal=Sum("loan__principal", default=ZERO))
    count = lines.count()
    number = f"{batch.first_day:%Y%m%d}-{batch.last_day:%Y%m%d}"
    created_on = day_of(approval.decided_at) if approval else day_of(at)
    facts = {"cases": count, "day": created_on.isoformat() if approval else ""}
    if total["amount"] >= 0:
        facts["amount"] = str(total["amount"])
    if approval and approval.organization:
        facts["office"] = approval.organization.name
    return Content(
        kind=PaperKind.SUBSIDY_APPROVAL,
        subject=f"batch:{batch.pk}",
        number=number,
        title=f"贴息审批表 {number}",
        template="subsidies/documents/approval.html",
        created_on=created_on,
        context={
            "batch": batch,
            "number": number,
            "count": count,
            "amount": total["amount"],
            "uppercase": uppercase_of(total["amount"]),
            "budgets": budget_sums(lines),
            "reasons": reason_sums(lines),
            "lines": list(_listed(lines)) if count <= LINES_MAX else [],
            "review": decided.get(BatchStep.REVIEW),
            "approval": decided.get(BatchStep.APPROVAL),
            "second": decided.get(BatchStep.SECOND_APPROVAL),
        },
        facts={key: value for key, value in facts.items() if value != ""},
    )


def decisions_of_round(batch: SubsidyBatch) -> dict[str, BatchDecision]:
    """Return the newest decision of each step since the batch was last sent back."""
    found: dict[str, BatchDecision] = {}
    rows = principals_of(
        BatchDecision.objects.filter(batch=batch).select_related("decided_by", "organization").order_by("sequence")
    )
    for decision in rows:
        if decision.outcome == BatchOutcome.RETURN:
            found.clear()
        else:
            found[decision.step] = decision
    return found


def budget_sums(lines: "QuerySet[SubsidyLine]") -> list[BudgetSum]:
    rows = lines.order_by().values("budget").annotate(loans=Count("loan", distinct=True), amount=Sum("amount"))
    budgets = SubsidyBudget.objects.select_related("version").in_bulk([row["budget"] for row in rows])
    return [
        BudgetSum(budgets[row["budget"]], row["loans"], row["amount"])
        for row in sorted(rows, key=lambda row: (budgets[row["budget"]].year, row["budget"]))
    ]


def reason_sums(lines: "QuerySet[SubsidyLine]") -> Sequence[ReasonSum]:
    """Return why lines got nothing, in the order of the reasons."""
    rows = lines.filter(status=LineStatus.EXCLUDED).order_by().values("reason").annotate(lines=Count("pk"))
    counted = {row["reason"]: row["lines"] for row in rows}
    return [ReasonSum(str(Reason(code).label), counted[code]) for code in Reason.values if code in counted]


def _listed(lines: "QuerySet[SubsidyLine]") -> "QuerySet[SubsidyLine]":
    return with_borrowers(lines).order_by("loan__division_path", "loan__contract_number", "last_day", "pk")
