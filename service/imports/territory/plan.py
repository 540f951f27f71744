"""Plan: what a file of a territory leads to in a ledger: rows told of at once, and deeds.

A deed is one change that several rows tell together, such as the merger of four communes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from domain.kernel import Command
from service.access.roles import Permission
from service.imports.findings import Finding, Words
from service.imports.layout import Step, Values, cited, given
from service.imports.row_importer import Taken
from service.imports.sheets import Row, Sheet


class Deed(NamedTuple):
    """Commands that several rows lead to together, in order.

    Attributes:
        notes: what is told of rows although they are taken.
    """

    rows: tuple[Row, ...]
    steps: tuple[Step, ...]
    notes: tuple[Finding, ...] = ()


@dataclass(slots=True)
class Plan:
    """What a file leads to.

    Attributes:
        taken: the rows that lead to nothing, and why.
        last: what is wrong with the file as a whole.
    """

    sheet: Sheet
    taken: list[Taken] = field(default_factory=list)
    deeds: list[Deed] = field(default_factory=list)
    last: list[Finding] = field(default_factory=list)

    def unchanged(self, row: Row, *findings: Finding) -> None:
        self.taken.append(Taken(row.number, "unchanged", findings))

    def refuse(self, row: Row, *findings: Finding) -> None:
        self.taken.append(Taken(row.number, "refused", findings))

    def finding(self, row: Row, column: str | None, what: Words, mend: Words) -> Finding:
        """What is wrong with a row, under the heading of a column."""
        heading = None if column is None else self.sheet.heading(column)
        return Finding(row.number, heading, what, mend)


def document(row: Row, otherwise: Mapping[str, object] | None) -> Mapping[str, object] | None:
    """The act that the row cites, or that is cited for the whole file."""
    return cited(row.values) or otherwise


def step(
    command: type[Command[Any]], unit_id: str, cited_as: Values, said: Mapping[str, object]
) -> Step:
    """A command about a unit, from the day and on the strength of the act that a row names."""
    named = given(effective_on=cited_as["effective_on"], basis=cited_as["basis"])
    verb = command.__name__
    return Step(verb, command, "unit", unit_id, Permission.ORGANISE, {**named, **said})
