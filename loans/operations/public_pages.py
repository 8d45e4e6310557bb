"""What people who are not signed in may do: look at a notice, and object to it. All of it is counted (ADR 0025)."""

import hashlib
import hmac
import ipaddress
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from audit.choices import Action
from audit.operations import record
from loans.choices import NoticeState, ObjectionChannel, ObjectionState
from loans.models import NoticeRoster, Objection, PublicAttempt, PublicNotice
from loans.operations.errors import Blocked
from loans.operations.notices import lock_notice, move_deadline
from loans.steps.facts import Problem
from loans.steps.locks import hold_request
from web.clock import day_of
from workflow.queries import work_calendar

# Working days within which branch or committee must say whether it is an objection.
ACCEPTANCE_DAYS = 1
# Objections of the page to one sheet that nobody has looked at yet: more, and the page asks to telephone.
WAITING_MAX = 20
IPV6_HOUSEHOLD = 64

COUNT = """
INSERT INTO loans_publicattempt (key, hour, count) VALUES (%s, %s, 1)
ON CONFLICT (key) DO UPDATE SET count = loans_publicattempt.count + 1 WHERE loans_publicattempt.count < %s
RETURNING count
"""


class Deed(StrEnum):
    """What is counted apart."""

    LOOK = "look"
    OBJECT = "object"


HOURLY_MAX = {Deed.LOOK: 600, Deed.OBJECT: 5}


class TooMany(Exception):
    """The visitor has done this too often within the hour."""


@dataclass(frozen=True)
class PublicObjection:
    """What the form of the public page holds. Name and telephone may be empty."""

    text: str
    objector: str = ""
    phone: str = ""


def count_attempt(*, deed: Deed, address: str, at: datetime) -> bool:
    """Count what a visitor does and say whether he still may. One statement; the address itself is not kept."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [_key(deed, address, hour), hour, HOURLY_MAX[deed]])
        return cursor.fetchone() is not None


def _key(deed: Deed, address: str, hour: datetime) -> str:
    text = f"public-attempt|{deed}|{_network_of(address)}|{hour.isoformat()}"
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def _network_of(address: str) -> str:
    """Return the address, or of IPv6 the network of a household: one line can use any address of it."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if known.version == 4:
        return str(known)
    return str(ipaddress.ip_network((known, IPV6_HOUSEHOLD), strict=False))


def forget_attempts(*, at: datetime) -> int:
    """Delete the counts of past hours."""
    return PublicAttempt.objects.filter(hour__lt=at - timedelta(hours=2)).delete()[0]


def receive_objection(
    *, token: uuid.UUID, position: int, said: PublicObjection, request_id: uuid.UUID, address: str, at: datetime
) -> Objection:
    """Keep an objection of the public page as received: branch or committee accepts it within a working day.

    `position` is the line of the sheet. The same `request_id` again changes nothing. Raises TooMany, Blocked with
    sentences, PublicNotice.DoesNotExist.
    """
    known = Objection.objects.filter(request_id=request_id, notice__roster__token=token).first()
    if known is not None:
        return known
    if not count_attempt(deed=Deed.OBJECT, address=address, at=at):
        raise TooMany
    return _receive(token, position, said, request_id, at)


@transaction.atomic
def _receive(
    token: uuid.UUID, position: int, said: PublicObjection, request_id: uuid.UUID, at: datetime
) -> Objection:  # fmt: skip
    hold_request(request_id)
    known = Objection.objects.filter(request_id=request_id, notice__roster__token=token).first()
    if known is not None:
        return known
    roster = NoticeRoster.objects.get(token=token)
    notice = lock_notice(PublicNotice.objects.only("pk").get(roster=roster, position=position).pk)
    problems = _problems(notice, roster, said, at)
    if problems:
        raise Blocked(problems)
    objection = Objection.objects.create(
        notice=notice,
        request_id=request_id,
        received_on=day_of(at),
        channel=ObjectionChannel.PAGE,
        objector=said.objector,
        objector_phone=said.phone,
        text=said.text,
        due_date=work_calendar().add_workdays(day_of(at), ACCEPTANCE_DAYS),
        state=ObjectionState.RECEIVED,
        recorded_at=at,
    )
    move_deadline(notice)
    record(action=Action.CREATED, actor=None, at=at, subject=objection, label=str(notice))
    return objection


def _problems(notice: PublicNotice, roster: NoticeRoster, said: PublicObjection, at: datetime) -> list[Problem]:
    if notice.state != NoticeState.RUNNING or not notice.starts_on <= day_of(at) <= notice.ends_on:
        return [Problem(_("The notice has ended."))]
    if not said.text.strip():
        return [Problem(_("Please write what you object to."), "text")]
    waiting = Objection.objects.filter(notice__roster=roster, state=ObjectionState.RECEIVED).count()
    if waiting >= WAITING_MAX:
        return [
            Problem(
                _("Many objections to this notice wait to be read. Please telephone %(phone)s.")
                % {"phone": roster.phone}
            )
        ]
    return []
