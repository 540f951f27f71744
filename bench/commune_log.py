"""A log of monitoring to measure on: 3,321 communes and ten years of what happens to them.

Monitors are assigned, replaced, retire and are released; communes are renamed, and some merge.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from domain.kernel import Event
from domain.monitoring.events import MonitorAssigned, MonitorReleased, MonitorReplaced, ReleaseCause
from domain.organisation.events import UnitEstablished, UnitKind, UnitMerged, UnitRenamed

COMMUNES = 3_321
DISTRICTS = 330
AGENCIES = 120
OFFICIALS = 3_000
FIRST_DAY, LAST_DAY = date(2016, 1, 1), date(2025, 12, 31)
BODY = "standing-committee"
# Of a hundred communes so many merge with the next, on this day.
MERGING = 8
MERGED_ON = date(2020, 3, 1)


def events() -> Iterator[Event]:
    """Everything, in the order of its days; the same in every run."""
    chance = random.Random(2016)  # noqa: S311  a sample, not a secret
    for number in range(DISTRICTS):
        yield _established(f"district-{number}", UnitKind.DISTRICT, None)
    found = [event for number in range(COMMUNES) for event in life(number, chance)]
    yield from sorted(found, key=lambda event: event.effective_on)


def life(number: int, chance: random.Random) -> Iterator[Event]:
    """One commune's events, from its first day to its last."""
    unit_id = f"commune-{number}"
    yield _established(unit_id, UnitKind.COMMUNE, f"district-{number % DISTRICTS}")
    merging = number % 100 < MERGING and number % 2 == 0
    end = MERGED_ON if merging else LAST_DAY
    official, since = None, FIRST_DAY
    for day in _days(chance, end):
        if official is None:
            official, since = f"official-{chance.randrange(OFFICIALS)}", day
            yield _assigned(unit_id, official, day)
        elif chance.random() < 0.5:  # noqa: PLR2004  one in two
            before, official = official, f"official-{chance.randrange(OFFICIALS)}"
            since = day
            yield _replaced(unit_id, before, official, day)
        else:
            cause = chance.choice([ReleaseCause.RETIREMENT, ReleaseCause.TRANSFER])
            yield _released(unit_id, official, since, day, cause)
            official = f"official-{chance.randrange(OFFICIALS)}"
            since = day + timedelta(days=chance.randrange(10, 90))
            yield _assigned(unit_id, official, since)
        if chance.random() < 0.1:  # noqa: PLR2004  one in ten
            name = f"Xã {day.year} {number}"
            yield UnitRenamed(
                effective_on=since, unit_id=unit_id, name=name, former_name=f"Xã {number}"
            )
    if merging:
        yield UnitMerged(effective_on=end, unit_id=unit_id, into=f"commune-{number + 1}")
        if official is not None:
            yield _released(unit_id, official, since, end, ReleaseCause.UNIT_ENDED)


def _days(chance: random.Random, end: date) -> list[date]:
    """Days on which the monitor changes, a hundred apart at least: four, or as many as fit."""
    days = sorted(
        FIRST_DAY + timedelta(days=chance.randrange((LAST_DAY - FIRST_DAY).days - 100))
        for _ in range(4)
    )
    apart = timedelta(days=100)
    kept = [days[0], *(later for day, later in pairwise(days) if later - day >= apart)]
    return [day for day in kept if day + apart < end]


def _agency(official: str) -> str:
    return f"agency-{int(official.rpartition('-')[2]) % AGENCIES}"


def _established(unit_id: str, kind: UnitKind, parent_id: str | None) -> Event:
    return UnitEstablished(
        effective_on=FIRST_DAY, unit_id=unit_id, name=f"Xã {unit_id}", kind=kind,
        parent_id=parent_id,
    )  # fmt: skip


def _assigned(unit_id: str, official: str, day: date) -> Event:
    return MonitorAssigned(
        effective_on=day, unit_id=unit_id, official_id=official, post_id=f"post-{official}",
        agency_id=_agency(official), assigned_by=BODY,
    )  # fmt: skip


def _replaced(unit_id: str, before: str, official: str, day: date) -> Event:
    return MonitorReplaced(
        effective_on=day, unit_id=unit_id, from_official=before, to_official=official,
        post_id=f"post-{official}", agency_id=_agency(official), replaced_by=BODY,
        reason="Điều chuyển", handover_note="Đã bàn giao hồ sơ theo dõi.",
    )  # fmt: skip


def _released(unit_id: str, official: str, since: date, day: date, cause: ReleaseCause) -> Event:
    return MonitorReleased(
        effective_on=day, unit_id=unit_id, official_id=official, post_id=f"post-{official}",
        agency_id=_agency(official), since=since, cause=cause, reason="Nghỉ chế độ",
    )  # fmt: skip
