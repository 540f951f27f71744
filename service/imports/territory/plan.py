"""Plan: what a territory's file leads to: the results known at once, and the changes to make.

A change is one that several rows may describe together, such as the merger of four communes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from domain.kernel import Command
from service.access.roles import Permission
from service.imports.findings import Finding, Message
from service.imports.layout import Step, Values, cited_document, without_none
from service.imports.row_importer import RowResult
from service.imports.sheets import Row, Sheet

Document: TypeAlias = Mapping[str, object] | None


class Change(NamedTuple):
    """Commands that rows lead to together, in order.

    Attributes:
        notes: findings on the rows, which are imported all the same.
    """

    rows: tuple[Row, ...]
    steps: tuple[Step, ...]
    notes: tuple[Finding, ...] = ()


@dataclass(slots=True)
class Plan:
    """What a file leads to.

    Attributes:
        results: of the rows that change nothing.
        file_findings: what is wrong with the file as a whole.
    """

    sheet: Sheet
    results: list[RowResult] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    file_findings: list[Finding] = field(default_factory=list)

    def unchanged(self, row: Row, *findings: Finding) -> None:
        self.results.append(RowResult(row.number, "unchanged", findings))

    def refuse(self, row: Row, *findings: Finding) -> None:
        self.results.append(RowResult(row.number, "refused", findings))

    def change(
        self, rows: Sequence[Row], steps: Sequence[Step], notes: Sequence[Finding] = ()
    ) -> None:
        self.changes.append(Change(tuple(rows), tuple(steps), tuple(notes)))

    def finding(self, row: Row, column: str | None, what: Message, mend: Message) -> Finding:
        """What is wrong with a row, under the heading of a column."""
        heading = None if column is None else self.sheet.heading(column)
        return Finding(row.number, heading, what, mend)


def decision_params(row: Row, column: str, act: Document) -> Values:
    """The day from which the row counts, and the document that it cites, or else its file."""
    return {"effective_on": row.values[column], "basis": cited_document(row.values) or act}


def step(
    command: type[Command[Any]], unit_id: str, decision: Values, params: Mapping[str, object]
) -> Step:
    """A command about a unit, with the day and the document of the decision."""
    params = {**without_none(**decision), **params}
    return Step(command.__name__, command, "unit", unit_id, Permission.ORGANISE, params)
