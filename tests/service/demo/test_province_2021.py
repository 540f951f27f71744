"""The province-wide files, before they are sent: their sums are the report's."""

import asyncio
from collections import Counter

from service.demo.tuyen_quang.province_2021 import files
from service.imports.file_kinds import LAYOUTS, FileKind
from service.imports.sheets import Row, open_sheet


def rows(kind: FileKind) -> list[Row]:
    [content] = [file.content for file in files() if file.kind is kind]
    return list(asyncio.run(open_sheet(LAYOUTS[kind], "csv", content)).rows())


def test_731_tasks_of_565_officials_663_by_the_year_and_68_for_2021_2025() -> None:
    tasks = [row.values for row in rows(FileKind.TASKS)]
    assert len({task["official"] for task in tasks}) == 565
    assert len({task["task_id"] for task in tasks}) == 731
    assert Counter(task["term"].label for task in tasks) == {"2021": 663, "2021-2025": 68}


def test_every_official_has_a_seat() -> None:
    officials = Counter(row.values["post"] for row in rows(FileKind.OFFICIALS))
    posts = {row.values["post_id"]: row.values["seats"] for row in rows(FileKind.POSTS)}
    assert officials == posts
    assert officials.total() == 565


def test_persons_are_placeholders() -> None:
    assert all(row.values["full_name"].startswith("Cán bộ ") for row in rows(FileKind.OFFICIALS))


def test_every_row_can_be_read_and_every_run_makes_the_same_files() -> None:
    for kind in (file.kind for file in files()):
        assert [row.findings for row in rows(kind) if row.findings] == []
    assert files() == files()
