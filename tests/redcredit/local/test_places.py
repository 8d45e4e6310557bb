import os
import stat
from pathlib import Path

import pytest

from redcredit.local import places
from redcredit.local.places import Account, make_folder, reachable_copy, service_home, socket_folder
from redcredit.local.terminal import Failure

STRANGER = Account(name="stranger", uid=54321, gid=54321)


def test_data_stay_in_var_when_no_other_account_is_needed(var: Path) -> None:
    assert service_home(var, None) == var


def test_data_stay_in_var_when_the_servers_account_can_get_there(var: Path) -> None:
    assert service_home(var, STRANGER) == var


def test_a_closed_home_sends_the_data_to_a_folder_of_their_own_that_is_always_the_same(var: Path) -> None:
    var.chmod(0o700)
    inside = var / "project" / "var"
    assert service_home(inside, STRANGER) == service_home(inside, STRANGER)
    assert service_home(inside, STRANGER).parent == Path("/var/lib")


def test_a_closed_home_stays_closed(var: Path) -> None:
    var.chmod(0o700)
    service_home(var / "project" / "var", STRANGER)
    assert stat.S_IMODE(var.stat().st_mode) == 0o700


def test_a_new_var_folder_can_be_reached_whatever_the_callers_umask(var: Path) -> None:
    before = os.umask(0o077)
    try:
        home = service_home(var / "new", STRANGER)
    finally:
        os.umask(before)
    assert home == var / "new"


def test_two_checkouts_do_not_share_their_sockets_folder(tmp_path: Path) -> None:
    deep = [tmp_path / ("x" * 100) / name for name in ("one", "two")]
    first, second = (socket_folder(folder, None) for folder in deep)
    assert first != second
    first.rmdir()
    second.rmdir()


def test_sockets_move_to_the_temporary_folder_when_their_path_would_be_too_long(tmp_path: Path) -> None:
    folder = socket_folder(tmp_path / ("x" * 100), None)
    assert len(str(folder / places.LONGEST_SOCKET_NAME)) <= places.SOCKET_PATH_MAX
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    folder.rmdir()


def test_a_planted_link_in_place_of_the_sockets_folder_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places.tempfile, "gettempdir", lambda: str(tmp_path))
    deep = tmp_path / ("x" * 100)
    link = tmp_path / f"redcredit-{os.geteuid()}-{places.fingerprint(deep)}"
    link.symlink_to(tmp_path)
    with pytest.raises(Failure, match="belongs to somebody else"):
        socket_folder(deep, None)


def test_a_folder_gets_exactly_the_mode_asked_for(var: Path) -> None:
    folder = make_folder(var / "a", mode=0o711)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o711


def test_programs_are_copied_once_when_the_account_cannot_read_them_where_they_are(var: Path) -> None:
    closed = make_folder(var / "closed", mode=0o700)
    (closed / "programs").mkdir()
    (closed / "programs" / "server").write_text("first")
    copy = reachable_copy([closed / "programs"], into=var / "copy", account=STRANGER)
    (closed / "programs" / "server").write_text("second")
    again = reachable_copy([closed / "programs"], into=var / "copy", account=STRANGER)
    assert copy == again == var / "copy"
    assert (again / "programs" / "server").read_text() == "first"


def test_programs_stay_where_they_are_when_the_account_can_read_them(var: Path) -> None:
    (var / "programs").mkdir(mode=0o755)
    assert reachable_copy([var / "programs"], into=var / "copy", account=STRANGER) == var
    assert not (var / "copy").exists()
