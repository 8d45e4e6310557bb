"""The rehearsal: a county is kept, lost and brought back; and everything that must not be restored is refused."""

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from hashlib import sha256
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.base import DatabaseWrapper
from pytest_django import DjangoDbBlocker

from redcredit.backups import manifest as manifests, programs, restoring, state
from redcredit.backups.making import forget_old, make_backup
from redcredit.backups.programs import Trouble, programs_for
from redcredit.backups.restoring import restore_backup
from tests.crash import databases
from tests.factories.county import NOON

pytestmark = pytest.mark.django_db

PAPER, PAPER_NAME = b"a statement", "ab/abcdef"
SECRETS = (settings.PERSONAL_DATA_KEY, settings.SECRET_KEY)
SOW = """
INSERT INTO accounts_user (username, name, password, is_superuser, is_active, is_system, must_change_password,
                           language, theme, large_text, unread_count, created_at)
VALUES ('kept', '', '!', false, true, false, false, '', '', false, 0, now());
INSERT INTO files_attachment (uuid, name, content_type, size, sha256, file, thumbnail, uploaded_by_id, uploaded_at)
SELECT gen_random_uuid(), 'statement', 'application/pdf', 11, '%(hash)s', '%(name)s', '', id, now() FROM accounts_user
WHERE username = 'kept';
"""


@pytest.fixture(scope="module")
def county(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BaseDatabaseWrapper]:
    """A database of its own with one account and one paper; its files are in a folder of its own."""
    folder = tmp_path_factory.mktemp("county")
    roots = {"media": folder / "media", "attachments": folder / "attachments"}
    for root in roots.values():
        root.mkdir()
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        template = connection.settings_dict["NAME"]
        connection.close()
        patch.setattr(state, "file_roots", lambda: roots)
        with databases.copied(template, f"{template}_backup") as name:
            databases.ask(name, SOW % {"hash": sha256(PAPER).hexdigest(), "name": PAPER_NAME})
            put_paper(PAPER)
            wrapper = DatabaseWrapper({**connection.settings_dict, "NAME": name}, alias="copy")
            connections["copy"] = wrapper
            yield wrapper
            wrapper.close()
            del connections["copy"]


