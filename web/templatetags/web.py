"""`{% load web %}`: amounts, dates, masks, and the parts of the design system that take values."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import template
from django.forms import BaseForm
from django.http import HttpRequest
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, pgettext

from web import display, masking
from web.filters import active_chips, kept_parameters
from web.layout import Check, Event, Fact, Figure, Step, Tone
from web.qr import qr_svg
from web.uppercase import uppercase_amount

register = template.Library()

THEMES = ("light", "dark")
CHECK_ICONS = {Tone.OK: "circle-check", Tone.WARN: "triangle-alert", Tone.BAD: "circle-x"}

register.filter("yuan", display.show_yuan)
register.filter("count", display.show_count)
register.filter("percent", display.show_percent)
register.filter("day", display.show_day)
register.filter("when", display.show_when)
register.filter("day_long", display.show_day_long)
register.filter("masked_name", masking.masked_name)
register.filter("masked_id", masking.masked_id)
register.filter("masked_phone", masking.masked_phone)
register.filter("masked_account", masking.masked_account)


@register.filter
def wan(amount: Decimal | int | None) -> str:
    """Yuan as 万元 with two decimals."""
    return display.show_wan(amount)


@register.filter
def wan1(amount: Decimal | int | None) -> str:
    """Yuan as 万元 with one decimal, the way the county's reports print."""
    return display.show_wan(amount, places=1)


@register.filter
def uppercase_yuan(amount: Decimal | None) -> str:
    """The amount in capital numerals: 人民币伍万元整."""
    return display.EMPTY if amount is None else uppercase_amount(amount)


@register.filter
def empty(value: Any) -> Any:
    """The value, or -- when there is none. Zero is a value."""
    return display.EMPTY if value is None or value == "" else value


@register.filter
def moment(value: datetime | date) -> str:
    """A time with its clock, a date without."""
    return display.show_when(value) if isinstance(value, datetime) else display.show_day(value)


@register.filter
def iso(value: datetime | date) -> str:
    """The machine's form of a time, for <time datetime>."""
    return value.isoformat()


@register.filter
def red_head_size(issuer: str) -> str:
    """The size in points at which a red head fills the 156 mm of its line, 46 at most."""
    return f"{min(46.0, 440 / max(len(issuer), 1)):.1f}"


@register.simple_tag
def qr(url: str) -> SafeString:
    """A QR code that leads to `url`; size it by the class "qr"."""
    return qr_svg(url)


@register.simple_tag
def status(label: str, tone: str = "") -> SafeString:
    """A tag. `tone` is a value of `web.layout.Tone`."""
    return format_html('<span class="tag{}">{}</span>', f" tag-{Tone(tone)}" if tone else "", label)


@register.inclusion_tag("web/_steps.html")
def steps(items: Iterable[Step], label: str = "") -> dict[str, Any]:
    return {"steps": items, "label": label or pgettext("steps of a case", "Progress")}


@register.inclusion_tag("web/_timeline.html")
def timeline(events: Iterable[Event]) -> dict[str, Any]:
    return {"events": events}


@register.inclusion_tag("web/_desc.html")
def desc(facts: Iterable[Fact], columns: int = 2) -> dict[str, Any]:
    return {"facts": facts, "columns": columns}


@register.inclusion_tag("web/_kpis.html")
def kpis(figures: Iterable[Figure]) -> dict[str, Any]:
    return {"figures": figures}


@register.inclusion_tag("web/_checks.html")
def checks(items: Iterable[Check]) -> dict[str, Any]:
    return {"checks": [(check, CHECK_ICONS[check.tone]) for check in items]}


@register.simple_tag
def product_name() -> str:
    return gettext("Red Credit")


@register.simple_tag
def html_lang() -> str:
    """The language for <html lang>. Without the script subtag Noto CJK draws Japanese forms of the characters."""
    language = get_language() or "zh-hans"
    return "zh-Hans" if language == "zh-hans" else language


@register.simple_tag(takes_context=True)
def theme_attribute(context: Context) -> SafeString | str:
    """` data-theme="dark"` by the cookie that app.js writes, else by the person's setting; else the system decides."""
    request, layout = context.get("request"), context.get("layout")
    wishes = (request.COOKIES.get("theme") if request else "", layout.theme if layout else "")
    theme = next((wish for wish in wishes if wish in THEMES), "")
    return format_html(' data-theme="{}"', theme) if theme else ""


@register.inclusion_tag("web/_filter_bar.html", takes_context=True)
def filter_bar(context: Context, form: BaseForm) -> dict[str, Any]:
    """The filter form of a list (`filterset.form`) with a chip for every filter in use."""
    query = context["request"].GET
    return {
        "form": form,
        "chips": active_chips(form=form, query=query),
        "kept": kept_parameters(form=form, query=query),
        "reset_url": context["request"].path,
        "views_url": views_url(context["request"]),
    }


def views_url(request: HttpRequest) -> str:
    """Return the address of the views that the person keeps of the list he looks at."""
    return f"{reverse('web:views')}?{urlencode({'path': request.path, 'query': request.GET.urlencode()})}"


@register.simple_tag(takes_context=True)
def page_url(context: Context, number: int, name: str = "page") -> str:
    """The present address with another page number: filters and order stay."""
    query = context["request"].GET.copy()
    query[name] = str(number)
    return f"?{query.urlencode()}"
