"""Renaming: a database has another name for a while, as during a restore, and takes nobody in."""

from tests.faults.conftest import Site


def renamed_away(site: Site, name: str) -> None:
    """Give the site's database that name. Services that come back at once are kept out."""
    site.server.execute(
        f"ALTER DATABASE {site.database} ALLOW_CONNECTIONS false", database="postgres"
    )
    site.server.rename_database(site.database, name)


def renamed_back(site: Site, name: str) -> None:
    """Give it its own name again."""
    site.server.rename_database(name, site.database)
    site.server.execute(
        f"ALTER DATABASE {site.database} ALLOW_CONNECTIONS true", database="postgres"
    )
