"""Epochs: the log has a new one at every restore, so positions of before are not taken for others.

A process remembers what it has seen of the log, also beyond its end. Where the log no longer holds
that, it was set back without any sign of it in the database, and a new epoch begins.
"""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple, TypeAlias
from uuid import UUID

import structlog

from domain.kernel import Refusal
from service.database.engine import Pool
from service.log.notifications import Notifications
from service.supervision import Supervised, Tasks

CHANNEL = "giaoviec.epochs"
CHECK_S = 5.0
# How many checks pass before what was seen is written down.
CHECKS_A_WRITE = 12
SET_BACK = "the log was set back"
BY_HAND = "giaoviec restored"

EPOCHS = "SELECT epoch FROM log.epochs ORDER BY number"
LAST_EPOCH = "SELECT epoch FROM log.epochs ORDER BY number DESC LIMIT 1"
CURRENT = "SELECT log.epoch()"
BEGIN = "SELECT log.begin_epoch($1::text, $2::text, $3::jsonb)"
LAST = """
SELECT l.ledger, e.position, e.event_id
FROM log.ledgers l
CROSS JOIN LATERAL (
    SELECT e.position, e.event_id FROM log.events e
    WHERE e.ledger = l.ledger ORDER BY e.position DESC LIMIT 1
) e
"""
STILL_THERE = """
SELECT s.ledger, s.position
FROM unnest($1::text[], $2::bigint[], $3::uuid[]) AS s (ledger, position, id)
JOIN log.events e ON e.ledger = s.ledger AND e.position = s.position AND e.event_id = s.id
"""
HEADS = """
SELECT l.ledger, coalesce((
    SELECT e.position FROM log.events e
    WHERE e.ledger = l.ledger AND e.recorded_at <= $1::timestamptz
    ORDER BY e.position DESC LIMIT 1
), 0) AS position
FROM log.ledgers l
"""
# The positions of an epoch that the present one has too: no epoch between began with less.
COMMON = """
SELECT coalesce(min(coalesce((later.heads ->> $1)::bigint, 0)), 0)
FROM log.epochs of
JOIN log.epochs later ON later.number > of.number
WHERE of.epoch = $2
"""

log = structlog.get_logger()


class EpochEnded(Refusal):
    """The log was restored: epoch {epoch} ended. Undo what you had of it beyond {go_on_after}.

    Sổ đã được khôi phục: thế hệ {epoch} đã kết thúc. Hãy bỏ những gì sau {go_on_after}.
    """


class Place(NamedTuple):
    """A position and the id of the event there."""

    position: int
    id: UUID


# What was seen of each ledger, the last first.
Places: TypeAlias = dict[str, list[Place]]


