"""Filters: what a reader may narrow a list by: the value's shape, and what must hold for it."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from sqlalchemy import ColumnElement, Text, any_, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine

from domain.schemas import patterned
from domain.values import ID_PATTERN, Impossible, Misstated
from projections.projection import Projection
from projections.search.questions import Sought

LONGEST_SEARCH = 200
_CONTROL = r"\x00-\x1f\x7f-\x9f"
UNSEEN = re.compile(f"[{_CONTROL}]")


def _digits(value: object) -> object:
    """Only plain digits: pydantic would also read `1_0`, `+1` and `1.0` as whole numbers."""
    if isinstance(value, str) and not (value.isascii() and value.isdigit()):
        raise Misstated("must be a whole number", "phải là số nguyên")
    return value


def _true_or_false(value: object) -> object:
    """Only the two words: pydantic would also read `yes`, `on` and `1`."""
    if isinstance(value, str) and value not in {"true", "false"}:
        raise Misstated("must be true or false", "phải là true hoặc false")
    return value


def _printable(text: str) -> str:
    if not text.isprintable():
        # What else is not printed, Unicode says and no pattern.
        kind = Misstated if UNSEEN.search(text) else Impossible
        raise kind("must be printable text", "phải là văn bản in ra được")
    return text


def _instant(text: str) -> str:
    try:
        datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Impossible("must be an instant that there is", "phải là thời điểm có thật") from None
    return text


def _searchable(text: str) -> str:
    if Sought.of(_printable(text)).is_empty:
        raise Impossible("must hold a letter or a digit", "phải có chữ cái hoặc chữ số")
    return text


SEEN_PATTERN = f"^[^{_CONTROL}]+$"
SEEN = patterned(SEEN_PATTERN)
# Bounds stand before it, so that pydantic describes them as bounds.
PLAIN_DIGITS = BeforeValidator(_digits)
Year: TypeAlias = Annotated[int, Field(ge=1900, le=2199), PLAIN_DIGITS]
Truth: TypeAlias = Annotated[bool, BeforeValidator(_true_or_false)]
Id: TypeAlias = Annotated[str, Field(pattern=ID_PATTERN)]
Word: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
TokenId: TypeAlias = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
Label: TypeAlias = Annotated[
    str, Field(min_length=1, max_length=40, pattern=r"^[0-9a-z/-]+$"), AfterValidator(_printable)
]
# Words as a search takes them.
SearchWords: TypeAlias = Annotated[
    str,
    Field(min_length=1, max_length=LONGEST_SEARCH),
    AfterValidator(_searchable),
    SEEN,
]


# An instant with its offset from UTC (RFC 3339); read by `datetime.fromisoformat`.
INSTANT_PATTERN = (
    r"^[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?"
    r"(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$"
)
Instant: TypeAlias = Annotated[str, Field(pattern=INSTANT_PATTERN), AfterValidator(_instant)]
# Text that is compared as a whole.
Printable: TypeAlias = Annotated[
    str,
    Field(min_length=1, max_length=LONGEST_SEARCH),
    AfterValidator(_printable),
    SEEN,
]


class Filters(BaseModel):
    """Query parameters that narrow a list; a field that says `Where` or `OwnColumn` is a filter."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def given(self, names: Iterable[str]) -> dict[str, object]:
        """Those of `names` that were given, with their values."""
        return {name: value for name in names if (value := getattr(self, name, None)) is not None}


MOST_IDS = 200


def _separated(value: object) -> object:
    """Ids may also stand in one parameter, with commas between: none of them holds a comma."""
    if isinstance(value, list | tuple):
        return [part for one in value for part in str(one).split(",")]
    return value


Ids: TypeAlias = Annotated[tuple[Id, ...], Field(max_length=MOST_IDS), BeforeValidator(_separated)]


def one_of(column: ColumnElement[Any]) -> Any:  # noqa: ANN401  as `where`
    """A filter: the column is one of those that the reader names."""
    return where(
        lambda ids: column == any_(ids),
        f"Only those of these ids: up to {MOST_IDS}, in parameters of their own or with commas "
        "between. There is no item for an id that nothing has on the day.",
        of=ARRAY(Text),
        argument=list,
    )


def as_given(value: object) -> object:
    return value


@dataclass(frozen=True, eq=False)
class Filter:
    """What must hold of an item for the value of a filter.

    Attributes:
        type: of the value in PostgreSQL.
        holds: makes the condition from the value.
        reads: projections that the condition reads beside those of the list.
        argument: makes the value in PostgreSQL from the one the reader gave.
    """

    type: TypeEngine[Any]
    holds: Callable[[ColumnElement[Any]], ColumnElement[bool]]
    reads: tuple[Projection, ...] = ()
    argument: Callable[[Any], object] = as_given

    def condition(self, name: str) -> ColumnElement[bool]:
        """The condition; the value is the argument of that name."""
        return self.holds(bindparam(name, type_=self.type))


@dataclass(frozen=True, eq=False)
class OwnColumn:
    """The list's own column of that name is what the reader names: a filter that lists share."""

    name: str


def equals(column: ColumnElement[Any]) -> Filter:
    """The column is what the reader names."""
    return Filter(column.type, lambda value: column == value)


def where(  # noqa: PLR0913  a filter has so many sides
    holds: ColumnElement[Any] | Callable[[ColumnElement[Any]], ColumnElement[bool]] | str,
    description: str | None = None,
    *,
    of: TypeEngine[Any] | None = None,
    reads: tuple[Projection, ...] = (),
    argument: Callable[[Any], object] = as_given,
    pattern: str | None = None,
    examples: list[Any] | None = None,
) -> Any:  # noqa: ANN401  what pydantic takes for a default
    """A filter that need not be given, as the default of a field of `Filters`.

    Args:
        holds: the column that is what the reader names, the name of the list's own column, or what
            makes the condition from a value of the type `of`.
        description: of the filter, in OpenAPI.
        of: the type of the value in PostgreSQL, where no column tells it.
        reads: as for `Filter`.
        argument: as for `Filter`.
        pattern: of the values.
        examples: of values, in OpenAPI.
    """
    declared: Any = Field(default=None, description=description, examples=examples, pattern=pattern)
    if isinstance(holds, str):
        declared.metadata.append(OwnColumn(holds))
    elif isinstance(holds, ColumnElement):
        declared.metadata.append(equals(holds))
    else:
        declared.metadata.append(Filter(of or Text(), holds, reads, argument))
    return declared
