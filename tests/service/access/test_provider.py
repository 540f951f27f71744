"""A real OIDC provider: what it issues opens the service, for whom the identity says."""

import os
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from service.access.identities import Identities
from service.access.roles import Role
from service.app import create_app
from service.database.engine import Pool
from service.settings import Settings
from tests.giaoviec import ROOT
from tests.service.access.key_server import AUDIENCE
from tests.service.province import Province

MODULES = ROOT / "build" / "clients" / "node_modules"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The issuer of a provider that runs."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is missing")
    if not (MODULES / "oidc-provider").exists():
        pytest.skip("oidc-provider is missing: run `make clients` with a network")
    programme = Path(__file__).with_name("provider.mjs")
    with subprocess.Popen(  # noqa: S603  the provider of the tests
        [node, programme, MODULES, AUDIENCE],
        env={**os.environ, "NODE_NO_WARNINGS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as provider:
        assert provider.stdout is not None
        yield provider.stdout.readline().strip()
        provider.kill()


async def access_token(issuer: str, client_id: str, audience: str = AUDIENCE) -> str:
    async with httpx.AsyncClient(timeout=60) as client:
        reply = await client.post(
            f"{issuer}/token",
            data={"grant_type": "client_credentials", "resource": audience},
            auth=(client_id, f"{client_id}-secret"),
        )
    assert reply.is_success, reply.text
    return str(reply.json()["access_token"])


async def test_what_a_provider_issues_opens_for_its_identity_alone(
    issuer: str, own_url: str, own_pool: Pool
) -> None:
    settings = Settings(
        database_url=own_url,
        master_key=SecretStr(b64encode(bytes(32)).decode()),
        oidc_issuer=issuer,
        oidc_audience=AUDIENCE,
        request_seconds=60,
        read_wait_seconds=60,
    )
    identity = await Identities(own_pool).add(
        issuer, "registry", "registry", Role.ADMINISTRATOR, units=["*"]
    )
    app = create_app(settings)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client,
    ):
        stranger = await access_token(issuer, "stranger")
        for_another = await access_token(issuer, "registry", "urn:another")
        for token in (stranger, for_another):
            client.headers["Authorization"] = f"Bearer {token}"
            assert (await client.get("/v1/ledgers")).status_code == 401
        client.headers["Authorization"] = f"Bearer {await access_token(issuer, 'registry')}"
        opened = await client.post("/v1/ledgers", json={"ledger": "oidc", "name": "Tỉnh"})
        assert opened.status_code == 201
        await Province(client, "oidc").establish()
        events = (await client.get("/v1/oidc/events")).json()["events"]
        assert {(event["actor"], event["tokenid"]) for event in events} == {
            ("client:registry", identity.id)
        }
