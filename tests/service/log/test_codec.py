"""What happened is written as canonical JSON and read again, from every version ever written."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, ClassVar

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from domain.kernel import EVENT_TYPES, Event, EventTypeUnknown, Upcaster
from domain.values import Basis, Line, OfficialId, Personal, Quantity, TaskId
from service.database.engine import Pool
from service.log.codec import Codec, Decoded, canonical
from service.log.events import BoundaryEvent, LogEvent
from service.log.log import Log
from service.log.sealing import PersonErased, PersonKeys
from tests.erasing import destroy

MASTER = bytes(32)
OTHER = bytes(range(32))
DAY = date(2021, 5, 31)


@pytest.fixture(scope="module", autouse=True)
def own_event_types() -> Iterator[None]:
    """These tests' own events; the register is left as it was found."""
    before = dict(EVENT_TYPES)
    EVENT_TYPES.update({event.TYPE: event for event in (Measured, Met)})
    yield
    EVENT_TYPES.clear()
    EVENT_TYPES.update(before)


def _with_unit(raw: dict[str, Any]) -> dict[str, Any]:
    return {**raw, "unit_of_measure": "lò"}


def _with_value(raw: dict[str, Any]) -> dict[str, Any]:
    return {**{name: raw[name] for name in raw if name != "amount"}, "value": raw["amount"]}


class Measured(Event):
    TYPE = "test.measured"
    VERSION = 3
    UPCASTERS: ClassVar[Mapping[int, Upcaster]] = {1: _with_unit, 2: _with_value}
    task_id: TaskId
    value: Quantity
    unit_of_measure: Line


class Met(Event):
    TYPE = "test.met"
    official_id: OfficialId
    full_name: Annotated[Line | None, Personal()]
    contact: Annotated[Line | None, Personal()] = None


for _event in (Measured, Met):
    del EVENT_TYPES[_event.TYPE]


@pytest.fixture
def keys(pool: Pool) -> PersonKeys:
    return PersonKeys(pool, MASTER)


@pytest.fixture
def codec(keys: PersonKeys) -> Codec:
    return Codec(keys)


def met(name: str = "Nguyễn Văn A", contact: str | None = None) -> Met:
    return Met(effective_on=DAY, official_id="nguyen-van-a", full_name=name, contact=contact)


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(max_codepoint=127)), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.text(st.characters(max_codepoint=127)), values))
@example({"a": '\0\b\t\n\f\r\x1f"\\/\x7f\x80\u2028\ufeff\uffff😀 Đồng ý'})
def test_the_written_form_is_the_canonical_one(raw: dict[str, Any]) -> None:
    assert canonical(raw) == rfc8785.dumps(raw)


async def test_an_event_is_read_as_it_was_told(codec: Codec, ledger: str) -> None:
    told = Measured(effective_on=DAY, task_id="t1", value="98.5", unit_of_measure="lò gạch")
    basis = Basis(number="30-QĐ/TU", issued_on=date(2020, 5, 20), issuing_body="Tỉnh ủy")
    stored = await codec.encode(ledger, told, actor="official:x", basis=basis)
    assert stored.data.decode() == (
        '{"effective_on":"2021-05-31","task_id":"t1","unit_of_measure":"lò gạch","value":"98.5"}'
    )
    assert (stored.type, stored.schema_version, stored.tags) == ("test.measured", 3, ["task:t1"])
    assert (stored.effective_on, stored.actor) == (DAY, "official:x")
    assert stored.basis == {
        "number": "30-QĐ/TU",
        "issued_on": "2020-05-20",
        "issuing_body": "Tỉnh ủy",
    }
    assert await codec.decode(ledger, stored) == told
    assert await codec.decode_all(ledger, [stored, stored]) == [told, told]


@pytest.mark.parametrize(
    ("version", "data"),
    [
        (1, b'{"amount":"98","effective_on":"2021-05-31","task_id":"t1"}'),
        (
            2,
            b'{"amount":"98","effective_on":"2021-05-31","task_id":"t1","unit_of_measure":"l\xc3\xb2"}',
        ),
        (
            3,
            b'{"effective_on":"2021-05-31","task_id":"t1","unit_of_measure":"l\xc3\xb2","value":"98"}',
        ),
    ],
)
async def test_every_version_ever_written_is_read_as_the_current_one(
    codec: Codec, ledger: str, version: int, data: bytes
) -> None:
    stored = BoundaryEvent(1, "test.measured", version, [], data)
    expected = Measured(effective_on=DAY, task_id="t1", value="98", unit_of_measure="lò")
    assert await codec.decode(ledger, stored) == expected


