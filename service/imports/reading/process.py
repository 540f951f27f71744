"""Process: a file is read in one of its own, so that no file blocks or ends the service.

If the process dies, by a bound or by a fault in a parser, it is the file's fault, and said so.
"""

import asyncio
import gc
import json
import os
import struct
import sys
from asyncio.subprocess import PIPE
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from signal import SIGXCPU
from typing import Any

from service.imports.reading.bounds import CPU_SECONDS, WALL_SECONDS, Unreadable

MODULE = "service.imports.reading"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the process says of a file.

    Attributes:
        rows: number and cells, as `cells` describes them.
        told: code, row, column and values of what the file says that is not taken as it stands.
    """

    rows: Sequence[tuple[int, Sequence[Any]]]
    told: Sequence[tuple[str, int, int | None, dict[str, object]]]


async def read_file(file_format: str, data: bytes, layouts: Iterable[Iterable[str]]) -> Reply:
    """The rows of a file; of a workbook, those of the sheet whose headings fit a layout best.

    Raises:
        Unreadable.
    """
    how = json.dumps({"format": file_format, "layouts": [sorted(each) for each in layouts]})
    request = struct.pack(">I", len(how)) + how.encode() + data
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-s", "-m", MODULE, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environment()
    )
    try:
        async with asyncio.timeout(WALL_SECONDS):
            out, _ = await process.communicate(request)
    except TimeoutError:
        raise Unreadable("time", most=int(WALL_SECONDS)) from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode == -SIGXCPU:
        raise Unreadable("time", most=CPU_SECONDS)
    if process.returncode != 0:
        raise Unreadable("died", status=process.returncode)
    reply = await asyncio.to_thread(_parsed, out)
    if "fault" in reply:
        code, row, values = reply["fault"]
        raise Unreadable(code, row, **values)
    return Reply(reply["rows"], reply["told"])


def _parsed(reply: bytes) -> Any:  # noqa: ANN401  JSON is what it is
    """The reply. Its rows are no cycles, and looking for some takes longer than parsing it."""
    if not gc.isenabled():
        return json.loads(reply)
    gc.disable()
    try:
        return json.loads(reply)
    finally:
        gc.enable()


def environment() -> dict[str, str]:
    """The modules' folders and nothing else: no secret is within the reach of a file."""
    return {
        "PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONIOENCODING": "utf-8",
    }
