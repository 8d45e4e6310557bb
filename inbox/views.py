"""The bell: what a person was told. Everybody else's notices do not exist."""

from django.contrib import messages as flash
from django.core.paginator import Paginator
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
    page = Paginator(queries.messages_of(recipient=request.user), PER_PAGE).get_page(request.GET.get("page"))
    newest = max((message.pk for message in page), default=0)
    return render(request, "inbox/list.html", {"page": page, "newest": newest})


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
