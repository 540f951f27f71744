"""Cursors: up to where a reader has read, in which epoch of the log."""

from typing import Annotated, NamedTuple, Self, TypeAlias

from pydantic import Field

from domain.kernel import Invalid
from service.log.epochs import EpochEnded, Epochs
from service.log.pages import Page

# A position, preferably with the epoch before it.
CURSOR_PATTERN = r"^([0-9a-f]{12}-)?[0-9]{1,15}$"
EXAMPLE = "5f0c9d27ab31-371"

CursorText: TypeAlias = Annotated[str, Field(pattern=CURSOR_PATTERN, examples=[EXAMPLE, "371"])]


class CursorBeyondHead(Invalid):
    """The ledger ends at {head}, before {position}: was it restored? Read it anew from after=0.

    Sổ kết thúc ở {head}, trước {position}: có thể đã được khôi phục? Hãy đọc lại từ after=0.
    """


class Cursor(NamedTuple):
    """What a reader has read.

    Attributes:
        position: the last one.
        epoch: in which it was that of the event that was read; None if the reader does not say.
    """

    position: int
    epoch: str | None = None

    @classmethod
    def of(cls, text: str) -> Self:
        """The cursor that a reader sent."""
        epoch, _, position = text.rpartition("-")
        return cls(int(position), epoch or None)

    def __str__(self) -> str:
        return str(self.position) if self.epoch is None else f"{self.epoch}-{self.position}"

    def is_in(self, page: Page) -> bool:
        """Whether the page's epoch and ledger have this position."""
        return self.epoch in {None, page.epoch} and self.position <= page.head

    async def require_in(self, epochs: Epochs, ledger: str, *, epoch: str, head: int) -> None:
        """Pass if what follows the cursor in this epoch is what the reader has not read.

        Raises:
            EpochEnded: it is of another epoch.
            CursorBeyondHead: the ledger has no such position.
        """
        if self.epoch not in {None, epoch}:
            common = min(self.position, await epochs.common(ledger, str(self.epoch)))
            go_on = Cursor(common, epoch)
            raise EpochEnded(epoch=self.epoch, current_epoch=epoch, go_on_after=str(go_on))
        if self.position > head:
            raise CursorBeyondHead(position=self.position, head=head)
