"""A district's list of units and what became of them, and an office that reads it back."""

from typing import Any

from tests.service.imports.office import Office

LIST_HEADINGS = (
    "unit_code,unit_name,unit_type,district_code,district_name,province_code,province_name,"
    "valid_asof,source\n"
)
OLD = "Huyện Đà Bắc,17,Tỉnh Hoà Bình,2023-04-08,bảng"
LIST = LIST_HEADINGS + "".join(
    f"{code},{name},{kind},150,{OLD}\n"
    for code, name, kind in (
        ("04831", "Thị trấn Đà Bắc", "thi_tran"),
        ("04834", "Xã Nánh Nghê", "xa"),
        ("04840", "Xã Cao Sơn", "xa"),
        ("04843", "Xã Tu Lý", "xa"),
        ("04846", "Xã Yên Hòa", "xa"),
        ("04891", "Xã Vầy Nưa", "xa"),
    )
)
HEADINGS = (
    "old_code,old_name,old_district_code,old_district,old_province_code,new_code,new_name,"
    "new_province_code,merge_note,effective_on\n"
)
WHOLE, PART, KEPT = "Nhập toàn bộ", "Nhập một phần", "Giữ nguyên"
ACT = {
    "document_number": "12/NQ-MAU",
    "document_issued_on": "2025-06-16",
    "document_issuing_body": "Ủy ban Thường vụ Quốc hội",
}
DAY = "2025-07-01"


def row(old: str, name: str, new: str, new_name: str, note: str = WHOLE) -> str:
    """A row of a conversion table: Hoà Bình's unit goes to Phú Thọ's."""
    return f"{old},{name},150,Huyện Đà Bắc (150),17,{new},{new_name},25,{note},{DAY}\n"


TABLE = (
    HEADINGS
    + row("04831", "Thị trấn Đà Bắc", "04831", "Xã Đà Bắc")
    + row("04843", "Xã Tu Lý", "04831", "Xã Đà Bắc")
    + row("04834", "Xã Nánh Nghê", "04834", "Xã Nánh Nghê", KEPT)
    + row("04840", "Xã Cao Sơn", "04840", "Phường Cao Sơn")
    + row("04891", "Xã Vầy Nưa", "04831", "Xã Đà Bắc", PART)
    + row("04891", "Xã Vầy Nưa", "04891", "Xã Tiền Phong", PART)
    + row("04846", "Xã Yên Hòa", "04891", "Xã Tiền Phong")
)


class Survey(Office):
    """An office that reads what became of its territory."""

    async def reads(self, path: str, **params: str | int) -> Any:
        query: dict[str, str | int] = {"min_position": await self.head(), **params}
        reply = await self.client.get(f"/v1/{self.ledger}{path}", params=query)
        assert reply.status_code == 200, reply.text
        return reply.json()

    async def communes(self, day: str) -> dict[str, tuple[str, str]]:
        found: dict[str, tuple[str, str]] = {}
        for kind in ("commune", "ward", "town"):
            cursor: dict[str, str] = {}
            while True:
                page = await self.reads("/units", kind=kind, as_of=day, limit=200, **cursor)
                found |= {i["unit_id"]: (i["name"], i["parent_id"]) for i in page["items"]}
                if page["next_cursor"] is None:
                    break
                cursor = {"cursor": page["next_cursor"]}
        return found

    async def new_province(self, code: str = "25") -> None:
        said = {"unit_id": f"tinh-{code}", "name": "Tỉnh Phú Thọ", "kind": "province"}
        reply = await self.client.post(
            f"/v1/{self.ledger}/units/establish", json={**said, "code": code, "effective_on": DAY}
        )
        assert reply.status_code == 201, reply.text

    async def says(self, verb: str, **said: object) -> None:
        told = {"effective_on": "2024-01-01", **said}
        reply = await self.client.post(f"/v1/{self.ledger}{verb}", json=told)
        assert reply.is_success, reply.text

    async def takes(self, content: str | bytes, **params: str) -> tuple[int, int, int]:
        job = await self.imports("territory", content, **params)
        assert (job["state"], job["findings"]) == ("done", []), job
        return job["imported"], job["unchanged"], job["refused"]
