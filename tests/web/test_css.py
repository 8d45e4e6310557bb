"""Office browsers start at Chromium 90. An unknown at-rule drops everything inside it, so it may not enter."""

import re
from pathlib import Path

import pytest
from django.conf import settings

STYLES = sorted((Path(settings.BASE_DIR) / "static" / "css").glob("*.css"))
TOO_NEW = {
    "@layer": 99,
    "@container": 105,
    "@scope": 118,
    "@starting-style": 117,
    "oklch(": 111,
    "color-mix(": 111,
    "light-dark(": 123,
    ":has(": 105,
    "dvh": 108,
    "text-wrap:": 114,
    "inert": 102,
}
COLOUR = re.compile(r"#[0-9a-f]{3,8}\b")


def rules_of(path: Path) -> str:
    return re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)


def variables(block: str) -> dict[str, str]:
    return dict(re.findall(r"(--[\w-]+): ([^;]+);", block))


@pytest.fixture(scope="module")
def tokens() -> str:
    return rules_of(next(path for path in STYLES if path.name == "tokens.css"))


def block(tokens: str, selector: str) -> dict[str, str]:
    begin = tokens.index(selector)
    return variables(tokens[begin : tokens.index("}", begin)])


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_no_syntax_is_newer_than_the_oldest_browser(path):
    rules = rules_of(path)
    assert not [f"{word} needs Chromium {version}" for word, version in TOO_NEW.items() if word in rules]
    assert not re.search(r"(^|[{;}])\s*&", rules), "nesting needs Chromium 120"
    assert rules.count("{") == rules.count("}")


@pytest.mark.parametrize(
    "path", [p for p in STYLES if p.name not in {"tokens.css", "print.css", "login.css"}], ids=str
)
def test_colours_come_from_the_tokens(path):
    assert COLOUR.findall(rules_of(path)) == []


def test_every_variable_used_is_defined(tokens):
    defined = set(variables(tokens))
    used = {name for path in STYLES for name in re.findall(r"var\((--[\w-]+)", rules_of(path))}
    assert used <= defined


def test_dark_is_the_same_by_choice_and_by_system_and_covers_every_colour(tokens):
    light, system, chosen = (
        block(tokens, selector)
        for selector in (":root {", ':root:not([data-theme="light"]) {', ':root[data-theme="dark"] {')
    )
    assert system == chosen
    assert {name for name, value in light.items() if value.startswith("#")} <= set(system)


@pytest.mark.parametrize("theme", [":root {", ':root[data-theme="dark"] {'])
@pytest.mark.parametrize(
    ("front", "back", "ratio_min"),
    [
        *[
            (name, "--surface", 4.5)
            for name in ("--text", "--muted", "--brand", "--accent", "--ok", "--warn", "--bad")
        ],
        *[(f"--{name}", f"--{name}-soft", 4.5) for name in ("brand", "accent", "ok", "warn", "bad")],
        *[("--on-accent", name, 4.5) for name in ("--accent", "--ok", "--bad", "--brand")],
        *[(f"--c{number}", "--surface", 3.0) for number in range(1, 7)],
        ("--muted", "--bg", 4.5),
        ("--muted", "--surface-2", 4.5),
        ("--line-strong", "--surface", 3.0),
    ],
)
def test_every_pair_of_colours_has_contrast_enough(tokens, theme, front, back, ratio_min):
    colours = block(tokens, ":root {") | block(tokens, theme)
    assert contrast(colours[front], colours[back]) >= ratio_min


def contrast(one: str, other: str) -> float:
    """The WCAG contrast ratio of two #rgb or #rrggbb colours."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(c * 2 for c in digits) if len(digits) == 3 else digits
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * channel for weight, channel in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_every_class_in_the_templates_of_this_room_has_a_rule():
    folder = Path(settings.BASE_DIR) / "templates" / "web"
    sheets = [*STYLES, folder / "document.css"]
    styled = {name for path in sheets for name in re.findall(r"\.([a-z][\w-]*)", rules_of(path))}
    used = {
        name
        for path in folder.rglob("*.html")
        for value in re.findall(r'class="([^"]*)"', re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", path.read_text()))
        for name in value.split()
    }
    assert used - styled == set()
