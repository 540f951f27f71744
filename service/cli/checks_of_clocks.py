"""Check of the clocks: whether this host's and the database's agree."""

from service.cli.finding import Finding, ok, wrong
from service.clocks import difference, read_clocks, steady_seconds
from service.database.engine import Pool
from service.handle import utc_now
from service.settings import Settings

MEND = "Set the clocks of both hosts by a time server (NTP)."


async def check_clocks(settings: Settings, pool: Pool) -> Finding:
    """Compare the clocks. Beyond the bound the service records nothing."""
    reading = await read_clocks(pool, utc_now, steady_seconds)
    found = difference(reading, settings.clock_skew_seconds)
    if found is not None:
        return wrong("clocks", found.says, MEND)
    return ok("clocks", f"this host's and the database's differ by {abs(reading.difference):.1f} s")
