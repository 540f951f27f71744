"""Garbage is looked for more seldom while somebody asks for it, and as usual afterwards."""

import gc

from service.garbage import seldom_collected


def test_it_is_as_usual_again_whoever_is_done_last() -> None:
    usual = gc.get_threshold()
    young, *older = usual
    one, other = seldom_collected(young + 100), seldom_collected(young + 200)
    with one:
        assert gc.get_threshold() == (young + 100, *older)
        other.__enter__()
        assert gc.get_threshold() == (young + 200, *older)
    assert gc.get_threshold() == (young + 200, *older)
    other.__exit__(None, None, None)
    assert gc.get_threshold() == usual


def test_nobody_makes_it_more_frequent() -> None:
    usual = gc.get_threshold()
    with seldom_collected(1):
        assert gc.get_threshold() == usual
