"""A small province, built over HTTP: one committee, one district, two officials."""

from typing import Any

import httpx

COMMITTEE = "standing-committee"
DISTRICT = "yen-son"
POST = "secretary-yen-son"
DECISION = {"number": "30-QĐ/TU", "issued_on": "2021-01-04", "issuing_body": "Ban Thường vụ"}
PROPOSAL = {
    "title": "Chấm dứt lò gạch thủ công",
    "goal": "Không còn lò gạch thủ công",
    "indicators": [{"code": "kilns", "name": "Lò đã dỡ", "target": 98, "measure": "lò"}],
    "roadmap": [{"title": "Vận động", "due_on": "2021-06-30"}],
    "kinds": ["backlog"],
    "field": "environment",
    "term": {"kind": "year", "year": 2021},
}
REPORT = {"narrative": "Đã dỡ 92 lò.", "share_percent": "93.88"}


def version_in(tag: str) -> str:
    """An entity tag without the digest of the body that it came with."""
    return f'{tag[:-1].partition(".")[0]}"'


class Province:
    """Sends commands to one ledger, with one client."""

    def __init__(self, client: httpx.AsyncClient, ledger: str) -> None:
        self.client = client
        self.ledger = ledger

    async def says(
        self, verb: str, params: dict[str, Any], headers: dict[str, str] | None = None
    ) -> httpx.Response:
        return await self.client.post(f"/v1/{self.ledger}{verb}", json=params, headers=headers)

    async def does(self, verb: str, **params: object) -> dict[str, Any]:
        reply = await self.says(verb, {"effective_on": "2021-01-04", **params})
        assert reply.is_success, reply.text
        body: dict[str, Any] = reply.json()
        return body

    async def establish(self) -> None:
        await self.does(
            "/units/establish", unit_id=COMMITTEE, name="Ban Thường vụ", kind="standing_committee"
        )
        await self.does("/units/establish", unit_id=DISTRICT, name="Yên Sơn", kind="district")
        await self.does(
            "/posts/create",
            post_id=POST,
            unit_id=DISTRICT,
            title="Bí thư Huyện ủy",
            kind="district_party_secretary",
            managed_by=COMMITTEE,
            heads_unit=True,
        )
        for official in ("official-017", "official-018"):
            await self.does("/officials/register", official_id=official, full_name="Cán bộ 017")
        await self.does(f"/posts/{POST}/appoint", official_id="official-017")

    async def task_in_progress(self, task_id: str) -> str:
        """Commission a task from the secretary and assign it."""
        await self.does(
            "/tasks/commission",
            task_id=task_id,
            post_id=POST,
            proposal=PROPOSAL,
            on_behalf_of=COMMITTEE,
            basis=DECISION,
        )
        await self.does(f"/tasks/{task_id}/assign", on_behalf_of=COMMITTEE, basis=DECISION)
        return task_id
