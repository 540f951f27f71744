"""A cycle of 2021 by the sample regulation, for tests: opened, officials enrolled and rated."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from domain.appraisal.cycle_events import CycleOpened, OfficialEnrolled
from domain.appraisal.rating_events import RatingDecided
from domain.kernel import Event
from domain.regulations.policies import adopted
from tests.domain.appraisal.rated import HISTORY, YEAR, regulation
from tests.domain.cast import COMMITTEE, DISTRICT_PARTY

OPENED = date(2021, 12, 1)
END = date(2021, 12, 31)
CYCLE = "nam-2021"
NAMED: dict[str, Any] = {"cycle_id": CYCLE}
OF: dict[str, Any] = {"cycle_id": CYCLE, "of": YEAR}
SHARED: dict[str, Any] = {
    "cycle_id": CYCLE,
    "regulation": "mau-01",
    "cycle": "year",
    "from_on": YEAR["from_on"],
}
CYCLE_OPENED = CycleOpened(
    **SHARED,
    effective_on=OPENED,
    decided_by=COMMITTEE,
    regulation_sha256="1" * 64,
    cohort="unit_heads",
    to_on=YEAR["to_on"],
)


def enrolled(official_id: str, agency: str = DISTRICT_PARTY, **groups: Any) -> OfficialEnrolled:
    return OfficialEnrolled(
        **{"duty_group": "heads", "block": None, **groups},
        effective_on=OPENED,
        cycle_id=CYCLE,
        official_id=official_id,
        agency=agency,
    )


def rated(official_id: str, level: Any, on: date = END) -> RatingDecided:
    return RatingDecided(
        **SHARED,
        effective_on=on,
        official_id=official_id,
        decided_by=COMMITTEE,
        cohort="unit_heads",
        to_on=YEAR["to_on"],
        scores=(),
        grades=(),
        regulation_sha256="1" * 64,
        level=level,
        derived=None,
        derived_points=None,
        tree_sha256="2" * 64,
        stands_on=(),
        reason=None,
    )


def whole(levels: Mapping[str, str], **groups: Any) -> list[Event]:
    """All of these are enrolled and rated so."""
    return [
        one
        for official_id, level in levels.items()
        for one in (enrolled(official_id, **groups), rated(official_id, level))
    ]


def opened(*events: Event, replaced: Iterable[tuple[str, str]] = ()) -> list[Event]:
    """The year of the four tasks, and a cycle by the sample with some of its text replaced."""
    revision = regulation(*replaced)
    assert adopted(revision.vocabulary, revision.policy).caps
    history = [revision if one.TYPE == revision.TYPE else one for one in HISTORY]
    return [*history, CYCLE_OPENED, *events]
