"""Province: the sample as chains of commands, in stages that build on one another."""

from service.demo.steps import Chain
from service.demo.tuyen_quang import people, places, year_2019, year_2020, year_2021


def stages() -> list[list[Chain]]:
    """Units from the top down, then officials, then posts with their tenures, then tasks.

    Chains of one stage do not depend on one another.
    """
    return [
        *places.unit_levels(),
        people.official_chains(),
        people.post_chains(),
        [*year_2019.chains(), *year_2020.chains(), *year_2021.chains()],
    ]
