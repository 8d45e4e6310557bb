from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.checks import registry

from redcredit import checks
from redcredit.local.system_packages import BASE, Need


@pytest.fixture
def bare_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that has none of the packages that documents need."""
    needs = tuple(Need(need.package, need.purpose, lambda: False) for need in BASE)
    monkeypatch.setattr(checks.system_packages, "BASE", needs)


def test_django_knows_every_check() -> None:
    names = {check.__name__ for check in registry.registry.registered_checks}
    assert {"translations_are_compiled", "system_packages_are_installed", "databases_understand_chinese"} <= names


@pytest.mark.usefixtures("bare_machine")
def test_missing_fonts_and_libraries_are_an_error_that_names_the_command() -> None:
    (error,) = checks.system_packages_are_installed()
    assert error.is_serious()
    assert error.hint is not None
    assert error.hint.endswith(
        "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk"
    )


def test_fonts_that_lack_a_character_are_an_error_before_a_deployment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks.documents, "font_problems", lambda: ["𠮷"])
    (error,) = checks.documents_come_out_whole()
    assert error.is_serious()
    assert error.msg == "𠮷"
    assert checks.documents_come_out_whole in registry.registry.get_checks(include_deployment_checks=True)
    assert checks.documents_come_out_whole not in registry.registry.get_checks()


def test_a_translation_that_is_not_compiled_is_named(tmp_path: Path, settings: LazySettings) -> None:
    catalogue = tmp_path / "loans" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.touch()
    settings.BASE_DIR = tmp_path
    (warning,) = checks.translations_are_compiled()
    assert "loans/locale/zh_Hans/LC_MESSAGES/django.po" in warning.msg
    assert warning.hint is not None
    assert "compile_catalogues" in warning.hint


def test_a_project_without_stale_translations_passes(tmp_path: Path, settings: LazySettings) -> None:
    settings.BASE_DIR = tmp_path
    assert checks.translations_are_compiled() == []


@pytest.mark.django_db
def test_our_own_database_understands_chinese() -> None:
    assert checks.databases_understand_chinese(databases=["default"]) == []


def test_no_database_is_asked_when_none_is_to_be_checked() -> None:
    assert checks.databases_understand_chinese(databases=None) == []


@pytest.mark.django_db
@pytest.mark.parametrize("has_trigrams", [True, False])
def test_a_database_that_drops_chinese_characters_is_refused(
    monkeypatch: pytest.MonkeyPatch, has_trigrams: bool
) -> None:
    monkeypatch.setattr(checks, "connections", {"default": DeafConnection(has_trigrams)})
    (error,) = checks.databases_understand_chinese(databases=["default"])
    assert error.id == "redcredit.E002"
    assert error.hint is not None
    assert "--lc-ctype=C.UTF-8" in error.hint


class DeafConnection:
    """Answers as a database made with --no-locale does."""

    def __init__(self, has_trigrams: bool) -> None:
        self.answers = [(has_trigrams,), (False,)]

    def cursor(self) -> "DeafConnection":
        return self

    def __enter__(self) -> "DeafConnection":
        return self

    def __exit__(self, *error: Any) -> None:
        return None

    def execute(self, statement: str, parameters: list[str] | None = None) -> None:
        return None

    def fetchone(self) -> tuple[bool]:
        return self.answers.pop(0)
