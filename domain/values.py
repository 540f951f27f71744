"""Values: what events and commands are made of: ids, days, text, exact numbers, documents."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictInt,
    StrictStr,
)

from domain.schemas import DAY_PATTERN, LINE_PATTERN, TEXT_PATTERN, exact, patterned


@dataclass(frozen=True, slots=True)
class Tag:
    """Marks an event's field as a tag: an event is found by `prefix:value` of every such field."""

    prefix: str


@dataclass(frozen=True, slots=True)
class Personal:
    """Marks an event's text as personal data of the official named in the same event.

    It is sealed on disk with a key per person (Law 91/2025/QH15) and reads as None once the key
    is destroyed.
    """


class Misstated(ValueError):
    """What a value may not be, for readers of English and of Vietnamese."""

    def __init__(self, english: str, vietnamese: str) -> None:
        super().__init__(english)
        self.vietnamese = vietnamese


class Impossible(Misstated):
    """What cannot be and JSON Schema cannot rule out: values that contradict one another."""


# The control characters (category Cc, but for line feed and tab) and the surrogates (Cs).
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def _clean(text: str) -> str:
    """Text in NFC with line feeds; control characters that a reader could not see are refused."""
    text = text.replace("\r\n", "\n")
    unseen = _UNSEEN.search(text)
    if unseen is not None:
        character = f"U+{ord(unseen[0]):04X}"
        raise Misstated(
            f"character {character} at index {unseen.start()} is not text",
            f"ký tự {character} ở vị trí {unseen.start()} không phải văn bản",
        )
    return unicodedata.normalize("NFC", text)


def _one_line(text: str) -> str:
    """A single line that is not blank."""
    if "\n" in text or "\t" in text:
        raise Misstated("must be one line, without tabs", "phải nằm trên một dòng, không có tab")
    if not text.strip():
        raise Misstated("must not be blank", "không được để trống")
    return text


def _not_blank(text: str) -> str:
    if not text.strip():
        raise Misstated("must not be blank", "không được để trống")
    return text


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _iso_day(value: object) -> object:
    """Only RFC 3339 full-dates: pydantic would also read instants and Unix seconds as days."""
    if isinstance(value, str):
        if not _DAY.fullmatch(value):
            raise Misstated("must be a date such as 2021-05-31", "phải là ngày, dạng 2021-05-31")
        return value
    if type(value) is date:
        return value
    raise Misstated("must be a date such as 2021-05-31", "phải là ngày, dạng 2021-05-31")


# What pydantic describes to clients; beside it Decimal itself would read `1_0`, ` 5 ` and `５`.
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")


def _exact(value: object) -> object:
    """Numbers that are exact: JSON numbers and plain decimal strings, never NaN or booleans."""
    if isinstance(value, bool) or (isinstance(value, str) and not _DECIMAL.fullmatch(value)):
        raise Misstated("must be a number", "phải là số")
    return value


ID_PATTERN = r"^[a-z0-9][a-z0-9._-]{0,63}$"
_Id = Field(pattern=ID_PATTERN, examples=["yen-son"])

# Bounds stand before the validator, so that pydantic's core checks them itself.
Day = Annotated[
    date,
    Field(ge=date(1900, 1, 1), le=date(2199, 12, 31)),
    BeforeValidator(_iso_day),
    patterned(DAY_PATTERN),
]
Line = Annotated[
    StrictStr,
    Field(min_length=1, max_length=300),
    AfterValidator(_clean),
    AfterValidator(_one_line),
    patterned(LINE_PATTERN),
]
Text = Annotated[
    StrictStr,
    Field(min_length=1, max_length=20_000),
    AfterValidator(_clean),
    AfterValidator(_not_blank),
    patterned(TEXT_PATTERN),
]
Slug = Annotated[StrictStr, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Quantity = Annotated[
    Decimal,
    Field(max_digits=18, decimal_places=4, gt=-(10**14), lt=10**14, allow_inf_nan=False),
    BeforeValidator(_exact),
    exact(14, 4, of="-"),
]
Percent = Annotated[
    Decimal,
    Field(max_digits=5, decimal_places=2, ge=0, le=100, allow_inf_nan=False),
    BeforeValidator(_exact),
    exact(2, 2),
]
WeightPercent = Annotated[
    Decimal,
    Field(max_digits=5, decimal_places=2, gt=0, le=100, allow_inf_nan=False),
    BeforeValidator(_exact),
    exact(2, 2, of="1"),
]
Points = Annotated[
    Decimal,
    Field(max_digits=6, decimal_places=2, ge=0, le=1000, allow_inf_nan=False),
    BeforeValidator(_exact),
    exact(3, 2),
]

Vnd = Annotated[StrictInt, Field(ge=1, le=10**15, description="Whole đồng.")]

PointTotal = Annotated[
    Decimal,
    Field(max_digits=8, decimal_places=2, ge=0, le=100_000, allow_inf_nan=False),
    BeforeValidator(_exact),
    exact(5, 2),
]

Code = Annotated[StrictStr, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z.-]{0,19}$")]

UnitId = Annotated[StrictStr, _Id, Tag("unit")]
PostId = Annotated[StrictStr, _Id, Tag("post")]
OfficialId = Annotated[StrictStr, _Id, Tag("official")]
TaskId = Annotated[StrictStr, _Id, Tag("task")]
# Whole numbers that every JSON reader holds exactly (RFC 8259).
LogPosition = Annotated[StrictInt, Field(ge=1, le=2**53 - 1, examples=[4711])]
# A task linked to, whose own history holds not this event but the one that answers it.
TaskRef = Annotated[StrictStr, _Id]


class Value(BaseModel):
    """A value object: immutable, equal by content, closed to unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Basis(Value):
    """The document a decision stands on, such as 30-QĐ/TU of 2020-05-20."""

    number: Line
    issued_on: Day
    issuing_body: Line
