import stat
from pathlib import Path

from redcredit.local.keys import NAMES, demo_keys


def test_the_keys_stay_the_same_at_every_start(tmp_path: Path) -> None:
    assert demo_keys(tmp_path / "secrets") == demo_keys(tmp_path / "secrets")


def test_every_checkout_has_keys_of_its_own(tmp_path: Path) -> None:
    first, second = demo_keys(tmp_path / "one"), demo_keys(tmp_path / "two")
    assert not set(first.values()) & set(second.values())


def test_the_two_keys_differ(tmp_path: Path) -> None:
    keys = demo_keys(tmp_path / "secrets")
    assert set(keys) == set(NAMES)
    assert len(set(keys.values())) == len(NAMES)


def test_only_the_owner_can_read_a_key(tmp_path: Path) -> None:
    demo_keys(tmp_path / "secrets")
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "secrets").iterdir()}
    assert modes == {0o600}
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700


def test_no_draft_of_a_key_is_left_behind(tmp_path: Path) -> None:
    demo_keys(tmp_path / "secrets")
    assert {path.name for path in (tmp_path / "secrets").iterdir()} == {name.lower() for name in NAMES}
