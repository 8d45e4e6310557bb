"""The office reads Chinese: no string of ours is without its translation, and no catalogue holds leftovers."""

import re
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import polib
import pytest
from babel.messages.extract import extract
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(settings.BASE_DIR)
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
# Where templates of no application belong.
ROOT_TEMPLATES = {"forms": "web", "redcredit": "redcredit"}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")
CATALOGUES = sorted(ROOT.glob("*/locale/zh_Hans/LC_MESSAGES/django.po"))
APPS = sorted(path.parent.name for path in ROOT.glob("*/apps.py"))


def strings_of(app: str) -> Iterator[tuple[str, str, str]]:
    """Yield (context, msgid, where) of every string that an application marks for translation."""
    for path in sorted((ROOT / app).rglob("*.py")):
        if "migrations" not in path.parts:
            yield from _marked(path, path.read_text(encoding="utf-8"))
    for folder in (ROOT / "templates", ROOT / app / "templates"):
        for path in sorted(folder.rglob("*.html")):
            if _owner(path) == app:
                # Django turns a template into something like Python for xgettext; its indentation means nothing.
                lines = templatize(path.read_text(encoding="utf-8")).splitlines()
                yield from _marked(path, "\n".join(line.strip() for line in lines))


def _owner(path: Path) -> str:
    parts = path.relative_to(ROOT).parts
    if parts[0] != "templates":
        return parts[0]
    folder = parts[1] if len(parts) > 2 else "web"
    return ROOT_TEMPLATES.get(folder, folder)


def _marked(path: Path, source: str) -> Iterator[tuple[str, str, str]]:
    for line, _, message, _, context in _extract(source):
        text = message[0] if isinstance(message, tuple) else message
        if text:
            yield context or "", text, f"{path.relative_to(ROOT)}:{line}"


def _extract(source: str):
    for line, message, comments, context in extract("python", BytesIO(source.encode()), keywords=KEYWORDS):
        yield line, None, message, comments, context


@lru_cache
def entries(app: str) -> dict[tuple[str, str], polib.POEntry]:
    path = ROOT / app / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    if not path.exists():
        return {}
    return {(entry.msgctxt or "", entry.msgid): entry for entry in polib.pofile(str(path)) if not entry.obsolete}


@pytest.mark.parametrize("app", APPS)
def test_every_marked_string_is_in_the_catalogue_of_its_app(app):
    missing = sorted({where for context, text, where in strings_of(app) if (context, text) not in entries(app)})
    assert not missing, f"{app}: not translated at {missing}"


@pytest.mark.parametrize("app", APPS)
def test_the_catalogue_holds_nothing_that_is_no_longer_used(app):
    used = {(context, text) for context, text, _ in strings_of(app)}
    assert sorted(text for key, entry in entries(app).items() if key not in used for text in [entry.msgid]) == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-5])
def test_no_entry_is_empty_or_fuzzy(path):
    catalogue = polib.pofile(str(path))
    assert not catalogue.metadata_is_fuzzy
    assert [entry.msgid for entry in catalogue if entry.fuzzy or not _text_of(entry)] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-5])
def test_a_translation_keeps_the_placeholders(path):
    wrong = []
    for entry in polib.pofile(str(path)):
        wanted = set(PLACEHOLDER.findall(entry.msgid)) | set(PLACEHOLDER.findall(entry.msgid_plural))
        if set(PLACEHOLDER.findall(_text_of(entry))) - wanted or (
            not entry.msgid_plural and set(PLACEHOLDER.findall(_text_of(entry))) != wanted
        ):
            wrong.append(entry.msgid)
    assert wrong == []


def test_a_string_reads_the_same_in_every_app():
    """All catalogues become one: where two apps disagree, the order of the apps would decide."""
    readings: dict[tuple[str, str], set[str]] = {}
    for app in APPS:
        for key, entry in entries(app).items():
            readings.setdefault(key, set()).add(_text_of(entry))
    assert {key: texts for key, texts in readings.items() if len(texts) > 1} == {}


def _text_of(entry: polib.POEntry) -> str:
    return entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr
