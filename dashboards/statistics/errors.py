"""What can be expected to go wrong with statistics, with a sentence for the person at the screen."""


class UnableToIssue(Exception):
    """The paper cannot be made like this; `field` is the input to blame, "" when none is."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field
