"""Taker: takes a file away over and over, in a process of its own, until its input ends.

    python -m bench.taker ADDRESS TOKEN

It leaves in the middle of a file, and fails where one is refused.
"""

import asyncio
import sys

import httpx

PATIENCE_S = 300.0


async def _take(address: str, token: str) -> None:
    ended = asyncio.ensure_future(asyncio.to_thread(sys.stdin.readline))
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(headers=headers, timeout=PATIENCE_S) as client:
        while not ended.done():
            taking = asyncio.ensure_future(client.get(address))
            await asyncio.wait([taking, ended], return_when=asyncio.FIRST_COMPLETED)
            if taking.done():
                taking.result().raise_for_status()
            taking.cancel()


def main() -> None:
    """Take it."""
    asyncio.run(_take(*sys.argv[1:]))


if __name__ == "__main__":
    main()
