"""Put right: what was recorded late, ahead and wrongly, and the answers before and after. Invented.

None of it counts from a day of 2019 to 2021, so the reports' figures stay as they are.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

import httpx

from domain.kernel import Replacement
from domain.organisation.tenures import Appointment
from domain.record.annulment import Annulment
from domain.tasks.responsibility.handover import Acceptance, HandoverToSuccessor
from domain.tasks.work.progress import ProgressReport
from service.demo.organisation import official
from service.demo.queries import Figures, ReadClient, Row
from service.demo.steps import Chain
from service.demo.tuyen_quang.places import PROVINCE
from service.handle import VIETNAM, today, utc_now
from service.listening.cloudevents import TYPE_PREFIX

# Both held the post of vice-chairman of Hàm Yên; the second takes over a task of the first.
FIRST, SECOND = "can-bo-010", "can-bo-011"
HANDED_OVER = f"2021-{FIRST}-1"
REPORTED = f"2021-{FIRST}-2"
# One of the city's two seats of a vice-chairman is free.
POST, APPOINTED = "pho-chu-tich-thanh-pho", "can-bo-070"

# The sample recorded so many events about each of the tasks before.
EVENTS_BEFORE = 4
REPORTED_IN_APRIL = date(2022, 4, 15)
OFFERED_ON, HANDED_OVER_ON = date(2022, 5, 16), date(2022, 5, 20)
REPORTED_IN_JUNE, REPORTED_IN_JULY = date(2022, 6, 15), date(2022, 7, 15)
WRONG_SHARE, SHARE, LATER_SHARE = 64, 46, 55


def ahead_on(day: date) -> date:
    """The first day of the next month."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def stages() -> list[list[Chain]]:
    """One chain after another, so that every load records the same events in the same order."""
    return [[_handed_over_late()], [_corrected()], *([chain] for chain in _appointed_ahead())]


def _handed_over_late() -> Chain:
    """In June the predecessor reports; then the handover of May arrives and takes its place."""
    report_of_june = EVENTS_BEFORE + 2
    instead = Replacement(
        positions=(report_of_june,), reason="Biên bản bàn giao tháng 5 đến muộn; báo cáo ghi nhầm."
    )
    summary = "Đã có kế hoạch và báo cáo tháng 4; hồ sơ bàn giao kèm theo."
    return Chain(
        f"task:{HANDED_OVER}",
        _report(REPORTED_IN_APRIL, 30),
        _report(REPORTED_IN_JUNE, 40),
        HandoverToSuccessor(to_official=SECOND, state_summary=summary, effective_on=OFFERED_ON),
        Acceptance(effective_on=HANDED_OVER_ON, replaces=instead),
        _report(REPORTED_IN_JUNE, 40),
    )


def _corrected() -> Chain:
    """A report of which two digits were exchanged, and another that was typed twice."""
    mistyped, double = EVENTS_BEFORE + 1, EVENTS_BEFORE + 5
    instead = Replacement(positions=(mistyped,), reason="Gõ nhầm tỷ lệ.")
    right = _report(REPORTED_IN_APRIL, SHARE).model_copy(update={"replaces": instead})
    return Chain(
        f"task:{REPORTED}",
        _report(REPORTED_IN_APRIL, WRONG_SHARE),
        right,
        _report(REPORTED_IN_JULY, LATER_SHARE),
        _report(REPORTED_IN_JULY, LATER_SHARE),
        Annulment(positions=(double,), reason="Ghi trùng."),
    )


def _appointed_ahead() -> tuple[Chain, Chain]:
    """The free seat is filled from a day that is ahead whenever the sample is loaded first."""
    day = today(utc_now)
    appointment = Appointment(official_id=APPOINTED, effective_on=ahead_on(day))
    return official(APPOINTED, day), Chain(f"post:{POST}", appointment)


def _report(on: date, share: int) -> ProgressReport:
    return ProgressReport(
        narrative=f"Đã thực hiện {share} % khối lượng.",
        share_percent=Decimal(share),
        effective_on=on,
    )


async def read_figures(http: httpx.AsyncClient, token: str) -> Figures:
    """Read what was put right, and the answers as known before it and as they are now."""
    return {"put_right": await PutRight(http, token, PROVINCE).figures()}


class PutRight(ReadClient):
    """A client that asks the same of what was known before and of what is known now."""

    async def figures(self) -> Figures:
        late = await self._event(f"task:{HANDED_OVER}", "task.handed_over")
        ahead = await self._event(f"official:{APPOINTED}", "tenure.started")
        replaced, annulled = await self._events(f"task:{REPORTED}", "event.annulled")
        recorded_on = datetime.fromisoformat(ahead["time"]).astimezone(VIETNAM).date().isoformat()
        holding = (recorded_on, ahead["effectiveon"])
        await self.at_head()
        return {
            "late": _named(late),
            "ahead": {**_named(ahead), "recorded_on": recorded_on},
            "replaced": _named(replaced),
            "annulled": _named(annulled),
            "before": {
                # The annulment of the report stands right before the handover.
                "late": await self._leads(known_at=late["position"] - 2),
                "ahead": await self._holders(holding, known_at=ahead["position"] - 1),
                "replaced": await self._share(known_at=replaced["position"] - 1),
                "annulled": await self._reports_of_july(known_at=annulled["position"] - 1),
            },
            "after": {
                "late": await self._leads(),
                "ahead": await self._holders(holding),
                "replaced": await self._share(),
                "annulled": await self._reports_of_july(),
            },
        }

    async def _leads(self, **known: int) -> Figures:
        """Read who led the task on the day before the handover, on that day, and in June."""
        days = {
            "day_before": HANDED_OVER_ON - timedelta(days=1),
            "that_day": HANDED_OVER_ON,
            "later": REPORTED_IN_JUNE,
        }
        return {
            name: (await self.get(f"tasks/{HANDED_OVER}", as_of=day.isoformat(), **known))["item"][
                "official_id"
            ]
            for name, day in days.items()
        }

    async def _holders(self, days: Sequence[str], **known: int) -> Figures:
        """Read who holds the post on the day of recording and on the day of the appointment."""
        names = ("day_recorded", "that_day")
        return {
            name: [
                tenure["official_id"]
                for tenure in (await self.get(f"posts/{POST}", as_of=day, **known))["item"][
                    "holders"
                ]
            ]
            for name, day in zip(names, days, strict=True)
        }

    async def _share(self, **known: int) -> int:
        """Read the share done that the report of April gives, in percent."""
        [report] = await self._reports(REPORTED_IN_APRIL, **known)
        return int(Decimal(report["share_percent"]))

    async def _reports_of_july(self, **known: int) -> int:
        return len(await self._reports(REPORTED_IN_JULY, **known))

    async def _reports(self, on: date, **known: int) -> list[Row]:
        dossier = (await self.get(f"tasks/{REPORTED}/dossier", **known))["item"]
        return [
            report
            for report in dossier["reports"]
            if report["recorded"]["event"]["effective_on"] == on.isoformat()
        ]

    async def _event(self, tag: str, kind: str) -> Row:
        [event] = await self._events(tag, kind)
        return event

    async def _events(self, tag: str, kind: str) -> list[Row]:
        events: list[Row] = (await self.get("events", tags=tag, types=kind))["events"]
        return events


def _named(event: Row) -> Figures:
    return {
        "position": event["position"],
        "type": event["type"].removeprefix(TYPE_PREFIX),
        "effective_on": event["effectiveon"],
    }
