"""Kinds: the files that can be imported, in the order in which they build on one another."""

from collections.abc import Mapping
from enum import StrEnum

from service.imports.layout import Layout
from service.imports.organisation import OFFICIALS, POSTS, UNITS
from service.imports.tasks import TASKS
from service.imports.territory.layouts import CONVERSION, UNIT_LIST


class KindName(StrEnum):
    """What a file lists."""

    UNITS = "units"
    POSTS = "posts"
    OFFICIALS = "officials"
    TASKS = "tasks"
    TERRITORY = "territory"


# A file of the kind is of one of these layouts, whichever its headings are of.
KINDS: Mapping[KindName, tuple[Layout, ...]] = {
    KindName.UNITS: (UNITS,),
    KindName.POSTS: (POSTS,),
    KindName.OFFICIALS: (OFFICIALS,),
    KindName.TASKS: (TASKS,),
    KindName.TERRITORY: (UNIT_LIST, CONVERSION),
}
