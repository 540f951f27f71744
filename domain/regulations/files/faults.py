"""Faults: what is wrong in a regulation's file, and at which line and column.

A fault keeps the file from being adopted. Advice does not: it says what the office may not expect.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

Step: TypeAlias = str | int
Path: TypeAlias = tuple[Step, ...]
Weight: TypeAlias = Literal["fault", "advice"]


class Mark(NamedTuple):
    """A place in a file; both numbers begin at 1."""

    line: int
    column: int


Marks: TypeAlias = Mapping[Path, Mark]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault of a file.

    Attributes:
        mark: where it is.
        path: the keys and numbers that lead there; numbers of items begin at 0.
        vietnamese: what is wrong.
        english: the same in English.
        weight: whether the file may be adopted all the same.
    """

    mark: Mark
    path: Path
    vietnamese: str
    english: str
    weight: Weight = "fault"

    @property
    def dotted(self) -> str:
        """The path as one word: `levels.2.require.0.at_most`."""
        return ".".join(str(step) for step in self.path)

    def says(self, language: str) -> str:
        return self.vietnamese if language == "vi" else self.english

    def line(self, file: str, language: str = "vi") -> str:
        """The fault as one line of text: `file:line:column: path: what is wrong`."""
        words = ADVICE[language] if self.weight == "advice" else ""
        path = f"{self.dotted}: " if self.path else ""
        return f"{file}:{self.mark.line}:{self.mark.column}: {path}{words}{self.says(language)}"


ADVICE = {"vi": "lưu ý: ", "en": "note: "}


class Unreadable(Exception):
    """The file is no regulation in YAML; what is wrong is in `faults`."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(faults[0].english)
        self.faults = tuple(faults)


def nearest(marks: Marks, path: Path) -> Mark:
    """The place of the path, or of what encloses it if the file has no such entry."""
    while path not in marks and path:
        path = path[:-1]
    return marks.get(path, Mark(1, 1))
