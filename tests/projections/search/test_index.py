"""The index holds what the log says, as far as it may be."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from domain.organisation.events import UnitClosed, UnitEstablished, UnitKind
from projections.search.index import MOST_WORDS, SEARCH_UNITS, lexemes, vector
from projections.search.vietnamese import words
from service.read_models.rebuild import verify
from tests.projections.conftest import Recorder
from tests.projections.search.manners import LINES

DAY = date(2021, 1, 4)


@given(lines=st.lists(st.text(max_size=20) | LINES, min_size=1, max_size=4))
def test_every_word_stands_in_the_vector_at_its_place(lines: list[str]) -> None:
    """What the words are of a whole line, though each piece between spaces is remembered."""
    expected: list[str] = []
    place = 0
    for number, line in enumerate(lines):
        for word in words(line):
            place += 1
            plain = lexemes(*word)
            title = tuple(f"^{lexeme}" for lexeme in plain) if number == 0 else ()
            expected += [f"'{lexeme}':{place}" for lexeme in (*plain, *title)]
        place += 1
    assert vector(lines[0], lines[1:]).split() == expected


async def test_a_word_that_comes_often_stands_at_each_of_its_places(recorder: Recorder) -> None:
    written = vector("xã", ["xã Ấ", "xã"])
    stored = await recorder.pool.fetchval("SELECT $1::text::tsvector::text", written)
    assert "'xa':1,3,6" in stored
    assert await recorder.pool.fetchval(
        "SELECT length($1::text::tsvector) = 1", vector("", ["a " * MOST_WORDS])
    )


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
