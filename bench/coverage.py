"""Coverage of 3,321 communes over HTTP, with ten years of changes: one reader, a day, and a trend.

Beside it the same questions are answered as they would be without a read model: other routes of the
same application read the events up to the day and fold them, once for all points of a trend.
"""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Annotated, Any

import asyncpg
import httpx
from fastapi import Depends, FastAPI, Request

from bench import commune_log, sample_log
from bench.command import P50, Load
from bench.harness import Contender, Result, Rounds
from bench.listing import LEDGER, serving
from bench.load import Shot
from projections.commune_coverage.intervals import COMMUNE_COVERAGE
from projections.commune_coverage.trend import COVERAGE_TREND, step_ends
from projections.organisation.units import UNITS
from service.database.engine import create_pool
from service.http.access import LedgerName, Reader
from service.http.reads.commune_coverage import CoverageFilters
from service.http.reads.lists import Params, params_of
from service.http.reads.query import query_params
from service.read_models.rebuild import prepare, rebuild

SECONDS = 2.0
DAYS_ASKED = 60
EVENTS = """
SELECT type, data FROM log.events
WHERE ledger = $1 AND type = ANY ($2::text[]) AND effective_on <= $3
ORDER BY position
"""


class Monitors:
    """Who monitors which commune, by going through what happened."""

    def __init__(self) -> None:
        self._monitors: dict[str, str | None] = {}

    def fold(self, kind: str, event: dict[str, Any]) -> None:
        monitors, unit_id = self._monitors, event["unit_id"]
        match kind:
            case "unit.established":
                if event["monitored"]:
                    monitors[unit_id] = None
            case "unit.merged":
                monitors.pop(unit_id, None)
            case "monitoring.monitor_assigned":
                monitors[unit_id] = event["official_id"]
            case "monitoring.monitor_replaced":
                monitors[unit_id] = event["to_official"]
            case "monitoring.monitor_released" if unit_id in monitors:
                monitors[unit_id] = None
            case _:
                pass

    def counted(self) -> dict[str, int]:
        uncovered = [*self._monitors.values()].count(None)
        return {
            "communes": len(self._monitors),
            "covered": len(self._monitors) - uncovered,
            "uncovered": uncovered,
            "officials": len({*self._monitors.values()} - {None}),
        }

    def with_two_or_more(self) -> int:
        each = Counter(official for official in self._monitors.values() if official is not None)
        return sum(number > 1 for number in each.values())


def of_day(rows: Iterable[asyncpg.Record]) -> dict[str, Any]:
    """The figures after all these events."""
    monitors = Monitors()
    for kind, data in rows:
        monitors.fold(kind, json.loads(data))
    return {**monitors.counted(), "with_two_or_more": monitors.with_two_or_more()}


def of_days(rows: Iterable[asyncpg.Record], ends: Iterable[date]) -> list[dict[str, Any]]:
    """The figures at each of these days; the log is in the order of its days."""
    monitors, points, left = Monitors(), [], [day.isoformat() for day in ends]
    for kind, data in rows:
        event = json.loads(data)
        while left and event["effective_on"] > left[0]:
            points.append({"on": left.pop(0), **monitors.counted()})
        monitors.fold(kind, event)
    return [*points, *({"on": day, **monitors.counted()} for day in left)]


def with_folding(app: FastAPI) -> None:
    """Add the routes that fold the events anew for every reader."""
    types = list(COMMUNE_COVERAGE.types)

    @app.get("/folded/{ledger}/commune-coverage", operation_id="read_commune_coverage")
    async def fold_day(
        request: Request,
        ledger: LedgerName,
        _: Reader,
        params: Annotated[CoverageFilters, Depends(query_params(CoverageFilters))],
    ) -> dict[str, Any]:
        pool = request.app.state.service.pool
        return of_day(await pool.fetch(EVENTS, ledger, types, params.as_of))

    @app.get("/folded/{ledger}/commune-coverage/trend", operation_id="read_commune_coverage_trend")
    async def fold_trend(
        request: Request,
        ledger: LedgerName,
        _: Reader,
        params: Annotated[Params, Depends(query_params(params_of(COVERAGE_TREND)))],
    ) -> dict[str, Any]:
        pool, last = request.app.state.service.pool, params.to_on or commune_log.LAST_DAY
        rows = await pool.fetch(EVENTS, ledger, types, last)
        ends = step_ends(params.from_on or commune_log.FIRST_DAY, last, params.step)
        return {"items": of_days(rows, ends)}


async def fill(url: str) -> None:
    """The log, and the read models of it."""
    owner = await asyncpg.connect(url)
    try:
        await sample_log.store(owner, LEDGER, commune_log.events())
    finally:
        await owner.close()
    async with await create_pool(url, size=4) as pool:
        for projection in (COMMUNE_COVERAGE, UNITS):
            await prepare(pool, projection)
            await rebuild(pool, projection)


async def agree(host: str, port: int, token: str) -> None:
    """Pass only if both give the same figures.

    Raises:
        RuntimeError: they do not; then it means nothing which is faster.
    """
    async with httpx.AsyncClient(
        base_url=f"http://{host}:{port}", headers={"Authorization": f"Bearer {token}"}, timeout=60
    ) as client:

        async def answer(path: str) -> Any:  # noqa: ANN401  JSON
            return (await client.get(path)).raise_for_status().json()

        for path in (*OF_DAYS, TREND):
            read, counted = await answer(f"/v1/{path}"), await answer(f"/folded/{path}")
            several = zip(read.get("items", [read]), counted.get("items", [counted]), strict=True)
            for one, other in several:
                if other != {name: one[name] for name in other}:
                    raise RuntimeError(f"{path}: the events give {other}, the read model {one}")


def days() -> list[str]:
    """Days asked about, spread over the ten years."""
    step = (commune_log.LAST_DAY - commune_log.FIRST_DAY) / DAYS_ASKED
    spread = (commune_log.FIRST_DAY + timedelta(days=(step * n).days) for n in range(DAYS_ASKED))
    return [day.isoformat() for day in spread]


OF_DAYS = tuple(f"{LEDGER}/commune-coverage?as_of={day}" for day in days())
TREND = (
    f"{LEDGER}/commune-coverage/trend?from_on={commune_log.FIRST_DAY}&to_on={commune_log.LAST_DAY}"
)


async def run(url: str) -> list[Result]:
    """How long one reader waits, in the median, for the coverage of a day and for its trend."""
    await fill(url)
    async with serving(url, with_folding) as (host, port, token):
        await agree(host, port, token)
        load = await Load.start()

        def asking(room: str, *paths: str) -> Contender:
            addresses = [f"/{room}/{path}" for path in paths]
            return load.firing(Shot(host, port, addresses, token, connections=1, seconds=SECONDS))

        turns = await Rounds(
            {
                "of a day": asking("v1", *OF_DAYS),
                "of a day, folding the events": asking("folded", *OF_DAYS),
                "trend": asking("v1", TREND),
                "trend, folding the events": asking("folded", TREND),
            }
        ).run()
        await load.end()

    def against_folding(name: str, ours: str, *, target: float) -> Result:
        theirs = f"{ours}, folding the events"
        return turns.ratio(name, ours, theirs, P50, target=target, at_most=True)

    return [
        against_folding("coverage_vs_folding", "of a day", target=0.1),
        against_folding("coverage_trend_vs_folding", "trend", target=0.5),
    ]
