"""Recorded: whoever reads what is about persons, or is refused by a rule, stands in the record.

An answer that must be recorded goes out once that is written; if it cannot be, nothing goes out.
What a command did is in the log already: its entry follows soon after.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.access.roles import Permission
from domain.kernel import Forbidden
from domain.values import ID_PATTERN
from service.access.entries import Entry, whose
from service.access.failures import TooManyFailures
from service.access.record import AccessNotRecorded, AccessRecord
from service.http.access import address_of
from service.http.faults import AuthorizationRepeated, NotAuthenticated
from service.http.noted import NOTED, Noted
from service.http.problems import response
from service.log.events import LedgerUnknown
from service.slugs import slug

# What is refused for want of a right. Of a ledger that is not one's own there is nothing to find.
OF_RIGHTS = (NotAuthenticated, AuthorizationRepeated, TooManyFailures, Forbidden, LedgerUnknown)
REFUSED = 400
# So many subjects stand in one entry.
MOST_SUBJECTS = 1_000
ID = re.compile(ID_PATTERN)
# What stands between may send anything as an address.
ADDRESS = re.compile(r"[!-~]{1,60}")


class Recorded:
    """Middleware around everything that answers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        noted: Noted = scope[NOTED]
        is_withheld = False

        async def answer(message: Message) -> None:
            nonlocal is_withheld
            if message["type"] == "http.response.start" and not is_withheld:
                try:
                    await _record(scope, noted, message)
                except AccessNotRecorded as refusal:
                    is_withheld = True
                    await response(refusal, scope)(scope, receive, send)
            if not is_withheld:
                await send(message)

        await self._app(scope, receive, answer)


async def _record(scope: Scope, noted: Noted, head: Message) -> None:
    """Have what the answer gives or refuses recorded, if it is to be.

    Raises:
        AccessNotRecorded.
    """
    refusal = noted.refusal
    if refusal is not None and issubclass(refusal, OF_RIGHTS):
        if noted.by is not None or not issubclass(refusal, LedgerUnknown):
            _kept(scope).refused(_entry(scope, noted, problem=slug(refusal)))
        return
    is_recorded = noted.rule.recorded or noted.form is not None
    if not is_recorded or head["status"] >= REFUSED or noted.tells_nothing:
        return
    entry = _entry(scope, noted, position=_position(head))
    if noted.rule.permission is Permission.READ:
        await _kept(scope).accept(*_in_parts(entry))
    else:
        _kept(scope).done(entry)


def _kept(scope: Scope) -> AccessRecord:
    record: AccessRecord = scope["app"].state.service.access_record
    return record


def _entry(
    scope: Scope, noted: Noted, *, problem: str | None = None, position: int | None = None
) -> Entry:
    ids = {name: value for name, value in scope["path_params"].items() if ID.fullmatch(value)}
    address = address_of(scope)
    return Entry(
        action=noted.action,
        outcome="allowed" if problem is None else "refused",
        recorded_at=datetime.now(UTC),
        in_ledger=ids.get("ledger"),
        position=position,
        form=noted.form,
        problem=problem,
        subjects=(*_named(ids), *sorted(noted.subjects)),
        address=address if ADDRESS.fullmatch(address) else None,
        request_id=scope.get("request_id"),
        **whose(noted.by),  # type: ignore[arg-type]  # by name, as an entry has them
    )


def _in_parts(entry: Entry) -> Iterator[Entry]:
    """The entry; where it is about very many, one entry for each part of them."""
    for first in range(0, max(len(entry.subjects), 1), MOST_SUBJECTS):
        yield replace(entry, subjects=entry.subjects[first : first + MOST_SUBJECTS])


def _named(ids: dict[str, str]) -> Iterator[str]:
    """The tags of what the address names, such as `task:kilns`."""
    for name, value in ids.items():
        if name.endswith("_id"):
            yield f"{name.removesuffix('_id')}:{value}"


def _position(head: Message) -> int | None:
    """The position of the log that the answer contains."""
    for name, value in head["headers"]:
        if name.lower() == b"giaoviec-position":
            return int(value)
    return None
