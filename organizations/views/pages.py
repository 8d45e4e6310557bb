"""The page of a form whose operation may refuse or ask back: the same for every register."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise

from audit.access import SignedInRequest
from organizations.operations import NotAllowed, Refused, Unusual

PAGE_SIZE = 50


def form_page(
    request: SignedInRequest,
    form: BaseForm,
    *,
    act: Callable[..., str],
    title: str | Promise,
    back: str,
    template: str = "organizations/form.html",
    **context: Any,
) -> HttpResponse:
    """Show the form, or pass what it cleaned to `act` and go where that says.

    A refusal comes back at its field, an unusual thing as a warning with a check box; what is not allowed is 404.
    """
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(act(**form.cleaned_data))
        except Refused as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
            context["refused"] = error
        except Unusual as warning:
            form.ask(str(warning))  # type: ignore[attr-defined]  # only a ConfirmForm's operation asks back
        except NotAllowed as error:
            raise Http404 from error
    return render(request, template, {"form": form, "title": title, "back": back, **context})


def list_page(
    request: SignedInRequest, template: str, *, form: BaseForm, rows: "QuerySet[Any]", **context: Any
) -> HttpResponse:
    """Show a filtered list, PAGE_SIZE rows a page; the address holds filters and page."""
    page: Page[Any] = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    frame = {
        "form": form,
        "page": page,
    }
    return render(request, template, {**frame, **context})
