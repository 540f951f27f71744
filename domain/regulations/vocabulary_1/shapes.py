"""Shapes: what every part of a regulation's file shares: names, articles, the words of choices."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import Field, StrictStr

from domain.values import Line, Misstated, Value

# Marks the tag of a branch of a union: no key of a file begins so.
BRANCH = "·"

Name: TypeAlias = Annotated[StrictStr, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Article: TypeAlias = Annotated[Line, Field(max_length=40)]
# A list of cohorts or other names.
Names: TypeAlias = Annotated[tuple[Name, ...], Field(max_length=100)]
LevelName: TypeAlias = Literal["EXCELLENT", "GOOD", "COMPLETED", "NOT_COMPLETED"]
LEVELS: tuple[LevelName, ...] = ("EXCELLENT", "GOOD", "COMPLETED", "NOT_COMPLETED")
LEVEL_WORDS: Mapping[str, str] = {
    "EXCELLENT": "hoàn thành xuất sắc nhiệm vụ",
    "GOOD": "hoàn thành tốt nhiệm vụ",
    "COMPLETED": "hoàn thành nhiệm vụ",
    "NOT_COMPLETED": "không hoàn thành nhiệm vụ",
}
Giver: TypeAlias = Literal["council", "deciding_body", "head", "unit_result"]
GIVER_WORDS: Mapping[str, str] = {
    "council": "hội đồng tư vấn",
    "deciding_body": "cơ quan quyết định",
    "head": "người đứng đầu",
    "unit_result": "kết quả của đơn vị",
}
Condition: TypeAlias = Literal[
    "disciplined",
    "degraded",
    "unit_corruption",
    "unit_waste",
    "unit_not_completed",
    "unit_not_good",
    "unit_not_excellent",
    "member_disciplined",
    "member_not_completed",
]
CONDITION_WORDS: Mapping[str, str] = {
    "disciplined": "bị kỷ luật từ khiển trách trở lên",
    "degraded": "suy thoái về tư tưởng chính trị, đạo đức, lối sống",
    "unit_corruption": "đơn vị để xảy ra tham nhũng",
    "unit_waste": "đơn vị để xảy ra lãng phí",
    "unit_not_completed": "đơn vị không hoàn thành nhiệm vụ",
    "unit_not_good": "đơn vị không được xếp từ hoàn thành tốt trở lên",
    "unit_not_excellent": "đơn vị không được xếp hoàn thành xuất sắc",
    "member_disciplined": "có người trong tập thể lãnh đạo hoặc cấp dưới bị kỷ luật",
    "member_not_completed": "có người trong đơn vị không hoàn thành nhiệm vụ",
}


class Shape(Value):
    """A part of a regulation's file; what it does not know is refused.

    UNIT is what its numbers are counted in; empty where it has none.
    """

    UNIT: ClassVar[str] = ""


class Decision(Shape):
    """What the body decides itself."""

    by: Literal["decision"]
    article: Article | None = None


def branch(otherwise: str, **keys: str) -> Callable[[Any], str]:
    """Tell the branch of a union by the key that only it has.

    Args:
        otherwise: the branch of what has none of the keys.
        keys: the branch by the key.
    """

    def tell(value: Any) -> str:  # noqa: ANN401  what stands in the file, or a shape
        for key, name in keys.items():
            if (isinstance(value, dict) and key in value) or hasattr(value, key):
                return BRANCH + name
        return BRANCH + otherwise

    return tell


def require_one(value: Shape, *names: str) -> None:
    """Pass if exactly one of these is given.

    Raises:
        Misstated: none is, or several are.
    """
    if sum(getattr(value, name) is not None for name in names) != 1:
        listed = ", ".join(names)
        raise Misstated(f"give exactly one of {listed}", f"cần nêu đúng một trong: {listed}")


def article(cited: str | None) -> str:
    """The article in brackets, as sentences cite it."""
    return "" if cited is None else f" (Điều {cited})"
