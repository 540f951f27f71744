"""Addresses: from which nobody on the way can answer in the place of whoever is asked."""

from urllib.parse import urlsplit

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def is_safe(address: str) -> bool:
    """Whether what is fetched there cannot be changed on the way: by https, or on this host."""
    parts = urlsplit(address)
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    )
