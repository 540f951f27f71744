"""Check of the replica: whether it is one of this database, answers, and follows."""

from service.cli.finding import Finding, ok, skipped, wrong
from service.database.engine import ANY_SERVER, Pool, create_pool
from service.database.outages import NOT_NOW
from service.settings import Settings
from service.sources import lag_of

FEEDBACK = "SELECT current_setting('hot_standby_feedback')"
SEE = "See docs/how-to/replicate.md."


async def check_replica(settings: Settings, pool: Pool) -> Finding:
    """Look at the replica as the service would."""
    if settings.replica_url is None:
        return skipped("replica", "none is set")
    try:
        async with await create_pool(settings.replica_url, size=1, server=ANY_SERVER) as replica:
            lag = await lag_of(replica, pool)
            feedback = await replica.fetchval(FEEDBACK)
    except NOT_NOW as error:
        why = str(error) or type(error).__name__
        return wrong("replica", why, f"Check GIAOVIEC_REPLICA_URL and the standby. {SEE}")
    if lag.seconds > settings.standstill_seconds:
        says = f"it is {lag.events} events behind, the first {lag.seconds:.0f} s"
        return wrong("replica", says, f"See what holds up its replay. {SEE}")
    if feedback != "on":
        says = "hot_standby_feedback is off: long reads are cancelled"
        return wrong("replica", says, "Set hot_standby_feedback = on on the standby.")
    return ok("replica", f"it is {lag.events} events behind")
