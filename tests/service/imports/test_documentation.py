"""The README names every column that a file may have."""

import pytest

from service.imports.file_kinds import LAYOUTS, FileKind
from tests.readme import README


@pytest.mark.parametrize("kind", LAYOUTS)
def test_every_column_of_a_file_is_documented(kind: FileKind) -> None:
    row = next(
        line
        for line in README.read_text(encoding="utf-8").splitlines()
        if line.startswith(f"| `{kind.value}` | ")
    )
    for column in (column for layout in LAYOUTS[kind] for column in layout.columns):
        star = "*" if column.required else ""
        assert f"{column.headings[0]}{star} (`{column.name}`)" in row
