"""Regulations that a province adopts as files, for tests over HTTP."""

from typing import Any

from tests.domain.regulations.spoilt import spoilt
from tests.service.province import COMMITTEE, DECISION, Province


def file(regulation_id: str, on: str, *replaced: tuple[str, str]) -> str:
    """The sample as a regulation of the province's committee, in force from that day."""
    basis = "{" + ", ".join(f"{name}: {value}" for name, value in DECISION.items()) + "}"
    stated = "{number: 01-QĐ/MAU, issued_on: 2026-01-05, issuing_body: Ban Thường vụ Tỉnh ủy Mẫu}"
    return spoilt(
        ("regulation: mau-01", f"regulation: {regulation_id}"),
        (stated, basis),
        ("decided_by: ban-thuong-vu", f"decided_by: {COMMITTEE}"),
        ("effective_on: 2026-01-15", f"effective_on: {on}"),
        *replaced,
    )


async def adopt(
    province: Province, regulation_id: str, on: str, *replaced: tuple[str, str]
) -> dict[str, Any]:
    """The committee adopts such a file."""
    return await province.does(
        f"/regulations/{regulation_id}/adopt",
        effective_on=on,
        on_behalf_of=COMMITTEE,
        basis=DECISION,
        source=file(regulation_id, on, *replaced),
    )
