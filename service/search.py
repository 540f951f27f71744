"""Search: things by their words, from the index; officials by their names, which no table holds.

Names are read from the log and opened with the persons' keys; this process keeps a ledger's names
for a while, drops all once any key is destroyed, and shows none of a person whose key is gone.
"""

import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from domain.kernel import Event
from domain.organisation.events import OfficialRegistered
from domain.timeline import EventsAnnulled
from projections.search.hits import CITED_FOR, SEARCHED, frequencies, hits, matching
from projections.search.questions import Sought, Tier
from projections.search.vietnamese import Word, words
from projections.statement import MOST_COUNTED
from service.database.engine import Acquired, Pool
from service.log.codec import Codec, StoredEvent
from service.log.sealing import PersonKeys, Seal
from service.off_loop import off_loop

OFFICIAL = "official"
# How long a process keeps names.
REMEMBERED_S = 60.0
# What tells of names, and what takes them back.
NAMING = [OfficialRegistered.TYPE, EventsAnnulled.TYPE]
# So many of a kind are looked at to tell what is frequent. Where fewer of them match, all that
# match are ranked, unless they are more than a few; else tier by tier, as far as is shown, and a
# frequent tier by looking at a margin of times as many things as should hold what is shown.
SAMPLE = 1_000
COMMON = 10
MARGIN = 2
FEW = 1_000
HEAD = "SELECT coalesce(log.head($1), 0)"
# So many names are opened before others get their turn.
OPENED_AT_ONCE = 200

REGISTERED = """
SELECT position, type, schema_version, data
FROM log.events
WHERE log.digest(ledger, type) = ANY (ARRAY(SELECT log.digest($1, unnest($2::text[]))))
    AND ledger = $1 AND type = ANY($2) AND position > $3
ORDER BY position
"""
# A plan for any words looks them up in the index; the planner would guess wrongly which words stand
# together, and read whole tables. What is frequent is known here.
LOOKED_UP = "SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_seqscan = off"


class Mark(NamedTuple):
    """What orders hits: the best tier first, what has ended last, then by id and kind."""

    tier: int
    ended: bool
    id: str
    kind: str


BEGINNING = Mark(-1, False, "", "")  # noqa: FBT003  it is the value


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing found.

    Attributes:
        mark: its place among the hits.
        tier: how it was found.
        shown: `kind`, `id`, `title` and what else its kind has, as JSON values.
    """

    mark: Mark
    tier: Tier
    shown: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Matches:
    """Hits in order, and the position of the log up to which they are all there is."""

    hits: list[Hit]
    position: int


class Name(NamedTuple):
    """What an official is called."""

    official_id: str
    full_name: str
    words: tuple[Word, ...]


@dataclass(slots=True)
class _Known:
    """A ledger's names, by the positions of what names them, up to a position."""

    position: int
    names: dict[int, Name]


