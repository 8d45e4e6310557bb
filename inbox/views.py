"""The bell: what a person was told. Everybody else's notices do not exist."""

from django.contrib import messages as flash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from inbox import operations, queries
from inbox.models import Message
from web import clock
from web.text import number_in

PER_PAGE = 25


@require_safe
def message_list(request: HttpRequest) -> HttpResponse:
    number = max(1, number_in(request.GET.get("page", "")[:4]) or 1)
    begin = (number - 1) * PER_PAGE
    # One more than is shown tells whether there is a next page: no need to count them all.
    found = list(queries.messages_of(recipient=request.user)[begin : begin + PER_PAGE + 1])
    context = {
        "messages_shown": found[:PER_PAGE],
        "newest": max((message.pk for message in found[:PER_PAGE]), default=0),
        "previous_url": f"?page={number - 1}" if number > 1 else "",
        "next_url": f"?page={number + 1}" if len(found) > PER_PAGE else "",
    }
    return render(request, "inbox/list.html", context)


@require_POST
def open_message(request: HttpRequest, message_id: int) -> HttpResponse:
    """Lead to what the notice is about; it counts as read from now on."""
    try:
        message = queries.get_message(recipient=request.user, message_id=message_id)
    except Message.DoesNotExist:
        raise Http404 from None
    operations.read_message(message=message, at=clock.now())
    return redirect(message.url or "inbox:list")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark as read what the page showed; what came in since stays unread."""
    up_to = number_in(request.POST.get("newest", ""))
    seen = operations.read_all(recipient=request.user, up_to=up_to or 0, at=clock.now())
    text = ngettext("%(number)s notice marked as read.", "%(number)s notices marked as read.", seen)
    flash.success(request, text % {"number": seen})
    return redirect("inbox:list")
