"""What an operation refused, shown on its form."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from django import forms

from loans.steps.facts import Problem


class ProblemsMixin(forms.BaseForm):
    """For forms of one operation: show why it refused, each reason at the input to blame."""

    # Where the operation blames something that has another name on the page.
    shown_at: ClassVar[Mapping[str, str]] = {}

    def add_problems(self, problems: Sequence[Problem]) -> None:
        for problem in problems:
            field = self.shown_at.get(problem.field, problem.field)
            self.add_error(field if field in self.fields else None, problem.message)
