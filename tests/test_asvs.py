"""The page on OWASP ASVS is whole: every requirement has its state, and tests that exist."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tests.pages import DOCS, assert_named, read

PAGE = DOCS / "asvs.md"
STATES = ("met", "not met", "not applicable")
ID = re.compile(r"V[1-9][0-9]?\.[1-9]\.[1-9][0-9]?")
COUNTS = re.compile(
    r"^Of (\d+) requirements, (\d+) are met, (\d+) are not met, and (\d+) are not", re.MULTILINE
)
# The sections of version 5.0.0, and how many requirements of levels 1 and 2 each has: they come
# first in a section, before those of level 3.
SECTIONS = """
V1.1:2 V1.2:9 V1.3:11 V1.4:3 V1.5:2
V2.1:3 V2.2:3 V2.3:4 V2.4:1
V3.2:2 V3.3:4 V3.4:6 V3.5:5 V3.7:2
V4.1:3 V4.2:1 V4.3:2 V4.4:4
V5.1:1 V5.2:3 V5.3:2 V5.4:3
V6.1:3 V6.2:12 V6.3:4 V6.4:4 V6.5:5 V6.6:3 V6.8:4
V7.1:3 V7.2:4 V7.3:2 V7.4:5 V7.5:2 V7.6:2
V8.1:2 V8.2:3 V8.3:1 V8.4:1
V9.1:3 V9.2:4
V10.1:2 V10.2:2 V10.3:4 V10.4:11 V10.5:5 V10.6:2 V10.7:3
V11.1:2 V11.2:3 V11.3:3 V11.4:4 V11.5:1 V11.6:1
V12.1:3 V12.2:2 V12.3:4
V13.1:1 V13.2:5 V13.3:2 V13.4:5
V14.1:2 V14.2:4 V14.3:3
V15.1:3 V15.2:3 V15.3:7
V16.1:1 V16.2:5 V16.3:4 V16.4:3 V16.5:3
V17.1:1 V17.2:4 V17.3:2
"""


class Row(NamedTuple):
    """A row of the page: one requirement, or the first and the last of several."""

    ids: tuple[str, ...]
    subject: str
    state: str
    says: str
    tests: str


def requirements() -> Iterator[str]:
    """The ids of levels 1 and 2, in order."""
    for section in SECTIONS.split():
        name, count = section.split(":")
        yield from (f"{name}.{number}" for number in range(1, int(count) + 1))


def rows() -> list[Row]:
    found: list[Row] = []
    for line in read(PAGE).splitlines():
        if line.startswith("| V"):
            ids, subject, state, says, tests = (cell.strip() for cell in line.strip("|").split("|"))
            found.append(Row(tuple(ids.split(" to ")), subject, state, says, tests))
    return found


REQUIREMENTS = list(requirements())
ROWS = rows()


def covered(row: Row) -> list[str]:
    """The requirements that a row is about."""
    first, last = REQUIREMENTS.index(row.ids[0]), REQUIREMENTS.index(row.ids[-1])
    return REQUIREMENTS[first : last + 1]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.ids[0])
def test_a_row_has_the_form_of_its_state(row: Row) -> None:
    assert all(ID.fullmatch(one) for one in row.ids)
    assert row.subject
    assert row.state in STATES
    assert row.says.endswith(".")
    assert bool(row.tests) == (row.state == "met"), "tests show what is met, and nothing else"
    assert ("Missing: " in row.says) == (row.state == "not met")


def test_every_requirement_stands_once_and_in_order() -> None:
    assert [one for row in ROWS for one in covered(row)] == REQUIREMENTS


@pytest.mark.parametrize("row", [row for row in ROWS if row.tests], ids=lambda row: row.ids[0])
def test_every_test_that_is_named_exists(row: Row) -> None:
    assert_named(row.tests)


def test_a_row_stands_under_its_chapter() -> None:
    chapter = ""
    for line in read(PAGE).splitlines():
        if line.startswith("## V"):
            chapter = line.split()[1]
        elif line.startswith("| V"):
            assert line.startswith(f"| {chapter}."), line


def test_the_page_counts_what_it_says() -> None:
    states = Counter(row.state for row in ROWS for _ in covered(row))
    counted = COUNTS.search(read(PAGE))
    assert counted is not None
    assert [int(one) for one in counted.groups()] == [
        len(REQUIREMENTS),
        *(states[state] for state in STATES),
    ]
