"""Checks of the machine: Python, dependencies, the settings' files, port and disk."""

import errno
import os
import re
import shutil
import socket
import ssl
import sys
from importlib.metadata import PackageNotFoundError, distribution, requires
from pathlib import Path

import httpx

from service.cli.checks_of_encryption import check_encryption
from service.cli.finding import Finding, ok, skipped, wrong
from service.database.placement import find_home, future_home, leftovers
from service.settings import Misconfigured, Settings

OLDEST_PYTHON = (3, 11)
LEAST_FREE_BYTES = 2**30
ANSWER_SECONDS = 2.0
PRIVATE = 0o077


def python() -> Finding:
    """Check that this Python is recent enough."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:
        return wrong("python", f"this is {version}", "Install Python 3.11 or later.")
    return ok("python", version)


def dependencies() -> Finding:
    """Check that every declared dependency is installed."""
    try:
        declared = requires("giaoviec") or []
    except PackageNotFoundError:
        return skipped("dependencies", "Giao Việc runs from its folder, not installed as a package")
    names = [re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0] for line in _own(declared)]
    missing = [name for name in names if not _installed(name)]
    if missing:
        return wrong(
            "dependencies",
            f"missing: {', '.join(missing)}",
            "Install them: pip install --require-hashes -r requirements.lock",
        )
    return ok("dependencies", f"all {len(names)} are installed")


def with_settings(settings: Settings) -> list[Finding]:
    """Run the checks that need settings but no database."""
    return [
        _settings(settings),
        _master_key(settings),
        _port(settings),
        _disk(settings),
        check_encryption(settings, os.environ),
        _leftovers(),
    ]


def _own(declared: list[str]) -> list[str]:
    return [line for line in declared if "extra ==" not in line]


def _installed(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True


def _settings(settings: Settings) -> Finding:
    if settings.database_url:
        return ok("settings", "database: DATABASE_URL")
    home = find_home(settings.data_dir)
    folder = future_home(settings.data_dir) if home is None else home
    return ok("settings", f"database: embedded, {'' if home else 'none yet, '}in {folder}")


def _master_key(settings: Settings) -> Finding:
    """Check the master key. The check does not generate a missing key."""
    stored = settings.data_dir / "master.key"
    configured = settings.gives_master_key or settings.database_url is not None
    if not configured and not stored.exists():
        return ok("master key", f"will be generated into {stored} at the first start")
    try:
        settings.load_master_keys()
    except Misconfigured as missing:
        return wrong("master key", "there is none that can be used", str(missing))
    if not configured and stored.stat().st_mode & PRIVATE:
        return wrong("master key", f"others may read {stored}", f"chmod 600 {stored}")
    return ok("master key", "is there")


def _port(settings: Settings) -> Finding:
    """Check that the port is free, or that Giao Việc answers on it."""
    address = f"{settings.host}:{settings.port}"
    try:
        with socket.create_server((settings.host, settings.port)):
            return ok("port", f"{address} is free")
    except OSError as taken:
        if taken.errno == errno.EADDRINUSE and _answers(settings):
            return ok("port", f"Giao Việc answers on {address}")
        return wrong(
            "port",
            f"{address}: {os.strerror(taken.errno or 0)}",
            "Choose another address with GIAOVIEC_HOST and GIAOVIEC_PORT.",
        )


def _answers(settings: Settings) -> bool:
    try:
        own = None if settings.tls_certificate_file is None else _trusting_own(settings)
        scheme = "http" if own is None else "https"
        reply = httpx.get(
            f"{scheme}://{settings.host}:{settings.port}/healthz",
            timeout=ANSWER_SECONDS,
            verify=own or True,
        )
        return bool(reply.json() == {"status": "alive"})
    except (httpx.HTTPError, ValueError, OSError):
        return False


def _trusting_own(settings: Settings) -> ssl.SSLContext:
    """What trusts the service's own certificate alone, whatever host it names."""
    context = ssl.create_default_context(cafile=settings.tls_certificate_file)
    context.check_hostname = False
    return context


def _disk(settings: Settings) -> Finding:
    """Check the free space where the data are. Of a database elsewhere this machine cannot tell."""
    if settings.database_url is not None:
        return skipped("disk", "the database's server may be another machine")
    home = find_home(settings.data_dir) or future_home(settings.data_dir)
    folder = _existing_ancestor(home)
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE_BYTES:
        return wrong(
            "disk",
            f"{free // 2**20} MiB are free in {folder}, for the database in {home}",
            "Free at least 1 GiB, choose another folder with GIAOVIEC_DATA_DIR, or set "
            "DATABASE_URL.",
        )
    return ok("disk", f"{free // 2**30} GiB are free for the database in {home}")


def _leftovers() -> Finding:
    """Name the databases of root's whose data folder is gone. They do no harm to this set-up."""
    left = leftovers()
    if not left:
        return ok("leftovers", "no database is left over from a removed data folder")
    return ok(
        "leftovers",
        f"the data folder of {', '.join(map(str, left))} is gone; if it is not restored, remove "
        "them with `giaoviec data remove --leftovers`",
    )


def _existing_ancestor(folder: Path) -> Path:
    return next(ancestor for ancestor in (folder, *folder.parents) if ancestor.exists())
