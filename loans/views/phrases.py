"""One's own sentences for opinions, beside those that everybody has."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from audit.access import refuse
from loans.forms.phrases import PhraseForm
from loans.models import Phrase
from loans.operations import Blocked, NotAllowed
from loans.operations.phrases import drop_phrase, keep_phrase
from loans.queries.review import REVIEWED, kept_phrases
from loans.queries.work import steps_of
from loans.views.access import account, not_allowed
from web import clock


def own_steps(request: HttpRequest) -> list[str]:
    """Return the steps at which the account writes opinions. Without any: 404."""
    steps = [step for step in steps_of(account(request), on=clock.today()) if step in REVIEWED]
    if not steps:
        refuse(request)
    return steps


@require_http_methods(["GET", "HEAD", "POST"])
def phrase_list(request: HttpRequest) -> HttpResponse:
    steps = own_steps(request)
    form = PhraseForm(request.POST or None, steps=steps)
    if request.method == "POST" and form.is_valid():
        try:
            keep_phrase(**form.phrase(), owner=account(request), kept_at=clock.now())
        except Blocked as error:
            form.add_problems(error.problems)
        except NotAllowed as error:
            not_allowed(request, error)
        else:
            return redirect("loans:phrases")
    phrases = kept_phrases(account(request), steps)
    return render(request, "loans/phrases.html", {"form": form, "phrases": phrases})


@require_POST
def phrase_delete(request: HttpRequest, phrase_id: int) -> HttpResponse:
    own_steps(request)
    if not Phrase.objects.filter(pk=phrase_id, owner=account(request)).exists():
        refuse(request, Phrase, phrase_id)
    drop_phrase(phrase_id=phrase_id, owner=account(request))
    return redirect("loans:phrases")
