"""Wording: what pydantic finds wrong with a file's value, in Vietnamese and in English.

An unknown key proposes the known one that is nearest to it.
"""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Annotated, Any, NamedTuple, get_args, get_origin

from pydantic import BaseModel, Tag
from pydantic_core import ErrorDetails

from domain.regulations.files.faults import Path

VIETNAMESE: Mapping[str, str] = {
    "date_from_datetime_parsing": "phải là ngày có thật, dạng 2021-05-31",
    "date_parsing": "phải là ngày có thật, dạng 2021-05-31",
    "dict_type": "phải gồm các mục «tên: giá trị»",
    "greater_than_equal": "phải từ {ge} trở lên",
    "less_than_equal": "phải không quá {le}",
    "literal_error": "phải là một trong: {expected}",
    "missing": "còn thiếu mục này",
    "model_attributes_type": "phải gồm các mục «tên: giá trị»",
    "model_type": "phải gồm các mục «tên: giá trị»",
    "string_too_long": "không được dài quá {max_length} ký tự",
    "string_too_short": "không được để trống",
    "string_type": "phải là chữ",
    "too_long": "không được có quá {max_length} mục",
    "tuple_type": "phải là danh sách",
}
PATTERNS: Mapping[str, tuple[str, str]] = {
    r"^[a-z][a-z0-9_]{0,39}$": (
        "phải là tên viết bằng a–z, 0–9 và dấu gạch dưới, ví dụ unit_heads",
        "must be a name of a-z, 0-9 and underscores, such as unit_heads",
    ),
    r"^[a-z0-9][a-z0-9._-]{0,63}$": (
        "phải là mã viết bằng a–z, 0–9, dấu gạch ngang, chấm, ví dụ ban-thuong-vu",
        "must be an id of a-z, 0-9, hyphens and dots, such as ban-thuong-vu",
    ),
    r"^[0-9A-Za-z][0-9A-Za-z.-]{0,19}$": (
        "phải là số hiệu, ví dụ 1 hoặc 2.3",
        "must be a code, such as 1 or 2.3",
    ),
}


class Words(NamedTuple):
    """One sentence in both languages."""

    vietnamese: str
    english: str


def words(error: ErrorDetails, shape: Any) -> Words:  # noqa: ANN401  any type that has a schema
    """What the error says, about a value of that shape."""
    context = error.get("ctx", {})
    cause, kind = context.get("error"), error["type"]
    if cause is not None and hasattr(cause, "vietnamese"):
        return Words(cause.vietnamese, str(cause))
    if kind == "string_pattern_mismatch" and context.get("pattern") in PATTERNS:
        return Words(*PATTERNS[context["pattern"]])
    if kind == "extra_forbidden":
        return unknown_key(str(error["loc"][-1]), known_at(shape, error["loc"][:-1]))
    said = {name: _listed(value) for name, value in context.items()}
    return Words(
        VIETNAMESE.get(kind, "không hợp lệ: {english}").format_map(
            {**said, "english": error["msg"]}
        ),
        error["msg"],
    )


def unknown_key(key: str, known: list[str]) -> Words:
    """That there is no such key here, and which known one is nearest to it."""
    near = get_close_matches(key, known, n=1, cutoff=0.6)
    vietnamese = "không có mục này trong từ vựng"
    english = "no such key"
    if near:
        return Words(f"{vietnamese}; có phải «{near[0]}»?", f"{english}; is it `{near[0]}`?")
    if not key.isascii() or " " in key:
        return Words(
            f"{vietnamese}; chữ có dấu phẩy hoặc hai chấm thì đặt trong ngoặc kép",
            f"{english}; put text with a comma or colon in quotes",
        )
    listed = ", ".join(known)
    return Words(f"{vietnamese}; có các mục: {listed}", f"{english}; there are: {listed}")


def _listed(value: object) -> object:
    """Pydantic's list of choices, with a Vietnamese or."""
    return value.replace(" or ", " hoặc ") if isinstance(value, str) else value


def known_at(shape: Any, path: Path) -> list[str]:  # noqa: ANN401  a type, or a shape of one
    """The keys that the shape knows at the path; none where it is no mapping of keys."""
    if isinstance(shape, type) and issubclass(shape, BaseModel):
        if not path:
            return list(shape.model_fields)
        field = shape.model_fields.get(str(path[0]))
        return [] if field is None else known_at(field.annotation, path[1:])
    found = (known_at(*inner) for inner in _within(shape, path))
    return next(filter(None, found), [])


def _within(shape: Any, path: Path) -> Iterator[tuple[Any, Path]]:  # noqa: ANN401  a type, or a shape of one
    """What the path may lead to within a list, a mapping, or the branches of a union."""
    origin, arguments = get_origin(shape), get_args(shape)
    if origin is Annotated:
        tag = next((mark.tag for mark in arguments[1:] if isinstance(mark, Tag)), None)
        if tag is None:
            yield arguments[0], path
        elif path and path[0] == tag:
            yield arguments[0], path[1:]
    elif origin is tuple or origin is dict:
        yield (arguments[0] if origin is tuple else arguments[1]), path[1:]
    else:
        yield from ((argument, path) for argument in arguments)
