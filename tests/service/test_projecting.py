"""A service may leave the read models to a process of its own, and both tell how things stand."""

import asyncio
import json
import signal
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from service.access.roles import Role
from service.app import create_app
from service.read_models import projector as projectors
from service.settings import Settings
from tests.giaoviec import Giaoviec, free_port, wait_until_ready
from tests.logins import as_service
from tests.service.conftest import MASTER_KEY
from tests.service.province import Province
from tests.service.ready import until_readiness_is

NEVER_S = 3600.0
WAIT_S = 60.0


async def test_a_service_reads_what_another_process_projects_and_is_woken_by_it(
    own_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the other process the read models stand still, and the service is not ready."""
    monkeypatch.setattr(projectors, "UNTOLD_S", NEVER_S)
    settings = Settings(
        database_url=as_service(own_url),
        data_dir=tmp_path,
        master_key=SecretStr(MASTER_KEY),
        projector=False,
        standstill_seconds=1,
        request_seconds=WAIT_S,
        read_wait_seconds=WAIT_S,
    )
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        service = app.state.service
        await service.log.create_ledger("a", "A")
        _, token = await service.tokens.create("a", Role.AUTHORITY, units=["*"])
        headers = {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://test", headers=headers
        ) as client:
            province = Province(client, "a")
            await province.establish()
            assert (await client.get("/v1/a/units")).json()["items"] == []
            async with asyncio.timeout(WAIT_S):
                while "read models" not in (await service.readiness.report()).faults:  # noqa: ASYNC110  it is seen, not told
                    await asyncio.sleep(0.2)
            operations = free_port()
            other = Giaoviec(tmp_path, as_service(own_url))
            process = other.start("project", GIAOVIEC_OPERATIONS_PORT=str(operations))
            try:
                address = f"http://127.0.0.1:{operations}"
                await asyncio.to_thread(wait_until_ready, address, process)
                for number in range(3):
                    new = f"unit-{number}"
                    done = await province.does(
                        "/units/establish", unit_id=new, name=new, kind="district"
                    )
                    query = {"min_position": done["position"]}
                    units = (await client.get("/v1/a/units", params=query)).json()
                    assert new in json.dumps(units)
                await until_readiness_is(client, 200)
                metrics = (await asyncio.to_thread(httpx.get, f"{address}/metrics")).text
                assert 'giaoviec_task_up{task="projector"} 1.0' in metrics
                assert 'giaoviec_task_up{task="projector"}' not in service.metrics.text().decode()
                lag = 'giaoviec_projection_lag_events{ledger="a",projection="units"} 0.0'
                assert lag in metrics
                assert lag in (await service.scrape.text()).decode()
            finally:
                process.send_signal(signal.SIGTERM)
                _, err = await asyncio.to_thread(process.communicate, timeout=WAIT_S)
            assert process.returncode == 0, err
