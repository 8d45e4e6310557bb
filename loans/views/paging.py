"""Addresses of lists: the neighbouring pages (everything the URL says, with another cursor), the queue of a step."""

from django.http import HttpRequest
from django.urls import reverse

from loans.choices import StepCode
from loans.queries.paging import Page
from web.filters import CURSORS


def queue_url(step: str) -> str:
    """Return where an account finds what waits for it at a step: the lender has a desk of its own."""
    return reverse("loans:desk") if step == StepCode.DISBURSEMENT else reverse("loans:queue", args=[step])


def page_urls(request: HttpRequest, page: Page) -> dict[str, str]:
    """Return `previous` and `next`, empty where there is no page."""
    return {
        "previous": _url(request, "before", page.before) if page.before else "",
        "next": _url(request, "after", page.after) if page.after else "",
    }


def _url(request: HttpRequest, name: str, cursor: str) -> str:
    query = request.GET.copy()
    for old in CURSORS:
        query.pop(old, None)
    query[name] = cursor
    return f"?{query.urlencode()}"
