"""Numbers, dates and amounts as people read them: one function for each form, shared by pages and papers. Pure."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone

EMPTY = "--"
YUAN_IN_WAN = Decimal(10_000)


def show_yuan(amount: Decimal | int | None) -> str:
    """50,000.00; nothing is --. Raises TypeError for a float: no amount is one."""
    return EMPTY if amount is None else f"{_rounded(amount, 2):,.2f}"


def show_wan(amount: Decimal | int | None, *, places: int = 2) -> str:
    """An amount in yuan as ten thousands of yuan: 17,709,000 is 1,770.90 (or 1,770.9 with one place)."""
    return EMPTY if amount is None else f"{_rounded(_exact(amount) / YUAN_IN_WAN, places):,.{places}f}"


def show_count(number: int | None) -> str:
    """1,752."""
    return EMPTY if number is None else f"{number:,}"


def show_percent(rate: Decimal | int | None) -> str:
    """A rate that already is in percent: at least two decimals, at most four (4.35%, 10.1234%)."""
    if rate is None:
        return EMPTY
    whole, _, decimals = f"{_rounded(rate, 4):.4f}".partition(".")
    return f"{whole}.{decimals.rstrip('0'):0<2}%"


def show_day(day: date | datetime | None) -> str:
    """2014-07-31, in the county's time zone."""
    return EMPTY if day is None else _local(day).strftime("%Y-%m-%d")


def show_when(moment: datetime | None) -> str:
    """2014-07-31 09:05, in the county's time zone."""
    return EMPTY if moment is None else _local(moment).strftime("%Y-%m-%d %H:%M")


def show_day_long(day: date | datetime | None) -> str:
    """2014年7月31日, as documents write it: no leading zeros."""
    if day is None:
        return EMPTY
    local = _local(day)
    return f"{local.year}年{local.month}月{local.day}日"


def _local(day: date | datetime) -> date | datetime:
    if isinstance(day, datetime) and timezone.is_aware(day):
        return timezone.localtime(day, timezone.get_default_timezone())
    return day


def _exact(amount: Decimal | int) -> Decimal:
    if not isinstance(amount, Decimal | int):
        raise TypeError(f"an amount is a Decimal or an int, not {type(amount).__name__}")
    return Decimal(amount)


def _rounded(amount: Decimal | int, places: int) -> Decimal:
    return _exact(amount).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
