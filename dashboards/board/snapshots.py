"""Which reading of the board a page shows."""

from datetime import date, datetime

from dashboards.board.reading import Board, read_board
from dashboards.figures import Selection


def current_board(selection: Selection, *, at: datetime, today: date) -> Board:
    """Return the board of a selection, read from the books."""
    return read_board(selection, at=at)
