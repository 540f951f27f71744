"""Annulled: whether what a row recorded counts no more; then the row is recorded again."""

from collections.abc import Collection

from service.handle import CommandHandler
from service.requests import Outcome


class Annulled:
    """The events that count no more, read once: when the first row comes that was sent before."""

    def __init__(self) -> None:
        self._positions: Collection[int] | None = None

    async def has(self, commands: CommandHandler, ledger: str, outcome: Outcome) -> bool:
        """Whether an event that was recorded with this outcome is annulled."""
        if self._positions is None:
            self._positions = await commands.annulled(ledger)
        first = outcome.position - len(outcome.types) + 1
        return any(at in self._positions for at in range(first, outcome.position + 1))
