"""What is in a log: which request, which account, what happened. Never a name, an identity number or a telephone."""

import json
import logging
import re
import traceback
from typing import Any

from django.db import Error as DatabaseError

from web.middleware import current_request_id, current_user_id

# Identity numbers, telephones, bank accounts and division codes: whatever has eleven digits or more in a row, also
# grouped by blanks or hyphens as people write them. Dates and amounts have fewer.
LONG_NUMBER = re.compile(r"\d(?:[ -]?\d){10,}[Xx]?")
LAND_LINE = re.compile(r"\b0\d{2,3}-\d{7,8}\b")
# The house writes its log in English: what is Chinese in a line came out of somebody's form.
CHINESE = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+")
BLOT = "***"
STAMP = "%Y-%m-%dT%H:%M:%S%z"
# What a line of `web.requests` carries besides the usual.
MEASURES = ("method", "path", "status", "ms", "queries")


def redact(text: str) -> str:
    """Return a text without anything that looks like a person's name or number."""
    for pattern in (LONG_NUMBER, LAND_LINE, CHINESE):
        text = pattern.sub(BLOT, text)
    return text


class RequestIdFilter(logging.Filter):
    """Give every record `request_id`, the number the person sees on an error page, and `user_id` ("-": none)."""

    def filter(self, record: logging.LogRecord) -> bool:
        for name, current in (("request_id", current_request_id), ("user_id", current_user_id)):
            if not hasattr(record, name):
                setattr(record, name, current.get())
        return True


class RedactingFilter(logging.Filter):
    """Blot names and numbers out of the message and of the error that goes with it, whatever formats them later."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), ()
        if record.exc_info and record.exc_info[1] is not None:
            record.exc_text = describe(record.exc_info[1])
        return True


class JsonFormatter(logging.Formatter):
    """One object a line: time, level, logger, message, request, user; the measures of a request; the error."""

    def __init__(self) -> None:
        super().__init__(datefmt=STAMP)

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": self.formatTime(record, STAMP),
            "level": record.levelname,
            "logger": record.name,
            "message": redact(record.getMessage()),
            "request_id": getattr(record, "request_id", "-"),
            "user_id": getattr(record, "user_id", "-"),
        }
        line |= {name: getattr(record, name) for name in MEASURES if hasattr(record, name)}
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = record.exc_text or describe(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


def describe(error: BaseException) -> str:
    """Return where an error came from and what it said, redacted; of what a database said the first line only.

    The lines after it quote the row ("Key (name)=(…)"), and the sentence of any error may quote what was typed.
    """
    parts = []
    seen: BaseException | None = error
    while seen is not None:
        frames = traceback.StackSummary.extract(traceback.walk_tb(seen.__traceback__), lookup_lines=False)
        lines = [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        parts.append("\n".join([*lines, f"{type(seen).__module__}.{type(seen).__qualname__}: {_said(seen)}"]))
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return "\n".join(reversed(parts))


def _said(error: BaseException) -> str:
    said = str(error)
    if isinstance(error, DatabaseError) or type(error).__module__.startswith("psycopg2"):
        said = said.split("\n", 1)[0]
    return redact(said)
