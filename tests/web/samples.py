"""A frame and a conflict for the pages of the throw-away URL configuration."""

from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.http import HttpRequest

from web.layout import Conflict, Layout, NavGroup, NavItem

LAYOUT = Layout(
    navigation=(
        NavGroup("", (NavItem("我的待办", "/styleguide/", "inbox", 6, urgent=True, current=True, tab_label="待办"),)),
        NavGroup("办理", (NavItem("支部审核", "#review", "list-checks", 3, tab_label="审核"),)),
    ),
    organization_name="甲镇党委",
    person_name="和秀兰",
    role_name="支部书记",
    unread=3,
    demo_notice="演示数据，今天按 2014-08-15 计算。",
    search_url="/search/",
    notices_url="#notices",
    account_url="#account",
    help_url="#help",
    language_url="/language/",
    logout_url="/logout/",
)

CONFLICT = Conflict(
    decided_by="和秀兰",
    organization="中羊村党支部",
    outcome="同意",
    decided_at=datetime(2014, 8, 15, 1, 41, tzinfo=UTC),
    url="/styleguide/",
)


def layout(request: HttpRequest) -> dict[str, Layout]:
    return {"layout": LAYOUT}


def only_this_room(settings: Any) -> None:
    """Only this room's pages, inside a frame of our own: the tests do not depend on the house above."""
    settings.ROOT_URLCONF = "tests.web.urls"
    settings.LOGIN_URL = "/login/"
    settings.CSRF_FAILURE_VIEW = "web.views.csrf_failure"
    templates = deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"].append(Path(__file__).parent / "templates")
    options = templates[0]["OPTIONS"]
    options["context_processors"] = [
        "tests.web.samples.layout" if name == "redcredit.context.layout" else name
        for name in options["context_processors"]
    ]
    settings.TEMPLATES = templates
