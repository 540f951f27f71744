"""Figures: what the service answers about Vĩnh Phúc, for each of the two years."""

import json
from collections import defaultdict
from typing import Any

import httpx

from service.demo.queries import Figures, ReadClient, Row
from service.demo.vinh_phuc.places import PROVINCE, TAM_DAO
from service.demo.vinh_phuc.regulation import REGULATION
from service.demo.vinh_phuc.story import RATED

END_OF_2021, END_OF_2022 = "2021-12-31", "2022-12-31"
# Of which group of the year a unit of the kind is.
GROUPS_OF_2021 = {
    "district": "districts",
    "party_agency": "agencies",
    "front": "agencies",
    "mass_organisation": "agencies",
    "department": "departments",
}
GROUPS_OF_2022 = {
    "party_agency": "party_agencies",
    "front": "front_and_unions",
    "mass_organisation": "front_and_unions",
    "department": "state_agencies",
    "district": "districts",
}


async def read_figures(http: httpx.AsyncClient, token: str) -> Figures:
    """Read the figures of both years."""
    client = await Assessed(http, token, PROVINCE).at_head()
    return {
        "vinh_phuc_2021": await client.of_2021(),
        "vinh_phuc_2022": await client.of_2022(),
    }


class Assessed(ReadClient):
    """A client that reads who was assessed by what."""

    async def of_2021(self) -> Figures:
        """Read the groups, the indicators of the districts, and the two ratings of Tam Đảo."""
        tasks = await self.get_all("tasks", year=2021, as_of=END_OF_2021)
        units = {task["unit_id"] for task in tasks}
        kinds = await self._kinds()
        items = await self._attained(2021, END_OF_2021)
        counts = (await self._attainment(2021, END_OF_2021))["counts"]
        return {
            "groups": len(await self._cohorts(END_OF_2021)),
            "units": _counted(GROUPS_OF_2021, [kinds[unit] for unit in units]),
            "indicator_groups": len({one["group"] for one in items}),
            "indicators": len(items),
            "tam_dao": {
                "met": counts["met"],
                "exceeded": counts["exceeded"],
                "over": {one["code"]: _over(one) for one in items if one["outcome"] == "exceeded"},
                "rated": await self._ratings(),
            },
        }

    async def of_2022(self) -> Figures:
        """Read the groups and their quotas, what is new, and what became of 2021."""
        cohorts = await self._cohorts(END_OF_2022)
        before, after = [await self._attained(2021, on) for on in (END_OF_2021, END_OF_2022)]
        added = {one["code"] for one in await self._attained(2022, END_OF_2022)}
        tasks = await self.get_all("tasks", year=2022, as_of=END_OF_2022)
        carried = [task for task in tasks if task["continued_from"] is not None]
        [admitted] = await self.get_all(
            "indicators/attainment", unit=PROVINCE.ledger, code="admitted", as_of=END_OF_2022
        )
        return {
            "groups": len(cohorts),
            "quotas": {one["name"]: one["tasks"] for one in cohorts if one["tasks"] is not None},
            "tasks_of_each": await self._given(tasks),
            "added": sorted(added - {one["code"] for one in after}),
            "unchanged_2021": before == after,
            "carried_over": sorted(task["task_id"] for task in carried),
            "admitted": {
                "actual": admitted["actual"],
                "target": admitted["target"],
                "percent": admitted["percent"],
            },
        }

    async def _cohorts(self, as_of: str) -> list[Row]:
        found = (await self.get(f"regulations/{REGULATION}", as_of=as_of))["item"]
        cohorts: list[Row] = json.loads(found["policy"])["cohorts"]
        return [{"tasks": None, **one} for one in cohorts]

    async def _kinds(self) -> dict[str, str]:
        units = await self.get_all("units", as_of=END_OF_2022)
        return {unit["unit_id"]: unit["kind"] for unit in units}

    async def _attainment(self, year: int, as_of: str) -> Row:
        return await self.get(
            "indicators/attainment", unit=TAM_DAO, year=year, as_of=as_of, limit=1
        )

    async def _attained(self, year: int, as_of: str) -> list[Row]:
        return await self.get_all("indicators/attainment", unit=TAM_DAO, year=year, as_of=as_of)

    async def _ratings(self) -> Figures:
        """Read the level of each, by the post held."""
        tenures = await self.get_all("tenures", as_of=END_OF_2021)
        held = {one["official_id"]: one["post_id"] for one in tenures if one["post_id"] in RATED}
        ratings = await self.get_all("appraisal/ratings")
        return {held[one["official_id"]]: one["level"] for one in ratings}

    async def _given(self, tasks: list[Row]) -> Figures:
        """Read how many tasks of the year each unit of a group has, one like the other."""
        kinds = await self._kinds()
        of_unit: dict[str, int] = defaultdict(int)
        for task in tasks:
            if task["continued_from"] is None:
                of_unit[task["unit_id"]] += 1
        numbers: dict[str, set[int]] = defaultdict(set)
        for unit, number in of_unit.items():
            numbers[GROUPS_OF_2022[kinds[unit]]].add(number)
        return {group: sorted(found) for group, found in sorted(numbers.items())}


def _counted(groups: dict[str, str], kinds: list[str]) -> dict[str, int]:
    found = [groups[kind] for kind in kinds]
    return {group: found.count(group) for group in dict.fromkeys(groups.values())}


def _over(item: Row) -> dict[str, Any]:
    return {"excess": item["excess"], "percent": item["excess_percent"]}
