"""Amounts: shares, points and counts are exact, and say what they are of.

`20%` is a share; `0.8pp` is a difference of two shares in percentage points; a number without a
suffix is points or a count. One is never taken for another.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Literal, TypeAlias

from pydantic import BeforeValidator, PlainSerializer, PlainValidator, WithJsonSchema

from domain.values import Misstated

_NUMBER = r"(?:0|[1-9][0-9]{0,3})(?:\.[0-9]{1,4})?"
_SHARE = re.compile(rf"({_NUMBER})%")
_EXCESS = re.compile(rf"({_NUMBER})(%|pp)")
_POINTS = re.compile(r"(?:0|[1-9][0-9]{0,3})(?:\.[0-9]{1,2})?")
_WHOLE = re.compile(r"0|[1-9][0-9]{0,5}")
_COMMA = re.compile(r"[0-9]+,[0-9]+(?:%|pp)?")


def _require_point(value: object) -> None:
    if isinstance(value, str) and _COMMA.fullmatch(value):
        mended = value.replace(",", ".")
        raise Misstated(
            f"write a decimal point: {mended}", f"phần thập phân viết sau dấu chấm: {mended}"
        )


def reaches(value: Fraction, bound: Fraction) -> bool:
    """Whether the value is the bound or more, in whole numbers: fractions are slow to compare."""
    numerator, denominator = value.as_integer_ratio()
    least, over = bound.as_integer_ratio()
    return numerator * over >= least * denominator


def _share(value: object) -> Fraction:
    _require_point(value)
    written = _SHARE.fullmatch(value) if isinstance(value, str) else None
    if written is None:
        raise Misstated("write the share with %, such as 20%", "viết tỷ lệ có dấu %, ví dụ 20%")
    share = Fraction(written[1]) / 100
    if share > 1:
        raise Misstated("a share is at most 100%", "tỷ lệ không quá 100%")
    return share


def _points(value: object) -> Fraction:
    _require_point(value)
    if isinstance(value, str) and value.endswith("%"):
        raise Misstated("write points, without %", "viết số điểm, không có dấu %")
    if not isinstance(value, str) or _POINTS.fullmatch(value) is None:
        raise Misstated(
            "must be points with at most two decimals, such as 70",
            "phải là số điểm, tối đa hai chữ số thập phân, ví dụ 70",
        )
    return Fraction(value)


def _whole(value: object) -> object:
    if type(value) is int:  # as the canonical policy has it
        return value
    if not isinstance(value, str) or _WHOLE.fullmatch(value) is None:
        raise Misstated("must be a whole number", "phải là số nguyên")
    return int(value)


def _truth(value: object) -> object:
    if isinstance(value, bool):
        return value
    if value not in {"true", "false"}:
        raise Misstated("write true or false", "viết true hoặc false")
    return value == "true"


@dataclass(frozen=True, slots=True)
class Excess:
    """By how much one share is above another: relatively (`15%`) or by points (`0.8pp`)."""

    amount: Fraction
    of: Literal["%", "pp"]

    def above(self, base: Fraction) -> Fraction:
        """The least share that is so much above the base."""
        return base * (1 + self.amount) if self.of == "%" else base + self.amount


def _excess(value: object) -> Excess:
    _require_point(value)
    written = _EXCESS.fullmatch(value) if isinstance(value, str) else None
    if written is None:
        raise Misstated(
            "write % (of the other share) or pp (percentage points), such as 15% or 0.8pp",
            "viết có dấu % (so với tỷ lệ kia) hoặc pp (điểm phần trăm), ví dụ 15% hoặc 0.8pp",
        )
    return Excess(Fraction(written[1]) / 100, "%" if written[2] == "%" else "pp")


def plain(value: Fraction) -> str:
    """The number as a decimal that loses nothing: such as were written end somewhere."""
    whole, rest = divmod(value.numerator * 10**8 // value.denominator, 10**8)
    return f"{whole}.{rest:08}".rstrip("0").rstrip(".")


def percent(value: Fraction) -> str:
    """The share as it was written: `20%`."""
    return f"{plain(value * 100)}%"


def _schema(pattern: str, example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, "examples": [example]})


Share: TypeAlias = Annotated[
    Fraction,
    PlainValidator(_share),
    PlainSerializer(percent, return_type=str),
    _schema(rf"^{_SHARE.pattern}$", "20%"),
]
Points: TypeAlias = Annotated[
    Fraction,
    PlainValidator(_points),
    PlainSerializer(plain, return_type=str),
    _schema(rf"^{_POINTS.pattern}$", "70"),
]
ExcessAmount: TypeAlias = Annotated[
    Excess,
    PlainValidator(_excess),
    PlainSerializer(
        lambda excess: f"{plain(excess.amount * 100)}{excess.of}",
        return_type=str,
    ),
    _schema(rf"^{_EXCESS.pattern}$", "0.8pp"),
]
Whole: TypeAlias = Annotated[int, BeforeValidator(_whole)]
Truth: TypeAlias = Annotated[bool, BeforeValidator(_truth)]
