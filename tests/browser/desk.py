"""A desk with a real Chromium on it: opens pages as somebody, listens to them and measures them."""

import os
import re
import shutil
from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

from accounts.models import User

CHROMIUM = os.environ.get("BROWSER_PROGRAM") or shutil.which("chromium") or shutil.which("google-chrome")
LAUNCH_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--lang=zh-CN",
]
DESKTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
NARROWEST = {"width": 360, "height": 740}
LIGHT, DARK = "light", "dark"
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# A refusal is an answer: the browser writes its status into the console.
EXPECTED_STATUS = re.compile(r"status of (400|403|404|409|422|429)")


@dataclass
class Desk:
    """Opens pages as somebody and listens: no console message, no request to another machine."""

    browser: Browser
    address: str
    heard: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)
    sessions: dict[int, str] = field(default_factory=dict)

    def of(self, user: User | None = None, *, viewport: dict[str, int] = DESKTOP, scheme: str = LIGHT) -> Page:
        """Return an empty page of a browser in which `user` is signed in (nobody, when None)."""
        context = self.browser.new_context(
            viewport=viewport,
            color_scheme=scheme,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            base_url=self.address,
        )
        self.contexts.append(context)
        if user is not None:
            self.sign_in(user)
            context.add_cookies([{"name": "sessionid", "value": self.sessions[user.pk], "url": self.address}])
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: self.heard.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.heard.append(str(error)))
        page.on("request", lambda sent: None if self._is_ours(sent.url) else self.heard.append(sent.url))
        return page

    def sign_in(self, user: User) -> None:
        """Write a session for `user`, unless there is one already."""
        if user.pk not in self.sessions:
            client = Client()
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
            self.sessions[user.pk] = client.cookies["sessionid"].value

    def _is_ours(self, url: str) -> bool:
        return url.startswith((f"{self.address}/", "data:", "blob:"))

    def complaints(self) -> list[str]:
        """Return what was heard since the last question and should not have been."""
        heard, self.heard = self.heard, []
        return [message for message in heard if not EXPECTED_STATUS.search(message)]

    def close(self) -> None:
        for context in self.contexts:
            context.close()


def violations_of(page: Page) -> str:
    """Return axe's report, empty when there is nothing to report."""
    result = Axe().run(page, options=WCAG)
    return result.generate_report() if result.violations_count else ""


def scrolls_sideways(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def focused_id(page: Page) -> str:
    return page.evaluate("document.activeElement.id")
