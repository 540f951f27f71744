"""Meaning: what the parts of a policy must mean together: names exist, points sum to 100."""

from collections import Counter
from collections.abc import Iterator

from domain.regulations.files.checking import Parts, Rule, Told
from domain.regulations.files.faults import Path
from domain.regulations.vocabulary_1.amounts import plain
from domain.regulations.vocabulary_1.capping import Cap
from domain.regulations.vocabulary_1.levels_meaning import RULES as OF_LEVELS
from domain.regulations.vocabulary_1.names import repeated, unknown

FULL_POINTS = 100
CONTENT = (
    "measures",
    "points",
    "criteria",
    "levels",
    "cap",
    "duties",
    "leavers",
    "communes_per_official",
    "cell_meetings",
    "manifestations",
)


def _content(parts: Parts) -> Iterator[Told]:
    if not any(parts[name] for name in CONTENT):
        yield Told((), "quy định chưa có nội dung nào", "the regulation has no content")


def _document_cited(parts: Parts) -> Iterator[Told]:
    if parts["basis"] is None:
        yield Told(("basis",), "còn thiếu mục này", "Field required")


def _leading_posts(parts: Parts) -> Iterator[Told]:
    if parts["leading_post_kinds"] and parts["communes_per_official"] is None:
        yield Told(
            ("leading_post_kinds",),
            "leading_post_kinds chỉ dùng khi có communes_per_official",
            "leading_post_kinds is for communes_per_official only",
        )


def _points_sum(parts: Parts) -> Iterator[Told]:
    total = sum(part.most for part in parts["points"])
    if parts["points"] and total != FULL_POINTS:
        yield Told(
            ("points",),
            f"tổng điểm tối đa phải là 100 (hiện là {plain(total)})",
            f"the most points must sum to 100 (now {plain(total)})",
        )


def _parts_named_once(parts: Parts) -> Iterator[Told]:
    names = (part.name for part in parts["points"])
    yield from repeated("points", names, ("phần điểm", "the part"))


def _measures_averaged(parts: Parts) -> Iterator[Told]:
    for at, part in enumerate(parts["points"]):
        if part.mean_of == ():
            yield Told(("points", at, "mean_of"), "cần ít nhất một phép đo", "needs a measure")
        for index, name in enumerate(part.mean_of or ()):
            if name not in parts["measures"]:
                path = ("points", at, "mean_of", index)
                yield unknown(path, name, parts["measures"], ("phép đo", "measure"))


def _rounding(parts: Parts) -> Iterator[Told]:
    if parts["rounding"] is not None and not parts["points"]:
        yield Told(("rounding",), "rounding chỉ dùng khi có points", "rounding is for points only")


def _measures_count_something(parts: Parts) -> Iterator[Told]:
    for name, measure in parts["measures"].items():
        if measure.count == measure.of and measure.minus is None:
            yield Told(
                ("measures", name),
                "count và of giống nhau: luôn bằng 100%",
                "count and of are the same: it is always 100%",
            )
        excused = measure.per is not None or measure.count in {"accepted", "in_time", "late"}
        if measure.unless is not None and not excused:
            yield Told(
                ("measures", name, "unless"),
                "unless không có tác dụng với count này",
                "unless has no effect on this count",
            )


def _measures_used(parts: Parts) -> Iterator[Told]:
    used = {name for part in parts["points"] for name in part.mean_of or ()}
    for level in parts["levels"]:
        for requirement in level.require:
            used |= {getattr(requirement, "measure", ""), getattr(requirement, "above", "")}
    for name in parts["measures"]:
        if name not in used:
            yield Told(
                ("measures", name),
                "phép đo này chưa được dùng",
                "this measure is not used",
                "advice",
            )


def _criteria(parts: Parts) -> Iterator[Told]:
    criteria = parts["criteria"]
    if criteria is None:
        return
    if parts["points"]:
        yield Told(
            ("criteria",),
            "chỉ nêu một trong hai: points hoặc criteria",
            "give points or criteria, not both",
        )
    if len(set(criteria.grades)) != len(criteria.grades) or len(criteria.grades) < 2:  # noqa: PLR2004  one grade is no choice
        yield Told(
            ("criteria", "grades"),
            "cần ít nhất hai mức khác nhau, mức tốt nhất đứng đầu",
            "needs two different grades at least, the best first",
        )
    names = [criterion.name for criterion in criteria.of]
    if not names or len(set(names)) != len(names):
        yield Told(
            ("criteria", "of"),
            "cần ít nhất một tiêu chí, mỗi tên một lần",
            "needs a criterion at least, each name once",
        )


