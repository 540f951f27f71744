"""Columns: what a file of each kind may say, under Vietnamese or English headings."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

from domain.kernel import Command
from service.access.roles import Permission
from service.imports.cell_parsers import Reader, day, fold, text

Values: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        name: what the kind's steps call it.
        headings: that name it in a file; the first is Vietnamese, and shown where it is missing.
        read: its cells' reader; raises NotUnderstood.
        required: whether every row must fill it.
        place: where its value stands in what the command is told, dotted.
    """

    name: str
    headings: tuple[str, ...]
    read: Reader = text
    required: bool = False
    place: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One command of a row.

    Attributes:
        verb: tells the steps of one row apart.
        subject: the kind of object it is about.
        subject_id: its id.
        said: the command's parameters, not yet checked.
        decides: whether the second caller gives it, where there are two.
        document: how the columns of the document it cites begin.
    """

    verb: str
    command: type[Command[Any]]
    subject: str
    subject_id: str
    permission: Permission
    said: Mapping[str, Any]
    decides: bool = False
    document: str = "document_"


@dataclass(frozen=True)
class Layout:
    """What the columns of a file may be."""

    name: str
    columns: tuple[Column, ...]
    ignored: frozenset[str] = field(
        default=frozenset({"stt", "tt", "so tt", "so thu tu", "no", "ghi chu", "note", "notes"})
    )

    @cached_property
    def by_heading(self) -> Mapping[str, Column]:
        """The columns by every folded heading, their own names among them."""
        return {
            fold(heading): column
            for column in self.columns
            for heading in (column.name, *column.headings)
        }


@dataclass(frozen=True, kw_only=True)
class Kind(Layout):
    """A kind of file whose rows stand each for itself.

    Attributes:
        steps: what a row's values lead to, in order; raises NotUnderstood.
        at_once: how many rows may be under way together; 1 where rows build on those above.
    """

    steps: Callable[[Values], Iterator[Step]]
    at_once: int = 1


def basis(prefix: str, vietnamese: str, english: str) -> tuple[Column, ...]:
    """The columns of a document that a decision cites."""
    place = "basis."
    return (
        Column(
            f"{prefix}number",
            (f"Số {vietnamese}", f"Số, ký hiệu {vietnamese}", f"{english} number"),
            place=f"{place}number",
        ),
        Column(
            f"{prefix}issued_on",
            (f"Ngày {vietnamese}", f"{english} date"),
            day,
            place=f"{place}issued_on",
        ),
        Column(
            f"{prefix}issuing_body",
            (f"Cơ quan ban hành {vietnamese}", f"{english} issued by"),
            place=f"{place}issuing_body",
        ),
    )


def cited(values: Values, prefix: str = "document_") -> dict[str, object] | None:
    """The document of a row, as far as it is given."""
    found = {
        name: values[prefix + name]
        for name in ("number", "issued_on", "issuing_body")
        if prefix + name in values
    }
    return found or None


def given(**said: object) -> dict[str, object]:
    """What is not None: the rest is for the command to default or to miss."""
    return {name: value for name, value in said.items() if value is not None}
