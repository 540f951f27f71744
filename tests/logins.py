"""The logins of the tests' database: the owner migrates it, the service uses it."""

import os

from service.database.embedded import OWNER
from service.database.logins import EMBEDDED_LOGIN

# A server given from outside; the tests know one login of it only.
GIVEN = os.environ.get("TEST_DATABASE_URL")


def as_service(url: str) -> str:
    """The same database with the login of the service; a server given from outside has no such."""
    if GIVEN:
        return url
    return url.replace(f"//{OWNER}@", f"//{EMBEDDED_LOGIN}@", 1)
