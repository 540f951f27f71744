"""The log holds, whatever is cut or dies: the acknowledged is recorded once, readers get it all."""

from tests.faults.checker import compared
from tests.faults.conftest import Report, Serve, Site
from tests.faults.load import Load, Subscriber, under_load
from tests.faults.proxy import Proxy


def load_on(site: Site, *addresses: str) -> tuple[Load, list[Subscriber]]:
    """Callers of these services, and a reader of pages and one of the stream."""
    load = Load(addresses, site.token, [site.ledger], callers=8)
    return load, [
        Subscriber(addresses, site.token, site.ledger, streams=streams) for streams in (False, True)
    ]


def test_cut_connections_lose_and_double_nothing(
    site: Site, proxy: Proxy, serve: Serve, report: Report
) -> None:
    load, readers = load_on(site, serve(proxy.url(site.url)).address)
    seconds, rounds = 0.0, 3
    with under_load(load, *readers):
        load.wait_for(50)
        for _ in range(rounds):
            proxy.cut()
            seconds = max(seconds, load.wait_for(50))
    report(
        compared(
            "every connection cut",
            load,
            site.server,
            *readers,
            database=site.database,
            rounds=rounds,
            seconds=seconds,
        )
    )
