"""The indicators of Vĩnh Phúc's districts, as the source reports them, for tests over HTTP."""

from typing import Any

from tests.service.province import COMMITTEE, DECISION, DISTRICT, Province

DECIDED: dict[str, Any] = {"on_behalf_of": COMMITTEE, "basis": DECISION}
OF_2021: dict[str, Any] = {"cohort": "districts", "year": 2021}


def target(code: str, kind: str, measure: str, aim: object, **more: object) -> dict[str, Any]:
    return {"code": code, "title": code, "kind": kind, "measure": measure, "target": aim, **more}


GROUPS: list[dict[str, Any]] = [
    {
        "title": "Xây dựng Đảng",
        "indicators": [
            target("admitted", "integer", "đảng viên", 2000),
            target("organisations", "integer", "tổ chức", 24, baseline=19),
        ],
    },
    {
        "title": "Kinh tế",
        "indicators": [
            target("disbursed", "percent", "%", 95),
            target("settled", "percent", "%", "99.2"),
            target("revenue", "money", "đồng", 1_000_000_000),
        ],
    },
    {
        "title": "Nội chính",
        "indicators": [
            target("cases", "integer", "vụ", 3),
            target("complaints", "integer", "đơn", 10, direction="at_most"),
        ],
    },
    {"title": "Nông thôn mới", "indicators": [target("new_rural", "pass_fail", "đạt", None)]},
]
REACHED: dict[str, dict[str, Any]] = {
    "admitted": {"actual": 2101},
    "organisations": {"actual": 24},
    "disbursed": {"actual": "90.3"},
    "settled": {"actual": 100},
    "revenue": {"actual": 1_150_000_000},
    "cases": {"actual": 5},
    "complaints": {"actual": 12},
    "new_rural": {"passed": True},
}


async def indicators(province: Province) -> dict[str, Any]:
    """They are set for 2021, and what the district reached is recorded."""
    on = {"effective_on": "2021-01-05"}
    await province.does(
        f"/units/{COMMITTEE}/set-indicators", **on, **OF_2021, **DECIDED, groups=GROUPS
    )
    done: dict[str, Any] = {}
    for code, reached in REACHED.items():
        said = {**OF_2021, "code": code, **reached, "effective_on": "2021-12-31"}
        done = await province.does(f"/units/{DISTRICT}/record-actual", **said)
    return done
