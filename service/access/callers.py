"""Callers: what the log lines tell of those who call. Each thing has a line at once, once a period.

Whoever authenticates has a line: by which token, in which way and from where. So has whoever is
refused, for whatever reason. What is the same within a period is counted, and its number is told at
the end, so that no caller fills a disk.
"""

from typing import NamedTuple

import structlog

PERIOD_S = 600.0
# Beyond so many different things within a period, further ones are told without caller and address.
MOST = 10_000

log = structlog.get_logger()


class Told(NamedTuple):
    """One line: what happened, to whom, from where; the way in, or the problem."""

    event: str
    token_id: str | None
    address: str | None
    what: str


class Callers:
    """What was told in this period, and how often it happened since."""

    def __init__(self) -> None:
        self._times: dict[Told, int] = {}

    def __len__(self) -> int:
        """How many different things were told."""
        return len(self._times)

    def authenticated(self, token_id: str, address: str, way: str) -> None:
        """Tell that somebody authenticated by this token."""
        self._count(Told("authenticated", token_id, address, way))

    def refused(self, token_id: str | None, address: str, problem: str) -> None:
        """Tell that somebody was refused."""
        self._count(Told("refused", token_id, address, problem))

    async def tell(self) -> None:
        """Tell how often it happened in the period, and begin the next."""
        times, self._times = self._times, {}
        for told, count in times.items():
            if count > 1:
                log.info("repeated", of=told.event, times=count, seconds=PERIOD_S, **_fields(told))

    def _count(self, told: Told) -> None:
        times = self._times.get(told, 0)
        if not times and len(self._times) >= MOST:
            told = told._replace(token_id=None, address=None)
            times = self._times.get(told, 0)
        self._times[told] = times + 1
        if not times:
            log.info(told.event, **_fields(told))


def _fields(told: Told) -> dict[str, str | None]:
    name = "way" if told.event == "authenticated" else "problem"
    return {"token_id": told.token_id, "address": told.address, name: told.what}
