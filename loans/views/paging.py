"""The addresses of the neighbouring pages: everything the URL says, with another cursor."""

from django.http import HttpRequest

from loans.queries.paging import Page

CURSORS = ("after", "before")


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
