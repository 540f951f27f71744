"""Operated: what probes and scrapers ask of a process, whatever else it does."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Protocol

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from service.observability.metrics import Metrics
from service.observability.readiness import Report


class Reporting(Protocol):
    """Tells how things stand."""

    async def report(self) -> Report: ...


class Measuring(Protocol):
    """Tells what is counted, in Prometheus' text format."""

    async def text(self) -> bytes: ...


class Operated(Protocol):
    """A process that is probed and measured, or what one does on one database."""

    @property
    def metrics(self) -> Metrics: ...
    @property
    def readiness(self) -> Reporting: ...
    @property
    def scrape(self) -> Measuring: ...
    @property
    def closing(self) -> asyncio.Event: ...


class Together:
    """What one process does on several databases.

    Without the home nobody is let in: what is wrong there is a fault. What is wrong with another
    degrades the process, which serves the ledgers of the rest.

    Args:
        parts: by what the databases are called; the first is the home.
    """

    def __init__(self, parts: Mapping[str, Operated]) -> None:
        self._parts = parts
        [self._home, *_] = parts
        self.metrics = parts[self._home].metrics
        self.closing = parts[self._home].closing

    @property
    def readiness(self) -> Reporting:
        return self

    @property
    def scrape(self) -> Measuring:
        return self

    async def report(self) -> Report:
        """How things stand."""
        reports = await asyncio.gather(*(part.readiness.report() for part in self._parts.values()))
        faults: dict[str, str] = {}
        degraded: dict[str, str] = {}
        for name, report in zip(self._parts, reports, strict=True):
            told = faults if name == self._home else degraded
            told.update({f"{name}: {part}": what for part, what in report.faults.items()})
            degraded.update({f"{name}: {part}": what for part, what in report.degraded.items()})
        return Report(faults, degraded)

    async def text(self) -> bytes:
        """What is counted, under the names of the databases."""
        await asyncio.gather(*(part.scrape.text() for part in self._parts.values()))
        joined = CollectorRegistry()
        joined.register(
            _Joined({name: part.metrics.registry for name, part in self._parts.items()})
        )
        return generate_latest(joined)


class _Joined(Collector):
    """The same families of several registries as one, with the database as a label."""

    def __init__(self, registries: Mapping[str, CollectorRegistry]) -> None:
        self._registries = registries

    def collect(self) -> Iterator[Metric]:
        families: dict[str, Metric] = {}
        for database, registry in self._registries.items():
            for family in registry.collect():
                joined = families.setdefault(
                    family.name, Metric(family.name, family.documentation, family.type)
                )
                joined.samples.extend(
                    sample._replace(labels={**sample.labels, "database": database})
                    for sample in family.samples
                )
        yield from families.values()
