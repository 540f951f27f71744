"""What every context shares: a command's parameters, and old versions of events."""

from collections.abc import Mapping
from types import new_class
from typing import Any, ClassVar, TypeVar

import pytest

from domain.kernel import Command, Event, EventTypeUnknown, Parameters, Raw, Upcaster

Params = TypeVar("Params", bound=Parameters)


class Wish(Parameters):
    wish: str


class Shared(Command[Params]):
    """What several commands share."""


def test_a_command_takes_the_parameters_that_its_generic_base_names() -> None:
    class MakeWish(Shared[Wish]):
        pass

    class MakeWishAgain(MakeWish):
        pass

    assert MakeWish.PARAMETERS is MakeWishAgain.PARAMETERS is Wish
    assert not hasattr(Shared, "PARAMETERS")


@pytest.mark.parametrize("base", [Shared, Shared[Any]])
def test_a_command_that_names_no_parameters_is_not_defined(base: Any) -> None:
    with pytest.raises(TypeError, match="MakeWish names no parameters"):
        new_class("MakeWish", (base,))


def _renamed(raw: Raw) -> Raw:
    return {"granted": raw["done"]}


def _negated(raw: Raw) -> Raw:
    return {"open": not raw["granted"]}


class Granted(Event):
    VERSION: ClassVar[int] = 3
    UPCASTERS: ClassVar[Mapping[int, Upcaster]] = {1: _renamed, 2: _negated}
    TYPE: ClassVar[str] = "test.wish_granted"

    open: bool


@pytest.mark.parametrize(
    ("version", "raw"), [(1, {"done": True}), (2, {"granted": True}), (3, {"open": False})]
)
def test_the_data_of_every_version_becomes_that_of_the_current_one(version: int, raw: Raw) -> None:
    assert Granted.upcast(version, raw) == {"open": False}


def test_a_version_of_the_future_is_not_read() -> None:
    with pytest.raises(EventTypeUnknown, match=r"test\.wish_granted version 4"):
        Granted.upcast(4, {})
