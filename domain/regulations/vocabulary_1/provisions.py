"""Provisions: what a policy says, rule by rule, in Vietnamese sentences that an office can check.

A provision is told apart by its key, so that two revisions are compared rule by rule.
"""

from collections.abc import Iterator
from typing import NamedTuple

from domain.regulations.files.faults import Path
from domain.regulations.vocabulary_1 import rating_sentences as rating
from domain.regulations.vocabulary_1 import running_sentences as running
from domain.regulations.vocabulary_1.capping import Cap
from domain.regulations.vocabulary_1.organising import CYCLE_WORDS, Manifestations
from domain.regulations.vocabulary_1.policy import Policy
from domain.regulations.vocabulary_1.shapes import Shape, article
from domain.wording import day

Key = tuple[str, ...]


class Provision(NamedTuple):
    """One rule: where it stands in the file, what tells it apart, its content, its sentence."""

    path: Path
    key: Key
    content: object
    sentence: str


def provisions(policy: Policy) -> tuple[Provision, ...]:
    """Every rule of the policy, in the order in which they are applied."""
    return tuple(
        provision._replace(content=_plain(provision.content)) for provision in _all(policy)
    )


def _plain(content: object) -> object:
    if isinstance(content, tuple):
        return tuple(map(_plain, content))
    return content.model_dump(mode="json") if isinstance(content, Shape) else content


def _all(policy: Policy) -> Iterator[Provision]:
    yield _document(policy)
    yield from _who(policy)
    yield from _counting(policy)
    yield from _levels(policy)
    yield from _afterwards(policy)
    yield from _papers(policy)


def _document(policy: Policy) -> Provision:
    basis = policy.basis
    cited = (
        ""
        if basis is None
        else f"số {basis.number} ngày {day(basis.issued_on)} của {basis.issuing_body}"
    )
    kind = "văn bản mẫu, không phải quy định thật" if policy.sample else ""
    brackets = "; ".join(filter(None, (kind, cited)))
    document = f"{policy.title} ({brackets})" if brackets else policy.title
    content = basis and basis.model_dump_json()
    return Provision(
        ("title",),
        ("document",),
        (policy.title, policy.sample, policy.decided_by, policy.note, content),
        f"{document}: có hiệu lực từ {day(policy.effective_on)}, do {policy.decided_by} quyết "
        "định.",
    )


def _who(policy: Policy) -> Iterator[Provision]:
    for at, cohort in enumerate(policy.cohorts):
        yield Provision(("cohorts", at), ("cohort", cohort.name), cohort, running.of_cohort(cohort))
    for name, words in (("duty_groups", "Nhóm có nhiệm vụ tương đồng"), ("groups", "Nhóm khác")):
        if getattr(policy, name):
            listed = ", ".join(getattr(policy, name))
            yield Provision((name,), (name,), getattr(policy, name), f"{words}: {listed}.")
    if policy.cycles:
        listed = ", ".join(CYCLE_WORDS[cycle] for cycle in policy.cycles)
        yield Provision(("cycles",), ("cycles",), policy.cycles, f"Xếp loại {listed}.")
    for at, decider in enumerate(policy.deciders):
        yield Provision(
            ("deciders", at), ("decider", decider.matter), decider, running.of_decider(decider)
        )


def _counting(policy: Policy) -> Iterator[Provision]:
    for name, measure in policy.measures.items():
        yield Provision(
            ("measures", name), ("measure", name), measure, rating.of_measure(name, measure)
        )
    for at, part in enumerate(policy.points):
        yield Provision(("points", at), ("part", part.name), part, rating.of_part(part))
    if policy.points:
        place = "points" if policy.rounding is None else "rounding"
        sentence = rating.of_rounding(policy.rounding)
        yield Provision((place,), ("rounding",), policy.rounding, sentence)
    if policy.criteria is not None:
        sentence = rating.of_criteria(policy.criteria)
        yield Provision(("criteria",), ("criteria",), policy.criteria, sentence)


def _levels(policy: Policy) -> Iterator[Provision]:
    for at, level in enumerate(policy.levels):
        yield Provision(("levels", at), ("level", level.level), level, rating.of_level(level))
    if policy.levels:
        cited = article(policy.otherwise.article if policy.otherwise else None)
        sentence = f"Ai không đạt mức nào{cited}: do cơ quan quyết định, không tự rơi vào mức thấp."
        place = "otherwise" if policy.otherwise else "levels"
        yield Provision((place,), ("otherwise",), policy.otherwise, sentence)


def _afterwards(policy: Policy) -> Iterator[Provision]:
    for at, override in enumerate(policy.overrides):
        key = ("override", override.when, type(override).__name__, *override.only_for)
        yield Provision(("overrides", at), key, override, rating.of_override(override))
    for at, cap in enumerate(policy.caps):
        path: Path = ("cap",) if isinstance(policy.cap, Cap) else ("cap", at)
        key = ("cap", cap.level, *cap.within)
        yield Provision(path, key, cap, rating.of_cap(cap))


def _papers(policy: Policy) -> Iterator[Provision]:
    for at, duty in enumerate(policy.duties):
        key = ("duty", duty.paper, duty.each, str(duty.month or ""), *duty.only_for)
        yield Provision(("duties", at), key, duty, running.of_duty(duty))
    if policy.leavers is not None:
        sentence = running.of_leavers(policy.leavers)
        yield Provision(("leavers",), ("leavers",), policy.leavers, sentence)
    if policy.communes_per_official is not None:
        most = policy.communes_per_official
        sentence = f"Mỗi cán bộ theo dõi tối đa {most} xã; nhiều hơn phải có lý do."
        yield Provision(("communes_per_official",), ("communes",), most, sentence)
    if policy.leading_post_kinds:
        listed = ", ".join(policy.leading_post_kinds)
        sentence = f"Ngoài người đứng đầu, các loại chức danh được theo dõi xã: {listed}."
        place = "leading_post_kinds"
        yield Provision((place,), (place,), policy.leading_post_kinds, sentence)
    if policy.cell_meetings is not None:
        sentence = running.of_cell_meetings(policy.cell_meetings)
        yield Provision(("cell_meetings",), ("cell_meetings",), policy.cell_meetings, sentence)
    if policy.manifestations is not None:
        yield from _manifestations(policy.manifestations)


def _manifestations(catalogue: Manifestations) -> Iterator[Provision]:
    yield Provision(
        ("manifestations",),
        ("manifestations",),
        (catalogue.counted, catalogue.article),
        f"Văn bản nêu {catalogue.counted} biểu hiện{article(catalogue.article)}; tệp này liệt kê "
        f"{len(catalogue.listed)}. Biểu hiện là gợi ý để soi, không phải vi phạm.",
    )
    for at, one in enumerate(catalogue.listed):
        yield Provision(
            ("manifestations", "listed", at),
            ("manifestation", one.code),
            one.text,
            f"Biểu hiện {one.code}: {one.text}",
        )