def _caps(parts: Parts) -> Iterator[Told]:
    caps = (parts["cap"],) if isinstance(parts["cap"], Cap) else parts["cap"] or ()
    levels = [level.level for level in parts["levels"]]
    for at, cap in enumerate(caps):
        path: Path = ("cap",) if isinstance(parts["cap"], Cap) else ("cap", at)
        if levels and cap.level not in levels:
            yield unknown((*path, "level"), cap.level, levels, ("mức", "level"))
        if cap.of == "rated_good" and cap.level != "EXCELLENT":
            yield Told(
                (*path, "of"),
                "rated_good chỉ dùng cho mức EXCELLENT",
                "rated_good is for the level EXCELLENT only",
            )
        if cap.share_among is not None and cap.share_among not in parts["groups"]:
            yield unknown(
                (*path, "share_among"), cap.share_among, parts["groups"], ("nhóm", "group")
            )
        if not cap.within:
            yield Told((*path, "within"), "cần ít nhất một cách chia nhóm", "needs a grouping")
    if not isinstance(parts["cap"], Cap):
        keys = ((cap.level, *cap.within) for cap in caps)
        yield from repeated("cap", keys, ("tỷ lệ tối đa cho", "the cap on"))


def _duties(parts: Parts) -> Iterator[Told]:
    keys = ((duty.paper, duty.each, duty.month or "", *duty.only_for) for duty in parts["duties"])
    yield from repeated("duties", keys, ("giấy tờ đến hạn", "the duty"))


def _cohorts_known(parts: Parts) -> Iterator[Told]:
    known = [cohort.name for cohort in parts["cohorts"]]
    yield from repeated("cohorts", known, ("nhóm đối tượng", "the cohort"))
    places = [
        *((("duties", at), duty) for at, duty in enumerate(parts["duties"])),
        *((("overrides", at), override) for at, override in enumerate(parts["overrides"])),
        *(
            (("levels", at, "require", index), requirement)
            for at, level in enumerate(parts["levels"])
            for index, requirement in enumerate(level.require)
        ),
    ]
    for path, limited in places:
        for index, name in enumerate(limited.only_for):
            if name not in known:
                yield unknown((*path, "only_for", index), name, known, ("nhóm đối tượng", "cohort"))


def _named_once(parts: Parts) -> Iterator[Told]:
    yield from repeated("cycles", parts["cycles"], ("chu kỳ", "the cycle"))
    yield from repeated("duty_groups", parts["duty_groups"], ("nhóm nhiệm vụ", "the duty group"))
    yield from repeated("groups", parts["groups"], ("nhóm", "the group"))
    matters = (decider.matter for decider in parts["deciders"])
    yield from repeated("deciders", matters, ("thẩm quyền", "the matter"))


def _manifestations(parts: Parts) -> Iterator[Told]:
    catalogue = parts["manifestations"]
    if catalogue is None:
        return
    codes = Counter(one.code for one in catalogue.listed)
    for at, one in enumerate(catalogue.listed):
        if codes[one.code] > 1:
            yield Told(
                ("manifestations", "listed", at, "code"),
                f"số «{one.code}» được nêu nhiều lần",
                f"code `{one.code}` is given more than once",
            )
    listed = len(catalogue.listed)
    if listed != catalogue.counted:
        yield Told(
            ("manifestations", "counted"),
            f"văn bản nêu {catalogue.counted} biểu hiện, tệp liệt kê {listed}",
            f"the document counts {catalogue.counted} manifestations, the file lists {listed}",
            "fault" if listed > catalogue.counted else "advice",
        )


RULES: tuple[Rule, ...] = (
    Rule(CONTENT, _content),
    Rule(("basis",), _document_cited),
    Rule(("leading_post_kinds", "communes_per_official"), _leading_posts),
    Rule(("points",), _points_sum),
    Rule(("points",), _parts_named_once),
    Rule(("points", "measures"), _measures_averaged),
    Rule(("points", "rounding"), _rounding),
    Rule(("measures",), _measures_count_something),
    Rule(("measures", "points", "levels"), _measures_used),
    Rule(("criteria", "points"), _criteria),
    Rule(("cap", "levels", "groups"), _caps),
    Rule(("duties",), _duties),
    Rule(("cohorts", "duties", "overrides", "levels"), _cohorts_known),
    Rule(("cycles", "duty_groups", "groups", "deciders"), _named_once),
    Rule(("manifestations",), _manifestations),
    *OF_LEVELS,
)
