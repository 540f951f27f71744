"""Rating sentences: how products are counted, and what level that leads to, in Vietnamese."""

from collections.abc import Iterator, Mapping

from domain.regulations.vocabulary_1.amounts import percent, plain
from domain.regulations.vocabulary_1.capping import (
    DENOMINATOR_WORDS,
    GROUPING_WORDS,
    Cap,
    allowed,
)
from domain.regulations.vocabulary_1.levelling import (
    ExcessRequired,
    FactExcluded,
    GradeRequired,
    Level,
    Limited,
    MeasureRequired,
    Override,
    RatedAt,
    Requirement,
)
from domain.regulations.vocabulary_1.measuring import (
    COUNTED_WORDS,
    OCCURRENCE_WORDS,
    Criteria,
    Measure,
    Part,
    Rounding,
)
from domain.regulations.vocabulary_1.shapes import (
    CONDITION_WORDS,
    GIVER_WORDS,
    LEVEL_WORDS,
    article,
)

MODE_WORDS: Mapping[str, str] = {
    "half_up": "nửa thì lên",
    "half_even": "nửa thì về số chẵn",
    "down": "bỏ phần lẻ",
    "up": "luôn lên",
}
FRACTION_WORDS: Mapping[str, str] = {
    "down": "phần lẻ bỏ đi",
    "up": "phần lẻ tính là một người",
    "half_up": "phần lẻ từ một nửa tính là một người",
}
BOUND_WORDS: Mapping[str, str] = {
    "at_least": "ít nhất",
    "at_most": "không quá",
    "more_than": "trên",
    "less_than": "dưới",
}
EXAMPLE = 141


def of_measure(name: str, measure: Measure) -> str:
    """How the measure is counted."""
    weighted = ", tính theo hệ số quy đổi" if measure.weighted_by else ""
    titled = f" ({measure.title})" if measure.title else ""
    counted = "completed" if measure.is_lenient else measure.count
    sentence = (
        f"Phép đo {name}{titled}{article(measure.article)}: tỷ lệ sản phẩm "
        f"{COUNTED_WORDS[counted]} trên sản phẩm {COUNTED_WORDS[measure.of]}{weighted}"
    )
    excused = "nguyên nhân khách quan được xác nhận"
    if measure.minus is not None and measure.per is not None:
        sentence += (
            f"; mỗi {OCCURRENCE_WORDS[measure.per]} trừ {percent(measure.minus)} của chính sản "
            "phẩm đó, không quá toàn bộ"
        )
        if measure.unless:
            sentence += f", trừ khi có {excused}"
    elif measure.unless:
        sentence += f"; có {excused} thì không coi là lỗi"
    return f"{sentence}. Đơn vị: %."


def of_part(part: Part) -> str:
    """Where the points of the part come from."""
    if part.mean_of is None:
        source = f"do {GIVER_WORDS[str(part.given_by)]} chấm"
        if part.given_by == "unit_result":
            source = "theo kết quả của đơn vị"
    else:
        source = f"bằng {plain(part.most)} nhân trung bình cộng của {', '.join(part.mean_of)}"
    titled = f" ({part.title})" if part.title else ""
    sentence = (
        f"Phần điểm {part.name}{titled}{article(part.article)}: tối đa {plain(part.most)} điểm, "
        f"{source}"
    )
    if part.reduced is not None:
        sentence += (
            f"; chỉ tính {percent(part.reduced.to)} khi {CONDITION_WORDS[part.reduced.when]}"
            f"{article(part.reduced.article)}"
        )
    return f"{sentence}."


def of_rounding(rounding: Rounding | None) -> str:
    """How the total is rounded, if it is, and what thresholds see."""
    if rounding is None:
        return "Tổng điểm không làm tròn."
    seen = "đã làm tròn" if rounding.compare == "rounded" else "chưa làm tròn"
    return (
        f"Tổng điểm làm tròn một lần đến {rounding.to}, {MODE_WORDS[rounding.mode]}"
        f"{article(rounding.article)}; ngưỡng so với điểm {seen}."
    )