class Search:
    """Finds things in all ledgers.

    Args:
        pool: connections in the service's role.
        codec: opens names.
        keys: of the persons.
    """

    def __init__(self, pool: Pool, codec: Codec, keys: PersonKeys) -> None:
        self._pool = pool
        self._codec = codec
        self._keys = keys
        self._known: dict[str, _Known] = {}
        keys.on_destroyed(self._known.clear)
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def find(  # noqa: PLR0913, PLR0917  a question and its place
        self,
        ledger: str,
        sought: Sought,
        kinds: Sequence[str],
        today: date,
        after: Mark,
        limit: int,
    ) -> Matches:
        """The first `limit` hits of today that come after a mark."""
        indexed = frozenset(kind for kind in kinds if kind in SEARCHED)
        if indexed:
            matches = await self._indexed(ledger, sought, indexed, today, after, limit)
        else:
            matches = Matches([], await self._pool.fetchval(HEAD, ledger))
        if OFFICIAL not in kinds:
            return matches
        named = [hit for hit in await self._named(ledger, sought) if hit.mark > after]
        every = sorted([*matches.hits, *named], key=lambda hit: hit.mark)
        return Matches(every[:limit], matches.position)

    async def count(self, ledger: str, sought: Sought, kinds: Sequence[str], today: date) -> int:
        """How many hits there are today, as far as they are counted."""
        named = len(await self._named(ledger, sought)) if OFFICIAL in kinds else 0
        indexed = frozenset(kind for kind in kinds if kind in SEARCHED)
        if not indexed:
            return named
        async with self._pool.acquire() as connection, connection.transaction(readonly=True):
            await connection.execute(LOOKED_UP)
            asking = _Asking(connection, ledger, sought, today, BEGINNING, 0)
            return named + await asking.count(indexed)

    async def _indexed(  # noqa: PLR0913, PLR0917  as `find`
        self,
        ledger: str,
        sought: Sought,
        kinds: frozenset[str],
        today: date,
        after: Mark,
        limit: int,
    ) -> Matches:
        """What the index finds, in one snapshot."""
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            await connection.execute(LOOKED_UP)
            asking = _Asking(connection, ledger, sought, today, after, limit)
            position, items = await asking.answer(kinds)
        matches = sorted((_hit(sought, item) for item in items), key=lambda hit: hit.mark)
        return Matches(matches[:limit], position)

    async def _named(self, ledger: str, sought: Sought) -> list[Hit]:
        """Officials whose names are known still."""
        names = await self._names(ledger)
        matches = await off_loop(len(names), _matching, sought, names)
        seals = await self._keys.seals(ledger, [name.official_id for _, name in matches])
        return await off_loop(len(matches), _hits_of, sought, matches, seals)

    async def _names(self, ledger: str) -> list[Name]:
        """Every name the ledger holds by now; what was known is forgotten in time."""
        async with self._turns[ledger]:
            known = self._known.get(ledger)
            if known is None:
                known = self._known[ledger] = _Known(0, {})
                asyncio.get_running_loop().call_later(REMEMBERED_S, self._known.pop, ledger, None)
            rows = await self._pool.fetch(REGISTERED, ledger, NAMING, known.position)
            for start in range(0, len(rows), OPENED_AT_ONCE):
                part = rows[start : start + OPENED_AT_ONCE]
                # A record's attributes are its keys only.
                stored = [StoredEvent.of(row) for row in part]
                events = await self._codec.decode_all(ledger, stored)
                for row, event in zip(part, events, strict=True):
                    _note(known.names, row["position"], event)
                known.position = part[-1]["position"]
                await asyncio.sleep(0)
            return list(known.names.values())


def _matching(sought: Sought, names: Sequence[Name]) -> list[tuple[int, Name]]:
    """Those of the names that are found, each with its tier."""
    tiers = ((sought.tier_of(name.words), name) for name in names)
    return [(tier, name) for tier, name in tiers if tier is not None]


def _hits_of(
    sought: Sought, matches: Sequence[tuple[int, Name]], seals: Mapping[str, Seal | None]
) -> list[Hit]:
    """The officials of these names whose keys there are."""
    return [
        _hit(
            sought,
            {
                "tier": tier,
                "ended": False,
                "id": name.official_id,
                "kind": OFFICIAL,
                "title": name.full_name,
                "unit_id": None,
                "issued_on": None,
                "issuing_body": None,
                **dict.fromkeys(CITED_FOR),
            },
        )
        for tier, name in matches
        if seals.get(name.official_id) is not None
    ]


def _note(names: dict[int, Name], position: int, event: Event) -> None:
    """Know the name of an official who is registered, and no more one that is annulled."""
    match event:
        case OfficialRegistered(official_id=official_id, full_name=str(name)):
            names[position] = Name(official_id, name, tuple(words(name)))
        case EventsAnnulled(positions=positions):
            for annulled in positions:
                names.pop(annulled, None)
        case _:
            pass


