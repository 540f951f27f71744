"""Monitoring lists, read: what lists that are written by hand still share."""

from service.http.reads.lists import regulations
from service.http.reads.reading import Reading

__all__ = ["placed", "regulations"]


def placed(reading: Reading) -> dict[str, object]:
    """The arguments for the place in the list."""
    return {f"after_{number}": value for number, value in enumerate(reading.mark)}
