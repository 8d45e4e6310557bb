"""A post goes to somebody else: for good, or while its holder is away. First to whom, then when."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _, pgettext_lazy
from django.views.decorators.http import require_http_methods

from accounts import handing_over, queries
from accounts.choices import Verb
from accounts.forms import DelegateForm, HandOverForm
from accounts.models import Post, User
from accounts.operations import UnableToAppoint
from audit.access import SignedInRequest, demand, refuse
from web import clock


@dataclass(frozen=True)
class Task:
    """What is done with the post, in the words of its page."""

    title: str | Promise
    question: str | Promise
    done: str | Promise
    form: type[forms.Form]
    write: Callable[[Post, User, SignedInRequest, dict[str, Any]], Post]


def _hand_over(post: Post, to: User, request: SignedInRequest, when: dict[str, Any]) -> Post:
    return handing_over.hand_over(post=post, to=to, handed_over_by=request.user, handed_over_at=clock.now(), **when)


def _delegate(post: Post, to: User, request: SignedInRequest, when: dict[str, Any]) -> Post:
    return handing_over.delegate(post=post, to=to, delegated_by=request.user, delegated_at=clock.now(), **when)


HAND_OVER = Task(
    title=pgettext_lazy("post", "Hand over"),
    question=_("Who takes the post over?"),
    done=_("The post has been handed over; both have been told."),
    form=HandOverForm,
    write=_hand_over,
)
DELEGATE = Task(
    title=_("Delegate"),
    question=_("Who stands in?"),
    done=_("The post has been delegated; both have been told."),
    form=DelegateForm,
    write=_delegate,
)


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: SignedInRequest, post_id: int) -> HttpResponse:
    return _pass_on(request, post_id, HAND_OVER)


@require_http_methods(["GET", "HEAD", "POST"])
def delegate(request: SignedInRequest, post_id: int) -> HttpResponse:
    return _pass_on(request, post_id, DELEGATE)


def _pass_on(request: SignedInRequest, post_id: int, task: Task) -> HttpResponse:
    demand(request, Verb.APPOINT)
    today = clock.today()
    post = get_object_or_404(Post.objects.select_related("user", "organization__division"), pk=post_id)
    if not post.organization.division.path.startswith(
        request.user.people_scope(Verb.APPOINT, on=today).division_paths
    ):
        refuse(request, Post, post_id)
    key = request.GET.get("account", "")
    if not key.isdecimal():
        text = request.GET.get("q", "").strip()
        found = [user for user in queries.find_accounts(text=text) if user != post.user] if text else []
        return render(
            request, "accounts/pass_on_account.html", {"task": task, "post": post, "found": found, "q": text}
        )
    to = get_object_or_404(User, pk=key, is_system=False)
    form = task.form(request.POST or None, initial={"first_day": today})
    if request.method == "POST" and form.is_valid():
        try:
            task.write(post, to, request, form.cleaned_data)
        except UnableToAppoint as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, str(task.done))
            return redirect("accounts:account-detail", to.pk)
    return render(request, "accounts/pass_on.html", {"task": task, "post": post, "account": to, "form": form})
