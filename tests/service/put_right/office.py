"""The office that keeps the record: what it sends, what it is refused, and what it reads.

The small cast: An and Bình are secretaries of Yên Sơn, Chi its chairman; Dũng holds no post.
"""

from datetime import date, timedelta
from typing import Any, NamedTuple

import httpx

from service.handle import today, utc_now

COMMITTEE, DISTRICT = "ban-thuong-vu", "yen-son"
SECRETARY, CHAIRMAN = "bi-thu", "chu-tich"
AN, BINH, CHI, DUNG = "an", "binh", "chi", "dung"
FOUNDED = "2021-01-04"
BASIS = {"number": "30-QĐ/TU", "issued_on": "2021-01-04", "issuing_body": "Ban Thường vụ"}
DECIDED: dict[str, Any] = {"on_behalf_of": COMMITTEE, "basis": BASIS}
CITED: dict[str, Any] = {"basis": BASIS}
STATE = {"state_summary": "Đang thực hiện, hồ sơ kèm theo."}
WHY = {"reason": "Theo tình hình thực tế."}
PROPOSAL: dict[str, Any] = {
    "title": "Chấm dứt lò gạch thủ công",
    "goal": "Không còn lò gạch thủ công",
    "indicators": [{"code": "kilns", "name": "Lò đã dỡ", "target": 98, "measure": "lò"}],
    "roadmap": [{"title": "Vận động", "due_on": "2021-06-30"}],
    "kinds": ["backlog"],
    "field": "environment",
    "term": {"kind": "year", "year": 2021},
}
CLAIM: dict[str, Any] = {
    "summary": "Đã xong.",
    "values": [{"code": "kilns", "actual": 98}],
    "evidence": [{"title": "Biên bản", "sha256": "0" * 64, "address": "https://example.vn/1"}],
}

# Whoever asked does not decide on it: the colleague does, who also claims completion.
KEPT_APART = (
    "/approve-revision",
    "/refuse-revision",
    "/approve-solution",
    "/reject-solution",
    "/decide-commendation",
    "/answer-replacement-request",
    "/answer-recommendation",
)


def ahead(days: int) -> str:
    """The day in so many days from today."""
    return (today(utc_now) + timedelta(days=days)).isoformat()


def day_before(on: str) -> str:
    return (date.fromisoformat(on) - timedelta(days=1)).isoformat()


def instead_of(*positions: int) -> dict[str, Any]:
    """What a command says to take the place of the events at these positions."""
    return {"replaces": {"positions": positions, "reason": "ghi nhầm"}}


class Recorded(NamedTuple):
    """What a command recorded: the positions of its events, and their types."""

    positions: tuple[int, ...]
    types: tuple[str, ...]

    @property
    def at(self) -> int:
        """The position of its last event."""
        return self.positions[-1]

    @property
    def decided(self) -> tuple[int, ...]:
        """The positions of its events that are no annulment."""
        told = zip(self.positions, self.types, strict=True)
        return tuple(position for position, name in told if name != "event.annulled")


