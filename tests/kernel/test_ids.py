"""Identifiers that follow time."""

from __future__ import annotations

from uuid import RFC_4122

import time_machine

from aftersales.kernel.ids import ordered_uuid


def test_ids_are_version_7_unique_and_in_the_order_of_time() -> None:
    with time_machine.travel(0, tick=False) as clock:
        made = []
        for _ in range(50):
            made.append(ordered_uuid())
            clock.shift(0.001)

    assert {(one.version, one.variant) for one in made} == {(7, RFC_4122)}
    assert made == sorted(made)
    assert len({str(one)[14:] for one in made}) == 50
    assert [one.int >> 80 for one in made] == list(range(50))
