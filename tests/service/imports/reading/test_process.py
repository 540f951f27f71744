"""A file is read in a process of its own, within bounds: no file costs the service anything."""

import asyncio
import os
import resource
import signal
from contextlib import suppress

import psutil
import pytest

from service.imports.reading import process
from service.imports.reading.bounds import Unreadable
from service.imports.reading.process import Reply, read_file
from tests.service.imports.reading.sheets import HEADINGS, packed, part, row
from tests.service.imports.reading.swollen import (
    MIB,
    a_column_far_out,
    a_million_strings,
    cells_without_end,
    one_long_cell,
    rows_without_end,
)


def reading(data: bytes, file_format: str = "xlsx") -> Reply:
    return asyncio.run(read_file(file_format, data, [HEADINGS]))


def fault(data: bytes, file_format: str = "xlsx") -> Unreadable:
    with pytest.raises(Unreadable) as told:
        reading(data, file_format)
    return told.value


def computed() -> float:
    """The seconds that processes which have ended computed for this one."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def readers() -> list[psutil.Process]:
    """The processes that read a file for this one; other tests leave other children."""
    found: list[psutil.Process] = []
    for child in psutil.Process().children():
        with suppress(psutil.NoSuchProcess):  # it has just ended
            if child.status() != psutil.STATUS_ZOMBIE and process.MODULE in child.cmdline():
                found.append(child)
    return found


def test_one_cell_of_250_megabytes_is_told_before_it_is_read() -> None:
    data = one_long_cell()
    assert len(data) < MIB
    assert (fault(data).code, fault(data).row) == ("long_cell", 2)


def test_a_million_shared_texts_and_more_are_told() -> None:
    assert fault(a_million_strings()).code == "strings"


def test_more_rows_than_a_list_has_are_told() -> None:
    assert fault(rows_without_end()).code == "rows"


def test_what_unpacks_without_an_end_is_told() -> None:
    assert fault(cells_without_end()).code == "unpacked"


def test_one_text_shown_in_every_cell_is_not_multiplied() -> None:
    data = packed(
        [part("".join(row(n, f'<c r="A{n}" t="s"><v>0</v></c>') for n in range(2, 9000)))],
        strings=f"<si><t>{'x' * 30_000}</t></si>",
    )
    assert fault(data).code == "characters"


def test_stray_cells_in_the_last_row_and_column_are_read_at_once_and_in_little_memory() -> None:
    data = a_column_far_out()
    before = computed()
    reply = reading(data)
    assert computed() - before < 20
    assert (len(reply.rows), len(str(reply.rows)) < MIB) == (1999, True)


def test_a_process_that_is_killed_is_the_files_fault() -> None:
    async def killed() -> None:
        reader = asyncio.create_task(read_file("csv", b"a", [HEADINGS]))
        async with asyncio.timeout(60):
            while not (children := readers()):  # noqa: ASYNC110  no event tells
                await asyncio.sleep(0.001)
        os.kill(children[0].pid, signal.SIGKILL)
        await reader

    with pytest.raises(Unreadable) as told:
        asyncio.run(killed())
    assert (told.value.code, told.value.values) == ("died", {"status": -signal.SIGKILL})


def test_a_process_that_takes_too_long_is_ended_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "WALL_SECONDS", 0.001)
    assert fault(packed([part("")])).code == "time"
    assert readers() == []


def test_no_secret_of_the_service_is_in_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    assert "secret" not in str(process.environment())


def test_a_service_that_stops_leaves_no_process_behind() -> None:
    async def cancelled() -> None:
        reader = asyncio.create_task(read_file("csv", b"a" * MIB, [HEADINGS]))
        await asyncio.sleep(0)
        reader.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reader
        assert readers() == []

    asyncio.run(cancelled())
