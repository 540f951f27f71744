"""Validation: pydantic's errors become faults with a place and a message in Vietnamese.

Pydantic's path names the branches of a union. It becomes a JSON pointer (RFC 6901) into the body as
it was sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeAlias

from pydantic_core import ErrorDetails

from domain.values import Impossible
from service.language import Language
from service.patterns import described

Where: TypeAlias = Literal["pointer", "parameter", "header"]

VIETNAMESE = {
    "bool_type": "phải là true hoặc false",
    "bool_parsing": "phải là true hoặc false",
    "date_from_datetime_parsing": "phải là ngày có thật, dạng 2021-05-31",
    "date_parsing": "phải là ngày có thật, dạng 2021-05-31",
    "date_type": "phải là ngày, dạng 2021-05-31",
    "datetime_from_date_parsing": "phải là thời điểm theo RFC 3339",
    "datetime_parsing": "phải là thời điểm theo RFC 3339",
    "datetime_type": "phải là thời điểm theo RFC 3339",
    "timezone_aware": "phải có múi giờ",
    "decimal_max_digits": "có quá nhiều chữ số (tối đa {max_digits})",
    "decimal_max_places": "có quá nhiều chữ số thập phân (tối đa {decimal_places})",
    "decimal_parsing": "phải là số",
    "decimal_type": "phải là số",
    "decimal_whole_digits": "có quá nhiều chữ số trước dấu thập phân (tối đa {whole_digits})",
    "dict_type": "phải là một đối tượng JSON",
    "enum": "phải là một trong: {expected}",
    "extra_forbidden": "trường hoặc tham số không được hỗ trợ",
    "finite_number": "phải là số hữu hạn",
    "float_parsing": "phải là số",
    "float_type": "phải là số",
    "frozen_set_type": "phải là một danh sách",
    "greater_than": "phải lớn hơn {gt}",
    "greater_than_equal": "phải từ {ge} trở lên",
    "int_from_float": "phải là số nguyên",
    "int_parsing": "phải là số nguyên",
    "int_parsing_size": "là số quá lớn",
    "int_type": "phải là số nguyên",
    "less_than": "phải nhỏ hơn {lt}",
    "less_than_equal": "phải không quá {le}",
    "list_type": "phải là một danh sách",
    "literal_error": "phải là một trong: {expected}",
    "missing": "còn thiếu",
    "model_attributes_type": "phải là một đối tượng JSON",
    "model_type": "phải là một đối tượng JSON",
    "multiple_of": "phải là bội của {multiple_of}",
    "repeated": "được nêu hai lần",
    "set_type": "phải là một danh sách",
    "string_pattern_mismatch": "phải theo mẫu {pattern}",
    "string_too_long": "không được dài quá {max_length} ký tự",
    "string_too_short": "phải có ít nhất {min_length} ký tự",
    "string_type": "phải là chuỗi",
    "string_unicode": "phải là Unicode hợp lệ",
    "too_long": "không được có quá {max_length} mục",
    "too_short": "phải có ít nhất {min_length} mục",
    "tuple_type": "phải là một danh sách",
    "union_tag_invalid": "{discriminator} phải là một trong: {expected_tags}",
    "union_tag_not_found": "còn thiếu {discriminator}",
    "uuid_parsing": "phải là UUID",
    "uuid_type": "phải là UUID",
}
OTHERWISE = "không hợp lệ: {english}"
# Of a message's values, those that pydantic joins with an English "or".
CHOICES = frozenset({"expected", "expected_tags"})
PARAMETER_PLACES: dict[str, Where] = {"path": "parameter", "query": "parameter", "header": "header"}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a request.

    Attributes:
        where: what `at` is: a JSON pointer into the body, a path or query parameter, a header.
        at: such as `#/proposal/term/to_on`, `after`, `If-Match`.
        kind: pydantic's type of the error, such as `string_too_short`.
        english: pydantic's message.
        context: the values in the message.
        is_impossible: what was sent follows the description, and cannot be.
    """

    where: Where
    at: str
    kind: str
    english: str
    context: dict[str, object]
    is_impossible: bool = False


def message(fault: Fault, language: Language) -> str:
    """Return the fault's message in the reader's language."""
    if fault.kind == "string_pattern_mismatch":
        words = described(fault.context.get("pattern"), language)
        if words is not None:
            return words
    if language == "en":
        return fault.english
    own = fault.context.get("vietnamese")
    if isinstance(own, str):
        return own
    context = {
        name: value.replace(" or ", " hoặc ")
        if name in CHOICES and isinstance(value, str)
        else _written(value)
        for name, value in fault.context.items()
    }
    return VIETNAMESE.get(fault.kind, OTHERWISE).format_map({**context, "english": fault.english})


def _written(value: object) -> object:
    """A bound as it is written in Vietnamese."""
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else value


def body_faults(errors: Sequence[ErrorDetails], document: object) -> list[Fault]:
    """Return the faults of a body; `document` is the parsed body.

    An array is too short only where it was sent so: pydantic does not count the items in which it
    found faults.
    """
    return [
        _fault("pointer", _pointer(error, document), error)
        for error in errors
        if error["type"] != "too_short" or _is_too_short(error, document)
    ]


def _is_too_short(error: ErrorDetails, document: object) -> bool:
    """Whether the array at this place, as it was sent, is shorter than it must be."""
    here = document
    for step in error["loc"]:
        if _has(here, step):
            here = here[step]  # type: ignore[index]  # _has says so
    return not isinstance(here, list) or len(here) < error["ctx"]["min_length"]


def made_whole(document: Any, path: Sequence[int | str]) -> bool:  # noqa: ANN401  JSON
    """Write 2021.0 at this place as 2021, for it is a whole number in JSON; tell if it was so."""
    holder, key, here = document, None, document
    for step in path:
        if _has(here, step):
            holder, key, here = here, step, here[step]
    if key is None or not isinstance(here, float) or not here.is_integer():
        return False
    holder[key] = int(here)
    return True


def request_faults(errors: Sequence[Any]) -> list[Fault]:
    """Return the faults of path, query and headers that FastAPI reports."""
    return [
        _fault(PARAMETER_PLACES.get(str(error["loc"][0]), "parameter"), str(error["loc"][1]), error)
        for error in errors
    ]


def _fault(where: Where, at: str, error: ErrorDetails) -> Fault:
    context = dict(error.get("ctx", {}))
    cause = context.get("error")
    english = str(cause) if isinstance(cause, ValueError) else error["msg"]
    vietnamese = getattr(cause, "vietnamese", None)
    if vietnamese is not None:
        context["vietnamese"] = vietnamese
    is_impossible = isinstance(cause, Impossible)
    return Fault(where, at, error["type"], english, context, is_impossible)


def _pointer(error: ErrorDetails, document: object) -> str:
    steps: list[str] = []
    here = document
    *path, last = error["loc"] or ("",)
    for step in path:
        if _has(here, step):
            steps.append(str(step))
            here = here[step]  # type: ignore[index]  # _has says so
    if error["type"] == "missing" or _has(here, last):
        steps.append(str(last))
    return "".join(["#", *("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)])


def _has(here: object, step: object) -> bool:
    if isinstance(here, dict):
        return step in here
    return isinstance(here, list) and isinstance(step, int) and step < len(here)
