"""What stands in a county's log, and that nobody's name or number does."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client

from accounts.views import sign_in
from web.logs import JsonFormatter, RedactingFilter, RequestIdFilter, describe, redact

ID_NUMBER, PHONE, NAME = "532931199001011234", "13987654321", "段木匠"


class Log:
    """The lines of a handler that is made as production's is."""

    def __init__(self) -> None:
        self.stream = io.StringIO()
        self.handler = logging.StreamHandler(self.stream)
        self.handler.setFormatter(JsonFormatter())
        self.handler.addFilter(RequestIdFilter())
        self.handler.addFilter(RedactingFilter())

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[Log]:
    log, root, requests = Log(), logging.getLogger(), logging.getLogger("web.requests")
    monkeypatch.setattr(requests, "level", logging.INFO)
    requests.manager._clear_cache()
    root.addHandler(log.handler)
    yield log
    root.removeHandler(log.handler)
    requests.manager._clear_cache()


def typed(request: Any, *, username: str, password: str) -> None:
    """What a careless line of code does: it quotes what somebody typed."""
    try:
        raise IntegrityError(f'duplicate key violates "one_person"\nDETAIL:  Key (name, id)=({NAME}, {username})')
    except IntegrityError as error:
        raise ValueError(f"cannot sign in {username} {NAME} {PHONE}") from error


@pytest.mark.django_db
def test_an_error_over_a_form_with_an_identity_number_leaves_no_personal_data_in_the_log(log, monkeypatch):
    monkeypatch.setattr(sign_in, "authenticate", typed)
    client = Client(raise_request_exception=False)
    answer = client.post("/login/?q=" + NAME, {"username": ID_NUMBER, "password": PHONE})
    assert answer.status_code == 500
    assert answer["X-Request-ID"] in answer.content.decode()
    assert not [word for word in (ID_NUMBER, PHONE, NAME, "DETAIL") if word in log.text]
    failed = next(line for line in log.lines() if line["logger"] == "django.request")
    assert failed["request_id"] == answer["X-Request-ID"]
    assert 'IntegrityError: duplicate key violates "one_person"' in failed["error"]
    assert "test_logs.py" in failed["error"]


@pytest.mark.django_db
def test_a_request_is_one_line_with_its_measures_and_without_its_query(log):
    answer = Client().get("/login/", {"q": NAME})
    (line,) = [line for line in log.lines() if line["logger"] == "web.requests"]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/login/", 200)
    assert (line["user_id"], line["request_id"]) == ("-", answer["X-Request-ID"])
    assert line["ms"] >= 0
    assert line["queries"] >= 0


def test_a_request_of_somebody_signed_in_names_the_account_by_its_number(log, county, sign_in):
    clerk = county.system_administrator
    sign_in(clerk).get("/preferences/")
    (line,) = [line for line in log.lines() if line["logger"] == "web.requests"]
    assert line["user_id"] == str(clerk.pk)
    assert line["queries"] > 0


@pytest.mark.parametrize(
    "private",
    [ID_NUMBER, "532931900101123", "53293119900101123x", "532931 19900101 1234", PHONE, "139-8765-4321",
     "6222020111122220000", "0872-4521234", NAME],
)  # fmt: skip
def test_what_looks_like_a_person_s_is_blotted_out(private):
    assert redact(f"loan of {private}, 2014") == "loan of ***, 2014"


@pytest.mark.parametrize("harmless", ["2014-08-15 12:00:00", "50000.00", "case 1234567", "a1b2c3d4e5f6"])
def test_what_an_operator_needs_stays(harmless):
    assert redact(harmless) == harmless


def test_a_chain_of_errors_is_told_from_its_beginning():
    try:
        typed(None, username=ID_NUMBER, password="")
    except ValueError as error:
        said = describe(error)
    assert said.index("IntegrityError") < said.index("ValueError")


def test_a_line_is_one_line_whatever_was_written_into_it():
    record = logging.LogRecord("x", logging.INFO, "", 1, "first\nsecond %s", ("\x1b[31m",), None)
    assert "\n" not in JsonFormatter().format(record)
