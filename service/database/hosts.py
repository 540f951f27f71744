"""Hosts: the URL of a database may name several servers. All are tried at once.

A server that is silent delays nobody: the first that fits is taken.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TypeVar
from urllib.parse import urlsplit, urlunsplit

Opened = TypeVar("Opened")


def each_host(url: str) -> list[str]:
    """Return a URL for each server that the URL names, as `user:password@one:5432,two:5432`."""
    parts = urlsplit(url)
    login, at, hosts = parts.netloc.rpartition("@")
    return [urlunsplit(parts._replace(netloc=f"{login}{at}{host}")) for host in hosts.split(",")]


async def first_to_open(
    urls: Sequence[str],
    connect: Callable[[str], Awaitable[Opened]],
    drop: Callable[[Opened], object],
) -> Opened:
    """Connect to all at once. Return the first connection, and drop the others.

    Raises:
        Exception: why none opened. What a server says counts more than that another is not there.
    """
    attempts = [asyncio.ensure_future(connect(url)) for url in urls]
    waiting = set(attempts)
    chosen: asyncio.Future[Opened] | None = None
    try:
        while waiting and chosen is None:
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            chosen = next((attempt for attempt in done if attempt.exception() is None), None)
    finally:
        for attempt in attempts:
            if attempt is not chosen:
                attempt.add_done_callback(partial(_dropped, drop))
                attempt.cancel()
    if chosen is None:
        chosen = min(attempts, key=lambda one: isinstance(one.exception(), OSError))
    return chosen.result()


def _dropped(drop: Callable[[Opened], object], attempt: asyncio.Future[Opened]) -> None:
    if not attempt.cancelled() and attempt.exception() is None:
        drop(attempt.result())
