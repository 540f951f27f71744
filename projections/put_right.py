"""Put right: what became of recorded events: annulled, replaced, adjusted after a closing."""

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import cache
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Text, bindparam, select

from domain.record.periods import PeriodAdjusted
from domain.timeline import Annulments, EventsAnnulled
from domain.values import Basis
from projections.history import EVENTS, RECORDED, TAGGED, UNTIL, number_of, of_types
from projections.listing import Shown
from projections.statement import LEDGER, Statement, statement

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
KINDS = (EventsAnnulled.TYPE, PeriodAdjusted.TYPE)


class AnnulledBy(BaseModel):
    """The annulment by which an event counts no more, and what was recorded in its place."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    position: Annotated[int, Shown(vi="vị trí")]
    recorded_at: Annotated[datetime, Shown(vi="thời điểm ghi")]
    actor: Annotated[str, Shown(vi="người ghi")]
    on_behalf_of: Annotated[str | None, Shown(vi="thay mặt")]
    basis: Annotated[Basis | None, Shown(vi="căn cứ")]
    reason: Annotated[str, Shown(vi="lý do")]
    replaced_by: Annotated[list[int], Shown(vi="được thay bằng")]


@cache
def marking() -> Statement:
    """What annuls or adjusts events with the tag, in order; arguments: ledger, tag, until."""
    return statement(
        select(*(shown for shown in EVENTS.c if shown.name != "ledger"))
        .select_from(TAGGED.join(EVENTS, RECORDED))
        .where(
            TAGGED.c.tag == number_of(LEDGER, bindparam("tag", type_=Text)),
            of_types(KINDS),
            TAGGED.c.position <= UNTIL,
        )
        .order_by(TAGGED.c.position)
    )


class PutRight:
    """What is known of the events with a tag: which count no more, replace others, or adjust.

    Attributes:
        annulments: among the rows.
    """

    def __init__(self, rows: Iterable[Any]) -> None:
        self.annulments: Annulments[date] = Annulments()
        self._annulled: dict[int, AnnulledBy] = {}
        self._replaces: dict[int, list[int]] = {}
        self._adjusting: set[int] = set()
        for row in rows:
            position, data = row["position"], json.loads(row["data"])
            if row["type"] == PeriodAdjusted.TYPE:
                self._adjusting.update(range(position - data["adjusted"], position))
                continue
            place = date.fromisoformat(data["effective_on"]), data["place"]
            self.annulments.note(position, data["positions"], data["replacements"], place)
            instead = [position + nth for nth in range(1, data["replacements"] + 1)]
            by = _annulled_by(row, data["reason"], instead)
            self._annulled.update(dict.fromkeys(data["positions"], by))
            self._replaces.update((one, data["positions"]) for one in instead)

    def annulled(self, position: int) -> AnnulledBy | None:
        """By what the event counts no more; None while it counts."""
        return self._annulled.get(position)

    def last_change(self, position: int) -> int:
        """The position of the event's annulment, or else its own."""
        return self.annulments.by(position) or position

    def replaces(self, position: int) -> list[int]:
        """The events in whose place it was recorded."""
        return self._replaces.get(position, [])

    def adjusts(self, position: int) -> bool:
        """Whether it was recorded into a closed period, by the body that had closed it."""
        return position in self._adjusting


def days_late(recorded_at: datetime, effective_on: date) -> int:
    """How many days after the day it counts from an event was recorded; less than 0: before it."""
    return (recorded_at.astimezone(VIETNAM).date() - effective_on).days


def _annulled_by(row: Any, reason: str, instead: list[int]) -> AnnulledBy:  # noqa: ANN401  a row
    return AnnulledBy(
        position=row["position"],
        recorded_at=row["recorded_at"].astimezone(UTC),
        actor=row["actor"],
        on_behalf_of=row["on_behalf_of"],
        basis=Basis.recorded(row["basis"]),
        reason=reason,
        replaced_by=instead,
    )
