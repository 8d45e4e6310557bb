"""Take the pictures of the user guide from a running demo: `python -m tests.browser.guide_shots http://127.0.0.1:8000`.

Each line of SHOTS is a picture: its file in docs/guide/shots, the account, the address, and what to do before. Run it
again after a page has changed; tests/redcredit/test_guide.py says when a picture is missing or not used any more.
"""

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from redcredit.guide import FOLDER

CHROMIUM = "/usr/bin/chromium"
WIDTH, HEIGHT = 1366, 800
PHONE_WIDTH, PHONE_HEIGHT = 390, 844

Act = Callable[[Page], object]


def nothing(page: Page) -> None:
    """The page as it opens."""


def first_row(page: Page) -> None:
    """Open the first row of the list."""
    page.locator("table tbody a").first.click()
    page.wait_for_load_state("networkidle")


def first_link(page: Page) -> None:
    """Open the first link of the page's own part."""
    page.locator("#main .card a").first.click()
    page.wait_for_load_state("networkidle")


def open_views(page: Page) -> None:
    """Open the menu of kept views."""
    page.locator(".views-menu summary").click()
    page.locator(".views").wait_for()


def type_number(page: Page) -> None:
    """Type an identity number, as a clerk does first, and let it be checked."""
    page.locator("#id_text").fill("532999197001010008")
    page.wait_for_timeout(1500)


def draft_page(name: str) -> Act:
    """Open a page of the first draft on the home page."""

    def act(page: Page) -> None:
        page.locator('a[href*="/loans/applications/"][href*="/edit"], #drafts a').first.click()
        page.wait_for_load_state("networkidle")
        page.goto(re.sub(r"/[a-z-]+/$", f"/{name}/", page.url))
        page.wait_for_load_state("networkidle")

    return act


@dataclass(frozen=True)
class Shot:
    """One picture. `phone` takes it as wide as a telephone."""

    file: str
    account: str
    path: str
    act: Act = nothing
    phone: bool = False


SHOTS = (
    Shot("login.png", "", "/login/"),
    Shot("home.png", "clerk", "/"),
    Shot("cases.png", "clerk", "/loans/cases/", open_views),
    Shot("case.png", "clerk", "/loans/cases/?step=committee_filing", first_row),
    Shot("checklist.png", "clerk", "/loans/applications/checklist/"),
    Shot("apply-find.png", "clerk", "/loans/applications/", type_number),
    Shot("apply-project.png", "clerk", "/", draft_page("project")),
    Shot("apply-papers.png", "clerk", "/", draft_page("papers")),
    Shot("apply-check.png", "clerk", "/", draft_page("check")),
    Shot("review.png", "secretary", "/loans/queues/branch-review/"),
    Shot("meeting.png", "secretary", "/loans/meetings/new/"),
    Shot("notice.png", "secretary", "/loans/notices/"),
    Shot("visits.png", "secretary", "/loans/visits/"),
    Shot("filing.png", "committee", "/loans/queues/committee-filing/"),
    Shot("objections.png", "committee", "/loans/objections/"),
    Shot("late.png", "committee", "/loans/cases/late/"),
    Shot("inbox.png", "committee", "/messages/"),
    Shot("subsidy-queue.png", "finance", "/loans/queues/subsidy-confirmation/"),
    Shot("batch.png", "finance", "/subsidies/", first_row),
    Shot("fund.png", "finance", "/risk/funds/", first_row),
    Shot("desk.png", "officer", "/loans/desk/"),
    Shot("loan.png", "officer", "/loans/loans/", first_row),
    Shot("statements.png", "officer", "/loans/statements/"),
    Shot("arrears.png", "officer", "/loans/arrears/"),
    Shot("figures.png", "leader", "/figures/"),
    Shot("published.png", "leader", "/figures/published/"),
    Shot("version.png", "organisation", "/loans/programmes/", first_link),
    Shot("stops.png", "group", "/risk/stops/"),
    Shot("accounts.png", "sysadmin", "/accounts/"),
    Shot("posts.png", "secadmin", "/posts/"),
    Shot("audit.png", "auditor", "/audit/"),
)


def take(page: Page, base: str, shot: Shot, folder: Path) -> None:
    page.set_viewport_size(
        {"width": PHONE_WIDTH if shot.phone else WIDTH, "height": PHONE_HEIGHT if shot.phone else HEIGHT}
    )
    page.goto(base + shot.path)
    page.wait_for_load_state("networkidle")
    shot.act(page)
    page.screenshot(path=folder / shot.file)


def sign_in(page: Page, base: str, account: str) -> None:
    """Sign in by the buttons of the demo."""
    page.context.clear_cookies()
    page.goto(f"{base}/login/")
    page.locator(f'[data-fill="{account}"]').click()
    page.locator("form[data-sign-in] button[type=submit]").click()
    page.wait_for_load_state("networkidle")


def main(base: str) -> None:
    folder = Path(FOLDER) / "shots"
    with sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"]).new_page()
        for account in dict.fromkeys(shot.account for shot in SHOTS):
            if account:
                sign_in(page, base, account)
            for shot in SHOTS:
                if shot.account == account:
                    take(page, base, shot, folder)
                    sys.stdout.write(f"{shot.file}\n")


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
