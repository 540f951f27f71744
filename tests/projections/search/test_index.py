"""The index holds what the log says, as far as it may be."""

from datetime import date

from domain.organisation.events import UnitClosed, UnitEstablished, UnitKind
from projections.search.index import MOST_WORDS, SEARCH_UNITS, vector
from service.read_models.rebuild import verify
from tests.projections.conftest import Recorder

DAY = date(2021, 1, 4)


async def test_the_longest_text_is_indexed_as_far_as_it_may_be(recorder: Recorder) -> None:
    for text in ("đ" * 20_000, " ".join(f"a{number}" for number in range(2 * MOST_WORDS))):
        assert await recorder.pool.fetchval("SELECT length($1::text::tsvector) > 0", vector(text))


async def test_the_index_is_what_the_log_says(recorder: Recorder) -> None:
    ledger = await recorder.new_ledger()
    await recorder.record(
        ledger,
        [
            UnitEstablished(effective_on=DAY, unit_id="u", name="Hòa 'Bình\\", kind=UnitKind.TOWN),
            UnitClosed(effective_on=DAY, unit_id="u", reason="sáp nhập"),
        ],
    )
    await recorder.fold(ledger, 1)
    [verified] = [
        found for found in await verify(recorder.pool, SEARCH_UNITS) if found.ledger == ledger
    ]
    assert (verified.position, verified.differing) == (2, ())
