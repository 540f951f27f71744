"""An upgrade whose read models all differ: they are rebuilt one by one, and the service serves."""

import asyncio

import httpx
from pydantic import SecretStr

from service.access.roles import Role
from service.app import create_app
from service.database.engine import Pool
from service.settings import Settings
from tests.service.conftest import MASTER_KEY
from tests.service.province import Province

PATIENCE_SECONDS = 180.0


async def test_every_read_model_is_rebuilt_on_the_least_connections_and_commands_go_on(
    own_url: str, own_pool: Pool
) -> None:
    settings = Settings(
        database_url=own_url,
        master_key=SecretStr(MASTER_KEY),
        pool_size=2,
        request_seconds=60,
        read_wait_seconds=60,
    )
    before = create_app(settings)
    async with before.router.lifespan_context(before):
        await own_pool.execute("INSERT INTO log.ledgers (ledger, name) VALUES ('upgrade', 'U')")
    await own_pool.execute("UPDATE read.projections SET fingerprint = 'of an earlier build'")
    after = create_app(settings)
    async with after.router.lifespan_context(after), asyncio.timeout(PATIENCE_SECONDS):
        service = after.state.service
        _, token = await service.tokens.create("administrator", Role.AUTHORITY, units=["*"])
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(after),
            base_url="http://test",
            headers={"Authorization": f"Bearer {token}"},
        ) as client:
            await Province(client, "upgrade").establish()
            states = {"outdated"}
            while states != {"running"}:
                await asyncio.sleep(0.2)
                states = {one.state for one in await service.projector.status()}
            asked = {"as_of": "2021-06-01", "min_position": await service.log.head("upgrade")}
            found = await client.get("/v1/upgrade/units", params=asked)
            assert len(found.json()["items"]) == 2
