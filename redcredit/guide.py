"""The user guide (docs/guide/): a page for each office, written in Markdown, with pictures of the demo county."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

from accounts.choices import Role

FOLDER = Path("docs/guide")
PICTURES = "guide"  # the prefix of docs/guide/shots among the static files


@dataclass(frozen=True)
class Chapter:
    """One page of the guide: the name of its file, whom it is for, and the roles that find it first."""

    slug: str
    title: str | Promise
    roles: tuple[Role, ...] = ()

    @property
    def path(self) -> Path:
        return settings.BASE_DIR / FOLDER / f"{self.slug}.md"


CHAPTERS = (
    Chapter("start", _("First steps, for everybody")),
    Chapter("clerk", _("For clerks"), (Role.VILLAGE_CLERK, Role.TOWNSHIP_CLERK)),
    Chapter("secretary", _("For branch secretaries"), (Role.BRANCH_SECRETARY,)),
    Chapter("committee", _("For township Party committees"), (Role.COMMITTEE_OFFICER,)),
    Chapter("finance", _("For the finance bureau"), (Role.FINANCE_OFFICER, Role.FINANCE_DIRECTOR)),
    Chapter("lender", _("For the credit union"), (Role.CREDIT_OFFICER, Role.CREDIT_MANAGER)),
    Chapter("county", _("For the county offices and leaders"), (
        Role.ORGANISATION_OFFICER, Role.LEADING_GROUP_OFFICER, Role.COUNTY_LEADER,
    )),
    Chapter("keepers", _("For administrators and auditors"), (
        Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR,
    )),
)  # fmt: skip
CHAPTER_OF_SLUG = {chapter.slug: chapter for chapter in CHAPTERS}


def chapters_for(roles: set[str]) -> list[Chapter]:
    """Return the chapters, those of one's own posts first."""
    return sorted(CHAPTERS, key=lambda chapter: not roles & set(chapter.roles) and bool(chapter.roles))


@cache
def read_chapter(slug: str) -> SafeString:
    """Return a chapter as HTML. Raises KeyError for a slug that is none; no address leads to another file."""
    chapter = CHAPTER_OF_SLUG[slug]
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(chapter.path.read_text(encoding="utf-8"))
    for token in tokens:
        for inner in token.children or []:
            _serve_picture(inner)
    # Our own text, with HTML switched off: nothing in it comes from a person at a screen.
    return mark_safe(reader.renderer.render(tokens, reader.options, {}))  # noqa: S308


def _serve_picture(token: Token) -> None:
    """Let a picture of the chapter come from where static files are served."""
    source = str(token.attrs.get("src", "")) if token.type == "image" else ""
    if source.startswith("shots/"):
        token.attrs["src"] = static(f"{PICTURES}/{source.removeprefix('shots/')}")
        token.attrs["loading"] = "lazy"
