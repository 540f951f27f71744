"""Query parameters that every read takes: a day, a position to wait for, a place in a list."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime
from inspect import Parameter, signature
from typing import Annotated, Any, TypeAlias, TypeVar, get_args, get_origin
from urllib.parse import parse_qsl

from fastapi import Path, Request
from fastapi.exceptions import RequestValidationError
from pydantic import AfterValidator, Field, ValidationError

from domain.kernel import Invalid, Refusal
from domain.values import ID_PATTERN, Day, Misstated, Value
from projections.filters import PLAIN_DIGITS, Filters, Truth
from projections.statement import MOST_COUNTED
from service.http.access import OF_A_LEDGER
from service.http.faults import ReplicaBehind
from service.http.problems import Declared, declared
from service.read_models.known import NothingRecordedYet
from service.read_models.projector import PositionNotRecorded, ProjectionBehind
from service.read_models.snapshots import (
    InstantAhead,
    SnapshotFailed,
    SnapshotNotReady,
    SnapshotOutdated,
    SnapshotUnknown,
)

LAST_POSITION = 2**53 - 1
LONGEST_PAGE = 200
CURSOR_LENGTH = 2000
# A position, an instant, or a name.
KNOWN_AT_PATTERN = r"^[0-9A-Za-z][0-9A-Za-z._:+-]{0,63}$"


class CursorUnusable(Invalid):
    """The cursor is not of this list, its filters, order, day and epoch: begin again without it.

    Mã trang không dùng được cho danh sách, bộ lọc, thứ tự, ngày và thế hệ này của sổ; hãy tải lại
    từ trang đầu.
    """


class SnapshotRequired(Invalid):
    """This is asked of the whole ledger: make a snapshot of position {position} first, and name it.

    Câu hỏi này về toàn bộ sổ: hãy lập bản chụp tại vị trí {position} trước rồi nêu tên bản chụp.
    """


Position: TypeAlias = Annotated[int, Field(ge=0, le=LAST_POSITION), PLAIN_DIGITS]


class QueryParams(Filters):
    """Parameters of the address; any other name is refused."""


Model = TypeVar("Model", bound=QueryParams)


class UpToDate(QueryParams):
    """A position the answer must contain."""

    min_position: Annotated[
        Position | None,
        Field(
            description="Wait until the answer contains the event at this position, such as the "
            "one a command's reply named."
        ),
    ] = None


def instant(text: str) -> datetime | None:
    """The instant that RFC 3339 text names; None if it is none.

    Raises:
        Misstated: it says no offset from UTC.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    if at.tzinfo is None:
        raise Misstated(
            "an instant needs its offset from UTC, such as 2021-06-30T17:00:00Z",
            "thời điểm phải kèm múi giờ, ví dụ 2021-06-30T17:00:00Z",
        )
    return at


def _with_offset(text: str) -> str:
    instant(text)
    return text


class UpTo(UpToDate):
    """Up to where the log is known."""

    known_at: Annotated[
        Annotated[str, Field(pattern=KNOWN_AT_PATTERN), AfterValidator(_with_offset)] | None,
        Field(
            description="What the service would have answered when the log had reached this "
            "position, or at this RFC 3339 instant; of a whole ledger, the name or the position "
            "of a snapshot."
        ),
    ] = None


class OfDay(UpTo):
    """A day, what is known of it, and a position the answer must contain."""

    as_of: Annotated[
        Day | None,
        Field(
            description="The day asked about; if left out, today in Vietnam, or the day of "
            "`known_at`."
        ),
    ] = None


class InPages(QueryParams):
    """A place in a list, and whether the whole of it is counted."""

    count: Annotated[
        Truth,
        Field(
            description=f"Give `total` beside the items of a page: how many the whole list has. "
            f"{MOST_COUNTED:,} are counted at most."
        ),
    ] = False

    limit: Annotated[
        int, Field(ge=1, le=LONGEST_PAGE, description="At most so many items."), PLAIN_DIGITS
    ] = 50
    cursor: Annotated[
        Annotated[str, Field(pattern=r"^[A-Za-z0-9_=-]+$", max_length=CURSOR_LENGTH)] | None,
        Field(description="Where the page before ended: its `next_cursor`, or follow its `Link`."),
    ] = None


class Standing(Value):
    """Where an answer stands."""

    position: Annotated[int, Field(description="The last event this answer contains.")]
    as_of: Annotated[date, Field(description="The day it is about.")]


