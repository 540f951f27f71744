"""A word is the same however it is typed: accents, tones, composition and case."""

from hypothesis import given
from hypothesis import strategies as st

from projections.search.vietnamese import fold, words
from tests.projections.search.manners import LINES, MANNERS, SYLLABLES, TYPED


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