class Epochs:
    """Which epoch the log is in, and what this process has seen of it.

    Args:
        pool: connections in the service's role.
        notifications: the process's, which tell of a new epoch and of a lost connection.
        file: where what was seen outlives the process, if anywhere.
        tasks: the process's background tasks.

    Attributes:
        current: the epoch; empty until the first check.
    """

    def __init__(
        self,
        pool: Pool,
        notifications: Notifications | None = None,
        file: Path | None = None,
        tasks: Tasks | None = None,
    ) -> None:
        self.current = ""
        self._pool = pool
        self._file = file
        self._epochs: set[str] = set()
        self._seen: Places = {}
        self._checking = asyncio.Lock()
        self._on_new: list[Callable[[], None]] = []
        self._tasks = tasks or Tasks()
        self._task: Supervised | None = None
        self._rounds = 0
        if notifications is not None:
            notifications.on(CHANNEL, self._notified)

    def on_new(self, callback: Callable[[], None]) -> None:
        """Call back whenever a new epoch is noticed: what is remembered may no longer hold."""
        self._on_new.append(callback)

    def saw(self, ledger: str, position: int, event_id: UUID) -> None:
        """Remember the event at the end of a ledger."""
        before = self._seen.get(ledger, [])
        if not before or before[0].position < position:
            self._seen[ledger] = thinned([Place(position, event_id), *before])

    def seen(self, ledger: str) -> Place | tuple[None, None]:
        """The last event of the ledger that this process has seen, if any."""
        places = self._seen.get(ledger)
        return places[0] if places else (None, None)

    async def start(self) -> None:
        """Compare the log with what was seen before, and from now on every few seconds."""
        self._read_file()
        await self.check()
        self._task = self._tasks.repeat("epochs", self._round, CHECK_S)

    async def stop(self) -> None:
        """Write down what was seen."""
        if self._task is not None:
            await self._tasks.end(self._task)
            self._task = None
            self._write_file()

    async def check(self, before: str | None = None) -> None:
        """Compare the log with what was seen. Begin a new epoch if it does not hold that.

        Args:
            before: the epoch that is in doubt; if it has ended meanwhile, nothing is left to do.
        """
        async with self._checking:
            if before is not None and before != self.current:
                return
            current = str(await self._pool.fetchval(CURRENT))
            epochs = {row["epoch"] for row in await self._pool.fetch(EPOCHS)}
            if self.current in {"", current}:
                lost = bool(await self._lost())
            else:  # an epoch of before came back, or another process noticed first
                lost = current in self._epochs
            if lost:
                current = await self._begin(current, SET_BACK, await self._still_common())
                epochs.add(current)
            self._adopt(current, epochs)
            for row in await self._pool.fetch(LAST):
                self.saw(row["ledger"], row["position"], row["event_id"])

    async def lost(self) -> dict[str, int]:
        """How many events, at most, each ledger lacks of those that the file tells were seen."""
        self._read_file()
        current = await self._pool.fetchval(LAST_EPOCH)
        return await self._lost() if current in self._epochs else {}

    async def restored(self, at: datetime | None) -> str:
        """Begin a new epoch, because the operator has restored the log. Return it.

        Args:
            at: when; what was recorded since is new. If left out, nothing was.
        """
        self._read_file()
        last = str(await self._pool.fetchval(LAST_EPOCH))
        still = await self._still_common() if last in self._epochs else {}
        if at is not None:
            for ledger, position in await self._pool.fetch(HEADS, at):
                still[ledger] = min(position, still.get(ledger, position))
        return await self._begin(last, BY_HAND, still)

    async def common(self, ledger: str, epoch: str) -> int:
        """The last position that the present epoch has in common with that one; 0 if unknown."""
        return int(await self._pool.fetchval(COMMON, ledger, epoch))

    def _notified(self, _: str) -> None:
        if self._task is not None:
            self._task.wake()

    async def _round(self) -> None:
        await self.check()
        self._rounds += 1
        if self._rounds % CHECKS_A_WRITE == 0:
            self._write_file()

    async def _lost(self) -> dict[str, int]:
        """How many events, at most, each ledger lacks whose last one is not what it was."""
        last = {ledger: places[:1] for ledger, places in self._seen.items()}
        there = {ledger for ledger, _ in await self._still_there(last)}
        if len(there) == len(last):
            return {}
        common = await self._still_common()
        return {
            ledger: place.position - common[ledger]
            for ledger, [place] in last.items()
            if ledger not in there
        }

    async def _still_common(self) -> dict[str, int]:
        """Up to where each ledger is what was seen of it, as far as is known."""
        common: dict[str, int] = dict.fromkeys(self._seen, 0)
        for ledger, position in await self._still_there(self._seen):
            common[ledger] = max(common[ledger], position)
        return common

    async def _begin(self, last: str, reason: str, heads: Mapping[str, int]) -> str:
        begun = str(await self._pool.fetchval(BEGIN, last, reason, json.dumps(heads)))
        log.error("epoch_begun", epoch=begun, before=last, reason=reason, common=heads)
        return begun

    def _adopt(self, current: str, epochs: set[str]) -> None:
        if self.current and self.current != current:
            log.error("epoch_began", epoch=current, before=self.current)
        if self.current != current:
            self._seen.clear()
            for callback in self._on_new:
                callback()
        self.current, self._epochs = current, epochs

    async def _still_there(self, seen: Mapping[str, Sequence[Place]]) -> list[tuple[str, int]]:
        places = [(ledger, *place) for ledger, found in seen.items() for place in found]
        columns = [*zip(*places, strict=True)] or [(), (), ()]
        return [(row[0], row[1]) for row in await self._pool.fetch(STILL_THERE, *columns)]

    def _read_file(self) -> None:
        if self._file is None or not self._file.exists():
            return
        try:
            kept = json.loads(self._file.read_text(encoding="utf-8"))
            self.current, self._epochs = kept["epoch"], set(kept["epochs"])
            self._seen = {
                ledger: [Place(position, UUID(id_)) for position, id_ in places]
                for ledger, places in kept["ledgers"].items()
            }
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            log.warning("seen_not_read", file=str(self._file), error=repr(error))

    def _write_file(self) -> None:
        if self._file is None:
            return
        kept = {"epoch": self.current, "epochs": sorted(self._epochs), "ledgers": self._seen}
        ours = self._file.with_name(f"{self._file.name}.new")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            ours.write_text(json.dumps(kept, default=str), encoding="utf-8")
            ours.replace(self._file)
        except OSError as error:
            log.warning("seen_not_written", file=str(self._file), error=repr(error))


def thinned(places: Sequence[Place]) -> list[Place]:
    """The last place, the first, and the fewer of those between the further they lie back."""
    last, *before = places
    kept, distance = [last], 1
    for place, older in zip_longest(before, before[1:]):
        if older is None or last.position - older.position > 2 * distance:
            kept.append(place)
            distance = last.position - place.position
    return kept
