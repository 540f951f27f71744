"""Components: what one running service consists of. `app.py` assembles them once."""

import asyncio
from dataclasses import dataclass, field

from service.access.authentication import Authentication
from service.access.tokens import Tokens
from service.clocks import Clocks
from service.database.engine import Pool
from service.handle import Clock, CommandHandler
from service.imports.endings import Endings
from service.imports.jobs import Jobs
from service.imports.worker import ImportWorker
from service.log.codec import Codec
from service.log.lanes import Lanes
from service.log.log import Log
from service.log.sealing import PersonKeys
from service.observability.metrics import Metrics
from service.observability.readiness import Readiness
from service.read_models.projector import Projector
from service.read_models.snapshot_worker import SnapshotWorker
from service.read_models.snapshots import Snapshots
from service.search import Search
from service.settings import Settings
from service.sources import Sources
from service.supervision import Tasks
from service.turns import Turns

# How many lists are written into files at once; others wait.
EXPORTS_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Service:
    """The components of a running service, available as `app.state.service`.

    `closing` is set when the service begins to stop. Requests that wait for events then end.
    `clock` is the host's, for questions; commands take their time from `clocks`, if these agree.
    `given_up` is set when the service cannot go on and ends by itself.
    """

    settings: Settings
    database_url: str
    pool: Pool
    log: Log
    sources: Sources
    keys: PersonKeys
    codec: Codec
    projector: Projector
    search: Search
    tokens: Tokens
    authentication: Authentication
    commands: CommandHandler
    turns: Turns
    lanes: Lanes
    background: Pool
    metrics: Metrics
    tasks: Tasks
    readiness: Readiness
    clock: Clock
    clocks: Clocks
    imports: Jobs
    import_worker: ImportWorker
    import_endings: Endings
    snapshots: Snapshots
    snapshot_worker: SnapshotWorker
    given_up: asyncio.Event
    exports: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(EXPORTS_AT_ONCE))
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    def end_connections(self) -> None:
        """End every connection to the database at once; whoever waits for one gets an error."""
        self.lanes.end()
        self.background.terminate()
        self.pool.terminate()
