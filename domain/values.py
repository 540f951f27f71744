"""Values: what events and commands are made of: ids, days, text, exact numbers, documents."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictInt,
    StrictStr,
    ValidationInfo,
)

from domain.characters import BEYOND, BLANK, BREAKS, DECEIVING, INVISIBLE, JOINING, NO_TEXT
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


# Of what was recorded, the context of validation: it stands as it is, whatever is refused today.
RECORDED = {"recorded": True}

_NO_TEXT = re.compile(f"[{NO_TEXT}{DECEIVING}{BEYOND}]")
_BREAK = re.compile(f"[{BREAKS}]")
_HIDDEN = re.compile(f"[{INVISIBLE}]")
_SHOWN = re.compile(f"[^{BLANK}{INVISIBLE}{JOINING}]")


def _clean(text: str, info: ValidationInfo) -> str:
    """Text in NFC with line feeds; what a reader cannot see, or would see elsewhere, is refused."""
    if info.context is RECORDED:
        return text
    text = text.replace("\r\n", "\n")
    unfit = _NO_TEXT.search(text)
    if unfit is not None:
        # No pattern that every client reads can name what is beyond the basic plane.
        kind = Misstated if unfit[0] <= "\uffff" else Impossible
        raise kind(
            f"character {_code(unfit)} at index {unfit.start()} is not text",
            f"ký tự {_code(unfit)} ở vị trí {unfit.start()} không phải văn bản",
        )
    return unicodedata.normalize("NFC", text)


def _one_line(text: str, info: ValidationInfo) -> str:
    """A single line that is not blank, and holds nothing that does not show."""
    if info.context is RECORDED:
        return text
    if "\n" in text or "\t" in text or _BREAK.search(text):
        raise Misstated("must be one line, without tabs", "phải nằm trên một dòng, không có tab")
    hidden = _HIDDEN.search(text)
    if hidden is not None:
        raise Misstated(
            f"character {_code(hidden)} at index {hidden.start()} cannot be seen: delete it",
            f"ký tự {_code(hidden)} ở vị trí {hidden.start()} không hiện ra: hãy xóa đi",
        )
    return _not_blank(text, info)


def _not_blank(text: str, info: ValidationInfo) -> str:
    if info.context is not RECORDED and not _SHOWN.search(text):
        raise Misstated("must not be blank", "không được để trống")
    return text


def _code(found: re.Match[str]) -> str:
    return f"U+{ord(found[0]):04X}"


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
ConversionWeight = Annotated[
    Decimal,
    Field(max_digits=6, decimal_places=2, gt=0, le=1000, allow_inf_nan=False),
    BeforeValidator(_exact),
    exact(3, 2, of="1"),
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
# A body that something awaits, whose own history holds not this event but its answer.
BodyRef = Annotated[StrictStr, _Id]


class Value(BaseModel):
    """A value object: immutable, equal by content, closed to unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Basis(Value):
    """The document a decision stands on, such as 30-QĐ/TU of 2020-05-20."""

    number: Line
    issued_on: Day
    issuing_body: Line

    @classmethod
    def recorded(cls, text: str | None) -> Self | None:
        """The document in the JSON in which it was recorded; None where none was cited."""
        return None if text is None else cls.model_validate_json(text, context=RECORDED)
