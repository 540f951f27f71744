"""Components: what one running service consists of. `app.py` assembles them once."""

import asyncio
from dataclasses import dataclass, field

from service.access.authentication import Authentication
from service.access.pace import Pace
from service.access.record import AccessRecord
from service.access.recorders import Recorders
from service.access.tokens import Tokens
from service.clocks import Clocks
from service.database.engine import Pool
from service.handle import Clock, CommandHandler
from service.imports.endings import Endings
from service.imports.jobs import Jobs
from service.imports.worker import ImportWorker
from service.kept_regulations import KeptRegulations
from service.listening.listeners import Listeners
from service.listening.tail import Tails
from service.log.codec import Codec
from service.log.lanes import Lanes
from service.log.log import Log
from service.log.sealing import PersonKeys
from service.observability.metrics import Metrics
from service.observability.operated import Measuring, Reporting
from service.read_models.projector import Projector
from service.read_models.snapshot_worker import SnapshotWorker
from service.read_models.snapshots import Snapshots
from service.search import Search
from service.sent_files import SentFiles
from service.settings import Settings
from service.single_flight import SingleFlight
from service.sources import Sources
from service.streams import Streams
from service.supervision import Tasks
from service.turns import Turns


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
    regulations: KeptRegulations
    projector: Projector
    search: Search
    streams: Streams
    listeners: Listeners
    tails: Tails
    closing: asyncio.Event
    files: SentFiles
    tokens: Tokens
    access_record: AccessRecord
    authentication: Authentication
    pace: Pace
    recorders: Recorders
    commands: CommandHandler
    turns: Turns
    dry_runs: Turns
    lanes: Lanes
    background: Pool
    metrics: Metrics
    tasks: Tasks
    readiness: Reporting
    scrape: Measuring
    clock: Clock
    clocks: Clocks
    imports: Jobs
    import_worker: ImportWorker
    import_endings: Endings
    snapshots: Snapshots
    snapshot_worker: SnapshotWorker
    given_up: asyncio.Event
    single_flight: SingleFlight = field(default_factory=SingleFlight)

    def end_connections(self) -> None:
        """End every connection to the database at once; whoever waits for one gets an error."""
        self.lanes.end()
        self.background.terminate()
        self.pool.terminate()
