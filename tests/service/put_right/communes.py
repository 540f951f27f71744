"""Communes of Yên Sơn and who may monitor them: two of the department, one of the bank."""

from tests.service.put_right.office import DECIDED, DISTRICT, Office, Recorded

DEPARTMENT, BANK = "so-tai-chinh", "ngan-hang"
DIRECTOR, DEPUTY, BANKER = "giam-doc", "pho-giam-doc", "thong-doc"
POSTS = {DIRECTOR: DEPARTMENT, DEPUTY: DEPARTMENT, BANKER: BANK}
COMMUNES = ("cao-son", "thai-binh", "kim-phu")
DUE = {"month": 3, "day": 31}
RULES = {"programme_due": DUE, "report_due": DUE, "review_due": DUE}
NOTE = {"handover_note": "Hồ sơ kèm theo.", "reason": "Phân công lại."}
BEGUN = "2021-02-01"


def post_of(official: str) -> str:
    return f"p-{official}"


async def establish_communes(office: Office) -> None:
    for commune in COMMUNES:
        await office.unit(commune, "commune", parent_id=DISTRICT)
    for agency in (DEPARTMENT, BANK):
        await office.unit(agency, "department")
    for official, agency in POSTS.items():
        await office.official(official)
        await office.post(post_of(official), agency)
        await office.does(
            f"/posts/{post_of(official)}/appoint", "2021-01-04", official_id=official, **DECIDED
        )
    await office.does(
        "/regulations/commune-monitoring/adopt",
        "2021-01-04",
        leading_post_kinds=["leader"],
        **RULES,
        **DECIDED,
    )


async def assigned(
    office: Office, commune: str, official: str, on: str = BEGUN, **further: object
) -> Recorded:
    said = {"official_id": official, "post_id": post_of(official), **DECIDED, **further}
    return await office.does(f"/communes/{commune}/assign-monitor", on, **said)


async def replaced(
    office: Office, commune: str, official: str, on: str, **further: object
) -> Recorded:
    said = {"to_official": official, "post_id": post_of(official), **NOTE, **DECIDED, **further}
    return await office.does(f"/communes/{commune}/replace-monitor", on, **said)


async def monitor(office: Office, commune: str, on: str | None = None) -> str | None:
    """Who monitors the commune on that day; today if none is named."""
    asked = {} if on is None else {"as_of": on}
    listed = await office.items("/commune-coverage/communes", **asked)
    [found] = [one for one in listed if one["unit_id"] == commune]
    official: str | None = found["official_id"]
    return official


async def monitors(office: Office, commune: str, *days: str) -> list[str | None]:
    return [await monitor(office, commune, day) for day in days]


async def gaps(office: Office, commune: str) -> list[tuple[str, str | None, str]]:
    """When the commune had no monitor: from, until, and why."""
    found = await office.items("/commune-coverage/gaps", from_on="2021-01-01")
    return [
        (one["from_on"], one["to_on"], one["cause"]) for one in found if one["unit_id"] == commune
    ]


async def covered(office: Office, on: str | None = None) -> tuple[int, int]:
    """How many communes have a monitor, of how many."""
    asked = {} if on is None else {"as_of": on}
    found = await office.reads("/commune-coverage", **asked)
    return found["covered"], found["communes"]
