"""Refusals: of many alike within a minute only the first are recorded one by one, others counted.

Whoever guesses tokens, or asks again and again for what is refused, must not fill the disk.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple

from service.access.entries import AUTHENTICATE, Entry

# So many refusals of one token within a minute are recorded one by one.
MOST_SINGLE = 30
# So many kinds of refusals are counted apart within a minute; others together.
MOST_KINDS = 200
OTHERS = "others"


class Kind(NamedTuple):
    """What refusals have in common that are counted together.

    A caller without a token is told by the address only: whatever else a request says, a guesser
    varies at will.
    """

    minute: datetime
    action: str
    problem: str | None = None
    in_ledger: str | None = None
    token_id: str | None = None
    address: str | None = None


class Refusals:
    """The refusals of this minute in this process."""

    def __init__(self) -> None:
        self._singles: Counter[str] = Counter()
        self._minute = datetime.min.replace(tzinfo=UTC)
        self._counted: dict[Kind, Entry] = {}

    def is_single(self, entry: Entry) -> bool:
        """Whether the refusal is recorded by itself: it is of a token, and not one of too many."""
        if entry.token_id is None:
            return False
        minute = _minute(entry.recorded_at)
        if minute != self._minute:
            self._singles, self._minute = Counter(), minute
        self._singles[entry.token_id] += 1
        return self._singles[entry.token_id] <= MOST_SINGLE

    def count(self, entry: Entry) -> None:
        """Count it with those of its kind."""
        kind = _kind(entry)
        if kind not in self._counted and len(self._counted) >= MOST_KINDS:
            kind = Kind(kind.minute, OTHERS)
        counted = self._counted.get(kind) or _first(kind, entry)
        self._counted[kind] = replace(counted, times=counted.times + 1)

    def over(self) -> Iterator[Entry]:
        """What was counted in minutes that are over; it is forgotten here."""
        now = _minute(datetime.now(UTC))
        for kind in [kind for kind in self._counted if kind.minute < now]:
            yield self._counted.pop(kind)

    def all(self) -> Iterator[Entry]:
        """All that was counted; it is forgotten here."""
        counted, self._counted = self._counted, {}
        yield from counted.values()


def _kind(entry: Entry) -> Kind:
    minute = _minute(entry.recorded_at)
    if entry.token_id is None:
        return Kind(minute, AUTHENTICATE, entry.problem, address=entry.address)
    return Kind(minute, entry.action, entry.problem, entry.in_ledger, entry.token_id)


def _first(kind: Kind, entry: Entry) -> Entry:
    """An entry for refusals of the kind, of which none is counted yet."""
    whose = {}
    if kind.token_id is not None:
        whose = {
            name: getattr(entry, name)
            for name in ("actor", "token_id", "role", "official_id", "units")
        }
    return Entry(
        action=kind.action,
        outcome="refused",
        recorded_at=kind.minute,
        in_ledger=kind.in_ledger,
        problem=kind.problem,
        address=kind.address,
        times=0,
        **whose,
    )


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