class _Answer(NamedTuple):
    """What a statement made by `hits` gives."""

    position: int
    items: list[dict[str, Any]]
    full: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Asking:
    """One question, in one transaction."""

    connection: Acquired
    ledger: str
    sought: Sought
    today: date
    after: Mark
    limit: int

    async def answer(self, kinds: frozenset[str]) -> tuple[int, list[dict[str, Any]]]:
        """Where the index stands, and items, the first among them: all there are if few match."""
        tiers = range(len(self.sought.tiers))
        frequent = await self._frequencies(kinds)
        if frequent.total() < COMMON:
            matches = await self._hits(kinds, self.sought.every, tiers, cap=FEW)
            if not matches.full:
                return matches.position, matches.items
        matches = _Answer(0, [], frozenset())
        items: list[dict[str, Any]] = []
        for tier in tiers[min(max(self.after.tier, 0), len(tiers) - 1) :]:
            matches = await self._of_tier(kinds, tier, frequent)
            items += matches.items
            if len(items) >= self.limit:
                break
        return matches.position, items

    async def count(self, kinds: frozenset[str]) -> int:
        """How many there are of all tiers."""
        statement = matching(kinds)
        arguments = self._arguments(self.sought.every, range(0))
        arguments |= {"cap": MOST_COUNTED + 1, "from_ended": False, "from_id": ""}
        number: int = await self.connection.fetchval(statement.sql, *statement.arguments(arguments))
        return number

    async def _of_tier(
        self, kinds: frozenset[str], tier: int, frequent: Counter[tuple[str, int]]
    ) -> _Answer:
        """The first of a tier: of kinds that have many, met soon in order; of others looked up."""
        tsquery, tiers = self.sought.only(tier), range(tier, tier + 1)
        soon = frozenset(kind for kind in kinds if frequent[kind, tier] >= COMMON)
        met: list[dict[str, Any]] = []
        if soon:
            rarest = min(frequent[kind, tier] for kind in soon)
            sample = MARGIN * SAMPLE * (self.limit + 1) // rarest
            answer = await self._hits(soon, tsquery, tiers, sample=sample)
            if answer.full == kinds:
                return answer
            soon, met = (soon, answer.items) if answer.full == soon else (frozenset(), [])
        answer = await self._hits(kinds - soon, tsquery, tiers)
        return answer._replace(items=[*met, *answer.items])

    async def _frequencies(self, kinds: frozenset[str]) -> Counter[tuple[str, int]]:
        """How many of the first of each kind are of which tier."""
        statement = frequencies(kinds)
        arguments = self._arguments(self.sought.every, range(len(self.sought.tiers)))
        arguments |= {"sample": SAMPLE, "cap": SAMPLE, "from_ended": False, "from_id": ""}
        rows = await self.connection.fetch(statement.sql, *statement.arguments(arguments))
        return Counter({(row["kind"], row["tier"]): row["number"] for row in rows})

    async def _hits(
        self,
        kinds: frozenset[str],
        tsquery: str,
        tiers: range,
        *,
        cap: int | None = None,
        sample: int | None = None,
    ) -> _Answer:
        """What is wanted, of tiers in a row; of one tier from the mark on, if that is in it."""
        statement = hits(kinds, sampled=sample is not None)
        within = len(tiers) == 1 and tiers.start == self.after.tier
        arguments = self._arguments(tsquery, tiers) | {
            # The mark's own thing comes again.
            "cap": cap or self.limit + 1,
            "sample": sample,
            "from_ended": within and self.after.ended,
            "from_id": self.after.id if within else "",
        }
        row = await self.connection.fetchrow(statement.sql, *statement.arguments(arguments))
        if row is None:
            raise RuntimeError("a statement of one row gave none")
        return _Answer(row["position"], json.loads(row["items"] or "[]"), frozenset(row["full"]))

    def _arguments(self, tsquery: str, tiers: range) -> dict[str, object]:
        return {
            "ledger": self.ledger,
            "as_of": self.today,
            "limit": self.limit,
            "tsquery": tsquery,
            "tiers": [self.sought.tiers[number].query for number in tiers],
            "first_tier": tiers.start,
            **{f"after_{name}": value for name, value in self.after._asdict().items()},
        }


def _hit(sought: Sought, item: dict[str, Any]) -> Hit:
    mark = Mark(item.pop("tier"), item["ended"], item["id"], item["kind"])
    return Hit(mark, sought.tiers[mark.tier], item)
