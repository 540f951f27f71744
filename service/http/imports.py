"""Imports over HTTP: a file is sent, and its job followed until every row has its result."""

from email.message import Message
from functools import partial
from typing import Annotated, Literal, NamedTuple, TypeAlias
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Path, Request, Response
from pydantic import Field

from domain.kernel import Invalid, Refusal
from domain.tasks.beginning.approval import ApproveTask
from domain.values import Day, Line
from projections.filters import Truth
from service.access.principals import Principal
from service.components import Service
from service.http.access import (
    AUTHENTICATED,
    OF_A_LEDGER,
    Credentials,
    Decider,
    LedgerName,
    address_of,
    authenticated,
    bearer,
)
from service.http.addresses import address
from service.http.faults import BodyTooLarge, MediaTypeUnsupported, NotAuthenticated
from service.http.import_reports import (
    LISTED_FINDINGS,
    ImportItem,
    ImportList,
    ImportReply,
    item_of,
)
from service.http.problems import declared
from service.http.reads.query import QueryParams, described, query_params
from service.http.reads.whole_lists import Counted
from service.imports.endings import ImportOver, told_of_ending
from service.imports.file_kinds import EFFECTIVE_ON, NEEDED, FileKind
from service.imports.findings import report
from service.imports.jobs import ImportUnknown, Upload
from service.imports.sheets import FileFormat
from service.language import language_of
from service.log.events import LedgerUnknown

router = APIRouter(tags=["imports"])

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# RFC 4180 names the first; older programs, and Windows for its .csv, the others.
CSV_TYPES = (
    "text/csv",
    "application/csv",
    "application/vnd.ms-excel",
    "text/comma-separated-values",
    "text/tab-separated-values",
    "text/plain",
)
# The names that older programs give are taken, and not described: clients need not know them.
DESCRIBED = tuple(name for name in CSV_TYPES if name.startswith("text/"))
WORKBOOK_BEGINS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
CHARSETS = frozenset({"utf-8", "utf8", "us-ascii"})
# What some clients send all files as; how it begins tells a workbook.
ANY_FILE = "application/octet-stream"
JSON = "application/json"
FILE_NAME = "file"


class FileMissing(Invalid):
    """The request needs a file, and its body is empty.

    Yêu cầu phải có tệp nhưng nội dung đang để trống.
    """


class FileTypeUnsupported(MediaTypeUnsupported):
    """A file is sent as text/csv in UTF-8 or as an XLSX workbook.

    Tệp phải gửi dạng text/csv mã UTF-8 hoặc bảng tính XLSX.
    """


class ApproverNotAuthenticated(NotAuthenticated):
    """The token of Approver-Authorization is not valid: it may be unknown, expired or revoked.

    Mã truy cập trong Approver-Authorization không hợp lệ: có thể sai, hết hạn hoặc bị thu hồi.
    """


class SendParams(QueryParams):
    """How the file is to be imported."""

    dry_run: Annotated[
        Truth, Field(description="Decide on every row as if it were recorded; record nothing.")
    ] = False
    file: Annotated[Line, Field(description="What the report calls the file.")] = FILE_NAME
    document_number: Annotated[
        Line | None,
        Field(description="Of the act that a territory's rows cite, where they name none."),
    ] = None
    document_issued_on: Annotated[Day | None, Field(description="Of the same act.")] = None
    document_issuing_body: Annotated[Line | None, Field(description="Of the same act.")] = None

    effective_on: Annotated[
        Day | None,
        Field(description="From which day a list or table counts, where its rows give none."),
    ] = None

    @property
    def beside(self) -> dict[str, object] | None:
        """The document and the day, as far as they are given beside the file."""
        given = {
            "number": self.document_number,
            "issued_on": self.document_issued_on and self.document_issued_on.isoformat(),
            "issuing_body": self.document_issuing_body,
            EFFECTIVE_ON: self.effective_on and self.effective_on.isoformat(),
        }
        return {name: value for name, value in given.items() if value is not None} or None


