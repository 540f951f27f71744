"""What is stored is found again, however it is typed: accents, tones, composition and case."""

import unicodedata
from collections.abc import Callable
from datetime import date

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from domain.kernel import Event
from domain.organisation.events import TenureStarted, UnitClosed, UnitEstablished, UnitKind
from domain.values import Basis
from projections.search.citations import CITATIONS
from projections.search.hits import hits
from projections.search.index import MOST_WORDS, SEARCH_UNITS, vector
from projections.search.questions import Sought
from projections.search.vietnamese import fold, words
from service.log.sealing import PersonKeys
from service.read_models.rebuild import verify
from service.search import BEGINNING, SAMPLE, Mark, Search
from tests.examples.freeze import domain_events
from tests.projections.conftest import Recorder

EXAMPLES = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
DAY = date(2021, 1, 4)
TONES = "\u0300\u0301\u0303\u0309\u0323"
LINES = st.text(
    st.one_of(st.sampled_from("aăâeêioôơuưyđ hnct" + TONES), st.characters(codec="utf-8")),
    min_size=1,
    max_size=60,
)
SYLLABLES = st.sampled_from((
    "hoa", "hòa", "hoà", "hỏa", "thuý", "thúy", "ủy", "uỷ", "khỏe", "khoẻ", "đình", "Đinh",
    "Ðinh", "lò", "lọ", "lo", "gạch", "gách", "quý", "quí", "xã", "xa",
))  # fmt: skip


def moved_tone(text: str) -> str:
    """The tone of every word behind its last vowel, as the old and the new rules differ."""
    moved = []
    for word in unicodedata.normalize("NFD", text).split(" "):
        found = [mark for mark in word if mark in TONES]
        plain = "".join(letter for letter in word if letter not in TONES)
        at = max((plain.rfind(vowel) for vowel in "aeiouyAEIOUY"), default=-1) + 1
        while at < len(plain) and unicodedata.combining(plain[at]):
            at += 1
        moved.append(plain[:at] + "".join(found) + plain[at:])
    return unicodedata.normalize("NFC", " ".join(moved))


TYPED: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "composed": lambda text: unicodedata.normalize("NFC", text),
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "capital": lambda text: unicodedata.normalize("NFC", text).upper(),
    "small": lambda text: unicodedata.normalize("NFC", text).lower(),
    "without marks": fold,
    "the tone elsewhere": moved_tone,
    "Icelandic": lambda text: text.replace("Đ", "\u00d0").replace("đ", "\u00f0"),
}
MANNERS = st.sampled_from(sorted(TYPED))


@given(text=LINES)
def test_folding_what_is_folded_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(syllables=st.lists(SYLLABLES, min_size=1, max_size=6), manner=MANNERS)
def test_a_word_is_the_same_however_it_is_typed(syllables: list[str], manner: str) -> None:
    text = " ".join(syllables)
    typed = list(words(TYPED[manner](text)))
    assert [word.folded for word in typed] == [word.folded for word in words(text)]
    if manner != "without marks":
        assert typed == list(words(text))


async def found(recorder: Recorder, ledger: str, q: str) -> list[str]:
    sought = Sought.of(q)
    statement = hits(frozenset({"unit"}), sampled=False)
    after = {f"after_{name}": value for name, value in BEGINNING._asdict().items()}
    row = await recorder.pool.fetchrow(
        f"SELECT coalesce(x.items::jsonb -> 0 ->> 'id', '') FROM ({statement.sql}) x",  # noqa: S608  ours
        *statement.arguments({
            "ledger": ledger, "limit": 1, "cap": SAMPLE, "first_tier": 0, "wanted": sought.every,
            "tiers": [tier.query for tier in sought.tiers], "from_ended": False, "from_id": "",
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


async def test_the_longest_text_is_indexed_as_far_as_it_may_be(recorder: Recorder) -> None:
    for text in ("đ" * 20_000, " ".join(f"a{number}" for number in range(2 * MOST_WORDS))):
        assert await recorder.pool.fetchval("SELECT length($1::text::tsvector) > 0", vector(text))


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
        while page := (await search.find(ledger, sought, ("unit", "task"), after, 60)).hits:
            seen += [hit.mark for hit in page]
            after = seen[-1]
        assert seen == sorted(expected), q


async def test_of_many_documents_each_is_shown_once_whatever_it_is_cited_for(
    recorder: Recorder,
) -> None:
    """More are cited than are looked at first; for tenures many that are not sought."""
    ledger = await recorder.new_ledger()
    events: list[Event] = []
    for number in range(2 * SAMPLE):
        who = {"effective_on": DAY, "official_id": f"o{number}", "post_id": f"p{number}"}
        events.append(TenureStarted.model_validate({**who, "unit_id": "u"}))
        if number % 10 == 0:
            unit = {"effective_on": DAY, "unit_id": f"u{number}", "name": "Xã", "kind": "commune"}
            events.append(UnitEstablished.model_validate(unit))
    sought = [number % 5 == 0 or isinstance(e, UnitEstablished) for number, e in enumerate(events)]
    bodies = ["Ban Thường vụ" if wanted else "Sở Nội vụ" for wanted in sought]
    bases = [
        Basis(number=f"{number // 2 * 2}-QĐ", issued_on=DAY, issuing_body=body)
        for number, body in enumerate(bodies)
    ]
    await recorder.record(ledger, events, bases)
    await recorder.fold(ledger, 500)
    search = Search(recorder.pool, recorder.codec, PersonKeys(recorder.pool, bytes(32)))
    after, seen = BEGINNING, []
    while page := (
        await search.find(ledger, Sought.of("thường vụ"), ("document",), after, 90)
    ).hits:
        seen += [hit.mark for hit in page]
        after = seen[-1]
    assert seen == sorted(set(seen))
    assert len(seen) == len({basis.number for basis in bases if "Ban" in basis.issuing_body})


def test_whatever_cites_a_document_is_indexed_under_what_it_is_about_first() -> None:
    for name, event in domain_events().items():
        [citing] = [projection for projection in CITATIONS if name in projection.folds]
        assert {part for part, _ in event.TAGGED} >= set(citing.key), name
        assert event.TAGGED[0][0] == citing.key[0], name


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
