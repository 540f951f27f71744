"""The page on hostile clients is whole: every bound has its test, and every attack its row."""

import re

import pytest

from service.bounds import Bounds
from service.settings import variable
from tests.pages import DOCS, ROOT, assert_named, functions_of, read, section

PAGE = DOCS / "explanation" / "hostile.md"
ATTACKS = ROOT / "tests" / "hostile"
SLUG = re.compile(r"[1-5][0-9][0-9] `([a-z-]+)`")


def rows(heading: str) -> list[list[str]]:
    """The cells of a section's table, without its head."""
    lines = [line for line in section(PAGE, heading).splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


SENT, STAYS, SETTINGS = (
    rows(heading) for heading in ("What goes in", "What stays where it is", "Settings that bound")
)


@pytest.mark.parametrize("row", [*SENT, *STAYS, *SETTINGS], ids=lambda row: row[0])
def test_every_row_names_tests_that_exist(row: list[str]) -> None:
    assert all(row)
    assert_named(row[-1])


def test_every_setting_that_bounds_is_gone_beyond() -> None:
    assert [row[0] for row in SETTINGS] == [f"`{variable(name)}`" for name in Bounds.model_fields]


def test_every_attack_stands_on_the_page() -> None:
    page = read(PAGE)
    for file in sorted(ATTACKS.glob("test_*.py")):
        path = str(file.relative_to(ROOT))
        tests = [name for name in functions_of(path) if name.startswith("test_")]
        assert [name for name in tests if f"`{path}::{name}`" not in page] == [], path


def test_every_answer_that_the_page_names_is_a_kind_of_problem() -> None:
    problems = read(DOCS / "reference" / "problems.md")
    named = {one for row in SENT for one in SLUG.findall(row[2])}
    assert named
    assert [one for one in sorted(named) if f"| `{one}` |" not in problems] == []