class Page(Standing):
    """Items, where they stand, and where the list goes on."""

    next_cursor: Annotated[str | None, Field(description="Of the next page, if there is one.")]
    total: Annotated[
        int | None, Field(ge=0, description="How many items the whole list has, with `count=true`.")
    ] = None
    total_is_exact: Annotated[
        bool | None,
        Field(
            description=f"Whether it has no more than that: {MOST_COUNTED:,} are counted at most."
        ),
    ] = None


class Single(Standing):
    """One item, and where it stands."""


def with_ids(
    endpoint: Callable[..., Any], model: type[QueryParams], *subjects: str
) -> Callable[..., Any]:
    """The endpoint, whose `**path` is declared to FastAPI as the ids of these that its path names.

    It takes each by name, such as `task_id`. Its parameters are noted at it, so that it can be
    served without FastAPI: see `service.http.dispatch`.
    """
    endpoint.params = model  # type: ignore[attr-defined]  # what dispatch reads
    kept = [one for one in signature(endpoint).parameters.values() if one.name != "path"]
    for subject in subjects:
        path = Annotated[str, Path(pattern=ID_PATTERN, description=f"The {subject}'s id.")]
        kept.append(Parameter(f"{subject}_id", Parameter.KEYWORD_ONLY, annotation=path))
    endpoint.__signature__ = signature(endpoint).replace(parameters=kept)  # type: ignore[attr-defined]  # what FastAPI reads
    return endpoint


def refusals(*further: type[Refusal]) -> Declared:
    """The problems of a read: those of all, and its own."""
    return declared(
        *OF_A_LEDGER,
        ProjectionBehind,
        ReplicaBehind,
        PositionNotRecorded,
        NothingRecordedYet,
        InstantAhead,
        SnapshotRequired,
        SnapshotUnknown,
        SnapshotNotReady,
        SnapshotFailed,
        SnapshotOutdated,
        *further,
    )


def query_params(model: type[Model]) -> Callable[[Request], Awaitable[Model]]:
    """A dependency that reads the parameters of the address.

    FastAPI's own looks at every field's annotation anew in every request, which takes longer than
    the answer. What it would describe, `described` does.

    Raises:
        RequestValidationError: a parameter is unknown, wrong, or repeated without being a list.
    """
    lists = [name for name, field in model.model_fields.items() if _is_list(field.annotation)]

    async def params(request: Request) -> Model:
        query: bytes = request.scope["query_string"]
        pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True) if query else []
        values: dict[str, object] = dict(pairs)
        if len(values) != len(pairs):
            names = [name for name, _ in pairs if name not in lists]
            repeated = [name for name in dict.fromkeys(names) if names.count(name) > 1]
            if repeated:
                raise RequestValidationError([_repeated(name) for name in repeated])
        for name in lists:
            if name in values:
                values[name] = [value for given, value in pairs if given == name]
        try:
            return model.model_validate(values)
        except ValidationError as invalid:
            raise RequestValidationError(
                [{**error, "loc": ("query", *error["loc"][:1])} for error in invalid.errors()]
            ) from None

    return params


def described(model: type[QueryParams]) -> dict[str, Any]:
    """The parameters in OpenAPI, as `openapi_extra` of a route takes them."""
    schema = model.model_json_schema()
    definitions = schema.get("$defs", {})
    required = schema.get("required", ())
    return {
        "parameters": [
            {**_parameter(name, field, definitions), "required": name in required}
            for name, field in schema["properties"].items()
        ]
    }


def _parameter(name: str, field: Mapping[str, Any], definitions: Mapping[str, Any]) -> Any:  # noqa: ANN401  JSON
    """One parameter; left out is what null says in the model."""
    shape = {key: value for key, value in field.items() if key not in {"anyOf", "description"}}
    for option in field.get("anyOf", [{}]):
        if option.get("type") != "null":
            shape |= option
    if "$ref" in shape:
        shape |= definitions[shape.pop("$ref").rpartition("/")[2]]
    if shape.get("default", ...) is None:
        del shape["default"]
    described = {"name": name, "in": "query", "schema": shape}
    return (
        {**described, "description": field["description"]} if "description" in field else described
    )


def _is_list(annotation: object) -> bool:
    """Whether a parameter of this type may be given several times."""
    return get_origin(annotation) is tuple or any(map(_is_list, get_args(annotation)))


def _repeated(name: str) -> dict[str, Any]:
    return {"type": "repeated", "loc": ("query", name), "msg": "is given twice", "input": name}
