"""Kinds: the files that can be imported, in the order in which they build on one another."""

from collections.abc import Mapping
from enum import StrEnum

from service.imports.columns import Kind
from service.imports.organisation import OFFICIALS, POSTS, UNITS
from service.imports.tasks import TASKS


class KindName(StrEnum):
    """What a file lists."""

    UNITS = "units"
    POSTS = "posts"
    OFFICIALS = "officials"
    TASKS = "tasks"


KINDS: Mapping[KindName, Kind] = {
    KindName.UNITS: UNITS,
    KindName.POSTS: POSTS,
    KindName.OFFICIALS: OFFICIALS,
    KindName.TASKS: TASKS,
}
