"""Running numbers for cases, notices and filings."""

from django.db import connection

TAKE = """
INSERT INTO loans_numberseries (key, last) VALUES (%s, 1)
ON CONFLICT (key) DO UPDATE SET last = loans_numberseries.last + 1
RETURNING last
"""


def take(key: str) -> int:
    """Return the next number of a series. Two at once get two numbers; a rolled-back one is given again."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [key])
        return int(cursor.fetchone()[0])


def next_number(key: str, *, digits: int) -> str:
    """Return `key-00012` with the next number of the series."""
    return f"{key}-{take(key):0{digits}d}"
