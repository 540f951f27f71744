"""A step of the journey through every verb: what is said, about what, and by whom."""

import re
from typing import Any, NamedTuple

COMMITTEE, AGENCY, DISTRICT = "ban-thuong-vu", "ban-to-chuc", "ubnd-huyen"
# What the clerks' tokens stand for.
OFFICES = (COMMITTEE, AGENCY, DISTRICT, "xa-theo-doi", "xa-cao-son", "so-van-hoa", "chi-bo-thon-1")
BASIS = {"number": "12-QĐ/HU", "issued_on": "2021-01-04", "issuing_body": "Ban Thường vụ"}
DECISION = {"on_behalf_of": COMMITTEE, "basis": BASIS}
WHY = {"reason": "Theo tình hình thực tế."}
FOUNDED = "2021-01-01"


class Step(NamedTuple):
    """A verb, the id it is about, what is said, and by whom."""

    verb: str
    subject: str
    said: dict[str, Any]
    by: str = "clerk"

    @property
    def path(self) -> str:
        return re.sub(r"\{\w+\}", self.subject, self.verb)


def organises(verb: str, subject: str, on: str, **said: object) -> Step:
    return Step(verb, subject, {"effective_on": on, "basis": BASIS, **said}, "registrar")
