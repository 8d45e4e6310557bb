"""The board from its last counting where that is still true, else from the books (docs/adr/0033)."""

import hashlib
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db import connection, transaction

from accounts.choices import Verb
from accounts.models import User
from dashboards.board.plain import from_plain, to_plain
from dashboards.board.reading import Board, read_board
from dashboards.figures import Selection
from dashboards.models import BoardReading
from dashboards.queries import COUNTY_DIGITS, get_townships, get_versions
from organizations.scope import Scope

AGE_MAX = timedelta(minutes=15)
"""A counting that books have outrun is shown for so long, with its time; the next turn of the job counts anew."""

MARK = """
SELECT md5(concat_ws('~', (SELECT max(id) FROM loans_loanentry), (SELECT max(id) FROM loans_applicationdecision),
                     (SELECT max(id) FROM risk_loanclassification), (SELECT max(id) FROM risk_fundtransfer),
                     (SELECT max(id) FROM risk_claimrule), (SELECT max(id) FROM loans_loanunit),
                     (SELECT concat(sum(appropriated), '~', sum(reserved), '~', sum(due), '~', sum(paid))
                      FROM loans_subsidybudget),
                     (SELECT concat(sum(total), '~', sum(used)) FROM loans_quota)))
"""


def current_board(selection: Selection, *, at: datetime, today: date) -> Board:
    """Return the board of a selection: today's last counting in two queries, or what the books say now.

    A counting holds while nothing was booked or decided after it, and for AGE_MAX when something was.
    """
    reading = BoardReading.objects.filter(key=key_of(selection), day=today).first() if _is_plain(selection) else None
    if reading and (at - reading.counted_at <= AGE_MAX or reading.mark == mark_of_books()):
        return from_plain(reading.content, counted_at=reading.counted_at)
    return read_board(selection, at=at)


def refresh_boards(*, at: datetime, today: date) -> int:
    """Count anew the boards that people open most, where the books have changed since; return how many.

    For every reach that an account has: the whole, each year, each version, and each township of a whole county.
    Each board is kept by itself, so a refresh that is cut short loses nothing.
    """
    mark = mark_of_books()
    known = set(BoardReading.objects.filter(day=today, mark=mark).values_list("key", flat=True))
    wanted = {key_of(one): one for one in _opened_most(today)}
    for key, selection in wanted.items():
        if key not in known:
            _keep(key, read_board(selection, at=at), mark=mark, today=today)
    BoardReading.objects.exclude(key__in=wanted).delete()
    return len(wanted.keys() - known)


def key_of(selection: Selection) -> str:
    """Return the name of a selection: the same filters in the same reach have the same name."""
    parts = (
        selection.scope, selection.registers, str(selection.since), str(selection.as_of), selection.division,
        selection.programme, selection.versions,
    )  # fmt: skip
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def mark_of_books() -> str:
    """Return what tells whether anything was booked, decided, classified or paid since. One query over indexes."""
    with connection.cursor() as cursor:
        cursor.execute(MARK)
        return str(cursor.fetchone()[0])


def _is_plain(selection: Selection) -> bool:
    return not (
        selection.use or selection.band or selection.borrowers or selection.party or selection.outlet
        or selection.known_at
    )  # fmt: skip


def _opened_most(today: date) -> list[Selection]:
    found: list[Selection] = []
    for scope, registers in _reaches(today):
        whole = Selection(scope=scope, registers=registers, as_of=today)
        found.append(whole)
        versions = list(get_versions(registers=registers, on=today))
        first = min((version.effective_from.year for version in versions), default=today.year)
        for year in range(first, today.year + 1):
            found.append(replace(whole, since=date(year, 1, 1), as_of=min(today, date(year, 12, 31))))
        found += [replace(whole, programme=one.programme.code, versions=(one.code,)) for one in versions]
        if any(len(path) == COUNTY_DIGITS for path in scope.division_paths):
            found += [replace(whole, division=one.path) for one in get_townships(registers=registers)]
    return found


def _reaches(today: date) -> set[tuple[Scope, Scope]]:
    users = User.objects.filter(is_active=True)
    reaches = {
        (user.scope(Verb.VIEW_FIGURES, on=today), user.people_scope(Verb.VIEW_FIGURES, on=today)) for user in users
    }
    return {pair for pair in reaches if pair[0]}


@transaction.atomic
def _keep(key: str, board: Board, *, mark: str, today: date) -> None:
    values = {"day": today, "counted_at": board.counted_at, "mark": mark, "content": to_plain(board)}
    BoardReading.objects.update_or_create(key=key, defaults=values)
