"""Coverage of 3,321 communes over HTTP, with ten years of changes: one reader, a day, and a trend.

Beside it the same question is answered as it would be without a read model: another route of the
same application reads the events up to the day and folds them.
"""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any

import asyncpg
import httpx
from fastapi import Depends, FastAPI, Request

from bench import commune_log, sample_log
from bench.command import Load
from bench.harness import Contender, Figures, Result, Rounds
from bench.listing import LEDGER, serving
from bench.load import Shot
from domain.organisation.events import COMMUNE_KINDS
from projections.commune_coverage.intervals import COMMUNE_COVERAGE
from projections.organisation.units import UNITS
from service.database.engine import create_pool
from service.http.access import LedgerName, Reader
from service.http.reads.commune_coverage import CoverageFilters
from service.http.reads.query import query_params
from service.read_models.rebuild import prepare, rebuild

SECONDS = 2.0
P50 = "ms"
DAYS_ASKED = 60
EVENTS = """
SELECT type, data FROM log.events
WHERE ledger = $1 AND type = ANY ($2::text[]) AND effective_on <= $3
ORDER BY position
"""


def folded(rows: Sequence[asyncpg.Record]) -> dict[str, Any]:
    """The figures of the day, by going through what happened."""
    monitors: dict[str, str | None] = {}
    for kind, data in rows:
        event = json.loads(data)
        unit_id = event["unit_id"]
        match kind:
            case "unit.established":
                if event["kind"] in COMMUNE_KINDS:
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
    each = Counter(official for official in monitors.values() if official is not None)
    return {
        "communes": len(monitors),
        "covered": each.total(),
        "uncovered": len(monitors) - each.total(),
        "officials": len(each),
        "with_two_or_more": sum(number > 1 for number in each.values()),
    }


def with_folding(app: FastAPI) -> None:
    """Add the route that folds the events anew for every reader."""

    @app.get("/folded/{ledger}/commune-coverage")
    async def fold(
        request: Request,
        ledger: LedgerName,
        _: Reader,
        params: Annotated[CoverageFilters, Depends(query_params(CoverageFilters))],
    ) -> dict[str, Any]:
        pool = request.app.state.service.pool
        types = list(COMMUNE_COVERAGE.types)
        return folded(await pool.fetch(EVENTS, ledger, types, params.as_of))


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
        for day in days():
            path = f"{LEDGER}/commune-coverage?as_of={day}"
            read = (await client.get(f"/v1/{path}")).raise_for_status().json()
            counted = (await client.get(f"/folded/{path}")).raise_for_status().json()
            if counted != {name: read[name] for name in counted}:
                raise RuntimeError(f"on {day} the events give {counted}, the read model {read}")


def days() -> list[str]:
    """Days asked about, spread over the ten years."""
    step = (commune_log.LAST_DAY - commune_log.FIRST_DAY) / DAYS_ASKED
    spread = (commune_log.FIRST_DAY + timedelta(days=(step * n).days) for n in range(DAYS_ASKED))
    return [day.isoformat() for day in spread]


async def run(url: str) -> list[Result]:
    """How long one reader waits, in the median, for the coverage of a day and for its trend."""
    await fill(url)
    async with serving(url, with_folding) as (host, port, token):
        await agree(host, port, token)
        load = await Load.start()

        def asking(paths: list[str]) -> Contender:
            shot = Shot(host, port, paths, token, connections=1, seconds=SECONDS)

            async def fire() -> Figures:
                score = await load.fire(shot)
                if score.refused:
                    raise RuntimeError(f"{paths[0]}: {score.refused} requests were refused")
                return {P50: score.p50_ms}

            return fire

        coverage = f"{LEDGER}/commune-coverage"
        last = commune_log.LAST_DAY
        turns = await Rounds(
            {
                "of a day": asking([f"/v1/{coverage}?as_of={day}" for day in days()]),
                "trend": asking([f"/v1/{coverage}/trend?from_on=2016-01-01&to_on={last}"]),
                "folding the events": asking([f"/folded/{coverage}?as_of={day}" for day in days()]),
            }
        ).run()
        await load.end()
    return [
        turns.figure("coverage_p50_ms", "of a day", P50, target=20, at_most=True),
        turns.figure("coverage_trend_p50_ms", "trend", P50, target=100, at_most=True),
        turns.ratio(
            "coverage_vs_folding", "of a day", "folding the events", P50, target=0.1, at_most=True
        ),
    ]
