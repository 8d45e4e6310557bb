"""Schemes: what is assessed and what it brings. A scheme in force is copied to be changed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.choices import Verb
from assessments.flow import READERS
from assessments.forms.rounds import AssessmentForm
from assessments.forms.schemes import ItemForm, SchemeForm, initial_of
from assessments.models import Scheme, SchemeItem
from assessments.operations import schemes as operations
from assessments.operations.errors import AssessmentMoved, UnableToAssess
from assessments.queries.explaining import demand_of, total_points
from assessments.queries.rounds import items_of
from assessments.tables_rounds import SchemeTable
from assessments.views.access_rounds import acts_for_county, attempt, county_path, moved, scheme_or_404
from audit.access import not_allowed, refuse
from loans.views.access import account
from organizations.scope import NotAllowed
from web import clock
from web.layout import Fact


@require_safe
def scheme_list(request: HttpRequest) -> HttpResponse:
    path = county_path(request, *READERS)
    schemes = Scheme.objects.filter(county__path__startswith=path).order_by("subject_kind", "code", "-version")
    return render(request, "assessments/scheme_list.html", {"table": SchemeTable(schemes)})


@require_safe
def scheme_detail(request: HttpRequest, scheme_id: int) -> HttpResponse:
    scheme = scheme_or_404(request, scheme_id)
    items = items_of(scheme.pk)
    groups: list[tuple[str, list[tuple[SchemeItem, str]]]] = []
    for item in items:
        if not groups or groups[-1][0] != item.group.name:
            groups.append((item.group.name, []))
        groups[-1][1].append((item, demand_of(item)))
    context = {
        "scheme": scheme,
        "facts": facts_of(scheme),
        "rules": rules_of(scheme),
        "groups": [(name, rows, total_points([item for item, _text in rows])) for name, rows in groups],
        "total": total_points(items),
        "tiers": scheme.tiers.all(),
        "prizes": scheme.prizes.all(),
        "may_change": acts_for_county(request, Verb.ASSESS, scheme.county),
    }
    return render(request, "assessments/scheme.html", context)


def facts_of(scheme: Scheme) -> list[Fact]:
    grades = _("excellent from %(excellent)s, good from %(good)s, qualified from %(passed)s") % {
        "excellent": scheme.excellent_from, "good": scheme.good_from, "passed": scheme.pass_from,
    }  # fmt: skip
    return [
        Fact(pgettext("assessment", "Period"), scheme.get_period_kind_display()),
        Fact(_("Who is assessed"), scheme.get_subject_kind_display()),
        Fact(_("Version"), str(scheme.version)),
        Fact(_("Document number"), scheme.document_number or "--"),
        Fact(_("Grades"), grades),
        Fact(_("Days of notice"), str(scheme.notice_days)),
    ]


def rules_of(scheme: Scheme) -> list[Fact]:
    """The parameters of rewards: the report prints none of them."""
    note = _("not printed in the report")
    return [
        Fact(_("Counting of ranks"), scheme.get_rank_rule_display(), note),
        Fact(_("Ties for the last place"), scheme.get_tie_rule_display(), note),
        Fact(_("Awards of township and county"), scheme.get_stacking_rule_display(), note),
        Fact(_("The township's award"), scheme.get_township_rule_display(), note),
        Fact(_("A post held by several"), scheme.get_holder_rule_display(), note),
        Fact(_("How many are commended"), str(scheme.commended)),
    ]


@require_POST
def scheme_copy(request: HttpRequest, scheme_id: int) -> HttpResponse:
    scheme = scheme_or_404(request, scheme_id, Verb.ASSESS)
    try:
        copy = operations.copy_scheme(scheme=scheme, copied_by=account(request), at=clock.now())
    except NotAllowed as error:
        not_allowed(request, error, Scheme, scheme_id)
    messages.success(request, _("The next version waits as a draft."))
    return redirect("assessments:scheme", copy.pk)


@require_POST
def scheme_publish(request: HttpRequest, scheme_id: int) -> HttpResponse:
    scheme = scheme_or_404(request, scheme_id, Verb.ASSESS)
    url = reverse("assessments:scheme", args=[scheme.pk])
    try:
        operations.publish_scheme(
            scheme_id=scheme.pk, revision=scheme.revision, published_by=account(request), at=clock.now()
        )
    except UnableToAssess as error:
        messages.error(request, str(error))
        return redirect(url)
    except AssessmentMoved as error:
        return moved(request, error, url)
    except NotAllowed as error:
        not_allowed(request, error, Scheme, scheme_id)
    messages.success(request, _("The scheme is in force."))
    return redirect(url)


@require_http_methods(["GET", "HEAD", "POST"])
def scheme_edit(request: HttpRequest, scheme_id: int) -> HttpResponse:
    scheme = _draft_or_404(request, scheme_id)
    settings = {name: getattr(scheme, name) for name in operations.SETTINGS}
    form = SchemeForm(
        request.POST or None, initial=initial_of(settings, operations.pay_of(scheme), scheme.revision)
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        answer = _save(
            request,
            scheme,
            form,
            lambda: operations.edit_scheme(
                scheme_id=scheme.pk,
                revision=form.cleaned_data["revision"],
                settings=form.settings(),
                pay=form.pay(),
                edited_by=account(request),
                at=clock.now(),
            ),
        )
        if answer is not None:
            return answer
    return _form_page(request, scheme, form, _("Change the frame and the rewards"))


def _draft_or_404(request: HttpRequest, scheme_id: int) -> Scheme:
    scheme = scheme_or_404(request, scheme_id, Verb.ASSESS)
    return scheme if scheme.is_draft else refuse(request, Scheme, scheme_id)


def _save(request: HttpRequest, scheme: Scheme, form: AssessmentForm, act: object) -> HttpResponse | None:
    url = reverse("assessments:scheme", args=[scheme.pk])
    answer = attempt(request, form, act, url=url)  # type: ignore[arg-type]  # a lambda of the callers
    if answer is None and not form.errors:
        messages.success(request, _("It is written down."))
        return redirect(url)
    return answer


def _form_page(
    request: HttpRequest, scheme: Scheme, form: AssessmentForm, title: str, item: SchemeItem | None = None
) -> HttpResponse:
    context = {"scheme": scheme, "form": form, "title": title, "item": item}
    return render(request, "assessments/scheme_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def item_new(request: HttpRequest, scheme_id: int) -> HttpResponse:
    scheme = _draft_or_404(request, scheme_id)
    form = ItemForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = _save_item(request, scheme, form, None)
        if answer is not None:
            return answer
    return _form_page(request, scheme, form, _("Add an item"))


@require_http_methods(["GET", "HEAD", "POST"])
def item_edit(request: HttpRequest, scheme_id: int, item_id: int) -> HttpResponse:
    scheme, item = _item_or_404(request, scheme_id, item_id)
    initial = {name: getattr(item, name) for name in operations.ITEM_FIELDS} | {"group": item.group.name}
    form = ItemForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        answer = _save_item(request, scheme, form, item.pk)
        if answer is not None:
            return answer
    return _form_page(request, scheme, form, _("Change an item"), item)


def _item_or_404(request: HttpRequest, scheme_id: int, item_id: int) -> tuple[Scheme, SchemeItem]:
    scheme = _draft_or_404(request, scheme_id)
    item = SchemeItem.objects.select_related("group").filter(pk=item_id, group__scheme=scheme).first()
    return scheme, item if item is not None else refuse(request, SchemeItem, item_id)


def _save_item(request: HttpRequest, scheme: Scheme, form: ItemForm, item_id: int | None) -> HttpResponse | None:
    return _save(
        request,
        scheme,
        form,
        lambda: operations.save_item(
            scheme_id=scheme.pk,
            item_id=item_id,
            group_name=form.cleaned_data["group"],
            fields=form.item(),
            saved_by=account(request),
            at=clock.now(),
        ),
    )


@require_POST
def item_remove(request: HttpRequest, scheme_id: int, item_id: int) -> HttpResponse:
    scheme, item = _item_or_404(request, scheme_id, item_id)
    try:
        operations.remove_item(item_id=item.pk, removed_by=account(request), at=clock.now())
    except UnableToAssess as error:
        messages.error(request, str(error))
    except NotAllowed as error:
        not_allowed(request, error, SchemeItem, item_id)
    return redirect("assessments:scheme", scheme.pk)
