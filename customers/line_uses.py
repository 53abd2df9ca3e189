"""What ties an article of an order down: upper apps register theirs from ``AppConfig.ready()``.

A line of which pieces come back, or came back, cannot become fewer pieces or another article.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

Count = Callable[[Collection[int]], Mapping[int, int]]

_counts: dict[str, Count] = {}


def register(code: str, count: Count) -> None:
    """``count`` tells of order lines, by key, how many pieces are spoken for."""
    if _counts.setdefault(code, count) != count:
        raise ValueError(f"use of order lines {code} is registered twice")


def pieces_in_use(line_ids: Collection[int]) -> dict[int, int]:
    """Line → pieces; the caller holds the lines' locks."""
    used = dict.fromkeys(line_ids, 0)
    for count in _counts.values():
        told = count(line_ids)
        for line_id in used:
            used[line_id] += told.get(line_id, 0)
    return used
