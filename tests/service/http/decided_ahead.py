"""Decisions ahead of their days, of every kind that may be taken so, in the busy ledger."""

from datetime import date, timedelta
from typing import Any, NamedTuple

from tests.service.http.lists import DEPUTY_POST
from tests.service.http.monitored_communes import DECIDED
from tests.service.http.yen_son import OTHER, OTHER_DISTRICT, OTHER_POST, SECRETARY
from tests.service.province import COMMITTEE, DISTRICT, POST, PROPOSAL, Province

ORDER = {"number": "77-QĐ/TU", "issued_on": "2022-06-01", "issuing_body": "Tỉnh ủy"}
CITED: dict[str, Any] = {"basis": ORDER}
BY_COMMITTEE: dict[str, Any] = {"on_behalf_of": COMMITTEE, **CITED}
WHY = {"reason": "Theo quyết định"}
STATE = {"state_summary": "Đang dở"}
LEAVER, HEIR, NEWCOMER = "official-017", "official-030", "official-031"
FIRST, SECOND = "uy-vien-1", "uy-vien-2"
SEATS, OLD_POST, NEW_POST = "uy-vien", "van-phong", "pho-ban"
NEW_UNIT, NEW_COMMUNE = "ban-tuoi", "xa-tuoi"
EARLIER = {"month": 1, "day": 5}
NEW_SUCCESSOR = {"name": "Xã tươi", "kind": "commune", "parent_id": OTHER_DISTRICT}


class Decision(NamedTuple):
    """A decision ahead of its day, and where it shows from that day on.

    Attributes:
        shown: the path of a read that then says otherwise than the day before; that of what is
            scheduled where no other says it.
        field: names joined by dots to what it says otherwise, in its item or its items.
    """

    verb: str
    params: dict[str, Any]
    shown: str
    field: str


