"""Notices in the situations of their life. Kind `sample` is registered here."""

from inbox.operations import News, tell
from inbox.registry import Kind, register
from tests.factories.county import NOON

SAMPLE = Kind("sample", "案件 %(number)s 已退回。", tone="bad")
register([SAMPLE])


def news(recipient, key="case:1", number="000000-2014-00001", url="/help/"):
    return News(recipient_id=recipient.pk, key=key, kind=SAMPLE.code, facts={"number": number}, url=url)


def told(recipient, *keys, at=NOON):
    """Tell somebody of several events."""
    tell([news(recipient, key) for key in keys], at=at)
