"""The checker: what was acknowledged and read, held against the log that is there afterwards."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from tests.faults.load import Load, Subscriber
from tests.faults.postgres import DATABASE


class Server(Protocol):
    """Where the log is: a server, or the leader of several."""

    def column(self, sql: str, database: str = DATABASE) -> list[Any]: ...


@dataclass(frozen=True)
class Outcome:
    """A row of the table: what became of a load under a fault.

    Attributes:
        fault: what was done.
        rounds: how often.
        acknowledged: commands that a client was told were recorded.
        lost: those of them that are not in the log at the position that the client was told.
        doubled: commands that are in the log more than once.
        seconds: the longest time until commands were acknowledged again.
    """

    fault: str
    rounds: int
    acknowledged: int
    lost: int
    doubled: int
    seconds: float

    @property
    def holds(self) -> bool:
        """Whether something was acknowledged, and nothing lost or doubled."""
        return self.acknowledged > 0 and self.lost == self.doubled == 0


def compared(  # noqa: PLR0913  a row has so many columns
    fault: str,
    load: Load,
    server: Server,
    *subscribers: Subscriber,
    database: str = DATABASE,
    rounds: int = 1,
    seconds: float = 0.0,
) -> Outcome:
    """Compare the log of every ledger with what was acknowledged and with what was read.

    Raises:
        AssertionError: positions have a gap, or a subscriber read another order or not everything.
    """
    lost = doubled = 0
    for ledger in dict.fromkeys(load.ledgers):
        tags = tags_in_order(server, database, ledger)
        told = [one for one in load.acknowledged if one.ledger == ledger]
        recorded = Counter(tag for each in tags for tag in each)
        lost += sum(
            one.position > len(tags) or f"official:{one.key}" not in tags[one.position - 1]
            for one in told
        )
        doubled += sum(recorded[f"official:{one.key}"] > 1 for one in load.sent)
        last = max((one.position for one in told), default=0)
        for subscriber in subscribers:
            if subscriber.ledger == ledger:
                _require_order(subscriber, tags, last)
    return Outcome(fault, rounds, len(load.acknowledged), lost, doubled, round(seconds, 2))


def tags_in_order(server: Server, database: str, ledger: str) -> list[list[str]]:
    """The tags of every event of the ledger, by position, which has no gaps."""
    rows = server.column(
        "SELECT (position, tags) FROM log.events "  # noqa: S608  a test's own ledger
        f"WHERE ledger = '{ledger}' ORDER BY position",
        database,
    )
    assert [row[0] for row in rows] == [*range(1, len(rows) + 1)], f"a gap in {ledger}"
    return [row[1] for row in rows]


def _require_order(subscriber: Subscriber, tags: Sequence[Sequence[str]], last: int) -> None:
    positions = [position for position, _ in subscriber.seen]
    assert positions == [*range(1, len(positions) + 1)], "events out of order, or missed"
    assert len(positions) >= last, f"read {len(positions)} events of {last}"
    for position, subject in subscriber.seen:
        assert subject in tags[position - 1], f"another event at {position}"
