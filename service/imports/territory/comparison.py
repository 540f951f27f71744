"""Comparison: a territory's file with the units on record: what is settled, and what to change.

A change is one that several rows may describe together, such as the merger of four communes.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple, TypeAlias

from domain.kernel import Command
from service.imports.findings import Finding
from service.imports.layout import Step, cited_document, without_none
from service.imports.row_importer import RowResult, RowStatus
from service.imports.sheets import Row, Sheet
from service.imports.territory import findings
from service.imports.territory.units import UnitHistory

Document: TypeAlias = Mapping[str, object] | None


class Change(NamedTuple):
    """Commands that rows lead to together, in order.

    Attributes:
        notes: findings on the rows, which are imported all the same.
    """

    rows: Sequence[Row]
    steps: Sequence[Step]
    notes: Sequence[Finding] = ()


class Comparison(ABC):
    """Compares a file with the units on record; `act` is cited where a row cites no document.

    Attributes:
        DAY: the column of the day from which a row counts.
        results: of the rows that change nothing.
        changes: what the other rows lead to.
        file_findings: what is wrong with the file as a whole.
    """

    DAY: ClassVar[str]

    def __init__(self, sheet: Sheet, history: UnitHistory, act: Document) -> None:
        self.sheet = sheet
        self.results: list[RowResult] = []
        self.changes: list[Change] = []
        self.file_findings: list[Finding] = []
        self._history = history
        self._act = act

    @abstractmethod
    def compare(self) -> None:
        """Settle every row, or add it to a change."""

    def _parsed_rows(self) -> Iterator[Row]:
        """The rows that could be parsed; the others are refused."""
        for row in self.sheet.rows():
            if row.findings:
                self._settle(row, "refused", *row.findings)
            else:
                yield row

    def _lacks(self, row: Row, names: Iterable[str]) -> bool:
        """Whether the row leaves one of these columns empty; it then is refused."""
        empty = [self._on(row, name, findings.EMPTY) for name in names if name not in row.values]
        if empty:
            self._settle(row, "refused", *empty)
        return bool(empty)

    def _settle(self, row: Row, status: RowStatus, *findings: Finding) -> None:
        self.results.append(RowResult(row.number, status, findings))

    def _refuse(self, row: Row, column: str, finding: Finding, **values: object) -> None:
        self._settle(row, "refused", self._on(row, column, finding, **values))

    def _on(self, row: Row, column: str, finding: Finding, **values: object) -> Finding:
        """The finding on a row, under the heading of a column; it may name the row's values."""
        about = finding.about(**{**row.values, **values})
        return about.at(row.number, self.sheet.heading(column))

    def _step(
        self, command: type[Command[Any]], unit_id: str, row: Row, params: Mapping[str, object]
    ) -> Step:
        """A command about a unit, with the day and the document of the row or else of the file."""
        basis = cited_document(row.values) or self._act
        params = {**without_none(effective_on=row.values[self.DAY], basis=basis), **params}
        return Step(command.__name__, command, "unit", unit_id, params)
