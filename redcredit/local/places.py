"""Where the services' data live and under which account they run."""

import hashlib
import os
import pwd
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from redcredit.local.terminal import Failure

PROJECT = Path(__file__).resolve().parent.parent.parent
VAR = Path(os.environ.get("REDCREDIT_VAR_DIR") or PROJECT / "var").resolve()

# A socket's path may have 104 characters on macOS and 108 on Linux.
SOCKET_PATH_MAX = 100
LONGEST_SOCKET_NAME = ".s.PGSQL.5432.lock"


@dataclass(frozen=True)
class Account:
    """An unprivileged account of this machine."""

    name: str
    uid: int
    gid: int


def service_account() -> Account | None:
    """Return the account the servers run under, or None when that is simply the one we are.

    PostgreSQL refuses root and needs an entry in the password file. An account that exists is used, none is created.
    """
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name=name, uid=entry.pw_uid, gid=entry.pw_gid)
    raise Failure("PostgreSQL does not run as root, and this machine has neither an account postgres nor nobody.")


def fingerprint(path: Path) -> str:
    """Return a short name for a folder, the same at every start."""
    return hashlib.sha256(str(path).encode()).hexdigest()[:8]


def is_reachable(path: Path, account: Account) -> bool:
    """May the account enter this folder and all above it? (Search permission is enough; our own folders are 0711.)"""
    for folder in (path, *path.parents):
        entry = folder.stat()
        if not (entry.st_mode & 0o001 or entry.st_uid == account.uid):
            return False
    return True


def service_home(var: Path, account: Account | None) -> Path:
    """Return the folder under which servers keep their data: `var`, unless the servers' account cannot get there.

    root's home is usually closed to everybody else, and opening it would be wrong: the data then go to /var/lib.
    """
    try:
        if not var.exists():
            make_folder(var, mode=0o755)  # whatever the caller's umask
    except PermissionError as error:
        raise Failure(f"{var} cannot be made by this account ({error.strerror}): run as the folder's owner.") from None
    if account is None or is_reachable(var, account):
        return var
    return Path("/var/lib") / f"redcredit-{fingerprint(var)}"


def make_folder(path: Path, *, mode: int, owner: Account | None = None) -> Path:
    """Make a folder with exactly this mode, owned by the servers' account if one is given.

    Raises Failure when the folder belongs to somebody else, which happens after a change between root and a user.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        if owner is not None:
            os.chown(path, owner.uid, owner.gid)
        path.chmod(mode)
    except PermissionError:
        who = pwd.getpwuid(path.stat().st_uid).pw_name if path.exists() else "another account"
        raise Failure(f"{path} belongs to {who}: run as that account, or delete the folder.") from None
    return path


def socket_folder(folder: Path, owner: Account | None) -> Path:
    """Return a folder (0700) for the servers' sockets: in `folder`, or in the temporary folder if that is too deep."""
    path = folder / "run"
    if len(str(path / LONGEST_SOCKET_NAME)) > SOCKET_PATH_MAX:
        path = Path(tempfile.gettempdir()) / f"redcredit-{os.geteuid()}-{fingerprint(folder)}"
        if path.is_symlink() or (path.exists() and path.stat().st_uid not in _our_ids(owner)):
            raise Failure(f"{path} belongs to somebody else; it is needed for the servers' sockets.")
    return make_folder(path, mode=0o700, owner=owner)


def _our_ids(owner: Account | None) -> set[int]:
    return {os.geteuid()} if owner is None else {os.geteuid(), owner.uid}


def reachable_copy(folders: list[Path], *, into: Path, account: Account | None) -> Path:
    """Return a folder that holds these folders side by side and that the account can read.

    They stay where they are when it can read them there; otherwise they are copied once (root's home again).
    """
    parent = folders[0].parent
    if account is None or is_reachable(folders[0], account):
        return parent
    if not into.exists():
        into.parent.mkdir(parents=True, exist_ok=True)
        half_done = Path(tempfile.mkdtemp(dir=into.parent))
        half_done.chmod(0o755)
        for folder in folders:
            if folder.exists():
                shutil.copytree(folder, half_done / folder.name, symlinks=True)
        half_done.rename(into)
    return into
