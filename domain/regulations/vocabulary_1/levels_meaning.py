"""Levels' meaning: they are in order, their thresholds fall, each can be met, none is forgotten."""

from collections.abc import Iterator

from domain.regulations.files.checking import Parts, Rule, Told
from domain.regulations.files.faults import Path
from domain.regulations.vocabulary_1.amounts import plain
from domain.regulations.vocabulary_1.holes import hole
from domain.regulations.vocabulary_1.levelling import (
    ExcessRequired,
    GradeRequired,
    MeasureRequired,
    NoBetterThan,
    Override,
    RatedAt,
    Requirement,
)
from domain.regulations.vocabulary_1.names import repeated, unknown
from domain.regulations.vocabulary_1.shapes import LEVELS


def _in_order(parts: Parts) -> Iterator[Told]:
    ranks = [LEVELS.index(level.level) for level in parts["levels"]]
    for at in range(1, len(ranks)):
        if ranks[at] <= ranks[at - 1]:
            order = ", ".join(LEVELS)
            yield Told(
                ("levels", at, "level"),
                f"các mức phải theo thứ tự {order}, mỗi mức một lần",
                f"levels must be in the order {order}, each once",
            )


def _thresholds_fall(parts: Parts) -> Iterator[Told]:
    before = None
    for at, level in enumerate(parts["levels"]):
        if before is not None and level.points is not None and level.points >= before.points:
            yield Told(
                ("levels", at, "points"),
                f"ngưỡng điểm phải giảm dần: {plain(level.points)} không nhỏ hơn "
                f"{plain(before.points)} của {before.level}",
                f"thresholds must fall: {plain(level.points)} is not below "
                f"{plain(before.points)} of {before.level}",
            )
        if level.below is not None and level.points is not None and level.below <= level.points:
            yield Told(
                ("levels", at, "below"),
                "below phải lớn hơn points",
                "below must be more than points",
            )
        if level.points is not None:
            before = level


def _points_exist(parts: Parts) -> Iterator[Told]:
    for at, level in enumerate(parts["levels"]):
        for name in ("points", "below"):
            threshold = getattr(level, name)
            if threshold is None:
                continue
            if not parts["points"]:
                yield Told(
                    ("levels", at, name),
                    "có ngưỡng điểm thì phải nêu points",
                    "a threshold needs points",
                )
            elif threshold > sum(part.most for part in parts["points"]):
                yield Told(
                    ("levels", at, name),
                    "ngưỡng cao hơn tổng điểm tối đa",
                    "the threshold is above the most points",
                )


def _requirements(parts: Parts) -> Iterator[tuple[Path, Requirement]]:
    for at, level in enumerate(parts["levels"]):
        for index, requirement in enumerate(level.require):
            yield ("levels", at, "require", index), requirement


def _measures_exist(parts: Parts) -> Iterator[Told]:
    for path, requirement in _requirements(parts):
        for key in ("measure", "above"):
            name = getattr(requirement, key, None)
            if name is not None and name not in parts["measures"]:
                yield unknown((*path, key), name, parts["measures"], ("phép đo", "measure"))


def _grades_exist(parts: Parts) -> Iterator[Told]:
    grades = parts["criteria"].grades if parts["criteria"] else ()
    for path, requirement in _requirements(parts):
        if isinstance(requirement, GradeRequired) and requirement.graded not in grades:
            yield Told(
                (*path, "graded"),
                f"criteria không có mức «{requirement.graded}»",
                f"criteria have no grade `{requirement.graded}`",
            )


def _can_be_met(parts: Parts) -> Iterator[Told]:
    for path, requirement in _requirements(parts):
        if isinstance(requirement, MeasureRequired) and (
            requirement.more_than == 1 or requirement.less_than == 0
        ):
            yield Told(path, "không ai đạt được điều kiện này", "nobody can meet this condition")
        if isinstance(requirement, ExcessRequired) and requirement.above == requirement.measure:
            yield Told(
                (*path, "above"), "không so phép đo với chính nó", "a measure is not above itself"
            )


