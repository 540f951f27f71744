"""The portfolio of the secretary of Yên Sơn (source 0): 3 tasks of his own, 2 taken over."""

from typing import Any

import httpx

from tests.service.province import COMMITTEE, DECISION, POST, PROPOSAL, REPORT, Province

OTHER_DISTRICT = "son-duong"
OTHER_POST = "secretary-son-duong"
PREDECESSOR, SECRETARY, OTHER = "official-017", "official-018", "official-019"
HANDOVER_DAY = "2021-03-01"


class Reader:
    """Asks the ledger of a province, always for what its last command led to."""

    def __init__(self, province: Province, position: int) -> None:
        self.client = province.client
        self.ledger = province.ledger
        self.position = position

    async def says(self, path: str, **asked: str | int) -> httpx.Response:
        return await self.client.get(
            f"/v1/{self.ledger}{path}", params={"min_position": self.position, **asked}
        )

    async def reads(self, path: str, **asked: str | int) -> dict[str, Any]:
        reply = await self.says(path, **asked)
        assert reply.status_code == 200, reply.text
        found: dict[str, Any] = reply.json()
        assert found["position"] >= self.position
        assert reply.headers["Giaoviec-Position"] == str(found["position"])
        return found


async def portfolio(province: Province, recorder: Province) -> Reader:
    """Two tasks handed over, three own; two completed, one transferred, two in progress.

    `recorder` claims what `province` confirms: nobody may do both.
    """
    decided = {"on_behalf_of": COMMITTEE, "basis": DECISION}
    await province.does(
        "/units/establish", unit_id=OTHER_DISTRICT, name="Sơn Dương", kind="district"
    )
    await province.does(
        "/posts/create",
        post_id=OTHER_POST,
        unit_id=OTHER_DISTRICT,
        title="Bí thư Huyện ủy",
        kind="district_party_secretary",
        managed_by=COMMITTEE,
        heads_unit=True,
    )
    await province.does("/officials/register", official_id=OTHER, full_name="Cán bộ 019")
    await province.does(f"/posts/{OTHER_POST}/appoint", official_id=OTHER)
    for number in (1, 2):
        await province.task_in_progress(f"inherited-{number}")
    await province.does(
        f"/posts/{POST}/end-tenure",
        official_id=PREDECESSOR,
        cause="transfer",
        succession={"official_id": SECRETARY, "state_summary": "đang làm"},
        effective_on=HANDOVER_DAY,
        **decided,
    )
    for number in (1, 2, 3):
        await province.does(
            "/tasks/commission",
            task_id=f"own-{number}",
            post_id=POST,
            proposal=PROPOSAL,
            effective_on=HANDOVER_DAY,
            **decided,
        )
        await province.does(f"/tasks/own-{number}/assign", effective_on=HANDOVER_DAY, **decided)
    for number in (1, 2):
        await province.does(
            f"/tasks/own-{number}/report-progress", effective_on="2021-04-01", **REPORT
        )
        await recorder.does(
            f"/tasks/own-{number}/claim-completion",
            effective_on="2021-05-01",
            summary="đã xong",
            values=[{"code": "kilns", "actual": 98}],
            evidence=[{"title": "Biên bản", "sha256": "0" * 64, "address": "https://example.vn/1"}],
        )
        await province.does(
            f"/tasks/own-{number}/confirm-completion", effective_on="2021-05-10", **decided
        )
    done = await province.does(
        "/tasks/own-3/transfer",
        effective_on="2021-05-20",
        to_post=OTHER_POST,
        reason="chuyển đơn vị",
        **decided,
    )
    return Reader(province, done["position"])