@pytest.mark.parametrize("version", [2, 3])
async def test_a_text_that_is_refused_today_is_read_as_it_was_recorded(
    codec: Codec, ledger: str, version: int
) -> None:
    amount = {2: "amount", 3: "value"}[version]
    data = {
        "effective_on": "2021-05-31",
        "task_id": "t1",
        amount: "98",
        "unit_of_measure": "l\u202eò\ufffe",
    }
    stored = BoundaryEvent(1, "test.measured", version, [], json.dumps(data).encode())
    read = await codec.decode(ledger, stored)
    assert isinstance(read, Measured)
    assert read.unit_of_measure == "l\u202eò\ufffe"


@pytest.mark.parametrize(("kind", "version"), [("test.never_heard_of", 1), ("test.measured", 4)])
async def test_what_a_later_version_of_the_programme_wrote_is_never_skipped(
    codec: Codec, ledger: str, kind: str, version: int
) -> None:
    stored = BoundaryEvent(1, kind, version, [], b"{}")
    with pytest.raises(EventTypeUnknown, match=kind):
        await codec.decode(ledger, stored)
    with pytest.raises(EventTypeUnknown, match=kind):
        await codec.decode_all(ledger, [stored])


async def test_personal_data_is_sealed_in_the_log_and_open_to_the_service(
    codec: Codec, pool: Pool, ledger: str
) -> None:
    told = met(contact="0912 345 678")
    async with Log(pool) as log:
        await log.append(ledger, [await codec.encode(ledger, told, actor="client:x")])
        [recorded] = (await log.read(ledger)).events
    assert b"Nguy" not in recorded.event.data
    assert b"0912" not in recorded.event.data
    assert await codec.decode(ledger, recorded.event) == told
    elsewhere = Codec(PersonKeys(pool, MASTER))
    assert await elsewhere.decode_all(ledger, [recorded.event]) == [told]


async def test_an_erased_person_reads_as_none_and_takes_in_nothing_new(
    codec: Codec, owner_pool: Pool, pool: Pool, ledger: str
) -> None:
    stored = await codec.encode(ledger, met(), actor="client:x")
    await destroy(owner_pool, ledger, "nguyen-van-a")
    erased = Met(effective_on=DAY, official_id="nguyen-van-a", full_name=None)
    for reader in (codec, Codec(PersonKeys(pool, MASTER))):
        assert await reader.decode_marked(ledger, [stored]) == [Decoded(erased, erased=True)]
        with pytest.raises(PersonErased, match="nguyen-van-a"):
            await reader.encode(ledger, met(), actor="client:x")


async def test_a_person_may_be_erased_before_anything_was_told_of_him(
    codec: Codec, owner_pool: Pool, ledger: str
) -> None:
    await destroy(owner_pool, ledger, "nguyen-van-a")
    with pytest.raises(PersonErased):
        await codec.encode(ledger, met(), actor="client:x")


async def test_a_sealed_field_opens_only_where_it_was_sealed(codec: Codec, ledger: str) -> None:
    stored = await codec.encode(ledger, met(contact="0912"), actor="client:x")
    swapped = stored.data.replace(b'"contact"', b'"?"').replace(b'"full_name"', b'"contact"')
    moved = LogEvent(stored.type, swapped.replace(b'"?"', b'"full_name"'))
    [damaged, whole] = await codec.decode_marked(ledger, [moved, stored])
    nothing = Met(effective_on=DAY, official_id="nguyen-van-a", full_name=None)
    assert damaged == Decoded(nothing, unreadable=True)
    assert whole == Decoded(met(contact="0912"))


@pytest.mark.parametrize("text", ["no base64", "", "AAAA"])
async def test_a_damaged_text_fails_its_event_and_no_other(
    codec: Codec, ledger: str, text: str
) -> None:
    stored = await codec.encode(ledger, met(), actor="client:x")
    sealed = json.loads(stored.data)
    sealed["full_name"] = {"$sealed": text}
    damaged = LogEvent(stored.type, canonical(sealed))
    decoded = await codec.decode_marked(ledger, [damaged, stored])
    assert [one.unreadable for one in decoded] == [True, False]


async def test_a_missing_key_is_a_fault_and_not_an_erasure(
    codec: Codec, pool: Pool, ledger: str
) -> None:
    stored = await codec.encode(ledger, met(), actor="client:x")
    elsewhere = Codec(PersonKeys(pool, MASTER))
    [decoded] = await elsewhere.decode_marked(f"{ledger}-restored", [stored])
    assert (decoded.erased, decoded.unreadable) == (False, True)


async def test_another_master_key_opens_nothing(codec: Codec, pool: Pool, ledger: str) -> None:
    stored = await codec.encode(ledger, met(), actor="client:x")
    [decoded] = await Codec(PersonKeys(pool, OTHER)).decode_marked(ledger, [stored])
    assert (decoded.erased, decoded.unreadable) == (False, True)


async def test_the_same_name_is_never_sealed_to_the_same_text(codec: Codec, ledger: str) -> None:
    first = await codec.encode(ledger, met(), actor="client:x")
    second = await codec.encode(ledger, met(), actor="client:x")
    assert first.data != second.data
