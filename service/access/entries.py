"""Entries of the access record: who did what about whom, or was refused it, from where and when."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from getpass import getuser
from typing import Literal, TypeAlias

from pydantic_core import to_json

from domain.kernel import Refusal
from service.access.principals import Principal
from service.database.engine import Pool
from service.slugs import slug

Outcome: TypeAlias = Literal["allowed", "refused"]

# Where nothing says which position was read, the log's own when the entry is written.
WRITE = """
WITH given AS (
    SELECT * FROM jsonb_to_recordset($1::jsonb) AS given (
        recorded_at timestamptz, in_ledger text, position bigint, action text, form text,
        outcome text, problem text, subjects text[], actor text, token_id text, role text,
        official_id text, units text[], address text, request_id text, times integer
    )
), heads AS MATERIALIZED (
    SELECT ledger, log.head(ledger) AS head
    FROM (SELECT DISTINCT in_ledger AS ledger FROM given WHERE position IS NULL) AS named
    WHERE ledger IS NOT NULL
)
INSERT INTO access.record (
    recorded_at, in_ledger, position, action, form, outcome, problem, subjects,
    actor, token_id, role, official_id, units, address, request_id, times
)
SELECT
    recorded_at, in_ledger, coalesce(position, head), action, form, outcome, problem, subjects,
    actor, token_id, role, official_id, units, address, request_id, times
FROM given LEFT JOIN heads ON ledger = in_ledger
"""
# What every caller does first; one without a valid token gets no further.
AUTHENTICATE = "authenticate"
# Makes the months that are missing, so that there is one to write into.
EXTEND = "SELECT access.extend_record()"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What somebody did, or was refused.

    Attributes:
        in_ledger: of which ledger; None: of the service as a whole.
        position: which the answer contained; None: where the log stands when this is written.
        form: in which a list was taken away: of the file, or json page after page.
        problem: why it was refused.
        subjects: what it was about, by tags such as `official:can-bo-017`.
        address: from where it came.
        times: how often within a minute.
    """

    action: str
    outcome: Outcome
    recorded_at: datetime
    in_ledger: str | None = None
    position: int | None = None
    form: str | None = None
    problem: str | None = None
    subjects: tuple[str, ...] = ()
    actor: str | None = None
    token_id: str | None = None
    role: str | None = None
    official_id: str | None = None
    units: tuple[str, ...] = ()
    address: str | None = None
    request_id: str | None = None
    times: int = 1


def whose(principal: Principal | None) -> Mapping[str, object]:
    """What the record keeps of who calls."""
    if principal is None:
        return {}
    return {
        "actor": principal.actor.id,
        "token_id": principal.token_id,
        "role": principal.role.value,
        "official_id": principal.holder.official_id,
        "units": tuple(sorted(principal.units)),
    }


def of_command(action: str, by: Principal, ledger: str, subject: str) -> Entry:
    """The entry of a command that did not come over HTTP: by a file, or on the host."""
    return Entry(
        action=action,
        outcome="allowed",
        recorded_at=datetime.now(UTC),
        in_ledger=ledger,
        subjects=(subject,),
        **whose(by),  # type: ignore[arg-type]  # by name, as an entry has them
    )


def refused(entry: Entry, refusal: type[Refusal]) -> Entry:
    """The same, refused."""
    return replace(entry, outcome="refused", problem=slug(refusal))


def refused_token(refusal: type[Refusal]) -> Entry:
    """The entry of a token on the host that is not valid."""
    now, problem = datetime.now(UTC), slug(refusal)
    return Entry(action=AUTHENTICATE, outcome="refused", recorded_at=now, problem=problem)


def operator() -> str:
    """Who gives a command on the host, by the account of the system."""
    try:
        return f"system:{getuser()}"
    except (KeyError, OSError):  # the account has no name
        return f"system:{os.getuid()}"


def of_token(verb: str, by: str) -> str:
    """A part of a statement: records what was done to the tokens or identities `changed`.

    Of a token for certain ledgers it stands in the record of these, else of the service as a whole.

    Args:
        verb: what was done.
        by: the statement's argument that says who did it.
    """
    return f"""recorded as (
    insert into access.record (
        recorded_at, in_ledger, action, outcome, subjects, actor, units, times
    )
    select
        now(), ledger, '{verb}_' || case when issuer is null then 'token' else 'identity' end,
        'allowed', array['token:' || id], {by}, '{{}}', 1
    from changed left join unnest(ledgers) as ledger on true
)"""  # noqa: S608  our own words


async def operated(pool: Pool, action: str) -> None:
    """Record what was done on the host to the service as a whole."""
    await pool.execute(EXTEND)
    now = datetime.now(UTC)
    done = Entry(action=action, outcome="allowed", recorded_at=now, actor=operator())
    await write(pool, [encoded(done)])


def encoded(entry: Entry) -> bytes:
    """The entry as it is written."""
    return to_json(entry)


async def write(pool: Pool, entries: Iterable[bytes]) -> None:
    """Write encoded entries down."""
    await pool.execute(WRITE, f"[{b','.join(entries).decode()}]")