def _bare_is_lowest(parts: Parts) -> Iterator[Told]:
    for at, level in enumerate(parts["levels"]):
        if not level.is_bare:
            continue
        if at < len(parts["levels"]) - 1:
            yield Told(
                ("levels", at),
                "chỉ mức thấp nhất được không có điều kiện",
                "only the lowest level may have no condition",
            )
        elif parts["otherwise"] is None:
            yield Told(
                ("levels", at),
                f"{level.level} không có điều kiện nên không tự xếp ai vào: ai không đạt mức nào "
                "thì do cơ quan quyết định. Hãy viết rõ below và otherwise: {by: decision}",
                f"{level.level} has no condition, so nobody is rated so by it: whom no level holds "
                "for, the body decides. Better write below, and otherwise: {by: decision}",
                "advice",
            )


def _no_hole(parts: Parts) -> Iterator[Told]:
    levels = parts["levels"]
    if not levels or parts["otherwise"] is not None or levels[-1].is_bare:
        return
    found = hole(levels, [cohort.name for cohort in parts["cohorts"]])
    if found is not None:
        yield Told(
            ("levels",),
            f"có trường hợp không mức nào đạt ({found.vietnamese}); thêm "
            "otherwise: {by: decision}",
            f"there are cases that no level holds for ({found.english}); add otherwise: "
            "{by: decision}",
        )


def _otherwise_of_levels(parts: Parts) -> Iterator[Told]:
    if parts["otherwise"] is not None and not parts["levels"]:
        yield Told(
            ("otherwise",), "otherwise chỉ dùng khi có levels", "otherwise is for levels only"
        )


def _levels_of_somebody(parts: Parts) -> Iterator[Told]:
    for name in ("cohorts", "cycles"):
        if parts["levels"] and not parts[name]:
            yield Told(("levels",), f"có xếp loại thì phải nêu {name}", f"levels need {name}")


def _overrides(parts: Parts) -> Iterator[Told]:
    keys = ((_key(one), one.when, *one.only_for) for one in parts["overrides"])
    yield from repeated("overrides", keys, ("ngoại lệ", "the override"))
    levels = [level.level for level in parts["levels"]]
    seen: list[Override] = []
    for at, override in enumerate(parts["overrides"]):
        key, level = _key(override), _level(override)
        if level not in levels:
            yield Told(
                ("overrides", at, key),
                f"levels không có mức {level}",
                f"levels have no level {level}",
            )
        elif isinstance(override, NoBetterThan) and level == levels[0]:
            yield Told(
                ("overrides", at),
                f"không bao giờ có tác dụng: {level} là mức cao nhất",
                f"it never has an effect: {level} is the best level",
            )
        elif any(_covers(earlier, override) for earlier in seen):
            yield Told(
                ("overrides", at),
                "không bao giờ có tác dụng: điều kiện này đã có quy định chặt hơn hoặc bằng",
                "it never has an effect: the same condition is ruled as strictly already",
            )
        seen.append(override)


def _covers(one: Override, other: Override) -> bool:
    """Whether the other, of another kind, changes nothing where the one is in force."""
    if one.when != other.when or (one.only_for and one.only_for != other.only_for):
        return False
    if isinstance(other, RatedAt) and not isinstance(one, RatedAt):
        return False
    return LEVELS.index(_level(one)) >= LEVELS.index(_level(other))


def _key(override: Override) -> str:
    return "level" if isinstance(override, RatedAt) else "no_better_than"


def _level(override: Override) -> str:
    return override.level if isinstance(override, RatedAt) else override.no_better_than


RULES: tuple[Rule, ...] = (
    Rule(("levels",), _in_order),
    Rule(("levels",), _thresholds_fall),
    Rule(("levels", "points"), _points_exist),
    Rule(("levels", "measures"), _measures_exist),
    Rule(("levels", "criteria"), _grades_exist),
    Rule(("levels",), _can_be_met),
    Rule(("levels", "otherwise"), _bare_is_lowest),
    Rule(("levels", "otherwise", "cohorts"), _no_hole),
    Rule(("levels", "otherwise"), _otherwise_of_levels),
    Rule(("levels", "cohorts", "cycles"), _levels_of_somebody),
    Rule(("levels", "overrides"), _overrides),
)
