"""Import reports: what is told of a file that was sent, and of what was found in it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.values import Value
from service.http.reads.whole_lists import WholeList
from service.imports.file_kinds import FileKind
from service.imports.jobs import Job, State

LISTED_FINDINGS = 1000


class FindingItem(Value):
    """One thing wrong: `row` as the spreadsheet counts it, 0 for the file as a whole."""

    row: int
    column: str | None
    what: str
    mend: str


class ImportItem(Value):
    """A file and how far it is.

    `unchanged` rows were recorded before, by another import or by an earlier row of the file.
    """

    job: UUID
    ledger: str
    kind: FileKind
    file: str
    sha256: Annotated[str, Field(description="Of the file, in lower hex.")]
    dry_run: bool
    state: State
    rows_total: Annotated[int | None, Field(description="Null until the file has been read.")]
    rows_done: int
    imported: int
    unchanged: int
    refused: int
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    erased_at: Annotated[
        datetime | None,
        Field(description="When an erasure took away the file's name and what was found in it."),
    ]
    cancel_requested_at: datetime | None
    expired_at: Annotated[
        datetime | None, Field(description="When what was found in the file was deleted.")
    ]


class ImportReply(ImportItem):
    """A file, how far it is, and what is wrong with it."""

    findings: Annotated[
        list[FindingItem], Field(description=f"The first {LISTED_FINDINGS}; all with format=csv.")
    ]
    findings_total: int


class ImportList(WholeList):
    """The ledger's last imports, the newest first."""

    items: list[ImportItem]


def item_of(job: Job) -> ImportItem:
    return ImportItem.model_validate(job, from_attributes=True)
