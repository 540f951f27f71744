"""Whole lists: short ones, without pages. With `count=true` they give their total as pages do."""

from typing import Annotated

from pydantic import Field

from domain.values import Value
from projections.filters import Truth
from service.http.reads.query import QueryParams


class Counted(QueryParams):
    """Whether the items are counted."""

    count: Annotated[
        Truth, Field(description="Give `total` beside the items: how many there are in all.")
    ] = False

    def totals(self, total: int) -> dict[str, int | bool]:
        """The fields that say so many, where they are asked for."""
        return {"total": total, "total_is_exact": True} if self.count else {}


class WholeList(Value):
    """What a list says beside its items."""

    total: Annotated[
        int | None, Field(ge=0, description="How many items there are in all, with `count=true`.")
    ] = None
    total_is_exact: Annotated[
        bool | None, Field(description="Whether there are no more than that.")
    ] = None
