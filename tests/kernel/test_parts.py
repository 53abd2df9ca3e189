"""Parts of a page: in order, each code once, silent ones left out."""

from __future__ import annotations

import pytest

from aftersales.kernel.parts import Part, Parts, ShownPart


def test_parts_stand_in_their_order_and_silent_ones_are_left_out() -> None:
    parts = Parts()
    parts.register(Part("low", "low.html", lambda name: {"name": name}, 60))
    parts.register(Part("silent", "silent.html", lambda name: None, 10))
    parts.register(first := Part("high", "high.html", lambda name: {}, 20))
    parts.register(first)

    assert parts.shown("Ann") == [
        ShownPart("high", "high.html", {}),
        ShownPart("low", "low.html", {"name": "Ann"}),
    ]


def test_code_that_is_taken_is_refused() -> None:
    parts = Parts()
    parts.register(Part("one", "one.html", lambda: None))

    with pytest.raises(ValueError, match="part one is registered twice"):
        parts.register(Part("one", "other.html", lambda: None))