class ReportParams(QueryParams):
    """The format of the report."""

    format: Annotated[
        Literal["json", "csv"], Field(description="`csv`: every finding, a row each.")
    ] = "json"


KindPath: TypeAlias = Annotated[FileKind, Path(description="What the file lists.")]
JobPath: TypeAlias = Annotated[UUID, Path(description="The job of an import.")]
SENDING: tuple[type[Refusal], ...] = (
    *AUTHENTICATED,
    LedgerUnknown,
    ApproverNotAuthenticated,
    FileMissing,
    FileTypeUnsupported,
    BodyTooLarge,
)
BINARY = {"schema": {"type": "string", "format": "binary", "minLength": 1}}
# A file of the kind `units`.
UNITS = "unit_id,name,kind\nyen-son,Huyện Yên Sơn,district\n"
TEXT = {**BINARY, "example": UNITS}
TABBED = "text/tab-separated-values"
TABBED_TEXT = {**BINARY, "example": UNITS.replace(",", "\t")}


class Callers(NamedTuple):
    """Who sends a file, and who decides on what it registers."""

    proposer: Principal
    approver: Principal | None


async def callers(
    request: Request,
    ledger: LedgerName,
    name: KindPath,
    _: Credentials,
    __: Annotated[
        str | None,
        Header(
            alias="approver-authorization",
            description="`Bearer` and the token of who approves and assigns what the file "
            "registers: whoever registers a task may not approve it.",
        ),
    ] = None,
) -> Callers:
    """The callers, who may do in this ledger, which exists, what files of the kind need.

    Raises:
        NotAuthenticated, ApproverNotAuthenticated, RoleForbids, LedgerUnknown.
    """
    service: Service = request.app.state.service
    proposer = await authenticated(request.scope, service.authentication)
    proposer.require("send_import", ledger)
    proposer.authority(NEEDED[name], ledger)
    approver = await _approver(service, ledger, request)
    await service.log.require_ledger(ledger)
    return Callers(proposer, approver)


@router.post(
    "/v1/{ledger}/imports/{name}",
    operation_id="send_import",
    status_code=202,
    response_model=ImportItem,
    responses={
        202: {
            "headers": {
                "Location": {
                    "description": "The job.",
                    "schema": {"type": "string"},
                    "required": True,
                }
            }
        },
        **declared(*SENDING),
    },
    openapi_extra={
        **described(SendParams),
        "requestBody": {
            "required": True,
            "content": {
                **dict.fromkeys((*DESCRIBED, ANY_FILE), TEXT),
                TABBED: TABBED_TEXT,
                XLSX: BINARY,
            },
        },
    },
)
async def send_import(
    request: Request,
    ledger: LedgerName,
    name: KindPath,
    by: Annotated[Callers, Depends(callers)],
    params: Annotated[SendParams, Depends(query_params(SendParams))],
) -> Response:
    """Send a file; each row goes through the usual commands.

    A row is recorded once for ever: send a mended file again, and only what is new is recorded.
    """
    service: Service = request.app.state.service
    media_type = _media_type(request)
    content = await _content(request, service.settings.import_limit_bytes)
    job = await service.imports.submit(
        Upload(
            ledger=ledger,
            kind=name,
            file_format=_file_format(media_type, content),
            file=params.file,
            content=content,
            dry_run=params.dry_run,
            proposer_token=by.proposer.token_id,
            approver_token=None if by.approver is None else by.approver.token_id,
            correlation_id=request.scope["correlation_id"],
            act=params.beside,
        )
    )
    service.import_worker.wake()
    return Response(
        item_of(job).model_dump_json(),
        status_code=202,
        media_type=JSON,
        headers={"Location": address(request.scope, f"/v1/{ledger}/imports/{job.job}")},
    )


