"""Columns: those of a list's files, as they follow from the shape of its rows."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from types import NoneType
from typing import NamedTuple, get_args

from pydantic import BaseModel

from projections.listing import Shown
from service.http.reads.headings import VIETNAMESE
from service.http.reads.words import WORDS
from service.language import Language
from service.table_writer import CellKind, Column

# The fields that hold ids, and what these are of; their names stand in the next column.
NAMED: Mapping[str, str] = {
    "addressed_to": "unit",
    "agency_id": "unit",
    "answered_by": "unit",
    "assessed_by": "unit",
    "assigned_by": "unit",
    "beside_officials": "official",
    "carried_over_to": "task",
    "co_accountables": "official",
    "collectives": "unit",
    "continued_from": "task",
    "coordinators": "unit",
    "decided_by": "unit",
    "inspected_by": "unit",
    "issued_by": "unit",
    "last_official": "official",
    "managed_by": "unit",
    "must_act": "unit",
    "offered_to": "official",
    "official_id": "official",
    "official_ids": "official",
    "on_behalf_of": "unit",
    "parent_id": "unit",
    "post_id": "post",
    "post_ids": "post",
    "proposed_by": "unit",
    "reminded": "official",
    "reported_by": "unit",
    "requested_by": "unit",
    "reviewed_by": "unit",
    "task_id": "task",
    "task_ids": "task",
    "to_body": "unit",
    "unit_id": "unit",
    "unit_ids": "unit",
}
# An id beside one of these fields has its name there already.
OWN_NAMES: Mapping[str, frozenset[str]] = {
    "official_id": frozenset({"full_name"}),
    "post_id": frozenset({"seats"}),
    "task_id": frozenset({"title"}),
    "unit_id": frozenset({"name", "unit_name"}),
}
ID = "Mã "
OF_NAME: Mapping[Language, str] = {"vi": " (tên)", "en": " (name)"}


class FileColumn(NamedTuple):
    """A column of a file.

    Attributes:
        path: where an item has its value.
        kind: what the value is, which JSON does not tell.
        vietnamese: what each name of the path is called in Vietnamese.
        names: what the ids in it are of, if their names are what it shows.
        total: whether the sum of the column says something.
    """

    path: tuple[str, ...]
    kind: CellKind
    vietnamese: tuple[str, ...]
    names: str = ""
    total: bool = False

    def heading(self, language: Language) -> str:
        """What the column is called; English is the name in the API, read as words."""
        if language == "en":
            words = ": ".join(name.replace("_", " ") for name in self.path).capitalize()
            return f"{words}{OF_NAME['en']}" if self.names else words
        words = ": ".join(self.vietnamese)
        if not self.names:
            return words
        return f"Tên {words[len(ID) :]}" if words.startswith(ID) else f"{words}{OF_NAME['vi']}"

    def written(self, language: Language) -> Column:
        """The column, as it is written for readers of that language."""
        return {
            "heading": self.heading(language),
            "path": self.path,
            "kind": self.kind,
            "words": WORDS.get(self.path[-1], {}) if language == "vi" else {},
            "names": self.names,
            "total": self.total,
        }


@lru_cache
def columns_of(row: type[BaseModel]) -> tuple[FileColumn, ...]:
    """The columns of a row, in its order; a part with parts gives a column for each."""
    return tuple(_with_names(row, _fields(row, (), ())))


def _with_names(row: type[BaseModel], columns: Iterator[FileColumn]) -> Iterator[FileColumn]:
    fields = frozenset(row.model_fields)
    for column in columns:
        yield column
        [*above, name] = column.path
        unnamed = OWN_NAMES.get(name, frozenset()).isdisjoint(fields)
        if not above and name in NAMED and column.kind == "text" and unnamed:
            yield column._replace(names=NAMED[name])


def _fields(
    row: type[BaseModel], above: tuple[str, ...], headed: tuple[str, ...]
) -> Iterator[FileColumn]:
    for name, field in row.model_fields.items():
        path = (*above, name)
        shown = next((one for one in field.metadata if isinstance(one, Shown)), Shown())
        vietnamese = (*headed, shown.vi or VIETNAMESE.get(name) or name.replace("_", " "))
        kinds = [kind for kind in get_args(field.annotation) if kind is not NoneType]
        kind = kinds[0] if NoneType in get_args(field.annotation) else field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from _fields(kind, path, vietnamese)
        else:
            of: CellKind = _KINDS.get(kind, "text")  # type: ignore[arg-type]  # a key that is no type is none of these
            yield FileColumn(path, of, vietnamese, total=shown.total)


_KINDS: Mapping[type, CellKind] = {
    int: "number",
    Decimal: "number",
    date: "day",
    bool: "other",
}
