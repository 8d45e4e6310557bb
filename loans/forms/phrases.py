"""Keeping a sentence for one's opinions."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _, gettext_lazy

from loans.choices import Outcome, StepCode
from loans.forms.fields import PlainTextField
from loans.forms.problems import ProblemsMixin
from loans.queries.review import REVIEWED
from loans.steps import STEPS
from web.forms import OfficeForm

NOT_WRITTEN = (Outcome.WITHDRAW,)
SEPARATOR = "/"


class PhraseForm(ProblemsMixin, OfficeForm):
    """A sentence, and where it is offered: step and decision are one choice."""

    place = forms.ChoiceField(label=gettext_lazy("Step and decision"))
    text = PlainTextField(label=gettext_lazy("Sentence"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, steps: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (
                f"{step}{SEPARATOR}{outcome}",
                _("%(step)s: %(outcome)s") % {"step": StepCode(step).label, "outcome": Outcome(outcome).label},
            )
            for step in steps
            if step in REVIEWED
            for outcome in STEPS[step].rules
            if outcome not in NOT_WRITTEN
        ]

    def phrase(self) -> dict[str, str]:
        """Return the arguments of `operations.phrases.keep_phrase` that this form fills."""
        step, outcome = self.cleaned_data["place"].split(SEPARATOR)
        return {"step": step, "outcome": outcome, "text": self.cleaned_data["text"]}
