"""Figures: what the read models show for Hoà Bình beside the reported figures, then for 2025."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import httpx

from service.demo.hoa_binh import mergers, monitors
from service.demo.hoa_binh.places import PROVINCE
from service.demo.hoa_binh.story import ASSIGNED_ANEW_ON, YEAR
from service.demo.queries import Figures, ReadClient, Row

END_OF_YEAR = date(YEAR, 12, 31).isoformat()
DAY_BEFORE_MERGERS = (date.fromisoformat(mergers.EFFECTIVE_ON) - timedelta(days=1)).isoformat()


async def read_figures(http: httpx.AsyncClient, token: str) -> Figures:
    """Read the figures of 2023, of 2024 with its retirements, and of the mergers of 2025."""
    client = await Monitored(http, token, PROVINCE).at_head()
    return {
        "hoa_binh_2023": await client.of_2023(),
        "hoa_binh_2024": await client.of_2024(),
        "hoa_binh_2025": await client.of_2025(),
    }


class Monitored(ReadClient):
    """A client that reads how the communes were monitored."""

    async def of_2023(self) -> Figures:
        """Read the year's figures, and the gaps that the retirements of 2024 opened."""
        coverage = await self.get("commune-coverage", as_of=END_OF_YEAR)
        [two] = [
            row["officials"]
            for row in coverage["by_number_of_communes"]
            if row["communes"] == monitors.TWO
        ]
        [visits] = await self.get_all("monitoring/visit-counts", year=YEAR)
        reviews = await self.get("monitoring/reviews", year=YEAR, as_of=END_OF_YEAR, limit=1)
        return {
            "communes": coverage["communes"],
            "covered": coverage["covered"],
            "officials": coverage["officials"],
            "with_two": two,
            "visits": visits["visits"],
            "reviews": reviews["counts"]["in_time"] + reviews["counts"]["late"],
            "commendations": await self._commendations(),
            "gaps_after_retirements": await self._gaps(),
        }

    async def _commendations(self) -> Figures:
        """Read the reported share beside the one computed from the log."""
        [share] = await self.get_all(
            "monitoring/figures", year=YEAR, as_of=END_OF_YEAR, measure="commendation_share"
        )
        return {
            "count": share["numerator"],
            "share_recomputed": share["recomputed"],
            "share_reported": f"{Decimal(share['reported']).normalize():f}",
            "differs": share["differs"],
        }

    async def of_2024(self) -> Figures:
        """Read which commune got another monitor, and the coverage on every day it changed."""
        requests = await self.get_all("monitoring/replacement-requests", state="granted")
        retired = sorted(retirement.on for retirement in monitors.retirements())
        days = (retired[0] - timedelta(days=1), *retired, ASSIGNED_ANEW_ON)
        return {
            "replacements_granted": [request["unit_id"] for request in requests],
            "covered": {day.isoformat(): await self._covered(day) for day in days},
        }

    async def _covered(self, day: date) -> str:
        coverage = await self.get("commune-coverage", as_of=day.isoformat())
        return f"{coverage['covered']}/{coverage['communes']}"

    async def _gaps(self) -> list[Row]:
        """Read the gaps of 2024. A closed gap stays on record with its days."""
        gaps = await self.get_all(
            "commune-coverage/gaps",
            from_on=f"{YEAR + 1}-01-01",
            to_on=f"{YEAR + 1}-12-31",
            cause="retired",
        )
        shown = ("unit_id", "name", "from_on", "to_on", "days", "cause", "last_official")
        return [{name: gap[name] for name in shown} for gap in gaps]

    async def of_2025(self) -> Figures:
        """Read the coverage on the day before the mergers and on their day."""
        days = {"before": DAY_BEFORE_MERGERS, "after": mergers.EFFECTIVE_ON}
        coverage = {
            name: await self.get("commune-coverage", as_of=day) for name, day in days.items()
        }
        loose = await self.get_all("territory/loose-ends", as_of=mergers.EFFECTIVE_ON)
        return {
            **{
                name: {figure: row[figure] for figure in ("communes", "covered", "officials")}
                for name, row in coverage.items()
            },
            "carried": await self._carried(),
            "to_do": dict(sorted(Counter(end["kind"] for end in loose).items())),
        }

    async def _carried(self) -> int:
        """Count the monitors who continued from a commune that ended to its successor."""
        before, after = [
            await self.get_all("commune-coverage/communes", as_of=day, covered="true")
            for day in (DAY_BEFORE_MERGERS, mergers.EFFECTIVE_ON)
        ]
        monitored = {commune["official_id"] for commune in before}
        return sum(commune["official_id"] in monitored for commune in after)
