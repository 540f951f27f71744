"""Layouts: which columns a file may have, how their cells are parsed, and what rows lead to."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, TypeAlias

from domain.kernel import Command, Event
from service.imports.cell_parsers import Parser, day, label, text
from service.imports.reading.words import normalise

Values: TypeAlias = Mapping[str, Any]
Referent: TypeAlias = Literal["unit", "post", "official"]

# Headings of columns that lists have and no command needs.
IGNORED = frozenset({"stt", "tt", "so tt", "so thu tu", "no", "ghi chu", "note", "notes"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        name: its key in a row's values.
        headings: that name it in a file; the first is Vietnamese, and shown where it is missing.
        parse: parses its cells; raises NotUnderstood.
        required: whether every row must fill it.
        path: the command's parameter that its value becomes, dotted; its own name by default.
        refers_to: what its value names, if it is another object than the row's.
    """

    name: str
    headings: tuple[str, ...]
    parse: Parser = text
    required: bool = False
    path: str | None = None
    refers_to: Referent | None = None

    @property
    def param(self) -> str:
        return self.name if self.path is None else self.path


@dataclass(frozen=True, slots=True)
class Step:
    """One command of a row.

    Attributes:
        verb: tells the steps of one row apart.
        subject: the kind of object that the command is about.
        subject_id: its id.
        params: the command's parameters, not yet validated.
        decides: whether the approver gives it, where there is one beside the proposer.
        document: the prefix of the columns of the document that it cites.
        recorded: the event that it records first, by which one knows the object again.
        same: the event's fields that say whether it is the same object, where one may exist.
        made_from: the text that the id is made from, if it is.
        name: what others may call the object, once it is recorded.
    """

    verb: str
    command: type[Command[Any]]
    subject: str
    subject_id: str
    params: Mapping[str, Any]
    decides: bool = False
    document: str = "document_"
    recorded: tuple[type[Event], ...] = ()
    same: tuple[str, ...] = ()
    made_from: str | None = None
    name: str | None = None


@dataclass(frozen=True)
class Layout:
    """The columns that a file may have.

    Attributes:
        day: the name of the column whose day may be given beside the file.
        names: what its rows give names to, for others to refer to.
    """

    name: str
    columns: tuple[Column, ...]
    ignored: frozenset[str] = IGNORED
    day: str | None = None
    names: Referent | None = None

    @cached_property
    def by_heading(self) -> Mapping[str, Column]:
        """The columns by every normalised heading, their own names among them."""
        return {
            normalise(heading): column
            for column in self.columns
            for heading in (column.name, *column.headings)
        }

    def params(self, values: Values) -> dict[str, Any]:
        """The parameters that a row's values become, nested as the columns' paths say."""
        params: dict[str, Any] = {}
        for column in self.columns:
            if column.name in values:
                *above, name = column.param.split(".")
                place = params
                for part in above:
                    place = place.setdefault(part, {})
                place[name] = values[column.name]
        return params


@dataclass(frozen=True, kw_only=True)
class RowLayout(Layout):
    """A layout whose rows each stand for themselves.

    Attributes:
        steps: the steps that a row's values lead to, in order; raises NotUnderstood.
        concurrency: how many rows may be imported at once; 1 where rows build on those above.
        id_column: the column of its id, if texts that differ by marks are to have ids of their own.
    """

    steps: Callable[[Values], Iterator[Step]]
    concurrency: int = 1
    id_column: str | None = None


def document_columns(prefix: str, vietnamese: str, english: str) -> tuple[Column, ...]:
    """The columns of a document that a decision cites."""
    return (
        Column(
            f"{prefix}number",
            (f"Số {vietnamese}", f"Số, ký hiệu {vietnamese}", f"{english} number"),
            label,
            path="basis.number",
        ),
        Column(
            f"{prefix}issued_on",
            (f"Ngày {vietnamese}", f"{english} date"),
            day,
            path="basis.issued_on",
        ),
        Column(
            f"{prefix}issuing_body",
            (f"Cơ quan ban hành {vietnamese}", f"{english} issued by"),
            path="basis.issuing_body",
        ),
    )


def cited_document(values: Values, prefix: str = "document_") -> dict[str, object] | None:
    """The document that a row cites, as far as it is given."""
    document = {
        name: values[prefix + name]
        for name in ("number", "issued_on", "issuing_body")
        if prefix + name in values
    }
    return document or None


def without_none(**params: object) -> dict[str, object]:
    """The parameters that are given: the command has a default for the others, or refuses."""
    return {name: value for name, value in params.items() if value is not None}
