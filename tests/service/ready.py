"""Waiting until a service's readiness is what a test expects: its report is kept for a moment."""

import asyncio

import httpx

ASKED_TIMES = 300
ASKED_EVERY_S = 0.2


async def until_readiness_is(client: httpx.AsyncClient, status: int) -> httpx.Response:
    """Wait until `/readyz` answers with that status."""
    for _ in range(ASKED_TIMES):
        reply = await client.get("/readyz")
        if reply.status_code == status:
            return reply
        await asyncio.sleep(ASKED_EVERY_S)
    raise AssertionError(reply.text)
