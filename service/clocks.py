"""Clocks: the host's clock says which day it is, the database's stamps what is recorded.

The two are compared with one another, and the host's with its own steady clock, which nobody sets.
While one is off by more than the bound, commands get no time and nothing is recorded. Reads go on.
"""

import time
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

import structlog

from service.database.engine import Connection, Pool
from service.log.events import ClocksDisagree

# So often the clocks of a running service are compared.
PERIOD_S = 5.0
ANSWER_S = 5.0
DAY_S = 86_400

# Over a Unix socket both addresses are null.
DATABASE_CLOCK = """
SELECT extract(epoch FROM clock_timestamp())::float8 AS seconds,
    inet_client_addr() IS DISTINCT FROM inet_server_addr() AS on_another_host
"""

log = structlog.get_logger()


class Reading(NamedTuple):
    """Both clocks at one moment.

    Attributes:
        host: seconds since 1970.
        database: seconds since 1970.
        steady: seconds of the host's steady clock.
        inexact: by how many seconds the moment may differ: half the round trip.
        on_another_host: whether the database has a clock of its own.
    """

    host: float
    database: float
    steady: float
    inexact: float
    on_another_host: bool

    @property
    def difference(self) -> float:
        """How many seconds the database's clock is ahead of the host's."""
        return self.database - self.host


class Disagreement(NamedTuple):
    """By how many seconds a clock is off, and which."""

    seconds: float
    says: str


async def read_clocks(
    database: Connection | Pool, clock: Callable[[], datetime], steady: Callable[[], float]
) -> Reading:
    """Read both clocks; the host's is taken back by half the round trip."""
    began = steady()
    row = await database.fetchrow(DATABASE_CLOCK, timeout=ANSWER_S)
    half = (steady() - began) / 2
    assert row is not None  # noqa: S101  no FROM: always one row
    return Reading(
        host=clock().timestamp() - half,
        database=row["seconds"],
        steady=steady() - half,
        inexact=half,
        on_another_host=row["on_another_host"],
    )


def difference(reading: Reading, most_seconds: float) -> Disagreement | None:
    """Return the disagreement of host and database, if it is beyond the bound."""
    seconds = reading.difference
    if abs(seconds) <= most_seconds + reading.inexact:
        return None
    side = "ahead of" if seconds > 0 else "behind"
    return Disagreement(
        abs(seconds),
        f"the database's clock is {abs(seconds):.0f} s {side} this host's: set both by a time "
        "server (NTP); nothing is recorded until they agree",
    )


def steady_seconds() -> float:
    """Return a clock that nobody sets. Where the system has such a one, it counts in sleep too."""
    boot_time: int | None = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot_time is None else time.clock_gettime(boot_time)


class Clocks:
    """The time for the commands of a process, as long as the clocks agree.

    Args:
        pool: connections to the database.
        clock: the host's.
        most_seconds: how far the clocks may be apart.
        steady: the host's clock that nobody sets.
    """

    def __init__(
        self,
        pool: Pool,
        clock: Callable[[], datetime],
        *,
        most_seconds: float,
        steady: Callable[[], float] = steady_seconds,
    ) -> None:
        self._pool = pool
        self._clock = clock
        self._most_seconds = most_seconds
        self._steady = steady
        self._agreed: Reading | None = None
        self._disagreement: Disagreement | None = None
        self.difference_seconds = 0.0

    @property
    def fault(self) -> str | None:
        """Which clock is off, and what to do."""
        found = self._disagreement_at(self._clock())
        return None if found is None else found.says

    def now(self) -> datetime:
        """Return the host's time.

        Raises:
            ClocksDisagree: a clock is off, or the host's jumped since they were compared.
        """
        now = self._clock()
        found = self._disagreement_at(now)
        if found is not None:
            raise ClocksDisagree(found.seconds)
        return now

    async def check(self) -> None:
        """Compare the clocks."""
        reading = await read_clocks(self._pool, self._clock, self._steady)
        self.difference_seconds = reading.difference
        # A database with a clock of its own confirms a jump: this host stood still for a while.
        allowed = DAY_S if reading.on_another_host else 0
        found = difference(reading, self._most_seconds) or self._jump(
            reading.host, reading.steady, allowed
        )
        if found is None:
            self._agreed = reading
        before, self._disagreement = self._disagreement, found
        if found is not None:
            log.error("clocks_disagree", says=found.says)
        elif before is not None:
            log.warning("clocks_agree_again")

    def _disagreement_at(self, now: datetime) -> Disagreement | None:
        """Return what was found last, or how the host's clock jumped since."""
        return self._disagreement or self._jump(now.timestamp(), self._steady(), 0)

    def _jump(self, host: float, steady: float, allowed_seconds: float) -> Disagreement | None:
        """Return how the host's clock jumped since the clocks agreed, if beyond the bound."""
        if self._agreed is None:
            return None
        jump = (host - self._agreed.host) - (steady - self._agreed.steady)
        if abs(jump) <= max(self._most_seconds, allowed_seconds):
            return None
        return Disagreement(
            abs(jump),
            f"this host's clock jumped by {jump:+.0f} s: set it by a time server (NTP); nothing "
            "is recorded until it is right. If it is right now, restart the service",
        )
