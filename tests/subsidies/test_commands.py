"""The operator's commands: open and compute a batch, write it out."""

import csv
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.operations import dismiss
from subsidies.models import SubsidyBatch
from tests.factories.county import NOON
from tests.factories.lending import Order, lend
from tests.subsidies.world import AUTUMN, pay_interest

pytestmark = pytest.mark.usefixtures("noon")


def run(name: str, *args: str) -> str:
    out = StringIO()
    call_command(name, *args, stdout=out, stderr=StringIO())
    return out.getvalue()


def compute(first: date = AUTUMN[0], last: date = AUTUMN[1], *more: str) -> dict[str, str]:
    text = run("subsidy_batch", "--programme", "jianchuan", "--from", str(first), "--to", str(last), *more)
    return dict(line.split(" ", 1) for line in text.splitlines())


@pytest.fixture
def loan(office):
    (loan,) = lend(Order(office.yangcen.village, "50000", date(2013, 9, 10), reserved="1"))
    pay_interest(loan, ("110.00", date(2013, 9, 20)))
    return loan


def test_a_batch_is_opened_and_computed_and_its_sums_are_printed(office, loan):
    printed = compute(*AUTUMN, "--compute")
    assert printed["state"] == "computed"
    assert (printed["lines"], printed["amount"], printed["estimate"]) == ("1", "76.39", "no")
    assert len(printed["inputs_sha256"]) == 64


def test_without_compute_the_batch_is_only_opened(office, loan):
    assert compute(*AUTUMN)["state"] == "draft"


def test_a_second_run_gives_the_same_batch_and_doubles_nothing(office, loan):
    first, second = compute(*AUTUMN, "--compute"), compute(*AUTUMN, "--compute")
    assert first == second
    assert SubsidyBatch.objects.count() == 1


def test_the_export_writes_a_row_for_each_line_as_csv(office, loan):
    batch = compute(*AUTUMN, "--compute")["batch"]
    rows = list(csv.DictReader(StringIO(run("subsidy_export", batch, "--format", "csv"))))
    assert rows == [
        {
            "contract_no": loan.contract_number, "borrower": loan.application.borrower_name, "days": "11",
            "base": "50000.00", "rate": "5.0000", "interest_paid": "110.00", "amount": "76.39",
            "status": "eligible", "reason": "",
        }
    ]  # fmt: skip


def test_an_exclusion_is_exported_with_its_reason(office, loan):
    batch = compute(AUTUMN[0], date(2013, 12, 20), "--compute")["batch"]
    pay_interest(loan, ("1.00", date(2014, 1, 2)))
    (row,) = csv.DictReader(StringIO(run("subsidy_export", batch)))
    assert Decimal(row["amount"]) >= 0
    assert row["status"] in ("attention", "eligible", "excluded")


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("subsidy_batch", ("--programme", "nowhere", "--from", "2013-06-21", "--to", "2013-09-20")),
        ("subsidy_batch", ("--programme", "jianchuan", "--from", "20130621", "--to", "2013-09-20")),
        ("subsidy_batch", ("--programme", "jianchuan", "--from", "2013-06-31", "--to", "2013-09-20")),
        ("subsidy_batch", ("--programme", "jianchuan", "--from", "2013-09-21", "--to", "2013-09-20")),
        (
            "subsidy_batch",
            ("--programme", "jianchuan", "--from", "2013-06-21", "--to", "2013-09-20", "--as", "nobody"),
        ),
        (
            "subsidy_batch",
            ("--programme", "jianchuan", "--from", "2013-06-21", "--to", "2013-09-20", "--as", "auditor"),
        ),
        ("subsidy_export", ("999",)),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(office, name, args):
    with pytest.raises(CommandError):
        run(name, *args)
    assert not SubsidyBatch.objects.exists()


def test_where_nobody_holds_the_finance_post_the_command_says_so(office):
    for post in office.finance_officer.posts.all():
        dismiss(post=post, dismissed_by=office.security_administrator, dismissed_at=NOON, last_day=date(2014, 8, 1))
    with pytest.raises(CommandError):
        run("subsidy_batch", "--programme", "jianchuan", "--from", "2013-06-21", "--to", "2013-09-20")
