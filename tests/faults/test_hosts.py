"""Hosts: of several servers in one URL the one that may write is found, however silent another."""

from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from service.database.engine import connect
from service.database.hosts import each_host
from tests.faults.conftest import Site
from tests.faults.postgres import answers, standby_of, wait_for
from tests.faults.proxy import Proxy


def with_hosts(url: str, *ports: int) -> str:
    parts = urlsplit(url)
    login = parts.netloc.rpartition("@")[0]
    hosts = ",".join(f"127.0.0.1:{port}" for port in ports)
    return urlunsplit(parts._replace(netloc=f"{login}@{hosts}"))


async def port_of(url: str) -> int:
    connection = await connect(url)
    try:
        port: int = await connection.fetchval("SELECT inet_server_port()")
    finally:
        connection.terminate()
    return port


def test_each_host_of_a_url_has_a_url_of_its_own() -> None:
    assert each_host("postgresql://a:b@one:1,two:2/x?sslmode=disable") == [
        "postgresql://a:b@one:1/x?sslmode=disable",
        "postgresql://a:b@two:2/x?sslmode=disable",
    ]
    for single in ("postgresql://one/x", "postgresql://a@/x?host=/run/postgresql"):
        assert each_host(single) == [single]


async def test_a_silent_host_delays_nobody(site: Site, proxy: Proxy) -> None:
    proxy.swallow()
    silent_first = with_hosts(site.url, proxy.port, site.server.port)
    assert await port_of(silent_first) == site.server.port


@pytest.mark.faults
async def test_a_standby_is_passed_over(site: Site) -> None:
    with standby_of(site.server) as standby:
        wait_for(lambda: answers(standby.url(site.database)), "the standby has the database")
        assert await port_of(with_hosts(site.url, standby.port, site.server.port)) == (
            site.server.port
        )
        with pytest.raises(asyncpg.TargetServerAttributeNotMatched):
            await port_of(standby.url(site.database))


async def test_a_host_that_refuses_the_login_is_told_of(site: Site, proxy: Proxy) -> None:
    proxy.refuse()
    url = with_hosts(site.url, proxy.port, site.server.port).replace(site.server.password, "wrong")
    with pytest.raises(asyncpg.InvalidPasswordError):
        await port_of(url)


@pytest.mark.faults
async def test_where_every_host_is_silent_the_wait_ends(site: Site, proxy: Proxy) -> None:
    proxy.swallow()
    with pytest.raises(TimeoutError):
        await port_of(with_hosts(site.url, proxy.port, proxy.port))
