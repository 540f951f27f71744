"""The process that reads one file: what to do on standard input, the rows on standard output.

It gives up rather than take more memory or time than a list needs, and opens no file of its own.
"""

import gc
import json
import resource
import struct
import sys
from contextlib import suppress

from service.imports.reading.bounds import CPU_SECONDS, MEBIBYTE, MEMORY_BYTES, Unreadable
from service.imports.reading.delimited import read_delimited
from service.imports.reading.workbook import read_workbook

READERS = {"csv": read_delimited, "xlsx": read_workbook}


def main() -> None:
    _limit()
    gc.disable()  # rows are no cycles, and looking for some takes as long as reading them
    request = sys.stdin.buffer
    (size,) = struct.unpack(">I", request.read(4))
    how = json.loads(request.read(size))
    layouts = [frozenset(headings) for headings in how["layouts"]]
    try:
        reading = READERS[how["format"]](request.read(), layouts)
        reply = json.dumps({"rows": reading.rows, "told": reading.told})
    except Unreadable as fault:
        reply = json.dumps({"fault": [fault.code, fault.row, fault.values]})
    except MemoryError:
        reply = json.dumps({"fault": ["memory", 0, {"most": MEMORY_BYTES // MEBIBYTE}]})
    sys.stdout.write(reply)


def _limit() -> None:
    limits = {
        resource.RLIMIT_AS: MEMORY_BYTES,
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for kind, most in limits.items():
        with suppress(ValueError, OSError):  # a system that knows no such bound, or a lower one
            resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    main()
