"""Kinds in files: which kind of units a word or the beginning of a name means.

In a column of kinds a word may lack its marks: it is nothing but a kind. In a name it may not: a
name begins with a kind where it begins with the kind's whole name and its tones, or its short form.
"Phường Thịnh Lang" is a ward, and "Phương Thịnh" says of no kind.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from domain.organisation.unit_kinds import DEFAULT_KINDS, Kind, Level
from service.imports.reading.words import normalise

TERRITORIAL = [kind for kind in DEFAULT_KINDS.values() if kind.level is not None]


def _exact(text: str) -> str:
    """Small letters with their marks, one blank between words; Đ, and the Ð often typed for it."""
    small = unicodedata.normalize("NFC", text).casefold().replace("ð", "đ")
    return " ".join(small.split())


def _whole_word(name: str) -> str:
    """The pattern of a kind's name where a unit's begins with it; `P.` needs no blank after it."""
    return re.escape(_exact(name)) + (r"\s*(?=\S)" if name.endswith(".") else r"\s+(?=\S)")


def _beginning(name: str, kinds: Iterable[Kind]) -> tuple[Kind, str] | None:
    """The kind with which the name begins, and the rest; the longest that fits."""
    text = _exact(name)
    found = (
        (kind, match)
        for kind in kinds
        for own in kind.names
        if (match := re.match(_whole_word(own), text))
    )
    longest = max(found, key=lambda pair: pair[1].end(), default=None)
    return None if longest is None else (longest[0], text[longest[1].end() :])


def kind_of_name(name: str, kinds: Sequence[Kind]) -> Kind | None:
    """The kind that a unit's name begins with."""
    found = _beginning(name, kinds)
    return None if found is None else found[0]


def kind_called(word: str, kinds: Iterable[Kind]) -> Kind | None:
    """The kind that a word in a column of kinds means, if it means one alone."""
    meant = [
        kind
        for kind in kinds
        if normalise(word) in {normalise(own) for own in (kind.kind, *kind.names)}
    ]
    exact = [kind for kind in meant if _exact(word) in map(_exact, kind.names)]
    return (exact or meant)[0] if len(exact or meant) == 1 else None


def named_with_kind(name: str, kind: Kind) -> str:
    """The name, with its kind before it."""
    return name if kind_of_name(name, [kind]) else f"{kind.name.capitalize()} {name}"


def of_base(kinds: Iterable[Kind]) -> list[Kind]:
    """Those of the level of communes."""
    return [kind for kind in kinds if kind.level is Level.BASE]


def without_kind(name: str) -> str:
    """The name without the kind of its unit, if it begins with one, and without marks."""
    found = _beginning(name, TERRITORIAL)
    return normalise(name if found is None else found[1])
