from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audit import queries
from audit.access import SignedInRequest, demand
from audit.forms import EventFilter

VIEW_AUDIT = "view_audit"


@require_safe
def event_list(request: SignedInRequest) -> HttpResponse:
    """The audit trail, for auditors only. It can be read and filtered, nothing else."""
    demand(request, VIEW_AUDIT)
    form = EventFilter(request.GET)
    wanted: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    page = queries.page_of_events(
        events=queries.get_events(**wanted),
        before=queries.Cursor.parse(request.GET.get("before", "")),
        after=queries.Cursor.parse(request.GET.get("after", "")),
    )
    context = {
        "form": form,
        "rows": [(event, queries.kind_of_subject(event), queries.changed_fields(event)) for event in page.events],
        "previous_url": _page_url(request, "after", page.newer),
        "next_url": _page_url(request, "before", page.older),
    }
    return render(request, "audit/event_list.html", context)


def _page_url(request: SignedInRequest, name: str, cursor: queries.Cursor | None) -> str:
    if cursor is None:
        return ""
    query = request.GET.copy()
    for key in ("before", "after"):
        query.pop(key, None)
    query[name] = str(cursor)
    return f"?{query.urlencode()}"
