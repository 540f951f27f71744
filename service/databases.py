"""Databases: ledgers may stand in several, and each is found by its name.

One of them is the home, that of DATABASE_URL: tokens and identities stand there, and all ledgers
that are not sent elsewhere. Ledgers depend on nothing of one another, so nothing is shared between
the databases but who calls.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from types import SimpleNamespace

from service.components import Service
from service.settings import Misconfigured

HOME = "home"


@dataclass(frozen=True, slots=True)
class Databases:
    """A service for each database, in one process.

    Attributes:
        home: that of DATABASE_URL.
        others: those of the ledgers whose names match a pattern; the first that matches counts.
    """

    home: Service
    others: Mapping[str, Service]

    def of(self, ledger: str) -> Service:
        """The service of the ledger's database."""
        for pattern, service in self.others.items():
            if fnmatchcase(ledger, pattern):
                return service
        return self.home

    def app_of(self, ledger: str) -> SimpleNamespace:
        """What stands for the application in a request about the ledger."""
        return SimpleNamespace(state=SimpleNamespace(service=self.of(ledger), databases=self))

    def named(self) -> Iterator[tuple[str, Service]]:
        """Each service once, with what its database is called: by its first pattern."""
        told: set[int] = set()
        for name, service in {HOME: self.home, **self.others}.items():
            if id(service) not in told:
                told.add(id(service))
                yield name, service

    async def require_found(self) -> None:
        """Require that every ledger stands where it is looked for.

        Raises:
            Misconfigured.
        """
        for name, service in self.named():
            for found in await service.log.ledgers():
                if self.of(found.ledger) is not service:
                    raise Misconfigured(
                        f"the ledger {found.ledger} stands in the database {name}, and "
                        "GIAOVIEC_DATABASES sends it to another: mend the patterns."
                    )
