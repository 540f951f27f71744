"""Loading: a sample's files and commands are sent to a running service; each takes effect once.

The loader reads the ledger's feed and its imports, and skips the steps and files that an earlier
run recorded. It sends the other steps with idempotency keys that are the same on every run. So a
second load, or a load after a killed one, repeats nothing.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256

import httpx

from service.demo.files import File
from service.demo.queries import ReadClient, Row
from service.demo.steps import Chain, Client, Province, Step
from service.listening.cloudevents import TYPE_PREFIX

AT_ONCE = 16
ATTEMPTS = 8
PAUSE_SECONDS = 0.05
POLL_SECONDS = 0.3
PAGE_EVENTS = 1000
CREATED, CONFLICT, UNAVAILABLE = 201, 409, 503
SAMPLE_ACTORS = frozenset(f"client:{client.value}" for client in Client)


class SampleRefused(Exception):
    """The service refused a part of the sample; the message is its problem document."""


class Loader:
    """Sends a sample to one service.

    Args:
        http: a client with the service's address.
        tokens: the tokens of the sending clients. Files are the registry's; where rows need an
            approver, it is the committee.
        province: the province whose ledger is loaded.
        advance: called with the number of steps or rows just done.
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
        self._reader = ReadClient(http, tokens[Client.REGISTRY], province)
        self._room = asyncio.Semaphore(AT_ONCE)
        self._done: Counter[tuple[str, str]] = Counter()
        self._seen: Counter[tuple[str, str]] = Counter()
        self._imported: set[str] = set()

    async def load(self, stages: Iterable[Sequence[Chain | File]]) -> None:
        """Load the sample stage by stage.

        Raises:
            SampleRefused: the service refused a step, a file or a row.
        """
        await self._open_ledger()
        self._done = await self._recorded()
        jobs = (await self._reader.get("imports"))["items"]
        self._imported = {
            job["sha256"] for job in jobs if job["state"] == "done" and not job["refused"]
        }
        try:
            for stage in stages:
                async with asyncio.TaskGroup() as group:
                    for part in stage:
                        group.create_task(self._load(part))
        except* SampleRefused as refused:
            raise refused.exceptions[0] from None

    async def _open_ledger(self) -> None:
        reply = await self._http.post(
            "/v1/ledgers",
            json={"ledger": self._province.ledger, "name": self._province.name},
            headers=self._authorization(Client.OPERATOR),
        )
        if reply.status_code not in {CREATED, CONFLICT}:
            raise SampleRefused(reply.text)

    async def _recorded(self) -> Counter[tuple[str, str]]:
        """Count the events that the sample's clients recorded, by tag and type."""
        recorded: Counter[tuple[str, str]] = Counter()
        after = 0
        while True:
            page = await self._reader.get("events", after=after, limit=PAGE_EVENTS)
            for event in filter(_is_sample, page["events"]):
                kind = event["type"].removeprefix(TYPE_PREFIX)
                recorded.update((tag, kind) for tag in event["tags"].split(","))
            if page["next_after"] == after:
                return recorded
            after = page["next_after"]

    async def _positions(self, subject: str) -> list[int]:
        """Return the positions of the events about the subject that the sample recorded."""
        page = await self._reader.get("events", tags=subject, limit=PAGE_EVENTS)
        return [int(event["position"]) for event in filter(_is_sample, page["events"])]

    async def _load(self, part: Chain | File) -> None:
        if isinstance(part, File):
            await self._upload(part)
        else:
            await self._follow(part)

    async def _follow(self, chain: Chain) -> None:
        """Send the chain's missing steps in order."""
        missing = list(self._missing(chain))
        self._advance(len(chain.steps) - len(missing))
        for key, step in missing:
            async with self._room:
                await self._send(step, key)
            self._advance(1)

    def _missing(self, chain: Chain) -> Iterable[tuple[str, Step]]:
        """Yield the missing steps, each with its idempotency key: the same on every run."""
        for step in chain.steps:
            kind = (chain.subject, step.event.TYPE)
            self._seen.update((chain.subject, event.TYPE) for event in step.events)
            if self._seen[kind] > self._done[kind]:
                yield f"sample:{':'.join(kind)}:{self._seen[kind]}", step

    async def _send(self, step: Step, key: str) -> None:
        """Send the step until it succeeds.

        Raises:
            SampleRefused: the service refused it.
        """
        recorded = await self._positions(step.subject) if step.puts_right else ()
        for attempt in range(1, ATTEMPTS + 1):
            try:
                reply = await self._http.post(
                    f"/v1/{self._province.ledger}/{step.path}",
                    content=step.body(recorded),
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

    async def _upload(self, file: File) -> None:
        """Upload the file unless it was imported before, and follow its import to the end.

        Raises:
            SampleRefused: the service refused the file or a row.
        """
        if sha256(file.content).hexdigest() in self._imported:
            self._advance(file.rows)
            return
        reply = await self._http.post(
            f"/v1/{self._province.ledger}/imports/{file.kind.value}",
            params=file.query,
            content=file.content,
            headers={
                **self._authorization(Client.REGISTRY),
                "Approver-Authorization": f"Bearer {self._tokens[Client.COMMITTEE]}",
                "Content-Type": "text/csv",
            },
        )
        if not reply.is_success:
            raise SampleRefused(f"{file.name}: {reply.text}")
        done = 0
        while True:
            job = await self._reader.get(f"imports/{reply.json()['job']}")
            self._advance(job["rows_done"] - done)
            done = job["rows_done"]
            if job["refused"] or job["state"] == "failed":
                raise SampleRefused(f"{file.name}: {job['findings'][:1]}")
            if job["state"] == "done":
                return
            await asyncio.sleep(POLL_SECONDS)

    def _authorization(self, client: Client) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._tokens[client]}"}


def _is_sample(event: Row) -> bool:
    """Return whether a client of the sample recorded the event."""
    return event["actor"] in SAMPLE_ACTORS


def _is_transient(refusal: httpx.Response) -> bool:
    """Return whether a retry of the step may succeed."""
    if refusal.status_code == UNAVAILABLE:
        return True
    kind = str(refusal.json().get("type", ""))
    return refusal.status_code == CONFLICT and kind.endswith("/contended")
