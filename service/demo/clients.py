"""Clients: the tokens that load and read the samples, stored in the data folder."""

import os
from collections.abc import Mapping
from pathlib import Path

from service.access.principals import EVERY_UNIT, KINDS, NAMES_UNITS
from service.access.roles import Role
from service.access.tokens import Tokens
from service.demo.organisation import COMMITTEE
from service.demo.steps import Client

ROLES: Mapping[Client, Role] = {
    Client.REGISTRY: Role.AUTHORITY,
    Client.COMMITTEE: Role.AUTHORITY,
    Client.VISITOR: Role.INSPECTOR,
    Client.OPERATOR: Role.OPERATOR,
}
# The committee decides on what the registry recorded, so it is not the whole ledger as well.
UNITS: Mapping[Client, tuple[str, ...]] = {Client.COMMITTEE: (COMMITTEE,)}


def token_file(folder: Path, client: Client) -> Path:
    """Return the path of the client's token, a file that only its owner can read."""
    return folder / f"{client.value}.token"


async def identify(tokens: Tokens, folder: Path) -> dict[Client, str]:
    """Return every client's token: the stored one, or a new one if that is no longer valid."""
    return {client: await _token(tokens, token_file(folder, client), client) for client in Client}


async def _token(tokens: Tokens, path: Path, client: Client) -> str:
    role = ROLES[client]
    units = UNITS.get(client, (EVERY_UNIT,) if KINDS[role] in NAMES_UNITS else ())
    stored = _stored_token(path)
    if stored is not None:
        principal = await tokens.authenticate(stored)
        if principal is not None and principal.units == frozenset(units):
            return stored
    for former in await tokens.list():
        if former.name == client.value and former.revoked_at is None:
            await tokens.revoke(former.id)
    _, text = await tokens.create(client.value, role, units=units)
    _store(path, text)
    return text


def _stored_token(path: Path) -> str | None:
    return path.read_text(encoding="ascii").strip() if path.exists() else None


def _store(path: Path, text: str) -> None:
    """Store the token atomically in a file that only its owner can read."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}")
    unfinished.touch(mode=0o600)
    unfinished.write_text(f"{text}\n", encoding="ascii")
    unfinished.rename(path)
