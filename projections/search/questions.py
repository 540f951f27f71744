"""Searching: questions in words as queries of the index, the best matches first.

In order: with the marks of the question, before without; the words as a phrase, before all of them
anywhere, before the last of them only begun; in the title, before in the other texts.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Literal, NamedTuple, TypeAlias

from projections.search.index import OF_TITLE, SPELLED, lexemes
from projections.search.vietnamese import Word, words

Match: TypeAlias = Literal["phrase", "words", "prefix"]
Place: TypeAlias = Literal["title", "text"]

_QUOTES = re.compile('["“”„«»]')


class Term(NamedTuple):
    """A word of the index that must be there, or with `begun` one that begins so."""

    lexeme: str
    begun: bool


# Terms that follow one another.
Sequel: TypeAlias = tuple[Term, ...]


@dataclass(frozen=True)
class Tier:
    """One way in which a thing matches: all the sequels are in it.

    Attributes:
        spelled: with the marks of the question, if it has any.
    """

    spelled: bool
    match: Match
    place: Place
    sequels: tuple[Sequel, ...]

    @cached_property
    def query(self) -> str:
        """The text form of its `tsquery`: our own words only, so nothing in it needs an escape."""
        where = OF_TITLE if self.place == "title" else ""
        return " & ".join(
            "(" + " <-> ".join(_queried(term, where) for term in sequel) + ")"
            for sequel in self.sequels
        )

    def matches(self, title: Sequence[Word]) -> bool:
        """Whether a title of these words matches, as the database would say."""
        in_title = [lexemes(*word) for word in title]
        return all(_follows(sequel, in_title) for sequel in self.sequels)


def _queried(term: Term, where: str) -> str:
    return f"'{where}{term.lexeme}'" + (":*" if term.begun else "")


def _follows(sequel: Sequel, in_title: Sequence[tuple[str, ...]]) -> bool:
    starts = range(len(in_title) - len(sequel) + 1)
    return any(all(map(_fits, sequel, in_title[start:])) for start in starts)


def _fits(term: Term, of_word: tuple[str, ...]) -> bool:
    if term.begun:
        return any(lexeme.startswith(term.lexeme) for lexeme in of_word)
    return term.lexeme in of_word


@dataclass(frozen=True)
class Sought:
    """A question: phrases in quotation marks, and words of which the last may be begun."""

    phrases: tuple[tuple[Word, ...], ...]
    loose: tuple[Word, ...]

    @classmethod
    def of(cls, text: str) -> "Sought":
        """An opening quotation mark that is not closed holds up to the end."""
        parts = [tuple(words(part)) for part in _QUOTES.split(text)]
        phrases = tuple(part for part in parts[1::2] if part)
        return cls(phrases, tuple(word for part in parts[::2] for word in part))

    @property
    def is_empty(self) -> bool:
        """Nothing in it can be found: it has no letter and no digit."""
        return not (self.phrases or self.loose)

    @cached_property
    def tiers(self) -> tuple[Tier, ...]:
        """From the best to the last; whatever matches at all matches the last."""
        marked = any(word.spelled for part in (*self.phrases, self.loose) for word in part)
        places: tuple[Place, ...] = ("title", "text")
        return tuple(
            Tier(spelled or not marked, match, place, tuple(self._sequels(match, spelled=spelled)))
            for spelled, match, place in product(
                (True, False) if marked else (False,), self._matches(), places
            )
        )

    @property
    def every(self) -> str:
        """The text form of the `tsquery` that finds all there is."""
        return self.tiers[-1].query

    def only(self, number: int) -> str:
        """The text form of the `tsquery` that finds what is of this tier and of none before it."""
        before = "".join(f" & !({tier.query})" for tier in self.tiers[:number])
        return self.tiers[number].query + before

    def tier_of(self, title: Sequence[Word]) -> int | None:
        """The number of the first tier that a title matches, if it matches any."""
        # Most match none: the last says so, as whatever matches at all matches it.
        if not self.tiers[-1].matches(title):
            return None
        numbers = (number for number, tier in enumerate(self.tiers) if tier.matches(title))
        return next(numbers, None)

    def _matches(self) -> tuple[Match, ...]:
        if not self.loose:
            return ("phrase",)
        return ("phrase", "prefix") if len(self.loose) == 1 else ("phrase", "words", "prefix")

    def _sequels(self, match: Match, *, spelled: bool) -> Iterator[Sequel]:
        yield from (_whole(phrase, spelled=spelled) for phrase in self.phrases)
        if not self.loose:
            return
        loose = _whole(self.loose, spelled=spelled)
        if match == "phrase":
            yield loose
            return
        *others, last = loose
        yield from ((term,) for term in others)
        yield (last._replace(begun=match == "prefix"),)


def _whole(sequel: Sequence[Word], *, spelled: bool) -> Sequel:
    return tuple(
        Term(SPELLED + word.spelled if spelled and word.spelled else word.folded, begun=False)
        for word in sequel
    )
