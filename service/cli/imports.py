"""Import: a file of units, posts, officials, tasks or territory; it may be run again."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import typer
from rich.markup import escape
from rich.progress import TimeRemainingColumn
from uuid_utils.compat import uuid7

from service.access.entries import EXTEND, refused_token
from service.access.principals import Principal
from service.access.record import AccessRecord
from service.access.recorders import Recorders
from service.access.tokens import Tokens
from service.cli.import_request import Options
from service.cli.output import FAILED, err, fail, print_json, print_table, progress
from service.cli.running import connected, run
from service.cli.token_given import GivenToken
from service.clocks import Clocks
from service.database.engine import Pool
from service.handle import CommandHandler, utc_now
from service.http.faults import NotAuthenticated
from service.imports.cell_parsers import day
from service.imports.dry_run import dry_run_handler
from service.imports.file_kinds import (
    EFFECTIVE_ON,
    LAYOUTS,
    FileKind,
    given_beside,
    import_sheet,
)
from service.imports.findings import HEADINGS, FileUnusable, Finding, NotUnderstood, report
from service.imports.made_ids import MadeIds
from service.imports.row_importer import RowImporter, RowResult
from service.imports.sheets import FileFormat, open_sheet
from service.language import Language
from service.log.codec import Codec
from service.log.log import Log
from service.log.master_keys import MasterKeys
from service.log.notifications import Notifications
from service.log.sealing import PersonKeys
from service.observability.metrics import Metrics
from service.settings import Settings
from service.supervision import Tasks
from service.terminal import harmless

FORMATS: dict[str, FileFormat] = {".csv": "csv", ".tsv": "csv", ".txt": "csv", ".xlsx": "xlsx"}


class ImportRequest(NamedTuple):
    """What is imported where, by whom."""

    kind: FileKind
    file: Path
    ledger: str
    token: GivenToken
    approver_token: GivenToken | None
    dry_run: bool
    beside: dict[str, object]


# How many rows had which status.
WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "imported": "{} imported",
        "unchanged": "{} unchanged",
        "refused": "{} refused",
        "dry run": " (dry run: nothing recorded)",
    },
    "vi": {
        "imported": "{} hàng đã nhập",
        "unchanged": "{} hàng không thay đổi",
        "refused": "{} hàng bị từ chối",
        "dry run": " (chạy thử: chưa ghi gì)",
    },
}


class Result(NamedTuple):
    """How many rows had which status, and what is wrong with them."""

    counts: Counter[str]
    findings: list[Finding]


def import_file(options: Options) -> None:
    """Import the file, and show what became of its rows."""
    file, language = options.file, options.language
    if file.suffix.lower() not in FORMATS:
        raise typer.BadParameter(f"the file's name must end in {', '.join(FORMATS)}")
    beside = {} if options.document is None else _act(*options.document)
    if options.effective_on is not None:
        beside[EFFECTIVE_ON] = _day(options.effective_on).isoformat()
    if options.report_file is not None:
        # What cannot be written is told before anything is recorded.
        options.report_file.open("a").close()
    request = ImportRequest(
        FileKind(options.kind),
        file,
        options.ledger,
        options.token,
        options.approver_token,
        options.dry_run,
        beside,
    )
    result = run(lambda settings: _import(settings, request))
    _show(result, file.name, language, dry_run=options.dry_run, as_json=options.as_json)
    if options.report_file is not None:
        _write(report(file.name, result.findings, language), options.report_file)
    if result.findings:
        raise typer.Exit(FAILED)


def _write(text: str, file: Path) -> None:
    try:
        file.write_text(f"\ufeff{text}", encoding="utf-8", newline="")
    except OSError as failure:  # a disk without room has none for what is written, only
        fail(f"the report {file} cannot be written: {failure.strerror}")


def _act(number: str, issued: str, issuer: str) -> dict[str, object]:
    return {"number": number, "issued_on": _day(issued), "issuing_body": issuer}


def _day(written: str) -> date:
    try:
        return day(written)
    except NotUnderstood as fault:
        raise typer.BadParameter(f"{fault.what.en}: {fault.mend.en}") from None


async def _import(settings: Settings, request: ImportRequest) -> Result:
    async with connected(settings) as pool, access_record(settings, pool) as record:
        tokens = Tokens(pool)
        proposer = await principal_of(tokens, request.token, record)
        approver = None
        if (approving := request.approver_token) is not None:
            approver = await principal_of(tokens, approving, record)
        async with command_handler(settings, pool, dry_run=request.dry_run) as commands:
            importer = RowImporter(
                commands,
                uuid7(),
                request.ledger,
                proposer,
                approver,
                uuid7(),
                record.refused,
                made_ids=MadeIds(pool, records=not request.dry_run),
            )
            return await _import_file(importer, request)


@asynccontextmanager
async def access_record(settings: Settings, pool: Pool) -> AsyncIterator[AccessRecord]:
    """Yield what takes the refusals of commands given on the host, and write them at the end."""
    record = AccessRecord(pool, Tasks(), settings.access_record_days)
    await pool.execute(EXTEND)
    try:
        yield record
    finally:
        await record.write_all()


@asynccontextmanager
async def command_handler(
    settings: Settings, pool: Pool, *, dry_run: bool
) -> AsyncIterator[CommandHandler]:
    """Yield what handles commands on this database, or decides without recording anything."""
    master_keys = MasterKeys(settings.load_master_keys())
    clocks = Clocks(pool, utc_now, most_seconds=settings.clock_skew_seconds)
    await clocks.check()
    if dry_run:
        yield dry_run_handler(pool, master_keys, Recorders(pool), clocks.now)
        return
    notifications = Notifications(pool)
    keys = PersonKeys(pool, master_keys, notifications)
    skew = timedelta(seconds=settings.clock_skew_seconds)
    async with Log(pool, notifications, most_skew=skew) as log:
        notifications.start()
        yield CommandHandler(
            log, Codec(keys), Metrics(), Recorders(pool), clocks.now, ahead_days=settings.ahead_days
        )


async def principal_of(tokens: Tokens, token: GivenToken, record: AccessRecord) -> Principal:
    """Return whose token it is; the command ends if it is not valid, and that is recorded."""
    principal = await tokens.authenticate(token.text)
    if principal is None:
        record.refused(refused_token(NotAuthenticated))
        fail(f"the token of {token.source} is not valid: it may be unknown, expired or revoked")
    return principal


async def _import_file(importer: RowImporter, request: ImportRequest) -> Result:
    counts: Counter[str] = Counter(imported=0, unchanged=0, refused=0)
    findings: list[Finding] = []
    file_format = FORMATS[request.file.suffix.lower()]
    act, effective_on = given_beside(request.beside)
    content = await asyncio.to_thread(request.file.read_bytes)
    try:
        sheet = await open_sheet(LAYOUTS[request.kind], file_format, content, effective_on)
    except FileUnusable as unusable:
        return Result(counts, list(unusable.findings))
    findings.extend(sheet.findings)
    with progress(TimeRemainingColumn()) as bars:
        bar = bars.add_task(escape(harmless(request.file.name)), total=len(sheet.lines))

        async def add(results: list[RowResult]) -> None:
            for result in results:
                counts[result.status] += 1
                findings.extend(result.findings)
            bars.advance(bar, len(results))

        await import_sheet(importer, sheet, add, act=act)
    return Result(counts, findings)


def _show(result: Result, file: str, language: Language, *, dry_run: bool, as_json: bool) -> None:
    items = [finding.item(language) for finding in result.findings]
    if as_json:
        print_json({"file": file, "dry_run": dry_run, **result.counts, "findings": items})
        return
    if items:
        print_table(HEADINGS[language][1:], (item.values() for item in items))
    words = WORDS[language]
    counts = ", ".join(words[status].format(count) for status, count in result.counts.items())
    err().print(f"{escape(file)}: {counts}{words['dry run'] if dry_run else ''}.")
