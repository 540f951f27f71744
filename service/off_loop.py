"""Off the loop: what takes long is computed by a thread, and everybody else is answered meanwhile.

One thread for the whole process, and one thing after another: threads share a core with the loop.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

Parameters = ParamSpec("Parameters")
Computed = TypeVar("Computed")

# So many events, rows or the like are computed at once, in some hundredths of a second.
AT_ONCE = 300

_THREAD = ThreadPoolExecutor(1, "off_loop")


async def off_loop(
    size: int,
    compute: Callable[Parameters, Computed],
    *given: Parameters.args,
    **named: Parameters.kwargs,
) -> Computed:
    """Compute it, by the thread if it is much. What it works on is nobody else's meanwhile.

    Args:
        size: how many things it goes through.
        compute: what takes long; it does no I/O.
        given: what it is called with.
        named: likewise.
    """
    if size <= AT_ONCE:
        return compute(*given, **named)
    work = partial(compute, *given, **named)
    return await asyncio.get_running_loop().run_in_executor(_THREAD, work)
