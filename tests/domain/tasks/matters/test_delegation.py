"""Delegation: parts of a task, their reports, and the whole that they may not exceed."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.kernel import Actor
from domain.organisation.organisation import OfficialUnknown, UnitUnknown
from domain.tasks.command import NotAnswerable
from domain.tasks.matters.delegation import (
    ClosePart,
    DelegatedToOneself,
    DelegatePart,
    NotTheDelegate,
    PartClosed,
    PartDelegated,
    PartDueOutsideTask,
    PartReported,
    PartsExceedWhole,
    ReportOnPart,
    rolled_up,
)
from domain.tasks.matters.matter import MatterClosed, MatterUnknown
from tests.domain.cast import (
    CHAIR,
    DISTRICT_STATE,
    HANDOVER,
    IN_PROGRESS,
    PREDECESSOR,
    SHARED,
    SUCCESSOR,
    TASK,
)
from tests.domain.scenario import CLERK, given

GOING_ON = given(*IN_PROGRESS)
ANSWERABLE = Actor(f"official:{PREDECESSOR}")
BY_CHAIR = Actor(f"official:{CHAIR}")
BY_SUCCESSOR = Actor(f"official:{SUCCESSOR}")
DUE = date(2021, 9, 30)
PART: dict[str, Any] = {"title": "Đối thoại với chủ lò", "due_on": DUE}
REPORT: dict[str, Any] = {"number": 1, "share_percent": Decimal(50), "narrative": "Xong một nửa"}


def delegated(number: int = 1, weight: Decimal | None = None, **to: str) -> PartDelegated:
    nobody = {"delegate_unit": None, "delegate_official": None, "delegate_person": None}
    return PartDelegated(
        **SHARED,
        effective_on=HANDOVER,
        number=number,
        weight_percent=weight,
        **PART,
        **{**nobody, **to},
    )


TO_UNIT = delegated(delegate_unit=DISTRICT_STATE)
TO_OFFICIAL = delegated(delegate_official=CHAIR)
TO_PERSON = delegated(delegate_person="Trưởng thôn Thái Sơn")


def reported(part: PartDelegated) -> PartReported:
    return PartReported(
        **SHARED,
        effective_on=HANDOVER,
        delegate_unit=part.delegate_unit,
        delegate_official=part.delegate_official,
        **REPORT,
    )


@pytest.mark.parametrize("part", [TO_UNIT, TO_OFFICIAL, TO_PERSON])
def test_a_part_goes_to_a_unit_an_official_or_a_person(part: PartDelegated) -> None:
    to = part.model_dump(include={"delegate_unit", "delegate_official", "delegate_person"})
    GOING_ON.when(DelegatePart, TASK, by=ANSWERABLE, on=HANDOVER, **PART, **to).then(part)


def test_a_part_has_one_delegate() -> None:
    both: dict[str, Any] = {"delegate_unit": DISTRICT_STATE, "delegate_official": CHAIR}
    for to in (dict[str, Any](), both):
        with pytest.raises(ValidationError, match="name one of"):
            GOING_ON.when(DelegatePart, TASK, **PART, **to)


def test_only_the_official_answerable_delegates_and_to_another() -> None:
    GOING_ON.when(DelegatePart, TASK, by=BY_CHAIR, **PART, delegate_unit=DISTRICT_STATE).refuses(
        NotAnswerable
    )
    GOING_ON.when(DelegatePart, TASK, on=HANDOVER, **PART, delegate_unit="nowhere").refuses(
        UnitUnknown
    )
    GOING_ON.when(DelegatePart, TASK, on=HANDOVER, **PART, delegate_official="nobody").refuses(
        OfficialUnknown
    )
    GOING_ON.when(DelegatePart, TASK, on=HANDOVER, **PART, delegate_official=PREDECESSOR).refuses(
        DelegatedToOneself
    )


def test_a_part_is_due_within_the_time_of_the_task() -> None:
    for day in (date(2021, 5, 31), date(2022, 1, 1)):
        GOING_ON.when(
            DelegatePart,
            TASK,
            on=HANDOVER,
            title="Đối thoại",
            due_on=day,
            delegate_unit=DISTRICT_STATE,
        ).refuses(PartDueOutsideTask)


def test_the_parts_do_not_weigh_more_than_the_whole() -> None:
    heavy = GOING_ON.given(delegated(weight=Decimal("60.5"), delegate_unit=DISTRICT_STATE))
    params: dict[str, Any] = {**PART, "delegate_official": CHAIR, "on": HANDOVER}
    heavy.when(DelegatePart, TASK, **params, weight_percent=Decimal("39.51")).refuses(
        PartsExceedWhole
    )
    heavy.when(DelegatePart, TASK, **params, weight_percent=Decimal("39.5")).then(
        delegated(2, Decimal("39.5"), delegate_official=CHAIR)
    )


@pytest.mark.parametrize(
    ("part", "by"),
    [
        (TO_UNIT, BY_CHAIR),
        (TO_UNIT, CLERK),
        (TO_OFFICIAL, BY_CHAIR),
        (TO_OFFICIAL, CLERK),
        (TO_PERSON, ANSWERABLE),
        (TO_PERSON, CLERK),
    ],
)
def test_the_delegate_reports_or_a_programme_records_it(part: PartDelegated, by: Actor) -> None:
    GOING_ON.given(part).when(ReportOnPart, TASK, by=by, on=HANDOVER, **REPORT).then(reported(part))


@pytest.mark.parametrize(
    ("part", "by"),
    [(TO_UNIT, ANSWERABLE), (TO_OFFICIAL, ANSWERABLE), (TO_PERSON, BY_SUCCESSOR)],
)
def test_nobody_else_reports_on_a_part(part: PartDelegated, by: Actor) -> None:
    GOING_ON.given(part).when(ReportOnPart, TASK, by=by, on=HANDOVER, **REPORT).refuses(
        NotTheDelegate
    )


def test_a_part_is_closed_once_by_the_official_answerable_and_reported_on_no_more() -> None:
    params: dict[str, Any] = {"number": 1, "outcome": "Mọi chủ lò đã cam kết"}
    one = GOING_ON.given(TO_UNIT)
    one.when(ClosePart, TASK, by=BY_CHAIR, **params).refuses(NotAnswerable)
    closed = one.when(ClosePart, TASK, by=ANSWERABLE, on=HANDOVER, **params).then(
        PartClosed(
            **SHARED,
            effective_on=HANDOVER,
            number=1,
            delegate_unit=DISTRICT_STATE,
            delegate_official=None,
            outcome="Mọi chủ lò đã cam kết",
        )
    )
    closed.when(ClosePart, TASK, **params).refuses(MatterClosed)
    closed.when(ReportOnPart, TASK, **REPORT).refuses(MatterClosed)
    closed.when(ReportOnPart, TASK, **{**REPORT, "number": 2}).refuses(MatterUnknown)


def percents(values: str) -> list[tuple[Decimal | None, Decimal]]:
    """Pairs such as `60:50 -:100`: the weight, `-` for none, and the share."""
    pairs = [pair.split(":") for pair in values.split()]
    return [(None if weight == "-" else Decimal(weight), Decimal(s)) for weight, s in pairs]


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ("", "0.00"),
        ("60:50", "30.00"),
        ("60:50 40:100", "70.00"),
        ("-:100", "100.00"),
        ("-:100 -:100 -:100", "100.00"),
        ("-:100 -:0 -:0", "33.33"),
        ("60:50 -:100 -:0", "50.00"),
        ("100:50 -:100", "50.00"),
        ("33.33:80", "26.66"),
    ],
)
def test_parts_without_a_weight_share_what_the_others_leave(parts: str, whole: str) -> None:
    assert str(rolled_up(percents(parts))) == whole


SHARES = st.integers(0, 10_000).map(lambda hundredths: Decimal(hundredths) / 100)


@for_all(
    weights=st.lists(st.none() | st.integers(1, 2_000), max_size=5),
    shares=st.lists(SHARES, min_size=5, max_size=5),
)
def test_the_whole_is_the_exact_sum_rounded_once(
    weights: list[int | None], shares: list[Decimal]
) -> None:
    agreed = [None if weight is None else Decimal(weight) / 100 for weight in weights]
    parts = list(zip(agreed, shares, strict=False))
    left = 100 - sum(Fraction(weight) for weight in agreed if weight is not None)
    even = Fraction(left) / max(1, agreed.count(None))
    exact = sum(
        (even if weight is None else Fraction(weight)) * Fraction(share) / 100
        for weight, share in parts
    )
    half_up = int(exact * 100 + Fraction(1, 2))
    assert rolled_up(parts) == (Decimal(half_up) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
