"""The lines of a batch as rows for files, streamed."""

from collections.abc import Iterator

from subsidies.models import SubsidyBatch, SubsidyLine

COLUMNS = ("contract_no", "borrower", "days", "base", "rate", "interest_paid", "amount", "status", "reason")


def roster_rows(batch: SubsidyBatch) -> Iterator[tuple[str, ...]]:
    """Yield the batch's lines in order of contract and period, as text: yuan with two decimals, rates in percent."""
    lines = (
        SubsidyLine.objects.filter(batch=batch)
        .select_related("loan__application__person", "loan__application__entity")
        .order_by("loan__contract_number", "last_day", "pk")
    )
    for line in lines.iterator(chunk_size=2_000):
        yield (
            line.loan.contract_number,
            line.loan.application.borrower_name,
            str(line.days),
            f"{line.base:.2f}",
            f"{line.rate_percent:.4f}",
            f"{line.interest_paid:.2f}",
            f"{line.amount:.2f}",
            line.status,
            line.reason,
        )
