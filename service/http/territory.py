"""Territory: the verbs by which units change and end, and those of the kinds of units."""

from domain.organisation.kinds import ChangeUnitKind, DeclareUnitKind, EndUnitKind
from domain.organisation.territory import (
    CedeTerritory,
    MoveUnit,
    RecodeUnit,
    RenameUnit,
    RetypeUnit,
)
from domain.succession.closing import CloseUnit
from domain.succession.division import SplitUnit
from domain.succession.merger import MergeUnits
from service.http.commands import Verb

TERRITORY_VERBS = (
    Verb("/units/{unit_id}/rename", RenameUnit, "unit"),
    Verb("/units/{unit_id}/retype", RetypeUnit, "unit"),
    Verb("/units/{unit_id}/recode", RecodeUnit, "unit"),
    Verb("/units/{unit_id}/move", MoveUnit, "unit"),
    Verb("/units/{unit_id}/cede", CedeTerritory, "unit"),
    Verb("/units/{unit_id}/merge", MergeUnits, "unit"),
    Verb("/units/{unit_id}/split", SplitUnit, "unit"),
    Verb("/units/{unit_id}/close", CloseUnit, "unit"),
    Verb("/unit-kinds/{unit_kind_id}/declare", DeclareUnitKind, "unit_kind"),
    Verb("/unit-kinds/{unit_kind_id}/change", ChangeUnitKind, "unit_kind"),
    Verb("/unit-kinds/{unit_kind_id}/end", EndUnitKind, "unit_kind"),
)
