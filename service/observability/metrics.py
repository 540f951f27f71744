"""Metrics in Prometheus' text format. Each application has a registry, so tests can have many."""

from collections.abc import Iterable, Mapping
from functools import partial
from operator import itemgetter

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)

from service.read_models.standings import Standing
from service.sources import Lag

FAST_BUCKETS = (0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0)


# However many ledgers there are, so many of their read models and tasks are shown; others are as
# they should be before one of them is left out that is not.
MOST_PLACES = 150
MOST_TASKS = 200
# So many pairs of a route and a status are counted each; rarer ones are counted together.
MOST_ANSWERS = 800
OTHERS = "others"
AREA_SEGMENTS = 4

# When a series began tells no more than that it began with the process.
disable_created_metrics()  # type: ignore[no-untyped-call]  # the library has no types for it


class Metrics:
    """The metrics of the service. How many series there are does not depend on the ledgers."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        counter = partial(Counter, registry=self.registry)
        gauge = partial(Gauge, registry=self.registry)
        self.requests = counter(
            "giaoviec_http_requests",
            "Requests answered, by route and status.",
            ("method", "route", "status"),
        )
        self.latency = Histogram(
            "giaoviec_http_request_seconds",
            "Seconds from a request's first byte to its reply's last, streams apart, by the first "
            "segments of the route.",
            ("method", "area"),
            buckets=FAST_BUCKETS,
            registry=self.registry,
        )
        self.connections_ended = counter(
            "giaoviec_http_connections_ended",
            "Connections of clients that were refused or ended, by what they did.",
            ("why",),
        )
        self.appended = counter(
            "giaoviec_events_appended", "Events that commands of this process appended."
        )
        self.conflicts = counter(
            "giaoviec_append_conflicts",
            "Appends refused because what the command had read was no longer all.",
        )
        self.retries = counter(
            "giaoviec_command_retries", "Commands decided again after a conflict."
        )
        self.streams = gauge("giaoviec_event_streams", "Readers of the live event stream.")
        self.task_restarts = counter(
            "giaoviec_task_restarts",
            "How often a background task ended, whatever ended it, and was started again.",
            ("task",),
        )
        self.task_up = gauge(
            "giaoviec_task_up", "1 while a background task works; 0 while it fails.", ("task",)
        )
        self.positions_missing = counter(
            "giaoviec_feed_positions_missing",
            "Reads of the feed that ended before a position that the log lacks.",
        )
        self.connections = gauge(
            "giaoviec_database_connections", "Connections of this process's pool.", ("state",)
        )
        self.clock_difference = gauge(
            "giaoviec_clock_difference_seconds",
            "By how many seconds the database's clock is ahead of this host's.",
        )
        self.replica_up = gauge(
            "giaoviec_replica_up",
            "1 while the replica answers reads; 0 while the database itself does in its place.",
        )
        self.replica_lag = gauge(
            "giaoviec_replica_lag_events", "Events of the log that the replica has not replayed."
        )
        self.replica_lag_seconds = gauge(
            "giaoviec_replica_lag_seconds",
            "Since when the first event is recorded that the replica has not replayed.",
        )
        self._restarted: set[str] = set()
        self._answers: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        self.projections_short = gauge(
            "giaoviec_projections_short",
            "Read models, counted once for each ledger, that lack events or do not run.",
        )
        place = ("projection", "ledger")
        self.projection_position = gauge(
            "giaoviec_projection_position", "The last event that a read model contains.", place
        )
        self.projection_lag = gauge(
            "giaoviec_projection_lag_events",
            "Events of the log that a read model does not contain yet.",
            place,
        )
        self.projection_running = gauge(
            "giaoviec_projection_running",
            "1 while a read model follows the log; 0 if it is stopped, outdated or being rebuilt.",
            place,
        )
        self.projection_still = gauge(
            "giaoviec_projection_standstill_seconds",
            "Since when a read model that lacks events has not moved; 0 while it moves.",
            place,
        )

        self._of_places = (
            self.projection_position,
            self.projection_lag,
            self.projection_running,
            self.projection_still,
        )

    def note_answer(self, method: str, route: str, status: int, seconds: float | None) -> None:
        """Count an answer, and what it took; null for a stream, which lasts as long as it likes."""
        answered, took = self._answer(method, route, status)
        answered.inc()
        if seconds is not None:
            took.observe(seconds)

    def _answer(self, method: str, route: str, status: int) -> tuple[Counter, Histogram]:
        """Return the two series of such answers, kept: a lookup by labels is slow."""
        key = (method, route, status)
        series = self._answers.get(key)
        if series is not None:
            return series
        counted = (method, route) if len(self._answers) < MOST_ANSWERS else (OTHERS, OTHERS)
        area = "/".join(route.split("/")[:AREA_SEGMENTS])
        series = (
            self.requests.labels(*counted, str(status)),
            self.latency.labels(method, area),
        )
        self._answers[key] = series
        return series

    def note_restart(self, task: str) -> None:
        """Count that a background task ended and is started again."""
        if len(self._restarted) < MOST_TASKS:
            self._restarted.add(task)
        self.task_restarts.labels(task if task in self._restarted else OTHERS).inc()

    def note_tasks(self, up: Mapping[str, bool]) -> None:
        """Record which background tasks work at present, those that do not first."""
        self.task_up.clear()
        for name, works in sorted(up.items(), key=itemgetter(1))[:MOST_TASKS]:
            self.task_up.labels(name).set(works)

    def note_replica(self, lag: Lag | None, *, is_read: bool) -> None:
        """Record whether reads are answered by the replica, and how far it was behind at last."""
        self.replica_up.set(is_read)
        if lag is not None:
            self.replica_lag.set(lag.events)
            self.replica_lag_seconds.set(lag.seconds)

    def note_projections(
        self, standings: Iterable[Standing], standing_still: Mapping[tuple[str, str], float]
    ) -> None:
        """Record the present state of these read models, and since when some stand still."""
        for shown in self._of_places:
            shown.clear()
        for standing in standings:
            place = (standing.projection, standing.ledger)
            self.projection_position.labels(*place).set(standing.position)
            self.projection_lag.labels(*place).set(standing.head - standing.position)
            self.projection_running.labels(*place).set(standing.state == "running")
            self.projection_still.labels(*place).set(standing_still.get(place, 0))

    def text(self) -> bytes:
        """Return all metrics in Prometheus' text format."""
        return generate_latest(self.registry)
