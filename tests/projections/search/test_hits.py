"""What is stored is found again, however it is typed, and the best first."""

import unicodedata
from datetime import date

from hypothesis import assume, given
from hypothesis import strategies as st

from domain.organisation.events import UnitEstablished, UnitKind
from projections.search.hits import hits
from projections.search.questions import Sought
from projections.search.vietnamese import words
from service.log.sealing import PersonKeys
from service.search import BEGINNING, SAMPLE, Mark, Search
from tests.projections.answers import EXAMPLES
from tests.projections.conftest import Recorder
from tests.projections.search.manners import LINES, MANNERS, TYPED

DAY = date(2021, 1, 4)


async def found(recorder: Recorder, ledger: str, q: str) -> list[str]:
    sought = Sought.of(q)
    statement = hits(frozenset({"unit"}), sampled=False)
    after = {f"after_{name}": value for name, value in BEGINNING._asdict().items()}
    row = await recorder.pool.fetchrow(
        f"SELECT coalesce(x.items::jsonb -> 0 ->> 'id', '') FROM ({statement.sql}) x",  # noqa: S608  ours
        *statement.arguments({
            "ledger": ledger, "as_of": DAY, "limit": 1, "cap": SAMPLE, "first_tier": 0,
            "tsquery": sought.every, "tiers": [tier.query for tier in sought.tiers],
            "from_ended": False, "from_id": "",
            **after,
        }),
    )  # fmt: skip
    assert row is not None
    return [row[0]]


@EXAMPLES
@given(text=LINES, manner=MANNERS, data=st.data())
async def test_any_phrase_of_a_stored_name_is_found_however_it_is_typed(
    recorder: Recorder, text: str, manner: str, data: st.DataObject
) -> None:
    line = "".join(character for character in text if character.isprintable()).strip()
    stored = [word.folded for word in words(unicodedata.normalize("NFC", line))]
    assume(stored)
    ledger = await recorder.new_ledger()
    named = UnitEstablished(effective_on=DAY, unit_id="u", name=line, kind=UnitKind.COMMUNE)
    await recorder.record(ledger, [named])
    await recorder.fold(ledger, 10)
    whole = TYPED[manner](line)
    assume([word.folded for word in words(whole)] == stored)
    assert await found(recorder, ledger, whole.replace('"', " ")) == ["u"]
    start = data.draw(st.integers(0, len(stored) - 1))
    part = " ".join(stored[start : data.draw(st.integers(start + 1, len(stored)))])
    assert await found(recorder, ledger, f'"{part}"') == ["u"]
    assert await found(recorder, ledger, part[: data.draw(st.integers(1, len(part)))]) == ["u"]


def many(number: int) -> str:
    """Names much alike: of each way to match `hòa bì` there are many, or a few."""
    names = ("Hòa Bình", "Hoà bì", "hoa binh", "Bình Hòa", "Bì Hòa", "Phường Họa Bí", "Yên Sơn")
    return f"Xã {names[number % 5]} {number}" if number % 97 else names[number % len(names)]


async def test_of_many_hits_each_is_shown_once_and_the_best_first(recorder: Recorder) -> None:
    ledger = await recorder.new_ledger()
    names = {f"u{number}": many(number) for number in range(1_500)}
    units = [
        UnitEstablished(effective_on=DAY, unit_id=unit_id, name=name, kind=UnitKind.COMMUNE)
        for unit_id, name in names.items()
    ]
    await recorder.record(ledger, units)
    await recorder.fold(ledger, 500)
    keys = PersonKeys(recorder.pool, bytes(32))
    search = Search(recorder.pool, recorder.codec, keys)
    for q in ("hòa bì", "hoa", '"xa hoa" b', "họa bí", "yên", "b"):
        sought = Sought.of(q)
        expected = [
            Mark(tier, False, unit_id, "unit")  # noqa: FBT003  it is the value
            for unit_id, name in names.items()
            if (tier := sought.tier_of(list(words(name)))) is not None
        ]
        after, seen = BEGINNING, []
        while page := (await search.find(ledger, sought, ("unit", "task"), DAY, after, 60)).hits:
            seen += [hit.mark for hit in page]
            after = seen[-1]
        assert seen == sorted(expected), q
