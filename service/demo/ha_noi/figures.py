"""Figures: what the service answers about Hà Nội in 2023."""

import json
from datetime import date

import httpx

from service.demo.ha_noi.story import (
    ASSESSED_ON,
    COHORT,
    COUNTED_ON,
    DIRECTIVE,
    PROVINCE,
    TASK,
    YEAR,
)
from service.demo.queries import Figures, ReadClient

END_OF_YEAR = date(YEAR, 12, 31).isoformat()


async def read_figures(http: httpx.AsyncClient, token: str) -> Figures:
    """Read the figures of the year."""
    return {"ha_noi_2023": await (await City(http, token, PROVINCE).at_head()).of_2023()}


class City(ReadClient):
    """A client that reads the projects, the monthly duty, the targets and the directive."""

    async def of_2023(self) -> Figures:
        """Read every figure."""
        counted_on = COUNTED_ON.isoformat()
        cases = (await self.get(f"tasks/{TASK}/cases", as_of=counted_on, limit=1))["counts"]
        [late] = await self.get_all("late-reports", as_of=counted_on)
        targets = await self.get(
            "indicators/attainment",
            cohort=COHORT,
            year=YEAR,
            as_of=ASSESSED_ON.isoformat(),
            limit=1,
        )
        directive = (await self.get(f"regulations/{DIRECTIVE}", as_of=END_OF_YEAR))["item"]
        return {
            "projects": {name: cases[name] for name in ("cases", "processed", "left", "percent")},
            "monthly_duty": {
                "day": late["duty"]["day"],
                "in_time": late["given_in_time"],
                "late": late["given_late"],
                "missing": [one["period"] for one in late["missing"]],
            },
            "targets": {
                name: targets["counts"][name]
                for name in ("indicators", "met", "exceeded", "not_met")
            },
            "manifestations": json.loads(directive["policy"])["manifestations"]["counted"],
        }
