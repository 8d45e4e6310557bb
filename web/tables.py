"""Lists: django-tables2 with one template for all (templates/web/table.html) and columns that know their unit."""

from collections.abc import Callable
from typing import Any

import django_tables2
from django.utils.translation import gettext, gettext_lazy as _

from web import display
from web.layout import Text


class OfficeTable(django_tables2.Table):
    """Base of every list. `caption` names the table to a screen reader; pages turn it into cards on a phone.

    Put the name with its link first, few columns, the status tag at the end, then the one action.
    """

    caption: Text = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("empty_text", gettext("No data"))
        super().__init__(*args, **kwargs)


class FigureColumn(django_tables2.Column):
    """A right-aligned number whose unit stands in the header. With `total` the foot shows the sum of the page."""

    unit: Any = ""
    show: Callable[[Any], str] = staticmethod(display.show_count)

    def __init__(self, verbose_name: Any, *, total: bool = False, unit: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", {"th": {"class": "num"}, "td": {"class": "num"}, "tf": {"class": "num"}})
        kwargs.setdefault("default", display.EMPTY)
        if total:
            kwargs.setdefault("footer", self.page_total)
        self.unit = self.unit if unit is None else unit
        super().__init__(verbose_name=verbose_name, **kwargs)

    @property
    def header(self) -> str:
        label = super().header
        return gettext("%(label)s (%(unit)s)") % {"label": label, "unit": self.unit} if self.unit else label

    def render(self, value: Any) -> str:
        return self.show(value)

    def value(self, value: Any) -> Any:
        """What an export writes: the number itself, not its text."""
        return value

    def page_total(self, table: django_tables2.Table, bound_column: Any) -> str:
        amounts = (bound_column.accessor.resolve(row.record, quiet=True) for row in table.paginated_rows)
        return self.show(sum(amount for amount in amounts if amount is not None))


class CountColumn(FigureColumn):
    """Households, loans, days."""


class MoneyColumn(FigureColumn):
    """An amount in yuan with two decimals."""

    unit = _("yuan")
    show = staticmethod(display.show_yuan)


class WanColumn(FigureColumn):
    """An amount stored in yuan and shown in ten thousands of yuan."""

    unit = _("10,000 yuan")
    show = staticmethod(display.show_wan)


class PercentColumn(FigureColumn):
    """A rate in percent."""

    show = staticmethod(display.show_percent)


class DayColumn(django_tables2.Column):
    """A date as 2014-07-31."""

    def __init__(self, verbose_name: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", {"td": {"class": "nowrap"}})
        kwargs.setdefault("default", display.EMPTY)
        super().__init__(verbose_name=verbose_name, **kwargs)

    def render(self, value: Any) -> str:
        return display.show_day(value)

    def value(self, value: Any) -> Any:
        return value


class MomentColumn(DayColumn):
    """A moment as 2014-07-31 09:05."""

    def render(self, value: Any) -> str:
        return display.show_when(value)