def of_criteria(criteria: Criteria) -> str:
    """Which criteria get which grades instead of points."""
    listed = "; ".join(f"{one.title}{article(one.article)}" for one in criteria.of)
    return (
        f"Không chấm điểm{article(criteria.article)}: mỗi tiêu chí được xếp một trong các mức "
        f"{', '.join(criteria.grades)} (tốt nhất đứng đầu), do {GIVER_WORDS[criteria.graded_by]} "
        f"xếp. Tiêu chí: {listed}."
    )


def of_level(level: Level) -> str:
    """What leads to the level."""
    name = f"{LEVEL_WORDS[level.level].capitalize()} ({level.level}){article(level.article)}"
    if level.is_bare:
        return f"{name}: không có điều kiện nên không tự xếp ai vào; chỉ cơ quan quyết định."
    return f"{name}: {'; '.join(_conditions(level))}."


def _conditions(level: Level) -> Iterator[str]:
    if level.points is not None:
        yield f"từ {plain(level.points)} điểm"
    if level.below is not None:
        yield f"dưới {plain(level.below)} điểm"
    yield from map(of_requirement, level.require)


def of_requirement(requirement: Requirement) -> str:
    """What else a level requires."""
    match requirement:
        case MeasureRequired():
            ((name, bound),) = bounds(requirement)
            whose = " của đơn vị" if requirement.taken_of == "unit" else ""
            words = f"{requirement.measure}{whose} {BOUND_WORDS[name]} {bound}"
        case ExcessRequired():
            shown = plain(requirement.by.amount * 100)
            pp, of_it = f"{shown} điểm phần trăm", f"{shown}% của {requirement.above}"
            by = pp if requirement.by.of == "pp" else of_it
            words = f"{requirement.measure} cao hơn {requirement.above} ít nhất {by}"
        case FactExcluded():
            words = f"không có việc: {CONDITION_WORDS[requirement.without]}"
        case GradeRequired():
            words = (
                f"ít nhất {percent(requirement.share)} tiêu chí đạt mức {requirement.graded} "
                "trở lên"
            )
    return words + _only_for(requirement)


def bounds(requirement: MeasureRequired) -> list[tuple[str, str]]:
    """The bound that is given, by its name."""
    return [
        (name, percent(bound))
        for name in BOUND_WORDS
        if (bound := getattr(requirement, name)) is not None
    ]


def _only_for(limited: Limited) -> str:
    return f" (chỉ với {', '.join(limited.only_for)})" if limited.only_for else ""


def of_override(override: Override) -> str:
    """What the condition does to the level."""
    beginning = (
        f"Khi {CONDITION_WORDS[override.when]}{_only_for(override)}{article(override.article)}: "
    )
    if isinstance(override, RatedAt):
        return f"{beginning}xếp {LEVEL_WORDS[override.level]}, không bao giờ nâng mức."
    return f"{beginning}không xếp cao hơn {LEVEL_WORDS[override.no_better_than]}."


def of_cap(cap: Cap) -> str:
    """How many may have the level, with an example."""
    groups = " và ".join(GROUPING_WORDS[one] for one in cap.within)
    share = f"tỷ lệ của nhóm {cap.share_among}" if cap.at_most is None else percent(cap.at_most)
    sentence = (
        f"Trong mỗi {groups}{article(cap.article)}: số người được xếp {LEVEL_WORDS[cap.level]} "
        f"không quá {share} tính trên {DENOMINATOR_WORDS[cap.of]}; {FRACTION_WORDS[cap.fraction]}"
    )
    if cap.exception is not None:
        sentence += f"; chỉ được vượt khi cơ quan quyết định{article(cap.exception.article)}"
    if cap.at_most is not None:
        most, _ = allowed(cap, good_or_better=EXAMPLE, rated=EXAMPLE, share=cap.at_most)
        sentence += f". Ví dụ {EXAMPLE} người từ hoàn thành tốt trở lên: tối đa {most} người"
    return f"{sentence}."
