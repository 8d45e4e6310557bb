"""What can be expected to go wrong in an assessment, with a sentence for the person at the screen."""

from datetime import datetime

from web.layout import Text


class UnableToAssess(Exception):
    """The rules of the assessment do not allow this; `field` is the input to blame, "" when none is."""

    def __init__(self, message: Text, field: str = "") -> None:
        super().__init__(str(message))
        self.field = field


class AssessmentMoved(Exception):
    """Somebody was quicker: the page showed an older state. Says who did what and when, as far as it is known."""

    def __init__(self, *, by: str = "", what: Text = "", at: datetime | None = None) -> None:
        super().__init__(str(what))
        self.by, self.what, self.at = by, what, at
