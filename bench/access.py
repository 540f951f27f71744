"""Reads of persons: as the service gives them, and with no relation asked and nothing recorded.

Half of them are officials with their contact, half are dossiers of tasks. The reader is an
inspectorate of all units, so that each official's units are looked up. Beside it the same reads go
through routes of the same application that take the reader for one of the whole ledger, by a rule
that is not recorded. The load comes from a process of its own.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

import asyncpg
from fastapi import FastAPI, Request, Response
from fastapi.routing import APIRoute

from bench import sample_log
from bench.command import PER_SECOND, Load
from bench.harness import Contender, Result, Rounds
from bench.listing import serving
from bench.load import Shot
from bench.search import register_officials
from domain.kernel import Event
from domain.organisation.events import PostCreated, TenureStarted, UnitEstablished, UnitKind
from projections import PROJECTIONS
from projections.versions import version_of
from service.access.principals import EVERY_UNIT, Principal
from service.access.roles import Role
from service.database.engine import create_pool
from service.http.dispatch import Read, ReadEndpoint
from service.http.reads.directory import OFFICIAL
from service.http.reads.one import Thing
from service.http.reads.query import OfDay
from service.http.reads.reading import Reading
from service.http.reads.task import DOSSIER
from service.read_models.rebuild import prepare, rebuild

LEDGER = "bench"
TASKS, OFFICIALS, UNITS = 600, 600, 40
CONNECTIONS = 16
SECONDS = 2.0


def organisation() -> Iterator[Event]:
    """The units, and a post with its holder for each official."""
    on = {"effective_on": sample_log.FIRST_DAY}
    for number in range(UNITS):
        yield UnitEstablished(
            **on, unit_id=f"unit-{number}", name=f"Sở {number}", kind=UnitKind.DEPARTMENT
        )
    for number in range(OFFICIALS):
        at = {"post_id": f"post-{number}", "unit_id": f"unit-{number % UNITS}"}
        yield PostCreated(**on, **at, title="…", kind="director", managed_by=at["unit_id"])
        yield TenureStarted(**on, **at, official_id=f"named-{number}")


def without(app: FastAPI) -> None:
    """Add the routes that ask for no relation and are not recorded."""
    for thing in (OFFICIAL, DOSSIER):
        _add(app, thing)


def _add(app: FastAPI, thing: Thing) -> None:
    path = f"/plain/{{ledger}}/{thing.subject}s/{{id_}}"

    async def read(
        request: Request, ledger: str, by: Principal, params: OfDay, id_: str
    ) -> Response:
        request.state.principal = replace(by, units=frozenset({EVERY_UNIT}))
        tag = f"{thing.subject}:{id_}"
        reading = await Reading.of_day(request, ledger, params, thing.projections, tag)
        found = await thing.read(reading, id_, params)
        if found is None:
            raise RuntimeError(f"there is no {tag}")
        [version] = await reading.row(version_of(thing.subject), tag=tag, until=found.position)
        return reading.single(found.item, found.position, version)

    # By the rule of reading a post, which nobody records; served as the service serves its reads.
    route = APIRoute(path, read, operation_id="read_post", response_model=None)
    endpoint = ReadEndpoint(route, OfDay)
    app.router.routes.insert(0, Read(path, endpoint, methods=["GET"]))


async def fill(url: str) -> None:
    """Officials in office, lives of tasks, and every read model of them."""
    owner = await asyncpg.connect(url)
    events = chain(organisation(), sample_log.interleaved(TASKS))
    await sample_log.store(owner, LEDGER, events)
    await owner.close()
    async with serving(url, lambda _: None, Role.AUTHORITY) as (host, port, token):
        await register_officials(host, port, token)
    async with await create_pool(url, size=4) as pool:
        for projection in PROJECTIONS:
            await prepare(pool, projection)
            await rebuild(pool, projection)


async def run(url: str) -> list[Result]:
    """Requests per second of both, in turns."""
    await fill(url)
    units = [f"unit-{number}" for number in range(UNITS)]
    async with serving(url, without, Role.INSPECTOR, units) as (host, port, token):
        load = await Load.start()

        def fired(official: str, dossier: str) -> Contender:
            pairs = ((official.format(n % OFFICIALS), dossier.format(n)) for n in range(TASKS))
            paths = list(chain.from_iterable(pairs))
            return load.firing(Shot(host, port, paths, token, "", CONNECTIONS, SECONDS))

        turns = await Rounds(
            {
                "recorded": fired(
                    f"/v1/{LEDGER}/officials/named-{{}}", f"/v1/{LEDGER}/tasks/task-{{}}/dossier"
                ),
                "plain": fired(
                    f"/plain/{LEDGER}/officials/named-{{}}", f"/plain/{LEDGER}/tasks/task-{{}}"
                ),
            }
        ).run()
        await load.end()
    return [turns.ratio("access_vs_plain", "recorded", "plain", PER_SECOND, target=0.9)]
