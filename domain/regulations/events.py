"""What regulations say from a day on. The one in force on a day is the last adopted by then."""

import json
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Annotated, ClassVar, Literal, Self, TypeAlias

from pydantic import Field, StrictBool, StrictInt, StrictStr, model_validator

from domain.kernel import Event, Raw, Upcaster
from domain.schemas import never, where
from domain.values import ID_PATTERN, Basis, Day, Line, Misstated, Tag, UnitId, Value

COMMON_YEAR = 2023


class YearlyDeadline(Value):
    """A day by which something of a year is due: in the year itself, or in the next."""

    model_config = never(
        where(month={"const": 2}, day={"minimum": 29}),
        where(month={"enum": [4, 6, 9, 11]}, day={"minimum": 31}),
    )

    month: Annotated[StrictInt, Field(ge=1, le=12)]
    day: Annotated[StrictInt, Field(ge=1, le=31)]
    next_year: StrictBool = False

    @model_validator(mode="after")
    def _is_a_day_of_every_year(self) -> Self:
        try:
            self.of(COMMON_YEAR)
        except ValueError:
            raise Misstated(
                "month and day must be a day of every year",
                "month và day phải là ngày có trong mọi năm",
            ) from None
        return self

    def of(self, year: int) -> date:
        """The last day on which what is of that year comes in time."""
        return date(year + self.next_year, self.month, self.day)


RegulationId = Annotated[
    StrictStr, Field(pattern=ID_PATTERN, examples=["mau-01"]), Tag("regulation")
]


class RegulationAdopted(Event):
    """A revision of a regulation: what it says as a policy, and the file's own text."""

    regulation_id: RegulationId
    adopted_by: UnitId
    title: Line
    is_sample: StrictBool
    vocabulary: Annotated[StrictInt, Field(ge=1, le=1000)]
    policy: Annotated[StrictStr, Field(examples=["{}"])]
    source: Annotated[StrictStr, Field(examples=["regulation: mau-01"])]
    sha256: Annotated[StrictStr, Field(pattern=r"^[0-9a-f]{64}$")]