@pytest.fixture(scope="module")
def backup(county: BaseDatabaseWrapper, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_backup(county, tmp_path_factory.mktemp("backups"), at=NOON)


@pytest.fixture
def spoilt(backup: Path, tmp_path: Path) -> Path:
    """A copy of the backup to do harm to."""
    return Path(shutil.copytree(backup, tmp_path / "spoilt"))


def paper_path() -> Path:
    return state.file_roots()["attachments"] / PAPER_NAME


def put_paper(content: bytes) -> None:
    paper_path().parent.mkdir(parents=True, exist_ok=True)
    paper_path().write_bytes(content)


def rewrite(folder: Path, **changes: object) -> None:
    path = folder / manifests.NAME
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_what_was_lost_comes_back(county, backup):
    before = state.row_counts(county)
    with county.cursor() as cursor:
        cursor.execute("DROP TABLE loans_loanentry CASCADE; CREATE TABLE strange (number int)")
    county.close()
    paper_path().unlink()
    restore_backup(county, backup, force_empty=True)
    assert state.row_counts(county) == before
    assert "strange" not in state.tables(county)
    assert paper_path().read_bytes() == PAPER
    assert not list(paper_path().parent.parent.glob(".*"))
    assert state.applied_migrations(county) == manifests.read(backup).migrations


def test_the_guards_of_what_is_written_once_come_back_too(county, backup):
    with county.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname = 'append_only' AND tgenabled = 'O'")
        assert cursor.fetchone()[0] > 10
    county.close()


def test_a_backup_tells_no_secret_and_is_for_nobody_else(backup):
    text = (backup / manifests.NAME).read_text()
    assert not [secret for secret in SECRETS if secret in text]
    assert backup.stat().st_mode & 0o077 == 0
    assert manifests.read(backup).rows["files_attachment"] == 1


def test_a_database_with_tables_is_refused_without_the_word_for_it(county, backup):
    with pytest.raises(Trouble, match="--force-empty"):
        restore_backup(county, backup, force_empty=False)
    county.close()


def test_nobody_else_may_be_connected(county, backup):
    with closing(databases._connect(county.settings_dict["NAME"])), pytest.raises(Trouble, match="stop web"):
        restore_backup(county, backup, force_empty=True)
    county.close()


def test_a_dump_that_breaks_off_leaves_database_and_files_as_they_were(county, backup, monkeypatch):
    before = state.row_counts(county)
    county.close()
    monkeypatch.setattr(restoring, "CLEARED", restoring.CLEARED + "; SELECT 1 / 0")
    with pytest.raises(Trouble, match="psql failed: .*division by zero"):
        restore_backup(county, backup, force_empty=True)
    assert state.row_counts(county) == before
    assert paper_path().read_bytes() == PAPER
    assert not list(paper_path().parent.parent.glob(".*"))
    county.close()


def test_no_backup_is_made_of_a_county_whose_paper_was_changed(county, tmp_path):
    put_paper(b"another")
    with pytest.raises(Trouble, match="was changed"):
        make_backup(county, tmp_path, at=NOON)
    put_paper(PAPER)
    assert list(tmp_path.iterdir()) == []
    county.close()


def test_one_byte_more_in_a_file_is_found(spoilt):
    with (spoilt / manifests.FILES / "attachments" / PAPER_NAME).open("ab") as file:
        file.write(b"x")
    with pytest.raises(CommandError, match="is not what was written"):
        call_command("check_backup", spoilt)


def test_a_missing_file_and_a_strange_one_are_found(spoilt):
    (spoilt / manifests.DUMP).rename(spoilt / "other")
    with pytest.raises(CommandError, match="missing, the first is database.dump"):
        call_command("check_backup", spoilt)
    (spoilt / "other").rename(spoilt / manifests.DUMP)
    (spoilt / "more").touch()
    with pytest.raises(CommandError, match="do not belong"):
        call_command("check_backup", spoilt)


def test_another_key_is_refused(spoilt, settings):
    settings.PERSONAL_DATA_KEY = "another"
    with pytest.raises(CommandError, match="PERSONAL_DATA_KEY is another one"):
        call_command("check_backup", spoilt)


def test_a_newer_schema_is_refused(spoilt):
    rewrite(spoilt, migrations=["loans.0001_initial", "loans.9999_later"])
    with pytest.raises(CommandError, match=r"the first is loans\.9999_later"):
        call_command("check_backup", spoilt)


@pytest.mark.parametrize("changes", [{"format": 2}, {"format": "x"}, {"files": 3}, {"more": 1}])
def test_a_manifest_we_do_not_understand_is_refused(spoilt, changes):
    rewrite(spoilt, **changes)
    with pytest.raises(CommandError, match="newer program|cannot be read"):
        call_command("check_backup", spoilt)


def test_a_folder_that_is_no_backup_is_refused(tmp_path):
    with pytest.raises(CommandError, match="is no backup"):
        call_command("check_backup", tmp_path)


def test_a_good_backup_is_told(backup):
    said = StringIO()
    call_command("check_backup", backup, stdout=said)
    assert said.getvalue().startswith("Whole: 2014-08-15T12:00:00+08:00, 2 files")


def test_only_the_newest_whole_backups_are_kept(tmp_path):
    for days in range(4):
        folder = tmp_path / f"redcredit-{NOON + timedelta(days=days):%Y%m%d-%H%M%S}"
        folder.mkdir()
        (folder / manifests.NAME).touch()
    (tmp_path / "redcredit-notes").mkdir()
    (tmp_path / "photos").mkdir()
    gone = forget_old(tmp_path, keep=3)
    assert [folder.name for folder in gone] == ["redcredit-20140815-120000"]
    assert len(list(tmp_path.iterdir())) == 5


def test_nobody_keeps_no_backup_at_all(tmp_path):
    with pytest.raises(CommandError, match="at least 1"):
        call_command("backup", tmp_path, keep=0)


def test_programs_too_old_for_the_server_are_named(monkeypatch):
    monkeypatch.setattr(programs, "_major", lambda folder: 15)
    with pytest.raises(Trouble, match="postgresql-client-99 or name a folder in REDCREDIT_PG_BIN"):
        programs_for(connection.settings_dict, server_major=99)


def test_a_password_is_never_an_argument(monkeypatch):
    found = programs_for({**connection.settings_dict, "PASSWORD": "word"}, server_major=1)
    assert found.environment["PGPASSWORD"] == "word"


def test_a_backup_of_this_second_is_not_overwritten(county, backup):
    with pytest.raises(Trouble, match="is there already"):
        make_backup(county, backup.parent, at=datetime.fromisoformat(manifests.read(backup).made_at))
