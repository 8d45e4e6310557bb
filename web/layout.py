"""What the page frame and its parts need to be told. Apps fill these values; templates/web draws them.

`redcredit.context.layout` puts one `Layout` into every page as `layout`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _, pgettext_lazy

Text = str | Promise  # translated when it is shown


@dataclass(frozen=True)
class NavItem:
    """A line of the side navigation. With a `tab_label` (two characters fit) it is in the phone's bottom bar too."""

    label: Text
    url: str
    icon: str  # a name of lucide.dev
    count: int | None = None
    urgent: bool = False  # the count in red
    current: bool = False
    tab_label: Text = ""


@dataclass(frozen=True)
class NavGroup:
    """A heading of the side navigation; the first group usually has none."""

    title: Text
    items: Sequence[NavItem]


@dataclass(frozen=True)
class Layout:
    """The frame of a page. An address left empty leaves its part of the frame out; all are empty before sign-in."""

    navigation: Sequence[NavGroup] = ()
    organization_name: Text = ""
    person_name: str = ""
    role_name: Text = ""
    unread: int = 0
    demo_notice: Text = ""
    home_url: str = "/"
    search_url: str = ""  # answers GET ?q=
    notices_url: str = ""
    account_url: str = ""
    help_url: str = ""
    large_text: bool = False  # the person's setting: everything in larger letters
    theme: str = ""  # "light", "dark" or "": the person's setting; a choice on this computer goes before it
    language_url: str = ""  # takes POST language, next
    logout_url: str = ""  # takes POST

    @property
    def tabs(self) -> list[NavItem]:
        return [item for group in self.navigation for item in group.items if item.tab_label]


class StepState(StrEnum):
    """The state of one step in the bar; the value is its CSS class."""

    DONE = "done"
    NOW = "now"
    STOPPED = "stop"
    SKIPPED = "skip"
    TODO = "todo"

    @property
    def label(self) -> Text:
        return STEP_STATE_LABELS[self]


STEP_STATE_LABELS = {
    StepState.DONE: pgettext_lazy("state of a step", "done"),
    StepState.NOW: pgettext_lazy("state of a step", "current step"),
    StepState.STOPPED: pgettext_lazy("state of a step", "stopped"),
    StepState.SKIPPED: pgettext_lazy("state of a step", "left out"),
    StepState.TODO: pgettext_lazy("state of a step", "not begun"),
}


@dataclass(frozen=True)
class Step:
    """One step of the bar: `{% steps list_of_steps %}`. `lines` are short: who, date, days left."""

    label: Text
    state: StepState
    lines: Sequence[Text] = ()
    url: str = ""


class Tone(StrEnum):
    """What a tag, an event or a figure wants to say by its colour. The words say it too."""

    NEUTRAL = ""
    INFO = "info"
    OK = "ok"
    WARN = "warn"
    BAD = "bad"
    PARTY = "party"
    SYSTEM = "sys"


@dataclass(frozen=True)
class Event:
    """One entry of a timeline, newest first: `{% timeline events %}`. `quote` is what the person wrote."""

    title: Text
    by: Text = ""
    at: datetime | date | None = None
    tone: Tone = Tone.NEUTRAL
    quote: Text = ""
    url: str = ""


@dataclass(frozen=True)
class Fact:
    """One fact of a detail page: `{% desc facts %}`. `note` is small below the value (大写, source, clause)."""

    label: Text
    value: object
    note: Text = ""
    wide: bool = False
    mono: bool = False  # numbers that are read digit by digit


@dataclass(frozen=True)
class Figure:
    """A key figure: `{% kpis figures %}`. With a `url` it is a link to the rows behind it."""

    label: Text
    value: Text
    unit: Text = ""
    note: Text = ""
    url: str = ""
    tone: Tone = Tone.NEUTRAL


@dataclass(frozen=True)
class Check:
    """One line of an automatic check: `{% checks list_of_checks %}`. `tone` is OK, WARN or BAD."""

    text: Text
    tone: Tone
    note: Text = ""


@dataclass(frozen=True)
class Conflict:
    """Somebody else was faster. What the 409 page says: who decided what and when, and where to go on."""

    title: Text = _("Somebody else has already dealt with this")
    decided_by: str = ""
    organization: str = ""
    outcome: Text = ""
    decided_at: datetime | None = None
    url: str = ""
