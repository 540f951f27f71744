"""Check of encryption: whether others may read or answer on the ways to and from the service."""

from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from urllib.parse import parse_qs, urlsplit

from service.addresses import LOOPBACK
from service.cli.finding import Finding, ok, warned
from service.database.hosts import each_host
from service.settings import Settings, variable

# What the library takes where an address does not say it.
HOST, MODE = "PGHOST", "PGSSLMODE"
VERIFIED = "verify-full"
MEND = (
    "Name the server's authority and have it checked: ?sslmode=verify-full&sslrootcert=FILE. "
    "See docs/how-to/deploy.md."
)
MEND_SERVING = (
    "Listen on the loopback behind a proxy on this host, or set GIAOVIEC_TLS_CERTIFICATE_FILE and "
    "GIAOVIEC_TLS_KEY_FILE. See docs/how-to/deploy.md."
)


def check_encryption(settings: Settings, environment: Mapping[str, str]) -> Finding:
    """Look for a database elsewhere whose certificate is not checked, and for plain HTTP."""
    plain = [name for name, url in _urls(settings) if not is_verified(url, environment)]
    if plain:
        says = f"{', '.join(plain)}: whoever is on the way may read, or answer for the database"
        return warned("encryption", says, MEND)
    if not _is_local(settings.host) and settings.tls_certificate_file is None:
        says = f"the service speaks plain HTTP on {settings.host}, which others may reach"
        return warned("encryption", says, MEND_SERVING)
    return ok("encryption", "nothing leaves this host in the clear")


def is_verified(url: str, environment: Mapping[str, str]) -> bool:
    """Whether the database is on this host, or nobody else can answer for it."""
    query = parse_qs(urlsplit(url).query)
    mode = query.get("sslmode", [environment.get(MODE, "")])[-1]
    return mode == VERIFIED or all(_is_local(host) for host in _hosts(url, environment))


def _hosts(url: str, environment: Mapping[str, str]) -> Iterator[str]:
    for one in each_host(url):
        named = urlsplit(one).hostname
        if named:
            yield named
        else:
            given = parse_qs(urlsplit(one).query).get("host", [environment.get(HOST, "")])[-1]
            yield from given.split(",")


def _is_local(host: str) -> bool:
    """Whether it is this host: by its loopback or by a socket in a folder."""
    if host in LOOPBACK or host.startswith("/") or not host:
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _urls(settings: Settings) -> Iterator[tuple[str, str]]:
    for field in ("database_url", "migration_url", "replica_url"):
        url = getattr(settings, field)
        if url is not None:
            yield variable(field), url
    for pattern, url in settings.databases:
        yield f"{variable('databases')} of {pattern}", url
