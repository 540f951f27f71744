"""Files: tables as an office would send them, in CSV with semicolons."""

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from domain.values import Basis
from service.imports.file_kinds import FileKind


class File(NamedTuple):
    """A file as an office would send it: CSV in UTF-8, and the act it cites."""

    kind: FileKind
    name: str
    content: bytes
    act: Basis | None = None

    @property
    def query(self) -> dict[str, str]:
        """The query parameters of the upload."""
        if self.act is None:
            return {"file": self.name}
        cited = self.act.model_dump(mode="json").items()
        return {"file": self.name, **{f"document_{name}": value for name, value in cited}}

    @property
    def rows(self) -> int:
        return self.content.count(b"\n") - 1


def written(rows: Iterable[Mapping[str, str]]) -> bytes:
    """Return the content of a file with these rows, whose names are its headings."""
    buffer = io.StringIO()
    first, *others = rows
    table = csv.DictWriter(buffer, list(first), delimiter=";")
    table.writeheader()
    table.writerows([first, *others])
    return buffer.getvalue().encode("utf-8-sig")


def rows_of(path: Path) -> list[dict[str, str]]:
    """Read the rows of a file that lies beside the code, by their headings."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))
