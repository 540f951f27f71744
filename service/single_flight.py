"""Single flight: what many ask at once is asked once, and all get the answer."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, TypeVar

Answer = TypeVar("Answer")


class SingleFlight:
    """The questions under way. An answer is kept for nobody who asks later."""

    def __init__(self) -> None:
        self._under_way: dict[Hashable, asyncio.Future[Any]] = {}

    async def join(self, question: Hashable, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        """Return the answer. Whoever waits no more does not end the asking.

        Args:
            question: is equal only where every answer since it was asked first will do.
            ask: gets the answer.
        """
        asking = self._under_way.get(question)
        if asking is None:
            asking = self._under_way[question] = asyncio.ensure_future(ask())

            def landed(asked: "asyncio.Future[Any]") -> None:
                self._under_way.pop(question, None)
                if not asked.cancelled():
                    asked.exception()  # perhaps nobody waits any more

            asking.add_done_callback(landed)
        answer: Answer = await asyncio.shield(asking)
        return answer
