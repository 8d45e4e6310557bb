"""manifest.json: what is in a backup, so that whoever restores it can prove it. It holds no secret and no name."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from organizations.personal_data import blind_index
from redcredit.backups.programs import Trouble

FORMAT = 1
NAME = "manifest.json"
DUMP = "database.dump"
FILES = "files"
BLOCK = 1024 * 1024


@dataclass(frozen=True)
class Manifest:
    """`files` maps a path in the backup to size and SHA-256; `rows` a table to its number of rows."""

    made_at: str
    server_major: int
    key_fingerprint: str
    migrations: list[str]
    rows: dict[str, int]
    files: dict[str, tuple[int, str]]
    format: int = FORMAT


def key_fingerprint() -> str:
    """Return what tells one PERSONAL_DATA_KEY from another and gives nothing of it away."""
    return blind_index("backup", column="key fingerprint").hex()[:16]


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def files_below(folder: Path) -> Iterator[Path]:
    """Return the files of a folder at any depth, relative to it; those of an unfinished restore are not ours."""
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_file() and not path.is_symlink() and not relative.parts[0].startswith("."):
            yield relative


def write(manifest: Manifest, folder: Path) -> None:
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1, sort_keys=True)
    (folder / NAME).write_text(text + "\n", encoding="utf-8")


def read(folder: Path) -> Manifest:
    """Raises Trouble when a folder holds no backup, or one that a newer program made."""
    try:
        known: dict[str, Any] = json.loads((folder / NAME).read_text(encoding="utf-8"))
        if known["format"] > FORMAT:
            raise Trouble(f"{folder} was made by a newer program (format {known['format']}).")
        known["files"] = {path: (int(size), str(digest)) for path, (size, digest) in known["files"].items()}
        return Manifest(**known)
    except FileNotFoundError:
        raise Trouble(f"{folder} is no backup: it has no {NAME}.") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Trouble(f"{folder / NAME} cannot be read ({type(error).__name__}).") from None


def verify(folder: Path) -> Manifest:
    """Return the manifest when every file is there, is the right one, and none is too much. Raises Trouble."""
    manifest = read(folder)
    found = {str(path) for path in files_below(folder)} - {NAME}
    if missing := sorted(manifest.files.keys() - found):
        raise Trouble(f"{len(missing)} files of the backup are missing, the first is {missing[0]}.")
    if strange := sorted(found - manifest.files.keys()):
        raise Trouble(f"{len(strange)} files do not belong to the backup, the first is {strange[0]}.")
    if DUMP not in found:
        raise Trouble(f"The backup has no {DUMP}.")
    for path, (size, digest) in manifest.files.items():
        if (folder / path).stat().st_size != size or sha256_of(folder / path) != digest:
            raise Trouble(f"{path} is not what was written: its size or hash differs. Do not restore this backup.")
    return manifest
