"""Kept regulations: what a ledger regulates is folded once, and never out of date."""

from service.components import Service
from tests.service.http.regulated import adopt
from tests.service.province import COMMITTEE, DECISION, Province


async def test_what_is_regulated_is_folded_once_and_never_out_of_date(
    province: Province, service: Service
) -> None:
    ledger, kept = province.ledger, service.regulations

    async def adopted(until: int | None = None) -> list[str]:
        known = await kept.of(service.log, ledger, until)
        return [f"{one.regulation_id} {one.effective_on}" for one in known.policies]

    assert await adopted() == []
    first = await adopt(province, "giao-viec", "2026-01-15")
    assert await adopted() == ["giao-viec 2026-01-15"]
    assert await kept.of(service.log, ledger) is await kept.of(service.log, ledger)
    second = await adopt(province, "giao-viec", "2027-01-15")
    other = await adopt(province, "xep-loai", "2026-06-15")
    all_three = ["giao-viec 2026-01-15", "xep-loai 2026-06-15", "giao-viec 2027-01-15"]
    assert await adopted() == all_three
    # What was known before, and again what is known now.
    assert await adopted(other["position"] - 1) == ["giao-viec 2026-01-15", "giao-viec 2027-01-15"]
    assert await adopted(first["position"] - 1) == []
    assert await adopted() == all_three
    # A revision that is annulled regulates nothing.
    wrong = {"positions": [second["position"]], "reason": "Nhập nhầm"}
    decided = {"on_behalf_of": COMMITTEE, "basis": DECISION}
    reply = await province.says("/events/annul", {**wrong, **decided})
    assert reply.is_success, reply.text
    assert await adopted() == ["giao-viec 2026-01-15", "xep-loai 2026-06-15"]
