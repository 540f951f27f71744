"""Slugs: what a refusal is called in addresses and in the access record."""

import re

from domain.kernel import Refusal


def slug(refusal: type[Refusal]) -> str:
    """Return the name in its address: `TaskNotInProgress` is `/problems/task-not-in-progress`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", refusal.__name__).lower()