# What must be there before, beside the busy ledger.
BEFORE: tuple[tuple[str, dict[str, Any]], ...] = (
    *(("/officials/register", {"official_id": official, "full_name": "Cán bộ"})
      for official in (HEIR, NEWCOMER, FIRST, SECOND)),
    ("/posts/create", {"post_id": SEATS, "unit_id": DISTRICT, "title": "Ủy viên", "kind": "member",
                       "managed_by": COMMITTEE, "seats": 2}),
    ("/posts/create", {"post_id": OLD_POST, "unit_id": OTHER_DISTRICT, "title": "Văn phòng",
                       "kind": "staff", "managed_by": COMMITTEE}),
    *((f"/posts/{SEATS}/appoint", {"official_id": official}) for official in (FIRST, SECOND)),
    *(("/tasks/commission", {"task_id": task, "post_id": SEATS, "proposal": PROPOSAL, **DECIDED})
      for task in ("lamps", "wells")),
    *((f"/tasks/{task}/assign", {"official_id": FIRST, **DECIDED}) for task in ("lamps", "wells")),
    ("/tasks/commission", {"task_id": "bridge", "post_id": POST, "proposal": PROPOSAL, **DECIDED}),
    ("/tasks/school/add-co-accountable", {"post_id": SEATS, "official_id": FIRST, **DECIDED}),
    ("/agencies/so-1/set-quota", {"leaders": 3, **DECIDED}),
    ("/communes/xa-5/allocate", {"agency_id": "so-1", **DECIDED}),
)  # fmt: skip
# One after another, from day to day.
DECISIONS: tuple[Decision, ...] = (
    Decision("/tasks/roads/cancel", {**WHY, **BY_COMMITTEE}, "/tasks/roads", "state"),
    Decision("/tasks/kilns/transfer", {"to_post": OTHER_POST, **WHY, **BY_COMMITTEE},
             "/tasks/kilns", "official_id"),
    Decision("/tasks/bridge/assign", {"due_on": "2028-12-31", **BY_COMMITTEE},
             "/tasks/bridge/dossier", "state"),
    Decision("/tasks/lamps/hand-over", {"to_official": SECOND, **STATE, **BY_COMMITTEE},
             f"/officials/{SECOND}/portfolio", "task_id"),
    Decision("/tasks/school/hand-over-co-accountability",
             {"from_official": FIRST, "to_official": SECOND, **STATE, **BY_COMMITTEE},
             "/tasks/school", "co_accountables"),
    Decision(f"/officials/{FIRST}/hand-over-portfolio",
             {"to_official": SECOND, **STATE, **BY_COMMITTEE}, "/tasks/wells", "official_id"),
    Decision("/tasks/school/release-co-accountable", {"official_id": OTHER, **WHY, **BY_COMMITTEE},
             f"/officials/{OTHER}/responsibilities", "task_id"),
    Decision("/tasks/hamlets/add-co-accountable", {"post_id": DEPUTY_POST, **BY_COMMITTEE},
             f"/officials/{SECRETARY}/responsibilities", "task_id"),
    Decision("/tasks/dam/fill-vacancy", {**STATE, **BY_COMMITTEE}, "/vacancies", "task_id"),
    Decision("/tasks/houses/revise", {"due_on": "2028-12-31", **WHY, **BY_COMMITTEE},
             "/tasks/houses", "due_on"),
    Decision("/tasks/hamlets/set-report-duty",
             {"duty": {"cadence": "monthly", "day": 5}, **BY_COMMITTEE},
             "/tasks/hamlets/dossier", "report_duty"),
    Decision("/tasks/hamlets/open-year",
             {"year": 2027, "new_task_id": "hamlets-2027", **BY_COMMITTEE},
             "/tasks?q=dân", "task_id"),
    Decision("/tasks/houses/carry-over",
             {"term": {"kind": "year", "year": 2027}, "new_task_id": "houses-2027",
              **WHY, **BY_COMMITTEE},
             "/tasks/houses", "carried_over_to"),
    Decision(f"/posts/{POST}/end-tenure",
             {"official_id": LEAVER, "cause": "transfer",
              "succession": {"official_id": HEIR, **STATE}, **BY_COMMITTEE},
             f"/posts/{POST}", "holders"),
    Decision("/tasks/meetings/vacate", {**WHY, **BY_COMMITTEE}, "/vacancies", "task_id"),
    Decision("/posts/create",
             {"post_id": NEW_POST, "unit_id": OTHER_DISTRICT, "title": "Phó ban tươi",
              "kind": "staff", "managed_by": COMMITTEE, **CITED},
             "/posts", "post_id"),
    Decision(f"/posts/{NEW_POST}/appoint", {"official_id": NEWCOMER, **BY_COMMITTEE},
             f"/officials/{NEWCOMER}", "tenures"),
    Decision(f"/posts/{OLD_POST}/abolish", {**WHY, **CITED}, "/posts", "post_id"),
    Decision("/units/establish",
             {"unit_id": NEW_UNIT, "name": "Ban tươi", "kind": "division", **CITED},
             "/units", "unit_id"),
    Decision(f"/units/{DISTRICT}/rename", {"name": "Thành phố tươi", **CITED},
             f"/units/{DISTRICT}", "name"),
    Decision(f"/units/{OTHER_DISTRICT}/recode", {"code": "T-77", **CITED},
             f"/units/{OTHER_DISTRICT}", "code"),
    Decision("/units/xa-3/retype", {"kind": "ward", **CITED}, "/units/xa-3", "kind"),
    Decision("/units/xa-3/move", {"parent_id": OTHER_DISTRICT, **CITED},
             f"/commune-coverage/communes?district={OTHER_DISTRICT}", "unit_id"),
    Decision("/units/xa-4/cede", {"to_unit": "xa-3", "part": "thôn tươi", **CITED},
             "/units/xa-3/lineage", "predecessors"),
    Decision("/communes/xa-2/replace-monitor",
             {"to_official": "giam-doc-1", "post_id": "gd-1", "handover_note": "Đủ",
              "exception": "Thiếu người", **WHY, **BY_COMMITTEE},
             "/commune-coverage/communes", "official_id"),
    Decision("/communes/xa-3/release-monitor", {**WHY, **BY_COMMITTEE},
             "/commune-coverage/gaps", "unit_id"),
    Decision("/communes/xa-4/assign-monitor",
             {"official_id": "giam-doc-3", "post_id": "gd-3", "exception": "Thiếu người",
              **BY_COMMITTEE},
             "/commune-coverage/gaps", "unit_id"),
    Decision("/agencies/so-1/set-quota", {"leaders": 7, **BY_COMMITTEE},
             "/scheduled", "position"),
    Decision("/agencies/so-3/set-quota", {"leaders": 2, **BY_COMMITTEE},
             "/scheduled", "position"),
    Decision("/communes/xa-4/allocate", {"agency_id": "so-3", **BY_COMMITTEE},
             "/scheduled", "position"),
    Decision("/communes/xa-5/withdraw-allocation", {**WHY, **BY_COMMITTEE},
             "/scheduled", "position"),
    Decision("/units/xa-5/merge", {"predecessors": ["xa-6"], **CITED}, "/units", "unit_id"),
    Decision("/units/xa-5/split",
             {"parts": [{"unit_id": "xa-1"}, {"unit_id": NEW_COMMUNE, "successor": NEW_SUCCESSOR}],
              **CITED},
             "/units/xa-1/lineage", "predecessors"),
    Decision("/cells/chi-bo-1/assign-attendant", {"official_id": "giam-doc-2", **BY_COMMITTEE},
             "/cell-attendance?cell=chi-bo-1", "official_id"),
    Decision("/cells/chi-bo-2/release-attendant",
             {"official_id": "giam-doc-2", **WHY, **BY_COMMITTEE},
             "/cell-attendance?cell=chi-bo-2", "official_id"),
    Decision("/cells/chi-bo-3/release-attendant",
             {"official_id": "giam-doc-3", **WHY, **BY_COMMITTEE},
             "/cell-attendance", "official_id"),
    Decision("/units/chi-bo-3/close", {**WHY, **CITED}, "/units?kind=party_cell", "unit_id"),
    Decision("/regulations/commune-monitoring/adopt",
             {"programme_due": EARLIER, "report_due": EARLIER, "review_due": EARLIER,
              "communes_per_official": 9, "leading_post_kinds": ["leader"], **BY_COMMITTEE},
             "/monitoring/programmes?year=2027", "due_on"),
    Decision("/regulations/cell-attendance/adopt",
             {"scale_points": 7, "meetings_per_month": 4, **BY_COMMITTEE},
             "/scheduled", "position"),
)  # fmt: skip


async def prepare(province: Province) -> int:
    """What must be there before; the last position."""
    position = 0
    for verb, params in BEFORE:
        position = (await province.does(verb, **params))["position"]
    return position


def day_of(first: date, number: int) -> date:
    """From which the decision of that number counts."""
    return first + timedelta(days=number)


async def decide_ahead(province: Province, first: date) -> int:
    """Take all decisions from that day on, each from a day of its own; the last position."""
    position = 0
    for number, decision in enumerate(DECISIONS):
        on = day_of(first, number).isoformat()
        done = await province.does(decision.verb, **{**decision.params, "effective_on": on})
        position = done["position"]
    return position
