"""Misconfigured: the set-up does not let the service run."""


class Misconfigured(Exception):
    """The service cannot run with this set-up; the message says what is wrong and what mends it."""
