"""How long the roster of a large batch takes as a PDF, with how much memory and how many pages.

    DATABASE_URL=postgresql://… python benchmarks/roster_pdf.py --rows 1000 10000

Makes the benchmark's own database (see subsidy.py), computes a batch of about so many lines in one township, and
prints its roster as an officer's job does: volumes, running totals, capitals, the CSV inside. Seconds are this
program's own work. All loans are one borrower's: real names need more characters of the font and a little more time.
"""

import argparse
import io
import os
import sys
import time
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "redcredit.settings.test")
os.environ["DATABASE_STATEMENT_TIMEOUT"] = "0"

import django

django.setup()

import pypdf
from django.db import connection

from accounts.models import User
from benchmarks import subsidy
from benchmarks.county import multiply
from benchmarks.probes import own_peak_mib
from loans.models import Loan
from subsidies import documents
from tests.crash import databases
from web.clock import day_of


def run(rows: int) -> str:
    """Measure one size and return its row of the table."""
    with databases.copied(f"{subsidy.DATABASE}_model", subsidy.DATABASE):
        connection.settings_dict["NAME"] = subsidy.DATABASE
        try:
            subsidy.say(f"{rows:,} rows: computing them")
            multiply(rows)
            batch = subsidy.computed_batch(subsidy.batches.LOANS_A_CHUNK)[0]
            before, began = own_peak_mib(), time.process_time()
            paper = documents.print_paper(
                batch_id=batch.pk,
                paper="roster",
                place=Loan.objects.values_list("division_path", flat=True)[0][:9],
                reader=User.objects.get(posts__role="finance_officer"),
                on=day_of(subsidy.MOMENT),
            )
            seconds = time.process_time() - began
        finally:
            connection.close()
    files = _pdfs(paper.content)
    pages = sum(len(pypdf.PdfReader(io.BytesIO(file)).pages) for file in files)
    return (
        f"{rows:,}|{len(files)}|{pages}|{seconds:.1f}|{seconds * 1000 / rows:.2f}|"
        f"{len(paper.content) / 2**20:.1f}|{own_peak_mib() - before:.0f}|{own_peak_mib():.0f}"
    )


def _pdfs(content: bytes) -> list[bytes]:
    """The paper, or the volumes in its archive."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return [content]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [archive.read(name) for name in archive.namelist()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000])
    arguments = parser.parse_args()
    subsidy.make_model()
    try:
        rows = [run(rows) for rows in arguments.rows]
    finally:
        databases.drop(f"{subsidy.DATABASE}_model")
    subsidy.table("rows|volumes|pages|s|ms a row|MiB of paper|MiB grown|MiB at most", rows)


if __name__ == "__main__":
    main()
