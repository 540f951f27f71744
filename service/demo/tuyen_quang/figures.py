"""Figures: what the service's read models show for the sample, to compare with the reports."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import httpx

from service.demo.queries import Figures, Filter, ReadClient, Row
from service.demo.tuyen_quang.places import PROVINCE
from service.demo.tuyen_quang.year_2019 import KILNS
from service.demo.tuyen_quang.year_2020 import ASSIGNED_ON, HANDED_OVER, HANDED_OVER_ON, elected

END_OF_2020 = "2020-12-31"
END_OF_2021 = "2021-12-31"


async def read_figures(http: httpx.AsyncClient, token: str) -> Figures:
    """Read the figures of the reports from the service's API."""
    return await (await Reports(http, token, PROVINCE).at_head()).figures()


class Reports(ReadClient):
    """A client that reads the figures in the reports of 2019 to 2021."""

    async def figures(self) -> Figures:
        """Read every figure, by its name."""
        return {
            **await self._of_2019(),
            **await self._of_2020(),
            **await self._of_2021(),
            "yen_son": await self._yen_son(),
            **await self._kilns(),
            "handover": await self._handover(),
        }

    async def _of_2019(self) -> Figures:
        tasks = await self.get_all("tasks", year=2019, as_of=END_OF_2020)
        ordered = await self._rates(year=2019, origin="commissioned", as_of=END_OF_2020)
        return {
            "officials_2019": len({task["official_id"] for task in tasks}),
            "posts_2019": len({task["post_id"] for task in tasks}),
            "commissioned_2019": ordered["assigned"],
            "resolved_2019": ordered["completed"],
        }

    async def _of_2020(self) -> Figures:
        """Read as of the day of assignment: later one of the posts had another holder."""
        tasks = await self.get_all("tasks", year=2020, as_of=ASSIGNED_ON.isoformat())
        kinds = {post["post_id"]: post["kind"] for post in await self.get_all("posts")}
        officials = {task["official_id"]: kinds[task["post_id"]] for task in tasks}
        return {
            "officials_2020": len(officials),
            "officials_2020_by_kind": dict(sorted(Counter(officials.values()).items())),
            "tasks_2020": len(tasks),
        }

    async def _of_2021(self) -> Figures:
        by_term = await self._groups("term", year=2021, as_of=END_OF_2021)
        by_official = await self._groups("official", year=2021, as_of=END_OF_2021)
        total = await self._rates(year=2021, as_of=END_OF_2021)
        return {
            "officials_2021": len(by_official),
            "tasks_2021": total["assigned"],
            "tasks_2021_by_term": {row["group"]: row["assigned"] for row in by_term},
        }

    async def _yen_son(self) -> Figures:
        """Read the tasks of the official elected secretary in June 2020, at the end of the year."""
        groups = await self._groups("official", official=elected(), as_of=END_OF_2020)
        rates = next(row for row in groups if row["group"] == elected())
        return {
            "own": rates["assigned"] - rates["received"],
            "handed_over": rates["received"],
            "completed": rates["completed"],
            "transferred": rates["transferred"],
            "in_progress": rates["in_progress_in_time"] + rates["overdue"],
            "rate": rates["completion"]["fraction"],
        }

    async def _kilns(self) -> Figures:
        task = (await self.get(f"tasks/{KILNS}"))["item"]
        indicators = {indicator["code"]: indicator for indicator in task["indicators"]}
        district, commune = indicators["kilns_ham_yen"], indicators["kilns_thai_son"]
        return {
            "kilns_ham_yen": {
                "target": _number(district["target"]),
                "actual": _number(district["actual"]),
            },
            "kilns_thai_son": _number(commune["actual"]),
        }

    async def _handover(self) -> Figures:
        """Read who was responsible for the two tasks handed over, on that day and before."""
        days = {"day_before": HANDED_OVER_ON - timedelta(days=1), "that_day": HANDED_OVER_ON}
        return {
            "on": HANDED_OVER_ON.isoformat(),
            **{name: await self._answerable(day) for name, day in days.items()},
        }

    async def _answerable(self, day: date) -> str:
        """Read the one official who was responsible for both tasks on that day."""
        officials = {
            span["official_id"]
            for task_id in HANDED_OVER
            for span in (
                await self.get(f"tasks/{task_id}/responsibilities", as_of=day.isoformat())
            )["items"]
        }
        (official,) = officials
        return str(official)

    async def _rates(self, **filters: Filter) -> Row:
        """Read the rates of all matching tasks, as one group."""
        (row,) = (await self.get("completion-rates", **filters))["items"]
        return dict(row)

    async def _groups(self, group_by: str, **filters: Filter) -> list[Row]:
        return await self.get_all("completion-rates", group_by=group_by, **filters)


def _number(exact: str) -> int:
    """Convert exact decimal text to a whole number."""
    return int(Decimal(exact))
