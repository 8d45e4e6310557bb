import gettext
import os
from pathlib import Path

import pytest
from babel.messages.pofile import PoFileError

from redcredit.catalogues import compile_catalogues, compiled_path, find_catalogues, is_stale

HEADER = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
)


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    """The catalogue of one application, never compiled."""
    path = tmp_path / "loans" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(HEADER + 'msgid "Loan"\nmsgstr "贷款"\n', encoding="utf-8")
    return path


def translation_of(catalogue: Path, text: str) -> str:
    with compiled_path(catalogue).open("rb") as file:
        return gettext.GNUTranslations(file).gettext(text)


def test_a_new_catalogue_is_compiled(tmp_path: Path, catalogue: Path) -> None:
    assert is_stale(catalogue)
    assert compile_catalogues(tmp_path) == [catalogue]
    assert translation_of(catalogue, "Loan") == "贷款"


def test_a_current_catalogue_is_left_alone(tmp_path: Path, catalogue: Path) -> None:
    compile_catalogues(tmp_path)
    assert compile_catalogues(tmp_path) == []


def test_a_changed_catalogue_is_compiled_again(tmp_path: Path, catalogue: Path) -> None:
    compile_catalogues(tmp_path)
    catalogue.write_text(HEADER + 'msgid "Loan"\nmsgstr "借款"\n', encoding="utf-8")
    later = compiled_path(catalogue).stat().st_mtime + 1
    os.utime(catalogue, (later, later))
    assert compile_catalogues(tmp_path) == [catalogue]
    assert translation_of(catalogue, "Loan") == "借款"


def test_a_guessed_translation_is_left_out(tmp_path: Path, catalogue: Path) -> None:
    catalogue.write_text(HEADER + '#, fuzzy\nmsgid "Loan"\nmsgstr "贷歀"\n', encoding="utf-8")
    compile_catalogues(tmp_path)
    assert translation_of(catalogue, "Loan") == "Loan"


def test_a_header_that_is_marked_fuzzy_does_no_harm(tmp_path: Path, catalogue: Path) -> None:
    catalogue.write_text("#, fuzzy\n" + catalogue.read_text(encoding="utf-8"), encoding="utf-8")
    compile_catalogues(tmp_path)
    assert translation_of(catalogue, "Loan") == "贷款"


def test_a_broken_catalogue_is_refused_and_leaves_no_half_file(tmp_path: Path, catalogue: Path) -> None:
    catalogue.write_text(HEADER + 'msgid "Loan"\nnonsense\n', encoding="utf-8")
    with pytest.raises(PoFileError):
        compile_catalogues(tmp_path)
    assert list(catalogue.parent.iterdir()) == [catalogue]


def test_only_the_projects_own_applications_are_looked_at(tmp_path: Path, catalogue: Path) -> None:
    foreign = tmp_path / ".venv" / "lib" / "django" / "locale" / "de" / "LC_MESSAGES" / "django.po"
    foreign.parent.mkdir(parents=True)
    foreign.touch()
    assert find_catalogues(tmp_path) == [catalogue]
