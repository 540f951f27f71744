"""Composing: what decides on the rows of a file, for the record or in rehearsal."""

from service.database.engine import Pool
from service.handle import Clock, CommandHandler, utc_now
from service.imports.dry_run import RehearsedKeys, RehearsedLog
from service.log.codec import Codec
from service.observability.metrics import Metrics


def rehearsing(pool: Pool, master_key: bytes, clock: Clock = utc_now) -> CommandHandler:
    """Decides as the service does, on the log and on what it decided before; records nothing."""
    codec = Codec(RehearsedKeys(pool, master_key))
    return CommandHandler(RehearsedLog(pool), codec, Metrics(), clock)
