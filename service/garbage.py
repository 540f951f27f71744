"""Garbage: cycles of objects are looked for more seldom while very many are made that are in none.

What is read and folded is all kept until it is done with, so that each search goes through all of
it and finds nothing; it takes a tenth of the time.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# By those who ask for it at the moment; what is usual is what was set before the first of them.
_asked: list[int] = []
_usual: list[int] = []


@contextmanager
def seldom_collected(things: int) -> Iterator[None]:
    """Look for cycles once so many more things are made than freed; in all of the process.

    Whatever others ask for meanwhile, it is as usual again when the last of them is done.
    """
    if not _asked:
        _usual[:] = gc.get_threshold()
    _asked.append(things)
    _set()
    try:
        yield
    finally:
        _asked.remove(things)
        _set()


def _set() -> None:
    young, *older = _usual
    gc.set_threshold(max([young, *_asked]), *older)
