"""Killed at any statement or commit and run again, a money batch has lost nothing and done nothing twice.

A sample of the points, evenly spread, is tried here; `./run soak` tries every one (SOAK=1).
"""

import json
import os
import random
import subprocess
import sys

import pytest
from django.db import connection

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

IS_SOAK = os.environ.get("SOAK") == "1"
POINTS = {"subsidy_batch": 8, "subsidy_payments": 4, "bank_statement": 4, "claim_payout": 4}
POINTS_OF_NAIVE = 5
SEED = int(os.environ.get("CRASH_SEED") or random.SystemRandom().randrange(1_000_000))
SECONDS_MAX = 3_600 if IS_SOAK else 300


@pytest.fixture
def source(transactional_db: None) -> str:
    """The migrated test database with nothing but the reference data; nobody may be connected while it is copied."""
    connection.close()
    return connection.settings_dict["NAME"]


def crash(subject: str, *, source: str, points: int) -> dict:
    """Let the supervisor try so many points of a subject (0: all), and return its report."""
    command = [sys.executable, "-m", "tests.crash.supervise", subject]
    ended = subprocess.run(
        [*command, "--source", source, "--points", str(points), "--seed", str(SEED)],
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
    )
    print(f"seed {SEED}", ended.stdout, ended.stderr)  # noqa: T201 - what a failing test shows
    assert ended.returncode == 0
    return json.loads(ended.stdout)


@pytest.mark.parametrize("subject", POINTS)
def test_a_killed_batch_only_has_to_be_run_again(source, subject):
    points = 0 if IS_SOAK else POINTS[subject]
    report = crash(subject, source=source, points=points)
    assert report["violations"] == {}
    assert report["kills"] == len(report["tried"])
    assert len(report["tried"]) == (points or report["points"])


@pytest.mark.parametrize("subject", ["batch_that_doubles", "batch_that_loses"])
def test_the_harness_finds_the_bug_planted_in_a_naive_batch(source, subject):
    report = crash(subject, source=source, points=POINTS_OF_NAIVE)
    wrong = [said for found in report["violations"].values() for said in found]
    assert any(said.startswith("subsidies_subsidyline") for said in wrong)
    assert report["kills"] == len(report["tried"])
