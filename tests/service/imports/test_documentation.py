"""The page of columns names every column that a file may have."""

import pytest

from service.imports.file_kinds import LAYOUTS, FileKind
from tests.pages import DOCS, section


@pytest.mark.parametrize("kind", LAYOUTS)
def test_every_column_of_a_file_is_documented(kind: FileKind) -> None:
    columns = section(DOCS / "reference" / "imports.md", f"`{kind.value}`").splitlines()
    for column in (column for layout in LAYOUTS[kind] for column in layout.columns):
        headings = f"{column.headings[0]} | {', '.join(column.headings[1:])}"
        required = "yes" if column.required else "no"
        assert f"| `{column.name}` | {headings} | {required} |" in columns
