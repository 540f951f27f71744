"""Commands described: the verbs in the OpenAPI document, as `commands` serves them."""

from collections.abc import Mapping
from datetime import date, datetime
from inspect import Parameter, Signature, cleandoc
from typing import Annotated, Any, Literal

from fastapi import Header, Path, Query
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field

from domain.values import ID_PATTERN, Value
from service.entity_tags import LIST_PATTERN
from service.http.access import Credentials, LedgerName
from service.http.commands import KEY_PATTERN, Verb
from service.http.problems import declared

DRY_RUN_HEADERS = frozenset({"ETag", "Giaoviec-Position"})


class Happened(Value):
    """One event that the command led to."""

    position: Annotated[int, Field(ge=1, description="Its number in the ledger.")]
    type: Annotated[str, Field(description="Such as `task.handed_over`.")]


class CommandReply(BaseModel):
    """What a command led to. The object's own id stands beside, as `task_id` and the like."""

    model_config = ConfigDict(extra="allow")

    ledger: str
    position: Annotated[
        int, Field(ge=0, description="Of the last event: the object's version. See `min_position`.")
    ]
    events: list[Happened]
    unchanged: Annotated[bool, Field(description="Nothing was to do; nothing was recorded.")]
    effective_on: date
    recorded_at: datetime | None


class Foreseen(Value):
    """One event that would happen."""

    type: Annotated[str, Field(description="Such as `task.handed_over`.")]
    data: dict[str, Any]


class CommandDryRun(BaseModel):
    """What a command would lead to now; nothing is recorded. The object's own id stands beside."""

    model_config = ConfigDict(extra="allow")

    ledger: str
    dry_run: Literal[True]
    position: Annotated[int, Field(ge=0, description="Of the ledger, where it was decided.")]
    events: list[Foreseen]
    unchanged: Annotated[bool, Field(description="Nothing is to do.")]
    effective_on: date


def described(*tables: tuple[Verb, ...]) -> list[APIRoute]:
    """The verbs as FastAPI describes them; never served."""
    return [_described(verb) for table in tables for verb in table]


def _described(verb: Verb) -> APIRoute:
    async def endpoint() -> None:
        raise NotImplementedError

    name = verb.path.rpartition("/")[2].replace("-", "_")
    parameters = {
        "ledger": LedgerName,
        **({verb.id_name: _id_in_path(verb)} if verb.named_in_path else {}),
        "idempotency_key": Annotated[
            str | None,
            Header(
                alias="Idempotency-Key",
                pattern=KEY_PATTERN,
                description="Makes a retry safe: the same key and request are carried out once, "
                "and the first reply is given again. Kept for ever, per token.",
            ),
        ],
        "if_match": Annotated[
            str | None,
            Header(
                alias="If-Match",
                pattern=LIST_PATTERN,
                description="The version of the object that you know, as an `ETag` that you were "
                "given: what stands before its dot is compared. Refused if it moved on.",
            ),
        ],
        "dry_run": Annotated[
            bool,
            Query(
                description="Decide, and record nothing: the reply shows what would happen, or "
                "what refuses it. The key plays no part."
            ),
        ],
        "credentials": Credentials,
        "params": verb.command.PARAMETERS,
    }
    optional: dict[str, object] = {"idempotency_key": None, "if_match": None, "dry_run": False}
    signature = Signature(
        [
            Parameter(
                parameter,
                Parameter.KEYWORD_ONLY,
                annotation=annotation,
                default=optional.get(parameter, Parameter.empty),
            )
            for parameter, annotation in parameters.items()
        ]
    )
    endpoint.__signature__ = signature  # type: ignore[attr-defined]  # inspect honours it
    summary, _, rest = cleandoc(verb.command.__doc__ or "").partition("\n")
    return APIRoute(
        f"/v1/{{ledger}}{verb.path}",
        endpoint,
        methods=["POST"],
        name=name,
        operation_id=verb.operation_id,
        status_code=verb.status,
        summary=summary,
        description=rest.strip() or summary,
        tags=[f"{verb.subject}s"],
        response_model=CommandReply if verb.new_id_name else CommandReply | CommandDryRun,
        responses={**_replies(verb), **declared(*verb.refusals)},
    )


def _id_in_path(verb: Verb) -> Any:  # noqa: ANN401  an annotation
    subject = verb.subject.replace("_", " ")
    return Annotated[str, Path(pattern=ID_PATTERN, description=f"The {subject}'s id.")]


def _replies(verb: Verb) -> dict[int | str, dict[str, Any]]:
    """The replies of success. A dry run is answered with 200, also where the command creates."""
    done = {"description": "Done.", "headers": _reply_headers(creates=verb.new_id_name is not None)}
    if verb.new_id_name is None:
        return {verb.status: {**done, "description": "Done; or, with `dry_run`, foreseen."}}
    headers = {
        name: header
        for name, header in _reply_headers(creates=False).items()
        if name in DRY_RUN_HEADERS
    }
    foreseen = {"description": "Foreseen.", "headers": headers, "model": CommandDryRun}
    return {200: foreseen, verb.status: done}


def _reply_headers(*, creates: bool) -> Mapping[str, Any]:
    texts = {
        "ETag": "The object's version, a dot, and a digest of this reply; for `If-Match`.",
        "Giaoviec-Position": "The position of the last event, for min_position.",
        **({"Location": "The object created."} if creates else {}),
    }
    return {
        name: {"description": text, "schema": {"type": "string"}, "required": True}
        for name, text in texts.items()
    } | {
        "Idempotency-Replayed": {
            "description": "`true` if this is the stored reply to an earlier request.",
            "schema": {"type": "string", "enum": ["true"]},
        }
    }