def _of_parameters(policy: Raw) -> Raw:
    """The event's raw data, where the regulation was given by parameters and not as a file."""
    source = json.dumps(policy, ensure_ascii=False, indent=1)
    return {
        "effective_on": policy["effective_on"],
        "regulation_id": policy["regulation"],
        "adopted_by": policy["decided_by"],
        "title": policy["title"],
        "is_sample": False,
        "vocabulary": 1,
        "policy": json.dumps(policy, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
        "source": source,
        "sha256": sha256(source.encode()).hexdigest(),
    }


PAPERS = {
    "monitoring_programme": "programme_due",
    "monitoring_report": "report_due",
    "commune_review": "review_due",
}


def _communes_by_file(raw: Raw) -> Raw:
    """Version 1 held the parameters themselves, and not which document it stood on."""
    return _of_parameters(
        {
            "regulation": "commune-monitoring",
            "title": "Theo dõi, phụ trách xã",
            "decided_by": raw["adopted_by"],
            "effective_on": raw["effective_on"],
            "communes_per_official": raw["communes_per_official"],
            "leading_post_kinds": list(raw["leading_post_kinds"]),
            "duties": [
                {
                    "paper": paper,
                    "each": "year",
                    "month": raw[due]["month"],
                    "day": raw[due]["day"],
                    "next_period": raw[due]["next_year"],
                }
                for paper, due in PAPERS.items()
            ],
            **_cited(raw),
        }
    )


def _cells_by_file(raw: Raw) -> Raw:
    """Version 1 held the parameters themselves, and not which document it stood on."""
    return _of_parameters(
        {
            "regulation": "cell-attendance",
            "title": "Dự sinh hoạt chi bộ",
            "decided_by": raw["adopted_by"],
            "effective_on": raw["effective_on"],
            "cell_meetings": {
                "each_month": raw["meetings_per_month"],
                "scale_points": raw["scale_points"],
            },
            **_cited(raw),
        }
    )


def _cited(raw: Raw) -> Raw:
    return {"basis": raw["basis"]} if raw.get("basis") else {}


class CommuneMonitoringRegulated(RegulationAdopted):
    """How communes are monitored (D5, D10, D11, D13), as Regulation 26-QĐ/TU of 14/12/2022 does.

    It is given by parameters, and recorded as the file that says the same.
    """

    TYPE: ClassVar[str] = "regulation.commune_monitoring_adopted"
    VIETNAMESE: ClassVar[str] = "ban hành quy định theo dõi xã"
    VERSION: ClassVar[int] = 2
    UPCASTERS: ClassVar[Mapping[int, Upcaster]] = {1: _communes_by_file}

    regulation_id: Annotated[Literal["commune-monitoring"], Tag("regulation")] = (
        "commune-monitoring"
    )

    @classmethod
    def by_parameters(  # noqa: PLR0913  what such a regulation says
        cls,
        *,
        effective_on: date,
        adopted_by: str,
        communes_per_official: int,
        leading_post_kinds: tuple[str, ...],
        programme_due: YearlyDeadline,
        report_due: YearlyDeadline,
        review_due: YearlyDeadline,
        basis: Basis | None = None,
    ) -> Self:
        """Return the regulation that says so.

        Args:
            effective_on: the day from which it counts.
            adopted_by: the body.
            communes_per_official: how many one official monitors without an exception.
            leading_post_kinds: the kinds of posts, beside those that head a unit, whose holders
                monitor.
            programme_due: by when the programme of a year is due.
            report_due: by when the report on a year is due.
            review_due: by when the commune's form on a year is due.
            basis: the document.
        """
        raw = {
            "effective_on": effective_on.isoformat(),
            "adopted_by": adopted_by,
            "communes_per_official": communes_per_official,
            "leading_post_kinds": leading_post_kinds,
            "programme_due": programme_due.model_dump(),
            "report_due": report_due.model_dump(),
            "review_due": review_due.model_dump(),
            "basis": basis and basis.model_dump(mode="json"),
        }
        return cls.model_validate(_communes_by_file(raw))


class CellAttendanceRegulated(RegulationAdopted):
    """How often officials attend the meetings of their party cells, and the scale (D3, D4).

    It is given by parameters, and recorded as the file that says the same.
    """

    TYPE: ClassVar[str] = "regulation.cell_attendance_adopted"
    VIETNAMESE: ClassVar[str] = "ban hành quy định dự sinh hoạt chi bộ"
    VERSION: ClassVar[int] = 2
    UPCASTERS: ClassVar[Mapping[int, Upcaster]] = {1: _cells_by_file}

    regulation_id: Annotated[Literal["cell-attendance"], Tag("regulation")] = "cell-attendance"

    @classmethod
    def by_parameters(
        cls,
        *,
        effective_on: date,
        adopted_by: str,
        meetings_per_month: int,
        scale_points: int,
        basis: Basis | None = None,
    ) -> Self:
        """Return the regulation that says so.

        Args:
            effective_on: the day from which it counts.
            adopted_by: the body.
            meetings_per_month: how often an official attends.
            scale_points: the most points of a meeting's quality.
            basis: the document.
        """
        raw = {
            "effective_on": effective_on.isoformat(),
            "adopted_by": adopted_by,
            "meetings_per_month": meetings_per_month,
            "scale_points": scale_points,
            "basis": basis and basis.model_dump(mode="json"),
        }
        return cls.model_validate(_cells_by_file(raw))


Topic: TypeAlias = Literal["commune-monitoring", "cell-attendance"]


class PolicyAdopted(RegulationAdopted):
    """A revision of a regulation that is written as a file: the whole of it, every time.

    `policy` is what it says, as JSON that is the same however the file is written, by the
    vocabulary of that number; `source` is the file's own text, and `sha256` is of its UTF-8.
    `governs` are the topics that it regulates.
    """

    TYPE: ClassVar[str] = "regulation.policy_adopted"
    VIETNAMESE: ClassVar[str] = "ban hành quy định"

    governs: tuple[Annotated[Topic, Tag("regulation")], ...] = ()


class DayOff(Value):
    """A day on which nobody works, and why, such as a bridging day."""

    on: Day
    title: Line


class DaysOffAdopted(Event):
    """The days off of a year beside Saturdays and Sundays, and those of these that are worked.

    A later one is the whole calendar of its year anew.
    """

    TYPE: ClassVar[str] = "regulation.days_off_adopted"
    VIETNAMESE: ClassVar[str] = "ban hành lịch nghỉ"

    regulation_id: Annotated[Literal["days-off"], Tag("regulation")] = "days-off"
    adopted_by: UnitId
    year: Annotated[StrictInt, Field(ge=1900, le=2199)]
    days_off: tuple[DayOff, ...]
    worked: tuple[Day, ...]