# Findings may name persons: only those who decide see them.
@router.get(
    "/v1/{ledger}/imports",
    operation_id="list_imports",
    responses=declared(*OF_A_LEDGER),
    response_model_exclude_unset=True,
    openapi_extra=described(Counted),
)
async def list_imports(
    request: Request,
    ledger: LedgerName,
    _: Decider,
    params: Annotated[Counted, Depends(query_params(Counted))],
) -> ImportList:
    """The last files sent to the ledger, the newest first."""
    service: Service = request.app.state.service
    items = [item_of(job) for job in await service.imports.latest(ledger)]
    total = await service.imports.total(ledger) if params.count else 0
    return ImportList.model_validate({"items": items, **params.totals(total)})


@router.get(
    "/v1/{ledger}/imports/{name}",
    operation_id="read_import",
    response_model=ImportReply,
    responses={
        200: {"content": {"text/csv": {"schema": {"type": "string"}}}},
        **declared(*OF_A_LEDGER, ImportUnknown),
    },
    openapi_extra=described(ReportParams),
)
async def read_import(
    request: Request,
    ledger: LedgerName,
    name: JobPath,
    _: Decider,
    params: Annotated[ReportParams, Depends(query_params(ReportParams))],
) -> Response:
    """How far an import is, and what is wrong with which rows."""
    service: Service = request.app.state.service
    job = await service.imports.find(ledger, name)
    language = language_of(request.scope)
    respond = partial(Response, headers={"Content-Language": language, "Vary": "Accept-Language"})
    told = told_of_ending(job)
    if params.format == "csv":
        findings, _total = await service.imports.findings(job)
        file = respond(
            report(job.file, [*told, *findings], language), media_type="text/csv; charset=utf-8"
        )
        # Never the name that a client gave.
        file.headers["Content-Disposition"] = f'attachment; filename="import-{job.job}.csv"'
        return file
    findings, total = await service.imports.findings(job, LISTED_FINDINGS)
    items = [finding.item(language) for finding in (*told, *findings)]
    reply = ImportReply.model_validate(
        {**dict(item_of(job)), "findings": items, "findings_total": total + len(told)}
    )
    return respond(reply.model_dump_json(), media_type=JSON)


@router.post(
    "/v1/{ledger}/imports/{name}/cancel",
    operation_id="cancel_import",
    status_code=202,
    responses=declared(*OF_A_LEDGER, ImportUnknown, ImportOver),
)
async def cancel_import(
    request: Request, ledger: LedgerName, name: JobPath, by: Decider
) -> ImportItem:
    """Cancel an import: one that waits ends at once, one that runs within seconds.

    What it recorded stays on record.
    """
    service: Service = request.app.state.service
    job = await service.imports.find(ledger, name)
    by.authority(NEEDED[job.kind], ledger)
    await service.import_endings.cancel(job)
    return item_of(await service.imports.find(ledger, name))


async def _approver(service: Service, ledger: str, request: Request) -> Principal | None:
    if "approver-authorization" not in request.headers:
        return None
    token, address = bearer(request.scope, b"approver-authorization"), address_of(request.scope)
    approver = None if token is None else await service.authentication.principal(token, address)
    if approver is None:
        raise ApproverNotAuthenticated
    approver.authority(ApproveTask, ledger)
    return approver


def _media_type(request: Request) -> str:
    """The file's media type.

    Raises:
        FileTypeUnsupported: no list is sent as such, or not in UTF-8.
    """
    header = Message()
    header["content-type"] = request.headers.get("content-type", "")
    media_type = header.get_content_type()
    charset = header.get_content_charset("utf-8")
    if media_type not in {*CSV_TYPES, XLSX, ANY_FILE} or charset not in CHARSETS:
        raise FileTypeUnsupported
    return media_type


def _file_format(media_type: str, content: bytes) -> FileFormat:
    """The format; a type that stands for either is decided by how the file begins."""
    is_workbook = media_type == XLSX or (
        media_type != CSV_TYPES[0] and content.startswith(WORKBOOK_BEGINS)
    )
    return "xlsx" if is_workbook else "csv"


async def _content(request: Request, limit: int) -> bytes:
    """The file; reading stops once it is too large.

    Raises:
        BodyTooLarge, FileMissing.
    """
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > limit:
            raise BodyTooLarge(limit_bytes=limit)
    if not content:
        raise FileMissing
    return bytes(content)
