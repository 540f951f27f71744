"""Checks of the clocks: whether this host's, the database's and the last events' agree."""

from datetime import timedelta

from service.cli.finding import Finding, ok, wrong
from service.clocks import difference, read_clocks, steady_seconds
from service.database.engine import Pool
from service.handle import utc_now
from service.log.ahead import ledgers_ahead
from service.log.events import LedgerAhead
from service.settings import Settings

MEND = "Set the clocks of both hosts by a time server (NTP)."


async def check_clocks(settings: Settings, pool: Pool) -> Finding:
    """Compare the clocks. Beyond the bound the service records nothing."""
    reading = await read_clocks(pool, utc_now, steady_seconds)
    found = difference(reading, settings.clock_skew_seconds)
    if found is not None:
        return wrong("clocks", found.says, MEND)
    return ok("clocks", f"this host's and the database's differ by {abs(reading.difference):.1f} s")


async def check_ledgers_ahead(settings: Settings, pool: Pool) -> Finding:
    """Check that no ledger's last event lies in the future: it would not be written until then."""
    found = await ledgers_ahead(pool, timedelta(seconds=settings.clock_skew_seconds))
    if found:
        says = "; ".join(f"{ledger}: {LedgerAhead(*ahead)}" for ledger, ahead in found.items())
        mend = "Wait, or restore to before: see docs/how-to/deploy.md, “Clocks”."
        return wrong("last events", says, mend)
    return ok("last events", "none lies in the future")