class Office:
    """Sends commands and asks questions, always of what its last command led to."""

    def __init__(
        self, client: httpx.AsyncClient, colleague: httpx.AsyncClient, ledger: str
    ) -> None:
        self.client = client
        self.colleague = colleague
        self.ledger = ledger
        self.position = 0

    async def says(
        self,
        verb: str,
        on: str | None,
        params: dict[str, Any],
        headers: dict[str, str] | None = None,
        by: httpx.AsyncClient | None = None,
    ) -> httpx.Response:
        body = params if on is None else {"effective_on": on, **params}
        client = by or (self.colleague if verb.endswith(KEPT_APART) else self.client)
        return await client.post(f"/v1/{self.ledger}{verb}", json=body, headers=headers)

    async def does(self, verb: str, on: str | None = None, **params: Any) -> Recorded:
        return self.recorded(await self.says(verb, on, params))

    def recorded(self, reply: httpx.Response) -> Recorded:
        """What was recorded by the command to which this is the reply."""
        assert reply.is_success, reply.text
        body = reply.json()
        self.position = max(self.position, body["position"])
        events = body["events"]
        return Recorded(
            tuple(one["position"] for one in events), tuple(one["type"] for one in events)
        )

    async def refused(
        self,
        status: int,
        slug: str,
        verb: str,
        on: str | None = None,
        **params: Any,
    ) -> dict[str, Any]:
        """The problem with which the command is refused; nothing is recorded."""
        before = await self.head()
        reply = await self.says(verb, on, params)
        assert refusal(reply) == (status, slug), reply.text
        assert await self.head() == before
        problem: dict[str, Any] = reply.json()
        return problem

    async def contradicts(self, verb: str, on: str, **params: object) -> list[dict[str, Any]]:
        """The events that would no longer hold, as the refusal lists them."""
        problem = await self.refused(409, "contradicts-later", verb, on, **params)
        return _listed(problem)

    async def annul(self, *positions: int, **params: Any) -> Recorded:
        return await self.does("/events/annul", **_annulling(positions), **params)

    async def annul_contradicts(self, *positions: int, **params: Any) -> list[dict[str, Any]]:
        """The events that would no longer hold without these."""
        params = {**_annulling(positions), **params}
        return _listed(await self.refused(409, "contradicts-later", "/events/annul", **params))

    async def head(self) -> int:
        reply = await self.client.get(f"/v1/{self.ledger}/events", params={"limit": 1})
        head: int = reply.json()["head"]
        return head

    async def asks(self, path: str, **asked: str | int) -> httpx.Response:
        params = {"min_position": self.position, **asked}
        return await self.client.get(f"/v1/{self.ledger}{path}", params=params)

    async def reads(self, path: str, **asked: str | int) -> dict[str, Any]:
        reply = await self.asks(path, **asked)
        assert reply.status_code == 200, reply.text
        body: dict[str, Any] = reply.json()
        return body

    async def item(self, path: str, **asked: str | int) -> dict[str, Any]:
        item: dict[str, Any] = (await self.reads(path, **asked))["item"]
        return item

    async def items(self, path: str, **asked: str | int) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = (await self.reads(path, **asked))["items"]
        return items

    async def column(self, path: str, name: str, **asked: str | int) -> list[Any]:
        """One value of each item of a list."""
        return [item[name] for item in await self.items(path, **asked)]

    async def leads(self, task_id: str, on: str | None = None) -> str | None:
        """Who leads the task on that day; today if none is named."""
        asked = {} if on is None else {"as_of": on}
        leader: str | None = (await self.item(f"/tasks/{task_id}", **asked))["official_id"]
        return leader

    async def leaders(self, task_id: str, *days: str) -> list[str | None]:
        return [await self.leads(task_id, day) for day in days]

    async def history(self, path: str) -> dict[int, dict[str, Any]]:
        """Everything that touched the thing, by position."""
        items = await self.items(f"{path}/history", limit=200)
        return {item["position"]: item for item in items}

    async def struck_through(self, path: str, wrong: int, *right: int) -> None:
        """Pass if the history strikes the event through, and links it with what stands instead."""
        history = await self.history(path)
        annulled = history[wrong]["annulled"]
        assert annulled is not None
        assert annulled["replaced_by"] == list(right)
        assert history[annulled["position"]]["type"] == "event.annulled"
        assert annulled["reason"] == "ghi nhầm"
        for position in right:
            if position in history:
                await self.stands_instead(path, position, wrong)

    async def stands_instead(self, path: str, right: int, *wrong: int) -> None:
        """Pass if the history says in whose place the event was recorded."""
        event = (await self.history(path))[right]
        assert set(wrong) <= set(event["replaces"])
        assert event["annulled"] is None

    async def scheduled(self, **asked: str | int) -> list[tuple[str, str]]:
        """What is to take effect: the day and the type."""
        items = await self.items("/scheduled", **asked)
        return [(one["effective_on"], one["type"]) for one in items]

    async def establish(self) -> None:
        await self.unit(COMMITTEE, "standing_committee")
        await self.unit(DISTRICT, "district")
        await self.post(SECRETARY, seats=2)
        await self.post(CHAIRMAN)
        for who in (AN, BINH, CHI, DUNG):
            await self.official(who)
        for who, post in ((AN, SECRETARY), (BINH, SECRETARY), (CHI, CHAIRMAN)):
            await self.does(f"/posts/{post}/appoint", FOUNDED, official_id=who, **CITED)

    async def unit(self, unit_id: str, kind: str, on: str = FOUNDED, **further: object) -> Recorded:
        name = {"unit_id": unit_id, "name": unit_id, **CITED}
        return await self.does("/units/establish", on, **{**name, "kind": kind, **further})

    async def post(
        self, post_id: str, unit_id: str = DISTRICT, on: str = FOUNDED, **further: object
    ) -> Recorded:
        post = {"post_id": post_id, "unit_id": unit_id, "title": post_id, "kind": "leader"}
        return await self.does(
            "/posts/create", on, **{**post, "managed_by": COMMITTEE, **CITED, **further}
        )

    async def official(self, official_id: str, on: str = FOUNDED, **further: object) -> Recorded:
        named = {"official_id": official_id, "full_name": f"Cán bộ {official_id}", **CITED}
        return await self.does("/officials/register", on, **{**named, **further})

    async def task(self, task_id: str, **assignment: object) -> Recorded:
        """A task commissioned and assigned in January, to An if nobody else is named."""
        await self.does(
            "/tasks/commission",
            "2021-01-05",
            task_id=task_id,
            post_id=SECRETARY,
            proposal=PROPOSAL,
            **DECIDED,
        )
        said = {"official_id": AN, **assignment}
        return await self.does(f"/tasks/{task_id}/assign", "2021-01-11", **said, **DECIDED)

    async def report(self, task_id: str, on: str, narrative: str, **further: object) -> Recorded:
        said = {"narrative": narrative, **further}
        return await self.does(f"/tasks/{task_id}/report-progress", on, **said)

    async def handover(self, task_id: str, on: str, to: str, **further: object) -> Recorded:
        said = {"to_official": to, **STATE, **DECIDED, **further}
        return await self.does(f"/tasks/{task_id}/hand-over", on, **said)

    async def completed(self, task_id: str, claimed: str, confirmed: str) -> Recorded:
        """A colleague claims it, so that this office may confirm it."""
        reply = await self.says(
            f"/tasks/{task_id}/claim-completion", claimed, CLAIM, by=self.colleague
        )
        self.recorded(reply)
        return await self.does(f"/tasks/{task_id}/confirm-completion", confirmed, **DECIDED)


def refusal(reply: httpx.Response) -> tuple[int, str]:
    """The status of a refusal, and which problem it is."""
    return reply.status_code, reply.json()["type"].removeprefix("/problems/")


def _annulling(positions: tuple[int, ...]) -> dict[str, Any]:
    return {"positions": positions, "reason": "ghi nhầm"}


def _listed(problem: dict[str, Any]) -> list[dict[str, Any]]:
    """The events listed; each says what it is, of which day, by whom, and why in a sentence."""
    events: list[dict[str, Any]] = problem["events"]
    for event in events:
        assert event["actor"].startswith("client:")
        assert event["why"].endswith(".")
    return events
