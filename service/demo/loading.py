"""Loading: the sample's commands are sent to a running service, and each takes effect once.

The loader reads the ledger's feed and skips the steps that an earlier run recorded. It sends the
others with idempotency keys that are the same on every run. So a second load, or a load after a
killed one, repeats nothing.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import httpx

from service.delivery.cloudevents import TYPE_PREFIX
from service.demo.steps import Chain, Client, Province, Step

AT_ONCE = 16
ATTEMPTS = 8
PAUSE_SECONDS = 0.05
PAGE_EVENTS = 1000
CREATED, CONFLICT, UNAVAILABLE = 201, 409, 503


class SampleRefused(Exception):
    """The service refused a step of the sample; the message is its problem document."""


async def open_ledger(http: httpx.AsyncClient, token: str, province: Province) -> None:
    """Open the province's ledger unless it exists.

    Raises:
        SampleRefused: the service refused the request.
    """
    reply = await http.post(
        "/v1/ledgers",
        json={"ledger": province.ledger, "name": province.name},
        headers={"Authorization": f"Bearer {token}"},
    )
    if reply.status_code not in {CREATED, CONFLICT}:
        raise SampleRefused(reply.text)


class Loader:
    """Sends a sample to one service.

    Args:
        http: a client with the service's address.
        tokens: the tokens of the sending clients.
        province: the province whose ledger is loaded.
        advance: called with the number of steps just done.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        tokens: Mapping[Client, str],
        province: Province,
        advance: Callable[[int], None],
    ) -> None:
        self._http = http
        self._tokens = tokens
        self._province = province
        self._advance = advance
        self._room = asyncio.Semaphore(AT_ONCE)
        self._done: Counter[tuple[str, str]] = Counter()
        self._seen: Counter[tuple[str, str]] = Counter()

    async def load(self, stages: Sequence[Sequence[Chain]]) -> int:
        """Load the sample stage by stage. Return how many steps were sent.

        Raises:
            SampleRefused: the service refused a step.
        """
        await open_ledger(self._http, self._tokens[Client.REGISTRY], self._province)
        self._done = await self._recorded()
        self._seen.clear()
        sent = 0
        try:
            for stage in stages:
                async with asyncio.TaskGroup() as group:
                    chains = [group.create_task(self._follow(chain)) for chain in stage]
                sent += sum(chain.result() for chain in chains)
        except* SampleRefused as refused:
            raise refused.exceptions[0] from None
        return sent

    async def _recorded(self) -> Counter[tuple[str, str]]:
        """Count the events that the sample's clients recorded, by tag and type."""
        actors = {f"client:{client.value}" for client in Client}
        recorded: Counter[tuple[str, str]] = Counter()
        after = 0
        while True:
            page = await self._events(after)
            for event in page["events"]:
                if event["actor"] in actors:
                    kind = event["type"].removeprefix(TYPE_PREFIX)
                    recorded.update((tag, kind) for tag in event["tags"].split(","))
            if page["next_after"] == after:
                return recorded
            after = page["next_after"]

    async def _events(self, after: int) -> dict[str, Any]:
        reply = await self._http.get(
            f"/v1/{self._province.ledger}/events",
            params={"after": after, "limit": PAGE_EVENTS},
            headers=self._authorization(Client.REGISTRY),
        )
        reply.raise_for_status()
        page: dict[str, Any] = reply.json()
        return page

    async def _follow(self, chain: Chain) -> int:
        """Send the chain's missing steps in order. Return their number."""
        missing = list(self._missing(chain))
        self._advance(len(chain.steps) - len(missing))
        for key, step in missing:
            async with self._room:
                await self._send(step, key)
            self._advance(1)
        return len(missing)

    def _missing(self, chain: Chain) -> Iterable[tuple[str, Step]]:
        """Yield the missing steps, each with its idempotency key: the same on every run."""
        for step in chain.steps:
            kind = (chain.subject, step.event.TYPE)
            self._seen[kind] += 1
            if self._seen[kind] > self._done[kind]:
                yield f"sample:{':'.join(kind)}:{self._seen[kind]}", step

    async def _send(self, step: Step, key: str) -> None:
        """Send the step until it succeeds.

        Raises:
            SampleRefused: the service refused it.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                reply = await self._http.post(
                    f"/v1/{self._province.ledger}/{step.path}",
                    content=step.body(),
                    headers={
                        **self._authorization(step.by),
                        "Content-Type": "application/json",
                        "Idempotency-Key": key,
                    },
                )
            except httpx.TransportError as lost:
                if attempt == ATTEMPTS:
                    raise SampleRefused(f"{step.path}: {lost}") from lost
            else:
                if reply.is_success:
                    return
                if attempt == ATTEMPTS or not _is_transient(reply):
                    raise SampleRefused(f"{step.path}: {reply.text}")
            await asyncio.sleep(random.uniform(0, PAUSE_SECONDS * attempt))  # noqa: S311  jitter

    def _authorization(self, client: Client) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._tokens[client]}"}


def _is_transient(refusal: httpx.Response) -> bool:
    """Return whether a retry of the step may succeed."""
    if refusal.status_code == UNAVAILABLE:
        return True
    kind = str(refusal.json().get("type", ""))
    return refusal.status_code == CONFLICT and kind.endswith("/contended")
